"""Pages answered with 200 that say that there is no such page, or show another in its place.

Read off the page itself: its headline or title says so, it names the newsroom or the site's front
page as its own address, or it is a list of other releases.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from scraper import urls
from scraper.markup.tree import attribute, inline_text
from scraper.text import search_key

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from scraper.sites import Site

_MAX_CHARACTERS = 300
_LEAST_OTHERS = 8
_MOST = 1_000
_SLUG_WORD = re.compile(r"[a-z]{4,}")
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


def list_of_others(tree: LexborHTMLParser, site: Site, url: str) -> str | None:
    """That a page which cannot be read as a release is a list of others; None if it is not.

    Args:
        tree: the page.
        site: whose page.
        url: where it was fetched.
    """
    return "shows a list of other releases" if _is_list_of_others(tree, site, url) else None


def _is_list_of_others(tree: LexborHTMLParser, site: Site, url: str) -> bool:
    """Whether a page links to many releases and is none: nothing of it names or tells this one."""
    slug = urls.path(url).rstrip("/").rpartition("/")[2].partition(".")[0]
    words = set(_SLUG_WORD.findall(search_key(unquote(slug))))
    if not words or any(_names(node, words) for node in tree.css("title, h1, h2, h3")[:_MOST]):
        return False
    links = (attribute(node, "href") for node in tree.css("main a[href]")[:_MOST])
    found = {site.article_url(link, url) for link in links if link} - {None}
    return len(found) >= _LEAST_OTHERS and site.article_url(url) not in found


def _names(heading: LexborNode, words: set[str]) -> bool:
    """Whether a headline has half of the words in an address."""
    text = search_key(inline_text(heading)[:_MAX_CHARACTERS])
    return 2 * sum(word in text for word in words) >= len(words)


def _is_overview(url: str, site: Site) -> bool:
    """Whether an address is the site's front page, its newsroom, or a folder of releases."""
    path = urls.path(url).rstrip("/") + "/"
    overviews = {"/", site.newsroom_path.rstrip("/") + "/"}
    return path in overviews or path in {section.rstrip("/") + "/" for section in site.sections}
