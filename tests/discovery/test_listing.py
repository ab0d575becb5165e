"""Teaser cards on the newsroom page and in the slider of an article."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discovery import newsroom_steps, teaser_candidates
from scraper.errors import ParseError
from scraper.markup.cards import read_teasers
from scraper.markup.tree import parse_html
from scraper.records import Candidate, Related, Request
from scraper.sites import get_site
from tests.conftest import REAL, capture_of

SITE = get_site("dortmund")
NEWSROOM = "https://www.dortmund.de/newsroom/"
SECTION = "/newsroom/nachrichten-dortmund.de/"
ARTICLE = f"https://www.dortmund.de{SECTION}self.html"


def card(href=SECTION + "a.html", title="Titel", day="Do 1. Oktober 2026", more=""):
    return f"""<dtm-teaser teaser-size="small">{more}
      <a slot="link" href="{href}" aria-label="Zur Detailseite"></a>
      <span slot='headline'>
      {title}
      </span><div slot="date">
      {day}
      </div></dtm-teaser>"""


def slider(*cards):
    return f'<main><dtm-teaserslider id="more-news">{"".join(cards)}</dtm-teaserslider></main>'


def teasers(html, url=ARTICLE):
    return read_teasers(parse_html(capture_of(html, url)), SITE, url)


def listed(html):
    (step,) = newsroom_steps(SITE)
    return step.read(capture_of(html, NEWSROOM)).candidates


# --- the slider ------------------------------------------------------------------------------


def test_a_teaser_has_address_title_and_day():
    assert teasers(slider(card())) == (
        Related(f"https://www.dortmund.de{SECTION}a.html", "Titel", "2026-10-01", None),
    )


@pytest.mark.parametrize(
    ("line", "published", "district"),
    [
        ("Do 1. Oktober 2026 <div>Innenstadt-Nord</div>", "2026-10-01", "Innenstadt-Nord"),
        ("Do 1. Oktober 2026\n<div>\n Hörde </div>\n", "2026-10-01", "Hörde"),
        ("<div>Eving</div>", None, "Eving"),
        ("<div>Do 1. Oktober 2026</div>", "2026-10-01", None),
        ("<div></div>01.10.2026", "2026-10-01", None),
        ("heute", None, None),
        ("", None, None),
    ],
)
def test_the_date_line_may_hold_a_district(line, published, district):
    (found,) = teasers(slider(card(day=line)))
    assert (found.published, found.district) == (published, district)


def test_the_links_of_a_credit_are_not_the_teasers():
    credit = '<figure slot="media"><a href="https://stock.adobe.com">Adobe Stock</a></figure>'
    (found,) = teasers(slider(card(more=credit)))
    assert found.url.endswith("/a.html")


@pytest.mark.parametrize("href", ["", "#top", "/kontakt/", "https://www.example.org/x.html"])
def test_a_card_that_leads_to_no_article_is_not_the_page_itself(href):
    assert teasers(slider(card(href=href))) == ()


def test_a_card_without_a_link_is_not_the_page_itself():
    without = card().replace("<a slot", "<b slot").replace("</a>", "</b>")
    assert teasers(slider(without, card(SECTION + "b.html"))) == teasers(
        slider(card(SECTION + "b.html"))
    )


def test_a_card_without_a_headline_is_passed_over():
    assert teasers(slider(card().replace("headline", "x"))) == ()


def test_each_article_is_shown_once():
    same = card("https://application.dortmund.de" + SECTION + "a.html?x", "Anders")
    assert [found.title for found in teasers(slider(card(), same))] == ["Titel"]


def test_relative_links_are_resolved_against_the_page():
    (found,) = teasers(slider(card("b.html")))
    assert found.url == f"https://www.dortmund.de{SECTION}b.html"


def test_cards_outside_the_slider_are_not_related():
    assert teasers(f"<main>{card()}</main>") == ()


def test_the_real_page_shows_fifteen():
    page = REAL / "dortmund" / "fabido-drei-neue-kitas.html"
    if not page.exists():
        pytest.skip("the real page is not part of the distribution")
    found = teasers(page.read_bytes())
    assert len(found) == 15
    assert all(item.title and item.published and SECTION in item.url for item in found)


def test_teasers_become_candidates():
    related = Related(ARTICLE, "x", "2026-10-01", "Hörde")
    expected = Candidate(ARTICLE, ARTICLE, "teaser", date(2026, 10, 1), "Hörde")
    assert teaser_candidates([related]) == [expected]
    (undated,) = teaser_candidates([Related(ARTICLE, "x")])
    assert (undated.published, undated.district) == (None, None)


# --- the newsroom page -----------------------------------------------------------------------


def test_the_newsroom_is_asked_for_once():
    (step,) = newsroom_steps(SITE)
    assert (step.source, step.request, step.optional) == ("listing", Request(NEWSROOM), False)


def test_cards_of_the_newsroom_have_day_and_district():
    (found,) = listed(card(day="Fr 2. Oktober 2026 <div>Eving</div>"))
    assert found == Candidate(
        f"https://www.dortmund.de{SECTION}a.html",
        f"https://www.dortmund.de{SECTION}a.html",
        "listing",
        date(2026, 10, 2),
        "Eving",
    )


def test_links_outside_cards_count_too_and_do_not_hide_what_a_card_says():
    html = f"""<a href="{SECTION}b.html">b</a> <a href="{SECTION}a.html">a</a> {card()}
        <a href="/newsroom/presse-mitteilungen/c.html">c</a><a href="/kontakt/">Kontakt</a>"""
    found = {candidate.url.rpartition("/")[2]: candidate.published for candidate in listed(html)}
    assert found == {"a.html": date(2026, 10, 1), "b.html": None, "c.html": None}


def test_a_card_without_headline_still_names_an_article():
    assert len(listed(card().replace("headline", "x"))) == 1


@pytest.mark.parametrize(
    "html", ["<html></html>", "<a href='/kontakt/'>x</a>", "<h1>Wartung</h1>", "", "   "]
)
def test_a_page_without_any_article_is_a_parse_error(html):
    with pytest.raises(ParseError, match=r"names no article|is empty") as caught:
        listed(html)
    assert NEWSROOM in str(caught.value)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
def test_the_charset_of_the_page_is_heeded(charset):
    html = f'<meta charset="{charset}">{card(title="Größe", href=SECTION + "größe.html")}'
    (step,) = newsroom_steps(SITE)
    (found,) = step.read(capture_of(html.encode(charset), NEWSROOM, "text/html")).candidates
    assert found.url.endswith("/gr%C3%B6%C3%9Fe.html")


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=40), st.text(max_size=40))
def test_any_card_is_read_or_passed_over(href, title, day, more):
    for found in teasers(slider(card(href, title, day, more))):
        assert found.url.startswith("https://www.dortmund.de/newsroom/")
        assert teaser_candidates([found])


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_after_a_link_are_survived(body):
    html = f'<a href="{SECTION}a.html">a</a>'.encode() + body
    (step,) = newsroom_steps(SITE)
    assert step.read(capture_of(html, NEWSROOM, "text/html; charset=utf-8")).candidates
