"""Pages answered with 200 that say that there is no such page, or show another in its place.

Read off the page itself: its headline or title says so, or it names the newsroom or the site's
front page as its own address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper import urls
from scraper.markup.tree import attribute, inline_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from scraper.sites import Site

_MAX_CHARACTERS = 300
_ADDRESSES = (("link[rel=canonical]", "href"), ('meta[property="og:url"]', "content"))
_NOT_FOUND = re.compile(
    r"(?:(?:fehler|error|status|http)\W{0,3})?404\b"
    r"|(?:die |diese |das |dieser |der |the |this )?"
    r"(?:angeforderte |gewünschte |gesuchte |aufgerufene |requested )?"
    r"(?:web|internet)?(?:seite|inhalt|artikel|meldung|pressemitteilung|dokument|page|document)"
    r"(?: (?:wurde|konnte|kann|ist|leider|was|could|cannot|does|is|has|be|been)){0,3}"
    r" (?:nicht (?:mehr )?(?:gefunden|vorhanden|verfügbar|auffindbar|erreichbar)|existiert nicht"
    r"|not (?:be )?found|not exist|no longer available|gelöscht|entfernt)\b",
    re.I,
)


def not_found_words(tree: LexborHTMLParser) -> str | None:
    """The words in which a page says that there is no such page; None if it does not."""
    for selector in ("h1", "title", "main h2"):
        node = tree.css_first(selector)
        words = inline_text(node)[:_MAX_CHARACTERS] if node is not None else ""
        if words and _NOT_FOUND.match(words):
            return f"shows “{words[:80]}”"
    return None


def overview(tree: LexborHTMLParser, site: Site, url: str) -> str | None:
    """Which overview a page says it is, in place of a release; None if it does not.

    Releases may carry such an address by mistake, so this alone proves nothing of a page that reads
    like one.

    Args:
        tree: the page.
        site: whose page.
        url: where it was fetched.
    """
    own = site.canonical(url)
    for selector, name in _ADDRESSES if site.trusts_canonical else ():
        node = tree.css_first(selector)
        stated = attribute(node, name) if node is not None else None
        target = site.canonical(stated, url) if stated else None
        if target and target != own and _is_overview(target, site):
            return f"shows the page of {target}"
    return None


def _is_overview(url: str, site: Site) -> bool:
    """Whether an address is the site's front page, its newsroom, or a folder of releases."""
    path = urls.path(url).rstrip("/") + "/"
    overviews = {"/", site.newsroom_path.rstrip("/") + "/"}
    return path in overviews or path in {section.rstrip("/") + "/" for section in site.sections}
