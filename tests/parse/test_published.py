"""Days and times of day: never a minute that the page does not truly state."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.parse.page import Page
from scraper.parse.published import read_moment
from scraper.platforms import Layout, Selector

ZONE = "Europe/Berlin"


def moment(html, *selectors, clock="stated", placeholders=()):
    layout = Layout("test", clock=clock, placeholder_times=placeholders)
    page = Page(LexborHTMLParser(html), "https://a.example/")
    return read_moment(page, selectors, layout, ZONE)


@pytest.mark.parametrize(
    ("text", "clock", "iso"),
    [
        ("2026-08-18T13:00:00+00:00", "stated", "2026-08-18T15:00:00+02:00"),
        ("2026-08-18T13:00:00+00:00", "offset is wrong", "2026-08-18T13:00:00+02:00"),
        ("2026-08-18T13:00:00+00:00", "day only", "2026-08-18"),
        ("2026-02-08T14:00:00", "stated", "2026-02-08T14:00:00+01:00"),
        ("2021-07-01 16:05", "local", "2021-07-01T16:05:00+02:00"),
        ("2026-09-28 10:51:12", "local", "2026-09-28T10:51:12+02:00"),
        ("2026-08-07T12:00:00Z", "stated", "2026-08-07"),  # a placeholder
        ("2026-08-07T12:00:01Z", "stated", "2026-08-07T14:00:01+02:00"),
        ("2026-02-20T00:00:00.000Z", "stated", "2026-02-20"),
        ("2026-02-19T23:00:00Z", "stated", "2026-02-20"),  # midnight here
        ("Mi. 4 Mär 2026 - 12:06", "local", "2026-03-04T12:06:00+01:00"),
        ("Dienstag, 26.Mai 2026", "stated", "2026-05-26"),
        ("09. September 2026, 14:44 Uhr | Stadt", "stated", "2026-09-09T14:44:00+02:00"),
        ("09. September 2026, 14:44 Uhr | Stadt", "day only", "2026-09-09"),
        ("20260526", "stated", "2026-05-26"),
        ("13. Mai 2026, 24:00 Uhr", "stated", "2026-05-14T00:00:00+02:00"),
        ("irgendwann", "stated", None),
    ],
)
def test_clocks(text, clock, iso):
    found = moment(
        f"<time>{text}</time>", Selector(css="time"), clock=clock, placeholders=("T12:00:00Z",)
    )
    assert found.iso == iso
    assert found.precision == (None if iso is None else "minute" if "T" in iso else "day")


def test_what_people_see_decides_the_day():
    html = '<time datetime="2626-05-13T10:00:00+02:00">13. Mai 2026</time>'
    css, attribute = Selector(css="time"), Selector(css="time", attribute="datetime")
    assert moment(html, css, attribute).iso == "2026-05-13"


def test_the_time_comes_from_the_first_that_has_one_for_that_day():
    html = '<p>Meldung vom 1.7.2021</p><meta name="x" content="2021-07-01 16:05">'
    found = moment(html, Selector(css="p"), Selector(meta="x", clock="local"))
    assert (found.iso, found.raw) == ("2021-07-01T16:05:00+02:00", "Meldung vom 1.7.2021")
    other = html.replace("2021-07-01", "2021-07-02")
    assert moment(other, Selector(css="p"), Selector(meta="x")).iso == "2021-07-01"


def test_nothing_is_printed_where_only_metas_speak():
    found = moment('<meta name="date" content="2026-05-13">', Selector(meta="date"))
    assert (found.iso, found.raw) == ("2026-05-13", None)
