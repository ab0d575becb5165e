"""The text of docx and odt files, and what is said of those that are none, or hostile."""

from __future__ import annotations

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract import office
from scraper.extract.attached import OTHER_KIND, read_file
from scraper.extract.office import DOCX, NO_TEXT, ODT, read_office
from scraper.extract.reading import PageReader
from scraper.sites import get_site
from tests.conftest import capture_of
from tests.support.office import ODT_TYPE, docx, docx_of, odt, odt_of, packed, word_xml
from tests.support.replica import reading

URL = "https://www.dortmund.de/plan.docx"
BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_pages_are_read_with_their_places():
    found = read_office(docx("Der Plan & mehr", "Größe:  3 Hektar"))
    assert found.text == "Der Plan & mehr\n\nGröße: 3 Hektar"
    assert (found.pages, found.page_starts, found.media_type) == (2, (0, 17), DOCX)
    assert found.reason is None
    found = read_office(odt("Der Plan", "Zweiter Absatz"))
    assert (found.text, found.media_type) == ("Der Plan\nZweiter Absatz", ODT)
    assert (found.pages, found.page_starts, found.reason) == (None, (0,), None)


def test_docx_gives_what_a_reader_sees():
    body = (
        f"<w:p>{run('Rad')}{run('weg')}<w:r><w:tab/></w:r>{run('neu')}<w:r><w:br/></w:r>"
        f"{run('E')}<w:r><w:noBreakHyphen/></w:r>{run('Bus')}</w:p>"
        f"<w:tbl><w:tr><w:tc><w:p>{run('links')}</w:p></w:tc><w:tc><w:p>{run('rechts')}</w:p>"
        "</w:tc></w:tr></w:tbl>"
        f"<w:p><w:del>{run('gestrichen')}</w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        f"<w:p><w:Choice>{run('Kasten')}</w:Choice><w:Fallback>{run('Kasten')}</w:Fallback></w:p>"
    )
    notes = {"footnotes": f"<w:p>{run('Fußnote')}</w:p>", "header1": f"<w:p>{run('Stadt')}</w:p>"}
    found = read_office(docx_of(body, **notes))
    assert found.text.splitlines() == [
        *("Radweg neu", "E-Bus", "links", "rechts", "Kasten", "Fußnote", "Stadt")
    ]


def test_a_break_that_word_notes_twice_is_one():
    mark = "<w:r><w:lastRenderedPageBreak/></w:r>"
    twice = (
        f'<w:p>{run("eins")}<w:r><w:br w:type="page"/></w:r></w:p><w:p>{mark}{run("zwei")}</w:p>'
    )
    assert read_office(docx_of(twice)).pages == 2
    assert read_office(docx_of(f"{twice}<w:p>{mark}{run('drei')}</w:p>")).pages == 3


def test_odt_gives_what_a_reader_sees():
    body = (
        "<text:tracked-changes><text:p>gestrichen</text:p></text:tracked-changes>"
        "<text:h>Titel</text:h><text:p>Rad<text:span>weg</text:span><text:s/>neu"
        "<text:line-break/>zwei<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>Fußnote</text:p></text:note-body></text:note></text:p>"
        "<text:soft-page-break/><text:p>Seite zwei</text:p>"
    )
    found = read_office(odt_of(body, styles="<a><p>Kopf der Stadt</p></a>"))
    assert found.text == "Titel\nRadweg neu\nzwei\nFußnote\n\nSeite zwei\nKopf der Stadt"
    assert found.pages == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (docx(), NO_TEXT),
        (docx_of("<w:p>"), "its XML is damaged"),
        (packed({"word/document.xml": BOMB + "<a>&c;</a>"}), "its XML declares a document type"),
        (packed({"word/document.xml": b"\xff\xfe\x00"}), "its XML is damaged"),
        (docx("Plan")[:200], "it is a damaged zip file"),
        (
            packed({"word/document.xml": word_xml(run("Plan"))}, zipfile.ZIP_LZMA),
            "it is packed in a way",
        ),
        (
            packed(
                {
                    "mimetype": ODT_TYPE,
                    "content.xml": b"\x00\x01",
                    "META-INF/manifest.xml": "<manifest:encryption-data/>",
                }
            ),
            "it is encrypted",
        ),
    ],
)
def test_a_reason_stands_where_there_is_no_text(body, reason):
    found = read_file(capture_of(body, URL))
    assert (found.text, found.page_starts) == (None, ())
    assert found.reason.startswith(reason)


def test_a_file_with_a_password_says_so():
    body = bytearray(docx("Plan"))
    at = body.rindex(b"PK\x01\x02")  # the last entry of the list of contents
    body[at + 8] |= 1
    assert read_office(bytes(body)).reason == "it is encrypted"


def test_a_damaged_member_keeps_what_was_read_before():
    text = f"<w:p>{run('Plan')}</w:p><w:p>{run('mehr ' * 20_000)}</w:p>"
    body = bytearray(packed({"word/document.xml": word_xml(text)}, 0))
    at = body.index(b"</w:body>")
    body[at : at + 2] = b"<x"
    found = read_office(bytes(body))
    assert found.text.startswith("Plan\nmehr")
    assert found.reason.startswith(("it is damaged", "its XML is damaged"))


def test_zip_files_of_another_kind_are_kept_without_text():
    assert read_office(packed({"xl/workbook.xml": "<a/>"})) is None
    assert read_file(capture_of(packed({"a.txt": "a"}), URL)).reason == OTHER_KIND


def test_reading_has_bounds(monkeypatch):
    long = docx_of(f"<w:p>{run('Plan')}</w:p>" + f"<w:p>{run('mehr ' * 20_000)}</w:p>")
    monkeypatch.setattr(office, "_MOST_BYTES", 70_000)
    found = read_office(long)
    assert found.text.startswith("Plan\nmehr")
    assert found.reason == "only the first 70,000 unpacked bytes were read"
    monkeypatch.setattr(office, "_MOST_BYTES", 1_000_000)
    seconds = iter((0, 10, 20, 30))
    found = read_office(long, clock=lambda: next(seconds))
    assert found.reason == "only what could be read in 15 s was read"
    monkeypatch.setattr(office, "MOST_CHARS", 4)
    assert read_office(long).reason == "only the first 4 characters were read"


def test_bombs_cost_nothing_but_themselves():
    spaces = b"<a>" + b" " * 60_000_000
    deep = b"<a>" * 100_000
    with reading() as workers:
        pages = PageReader(workers, get_site("dortmund"))
        for content in (spaces, deep, b"<a b='" + b"c" * 2_000_000):
            found = pages.file(capture_of(packed({"word/document.xml": content}), URL))
            assert found.text is None
            assert found.reason
        assert pages.file(capture_of(docx("Danach"), URL)).text == "Danach"


@given(st.data())
def test_whatever_is_changed_in_a_file_it_ends_in_a_reason_or_a_text(data):
    body = bytearray(data.draw(st.sampled_from([docx("Der Plan", "Zwei"), odt("Der Plan")])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] = data.draw(st.integers(0, 255))
    found = read_file(capture_of(bytes(body), URL))
    assert found.text or found.reason
