"""`srcset` by the HTML standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.markup.srcset import Candidate, parse_srcset

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a.jpg", [Candidate("a.jpg")]),
        ("a.jpg 1x, b.jpg 2x", [Candidate("a.jpg"), Candidate("b.jpg", density=2)]),
        ("a.jpg 480w,b.jpg 920w", [Candidate("a.jpg", 480), Candidate("b.jpg", 920)]),
        ("a.jpg, b.jpg 1.5x", [Candidate("a.jpg"), Candidate("b.jpg", density=1.5)]),
        ("/w=800,h=600/a.jpg 800w", [Candidate("/w=800,h=600/a.jpg", 800)]),
        (f"{PIXEL} 1w, /a.jpg 800w", [Candidate(PIXEL, 1), Candidate("/a.jpg", 800)]),
        (f"{PIXEL}, /a.jpg 2x", [Candidate(PIXEL), Candidate("/a.jpg", density=2)]),
        ("\n  a.jpg\t480w ,\n b.jpg  920w\n", [Candidate("a.jpg", 480), Candidate("b.jpg", 920)]),
        ("a.jpg 480w 320h, b.jpg 920w 600h", [Candidate("a.jpg", 480), Candidate("b.jpg", 920)]),
        ("a.jpg (x, y) 2x, b.jpg", [Candidate("a.jpg", density=2), Candidate("b.jpg")]),
        ("a.jpg big, b.jpg -1w", [Candidate("a.jpg"), Candidate("b.jpg")]),
        (", ,a.jpg,, ", [Candidate("a.jpg")]),
        ("", []),
        (" , ", []),
    ],
)
def test_candidates(value, expected):
    assert parse_srcset(value) == expected


@given(st.text(st.sampled_from("a,() \t\n1wx.:;/"), max_size=60))
def test_any_text_gives_addresses_without_white_space(value):
    for candidate in parse_srcset(value):
        assert candidate.url == candidate.url.strip().rstrip(",") != ""


@pytest.mark.parametrize("piece", ["(", ",", "a ", "a (", "1w ", " ,", ")", "a,("])
def test_a_long_attribute_is_read(piece):
    assert isinstance(parse_srcset(piece * 200_000), list)
