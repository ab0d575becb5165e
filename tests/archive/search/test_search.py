from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.archive.search.articles import search
from scraper.archive.search.filters import Filters
from scraper.errors import UsageError
from tests.archive.corpus import PLACE, article, store


def names(archive, query, sort="relevance", limit=20, **filters):
    rows = search(archive, query, Filters(**filters), sort=sort, limit=limit)
    return [row["url"].removeprefix(PLACE).removesuffix(".html") for row in rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Schule", ["schulen", "grundschule", "feuer"]),
        ("Schulbau", ["feuer"]),
        ("Baum", ["baeume"]),
        ("Baeume", ["baeume"]),
        ("maerkische strasse", ["grundschule"]),
        ("PoetrySlamHaus", ["baeume"]),
        ("12500 Linden", ["baeume"]),
        ("12 500 Linden", ["baeume"]),
        ("Neubauten", ["grundschule"]),
        ("Schule -Unterricht", ["grundschule", "feuer"]),
        ("Brand OR Nordstadt", ["baeume", "feuer"]),
        ("title:Schule", ["schulen", "grundschule"]),
        ('"Schulen beginnt"', ["schulen"]),
        ('"beginnt Schulen"', []),
        ("Feuerw*", ["feuer"]),
        ("Raumschiff", []),
    ],
)
def test_what_is_found(lasting, query, found):
    assert sorted(names(lasting, query)) == sorted(found)


def test_exact_comes_before_parts_of_compounds(lasting):
    assert names(lasting, "Schule")[0] == "schulen"


def test_newest_first(lasting):
    assert names(lasting, "Schule", sort="date") == ["schulen", "grundschule", "feuer"]


def test_limit(lasting):
    assert len(names(lasting, "Schule", limit=2)) == 2


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"since": date(2026, 9, 2)}, ["schulen"]),
        ({"until": date(2026, 9, 1)}, ["grundschule"]),
        ({"district": "hoerde"}, ["grundschule"]),
        ({"district": "EVING"}, ["schulen"]),
        ({"district": "Mond"}, []),
        ({"tag": "bauen wohnen"}, ["grundschule"]),
        ({"tag": "Bauen & Wohnen"}, ["grundschule"]),
        ({"speaker": "Kalouti"}, []),
    ],
)
def test_filters(lasting, filters, found):
    assert names(lasting, "Schule", **filters) == found


@pytest.mark.parametrize("name", ["kalouti", "GROSSJOHANN", "aenne", "Kalouti Änne", "yildiz"])
def test_speakers_match_in_any_part_and_spelling(lasting, name):
    assert names(lasting, "Bäume", speaker=name) == ["baeume"]


def test_a_speaker_without_letters_is_said(lasting):
    with pytest.raises(UsageError):
        names(lasting, "Bäume", speaker="%")


def test_rows_have_the_promised_keys(lasting):
    row = search(lasting, "Neubau", Filters())[0]
    assert list(row) == "id url title published district online site site_name snippet".split()


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("Kind", "Kinder"),
        ("maerkische", "Märkischen"),
        ("Schulbau", "Schulbauprogramm"),
        ("Slam", "Poetry-Slam-Haus"),
        ("12500", "12.500"),
        ("12 500", "12.500"),
        ('"neuer Linde"', "neue"),
        ("Linde*", "Linden"),
        ("Neubau", "Neubau"),
        ("Bildung", "Bildung"),
    ],
)
def test_snippets_mark_the_words_of_the_text(lasting, query, hit):
    snippet = search(lasting, query, Filters())[0]["snippet"]
    assert (hit, True) in snippet.parts()


@pytest.mark.parametrize(
    ("query", "hit"),
    [("Atlas", "Schulatlanten"), ("Atlanten", "Atlas"), ("20.000", "20 000"), ("Kurs", "Kurse")],
)
def test_plurals_of_their_own_are_marked(archive, query, hit):
    text = "Die Schulatlanten, ein Atlas und 20 000 Hefte für alle Kurse."
    store(archive, article("hefte", "Neues Material", text))
    assert (hit, True) in search(archive, query, Filters())[0]["snippet"].parts()


def test_a_snippet_shows_the_passage_where_words_meet(archive):
    text = "Bäume. " + "Füllwort hier. " * 80 + "Die alten Bäume am Kanal." + " Ende dort." * 80
    store(archive, article("lang", "Ein Titel", text))
    snippet = search(archive, "Bäume Kanal", Filters())[0]["snippet"]
    parts = list(snippet.parts())
    assert parts[-4:-1] == [("Bäume", True), (" am ", False), ("Kanal", True)]
    assert snippet.text.startswith("… ")
    assert snippet.text.endswith(" …")
    assert len(snippet.text.split()) < 40


def test_a_title_is_found_even_where_it_looks_like_a_query(archive):
    title = 'Kunst -Technik OR title:Leben* "Mut'
    store(archive, article("merkwuerdig", title, "Nichts davon."))
    assert names(archive, title)[0] == "merkwuerdig"


@settings(deadline=None, max_examples=300)
@given(
    st.text(max_size=200)
    | st.text(
        st.sampled_from("abcSchuleä\"*-():^OR {}+.,title\0\n'%_;–„“AND NOT NEAR"), max_size=80
    )
)
@example("\0")
@example('"' * 500)
@example("a" * 10_000)
@example("NEAR(a b) AND NOT (")
@example("\ud800 Schule")
@example("title:" * 50)
@example("𝒮chule 🏗️ ﬁne")
def test_whatever_is_typed_is_safe(lasting, text):
    for sort in ("relevance", "date"):
        with suppress(UsageError):
            assert len(search(lasting, text, Filters(), sort=sort, limit=5)) <= 5


@settings(deadline=None)
@given(st.text(max_size=30))
@example("\ud800")
@example("'; DROP TABLE articles; --")
def test_whatever_is_filtered_by_is_safe(lasting, text):
    for name in ("tag", "district", "speaker"):
        with suppress(UsageError):
            search(lasting, "Schule", Filters(**{name: text}))
