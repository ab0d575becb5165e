"""The web view of an archive of several cities: pages for each, a facet, comparing."""

import csv
import io
import re
from pathlib import Path

import feedparser
import pytest
from axe_playwright_python.sync_playwright import Axe

import scraper.browse
from scraper.archive import Archive, begin_run, end_run
from tests.archive.several import several
from tests.browse.serving import get, web_view
from tests.browse.test_browser import clean
from tests.conftest import NOW

CITIES = ("aachen", "dortmund", "essen", "koeln")
OURS = (
    "/", "/cities", "/cities/koeln", "/cities/essen", "/search?q=Steuer", "/search?site=koeln",
    "/people", "/people/Kim%20Beispiel?site=koeln", "/people/Alex%20Fern", "/changes?site=koeln",
    "/compare", "/compare?q=Steuer", "/compare?q=Steuer&by=month", "/compare?q=Steuer&by=year",
    "/release/1", "/compare?q=%22",
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    directory = tmp_path_factory.mktemp("cities")
    with Archive.open(directory) as archive:
        several(archive)
        for key, code in (("dortmund", 0), ("koeln", 5), ("aachen", 4)):
            end_run(archive, begin_run(archive, key, "live", NOW), NOW, {"exit_code": code})
    with web_view(directory) as served:
        yield served


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", OURS)
def test_every_page_answers_in_both_languages(address, path, language):
    answer = get(address, path, Accept_Language=language)
    assert answer.status == (400 if path.endswith("%22") else 200)
    assert f'<html lang="{language}">' in answer.text
    assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text)
    assert ("Städte</a>" in answer.text) is (language == "de")


def test_all_cities_at_a_glance(address):
    text = get(address, "/cities", Accept_Language="de").text
    assert re.findall(r'<h2 lang="de"><a href="/cities/(\w+)">', text) == list(CITIES)
    for words in (
        "Aufbau geändert oder verstummt", "nicht erreichbar", "in Ordnung", "noch kein Lauf",
        "an echten Seiten", "ionas4", "nur die Adresse",
    ):  # fmt: skip
        assert words in text
    assert 'aria-label="Meldungen je Jahr: 2026 2"' in text


def test_the_page_of_a_city_is_about_that_city_alone(address):
    text = get(address, "/cities/koeln", Accept_Language="de").text
    assert '<h1 lang="de">Stadt Köln</h1>' in text
    assert re.findall(r'<h3 lang="de"><a href="/release/(\d+)"', text) == ["4", "3"]
    assert 'href="/search?date=2026-08&amp;site=koeln"' in text
    assert 'href="/search?tag=Kultur&amp;site=koeln"' in text
    assert 'href="/people/Kim%20Beispiel?site=koeln"' in text
    assert "Freizeit" not in text
    assert "beendet mit Code 5" in text
    assert get(address, "/cities/essen", Accept_Language="de").text.count("noch nichts") == 1


def test_the_start_page_speaks_of_cities(address):
    text = get(address, "/", Accept_Language="de").text
    assert "Meldungen aus 4 Städten" in text
    for key in CITIES:
        assert f'href="/cities/{key}"' in text
    assert "Releases of 4 cities" in get(address, "/").text


def test_a_search_can_be_narrowed_to_a_city(address):
    text = get(address, "/search?q=Steuer").text
    assert re.findall(r'href="/search\?q=Steuer&amp;site=(\w+)" lang="de">([^<]+)<', text) == [
        ("dortmund", "Stadt Dortmund"), ("koeln", "Stadt Köln")
    ]  # fmt: skip
    narrowed = get(address, "/search?q=Steuer&site=koeln").text
    assert "<strong>1 release</strong>" in narrowed
    assert "<span>City:</span> Stadt Köln" in narrowed
    lines = list(csv.DictReader(io.StringIO(get(address, "/search.csv?site=koeln").text)))
    assert {(line["site"], line["site_name"]) for line in lines} == {("koeln", "Stadt Köln")}


def test_a_feed_of_a_city(address):
    page = get(address, "/cities/aachen").text
    for end in ("csv", "xlsx", "atom"):
        assert f'<a href="/search.{end}?site=aachen"' in page
        assert get(address, f"/search.{end}?site=aachen").status == 200
    found = feedparser.parse(get(address, "/search.atom?site=aachen").body)
    assert found.feed.title == "Stadt Aachen: Mitteilungen"
    assert len(found.entries) == 1
    assert feedparser.parse(get(address, "/changes.atom?site=aachen").body).entries == []


def test_the_same_name_in_two_cities_is_two_people(address):
    text = get(address, "/people").text
    assert re.findall(r'href="/people/Kim%20Beispiel\?site=(\w+)"', text) == ["dortmund", "koeln"]
    assert len(re.findall(r'href="/people/Alex%20Fern', text)) == 1
    page = get(address, "/people/Kim%20Beispiel?site=koeln", Accept_Language="de").text
    assert "Wir bauen weiter" in page
    assert "Das ist gut für alle" not in page
    assert 'Gleicher Name in: <a href="/people/Kim%20Beispiel?site=dortmund"' in page
    both = get(address, "/people/Alex%20Fern").text
    assert "Ich bin gern hier" in both
    assert "Wir feiern" in both
    assert get(address, "/people/Kim?site=koeln").status == 404
    assert get(address, "/people?q=kim").text.count("/people/Kim%20Beispiel?") == 2


def test_comparing(address):
    text = get(address, "/compare?q=Steuer", Accept_Language="de").text
    assert re.findall(r'<td class="number">([^<]+)</td>', text)[:3] == ["1", "2", "50,0 %"]
    months = get(address, "/compare?q=Steuer&by=month").text
    assert 'aria-label="Releases: 2026-08 1, 2026-09 0"' in months
    lines = list(csv.DictReader(io.StringIO(get(address, "/compare.csv?q=Steuer&by=year").text)))
    assert [(line["year"], line["site"], line["releases"]) for line in lines] == [
        ("2026", "aachen", "0"), ("2026", "dortmund", "1"), ("2026", "koeln", "1")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cities/nirgendwo", 404), ("/cities/<script>", 404), ("/compare?by=day", 400),
        ("/compare.csv?q=%22", 400), ("/compare.csv?q=a&by=x", 400), ("/compare?q=title:", 400),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(address, path, status):
    answer = get(address, path)
    assert answer.status == status
    assert "<script>" not in answer.text


def test_of_one_city_nothing_speaks_of_cities(served):
    text = get(served.address, "/", Accept_Language="de").text
    assert "Meldungen der Stadt Dortmund" in text
    assert "Städte" not in text
    assert 'href="/cities"' not in text
    assert "facet-site" not in get(served.address, "/search").text
    assert 'class="city"' not in get(served.address, "/release/1").text


def test_an_empty_archive_names_no_city(tmp_path):
    Archive.open(tmp_path).close()
    with web_view(tmp_path) as served:
        for path in ("/", "/cities", "/compare", "/people", "/changes", "/search"):
            answer = get(served, path, Accept_Language="de")
            assert answer.status == 200
            assert "Dortmund" not in answer.text


def test_no_template_and_no_phrase_names_a_city():
    folder = Path(scraper.browse.__file__).parent
    files = [*folder.rglob("*.html"), *folder.rglob("*.py"), *folder.rglob("*.js")]
    assert len(files) > 30
    for file in files:
        assert "dortmund" not in file.read_text(encoding="utf-8").lower(), file


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("locale", "cities", "state", "button", "by"),
    [
        ("de-DE", "Städte", "Zustand", "Vergleichen", "Monat"),
        ("en-GB", "Cities", "State", "Compare", "Month"),
    ],
)
def test_from_the_cities_to_one_and_to_a_comparison(
    address, visit, javascript, locale, cities, state, button, by
):
    seen = visit(javascript=javascript, locale=locale)
    page = seen.page
    page.goto(address)
    seen.follow(page.get_by_role("navigation").get_by_role("link", name=cities, exact=True))
    assert page.get_by_role("heading", level=1).inner_text() == cities
    assert page.locator(".city-list > li").count() == len(CITIES)
    seen.follow(page.get_by_role("heading", name="Stadt Köln").get_by_role("link"))
    assert page.get_by_role("heading", level=1).inner_text() == "Stadt Köln"
    assert page.get_by_text(state, exact=True).is_visible()
    page.locator("#q").fill("Steuer")
    seen.follow(page.locator("form.search button"))
    assert "site=koeln" in page.url
    assert page.locator(".hits li").count() == 1
    page.goto(f"{address}compare")
    page.locator("#q").fill("Steuer")
    seen.follow(page.get_by_role("button", name=button))
    assert page.locator(".comparison tbody tr").count() == 3
    seen.follow(page.get_by_role("link", name=by, exact=True))
    assert "by=month" in page.url
    assert page.locator("figure.bars rect").count() == 4
    clean(seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(address, visit, scheme):
    seen = visit(width=320, color_scheme=scheme)
    for path in ("cities", "cities/koeln", "compare?q=Steuer&by=month", "search?q=Steuer"):
        seen.page.goto(address + path)
        found = Axe().run(seen.page).response["violations"]
        bad = [one["id"] for one in found if one["impact"] in {"serious", "critical"}]
        assert bad == [], path
        wide = seen.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, path
