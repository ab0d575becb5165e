"""The share of a page's main text that its record lacks."""

import dataclasses

import pytest

from scraper.health import maintext
from scraper.health.maintext import main_text, missed_shares, why_unavailable
from scraper.records import Capture, Image
from tests.conftest import FIXTURES, NOW, capture_of
from tests.health.chronicle import release

BODY = (
    "Die neue Halle öffnet im Herbst ihre Türen für alle Vereine. "
    "Wer trainieren möchte, meldet sich ab Montag im Rathaus an."
)


def article(lead=BODY, **fields):
    return release(1, lead=lead, description=None, sections=(), **fields)


def test_text_that_the_record_has_is_not_missed():
    assert missed_shares([BODY], [article()]) == [0.0]


def test_white_space_hyphens_and_case_make_no_difference():
    text = BODY.upper().replace(" ", "\u00a0 ").replace("TRAINIEREN", "TRAI\u00adNIEREN")
    assert missed_shares([text], [article()]) == [0.0]


def test_the_share_is_by_words():
    first, _second = BODY.split(". ")
    assert missed_shares([BODY], [article(lead=first + ".")]) == [pytest.approx(10 / 21)]
    assert missed_shares([BODY], [article(lead="Nichts davon.")]) == [1.0]


def test_captions_teasers_and_short_pieces_are_no_main_text():
    caption = "Hier entsteht die neue Halle am alten Hafen der Stadt."
    images = (Image("https://x/1.webp", caption=caption),)
    text = f"{BODY}\n{caption}\nMehr lesen\nZur Übersicht aller Nachrichten"
    assert missed_shares([text], [article(images=images)]) == [0.0]


def test_what_several_pages_have_is_boilerplate():
    cookies = "Diese Seite verwendet Dienste von anderen, die Daten erheben."
    found = missed_shares([f"{BODY}\n{cookies}", cookies], [article(), release(2)])
    assert found == [0.0, None]


@pytest.mark.skipif(why_unavailable() is not None, reason="the extra `health` is not installed")
class TestTrafilatura:
    def page(self, name="01-ordinary"):
        return capture_of((FIXTURES / "dortmund" / f"{name}.html").read_bytes())

    def test_it_finds_the_text_that_the_parser_finds(self, site):
        from scraper.extract.extract import extract

        names = ["01-ordinary", "03-picture-two-views-in-one-element"]
        pages = [self.page(name) for name in names]
        articles = [extract(page, site) for page in pages]
        assert missed_shares([main_text(page) for page in pages], articles) == [0.0, 0.0]
        bare = [dataclasses.replace(a, lead=None, sections=(), text="", description=None)
                for a in articles]  # fmt: skip
        assert all(share > 0.4 for share in missed_shares(list(map(main_text, pages)), bare))

    @pytest.mark.parametrize("body", [b"", b"\0\xff\xfe<", b"<p>" * 10_000])
    def test_no_page_makes_it_fail_or_talk(self, capfd, body):
        assert isinstance(main_text(Capture("https://x/", body, NOW)), str)
        assert capfd.readouterr() == ("", "")


def test_without_the_extra_nothing_is_found(monkeypatch):
    missing = ModuleNotFoundError("No module named 'trafilatura'", name="trafilatura")
    monkeypatch.setattr(maintext, "_trafilatura", lambda: missing)
    assert why_unavailable() == "trafilatura is not installed"
    assert main_text(capture_of(f"<p>{BODY}</p>")) == ""


def test_a_broken_extra_is_told_apart(monkeypatch):
    broken = ImportError("lxml.html.clean has moved")
    monkeypatch.setattr(maintext, "_trafilatura", lambda: broken)
    assert why_unavailable() == "trafilatura cannot be imported (lxml.html.clean has moved)"
