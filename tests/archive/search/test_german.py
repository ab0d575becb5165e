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
    ],
)
def test_spellings_and_inflections_are_one_stem(spellings):
    assert len({german.unit(word).stems for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Haus", "Maus"), ("Kita", "Kittel"), ("Feuer", "Fuhre"), ("Rat", "Rad")]
)
def test_different_words_stay_different(one, other):
    assert german.unit(one).stems != german.unit(other).stems


def test_compounds_with_hyphens_are_indexed_in_parts_and_whole():
    assert german.stemmed("Ein Poetry-Slam") == f"ein potry slam {german.BREAK} potryslam"


def test_numbers_with_points_are_one_word():
    assert german.stemmed("12.500 Euro am 1.2.2026") == "12500 euro am 1 2 2026"


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
