"""Indirect speech in a text: whose a sentence is, where it starts and ends, and which is none."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.quotes import find_quotes
from scraper.quotes.indirect_evaluate import evaluate, load

EXAMPLES = Path(__file__).parents[3] / "shared" / "indirect-examples.jsonl"


def reported(text, **options):
    quotes = find_quotes(text, indirect=True, **options)
    return [quote for quote in quotes if quote.kind == "indirect"]


def pairs(text, **options):
    return [(entry.text, entry.speaker) for entry in reported(text, **options)]


def test_it_is_off_unless_asked_for():
    assert find_quotes("Laut Polizei war die Straße glatt.") == ()


def test_quotations_come_first_and_are_the_same():
    text = "Das Geld sei da, sagte Kämmerin Jana Moll. „Wir bauen bis zum Herbst“, so Moll."
    both = find_quotes(text, indirect=True)
    assert both[:1] == find_quotes(text)
    assert [quote.kind for quote in both] == ["prose", "indirect"]


def test_the_subjunctive_goes_on_with_a_quotation():
    text = (
        "„Wir bauen bis zum Herbst“, sagte Kämmerin Jana Moll. Das Geld sei da. "
        "Schon jetzt blieben Kunden aus.\n\nNun könne man beginnen. Der Rat tagt am Freitag."
    )
    assert pairs(text) == [
        ("Das Geld sei da.", "Jana Moll"),
        ("Schon jetzt blieben Kunden aus.", "Jana Moll"),
        ("Nun könne man beginnen.", "Jana Moll"),
    ]
    assert {entry.role for entry in reported(text)} == {"Kämmerin"}


def test_a_name_behind_the_content_speaks_for_the_sentences_before():
    text = "Das Dach sei undicht. Es tropfe, sagte Kämmerin Jana Moll."
    assert [speaker for _, speaker in pairs(text)] == ["Jana Moll", "Jana Moll"]


def test_a_new_speaker_does_not_speak_for_the_sentences_before():
    text = (
        "Kämmerin Jana Moll sprach über den Haushalt. Das Geld reiche nicht. "
        "Ole Brodersen sagte, dass gespart werden muss."
    )
    assert [speaker for _, speaker in pairs(text)] == ["Jana Moll", "Ole Brodersen"]


def test_the_sentence_goes_to_whoever_was_told_of_last():
    text = (
        "„Der Platz wird grüner“, sagte Stadtbaurat Ingo Wessel. "
        "Kämmerin Jana Moll war skeptisch. Das Geld fehle."
    )
    assert pairs(text) == [("Das Geld fehle.", "Jana Moll")]


def test_a_pronoun_is_whoever_was_speaking():
    text = "Kämmerin Jana Moll zog Bilanz. Sie betonte, dass das Geld reicht. Er schwieg."
    assert pairs(text) == [("Sie betonte, dass das Geld reicht.", "Jana Moll")]


def test_a_pointer_makes_speech_of_the_sentence_before():
    text = "Der Bus fährt ab Montag. Das teilte Kämmerin Jana Moll mit."
    assert pairs(text) == [("Der Bus fährt ab Montag.", "Jana Moll")]


def test_a_quotation_at_the_edge_is_cut_off():
    before = "„Die Schule platzt“, sagte Kämmerin Jana Moll und betonte, dass gebaut wird."
    assert pairs(before) == [
        ("sagte Kämmerin Jana Moll und betonte, dass gebaut wird.", "Jana Moll")
    ]
    behind = "Kämmerin Jana Moll räumte ein, dass es eilt: „Wir haben drei Mal neu gerechnet.“"
    assert pairs(behind) == [("Kämmerin Jana Moll räumte ein, dass es eilt:", "Jana Moll")]


def test_the_tag_of_a_quotation_is_no_entry():
    text = "„Wir bauen bis zum Herbst“, erzählt Kämmerin Jana Moll, die gern im Garten arbeitet."
    assert pairs(text) == []


def test_a_line_ends_a_sentence():
    text = "Laut Polizei war es glatt\nDie Straße ist gesperrt."
    assert pairs(text) == [("Laut Polizei war es glatt", "Polizei")]


def test_the_headline_tells_who_but_holds_no_entry():
    found = pairs("Das Geld sei da, sagte Moll.", headline="Laut Kämmerin Jana Moll fehlt nichts")
    assert found == [("Das Geld sei da, sagte Moll.", "Jana Moll")]


def test_a_pointer_names_the_speaker_of_a_sentence_in_the_subjunctive():
    text = "Das Geld sei da. Das erklärte Kämmerin Jana Moll am Montag."
    assert pairs(text) == [("Das Geld sei da.", "Jana Moll")]


def test_the_source_named_last():
    text = "Laut Feuerwehr war das Dach undicht. Verletzt wurde den Angaben zufolge niemand."
    assert [speaker for _, speaker in pairs(text)] == ["Feuerwehr", "Feuerwehr"]


def test_a_part_in_marks_does_not_end_what_somebody_says():
    text = "Kämmerin Jana Moll sagte, das Geld sei „immer knapp“ gewesen. Es reiche nie."
    assert [speaker for _, speaker in pairs(text)] == ["Jana Moll", "Jana Moll"]


def test_a_gossip_is_nobodys():
    text = (
        "„Wir bauen bis zum Herbst“, sagte Kämmerin Jana Moll.\n\n"
        "Im Netz kursiert das Gerücht, es habe gebrannt."
    )
    assert pairs(text) == []


def test_a_long_text_is_read_around_its_quotations():
    far = "Der Fluss ist lang. " * 16_000
    said = "„Wir bauen das Bad“, sagte Rektorin Anna Moll. Das Geld sei da."
    for text in (f"{far}\n\n{said}", f"{said}\n\n{far}"):
        direct, indirect = find_quotes(text, headline="Das Bad", indirect=True)
        assert (direct.text, direct.speaker) == ("Wir bauen das Bad", "Anna Moll")
        assert (indirect.text, indirect.speaker) == ("Das Geld sei da.", "Anna Moll")
        assert text[indirect.start : indirect.end] == indirect.text


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the examples are not part of the repository")
def test_the_examples():
    figures = evaluate(load(EXAMPLES)).figures()
    assert figures["sentence_f1"] >= 0.95
    assert figures["speaker_accuracy"] >= 0.95
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        if data["id"] in {"A10", "A11", "A12"}:
            assert reported(data["text"]) == []


WORDS = st.sampled_from(
    "Jana Moll Kämmerin Die Der Stadt Polizei sagte betont , . : ; „ “ \n \n\n dass habe "
    "sei wäre blieben laut Laut nach Angaben zufolge so wie Wie heißt es teilte mit Das "
    "und er sie ist überzeugt für Für".split(" ")
)


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_whatever_the_words_the_offsets_hold(text):
    end = 0
    for entry in reported(text):
        assert entry.start is not None
        assert entry.end is not None
        assert text[entry.start : entry.end] == entry.text != ""
        assert entry.start >= end
        end = entry.end


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    assert all(text[entry.start : entry.end] == entry.text for entry in reported(text))
