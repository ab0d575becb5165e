"""Which release another one corrects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.decide.corrections import Titled, corrected, without_prefix

PREFIXES = ("Aktualisiert: ", "Korrektur: ")


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Aktualisiert: Neuer Park", "Neuer Park"),
        ("KORREKTUR: Neuer Park", "Neuer Park"),
        ("Korrekturen am Haushalt", None),
        ("Neuer Park", None),
        ("Korrektur: ", None),
    ],
)
def test_a_correction_is_told_by_a_prefix(title, rest):
    assert without_prefix(title, PREFIXES) == rest


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_rest_stands_in_the_title(prefix, title):
    rest = without_prefix(title, (prefix,))
    assert rest is None or (rest in title and rest == rest.strip())


LATE = Titled(9, "Korrektur: Neuer Park", "2026-10-05T12:00:00+02:00")


def release(number, published):
    return Titled(number, "Neuer Park", published)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (["2026-10-05T09:00:00+02:00"], 1),
        (["2026-10-05"], 1),
        (["2026-09-21"], 1),
        (["2026-09-20"], None),  # too long ago
        (["2026-10-05T13:00:00+02:00"], None),  # later than the correction
        (["2026-10-06"], None),
        ([None], None),
        (["gestern"], None),
        (["2026-10-05", "2026-10-04"], None),  # two fit: nothing is claimed
        (["2025-10-05", "2026-10-04"], 2),
        ([], None),
    ],
)
def test_it_corrects_the_only_one_that_is_near(days, found):
    like = [release(number, day) for number, day in enumerate(days, 1)]
    one = corrected(LATE, [*like, LATE])
    assert (one.id if one else None) == found


def test_without_a_date_nothing_is_claimed():
    assert corrected(Titled(9, LATE.title, None), [release(1, "2026-10-05")]) is None
