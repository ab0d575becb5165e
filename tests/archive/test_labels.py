"""Tags and districts, and names that no release has."""

import json

import pytest

from scraper.archive import Archive
from scraper.archive.labels import districts, tags, unknown_names
from scraper.archive.near import near
from scraper.archive.search.filters import Filters
from tests.archive.corpus import article, store
from tests.archive.several import of, several


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    path = tmp_path_factory.mktemp("labels")
    with Archive.open(path) as archive:
        several(archive)
        store(archive, of("koeln", "fest", "Fest", "Es wird gefeiert.", district="Hörde"))
    return path


@pytest.fixture(scope="module")
def archive(directory):
    with Archive.open_existing(directory) as opened:
        yield opened


@pytest.fixture
def run(newsroom, directory):
    """The command on that archive."""
    return lambda *words: newsroom("--data", directory, *words)


def test_tags_with_their_counts_and_cities(archive):
    assert tags(archive)[:2] == [
        {
            "tag": "Finanzen", "releases": 2, "first_date": "2026-08-03",
            "last_date": "2026-08-20", "sites": ["dortmund", "koeln"],
        },
        {
            "tag": "Freizeit", "releases": 2, "first_date": "2026-09-01",
            "last_date": "2026-09-10", "sites": ["aachen", "dortmund"],
        },
    ]  # fmt: skip
    assert [row["tag"] for row in tags(archive, ("koeln",))] == ["Finanzen", "Kultur", "Rat"]


def test_a_district_of_that_name_in_two_cities_is_two(archive):
    rows = [(row["district"], row["site_name"], row["releases"]) for row in districts(archive)]
    assert rows == [("Hörde", "Stadt Dortmund", 1), ("Hörde", "Stadt Köln", 1)]
    assert [row["site"] for row in districts(archive, ("koeln",))] == ["koeln"]


def test_both_verbs(run):
    assert json.loads(run("tags", "--site", "aachen", "--json")[1])[0]["tag"] == "Freizeit"
    assert json.loads(run("districts", "--json")[1])[0]["site_name"] == "Stadt Dortmund"
    code, out, err = run("tags")
    assert (code, err) == (0, "")
    assert "Finanzen  2         2026-08-03  2026-08-20  dortmund, koeln" in out
    assert "No release has a district." in run("districts", "--site", "aachen")[1]


@pytest.mark.parametrize("verb", ["tags", "districts"])
def test_an_empty_archive_says_so(newsroom, tmp_path, verb):
    Archive.open(tmp_path / "data").close()
    code, out, err = newsroom(verb, "--json")
    assert (code, json.loads(out)) == (0, [])
    assert "no releases yet" in err


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(tag="Finanz"), ("tag 'Finanz'", "'Finanzen'", "newsroom tags")),
        (Filters(tag="freiziet"), ("'Freizeit'",)),
        (Filters(district="Hörder"), ("district 'Hörder'", "'Hörde'", "newsroom districts")),
        (Filters(speaker="Beispeil"), ("Nobody called 'Beispeil'", "'Kim Beispiel'")),
        (Filters(tag="xyzxyz"), ("tag 'xyzxyz'.",)),
    ],
    ids=str,
)
def test_unknown_names_are_told_with_those_near(archive, filters, words):
    (sentence,) = unknown_names(archive, filters)
    for word in words:
        assert word in sentence
    assert ("Did you mean" in sentence) == (filters.tag != "xyzxyz")


@pytest.mark.parametrize(
    "filters",
    [Filters(tag="FINANZEN"), Filters(district="hoerde"), Filters(speaker="kim"), Filters()],
    ids=str,
)
def test_known_names_are_not_told(archive, filters):
    assert unknown_names(archive, filters) == []


@pytest.mark.parametrize(
    "words",
    [
        ("search", "Markt", "--tag", "Freizei"), ("changes", "--tag", "Freizei"),
        ("export", "tags", "-o", "-", "--tag", "Freizei"),
        ("quotes", "--speaker", "Freizei"), ("search", "Markt", "--tag", "Freizei", "--json"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_unknown_and_without_hits_are_told_apart(run, words):
    code, out, err = run(*words)
    assert code == 0
    assert "Freizei" in err
    assert "Freizei" not in out
    known = [word.replace("Freizei", "Kultur") for word in words if word != "--speaker"]
    if words[0] != "quotes":
        assert "Note" not in run(*known)[2]


@pytest.mark.parametrize("name", ["", "%", "'", "\x00", "a" * 5_000, "🏗", "Ärger"])
def test_any_text_may_be_asked_for(name):
    assert near(name, []) == []
    assert len(near(name, ["Ärger", "Bauen", ""])) <= 3


def test_counting_districts_reads_the_index(archive):
    plan = archive.rows(
        "EXPLAIN QUERY PLAN SELECT min(district) FROM articles WHERE district > 'H'"
    )
    assert "COVERING INDEX articles_district" in plan[0]["detail"]


def test_the_same_tag_twice_in_a_release_counts_once(tmp_path):
    with Archive.open(tmp_path) as archive:
        store(archive, article("a", "A", tags=("Wald", "Wald")))
        assert [(row["tag"], row["releases"]) for row in tags(archive)] == [("Wald", 1)]
