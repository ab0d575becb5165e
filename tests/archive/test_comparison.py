"""A subject compared across cities: in all, by month, by year."""

import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive import Archive
from scraper.archive.comparison import COLUMNS, compare
from scraper.archive.search.articles import count_matches
from scraper.archive.search.filters import Filters
from scraper.console.bars import bar
from tests.archive.corpus import store
from tests.archive.several import of, several


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    path = tmp_path_factory.mktemp("comparison")
    with Archive.open(path) as archive:
        several(archive)
        store(archive, of("koeln", "alt", "Steuer vor Zeiten", "Text.", published="2025-12-31"))
        store(archive, of("koeln", "undated", "Steuer ohne Tag", "Text."))
    return path


@pytest.fixture(scope="module")
def archive(directory):
    with Archive.open_existing(directory) as opened:
        yield opened


@pytest.fixture
def run(newsroom, directory):
    """The command on that archive."""
    return lambda *words: newsroom("--data", directory, *words)


def test_each_city_has_its_share(archive):
    assert compare(archive, "Steuer", Filters()) == [
        {"site": "koeln", "site_name": "Stadt Köln", "releases": 3, "total": 4, "share": 0.75},
        {"site": "dortmund", "site_name": "Stadt Dortmund", "releases": 1, "total": 2,
         "share": 0.5},
        {"site": "aachen", "site_name": "Stadt Aachen", "releases": 0, "total": 1, "share": 0.0},
    ]  # fmt: skip


def test_by_month_and_by_year(archive):
    months = compare(archive, "Steuer", Filters(), "month")
    assert [(row["month"], row["site"], row["releases"], row["total"]) for row in months] == [
        ("2025-12", "koeln", 1, 1), ("2026-08", "dortmund", 1, 1), ("2026-08", "koeln", 1, 2),
        ("2026-09", "aachen", 0, 1), ("2026-09", "dortmund", 0, 1),
    ]  # fmt: skip
    years = compare(archive, "Steuer", Filters(sites=("koeln",)), "year")
    assert [(row["year"], row["releases"], row["share"]) for row in years] == [
        ("2025", 1, 1.0), ("2026", 1, 0.5)
    ]  # fmt: skip


@pytest.mark.parametrize("query", ["Steuer", "Markt OR Bad", "Führung", "Nilpferd"])
@pytest.mark.parametrize(
    "filters",
    [Filters(), Filters(since=date(2026, 8, 10)), Filters(until=date(2026, 8, 10)),
     Filters(sites=("koeln", "aachen")), Filters(tag="finanzen")],
    ids=str,
)  # fmt: skip
def test_the_sum_is_what_a_search_finds(archive, query, filters):
    rows = compare(archive, query, filters)
    assert sum(row["releases"] for row in rows) == count_matches(archive, query, filters)


def test_the_verb_prints_bars(run):
    code, out, err = run("compare", "Steuer")
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert lines[1] == ["Stadt", "Köln", "3", "4", "75.0%", "█" * 40]
    assert lines[2][-1].startswith("█" * 26)
    assert out.endswith("4 of 7 releases, 57.1%\n")
    assert "2026-09" not in run("compare", "Steuer", "--by", "month")[1]
    assert run("compare", "Nilpferd")[1].endswith("0 of 7 releases, 0.0%\n")


@pytest.mark.parametrize("by", COLUMNS)
def test_csv_and_json_are_the_same_rows(run, by):
    rows = json.loads(run("compare", "Steuer", "--by", by, "--json")[1])
    read = list(csv.DictReader(io.StringIO(run("compare", "Steuer", "--by", by, "--csv")[1])))
    assert [{name: str(value) for name, value in row.items()} for row in rows] == read
    assert tuple(rows[0]) == COLUMNS[by]


def test_wrong_use_is_told(run):
    assert run("compare", "Steuer", "--csv", "--json")[0] == 2
    assert run("compare", "Steuer", "--by", "day")[0] == 2
    assert run("compare", '"')[0] == 2
    assert run("compare", "Steuer", "--site", "nirgendwo")[0] == 2
    assert run("compare", "Steuer", "--since", "gestern?")[0] == 2


def test_an_empty_archive(newsroom, tmp_path):
    Archive.open(tmp_path / "data").close()
    code, out, err = newsroom("compare", "Steuer")
    assert (code, out) == (0, "0 of 0 releases\n")
    assert "no releases yet" in err


def test_a_date_that_is_none_is_in_no_month(tmp_path):
    with Archive.open(tmp_path) as archive:
        for number, text in enumerate(("gestern", "2026", "2026-05")):
            store(archive, of("koeln", f"a{number}", "Steuer", "Text."))
            archive.db.execute("UPDATE articles SET published = ? WHERE id = ?", [text, number + 1])
        assert [row["month"] for row in compare(archive, "Steuer", Filters(), "month")] == [
            "2026-05"
        ]


@given(
    value=st.floats(0, 1e9, allow_nan=False),
    largest=st.floats(0, 1e9, allow_nan=False),
    width=st.integers(1, 200),
)
def test_a_bar_fits_and_more_than_nothing_is_seen(value, largest, width):
    drawn = bar(value, largest, width)
    assert len(drawn) <= width
    assert bool(drawn) == (value > 0 and largest > 0)


def test_only_an_index_is_read(archive):
    plan = archive.rows(
        "EXPLAIN QUERY PLAN SELECT site, count(*) FROM articles a "
        "WHERE a.published GLOB '[0-9]*' GROUP BY site"
    )
    assert "COVERING INDEX articles_site" in plan[0]["detail"]
