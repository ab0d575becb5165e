"""Two archives' sightings become one history."""

from __future__ import annotations

from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.decide.sightings import Sighting, together

# What a release says at each of some seconds.
SAID = st.lists(st.sampled_from("AB"), min_size=1, max_size=8)


def seen(said, moments, sign):
    """The sightings of an archive that looked at some of the moments."""
    found = []
    groups = groupby(sorted(moments), key=lambda moment: said[moment])
    for number, (_words, group) in enumerate(groups, start=1):
        found += [Sighting(f"{moment:02}", said[moment], sign * number) for moment in group]
    return found


@st.composite
def two(draw):
    said = draw(SAID)
    moments = st.sets(st.integers(0, len(said) - 1), min_size=1)
    return said, draw(moments), draw(moments)


def told(said, moments):
    """The versions of an archive that looked at all of them."""
    groups = groupby(sorted(moments), key=lambda moment: said[moment])
    ends = [(words, list(group)) for words, group in groups]
    return [(f"{group[0]:02}", f"{group[-1]:02}", words) for words, group in ends]


@settings(max_examples=200)
@given(two())
def test_it_is_as_if_one_archive_had_looked_as_often_as_both(found):
    said, own, theirs = found
    result = together(seen(said, own, 1), seen(said, theirs, -1))
    if theirs <= own:
        assert result is None
        return
    versions = [(each.first_seen, each.last_seen, each.fingerprint) for each in result.versions]
    assert versions == told(said, own | theirs)
    ids = [each.id for each in result.versions if each.id is not None]
    assert len(ids) == len(set(ids))
    assert {number for number in ids if number > 0} == {
        each.revision for each in seen(said, own, 1)
    }
    again = together(seen(said, own | theirs, 1), seen(said, theirs, -1))
    assert again is None


def test_a_version_that_was_interrupted_is_two():
    result = together([Sighting("01", "A", 1), Sighting("09", "A", 1)], [Sighting("05", "B", -1)])
    assert [(each.id, each.like) for each in result.versions] == [(1, None), (-1, None), (None, 1)]
    assert result.interrupted == ("05",)


def test_different_versions_in_one_second_stay_as_they_are_here():
    own = [Sighting("05", "B", 1), Sighting("05", "A", 2)]
    assert together(own, [Sighting("05", "A", -1), Sighting("05", "B", -2)]) is None
    result = together(own, [Sighting("05", "C", -1)])
    assert [each.fingerprint for each in result.versions] == ["B", "A", "C"]
