from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.browse.selection import Selection, turned
from scraper.errors import UsageError

WORDS = st.text(min_size=1, max_size=30).filter(lambda text: text == text.strip() != "")
SELECTIONS = st.builds(
    Selection,
    q=st.one_of(st.just(""), WORDS),
    date=st.sampled_from(["", "2026", "2026-05", "1999-12"]),
    tag=st.one_of(st.none(), WORDS),
    district=st.one_of(st.none(), WORDS),
    speaker=st.one_of(st.none(), WORDS),
    kicker=st.one_of(st.none(), WORDS),
    sort=st.sampled_from(["relevance", "date"]),
    page=st.integers(1, 10**6),
)


def read(query_string):
    pairs = parse_qsl(query_string.removeprefix("?"), keep_blank_values=True)
    return Selection.of(dict(pairs))


@given(SELECTIONS)
def test_an_address_says_all_that_was_selected(selection):
    assert read(selection.query_string(page=selection.page)) == selection


@given(SELECTIONS)
def test_a_change_leads_back_to_the_first_page(selection):
    assert read(selection.query_string(tag="Hörde")).page == 1


def test_what_is_not_set_does_not_stand_in_the_address():
    assert Selection().query_string() == ""
    assert Selection("a", tag="b", page=3).query_string(tag="") == "?q=a"


@pytest.mark.parametrize(
    ("when", "since", "until"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("0001-01", date(1, 1, 1), date(1, 1, 31)),
    ],
)
def test_a_year_and_a_month_are_first_and_last_day(when, since, until):
    filters = Selection.of({"date": when}).filters
    assert (filters.since, filters.until) == (since, until)


@pytest.mark.parametrize("date", ["26", "2026-13", "2026-5", "2026-05-01", "0000", "x", "२०२६"])
def test_what_is_no_date_is_refused(date):
    with pytest.raises(UsageError, match="neither a year nor a month"):
        Selection.of({"date": date})


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "x", "9999999999", "²"])
def test_what_is_no_page_is_refused(page):
    with pytest.raises(UsageError, match="no page"):
        Selection.of({"page": page})


def test_addresses_of_pages():
    assert turned("/people", {"q": ""}, 1) == "/people"
    assert turned("/people", {"q": "A&B"}, 2) == "/people?q=A%26B&page=2"
