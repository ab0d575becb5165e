"""Pages that nobody has described: headline, text, day, and no page that costs for ever."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.errors import ParseError
from scraper.extract.extract import extract
from scraper.sites import SITES
from scraper.sites.guess import unknown_site
from tests.conftest import capture_of
from tests.refresh import pages

URL = "https://www.blatt.example/a/1"
SITE = unknown_site(URL)
TEXT = (
    "Der Rat hat am Dienstag beschlossen, den Platz vor dem Bahnhof neu zu ordnen und Bäume zu "
    "pflanzen, damit es im Sommer kühler wird."
)
MORE = "Die Arbeiten beginnen nach den Ferien und dauern bis in den Winter, sagt das Bauamt."


def read(body, head=""):
    page = f"<html><head><title>Platz wird grün | Blatt</title>{head}</head><body>{body}</body>"
    return extract(capture_of(page, URL), SITE)


ARTICLE = f"<h1>Platz wird grün</h1><p>{TEXT}</p><p>{MORE}</p>"
BOTH = f"{TEXT}\n\n{MORE}"


def test_the_record_says_that_nobody_has_described_the_page():
    article = read(ARTICLE)
    assert (article.layout, article.site) == ("generic", "blatt.example")
    assert (article.title, article.text) == ("Platz wird grün", BOTH)


FOOTER = "<footer><p>Das Impressum nennt alle, die an diesem Angebot mitwirken.</p></footer>"
TEASER = (
    "<article><h3><a href=/b>Anderes</a></h3><p>Ein Anriss, so lang, dass er für einen Absatz "
    "gehalten zu werden.</p></article>"
)
OTHERS = "<h2>Das könnte Sie auch interessieren</h2><ul><li><a href=/c>Noch etwas</a></ul>"
LINK = "<p>Lesen Sie auch: <a href=/d>Ein anderer Artikel mit einem langen Titel</a></p>"


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "<main>{}</main>",
        "<form id=aspnet><div class=content-with-sidebar>{}</div></form>",
        "<div class='page has-sidebar'><article class='article'>{}</article></div>",
        "<article><div class=share-bar><a href=/x>Teilen</a></div>{}</article>",
        "<nav><ul><li><a href=/a>Start</a></ul></nav><main>{}</main>" + FOOTER,
        "<main><article>{}</article><section class=more-news>" + TEASER + "</section></main>",
        "<main>{}" + OTHERS + "</main>",
        "<div>{}" + LINK + "</div>",
    ],
)
def test_the_text_is_found_in_whatever_frame(around):
    assert read(around.format(ARTICLE)).text == BOTH


OG = "<meta property=og:title content='{}'>"
SITE_NAME = "<meta property=og:site_name content=Blatt>"
LD = '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{}"{}}}</script>'
TITLE = "Platz wird grün"


@pytest.mark.parametrize(
    ("head", "heading", "kicker"),
    [
        ("", "<h1>Platz wird grün</h1>", None),
        (
            OG.format("Bahnhof: Platz wird grün"),
            "<h1><span class=kicker>Bahnhof</span> Platz wird grün</h1>",
            "Bahnhof",
        ),
        (
            OG.format("Platz wird grün - Lokales - Blatt") + SITE_NAME,
            "<h1>Aktuelles</h1><h2>Platz wird grün</h2>",
            None,
        ),
        (LD.format(TITLE, ""), "<h2>Platz wird grün</h2>", None),
    ],
)
def test_headline(head, heading, kicker):
    article = read(f"<main>{heading}<p>{TEXT}</p><p>{MORE}</p></main>", head)
    assert (article.title, article.kicker, article.text) == (TITLE, kicker, BOTH)


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("<meta property=article:published_time content=2026-05-13T00:00:00+02:00>", ""),
        ("", "<time datetime=2026-05-13>gestern</time>"),
        ("", "<p class=date>13. Mai 2026</p>"),
        ("", "<div>13.05.2026 | Rathaus</div>"),
    ],
)
def test_day(head, line):
    article = read(f"<main><h1>Platz wird grün</h1>{line}<p>{TEXT}</p><p>{MORE}</p></main>", head)
    assert (article.published, article.published_precision) == ("2026-05-13", "day")
    assert article.text == BOTH


def test_what_json_ld_says_of_the_listing_is_not_believed():
    other = LD.format("Alle Meldungen", ',"datePublished":"2020-01-01"')
    assert read(f"<main>{ARTICLE}</main>", other).published is None


@pytest.mark.parametrize(
    "body",
    ["", "<h1>Platz wird grün</h1>", f"<p>{TEXT}</p>", "<h1>Platz wird grün</h1><p>Kurz.</p>"],
)
def test_without_headline_or_text_it_is_no_article(body):
    page = f"<html><body>{body}</body></html>"
    with pytest.raises(ParseError, match="not an article"):
        extract(capture_of(page, URL), SITE)


FIGURE = "<figure><img src=/a.jpg><figcaption>x</figcaption></figure>"


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 1_900 + f"<h1>Platz</h1><p>{TEXT}</p>",
        "<ul><li>" * 900 + TEXT * 50,
        "<h1>Platz</h1>" + f"<div class=teaser><p>{TEXT}</p>" * 900,
        "<h1>Platz</h1>" + "<span>" * 900 + TEXT * 200,
        "<h1>" + "Platz: " * 5_000 + f"</h1><p>{TEXT}</p>",
        f"<h1>Platz</h1><p>{TEXT}</p>" + FIGURE * 900,
        f"<h1>Platz</h1><p>{TEXT}</p><figure><img src=/a.jpg data-x='{'a' * 100_000}'></figure>",
    ],
)
def test_a_hostile_page_gives_a_record_or_a_reason(page):
    try:
        article = extract(capture_of(page, URL), SITE)
    except ParseError:
        return
    assert article.title


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_saved_page_cut_or_garbled_gives_a_record_or_a_reason(data):
    page = data.draw(st.sampled_from(pages()))
    body = page.read_bytes()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(body))] * 2)))
    site = data.draw(st.sampled_from([SITE, *map(SITES.get, ("wien", "krefeld", "muenster"))]))
    try:
        article = extract(capture_of(body[:start] + body[end:], URL), site)
    except ParseError:
        return
    assert article.title
