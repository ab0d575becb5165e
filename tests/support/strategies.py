"""Hypothesis strategies for records in normal form: what a parser makes of a page.

Normal form: text is folded and never empty; only the first section may lack a heading (a component
without one continues the section above it); a portrait has its quotation block and the other way
round, and its speaker no title; the district is the first tag that names one; each link target and
each picture occurs once.
"""

from __future__ import annotations

import re
from datetime import date, time

from hypothesis import strategies as st

from scraper import dates
from scraper.demo.calendar import printed
from scraper.demo.newsroom import BASE, NEWS, OLD_NEWS, PRESS, ZONE
from scraper.demo.subjects import DISTRICTS
from scraper.records import (
    Article,
    Block,
    Image,
    Link,
    Quote,
    Related,
    Section,
    Video,
    article_text,
)
from scraper.text import fold
from scraper.urls import canonical

# Text that the page's own furniture looks like: credits, attached files, the slider's headline.
_FURNITURE = re.compile(
    r"(bild|bilder|foto|fotos|grafik|video)\b|(anhänge|anhang|downloads?|weitere nachrichten)$",
    re.I,
)
_QUOTATION_MARKS = "„“”\"«»‹›‚‘’'"
_CHARACTERS = st.characters(exclude_categories=("Cc", "Cs"))
_TRICKY = st.sampled_from(
    [
        "<b>",
        "</p>",
        "</dtm-text-image>",
        "</script>",
        "<!--",
        "-->",
        "&amp;",
        "&nbsp",
        "&",
        "<",
        ">",
        '"',
        "'",
        "„Grün“",
        "Straße",
        "Größe",
        "Bürger*innen",
        "שלום",
        "مرحبا",
        "\u202e",
        "\u200f",
        "e\u0301",
        "🏗️",
        "12 Plätze",
        "Workshop",
        "a|b",
        "|",
        "{{x}}",
        "]]>",
        "12:52 Uhr",
        "Mo 7. Juli 2025",
    ]
)
_WORDS = st.lists(
    st.one_of(_TRICKY, st.text(_CHARACTERS, min_size=1, max_size=12)), min_size=1, max_size=12
).map(" ".join)


def texts(max_size: int = 200) -> st.SearchStrategy[str]:
    """Folded, non-empty text with markup characters, umlauts, right-to-left letters."""
    return (
        _WORDS.map(lambda text: fold(fold(text)[:max_size]))
        .filter(bool)
        .filter(lambda text: not _FURNITURE.match(text))
    )


def optional(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


_SLUG = st.text(
    st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789-äöüß„"), min_size=1, max_size=30
)


@st.composite
def article_urls(draw) -> str:
    """Canonical URLs of articles, in all three sections."""
    section = draw(st.sampled_from([NEWS, OLD_NEWS, PRESS]))
    dot = draw(st.sampled_from(["", "-2.0-", "-mio.-"]))
    url = canonical(f"{BASE}{section}{draw(_SLUG)}{dot}x.html")
    assert url is not None
    return url


@st.composite
def blocks(draw) -> Block:
    kind = draw(
        st.sampled_from(
            ["paragraph", "paragraph", "paragraph", "list_item", "table_row", "subheading"]
        )
    )
    if kind == "table_row":
        return Block(kind, " | ".join(draw(st.lists(texts(40), min_size=1, max_size=4))))
    return Block(kind, draw(texts()))


@st.composite
def sections(draw) -> tuple[Section, ...]:
    """At most the first without a heading, and then with blocks."""
    made = []
    first = draw(st.lists(blocks(), max_size=10))
    if first:
        made.append(Section(None, tuple(first)))
    made += draw(
        st.lists(
            st.builds(Section, texts(80), st.lists(blocks(), max_size=4).map(tuple)), max_size=3
        )
    )
    return tuple(made)


_PART = texts(30).filter(lambda text: "/" not in text)
_CREDITS = st.lists(
    st.sampled_from(["Stadt Dortmund", "Adobe Stock", "Jördis Wißmöller", "Grünspan & Söhne"])
    | _PART,
    max_size=3,
).map(tuple)


@st.composite
def pictures(draw, name: str, role: str) -> Image:
    parts = draw(_CREDITS)
    if role == "lead":
        size = (1200, 630)
    elif role == "portrait":
        size = (300, 300)
    else:
        size = draw(st.sampled_from([(1200, 630), (1200, 630), None]))
    ending = f"_w{size[0]}h{size[1]}.webp" if size else ".jpg"
    return Image(
        src=f"{BASE}/dortmund/bilder-fuer-news/news-2025/{name}{ending}",
        alt=draw(optional(texts(80))),
        caption=None if role == "portrait" else draw(optional(texts(80))),
        credit=" / ".join(parts) or None,
        credit_parts=parts,
        role=role,
        width=size[0] if size else None,
        height=size[1] if size else None,
    )


# A block of one or two words is no quotation; marks around all of them belong to no record.
_BLOCK_WORDS = texts().filter(
    lambda text: (
        text.count(" ") >= 3
        and text[0] not in _QUOTATION_MARKS
        and text[-1] not in _QUOTATION_MARKS
    )
)
_NAMES = st.sampled_from(
    ["Jördis Wißmöller", "Cem von Überhorst", "Ayşe Großekämper", "Ulf O'Hülsen"]
)
_ROLES = st.sampled_from(
    ["Oberbürgermeister der Stadt Dortmund", "Leiterin des Grünflächenamts", "Schulleiter <komm.>"]
)


@st.composite
def galleries(draw) -> tuple[tuple[Image, ...], tuple[Quote, ...]]:
    """Pictures in the order of the page, and the words that belong to the portraits."""
    images, quotes = [], []
    if draw(st.booleans()):
        images.append(draw(pictures("aufmacher-0", "lead")))
    for number in range(draw(st.integers(0, 4))):
        role = draw(st.sampled_from(["body", "body", "portrait"]))
        images.append(draw(pictures(f"bild-{number}-straße".replace("ß", "ss"), role)))
        if role == "portrait":
            quotes.append(Quote(draw(_BLOCK_WORDS), draw(_NAMES), draw(_ROLES), "block"))
    return tuple(images), tuple(quotes)


_TARGETS = st.lists(
    st.sampled_from(
        [
            (f"{BASE}/themen/bildung/fabido/", "internal"),
            (f"{BASE}/services/?a=1&b=2", "internal"),
            (f"{BASE}/themen/stra%C3%9Fen-und-pl%C3%A4tze/", "internal"),
            (f"{BASE}/newsroom/nachrichten-dortmund.de/eine-andere-nachricht.html", "internal"),
            ("https://www.land.example/foerderung?programm=staedtebau&jahr=2025", "external"),
            ("https://radrevier.example/", "external"),
            (f"{BASE}/dortmund/downloads/2025/lageplan.pdf", "download"),
            (f"{BASE}/dortmund/downloads/2025/%C3%BCbersicht%20neu.xlsx", "download"),
        ]
    ),
    unique=True,
    max_size=5,
)


@st.composite
def links(draw, body: tuple[Section, ...]) -> tuple[Link, ...]:
    """Links whose text may stand in the body; the page then names them there."""
    paragraphs = [b.text for s in body for b in s.blocks if b.kind in {"paragraph", "list_item"}]
    made = []
    for url, kind in draw(_TARGETS):
        if paragraphs and draw(st.booleans()):
            words = draw(st.sampled_from(paragraphs)).split(" ")
            start = draw(st.integers(0, len(words) - 1))
            text = " ".join(words[start : start + draw(st.integers(1, 3))])
        else:
            text = draw(texts(40))
        made.append(Link(url, text, kind))
    return tuple(made)


@st.composite
def moments(draw) -> tuple[str | None, str | None]:
    """Published as ISO 8601 in the city's time zone, and as printed."""
    if draw(st.integers(0, 9)) == 0:
        return None, None
    day = draw(st.dates(date(2000, 1, 1), date(2035, 12, 31)))
    clock = draw(optional(st.times(time(0, 0), time(23, 59)).map(lambda t: time(t.hour, t.minute))))
    return dates.local_iso(day, clock, ZONE), printed(day, clock)


@st.composite
def related(draw) -> tuple[Related, ...]:
    others = draw(st.lists(article_urls(), unique=True, max_size=3))
    day = optional(st.dates(date(2000, 1, 1), date(2035, 12, 31)).map(date.isoformat))
    where = optional(st.sampled_from(DISTRICTS))
    return tuple(Related(url, draw(texts(80)), draw(day), draw(where)) for url in others)


_VIDEOS = st.lists(
    st.builds(
        Video,
        st.sampled_from(
            [
                "https://www.youtube-nocookie.com/embed/IHuaY7gTQag",
                "https://www.youtube-nocookie.com/embed/abc?rel=0&start=5",
                "https://media.example/embed/clip-7",
            ]
        ),
        optional(texts(60)),
        optional(texts(60)),
    ),
    unique_by=lambda video: video.url,
    max_size=2,
).map(tuple)


@st.composite
def articles(draw) -> Article:
    """A record that `parse(render_article(record))` must give back."""
    url = draw(article_urls())
    body = draw(sections())
    lead = draw(optional(texts()))
    images, quotes = draw(galleries())
    tags = tuple(draw(st.lists(st.sampled_from(DISTRICTS) | texts(30), unique=True, max_size=4)))
    published, printed_date = draw(moments())
    return Article(
        url=url,
        site="dortmund",
        content_id=draw(optional(st.uuids().map(str))),
        page_id=draw(optional(st.integers(1, 99999).map(str))),
        title=draw(texts(80)),
        kicker=draw(optional(texts(60))),
        lead=lead,
        description=draw(optional(texts())),
        published=published,
        published_raw=printed_date,
        sections=body,
        text=article_text(lead, body),
        images=images,
        quotes=quotes,
        videos=draw(_VIDEOS),
        links=draw(links(body)),
        tags=tags,
        district=next((tag for tag in tags if tag in DISTRICTS), None),
        related=tuple(item for item in draw(related()) if item.url != url),
    )
