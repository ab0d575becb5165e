from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mo 7. Juli 2025", date(2025, 7, 7)),
        ("Freitag, 01. März 2024, 7:05 Uhr", date(2024, 3, 1)),
        ("Nachricht vom 17.05.2022", date(2022, 5, 17)),
        ("3. Okt. 2026", date(2026, 10, 3)),
        ("2025-07-07T10:00:00", date(2025, 7, 7)),
        ("zuerst 1.2.2020, dann 3. Mai 2019", date(2020, 2, 1)),
        ("am 31. Februar 2024 gar nicht, am 1. März 2024 schon", date(2024, 3, 1)),
        ("12:52 Uhr", None),
        ("Haus 12.05.20251", None),
        ("", None),
    ],
)
def test_dates_as_cities_print_them(text, expected):
    assert dates.parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mo 7. Juli 2025 12:52 Uhr", time(12, 52)),
        ("9 Uhr", time(9)),
        ("9.30 Uhr", time(9, 30)),
        ("12:52", time(12, 52)),
        ("07:05:59", time(7, 5)),
        ("Mo 7. Juli 2025", None),
        ("25:10 Uhr", None),
        ("17.05.2022", None),
    ],
)
def test_times_of_day(text, expected):
    assert dates.parse_time(text) == expected


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (date(2025, 7, 7), time(12, 52), "2025-07-07T12:52:00+02:00"),
        (date(2025, 1, 7), time(12, 52), "2025-01-07T12:52:00+01:00"),
        (date(2025, 7, 7), None, "2025-07-07"),
        (date(2025, 10, 26), time(2, 30), "2025-10-26T02:30:00+02:00"),
        (date(2025, 10, 26), time(3, 0), "2025-10-26T03:00:00+01:00"),
    ],
)
def test_offsets_are_those_of_the_citys_clock(day, clock, expected):
    assert dates.local_iso(day, clock, "Europe/Berlin") == expected


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.times())
def test_a_local_time_keeps_its_digits(day, clock):
    iso = dates.local_iso(day, clock, "Europe/Berlin")
    assert iso.startswith(f"{day.isoformat()}T{clock:%H:%M}:00+0")
    assert dates.day_of(iso) == day


IMPOSSIBLE = (
    "Mon, 20 Nov 9999999999 12:00:00 +0000",
    "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
    "Mon, 01 Jan 2024 00:00:00 +99999999999999",
    "Mon, 01 Jan 2024 00:00:00 +9999",
    "Fri, 31 Dec 9999 23:59:59 -0100",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Mon, 00 Jan 2024 00:00:00 GMT",
    "Mon, 01 Jan 2024 25:00:00 GMT",
    "morgen",
    "",
)
"""Dates of headers that cannot be."""


@pytest.mark.parametrize("text", [*IMPOSSIBLE, None])
def test_impossible_dates_of_headers_are_none(text):
    assert dates.parse_header_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 09:49:37 +0100",
        "6 Nov 1994 08:49:37 -0000",
        "Sun, 06 Nov 1994 08:49:37",
    ],
)
def test_dates_of_headers_are_read_in_all_their_forms(text):
    assert dates.parse_header_date(text) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@given(
    st.one_of(
        st.text(max_size=40),
        st.from_regex(
            r"\w{0,4},? ?\d{0,3}[ -](Jan|Dez|\w{3})[ -]\d{0,30} \d{0,4}:\d\d(:\d\d)? ?"
            r"([+-]\d{0,30}|\w{0,4})",
            fullmatch=True,
        ),
    )
)
def test_a_date_of_a_header_can_be_shown_in_every_zone(text):
    found = dates.parse_header_date(text)
    if found is not None:
        assert dates.to_zone(found, "Pacific/Kiritimati") != dates.to_zone(found, "Pacific/Midway")


@given(st.datetimes(), st.integers(-1439, 1439))
def test_an_instant_can_be_shown_in_every_zone(local, minutes):
    moment = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    found = dates.parse_instant(moment.isoformat())
    assert dates.as_utc(moment) in {None, moment}
    if found is not None:
        assert dates.utc_iso(found)
        assert dates.to_zone(found, "Pacific/Kiritimati")


@pytest.mark.parametrize("text", ["9999-12-31T23:00:00-05:00", "0001-01-01T00:00:00+05:00"])
def test_an_instant_that_utc_has_no_name_for_is_none(text):
    assert dates.parse_instant(text) is None


@given(st.text())
def test_nothing_raises(text):
    dates.parse_date(text)
    dates.parse_time(text)
    dates.parse_instant(text)
    dates.parse_cli_date(text, date(2026, 10, 4))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("31.1.2026", date(2026, 1, 31)),
        ("31. Januar 2026", date(2026, 1, 31)),
        ("7d", date(2026, 9, 27)),
        ("2w", date(2026, 9, 20)),
        ("1y", date(2025, 10, 4)),
        ("gestern", date(2026, 10, 3)),
        ("Yesterday", date(2026, 10, 3)),
        ("heute", date(2026, 10, 4)),
        ("today", date(2026, 10, 4)),
        ("vorgestern", None),
        ("2026", date(2026, 1, 1)),
        ("2026-03", date(2026, 3, 1)),
        ("2026-13", None),
        ("0000", None),
        ("²026", None),
        ("2026-02-31", None),
        ("2026-1-1 und mehr", None),
    ],
)
def test_dates_as_users_type_them(text, expected):
    assert dates.parse_cli_date(text, date(2026, 10, 4)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 29)),
        ("9999", date(9999, 12, 31)),
        ("2026-00", None),
        ("gestern", date(2026, 10, 3)),
        ("31.1.2026", date(2026, 1, 31)),
    ],
)
def test_the_last_day_of_a_year_or_month(text, expected):
    assert dates.parse_cli_date(text, date(2026, 10, 4), is_last=True) == expected


def test_instants_of_the_search_interface():
    found = dates.parse_instant("2027-06-12T10:00:00.000000+0200")
    assert found == datetime(2027, 6, 12, 8, tzinfo=UTC)
    assert dates.parse_instant("2027-06-12T10:00:00") is None
    assert dates.utc_iso(found) == "2027-06-12T08:00:00+00:00"


@pytest.mark.parametrize("text", ["24:00 Uhr", "24 Uhr", "24.00 Uhr", "24:00", "bis 24:00:00 Uhr"])
def test_the_end_of_a_day_is_no_time_of_that_day(text):
    assert dates.ends_day(text)
    assert dates.parse_time(text) is None


@pytest.mark.parametrize("text", ["0:00 Uhr", "24:30 Uhr", "24. Juli", "2024", "12 Uhr, 24 Uhr"])
def test_other_times_do_not_end_a_day(text):
    assert not dates.ends_day(text)


@pytest.mark.parametrize(
    "text",
    ["2024-12-31T24:00:00+01:00", "2024-12-31T24:00+01:00", "2024-12-31 24:00:00.000+0100"],
)
def test_an_instant_at_the_end_of_a_day_is_the_next_midnight(text):
    found = dates.parse_instant(text)
    assert found
    assert found.isoformat() == "2025-01-01T00:00:00+01:00"


@pytest.mark.parametrize("text", ["2024-12-31T24:01:00+01:00", "9999-12-31T24:00:00Z"])
def test_an_instant_that_does_not_exist_is_none(text):
    assert dates.parse_instant(text) is None
