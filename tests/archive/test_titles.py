"""Releases named by their title, and earlier versions of them."""

import json

import pytest

from scraper.archive import Archive
from scraper.archive.titles import find_named
from scraper.errors import UsageError
from tests.archive.corpus import RELEASES, article, filled, store


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("titled")) as made:
        filled(made)
        store(made, article("a", "Schulen öffnen später: Fragen", published="2026-09-05"))
        yield made


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("neubau", 1),
        ("GRUNDSCHULE", 1),
        ("Bäume für", 3),
        ("Baeume  fuer die Nordstadt", 3),
        ("Schulen öffnen später", 2),
        ("später: Fragen", 5),
        ("4", 4),
        (RELEASES[0].url, 1),
    ],
)
def test_a_title_or_a_part_of_one(archive, typed, number):
    assert find_named(archive, typed) == number


def test_several_are_listed(archive):
    with pytest.raises(UsageError) as refused:
        find_named(archive, "öffnen")
    lines = str(refused.value).splitlines()
    assert "2 titles" in lines[0]
    assert [line.split()[:2] for line in lines[1:]] == [["5", "2026-09-05"], ["2", "2026-09-03"]]


@pytest.mark.parametrize("typed", ["Grundschulee", "99", "https://x.invalid/", "ab", "%", "-"])
def test_nothing_of_that_name(archive, typed):
    with pytest.raises(UsageError, match="no article"):
        find_named(archive, typed)


def test_what_is_near_is_named(archive):
    with pytest.raises(UsageError, match="Neubau einer Grundschule"):
        find_named(archive, "Neubau einer Grundschuhle")


def test_a_title_of_another_city_is_none(archive):
    with pytest.raises(UsageError):
        find_named(archive, "Neubau", ("muenster",))


def test_versions(newsroom, lived_archive):
    def show(*options):
        return newsroom("--data", lived_archive, "show", *options)

    with Archive.open_existing(lived_archive) as opened:
        (row,) = opened.rows(
            "SELECT a.id, a.title FROM articles a JOIN revisions r ON r.article_id = a.id "
            "WHERE r.number = 2"
        )
    first = json.loads(show(row["id"], "--version", "1", "--json")[1])
    second = json.loads(show(row["id"], "--version", "2", "--json")[1])
    assert json.loads(show(*row["title"].split(), "--json")[1]) == second
    assert "Der Termin ist verlegt" in second["text"]
    assert "Der Termin ist verlegt" not in first["text"]
    assert "verlegt: Er beginnt" not in show(row["id"], "--raw", "--version", "1")[1]
    assert "verlegt: Er beginnt" in show(row["id"], "--raw", "--version", "2")[1]
    code, _out, err = show(row["id"], "--version", "3")
    assert (code, "versions 1 to 2" in " ".join(err.split())) == (2, True)
    assert show(row["id"], "--version", "1", "--cite")[0] == 2
