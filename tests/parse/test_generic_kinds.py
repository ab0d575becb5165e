"""Generic reading of pages in the manner of news sites: what stands where, and beside what."""

from datetime import UTC, datetime

import pytest

from scraper.extract.extract import extract
from scraper.records import Capture
from scraper.sites.guess import unknown_site

URL = "https://www.bote.example/lokales/halle.html"
TEXT = (
    "Der Gemeinderat hat am Dienstagabend nach langer Debatte den Bau einer Halle beschlossen.",
    "Mit dem Bau soll im Frühjahr begonnen werden, die Kosten trägt zur Hälfte das Land.",
    "Bis dahin müssen die Vereine in die Nachbargemeinde ausweichen, sagte die Bürgermeisterin.",
)
PARAGRAPHS = "".join(f"<p>{each}</p>" for each in TEXT)
TITLE = "Rat stimmt für zweite Halle"
SAID = ("So soll die Halle aussehen.", "Büro Lang")


def read(body, head=""):
    page = f"<!doctype html><head><title>{TITLE} | Bote</title>{head}</head><body>{body}"
    headers = (("content-type", "text/html; charset=utf-8"),)
    capture = Capture(URL, page.encode(), datetime(2026, 10, 5, tzinfo=UTC), headers=headers)
    return extract(capture, unknown_site(URL))


def texts(record):
    return [block.text for section in record.sections for block in section.blocks]


PICTURES = {
    "above the text, and the headline above the article": (
        f"<div><h1>{TITLE}</h1><p>11. März 2025</p></div><article><figure><img src='/h.jpg'>"
        f"<figcaption>{SAID[0]} (Foto: {SAID[1]})</figcaption></figure>"
        f"<div class='text'>{PARAGRAPHS}</div></article>"
    ),
    "in a link to a large view": (
        f"<div class='col'><h1>{TITLE}</h1><div class='bild'><a class='lightbox' href='/h_l.jpg' "
        f"data-caption='{SAID[0]} Foto: {SAID[1]}'><img src='/h.jpg'></a></div>"
        f"<div class='text'>{PARAGRAPHS}</div></div>"
    ),
    "loaded late, and once more for whoever runs no scripts": (
        f"<main><h1>{TITLE}</h1><div class='bild'><img data-src='/h.jpg'><noscript>"
        f"<img src='/h.jpg'></noscript><div><div class='bild-text'>{SAID[0]}</div>"
        f"<div class='bild-quelle'>Quelle: {SAID[1]}</div></div></div>"
        f"<div class='text'>{PARAGRAPHS}</div></main>"
    ),
    "in an element that is called a caption": (
        f"<main><h1>{TITLE}</h1><div class='text'><div class='img_caption'><img src='/h.jpg'>"
        f"<p class='img_caption'>{SAID[0]} (Foto: {SAID[1]})</p></div>{PARAGRAPHS}</div></main>"
    ),
    "with the credit in an element without a space before it": (
        f"<main><h1>{TITLE}</h1><div class='text'><div class='image'><img src='/h.jpg'><div><span "
        f"class='c'>{SAID[0]}</span><span class='img-rights'>{SAID[1]}</span></div></div>"
        f"{PARAGRAPHS}</div></main>"
    ),
}


@pytest.mark.parametrize("where", PICTURES)
def test_a_picture_and_what_is_said_about_it(where):
    record = read(PICTURES[where])
    assert record.title == TITLE
    assert texts(record) == list(TEXT)
    assert [(image.caption, image.credit) for image in record.images] == [SAID]


def test_entries_of_a_ticker_are_the_text():
    entries = "".join(f"<div class='ticker-entry'><p>{each}</p></div>" for each in TEXT)
    page = f"<main><article><h1>{TITLE}</h1><div class='ticker'>{entries}</div></article></main>"
    assert texts(read(page)) == list(TEXT)


def test_a_ticker_beside_the_text_is_none_of_it():
    entries = "".join(f"<div class='ticker-entry'><p>Vor {n} Minuten</p></div>" for n in range(3))
    page = (
        f"<main><h1>{TITLE}</h1><div>{PARAGRAPHS}<div class='ticker'>{entries}</div></div></main>"
    )
    assert texts(read(page)) == list(TEXT)


@pytest.mark.parametrize(
    "note",
    [
        "Über dieses Thema berichtete das Magazin am 17. September 2025 um 19:30 Uhr.",
        "Folgen Sie uns auch bei WhatsApp und Instagram.",
        "Dieser Artikel ist zuerst in der Ausgabe vom Samstag erschienen.",
    ],
)
def test_notes_in_whole_sentences_are_no_text(note):
    page = f"<main><h1>{TITLE}</h1><div class='text'>{PARAGRAPHS}<p>{note}</p></div></main>"
    assert texts(read(page)) == list(TEXT)


def test_a_year_of_two_digits_is_a_date():
    page = f"<main><h1>{TITLE}</h1><p class='info'>Von Tina Ruhl 16.09.25, 14:30 Uhr</p>"
    assert read(f"{page}<div class='text'>{PARAGRAPHS}</div></main>").published[:10] == "2025-09-16"
