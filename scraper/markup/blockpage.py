"""Block pages: what a site shows instead of a page when it turns a visitor away.

They come with status 200, at the address of a release, in the house's own colours, and often with a
headline. Words alone prove nothing, for a city also writes about captchas and about works on its
website. So a page is only judged if it has nothing that marks a release or a listing of this site:
no date, no content id, no structured data of an article, no tags, no teasers. Then markup of a
known gatekeeper is enough; a headline in the words of one counts if there is hardly any other text.

The markup and the headlines were collected from what the makers document and show in public
(Cloudflare, Akamai, Imperva, Myra, Link11, F5, DataDome, HUMAN, AWS WAF, hCaptcha, reCAPTCHA,
Turnstile, Friendly Captcha), and from the maintenance pages of common content management systems.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.errors import ParseError
from scraper.markup.tree import SILENT, attribute, inline_text, parse_html, script_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from scraper.records import Capture
    from scraper.sites import Site

_CLOUDFLARE, _IMPERVA = "a challenge by Cloudflare", "a challenge by Imperva"
_LOGIN = "a form to log in"
PLAIN_REFUSAL = "a refusal"
"""What servers show of their own accord with 403: it may be meant for one page alone."""
# Selectors, in this order: a challenge of Cloudflare may hold a captcha, and a captcha a form.
_MARKUP = {
    _CLOUDFLARE: (
        "#challenge-form",
        "#challenge-running",
        "#challenge-error-text",
        "#cf-wrapper",
        "#cf-error-details",
        ".cf-browser-verification",
        ".cf-turnstile",
        "script[src*='/cdn-cgi/challenge-platform/']",
    ),
    _IMPERVA: ("iframe[src*=_Incapsula_]", "script[src*=_Incapsula_]"),
    "a challenge by DataDome": ("script[src*='captcha-delivery.com']",),
    "a challenge by HUMAN": ("#px-captcha",),
    "a challenge by AWS": ("script[src*='awswaf.com']",),
    "a captcha": (
        ".h-captcha",
        ".g-recaptcha",
        ".frc-captcha",
        "altcha-widget",
        "script[src*='hcaptcha.com']",
        "iframe[src*='hcaptcha.com']",
        "script[src*='/recaptcha/']",
        "iframe[src*='/recaptcha/']",
    ),
    _LOGIN: ("input[type=password]",),
}
# Regular expressions over the text of scripts.
_SCRIPTS = {
    _CLOUDFLARE: (r"_cf_chl_opt", r"/cdn-cgi/challenge-platform/"),
    _IMPERVA: (r"_Incapsula_Resource",),
    "a challenge by AWS": (r"\bgokuProps\b", r"awsWafCookieDomainList"),
}
_OUR_SITE = r"(?:website|webseite|seite|portal|angebot|auftritt)\w{0,40}"
# Regular expressions over each heading, and over all that is shown. `\A(?>.*?one).*other` is
# `one.*other` in linear time: behind the first `one` the other is looked for once.
_WORDS = {
    _CLOUDFLARE: (
        r"^just a moment",
        r"\A(?>.*?attention required).*cloudflare",
        r"checking your browser before",
    ),
    "a refusal by Akamai": (r"\A(?>.*?access denied).*reference #", r"errors\.edgesuite\.net"),
    _IMPERVA: (r"incapsula incident", r"\A(?>.*?imperva).*incident id", r"pardon our interruption"),
    "a refusal by a firewall": (
        r"\A(?>.*?requested url was rejected).*support id",
        r"web application firewall",
    ),
    "a test for robots": (
        r"kein(?:e[nm]?)? (?:ro)?bot",
        r"(?:bist du|sind sie) ein mensch",
        r"ein mensch (?:bist|sind)",
        r"not a (?:ro)?bot",
        r"(?:are|you're) (?:you )?(?:a )?human",
        r"verify (?:that )?you",
        r"unusual traffic",
        r"ungewöhnliche\w{0,2} (?:datenverkehr|zugriff|aktivit)",
        r"browser wird (?:gerade )?(?:über)?prüft",
        r"sicherheits(?:über)?prüfung",
        r"ddos[- ](?:schutz|protection)",
        r"captcha",
    ),
    PLAIN_REFUSAL: (
        r"^(?:403 )?forbidden",
        r"^access (?:to \S+ )?denied",
        r"^zugriff (?:wurde )?(?:verweigert|gesperrt|blockiert)",
        r"^too many requests",
        r"^zu viele anfragen",
        r"^(?:you have been|sie wurden) (?:blocked|gesperrt)",
    ),
    "a notice of maintenance": (
        r"^wartungs(?:arbeiten|modus|seite)\W*$",
        rf"{_OUR_SITE} .{{0,60}}(?:gewartet|wartung|nicht (?:erreich|verfüg)bar)",
        r"wartungsarbeiten an (?:\w{1,40} )?(?:website|webseite|internet|server|portal|system)",
        r"under maintenance",
        r"service unavailable",
    ),
    _LOGIN: (r"^(?:anmeld(?:en|ung)|login|log in|sign in|einloggen)\b",),
    "a demand for JavaScript": (r"(?:enable|requires?|aktivieren sie|benötigt) javascript",),
}
_ARTICLE_DATA = re.compile(r'"@type"\s*+:\s*+(?:\[\s*+)?"\w*Article"')
_FEW_CHARACTERS = 2_500
_HARDLY_ANY = 160
_MOST_HEADINGS = 200
_STARTS_OVER = re.compile(r"location|\.cookie|\.submit\(|fetch\(|XMLHttpRequest|eval\(|atob\(")


def block_reason(tree: LexborHTMLParser, site: Site, url: str) -> str | None:
    """What kind of block page a page is, such as "a captcha"; None if it is none.

    Args:
        tree: the page, with all its scripts.
        site: whose page it should be; whatever marks a release or listing of it acquits.
        url: where the page was fetched.
    """
    if has_landmark(tree, site):
        return None
    for kind, selectors in _MARKUP.items():
        if tree.css_first(", ".join(selectors)) is not None:
            return kind
    scripts = "\n".join(map(script_text, tree.css("script")))
    challenge = _kind_of([scripts], _SCRIPTS)
    if challenge:
        return challenge
    stated = attribute(tree.css_first("link[rel=canonical]"), "href")
    if stated and site.article_url(stated, url):
        return None  # no gatekeeper knows which release it hides
    shown = _shown(tree)
    if len(shown) > _FEW_CHARACTERS or _has_header_line(shown, site):
        return None
    notice = _kind_of([*_headings(tree), shown], _WORDS)
    if notice:
        return notice
    if len(shown) < _HARDLY_ANY and _STARTS_OVER.search(scripts):
        return "an empty page with a script that wants to run first"
    return None


def recognise(capture: Capture, site: Site) -> str | None:
    """The same for an answer that should have been something else: rules, a sitemap, JSON."""
    if not capture.body[:200].lstrip().startswith(b"<") or b"<?xml" in capture.body[:200]:
        return None
    try:
        return block_reason(parse_html(capture, whole=True), site, capture.url)
    except ParseError:
        return None


def _kind_of(texts: list[str], kinds: dict[str, tuple[str, ...]]) -> str | None:
    for kind, patterns in kinds.items():
        pattern = re.compile("|".join(patterns), re.I | re.S)
        if any(pattern.search(text) for text in texts):
            return kind
    return None


def has_landmark(tree: LexborHTMLParser, site: Site) -> bool:
    """Whether something on a page marks it as a release or a listing of the site."""
    # One by one, since most pages have the first of them.
    for layout in site.layouts:
        if any(tree.css_first(mark) is not None for mark in layout.landmarks):
            return True
    return any(
        _ARTICLE_DATA.search(script_text(node))
        for node in tree.css('script[type="application/ld+json"]')
    )


def _headings(tree: LexborHTMLParser) -> list[str]:
    """The page's title and its headings; as much of them as is judged of what is shown."""
    found: list[str] = []
    size = 0
    for node in tree.css("title, h1, h2"):
        if size > _FEW_CHARACTERS or len(found) >= _MOST_HEADINGS:
            break
        heading = inline_text(node)[:_FEW_CHARACTERS]
        if heading:
            found.append(heading)
            size += len(heading)
    return found


def _has_header_line(shown: str, site: Site) -> bool:
    """Whether a line such as "Nachricht vom 17.05.2022" marks a release of an older layout."""
    words = [re.escape(layout.header_words) for layout in site.layouts if layout.header_words]
    return any(re.search(rf"{each}\s+\d{{1,2}}\.", shown) for each in words)


def _shown(tree: LexborHTMLParser) -> str:
    """What a visitor without scripts sees, up to a little more than is judged."""
    body = tree.body
    out: list[str] = []
    size = 0
    for text in _texts(body) if body is not None else ():
        out.append(text)
        size += len(text)
        if size > _FEW_CHARACTERS:
            break
    return " ".join(out)


def _texts(root: LexborNode) -> Iterator[str]:
    """Texts below an element, in order; `noscript` counts, since we run no scripts."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        tag = node.tag or ""
        if tag == "-text":
            text = " ".join((node.text_content or "").split())
            if text:
                yield text
        elif tag == "noscript" or not (tag.startswith("-") or tag in SILENT):
            children = list(node.iter(include_text=True))
            waiting.extend(reversed(children))
