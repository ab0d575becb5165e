import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import text


def test_fold_drops_what_nobody_sees():
    assert text.fold(" Stadt\u00adbezirk\u200b \xa0 Hörde\n\t2 ") == "Stadtbezirk Hörde 2"
    assert text.fold("a\u0308") == "ä"


@given(st.text())
def test_fold_is_idempotent_and_nfc(raw):
    folded = text.fold(raw)
    assert text.fold(folded) == folded
    assert unicodedata.is_normalized("NFC", folded)


@given(st.text())
def test_printable_has_no_control_characters(raw):
    shown = text.printable(raw)
    assert all(char.isprintable() or char == "\n" for char in shown)


def test_printable_disarms_escapes_and_direction_marks():
    assert text.printable("\x1b[2J\u202e") == "\\u001b[2J\\u202e"


@pytest.mark.parametrize("spelling", ["Müller", "Mueller", "MULLER", "mu\u0308ller"])
def test_names_are_found_in_any_spelling(spelling):
    assert text.search_key(spelling) == text.search_key("Müller")


@pytest.mark.parametrize(
    ("body", "header", "expected"),
    [
        ("für".encode(), None, "für"),
        (b"\xef\xbb\xbff\xc3\xbcr", "text/html; charset=latin-1", "für"),
        ("für".encode("utf-16"), None, "für"),
        ("„für“".encode("cp1252"), "text/html; charset=ISO-8859-1", "„für“"),
        ("für".encode("cp1252"), 'text/html; charset="windows-1252"', "für"),
        (b'<meta charset="iso-8859-1">f\xfcr', None, '<meta charset="iso-8859-1">für'),
        (
            b"<meta http-equiv=Content-Type content='text/html; charset=utf-8'>f\xc3\xbcr",
            None,
            "für",
        ),
        ("für".encode(), "text/html; charset=klingon", "für"),
    ],
)
def test_charset_comes_from_the_best_evidence(body, header, expected):
    assert text.decode_html(body, header)[0].endswith(expected)


def test_charset_is_detected_when_nobody_says():
    german = ("Die Stadt Dortmund eröffnet am Samstag die Brücke über den Kanal. " * 4).encode(
        "cp1252"
    )
    assert "eröffnet" in text.decode_html(german)[0]


@given(st.binary(max_size=300))
def test_decoding_never_raises(body):
    decoded, _charset = text.decode_html(body)
    if text.is_utf8(body):
        assert decoded == body.decode()


def test_words_are_counted_with_their_hyphens():
    assert text.word_count("Die Baden-Württembergische Straße, 2026!") == 4
