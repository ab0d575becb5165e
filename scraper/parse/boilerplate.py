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


def _name(words: str) -> re.Pattern[str]:
    """A pattern of whole names in a class or an id."""
    return re.compile(rf"(?:^|[\s_-])(?:{'|'.join(words.split())})(?=$|[\s_-])", re.I)


def _beginning(*phrases: str) -> re.Pattern[str]:
    """A pattern of what a line begins with."""
    return re.compile("|".join(phrases), re.I)


FOREIGN_TAGS = frozenset(
    "nav aside footer form button select script style template svg dialog menu iframe object"
    " noscript".split()
)
_ROLES = frozenset(
    "navigation complementary contentinfo banner search dialog alertdialog menu toolbar".split()
)
_NAMES = _name(
    r"""
    nav navi navigation navbar \w{0,12}menu breadcrumbs? brotkrume\w{0,3} krumen pagination pager
    sidebar side aside marginal\w{0,4} randspalte right-?col\w{0,4} column-right spalte-?rechts
    footer fuss\w{0,6} imprint disclaimer legal
    share\w{0,8} sharing social\w{0,10} teilen shariff sns whatsapp facebook twitter
    related\w{0,10} similar recommend\w{0,8} empfehl\w{0,8} mehr-?zum-?thema see-?also
    more-?(?:on|about|news|articles?|topics?|stories|teasers?) weitere-?\w{0,12}
    read-?(?:more|also|on|next) lesen-?sie\w{0,6} outbrain taboola plista
    teasers?-?(?:list|box|group|row|stage|grid|wrapper|container|slider|section|collection|item)s?
    teaserlist\w{0,4} \w{0,8}teaserbox news-?list topic-?teaser inline-?teaser article-?teaser
    linklist\w{0,4} link-?(?:list|box)\w{0,3} infobox-?links
    newsletter\w{0,10} abo abobox offer subscri\w{0,8} subscription registration login
    ad ads adv advert\w{0,12} anzeige\w{0,3} werbung banner promo\w{0,8} sponsor\w{0,8}
    affiliate adslot ad-?(?:slot|container|wrapper|box|label|place\w{0,6}) commercial
    partner-?\w{0,8}
    comments? kommentar(?:e|bereich|box|funktion|liste) discussion disqus leserbrief\w{0,3} forum
    author-?(?:box|bio|info|teaser|card|profile)s? autor(?:en)?-?(?:box|info|profil) avatar
    cookie\w{0,8} consent\w{0,8} privacy gdpr cmp overlay modal popup lightbox-?\w{0,10} tooltip
    print-?(?:only|button|link)? drucken toolbar tools functions actions? article-?actions buttons?
    search\w{0,4} suche skip\w{0,5} jump anchor-?nav toc inhaltsverzeichnis table-?of-?contents
    tags? tag-?list taglist keywords? schlagwort\w{0,4} categories themen topics topic-?list
    ticker most-?(?:read|viewed|popular) popular trending meistgelesen topnews top-?stories
    readspeaker rsbtn rs_skip vorlesen audio-?player player podcast-?\w{0,8} video-?player
    feedback rating voting umfrage poll quiz contact-?(?:box|info|person) kontakt\w{0,6}
    ansprechpartner\w{0,5} rueckfrage\w{0,8} pressekontakt backlink back-?(?:link|button|to)\w{0,6}
    sr-only visually-?hidden screen-?reader\w{0,6} no-?print noprint emergency-?box
    meta-?(?:data|info|bar) metadaten article-?(?:footer|meta|tools|nav) byline-?more
    copyright-?(?:note|notice|info) lesezeit reading-?time embed-?(?:consent|placeholder) opt-?in
    """
)
_KEPT_NAMES = re.compile(
    r"article-?(?:body|text|content)|text-?body|main-?content|has-(?:side|ad|nav)|no-(?:side|ad|nav)"
    r"|with-(?:side|ad|nav|aside)|(?:^|[\s_-])(?:content|article|body|story)(?:$|[\s_-])",
    re.I,
)
_PHRASES = _beginning(
    "lesen sie (?:auch|hier|dazu|mehr|jetzt|weiter)",
    "mehr (?:zum thema|dazu|lesen|infos?|informationen zum)",
    "auch interessant",
    "das könnte (?:sie|dich) (?:auch )?interessieren",
    "weitere (?:artikel|meldungen|nachrichten|informationen|themen|links)",
    "zum thema",
    "siehe auch",
    "(?:zur|zum) (?:startseite|übersicht|artikel|video|bildergalerie)",
    "zurück(?: zur übersicht)?$",
    "newsletter",
    "jetzt (?:anmelden|abonnieren|kostenlos|registrieren|lesen)",
    "abonnieren sie",
    "(?:anzeige|werbung|drucken|kommentare?)$",
    "artikel (?:teilen|drucken|hören|merken)",
    "teilen(?: sie)?$",
    "(?:hier|dieser inhalt) (?:geht es|wurde|ist) .{0,40}(?:extern|twitter|instagram|youtube)",
    "(?:empfohlener|externer) (?:redaktioneller )?inhalt",
    "(?:alle )?(?:rechte|themen|infos) vorbehalten",
    r"(?:©|\(c\)|copyright)\s",
    "dpa-infocom",
    "mit material (?:der|von)",
    "(?:quelle|quellen): ",
    r"stand: \d",
    r"(?:veröffentlicht|aktualisiert|erstellt|stand)(?: am| um)?:? \d",
    r"\d+ (?:min|minuten?|kommentare)\b",
    "(?:folgen|besuchen) sie uns",
    "bitte (?:beachten sie|aktivieren) .{0,30}(?:javascript|cookies)",
    "dieses (?:video|element) (?:kann|wird)",
    "unsere? (?:themenseite|app|podcast)",
    "so erreichen sie",
)
# Lines that are none of the text, though they are whole sentences.
_NOTES = _beginning(
    "(?:folgen|besuchen) sie uns",
    "über dieses thema (?:berichte|haben wir|hat)",
    "dieses thema im programm",
    "dieser (?:artikel|beitrag|text) (?:ist|erschien|wurde) (?:zuerst|zum ersten mal|erstmals)",
    "(?:jetzt )?(?:kostenlos|einen monat) (?:testen|registrieren|abonnieren)",
    "abonnieren sie",
    "(?:sie|du) (?:haben|hast) (?:einen fehler|fehler) (?:gefunden|entdeckt)",
    "mit material (?:der|von)",
)
_VIEW = re.compile(r"lightbox|zoom|modal|popup|overlay|fancybox|gallery", re.I)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:authors?|autor(?:en|in)?|byline|dateline|date|datum|time|timestamp|published"
    r"|publish\w{0,6}|verfasser|redaktion|ressort|rubrik|category|kategorie|location|ort|source|quelle"
    r"|agency|agentur|updated?|modified|kicker|topline|overline|dachzeile)(?=$|[\s_-])",
    re.I,
)
_CAPTION = re.compile(r"caption|bildunterschrift|bildtext|image-?credit|photo-?credit", re.I)
_MOST_BYLINE = 160
_MOST_PHRASE = 70
_MOST_LINKED_PHRASE = 200
END_HEADINGS = _beginning(
    r"mehr (?:zum thema|nachrichten|aus)\b",
    r"(?:das könnte|könnte) (?:sie|dich|ihnen)\b",
    r"auch interessant\b",
    r"lesen sie (?:auch|mehr)\b",
    r"weitere (?:artikel|meldungen|nachrichten|informationen|themen|links|news)\b",
    r"weitere (?:pressemitteilungen|beiträge|inhalte|videos)\b",
    r"weiterführende (?:informationen|links)\b",
    r"siehe auch\b",
    r"(?:verwandte|ähnliche|aktuelle|neueste|passende) (?:artikel|themen|meldungen|beiträge)\b",
    r"(?:verwandte|ähnliche|aktuelle|neueste|passende) (?:nachrichten|inhalte)\b",
    r"kommentare?\b",
    r"(?:presse)?kontakt\b",
    r"ansprechpartner\w{0,5}\b",
    r"rückfragehinweis\b",
    r"pressestelle\b",
    r"rückfragen\b",
    r"über (?:den|die) autor\w{0,3}\b",
    r"zur person\b",
    r"themen in diesem artikel\b",
    r"schlagw[oö]rte?r?\b",
    r"(?:presse)?artikel teilen\b",
    r"(?:empfehlungen|meistgelesen|top-?themen)\b",
    "(?:downloads?|links|service|bildnachweise?|quellen|mehr|tags|teilen|themen)$",
    "(?:diskussion|newsletter)$",
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
    return _NAMES.search(names) is not None and _KEPT_NAMES.search(names) is None


def opens_view(link: LexborNode) -> bool:
    """Whether a link opens a large view of a picture in the same page."""
    return _VIEW.search((link.attributes.get("class") or "")[:400]) is not None


def is_caption(node: LexborNode) -> bool:
    """Whether an element calls itself the caption of a picture, or its credit."""
    return _CAPTION.search(node.attributes.get("class") or "") is not None


def is_byline(node: LexborNode, text: str) -> bool:
    """Whether a short element says who wrote an article, or when."""
    if len(text) > _MOST_BYLINE or node.tag not in {"p", "div", "span", "ul", "address", "time"}:
        return False
    values = node.attributes
    names = f"{values.get('class') or ''} {values.get('itemprop') or ''} {values.get('rel') or ''}"
    return _BYLINE.search(names) is not None


def is_phrase(text: str, node: LexborNode | None = None) -> bool:
    """Whether a line is one of the set phrases of the page around an article.

    Args:
        text: the line; it must be short, or
        node: the element that shows it, consist of links for the better part.
    """
    if len(text) > _MOST_LINKED_PHRASE:
        return False
    if _NOTES.match(text) is not None:
        return True
    if _PHRASES.match(text) is None:
        return False
    if node is not None and link_share(node, text) > 0.4:
        return True
    is_sentence = text.endswith(".") and text.count(" ") > 5
    return len(text) <= _MOST_PHRASE and not is_sentence


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
