"""What helps where a search finds nothing: other spellings, and the closest releases."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.archive import Archive
from scraper.archive.search.articles import search
from scraper.archive.search.check import check_index
from scraper.archive.search.filters import Filters
from scraper.archive.search.found import find
from scraper.archive.search.overlap import closest
from scraper.archive.search.suggest import suggestion
from tests.archive.corpus import article, store

SENTENCE = "Die Stadt pflanzt im Herbst achtzig neue Linden an der Märkischen Straße in Hörde"


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("words")) as made:
        texts = {
            "grundschule": "Die Grundschule bekommt eine Turnhalle. Die Feuerwehr übt.",
            "linden": f"Es grünt. {SENTENCE}. Danach ruht die Arbeit.",
            "anderes": "Die Straßenbahn hält an der Grundschule. Die Stadt pflanzt keine Bäume.",
            "laut": "DAS STADTFEST FÜR ALLE, mit Ärztinnen und Bürgermeistern.",
        }
        for name, text in texts.items():
            store(made, article(name, f"Titel {name.upper()}x", text, published="2026-09-01"))
        yield made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Grundshule", "Grundschule"),
        ("Grudnschule", "Grundschule"),
        ("rundschule", "Grundschule"),
        ("Grundschulle", "Grundschule"),
        ("grundshulle", "Grundschule"),
        ("Feurwehr", "Feuerwehr"),
        ("Strasenbahn", "Straßenbahn"),
        ("Strassenbanh OR Feurwehr", "Straßenbahn OR Feuerwehr"),
        ("Turnhale", "Turnhalle"),
        ("Burgermeistren", "Bürgermeistern"),
        ("Grundschule", None),
        ("Schule", None),
        ("Xylophon", None),
        ("Feu*", None),
        ("title:Grundshule", None),
        ("12500", None),
        ("", None),
    ],
)
def test_misspelt_words_are_replaced_by_the_archives_own(words, typed, meant):
    assert suggestion(words, typed, Filters()) == meant


def test_what_is_suggested_is_found(words):
    assert search(words, suggestion(words, "Turnhale Feurwehr", Filters()), Filters())
    assert suggestion(words, "Turnhale Strasenbahn", Filters()) is None, "no release has both"
    assert suggestion(words, "Turnhale", Filters(since=date(2027, 1, 1))) is None


def test_a_word_of_the_query_that_is_spelt_well_stays(words):
    assert suggestion(words, "grundschule Turnhale", Filters()) == "grundschule Turnhalle"


def test_a_word_that_no_release_has_any_more_is_not_suggested(archive):
    store(archive, article("einzig", "Planetarium"))
    assert suggestion(archive, "Planetarum", Filters()) == "Planetarium"
    with archive.transaction() as db:
        db.execute("DELETE FROM articles WHERE title = 'Planetarium'")
    assert suggestion(archive, "Planetarum", Filters()) is None


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_safe(words, text):
    found = suggestion(words, text, Filters())
    assert found is None or found != text


def test_the_vocabulary_is_checked_and_made_again(archive):
    assert check_index(archive) == []
    with archive.transaction() as db:
        db.execute("DELETE FROM words WHERE word = 'unterricht'")
    assert check_index(archive) == ["1 words are missing in the vocabulary."]


def test_a_sentence_finds_its_release_though_words_differ(words):
    typed = "Die Stadt pflanzt im Herbst hundert neue Linden an der Märkischen Straße"
    rows = closest(words, typed, Filters())
    assert [row["title"] for row in rows] == ["Titel LINDENx"]
    assert 0.7 < rows[0]["overlap"] < 1
    assert ("Linden", True) in rows[0]["snippet"].parts()


@pytest.mark.parametrize(
    ("query", "quote", "total", "near"),
    [
        ("", SENTENCE, 1, 0),
        ("", f"„{SENTENCE}“", 1, 0),
        ("", SENTENCE.replace("achtzig", "hundert"), 0, 1),
        (f'"{SENTENCE.replace("achtzig", "hundert")}"', None, 0, 1),
        ("Linden", SENTENCE, 1, 0),
        (SENTENCE.replace("achtzig", "hundert"), None, 0, 0),
        ('"neue Pappeln"', None, 0, 0),
        ("", "Ein ganz anderer Satz über Raketen und den Mond", 0, 0),
    ],
)
def test_a_phrase_that_nothing_has_word_for_word_falls_back(words, query, quote, total, near):
    found = find(words, query, quote, Filters())
    assert (found.total, len(found.closest)) == (total, near)


def test_filters_hold_for_the_closest_too(words):
    typed = SENTENCE.replace("achtzig", "hundert")
    assert closest(words, typed, Filters(since=date(2027, 1, 1))) == []


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_sentence_is_safe(words, text):
    for row in closest(words, f"{SENTENCE} {text}", Filters(), limit=3):
        assert 0 < row["overlap"] <= 1
