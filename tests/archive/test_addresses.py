"""Which release has an address now, had it before, or is meant by it."""

from dataclasses import replace

import pytest

from scraper.archive import Archive, Frontier, Store
from scraper.archive.addresses import moved_from, named_by, release_of, same_content, stored_at
from scraper.decide.revisit import RevisitPolicy
from scraper.records import Candidate
from tests.archive.corpus import PLACE, article, store
from tests.conftest import NOW

SITE = "dortmund"
RELEASE = article("neu", "Ein Titel", published="2026-09-01", content_id="c1")
OLD = f"{PLACE}alt.html"


@pytest.fixture
def archive(tmp_path):
    """One release, which an older address led to."""
    with Archive.open(tmp_path) as made:
        number = store(made, RELEASE)
        frontier = Frontier(made, SITE, 1, RevisitPolicy())
        listed = Candidate(OLD, "/alt.html?x", "listing")
        frontier.add([listed, Candidate(f"{PLACE}andere.html", "/andere.html", "listing")], NOW)
        (pending,) = (each for each in frontier.due(NOW) if each.url == OLD)
        frontier.succeeded(pending, number, RELEASE, NOW)
        yield made


def missing(archive):
    archive.db.execute("UPDATE candidates SET missing_since = ?", [NOW.isoformat()])


def test_an_address_of_now(archive):
    found = stored_at(archive, RELEASE.url, NOW)
    assert (found.id, found.url, found.missing_since) == (1, RELEASE.url, NOW)
    assert stored_at(archive, OLD) is None
    assert Store(archive).find(RELEASE.url).id == 1


def test_an_address_of_now_or_before(archive):
    assert release_of(archive, RELEASE.url) == 1
    assert release_of(archive, "https://example.org/", OLD) == 1
    assert release_of(archive, f"{PLACE}andere.html") is None
    assert release_of(archive) is None


@pytest.mark.parametrize("reference", [RELEASE.url, OLD, "/alt.html?x", "c1", RELEASE.url + "#x"])
def test_what_a_user_may_write(archive, reference):
    assert named_by(archive, reference) == 1


def test_what_names_nothing(archive):
    assert named_by(archive, "https://example.org/") is None
    assert named_by(archive, "") is None


def test_the_address_that_was_asked_for_led_to_the_page(archive):
    elsewhere = replace(RELEASE, url=f"{PLACE}neuer.html", content_id=None)
    assert moved_from(archive, SITE, RELEASE.url, elsewhere) == RELEASE.url
    assert moved_from(archive, "other", RELEASE.url, elsewhere) is None
    other = replace(elsewhere, title="Etwas anderes", published="2026-09-02")
    assert moved_from(archive, SITE, RELEASE.url, other) is None


def test_a_release_of_the_same_id_is_missing_where_it_was(archive):
    elsewhere = replace(RELEASE, url=f"{PLACE}neuer.html")
    assert moved_from(archive, SITE, elsewhere.url, elsewhere) is None
    missing(archive)
    assert moved_from(archive, SITE, elsewhere.url, elsewhere) == RELEASE.url


def test_another_id_needs_the_same_headline(archive):
    elsewhere = replace(RELEASE, url=f"{PLACE}neuer.html", content_id="c2")
    assert moved_from(archive, SITE, RELEASE.url, elsewhere) == RELEASE.url
    renamed = replace(elsewhere, title="Ein anderer")
    assert moved_from(archive, SITE, RELEASE.url, renamed) is None


def test_another_release_of_the_same_id(archive):
    elsewhere = replace(RELEASE, url=f"{PLACE}neuer.html")
    assert same_content(archive, SITE, elsewhere) == RELEASE.url
    assert same_content(archive, SITE, RELEASE) is None
    assert same_content(archive, SITE, replace(elsewhere, content_id=None)) is None
    assert same_content(archive, SITE, replace(elsewhere, title="x", published=None)) is None


@pytest.mark.parametrize("begin", ["", "//", "http://", "https://", "HTTPS://"])
@pytest.mark.parametrize("host", ["www.dortmund.de", "dortmund.de", "WWW.Dortmund.de"])
@pytest.mark.parametrize("url", [RELEASE.url, OLD])
def test_an_address_in_any_spelling(archive, begin, host, url):
    path = url.removeprefix("https://www.dortmund.de")
    assert named_by(archive, f"{begin}{host}{path}") == 1


@pytest.mark.parametrize("reference", ["dortmund.de", "http://", "://", "www.", "/", "a b"])
def test_what_is_no_address_of_a_release(archive, reference):
    assert named_by(archive, reference) is None
