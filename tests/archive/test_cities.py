"""Several cities in one archive: which there are, and narrowing everything down to some."""

import csv
import io
import json
import zipfile

import feedparser
import pytest

from scraper.archive import Archive
from scraper.archive.cities import chosen_cities, cities, has_several
from scraper.archive.read import find_article_id, statistics
from scraper.archive.search import filters
from scraper.archive.search.articles import count_matches, is_found, search
from scraper.archive.search.filters import Filters
from scraper.archive.search.quotations import search_quotes
from scraper.errors import UsageError
from tests.archive.corpus import filled
from tests.archive.several import several


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    path = tmp_path_factory.mktemp("several")
    with Archive.open(path) as archive:
        several(archive)
    return path


@pytest.fixture(scope="module")
def archive(directory):
    with Archive.open_existing(directory) as opened:
        yield opened


@pytest.fixture
def run(newsroom, directory):
    """The command on that archive."""
    return lambda *words: newsroom("--data", directory, *words)


def test_the_cities_are_those_with_releases_and_those_followed(archive):
    found = [(city.key, city.releases) for city in cities(archive)]
    assert found == [("aachen", 1), ("dortmund", 2), ("essen", 0), ("koeln", 2)]
    assert next(city.name for city in cities(archive) if city.key == "koeln") == "Stadt Köln"
    assert has_several(archive)


def test_an_archive_of_one_city_has_not_several(tmp_path):
    with Archive.open(tmp_path) as one:
        assert not has_several(one)
        assert not has_several(filled(one))


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("kölln", "koeln"), ("Stadt Köln", "koeln"), ("DORTMUND", "dortmund"), ("achen", "aachen")],
)
def test_an_unknown_city_is_refused_with_those_there_are(archive, name, suggestion):
    with pytest.raises(UsageError, match=f"Did you mean '{suggestion}'") as refused:
        chosen_cities(archive, [name])
    assert "This archive has: aachen, dortmund, essen, koeln." in str(refused.value)


def test_a_known_city_without_releases_is_no_mistake(run):
    code, out, err = run("search", "Steuer", "--site", "bochum", "--json")
    assert (code, json.loads(out)) == (0, [])
    assert "no release of bochum" in err


@pytest.mark.parametrize(
    "words",
    [
        ("search", "Steuer"), ("quotes",), ("changes",), ("stats",), ("show", "1"),
        ("history", "1"), ("export", "articles", "-o", "-"), ("export", "feed", "-o", "-"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_verb_refuses_an_unknown_city(run, words):
    code, out, err = run(*words, "--site", "nirgendwo")
    assert (code, out) == (2, "")
    assert "nirgendwo" in err
    assert "dortmund" in err


def test_a_search_of_one_city_and_of_several(archive):
    def found(*sites):
        rows = search(archive, "Grundsteuer", Filters(sites=sites))
        assert count_matches(archive, "Grundsteuer", Filters(sites=sites)) == len(rows)
        return {row["site"] for row in rows}

    assert found() == {"dortmund", "koeln"}
    assert found("koeln") == {"koeln"}
    assert found("koeln", "dortmund") == {"dortmund", "koeln"}
    assert found("aachen") == set()


@pytest.mark.parametrize("few", [0, 1, 20_000])
@pytest.mark.parametrize("sites", [("koeln",), ("dortmund", "aachen"), ("essen",)])
def test_a_city_with_few_releases_is_searched_as_one_with_many(archive, monkeypatch, few, sites):
    """Its releases are listed first, or each match is looked at: both find the same."""
    monkeypatch.setattr(filters, "_FEW", few)
    for query in ("Grundsteuer OR Markt OR Führung OR Bad", "Steuer", "-Rat Steuer", "Freibad"):
        rows = search(archive, query, Filters(sites=sites))
        every = search(archive, query, Filters())
        assert [row["id"] for row in rows] == [row["id"] for row in every if row["site"] in sites]
        assert count_matches(archive, query, Filters(sites=sites)) == len(rows)
        assert is_found(archive, query, Filters(sites=sites)) is bool(rows)


def test_results_name_their_city(archive, run):
    row = search(archive, "Grundsteuer steigt", Filters())[0]
    assert (row["site"], row["site_name"]) == ("koeln", "Stadt Köln")
    assert "Stadt Köln: Grundsteuer steigt" in run("search", "Grundsteuer")[1]


def test_before_the_verb_and_behind_it_is_the_same(run):
    before = run("--site", "koeln", "--site", "aachen", "quotes", "--json")
    assert before == run("quotes", "--site", "koeln", "--site", "aachen", "--json")
    assert {row["site"] for row in json.loads(before[1])} == {"koeln"}


def test_quotations_of_a_city(archive):
    assert {row["site"] for row in search_quotes(archive, sites=("koeln",))} == {"koeln"}
    assert len(search_quotes(archive, "Land", sites=("dortmund",))) == 1


def test_statistics_of_a_city_are_of_that_city(archive):
    figures = statistics(archive, ("koeln",))
    assert (figures["articles"], figures["oldest"]) == (2, "2026-08-20")
    assert figures["months"] == [{"month": "2026-08", "articles": 2}]
    assert [site["key"] for site in figures["sites"]] == ["koeln"]
    assert figures["fill_rate"]["quotes"] == 1.0
    assert statistics(archive, ("koeln", "aachen"))["fill_rate"]["quotes"] == 0.6667
    assert statistics(archive)["articles"] == 5


def test_an_id_of_two_cities_is_told_apart(archive):
    with pytest.raises(UsageError, match=r"2 \(dortmund\), 3 \(koeln\)"):
        find_article_id(archive, "both")
    assert find_article_id(archive, "both", ("koeln",)) == 3
    with pytest.raises(UsageError, match="is from koeln, not from dortmund"):
        find_article_id(archive, "3", ("dortmund",))
    with pytest.raises(UsageError, match="is from dortmund, not from aachen"):
        find_article_id(archive, "both", ("aachen",))


@pytest.mark.parametrize("what", ["articles", "quotes", "tags", "events", "revisions", "captures"])
def test_exports_have_key_and_name_of_the_city(run, what):
    rows = list(csv.DictReader(io.StringIO(run("export", what, "-o", "-")[1])))
    assert {(row["site"], row["site_name"]) for row in rows} >= {
        ("dortmund", "Stadt Dortmund"), ("koeln", "Stadt Köln")
    }  # fmt: skip
    one = csv.DictReader(io.StringIO(run("export", what, "-o", "-", "--site", "koeln")[1]))
    assert {row["site"] for row in one} == {"koeln"}


def test_json_lines_have_it_too(run):
    lines = run("export", "articles", "-o", "-", "--format", "jsonl", "--site", "aachen")[1]
    assert [json.loads(line)["site_name"] for line in lines.splitlines()] == ["Stadt Aachen"]


def test_the_data_package_says_how_complete_each_city_is(run, tmp_path):
    path = tmp_path / "x.zip"
    assert run("export", "dataset", "-o", path, "--site", "koeln")[0] == 0
    with zipfile.ZipFile(path) as bundle:
        about = json.loads(bundle.read("datapackage.json"))
        text = bundle.read("data/completeness.csv").decode()
        page = bundle.read("README.md").decode()
    rows = [(row["site"], row["month"], row["parsed"]) for row in csv.DictReader(io.StringIO(text))]
    assert rows == [
        ("aachen", "2026-09", "1"), ("dortmund", "2026-08", "1"), ("dortmund", "2026-09", "1"),
        ("koeln", "2026-08", "2"),
    ]  # fmt: skip
    assert (about["selection"], about["name"]) == ({"site": "koeln"}, "koeln-newsroom")
    assert [source["title"] for source in about["sources"]] == ["Stadt Köln"]
    assert about["counts"]["articles"] == 2
    assert "| 2026-08 | 2 | 2 | 2 | 0 | 0 | 0 | koeln | Stadt Köln |" in page


def feed(run, *words):
    return feedparser.parse(run("export", "feed", "-o", "-", *words)[1])


def test_a_feed_of_one_city_is_that_city_s(run):
    found = feed(run, "--site", "koeln")
    assert found.feed.title == "Stadt Köln: Mitteilungen"
    assert "stadt-koeln" in found.feed.id
    assert {entry.author for entry in found.entries} == {"Stadt Köln"}


def test_a_feed_of_all_is_nobody_s_alone(run):
    found = feed(run)
    assert found.feed.title == "Stadt Aachen, Stadt Dortmund, Stadt Köln: Mitteilungen"
    assert len({entry.author for entry in found.entries}) == 3
    assert found.feed.id == "tag:newsrooms.invalid,2023:newsroom-archive/articles"
    assert len({feed(run, "--site", "koeln", "--site", "aachen").feed.id, found.feed.id}) == 2


def test_people_are_counted_per_city(archive):
    rows = archive.rows("SELECT site, roles FROM people WHERE name = 'Kim Beispiel' ORDER BY 1")
    assert [(row["site"], row["roles"]) for row in rows] == [
        ("dortmund", "Oberbürgermeisterin"), ("koeln", "Leiter des Tiefbauamts")
    ]  # fmt: skip


def test_counting_a_city_reads_an_index_and_no_texts(archive):
    plan = archive.rows(
        "EXPLAIN QUERY PLAN SELECT site, substr(published, 1, 7), count(*) FROM articles "
        "WHERE site = 'koeln' GROUP BY 1, 2"
    )
    assert "COVERING INDEX articles_site" in plan[0]["detail"]
