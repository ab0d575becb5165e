"""Words of a search as people type them: without quotation marks, some to be left out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive import Archive
from scraper.cli.free_words import words_last
from tests.archive.corpus import filled

TAKERS = {"--tag", "--quote"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Schule -Brand", "Schule -- -Brand"),
        ("-Brand Schule --json", "Schule --json -- -Brand"),
        ("Schule -Brand --tag -Eving", "Schule --tag -Eving -- -Brand"),
        ("Schule -12 -„alte", "Schule -- -12 -„alte"),
        ("Schule --json -h", "Schule --json -h"),
        ("Schule -- --brand", "Schule -- --brand"),
        ("-Brand -- -x", "-- -Brand -x"),
    ],
)
def test_words_that_are_left_out_are_no_options(typed, read):
    assert words_last(typed.split(), TAKERS) == read.split()


@given(st.lists(st.sampled_from(["Schule", "-Brand", "--json", "-h", "--tag", "--", "-"])))
def test_no_argument_is_lost(args):
    assert sorted(set(words_last(args, TAKERS)) - {"--"}) == sorted(set(args) - {"--"})


@pytest.fixture
def search(newsroom, tmp_path):
    with Archive.open(tmp_path / "data") as made:
        filled(made)

    def call(*arguments):
        code, out, err = newsroom("search", *arguments)
        assert code == 0, err
        return out, err

    return call


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (("Schule",), 3),
        (("Schule", "Neubau"), 1),
        (("Schule", "-Neubau"), 2),
        (("-Neubau", "Schule"), 2),
        (("Schule", "AND", "Neubau"), 1),
        (("Schule", "UND", "Neubau"), 1),
        (("Schule", "NOT", "Neubau"), 2),
        (("Neubau", "ODER", "Brand"), 2),
        (("Neubau", "OR", "Brand"), 2),
        (("Schule und Neubau",), 1),
    ],
)
def test_operators_and_words_without_quotation_marks(search, arguments, count):
    assert search("--count", *arguments)[0] == f"{count}\n"


def test_what_was_meant_is_said_where_it_is_not_in_the_way(search):
    out, err = search("Grundshule")
    assert (out, err) == ("Nothing found.\n", "Meinten Sie: Grundschule?\n")
    out, err = search("--json", "Grundshule")
    assert (json.loads(out), "Meinten Sie: Grundschule?" in err) == ([], True)


def test_the_closest_to_a_sentence_are_said_to_be_that(search):
    out, err = search("--quote", "Der Unterricht aller Schulen beginnt heute um 9 Uhr", "--json")
    (row,) = json.loads(out)
    assert row["title"] == "Schulen öffnen später"
    assert 0.3 < row["overlap"] < 1
    assert "No release has these words side by side." in " ".join(err.split())
    out, err = search("--quote", "Unterricht der Schulen beginnt um 9 Uhr")
    assert "Schulen öffnen später" in out
    assert err == ""


def test_nothing_to_look_for_is_said(newsroom, search):
    code, out, err = newsroom("search")
    assert (code, out) == (2, "")
    assert "Give words to look for" in err


@pytest.mark.parametrize(
    "address",
    [
        "www.dortmund.de/newsroom/nachrichten-dortmund.de/schulen.html",
        "dortmund.de/newsroom/nachrichten-dortmund.de/schulen.html",
        "http://www.dortmund.de/newsroom/nachrichten-dortmund.de/schulen.html",
        "http://dortmund.de/newsroom/nachrichten-dortmund.de/schulen.html",
        "https://DORTMUND.de/newsroom/nachrichten-dortmund.de/schulen.html",
    ],
)
def test_an_address_is_known_in_any_spelling(newsroom, search, address):
    for verb in ("show", "history"):
        code, out, _err = newsroom(verb, address)
        assert (code, "Schulen öffnen später" in out) == (0, True)
