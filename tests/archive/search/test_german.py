from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.search import german


@pytest.mark.parametrize(
    "spellings",
    [
        "Bürger Buerger BUERGER burger Bürgern Bürger*innen Bürger:innen Bürger_innen BürgerInnen",
        "Straße Strasse STRASSE Straßen",
        "Häuser Haus Hauses haeusern",
        "Größe groesse Grosse",
        "Kita Kitas",
        "Museum Museen Museums",
        "Thema Themen",
        "Gymnasium Gymnasien",
        "Büro Büros Buero",
        "Gebäude Gebaeude Gebäuden",
        "kostenlos kostenlose kostenloser",
        "Yıldız Yildiz",
        "Gonçalves Goncalves",
        "Ausbau Ausbauten Ausbaus",
        "Umbau Umbauten",
        "ausgebaut ausgebauten ausgebaute",
        "Atlas Atlanten Atlasse",
        "Schulatlas Schulatlanten",
        "Globus Globen",
        "Brandrisiko Brandrisiken",
        "Tourismus Tourismen",
        "Sprachkurs Sprachkurse Sprachkursen",
        "Kriterium Kriterien",
        "Stadion Stadien",
        "Bus Busse Bussen",
        "Jubiläum Jubiläen",
        "Festsaal Festsäle",
        "Ärztin Ärztinnen",
        "Beamtin Beamtinnen",
        "Referentin Referentinnen",
        "Nachbar Nachbarn",
    ],
)
def test_spellings_and_inflections_are_one_stem(spellings):
    assert len({german.unit(word).stems for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Haus", "Maus"),
        ("Kita", "Kittel"),
        ("Feuer", "Fuhre"),
        ("Rat", "Rad"),
        ("Kurs", "Kur"),
        ("Favoriten", "Ritus"),
        ("Schwalben", "Album"),
        ("Heiligen", "Liga"),
        ("Benzins", "Zins"),
        ("größeren", "Serum"),
        ("Dose", "Dosis"),
    ],
)
def test_different_words_stay_different(one, other):
    assert german.unit(one).stems != german.unit(other).stems


def test_compounds_with_hyphens_are_indexed_in_parts_and_whole():
    assert german.stemmed("Ein Poetry-Slam") == f"ein potry slam {german.BREAK} potryslam"


def test_numbers_with_points_are_one_word():
    assert german.stemmed("12.500 Euro am 1.2.2026") == "12500 euro am 1 2 2026"


@pytest.mark.parametrize("typed", ["12 500", "12.500", "12500", "12'500", "12\u2019500"])
def test_thousands_are_parted_in_many_ways(typed):
    assert german.stemmed(f"Rund {typed} Euro") == "rund 12500 euro"


@pytest.mark.parametrize("text", ["2026 300 Plätze", "0231 500", "3 50", "1 0000", "B 1 500"])
def test_numbers_side_by_side_stay_apart(text):
    assert len(list(german.units(text))) > 1


def test_forms_of_plurals_are_folded_and_stand_once():
    alone, last = german._plurals()
    assert len(alone) > 200
    assert all(german.fold_word(form) == form for form in alone)
    assert last.keys() <= alone.keys()
    stems = set(alone.values())
    assert {german.stem(stem) for stem in stems} == stems


def test_roads_and_lines_are_one_word():
    assert german.stemmed("Die B 1, die A40 und die U 47: um 5 Uhr") == (
        "die b1 die a40 und die u47 um 5 uhr"
    )


def test_nothing_is_no_stem():
    assert german.stemmed(None) == german.stemmed(" – „“ ") == ""


def test_the_version_names_recipe_and_stemmer():
    assert german.version().startswith(f"recipe {german.RECIPE}, snowballstemmer 3.")


@given(st.text(max_size=60))
def test_stems_are_plain(text):
    stems = german.stemmed(text)
    assert stems == " ".join(stems.split())
    assert not any(char in stems for char in "\0\"*'-")


@given(st.text(st.sampled_from("abcdeiouäöüßstrngh"), min_size=1, max_size=20))
def test_composed_and_decomposed_letters_are_equal(word):
    decomposed = unicodedata.normalize("NFD", word)
    assert german.fold_word(word) == german.fold_word(decomposed)


@given(st.text(st.sampled_from("abcdefgiklmnorstuäöüß"), min_size=1, max_size=20))
def test_case_does_not_matter(word):
    assert german.unit(word.upper()).stems == german.unit(word).stems


WORDS = st.lists(
    st.one_of(
        st.sampled_from("Neubauten Schulbauten Globen Bürger*innen Poetry-Slam Łódź Äcker".split()),
        st.text(st.sampled_from("aeouäöüßABÄnrstlı-*1 \u0308é"), min_size=1, max_size=8),
        st.text("au", min_size=99, max_size=103),
    ).map(lambda word: word.replace("\n", " ")),
    max_size=8,
)


@given(WORDS, st.lists(st.text("aeounrstl1b", min_size=1, max_size=3), min_size=1, max_size=3))
def test_words_that_hold_a_part_are_found_at_once(words, parts):
    found = german.holding(parts, words)
    for word in words:
        folded = german.letters(german.fold_word(word))
        assert word in found or not any(part in folded for part in parts)


def test_words_without_a_part_are_mostly_left_out():
    words = "Grundschule Sitzung Feierabend Jugendamt Bücher".split()
    assert german.holding(["schul"], words) == {"Grundschule"}
