"""The columns mean what the archive's own search means, and stay true while it changes."""

from dataclasses import replace

import pytest

from scraper.archive import Archive, Store
from scraper.archive.search.articles import search
from scraper.browse.cache import Cache
from scraper.browse.columns import read_columns
from scraper.browse.results import find, select
from scraper.browse.selection import Selection
from tests.archive.corpus import RELEASES, SAID, article, filled, store
from tests.conftest import NOW

EVERYTHING = 10**9


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path) as made:
        yield filled(made)


@pytest.fixture(scope="module")
def replica(archived):
    with Archive.open_existing(archived) as opened:
        yield opened


def facts(columns):
    names = "order published month kicker district site tags speakers tag_counts speaker_counts"
    names += " months sites months_by_site"
    return {name: getattr(columns, name) for name in names.split()}


@pytest.mark.parametrize(
    "selection",
    [
        Selection("Schule"),
        Selection("Schule OR Straße", date="2026"),
        Selection("Dortmund", date="2026-09"),
        Selection("Dortmund", district="hoerde"),
        Selection("Dortmund", tag="UMWELT & KLIMA"),
        Selection("Dortmund", speaker="ö"),
        Selection("Dortmund", kicker="Wohnen"),
        Selection("Dortmund", date="2025", tag="Bauen & Wohnen"),
        Selection('"neue Pläne" -Hörde'),
    ],
    ids=Selection.query_string,
)
def test_filters_mean_what_the_search_means(replica, selection):
    found = search(replica, selection.q, selection.filters, limit=EVERYTHING)
    cache = Cache()
    selected = select(cache, replica, cache.columns(replica), selection)
    assert sorted(selected) == sorted(row["id"] for row in found)
    assert find(cache, replica, selection).total == len(found)


def test_the_first_page_is_that_of_the_search(replica):
    rows = find(Cache(), replica, Selection("Dortmund")).rows
    found = search(replica, "Dortmund", Selection().filters)
    assert [(row["id"], row["snippet"]) for row in rows] == [
        (row["id"], row["snippet"]) for row in found
    ]


def test_newest_first_is_newest_first(replica):
    pages = [
        find(Cache(), replica, Selection("Dortmund", sort="date", page=page)).rows
        for page in (1, 2)
    ]
    days = [row["published"] or "" for rows in pages for row in rows]
    assert len(days) > 20
    assert days == sorted(days, reverse=True)


def test_each_value_of_a_facet_leads_to_as_many_results_as_it_says(replica):
    cache = Cache()
    results = find(cache, replica, Selection("Dortmund"))
    assert {facet.name for facet in results.facets if facet.values} >= {"date", "tag", "district"}
    for facet in results.facets:
        for value, number in facet.values:
            narrowed = Selection(**{"q": "Dortmund", facet.name: value})
            if facet.name != "speaker":  # a part of a name may fit others
                assert find(cache, replica, narrowed).total == number, (facet.name, value)


def test_undated_releases_come_last_and_stand_in_no_month(archive):
    columns = read_columns(archive)
    assert columns.order == [2, 3, 1, 4]
    assert columns.months == {"2026-09": 3}


def test_what_changed_is_read_again_and_nothing_else_is_lost(archive, tmp_path):
    cache = Cache()
    with Archive.open_existing(tmp_path) as reader:
        before = cache.columns(reader)
        assert cache.columns(reader) is before
        store(archive, replace(RELEASES[1], tags=("Mengede",), quotes=(SAID,), kicker="Neu"))
        store(archive, article("neu", "Ganz neu", published="2026-09-02T08:00:00+02:00"))
        after = cache.columns(reader)
        assert facts(after) == facts(read_columns(reader))
        assert after.kicker[2] == "Neu"
        assert after.speaker_counts[SAID.speaker] == 2
        assert before.kicker[2] is None, "a snapshot stays what it was"


def test_what_another_program_deleted_is_gone(archive):
    before = read_columns(archive)
    archive.db.execute("DELETE FROM articles WHERE id = 1")
    Store(archive).mark_gone(Store(archive).find(RELEASES[1].url), NOW)
    after = read_columns(archive, before)
    assert 1 not in after.month
    assert facts(after) == facts(read_columns(archive))


@pytest.mark.parametrize("text", ["gestern-1", "2026-05", "2026-05-99", "20260501", "2026-W18-5"])
def test_a_date_that_is_none_makes_no_month(archive, text):
    archive.db.execute("UPDATE articles SET published = ? WHERE id = 1", [text])
    assert read_columns(archive).months == {"2026-09": 2}


def test_kept_answers_are_those_of_their_version():
    cache = Cache()
    assert cache.kept(1, "a", lambda: "one") == "one"
    assert cache.kept(1, "a", lambda: "other") == "one"
    assert cache.kept(2, "a", lambda: "two") == "two"
    for number in range(200):
        cache.kept(2, number, lambda: None)
    assert cache.kept(1, "a", lambda: "forgotten") == "forgotten"
