import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.decide.compare import compare, compare_versions, word_diff
from scraper.records import to_json
from tests.support.strategies import articles

TEXTS = st.text(alphabet="ab ,.ä\n", max_size=60)


@given(TEXTS, TEXTS)
def test_a_word_diff_holds_both_texts(before, after):
    pieces = list(word_diff(before, after))
    assert "".join(p.text for p in pieces if p.kind != "insert") == before
    assert "".join(p.text for p in pieces if p.kind != "delete") == after


def test_a_changed_comma_is_shown_as_such():
    pieces = list(word_diff("Die Brücke ist fertig", "Die Brücke, ist fertig"))
    assert [(p.kind, p.text) for p in pieces if p.kind != "equal"] == [("insert", ",")]


def test_huge_texts_are_compared_as_wholes():
    pieces = list(word_diff("a " * 30_000, "b " * 30_000))
    assert [piece.kind for piece in pieces] == ["delete", "insert", "equal"]  # the last space


def test_white_space_is_the_same_only_between_words_that_are():
    pieces = list(word_diff("Rot ist sehr gut. Ende", "Blau ist sehr, nun ja, gut. Aus"))
    assert [(p.kind, p.text) for p in pieces] == [
        *(("delete", "Rot"), ("insert", "Blau"), ("equal", " ist sehr"), ("insert", ", nun ja,")),
        *(("equal", " gut. "), ("delete", "Ende"), ("insert", "Aus")),
    ]
    pieces = list(word_diff("eins zwei drei", "vier fünf sechs"))
    assert [p.kind for p in pieces] == ["delete", "insert"]


def test_what_would_take_minutes_to_compare_is_given_up():
    before = "Anfang " + " ".join(f"und {n}" for n in range(4_000)) + " Ende"
    after = "Anfang " + " ".join(f"{n} und" for n in range(4_000, 0, -1)) + " Ende"
    pieces = list(word_diff(before, after))
    assert "".join(p.text for p in pieces if p.kind != "insert") == before
    assert "".join(p.text for p in pieces if p.kind != "delete") == after


@given(articles())
def test_equal_records_have_no_changes(article):
    assert compare(to_json(article), to_json(article)) == []


def test_indirect_speech_is_no_edit_but_what_is_said_word_for_word_is():
    said = {"text": "Ja", "speaker": "Jo Doe", "kind": "prose"}
    reported = {"text": "Er sei da.", "speaker": "Jo Doe", "kind": "indirect"}
    before, after = {"title": "A", "quotes": [said]}, {"title": "A", "quotes": [reported, said]}
    assert compare_versions(before, after) == compare_versions(after, before) == []
    assert compare_versions({"title": "A"}, {"title": "A", "quotes": [reported]}) == []
    # Whoever reads a page again is told of everything.
    assert [change.field for change in compare(before, after)] == ["quotes"]
    (change,) = compare_versions(before, {"title": "A", "quotes": [reported]})
    assert (change.field, change.before, change.after) == ("quotes", [said], None)


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_a_field_that_only_one_version_knows_is_no_change_without_a_value(empty):
    assert compare({"title": "A"}, {"title": "A", "subtitle": empty}) == []
    assert [
        change.field for change in compare({"title": "A"}, {"subtitle": "B", "title": "A"})
    ] == ["subtitle"]


def test_teasers_are_no_change_of_the_release():
    assert compare({"related": [{"url": "a"}]}, {"related": []}) == []


def test_the_text_stands_for_its_parts():
    before = {"lead": "A", "sections": [], "text": "A"}
    after = {"lead": "B", "sections": [], "text": "B"}
    assert [change.field for change in compare(before, after)] == ["text"]
    moved = {"lead": None, "sections": [{"heading": "A", "blocks": []}], "text": "A"}
    assert [change.field for change in compare(before, moved)] == ["lead", "sections"]
