"""Pages of the site before its relaunch, whose markup nobody has seen: read by shape."""

import dataclasses
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.errors import ParseError
from scraper.extract.extract import extract
from scraper.markup.tree import parse_html
from scraper.parse.page import Page
from scraper.parse.parts import locate
from scraper.sites import get_site
from tests.conftest import FIXTURES, capture_of

SITE = get_site("dortmund")
PAGES = sorted(FIXTURES.glob("dortmund/*-older-site-*.html"))
URL = (
    "https://www.dortmund.de/de/leben_in_dortmund/nachrichtenportal/alle_nachrichten/"
    "nachricht.jsp?nid=1"
)
TEXT = "Der Hof der Schule bekommt neue Bäume, Bänke und einen Brunnen für heiße Tage."


def read(body):
    return extract(capture_of(body, URL), SITE)


def test_there_are_shapes():
    assert len(PAGES) >= 8


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_nothing_of_the_older_frame_leaks(page):
    record = json.dumps(json.loads(page.with_suffix(".json").read_bytes()), ensure_ascii=False)
    for foreign in (
        "Startseite Rathaus Freizeit Wirtschaft Impressum Fußzeile Suche Panorama Wetter "
        "Servicecenter Stadtportal Randbemerkung Ampel Menüpunkt Umleitungen Freibad "
        "Stadtplan drucken Logo Nachrichtenportal "
    ).split():
        assert foreign not in record.replace("nachrichtenportal", ""), foreign
    assert "Fotograf/Grafiker" not in record
    assert "Nachricht vom" not in record


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_date_without_a_time_of_day_stays_a_date(page):
    published = json.loads(page.with_suffix(".json").read_bytes())["published"]
    assert date.fromisoformat(published).isoformat() == published


def test_the_address_is_the_page_itself_where_it_states_none():
    body = f"<title>Hof</title><div><h1>Hof</h1><p>Nachricht vom 1.2.2019</p><p>{TEXT}</p></div>"
    article = extract(capture_of(body, f"{URL}&print=1"), SITE)
    assert (article.url, article.title, article.text) == (URL, "Hof", TEXT)


@pytest.mark.parametrize(
    "line",
    [
        "<p>Nachricht vom 17.05.2022</p>",
        "<p>Nachricht vom: 17. Mai 2022</p>",
        "<div class='head'><span>Nachricht vom</span> <b>17.05.2022</b></div>",
        "<p>Nachricht vom <time datetime='2022-05-17'>17.05.2022</time></p>",
        "Nachricht vom 17.05.2022<br>",
        "<table><tr><td>Nachricht vom 17.05.2022</td></tr></table>",
    ],
)
@pytest.mark.parametrize(
    "order", ["{h}{l}{t}", "{l}{h}{t}", "<div>{h}{l}</div>{t}", "<div>{l}</div>{h}{t}"]
)
@pytest.mark.parametrize(
    "outer", ["{}", "<main>{}</main>", "<div id=head-and-body><div>{}</div></div>"]
)
def test_headline_and_line_in_any_order(line, order, outer):
    inner = order.format(h="<h1>Hof</h1>", l=line, t=f"<p>{TEXT}</p><p>Zweiter Satz.</p>")
    article = read(f"<title>x</title><body>{outer.format(inner)}")
    assert (article.title, article.published) == ("Hof", "2022-05-17")
    assert article.text == f"{TEXT}\n\nZweiter Satz."


def test_each_picture_keeps_its_own_credit():
    pictures = "".join(
        f"<p><img src=/{n}.jpg></p><p>Zeile {n}</p><p>Bild (Bildlizenz/Fotograf/Grafiker): P{n}</p>"
        f"<p>{TEXT}</p>"
        for n in range(3)
    )
    article = read(f"<div><h1>Hof</h1><p>Nachricht vom 1.2.2019</p>{pictures}</div>")
    shown = [(image.src[-6:], image.caption, image.credit) for image in article.images]
    assert shown == [(f"/{n}.jpg", f"Zeile {n}", f"P{n}") for n in range(3)]
    assert article.text == "\n\n".join([TEXT] * 3)
    assert [image.role for image in article.images] == ["lead", "body", "body"]


def test_a_paragraph_after_a_picture_without_credit_stays_text():
    article = read(
        f"<div><h1>Hof</h1><p>Nachricht vom 1.2.2019</p><p><img src=/a.jpg></p><p>{TEXT}</p></div>"
    )
    assert article.text == TEXT
    assert article.images[0].caption is None


def test_an_overview_without_the_line_is_no_article():
    with pytest.raises(ParseError, match="not an article"):
        read(f"<title>Alle Nachrichten</title><h1>Alle Nachrichten</h1><p>{TEXT}</p>")


def test_where_two_layouts_match_the_one_served_then_is_meant():
    newer = dataclasses.replace(SITE.layouts[1], name="successor", until=None)
    site = dataclasses.replace(SITE, layouts=(newer, SITE.layouts[1]))
    tree = parse_html(capture_of(f"<h1>Hof</h1><p>Nachricht vom 1.2.2019</p><p>{TEXT}</p>"))

    def name(year):
        parts = locate(Page(tree, URL), site, date(year, 6, 1))
        return parts and parts.layout.name

    assert (name(2019), name(2026)) == ("nachrichtenportal", "successor")


def test_the_present_layout_is_known_by_its_headline_whenever_it_was_captured():
    page = (FIXTURES / "dortmund" / "01-ordinary.html").read_bytes()
    now = capture_of(page)
    then = dataclasses.replace(now, fetched_at=datetime(2022, 1, 1, tzinfo=UTC))
    assert extract(then, SITE) == extract(now, SITE)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_an_older_page_cut_or_garbled_gives_a_record_or_a_reason(data):
    page = data.draw(st.sampled_from(PAGES)).read_bytes()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(page))] * 2)))
    try:
        record = read(page[:start] + page[end:])
    except ParseError:
        return
    assert record.title


CREDIT = "Bild (Bildlizenz/Fotograf/Grafiker): Jo Doe"


@pytest.mark.parametrize(
    "around",
    [
        "<div class=image><img src=/a.jpg><span>Am Hof.</span><span>Bild: Jo Doe</span></div>",
        "<div><a href=/b.jpg><img src=/a.jpg></a><br>Am Hof.<br><i>Foto: Jo Doe</i></div>",
        "<div class=bild><img src=/a.jpg></div><p class=bu>Am Hof.</p><p>Bild: Jo Doe</p>",
        f"<div class=bild><img src=/a.jpg><p>{CREDIT}</p><p>Am Hof.</p></div>",
        "<dl><dt><img src=/a.jpg></dt><dd>Am Hof.</dd><dd>Bild (Fotograf): Jo Doe</dd></dl>",
        f"<table><tr><td><img src=/a.jpg></td></tr><tr><td>Am Hof. {CREDIT}</td></tr></table>",
        "<img src=/a.jpg>Am Hof.<br>Bild: Jo Doe<br>",
        "<p><img src=/a.jpg><br/>Am Hof.<br/>Bild: <b>Jo Doe</b></p>",
    ],
)
def test_a_picture_in_whatever_wrapping(around):
    article = read(
        f"<div><h1>Hof</h1><p>Nachricht vom 1.2.2019</p><p>{TEXT}</p>{around}<p>Danach.</p></div>"
    )
    assert article.text == f"{TEXT}\n\nDanach."
    [image] = article.images
    assert (image.src[-6:], image.caption, image.credit) == ("/a.jpg", "Am Hof.", "Jo Doe")
    assert article.links == ()


MARKET = "Gestern war Markt auf dem Platz vor der großen Kirche, es gab Kuchen und Musik."


@pytest.mark.parametrize(
    "frame",
    [
        "<p><a href='?nid=1&print=1'>Drucken</a> | <a href=/x>Weiterempfehlen</a></p>",
        "<p>» <a href=/alle>Alle Nachrichten</a></p>",
        "<ul><li><a href=/1>Plan</a></li><li><a href=/2>Wetter</a></li><li><a href=/3>Jobs</a>",
        f"<div class=social-bar><p>{MARKET}</p></div>",
        f"<div><h2>Weitere Nachrichten</h2><p>{MARKET}</p></div>",
        f"<p><strong>Weitere Meldungen:</strong></p><p>{MARKET}</p>",
        f"<aside><p>{MARKET}</p></aside>",
        f"<div id=marginalspalte><img src=/a.jpg><p>{MARKET}</p></div>",
    ],
)
def test_frame_after_the_text_is_left_out(frame):
    page = f"<div><h1>Hof</h1><p>Nachricht vom 1.2.2019</p><p>{TEXT}</p>"
    inside, outside = read(f"{page}{frame}</div>"), read(f"<div id=w>{page}</div>{frame}</div>")
    for article in (inside, outside):
        assert article.text == TEXT
        assert article.links == article.images == ()


def test_links_that_are_announced_belong_to_the_release():
    links = "".join(f"<li><a href=/{n}.pdf>Plan {n}</a></li>" for n in range(3))
    start = f"<div><h1>Hof</h1><p>Nachricht vom 1.2.2019</p><p>{TEXT}</p>"
    for announced in ("<h3>Zum Thema</h3>", "<p>Mehr dazu:</p>"):
        article = read(f"{start}{announced}<ul>{links}</ul></div>")
        assert [link.kind for link in article.links] == ["download"] * 3


def test_a_page_in_one_form_with_its_text_in_a_header_is_read():
    page = f"<header><h1>Hof</h1><p>Nachricht vom 1.2.2019</p><p>{TEXT}</p></header><p>Danach.</p>"
    assert read(f"<form>{page}</form>").text == f"{TEXT}\n\nDanach."


def test_headings_of_the_portal_are_no_headline():
    page = "<title>Nachrichten - Leben in Dortmund</title><h1>Leben in Dortmund</h1>"
    article = read(f"{page}<div><h2>Hof</h2><p>Nachricht vom 1.2.2019</p><p>{TEXT}</p></div>")
    assert article.title == "Hof"


def test_a_table_of_figures_stays_a_table():
    table = "<table><tr><td><p>Montag</p></td><td><p>9 Uhr</p></td></tr></table>"
    article = read(f"<div><h1>Hof</h1><p>Nachricht vom 1.2.2019</p><p>{TEXT}</p>{table}</div>")
    assert article.sections[0].blocks[1].text == "Montag | 9 Uhr"


def test_a_page_that_repeats_the_word_is_given_up():
    with pytest.raises(ParseError, match="not an article"):
        read("<div>" + "Nachricht ohne Datum<br>" * 20_000)
