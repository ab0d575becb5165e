"""The text of PDF files, and what is said of those that have none."""

from __future__ import annotations

import itertools
import zipfile
from io import BytesIO

import pytest

from scraper.extract import pdf as reader
from scraper.extract.attached import OTHER_KIND, read_file
from scraper.extract.file_text import FileText
from scraper.extract.pdf import MEDIA_TYPE, NO_TEXT_LAYER, read_pdf
from scraper.extract.reading import PageReader
from scraper.sites import get_site
from tests.conftest import capture_of
from tests.support.pdf import bomb, endless, pdf, scan
from tests.support.replica import reading

URL = "https://www.dortmund.de/plan.pdf"


def test_pages_are_read_with_their_places():
    found = read_pdf(pdf("Erste Seite\nmit zwei Zeilen", "", "Größe: 3 Hektar"))
    assert found.text == "Erste Seite\nmit zwei Zeilen\n\nGröße: 3 Hektar"
    assert (found.pages, found.media_type, found.reason) == (3, MEDIA_TYPE, None)
    places = [found.text[start:][:6] for start in found.page_starts]
    assert places == ["Erste ", "Größe:", "Größe:"]


def test_a_word_that_is_parted_at_the_end_of_a_line_is_one():
    assert reader._lines("Haus\ufffe\r\nhalt und Stra\x02\nße") == "Haushalt und Straße"


@pytest.mark.parametrize(
    ("body", "pages", "reason"),
    [
        (scan(), 2, NO_TEXT_LAYER),
        (pdf("Geheim", password="nur mit Wort"), None, "it is encrypted"),
        (b"%PDF-1.7\nnothing more", None, "it cannot be read as PDF"),
        (pdf("Halb")[:500], None, "it cannot be read as PDF"),
    ],
)
def test_a_reason_stands_where_there_is_no_text(body, pages, reason):
    found = read_pdf(body)
    assert (found.text, found.pages, found.page_starts) == (None, pages, ())
    assert found.reason.startswith(reason)


def test_what_is_of_another_kind_is_kept_without_text():
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("content.xml", "<text/>")
    found = read_file(capture_of(packed.getvalue(), URL))
    assert found == FileText(reason=OTHER_KIND)


def test_without_pypdfium2_the_reason_says_so(monkeypatch):
    monkeypatch.setattr(reader, "can_read", lambda: False)
    assert "extra attachments" in read_file(capture_of(pdf("Text"), URL)).reason


def test_only_the_first_pages_of_a_long_file_are_read(monkeypatch):
    monkeypatch.setattr(reader, "MOST_PAGES", 2)
    found = read_pdf(pdf("eins", "zwei", "drei"))
    assert (found.text, found.pages) == ("eins\n\nzwei", 3)
    assert found.reason == "only the first 2 of 3 pages were read"


def test_reading_ends_after_its_time_and_its_characters(monkeypatch):
    ticks = itertools.count(step=10)
    found = read_pdf(pdf("eins", "zwei", "drei"), clock=lambda: next(ticks))
    assert (found.text, found.reason) == (
        "eins\n\nzwei",
        "only the first 2 of 3 pages were read",
    )
    monkeypatch.setattr(reader, "MOST_CHARS", 6)
    found = read_pdf(pdf("eins", "zwei", "drei"))
    assert (found.text, found.reason) == ("eins", "only the first 6 characters were read")


@pytest.mark.parametrize(("kind", "size"), [(endless, 1), (endless, 1000), (bomb, 64)])
def test_hostile_files_cost_nothing_but_themselves(kind, size):
    body = kind(size)
    with reading() as workers:
        pages = PageReader(workers, get_site("dortmund"))
        found = pages.file(capture_of(body, URL))
        assert found.text is None
        assert found.reason
        assert pages.file(capture_of(pdf("Danach"), URL)).text == "Danach"
