"""Pages of the past find their place in an article's history, in whatever order they come."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.decide.outcome import Outcome
from scraper.decide.timeline import Version, place


def at(minute):
    return f"2022-05-17T10:{minute:02}:00+00:00"


def history(pages):
    """The history that pages `(minute, fingerprint)` make in this order."""
    versions, seen = (), []
    for minute, fingerprint in pages:
        versions = place(versions, at(minute), fingerprint, sorted(seen)).versions
        seen.append(at(minute))
    return [(v.first_seen[14:16], v.last_seen[14:16], v.fingerprint) for v in versions]


def test_a_page_before_between_and_after():
    assert history([(5, "a"), (1, "b")]) == [("01", "01", "b"), ("05", "05", "a")]
    assert history([(5, "a"), (9, "b")]) == [("05", "05", "a"), ("09", "09", "b")]
    assert history([(1, "a"), (9, "b"), (5, "c")]) == [
        ("01", "01", "a"),
        ("05", "05", "c"),
        ("09", "09", "b"),
    ]


def test_the_same_words_stretch_a_version():
    assert history([(5, "a"), (9, "a"), (1, "a")]) == [("01", "09", "a")]
    assert history([(1, "a"), (9, "b"), (5, "b")]) == [("01", "01", "a"), ("05", "09", "b")]


def test_a_version_is_parted_at_what_is_known_to_have_been_seen():
    pages = [(1, "a"), (3, "a"), (7, "a"), (9, "a"), (5, "b")]
    assert history(pages) == [("01", "03", "a"), ("05", "05", "b"), ("07", "09", "a")]


def test_the_second_half_repeats_the_words_of_the_first():
    whole = Version(at(1), at(9), "a", id=7)
    placement = place((whole,), at(5), "b")
    assert [(v.id, v.like) for v in placement.versions] == [(7, None), (None, None), (None, 7)]
    assert placement.outcome is Outcome.CHANGED
    assert placement.at == 1
    assert [v.last_seen for v in placement.versions] == [at(1), at(5), at(9)]


def test_the_first_page_of_all_is_new_and_every_further_version_a_change():
    assert place((), at(1), "a").outcome is Outcome.NEW
    known = place((), at(5), "a").versions
    assert place(known, at(1), "b").outcome is Outcome.CHANGED
    assert place(known, at(5), "a").outcome is Outcome.UNCHANGED


PATIENT = settings(deadline=None, suppress_health_check=list(HealthCheck))
PAGES = st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), max_size=12)


@PATIENT
@given(PAGES, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(pages, random):
    shuffled = list(pages)
    random.shuffle(shuffled)
    assert history(shuffled) == history(sorted(pages))


@PATIENT
@given(PAGES)
def test_a_history_is_in_order_and_says_nothing_twice(pages):
    found = history(pages)
    for (_, last, words), (first, _, other) in pairwise(found):
        assert (last, words) < (first, other)
        assert words != other


@PATIENT
@given(PAGES)
def test_pages_that_come_twice_change_nothing(pages):
    assert history(pages + pages) == history(pages)
