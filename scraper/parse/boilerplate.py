"""What on a page is not the article: told by tags, roles, class names, links and set phrases.

The names are those that content management systems and templates of news sites share. A name alone
never condemns an element that holds most of the text of a page (see `scraper.parse.region`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.markup.tree import inline_text
from scraper.text import fold

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

FOREIGN_TAGS = frozenset(
    "nav aside footer form button select script style template svg dialog menu iframe object"
    " noscript".split()
)
_ROLES = frozenset(
    "navigation complementary contentinfo banner search dialog alertdialog menu toolbar".split()
)
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:"
    r"nav|navi|navigation|navbar|\w{0,12}menu|breadcrumbs?|brotkrume\w{0,3}|krumen|pagination|pager"
    r"|sidebar|side|aside|marginal\w{0,4}|randspalte|right-?col\w{0,4}|column-right|spalte-?rechts"
    r"|footer|fuss\w{0,6}|imprint|disclaimer|legal"
    r"|share\w{0,8}|sharing|social\w{0,10}|teilen|shariff|sns|whatsapp|facebook|twitter"
    r"|related\w{0,10}|similar|recommend\w{0,8}|empfehl\w{0,8}|mehr-?zum-?thema|more-?(?:on|about|news"
    r"|articles?|topics?|stories|teasers?)|weitere-?\w{0,12}|read-?(?:more|also|on|next)|lesen-?sie\w{0,6}"
    r"|see-?also|outbrain|taboola|plista|teasers?-?(?:list|box|group|row|stage|grid|wrapper|container"
    r"|slider|section|collection|item)s?|teaserlist\w{0,4}|\w{0,8}teaserbox|news-?list|topic-?teaser"
    r"|inline-?teaser|article-?teaser|linklist\w{0,4}|link-?(?:list|box)\w{0,3}|infobox-?links"
    r"|newsletter\w{0,10}|abo|abobox|paywall|offer|subscri\w{0,8}|subscription|registration|login"
    r"|ad|ads|adv|advert\w{0,12}|anzeige\w{0,3}|werbung|banner|promo\w{0,8}|sponsor\w{0,8}|affiliate"
    r"|adslot|ad-?(?:slot|container|wrapper|box|label|place\w{0,6})|commercial|partner-?\w{0,8}"
    r"|comments?|kommentar(?:e|bereich|box|funktion|liste)|discussion|disqus|leserbrief\w{0,3}|forum"
    r"|author-?(?:box|bio|info|teaser|card|profile)s?|autor(?:en)?-?(?:box|info|profil)|avatar"
    r"|cookie\w{0,8}|consent\w{0,8}|privacy|gdpr|cmp|overlay|modal|popup|lightbox-?\w{0,10}|tooltip"
    r"|print-?(?:only|button|link)?|drucken|toolbar|tools|functions|actions?|article-?actions|buttons?"
    r"|search\w{0,4}|suche|skip\w{0,5}|jump|anchor-?nav|toc|inhaltsverzeichnis|table-?of-?contents"
    r"|tags?|tag-?list|taglist|keywords?|schlagwort\w{0,4}|categories|themen|topics|topic-?list"
    r"|ticker|most-?(?:read|viewed|popular)|popular|trending|meistgelesen|topnews|top-?stories"
    r"|readspeaker|rsbtn|rs_skip|vorlesen|audio-?player|player|podcast-?\w{0,8}|video-?player"
    r"|feedback|rating|voting|umfrage|poll|quiz|contact-?(?:box|info|person)|kontakt\w{0,6}"
    r"|ansprechpartner\w{0,5}|rueckfrage\w{0,8}|pressekontakt|backlink|back-?(?:link|button|to)\w{0,6}"
    r"|sr-only|visually-?hidden|screen-?reader\w{0,6}|no-?print|noprint"
    r"|emergency-?box|meta-?(?:data|info|bar)|metadaten|article-?(?:footer|meta|tools|nav)|byline-?more"
    r"|copyright-?(?:note|notice|info)|lesezeit|reading-?time|embed-?(?:consent|placeholder)|opt-?in"
    r")(?=$|[\s_-])",
    re.I,
)
_KEPT_NAMES = re.compile(
    r"article-?(?:body|text|content)|text-?body|main-?content|(?:^|[\s_-])(?:content|article|body|story)"
    r"(?:$|[\s_-])|has-(?:side|ad|nav)|with-(?:side|ad|nav|aside)|no-(?:side|ad|nav)",
    re.I,
)
_PHRASES = re.compile(
    r"(?:lesen sie (?:auch|hier|dazu|mehr)|lesen sie (?:jetzt )?(?:weiter|auch)|mehr (?:zum thema|dazu|lesen"
    r"|infos?|informationen zum)|auch interessant|das könnte (?:sie|dich) (?:auch )?interessieren"
    r"|weitere (?:artikel|meldungen|nachrichten|informationen|themen|links)|zum thema|siehe auch"
    r"|(?:zur|zum) (?:startseite|übersicht|artikel|video|bildergalerie)|zurück(?: zur übersicht)?$"
    r"|newsletter|jetzt (?:anmelden|abonnieren|kostenlos|registrieren|lesen)|abonnieren sie"
    r"|anzeige$|werbung$|artikel (?:teilen|drucken|hören|merken)|teilen(?: sie)?$|drucken$|kommentare?$"
    r"|(?:hier|dieser inhalt) (?:geht es|wurde|ist) .{0,40}(?:extern|twitter|instagram|youtube|facebook)"
    r"|(?:empfohlener|externer) (?:redaktioneller )?inhalt|(?:alle )?(?:rechte|themen|infos) (?:vorbehalten)"
    r"|(?:©|\(c\)|copyright)\s|dpa-infocom|mit material (?:der|von)|(?:quelle|quellen): |stand: \d"
    r"|(?:veröffentlicht|aktualisiert|erstellt|stand)(?: am| um)?:? \d|\d+ (?:min|minuten?|kommentare)\b"
    r"|(?:folgen|besuchen) sie uns|bitte (?:beachten sie|aktivieren) .{0,30}(?:javascript|cookies)"
    r"|dieses (?:video|element) (?:kann|wird)|unsere? (?:themenseite|app|podcast)|so erreichen sie)",
    re.I,
)
_MOST_PHRASE = 70
_MOST_LINKED_PHRASE = 200
END_HEADINGS = re.compile(
    r"(?:mehr (?:zum thema|nachrichten|aus)|(?:das könnte|könnte) (?:sie|dich|ihnen)|auch interessant"
    r"|lesen sie (?:auch|mehr)|weitere (?:artikel|meldungen|nachrichten|informationen|themen|links|news"
    r"|pressemitteilungen|beiträge|inhalte|videos)|weiterführende (?:informationen|links)|siehe auch"
    r"|(?:verwandte|ähnliche|aktuelle|neueste|passende) (?:artikel|themen|meldungen|beiträge|nachrichten|inhalte)"
    r"|kommentare?|diskussion|(?:presse)?kontakt|ansprechpartner\w{0,5}|rückfragehinweis|pressestelle"
    r"|rückfragen|newsletter|über (?:den|die) autor\w{0,3}|zur person|(?:die )?themen(?: in diesem artikel)?"
    r"|schlagw[oö]rte?r?|tags|teilen|(?:presse)?artikel teilen|empfehlungen|meistgelesen|top-?themen"
    r"|downloads?|links|service|bildnachweise?|quellen|mehr)\b",
    re.I,
)


def is_foreign(node: LexborNode) -> bool:
    """Whether an element says of itself that it is not the article."""
    tag = node.tag or ""
    if tag in FOREIGN_TAGS:
        return True
    values = node.attributes
    if values.get("role") in _ROLES or values.get("aria-hidden") == "true":
        return True
    names = f"{values.get('class') or ''} {values.get('id') or ''}"
    if len(names) < 3 or tag in {"body", "html", "main"}:
        return False
    if len(names) > 400:
        names = names[:400]
    if _NAMES.search(names) is None:
        return "data-nosnippet" in values and tag not in {"p", "article"}
    return _KEPT_NAMES.search(names) is None


def is_phrase(text: str, node: LexborNode | None = None) -> bool:
    """Whether a line is one of the set phrases of the page around an article.

    Args:
        text: the line; it must be short, or
        node: the element that shows it, consist of links for the better part.
    """
    if len(text) > _MOST_LINKED_PHRASE or _PHRASES.match(text) is None:
        return False
    return len(text) <= _MOST_PHRASE or (node is not None and link_share(node, text) > 0.4)


def ends_article(heading: str) -> bool:
    """Whether a heading announces what follows an article."""
    return len(heading) <= 60 and END_HEADINGS.match(heading.strip(" :…")) is not None


def link_share(node: LexborNode, text: str | None = None) -> float:
    """How much of an element's text stands in links: 0 to 1."""
    whole = len(text if text is not None else inline_text(node))
    if not whole:
        return 0.0
    linked = sum(len(fold(anchor.text(deep=True))) for anchor in node.css("a[href]"))
    return min(1.0, linked / whole)
