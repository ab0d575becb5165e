import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.markup.charset import decode_html, is_utf8


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
    assert decode_html(body, header)[0].endswith(expected)


def test_charset_is_detected_when_nobody_says():
    german = ("Die Stadt Dortmund eröffnet am Samstag die Brücke über den Kanal. " * 4).encode(
        "cp1252"
    )
    assert "eröffnet" in decode_html(german)[0]


@given(st.binary(max_size=300))
def test_decoding_never_raises(body):
    decoded, _charset = decode_html(body)
    if is_utf8(body):
        assert decoded == body.decode()


GERMAN = "<title>Grüße – „Über Öl“ für 5 €</title>"
LATE = "<script>" + "x" * 70_000 + "</script>" + GERMAN


CHARSETS = {
    "declared latin-1, is utf-8": (GERMAN.encode(), "text/html; charset=iso-8859-1"),
    "meta latin-1, is utf-8": (b"<meta charset=latin1>" + GERMAN.encode(), "text/html"),
    "declared utf-8, is windows-1252": (GERMAN.encode("cp1252"), "text/html; charset=utf-8"),
    "declared utf-8, is windows-1252, late": (LATE.encode("cp1252"), "text/html; charset=utf-8"),
    "header against meta, header lies": (
        b"<meta charset=windows-1252>" + GERMAN.encode("cp1252"),
        "text/html; charset=utf-8",
    ),
    "header against meta, meta lies": (
        b"<meta charset=windows-1252>" + GERMAN.encode(),
        "text/html; charset=utf-8",
    ),
    "nothing declared": (GERMAN.encode("cp1252"), None),
    "one damaged byte": (GERMAN.encode() + b"\xff", "text/html; charset=utf-8"),
    "no such charset": (GERMAN.encode(), "text/html; charset=klingon"),
    "a codec of Python's that no page has": (GERMAN.encode(), "text/html; charset=punycode"),
    "utf-16 with mark": (GERMAN.encode("utf-16"), None),
    "utf-16, the other way round": (b"\xfe\xff" + GERMAN.encode("utf-16-be"), None),
    "utf-16 without mark": (GERMAN.encode("utf-16-be"), "text/html; charset=utf-16"),
    "utf-16 that says utf-8": (GERMAN.encode("utf-16-le"), "text/html; charset=utf-8"),
}


@pytest.mark.parametrize(
    "content_type",
    [None, *(f"text/html; charset={label}" for label in ("utf-8", "iso-8859-1", "cp1252", "x"))],
)
@pytest.mark.parametrize("meta", ["", "<meta charset=utf-8>", "<meta charset=iso-8859-15>"])
@pytest.mark.parametrize("odd", [b"\xe4", b"\xff", b"\x96", b"\xc3", b"\xe2\x80", b"\xa0"])
def test_one_odd_byte_spoils_no_other_letter(content_type, meta, odd):
    body = meta.encode() + GERMAN.encode() + b"<p>Gr" + odd + b"n</p>" + GERMAN.encode()
    read = decode_html(body, content_type)[0]
    assert read.count(GERMAN) == 2
    assert "<p>Gr\ufffdn</p>" in read


def test_much_latin_with_a_little_utf8_is_latin():
    body = (GERMAN * 3).encode("cp1252") + "ü".encode()
    assert decode_html(body, "text/html; charset=iso-8859-1")[0].startswith(GERMAN)


@pytest.mark.parametrize("kind", CHARSETS)
def test_a_wrong_charset_spoils_no_letter(kind):
    body, content_type = CHARSETS[kind]
    assert GERMAN in decode_html(body, content_type)[0]


def test_another_script_is_not_read_as_latin():
    page = "<p>Новости города: открыта новая школа.</p>" * 3
    assert page in decode_html(page.encode("cp1251"))[0]


@given(st.binary(max_size=300), st.sampled_from([None, "text/html; charset=x", "a; charset=utf-8"]))
def test_bytes_of_any_kind_become_text(body, content_type):
    read = decode_html(body, content_type)[0]
    if is_utf8(body, content_type):
        assert read.encode() == body
