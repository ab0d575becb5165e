"""Releases that correct others, in the archive and in whatever shows it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from scraper.archive import Archive
from scraper.archive.changes import changes
from scraper.archive.corrections import note_corrections
from scraper.archive.history import history
from scraper.archive.read import read_article
from scraper.archive.search.filters import Filters
from scraper.sites import get_site
from tests.archive.corpus import article, store
from tests.support import replica
from tests.support.replica import crawl

WIEN = get_site("wien")
FIRST = replace(
    article("park", "Neuer Park", "Er öffnet am Montag.", published="2026-10-01"), site="wien"
)
AGAIN = replace(
    article("park-neu", "Aktualisiert: Neuer Park", "Er öffnet am Dienstag."),
    site="wien",
    published="2026-10-02",
)


@pytest.fixture
def pair(tmp_path):
    """A release and its correction."""
    with Archive.open(tmp_path) as archive:
        for made in (FIRST, AGAIN):
            store(archive, made)
        yield archive


def corrected_events(archive):
    return archive.rows("SELECT article_id, detail FROM events WHERE kind = 'corrected'")


def test_the_pair_is_known_from_both_sides(pair):
    assert note_corrections(pair, WIEN) == 1
    assert read_article(pair, 2).corrects == FIRST.url
    assert read_article(pair, 1).corrects is None
    assert corrected_events(pair) == [{"article_id": 1, "detail": AGAIN.url}]
    first, again = history(pair, 1), history(pair, 2)
    assert [other["id"] for other in first["corrected_by"]] == [2]
    assert (first["corrects"], again["corrects"]["id"]) == (None, 1)
    assert [change["field"] for change in again["corrects"]["changes"]] == ["title", "text"]
    (row,) = [row for row in changes(pair, Filters()) if row["kind"] == "corrected"]
    assert (row["article_id"], row["detail"], row["fields"]) == (1, AGAIN.url, ["title", "text"])


def test_telling_it_again_changes_nothing(pair):
    for _ in range(3):
        note_corrections(pair, WIEN)
    assert len(corrected_events(pair)) == 1
    # A newer version of the correction, and reading it again, leave it.
    store(pair, replace(AGAIN, lead="Noch einmal."))
    assert read_article(pair, 2).corrects == FIRST.url


def test_what_fits_two_is_claimed_no_longer(pair):
    note_corrections(pair, WIEN)
    store(pair, replace(FIRST, url=FIRST.url.replace("park", "park-2")))
    assert note_corrections(pair, WIEN) == 0
    assert read_article(pair, 2).corrects is None
    assert corrected_events(pair) == []


def test_another_city_is_another_matter(tmp_path):
    with Archive.open(tmp_path) as archive:
        store(archive, replace(FIRST, site="bremen"))
        store(archive, AGAIN)
        assert note_corrections(archive, WIEN) == 0


def test_verbs_and_exports_show_it(pair, newsroom, tmp_path):
    note_corrections(pair, WIEN)
    out = newsroom("--data", tmp_path, "show", "2")[1]
    assert f"Corrects: {FIRST.url}" in out
    shown = json.loads(newsroom("--data", tmp_path, "show", "2", "--json")[1])
    assert shown["corrects"] == FIRST.url
    out = newsroom("--data", tmp_path, "history", "1", "--diff")[1]
    assert f"Corrected by (2, 2026-10-02): {AGAIN.url}" in out
    assert "[-Montag-]{+Dienstag+}" in out.replace(" ", "").replace("\n", "")
    assert f"corrected by {AGAIN.url}" in out
    out = newsroom("--data", tmp_path, "changes", "--since", "2020-01-01")[1]
    assert f"by {AGAIN.url}; differing in title, text" in out
    feed = tmp_path / "feed.xml"
    newsroom("--data", tmp_path, "export", "feed", "--changes", "-o", feed)
    text = feed.read_text(encoding="utf-8")
    assert "Berichtigt: Neuer Park" in text
    assert "&lt;ins&gt;" in text
    table = tmp_path / "a.jsonl"
    newsroom("--data", tmp_path, "export", "articles", "-o", table)
    lines = [json.loads(line) for line in table.read_text(encoding="utf-8").splitlines()]
    assert [line["corrects"] for line in lines] == [None, FIRST.url]


def test_a_crawl_notes_it(small, tmp_path, monkeypatch):
    site = replace(get_site("dortmund"), correction_prefixes=("Korrektur: ",))
    monkeypatch.setattr(replica, "get_site", lambda _key: site)
    small.put("a.html", title="Neuer Park")
    crawl(tmp_path, small.url)
    small.put("b.html", title="Korrektur: Neuer Park")
    crawl(tmp_path, small.url, after=timedelta(hours=6))
    with Archive.open_existing(tmp_path) as archive:
        (row,) = archive.rows("SELECT url, corrects FROM articles WHERE corrects IS NOT NULL")
        assert (row["url"][-6:], row["corrects"][-6:]) == ("b.html", "a.html")
        (event,) = archive.rows("SELECT capture_id FROM events WHERE kind = 'corrected'")
        assert event["capture_id"] is not None
