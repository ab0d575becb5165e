"""The page of saved searches: what they look for and how telling goes, but no secret."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from scraper.archive import Archive
from scraper.watch import saved
from tests.archive.corpus import filled
from tests.browse.serving import get, web_view
from tests.browse.test_auth import basic, line, written
from tests.browse.test_browser import clean
from tests.conftest import NOW

SECRETS = ("hunter2", "topsecrettoken")
ADDRESS = f"json://me:{SECRETS[0]}@198.51.100.7/{SECRETS[1]}"


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("watches")
    with Archive.open(directory) as archive:
        filled(archive)
        wanted = saved.Wanted("Schule <b>", "schulen", changes=True, to=(ADDRESS, "env:NTFY"))
        watch = saved.add(archive, wanted, NOW)
        events = archive.rows("SELECT min(id) AS id, article_id FROM events")
        saved.note_found(archive, watch, [events[0]["id"]], NOW)
        first, second = saved.targets_of(archive, watch)
        saved.note_failed(archive, first["id"], "the host does not answer")
        saved.note_sent(archive, second["id"], [events[0]["id"]], NOW)
        saved.add(archive, saved.Wanted(None, speaker="Westphal"), NOW)
    return directory


@pytest.fixture(scope="module")
def private(directory):
    with web_view(directory) as address:
        yield address


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Looks for", "failed, 1 in a row", "told last", "nobody; only the feed"]),
        ("de", ["Sucht nach", "gescheitert, 1 Mal", "zuletzt gemeldet", "nur der Feed"]),
    ],
)
def test_what_is_watched_and_how_telling_goes(private, language, words):
    answer = get(private, "/watches", Accept_Language=language)
    assert answer.status == 200
    for word in (*words, "json://198.51.100.7/…", "env:NTFY", "the host does not answer"):
        assert word in answer.text
    assert "Schule &lt;b&gt;" in answer.text
    assert 'href="/search?q=Schule+%3Cb%3E"' in answer.text
    assert 'href="/search?speaker=Westphal"' in answer.text
    assert 'href="/release/' in answer.text
    assert "exports/watch-schulen.xml" in answer.text


def test_no_secret_is_on_any_page(private):
    for path in ("/watches", "/newsroom/watches", "/newsroom/watch_targets.json", "/"):
        text = get(private, path).text
        assert not [secret for secret in SECRETS if secret in text]


def test_it_is_linked_where_something_is_watched(private, tmp_path):
    assert 'href="/watches"' in get(private, "/people").text
    Archive.open(tmp_path).close()
    with web_view(tmp_path) as address:
        assert 'href="/watches"' not in get(address, "/people").text
        assert "newsroom watch add" in get(address, "/watches").text


def test_strangers_do_not_see_what_somebody_looks_for(directory):
    with web_view(directory, trusted="192.0.2.1") as address:
        assert get(address, "/watches").status == 404
        assert 'href="/watches"' not in get(address, "/").text
        assert "schulen" not in get(address, "/newsroom/watches.json").text


def test_who_has_a_password_is_no_stranger(directory, tmp_path):
    file = written(tmp_path / "f", line("anna"))
    with web_view(directory, trusted="192.0.2.1", auth=file) as address:
        assert get(address, "/watches").status == 401
        for path in ("/watches", "/newsroom/watches.json"):
            assert "schulen" in get(address, path, Authorization=basic("anna")).text
        runs = get(address, "/newsroom/runs.json?_shape=array", Authorization=basic("anna"))
        assert re.search(r'"process": *"', runs.text) is None


def test_axe_finds_nothing_serious(private, visit):
    seen = visit(width=320)
    seen.page.goto(f"{private}watches")
    found = Axe().run(seen.page).response["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in {"serious", "critical"}] == []
    clean(seen)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320
