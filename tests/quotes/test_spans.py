"""Quoted strings: every kind of mark, nested, mixed and missing."""

import pytest

from scraper.quotes.spans import MAX_MARKS, find_spans


def quoted(text):
    return [text[span.start : span.end] for span in find_spans(text)]


@pytest.mark.parametrize(
    ("opener", "closer"),
    [
        ("„", "“"),
        ('"', '"'),
        ("»", "«"),
        ("«", "»"),
        ("“", "”"),
        ("”", "”"),
        ("“", "“"),
        (",,", "''"),
        (",,", "“"),
        ('"', "“"),
        ("„", '"'),
        ("„", "”"),
        ("``", "''"),
        ("‚", "‘"),
        ("›", "‹"),
        ("„", "„"),
    ],
)
def test_every_pair_of_marks(opener, closer):
    text = f"{opener}Der Bus fährt{closer}, sagt Jan Moll. Das Heft {opener}Los{closer} ist da."
    assert quoted(text) == ["Der Bus fährt", "Los"]


def test_the_german_closer_opens_nothing_behind_a_word():
    assert quoted("Das „Haus“ und das „Boot“ am See.") == ["Haus", "Boot"]


@pytest.mark.parametrize(
    "text",
    [
        "„Er rief: ‚Halt an‘, und ich hielt“, sagt Jan.",
        "„Er rief: „Halt an“, und ich hielt“, sagt Jan.",
        '„Er rief: "Halt an", und ich hielt“, sagt Jan.',
        '"Er rief: "Halt an", und ich hielt", sagt Jan.',
        "»Er rief: ›Halt an‹, und ich hielt«, sagt Jan.",
    ],
)
def test_what_is_nested_is_part_of_the_outer_one(text):
    (words,) = quoted(text)
    assert words.startswith("Er rief:")
    assert words.endswith("und ich hielt")


def test_an_apostrophe_is_no_mark():
    assert quoted("„Wenn’s läuft, dann läuft's“, sagt Jan.") == ["Wenn’s läuft, dann läuft's"]
    assert quoted("Das ist Hans’ Rad, nicht Max' Rad.") == []


def test_white_space_inside_the_marks_is_left_out():
    assert quoted("Er sagt: „ Das geht. “ Dann ging er.") == ["Das geht."]


def test_each_paragraph_of_a_long_quotation_is_a_span():
    text = "Sie sagte: „Erstens ist es spät.\n\n„Zweitens regnet es.“\n\nDann ging sie."
    assert quoted(text) == ["Erstens ist es spät.", "Zweitens regnet es."]


def test_a_long_quotation_may_open_once_and_close_in_the_next_paragraph():
    text = "Sie sagte: „Erstens ist es spät.\n\nZweitens regnet es.“\n\nDann ging sie."
    assert quoted(text) == ["Erstens ist es spät.", "Zweitens regnet es."]


def test_a_missing_closer_ends_with_the_paragraph():
    assert quoted("Er sagt: „Das geht.\n\nDer „Bus“ kommt.") == ["Das geht.", "Bus"]


def test_a_missing_closer_ends_before_the_speech_tag():
    assert quoted("„Das geht ganz leicht, sagte Jan Moll am Abend.") == ["Das geht ganz leicht"]


def test_a_missing_closer_ends_with_the_last_sentence_before_the_next_opener():
    text = "„Das geht. Dann kam das Projekt „Los“ und ging wieder."
    assert quoted(text) == ["Das geht.", "Los"]


def test_inches_and_a_stray_closer_open_nothing():
    assert quoted('Ein Bildschirm mit 24" und ein Rest“ davon.') == []


def test_no_more_marks_than_the_limit_are_looked_at():
    assert len(find_spans("„a“ " * MAX_MARKS)) == MAX_MARKS // 2


def test_empty_marks_are_nothing():
    assert quoted("„“ und „ “ und \"\" und ''") == []
