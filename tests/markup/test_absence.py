"""Pages that say that there is no such page."""

import pytest

from scraper.markup.absence import list_of_others, not_found_words, overview
from scraper.markup.tree import parse_html
from tests.conftest import capture_of

URL = "https://www.dortmund.de/newsroom/nachrichten/a.html"


def read(site, html):
    tree = parse_html(capture_of(html, URL))
    return not_found_words(tree) or overview(tree, site, URL)


@pytest.mark.parametrize(
    "words",
    [
        "Seite nicht gefunden",
        "Die angeforderte Seite wurde leider nicht gefunden",
        "404",
        "Fehler 404 – nicht gefunden",
        "Diese Meldung ist nicht mehr verfügbar",
        "Page not found",
        "This page could not be found",
        "Die Seite existiert nicht",
    ],
)
@pytest.mark.parametrize("place", ["<h1>{}</h1>", "<title>{}</title><h1>Stadt</h1>"])
def test_a_page_says_that_it_is_none(site, words, place):
    assert "shows" in read(site, place.format(words))


@pytest.mark.parametrize(
    "title",
    [
        "Seitenarme der Ruhr nicht mehr gesperrt",
        "Artikel 404 der Verordnung gilt weiter",
        "Die Seite der Stadt gefällt",
        "404 neue Bäume"[4:],
        "Vermisste Katze wurde nicht gefunden",
        "Die Meldung ist richtig",
    ],
)
def test_a_release_may_speak_of_such_things(site, title):
    assert read(site, f"<title>{title} | Stadt</title><h1>{title}</h1>") is None


@pytest.mark.parametrize("path", ["/", "/newsroom/", "/newsroom", "/newsroom/nachrichten/"])
def test_the_overview_in_place_of_a_release(site, path):
    where = f"https://www.dortmund.de{path}"
    assert where.rstrip("/") in read(site, f'<link rel=canonical href="{where}"><h1>Aktuell</h1>')
    assert read(site, f'<meta property="og:url" content="{path}"><h1>Aktuell</h1>')


def test_another_release_is_no_overview(site):
    other = URL.replace("a.html", "b.html")
    assert read(site, f'<link rel=canonical href="{other}"><h1>Aktuell</h1>') is None


SLUG_URL = "https://www.dortmund.de/newsroom/nachrichten/neue-br%C3%BCcke-am-hafen.html"


def listed(site, headline, count=8, own=""):
    folder = "/newsroom/nachrichten"
    links = "".join(f'<a href="{folder}/{n}.html"><h3>Nr. {n}</h3></a>' for n in range(count))
    html = f"<title>Stadt</title><main>{headline}{links}{own}</main>"
    return list_of_others(parse_html(capture_of(html, SLUG_URL)), site, SLUG_URL)


@pytest.mark.parametrize("headline", ["<h1>Newsroom</h1>", "", "<h2>Neue Nachrichten vom Amt</h2>"])
def test_a_list_of_other_releases_in_place_of_one(site, headline):
    assert "list of other releases" in listed(site, headline)


@pytest.mark.parametrize(
    ("headline", "more"),
    [
        ("<h1>Neue Brücke am Hafen</h1>", {}),
        ("<h2>Bruecke am Hafen eröffnet</h2>", {}),
        ("<h1>Newsroom</h1>", {"count": 7}),
        ("<h1>Newsroom</h1>", {"own": f'<a href="{SLUG_URL}">x</a>'}),
    ],
)
def test_a_page_that_may_be_the_release_or_lists_it_is_no_such_list(site, headline, more):
    assert listed(site, headline, **more) is None
