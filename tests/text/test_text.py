import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import text
from scraper.text import fold


def test_fold_drops_what_nobody_sees():
    assert text.fold(" Stadt\u00adbezirk\u200b \xa0 Hörde\n\t2 ") == "Stadtbezirk Hörde 2"
    assert text.fold("a\u0308") == "ä"


@given(st.text())
def test_fold_is_idempotent_and_nfc(raw):
    folded = text.fold(raw)
    assert text.fold(folded) == folded
    assert unicodedata.is_normalized("NFC", folded)


MARKS = st.sampled_from("\u0300\u0301\u0315\u0316\u0323\u0f73\u0344\u034f–…a ")


@given(st.lists(MARKS, min_size=40, max_size=80).map("".join), st.integers(10, 20))
def test_piled_up_accents_are_normalized_as_unicode_says(marks, times):
    pile = marks * times
    assert fold(pile) == " ".join(unicodedata.normalize("NFC", pile).split())


@given(st.text())
def test_printable_has_no_control_characters(raw):
    shown = text.printable(raw)
    assert all(char.isprintable() or char == "\n" for char in shown)


def test_printable_disarms_escapes_and_direction_marks():
    assert text.printable("\x1b[2J\u202e") == "\\u001b[2J\\u202e"


@pytest.mark.parametrize("spelling", ["Müller", "Mueller", "MULLER", "mu\u0308ller"])
def test_names_are_found_in_any_spelling(spelling):
    assert text.search_key(spelling) == text.search_key("Müller")


def test_words_are_counted_with_their_hyphens():
    assert text.word_count("Die Baden-Württembergische Straße, 2026!") == 4


def test_what_json_can_spell_and_nobody_should_print_is_dropped():
    assert fold("a\0b\x1b[2J\x85c\ud83d d") == "ab[2J c\ufffd d"


@pytest.mark.parametrize(
    "spelling",
    [
        "می\u200cخواهم",  # Persian: the letters stand apart
        "۲۰\u200cساله",
        "क्\u200dष",  # Devanagari: half a letter
        "ക്\u200d",  # Malayalam: at the end of a word
        "👩\u200d🚒",
        "👨🏽\u200d⚕\ufe0f",
        "🏳\ufe0f\u200d🌈",
        "👩\u200d❤\ufe0f\u200d💋\u200d👨",
    ],
)
def test_joiners_that_are_part_of_the_spelling_stay(spelling):
    assert fold(f"So:  {spelling}.") == f"So: {spelling}."


@pytest.mark.parametrize(
    "noise",
    ["Stadt\u200cbezirk", "Stadt\u200dbezirk", "\u200cStadtbezirk\u200d", "Stadtbezirk\u200d"],
)
def test_joiners_between_letters_that_never_join_are_noise(noise):
    assert fold(noise) == "Stadtbezirk"


def test_of_many_joiners_one_is_left():
    assert fold("می\u200c\u200b\u200c\u200dخواهم \u200c و\u200c") == "می\u200cخواهم و"
    assert fold("👩\u200c🚒") == "👩🚒"


def test_before_a_punctuation_mark_nothing_joins():
    assert fold("می\u200c، و\u200d؟") == "می، و؟"


@given(st.text(st.sampled_from("\u200c\u200d\u200b می्क👩🚒❤\ufe0f\u2126\u0654a\u0308\x0b")))
def test_fold_is_idempotent_with_joiners(raw):
    assert fold(fold(raw)) == fold(raw)


def test_a_word_with_a_joiner_is_one_word():
    assert text.word_count("می\u200cخواهم") == 1
