"""Captures from the future, or from before the web, are listed and never believed."""

import os
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.importing.credible import credible
from scraper.importing.found import Broken, Entry, Reason, Revisit, Skipped
from tests.importing.captures import NOW, OLD_PAGE, Warc, bring_in, old_page, rows, stamp

URL = f"{OLD_PAGE}?nid=1"
NOT_CREDIBLE = [
    "2099-01-01T00:00:00Z",
    "2026-10-04T12:00:01Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "1990-12-31T23:59:59Z",
]


def one_is_left_out(directory, *paths):
    """The one failure, and what is in the archive."""
    report = bring_in(directory, *paths)
    [(where, why)] = report.failures
    assert "not credible" in why
    assert report.exit_code == 3
    return where, rows(directory, "SELECT text, first_seen, last_seen FROM articles")


@pytest.mark.parametrize("date", NOT_CREDIBLE)
def test_a_record_with_an_incredible_date_is_listed(tmp_path, date):
    warc = Warc().response(URL, old_page(1, "Neuer Stand."), stamp(0))
    at = len(warc.buffer.getvalue())
    warc.response(URL, old_page(1, "Falscher Stand."), date)
    path = warc.save(tmp_path / "c.warc.gz")
    where, articles = one_is_left_out(tmp_path / "a", path)
    assert where == f"{path}, byte {at:,}"
    assert [row["text"].split(".")[0] for row in articles] == ["Neuer Stand"]
    assert articles[0]["last_seen"] == "2022-05-18T12:00:00+00:00"


@pytest.mark.parametrize("date", NOT_CREDIBLE)
def test_a_revisit_with_an_incredible_date_is_listed(tmp_path, date):
    warc = Warc().response(URL, old_page(1), stamp(0))
    warc.revisit(URL, "sha1:X", URL, stamp(0), date)
    _where, articles = one_is_left_out(tmp_path / "a", warc.save(tmp_path / "c.warc.gz"))
    assert articles[0]["last_seen"] == "2022-05-18T12:00:00+00:00"


@pytest.mark.parametrize("digits", ["20991231000000", "19800101000000", "00010101000000"])
def test_the_time_of_a_web_archive_is_not_believed_either(tmp_path, digits):
    warc = Warc().response(f"https://web.archive.org/web/{digits}/{URL}", old_page(1), stamp(0))
    _where, articles = one_is_left_out(tmp_path / "a", warc.save(tmp_path / "c.warc.gz"))
    assert articles == []


def test_nor_is_that_of_a_file(tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes(old_page(1, head=f"<link rel=canonical href='{URL}'>"))
    os.utime(path, (315_532_800, 315_532_800))  # the beginning of time in zip files
    where, articles = one_is_left_out(tmp_path / "a", path)
    assert where == str(path)
    assert articles == []


def test_the_present_and_the_first_days_are_believed(tmp_path):
    warc = Warc().response(URL, old_page(1), NOW.isoformat().replace("+00:00", "Z"))
    warc.response(URL, old_page(1), "1991-08-06T00:00:00Z")
    report = bring_in(tmp_path / "a", warc.save(tmp_path / "c.warc.gz"))
    assert (report.read, report.failed) == (2, 0)


@given(
    st.datetimes(timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))),
    st.booleans(),
)
def test_a_time_is_judged_wherever_it_lies(moment, is_dated):
    entry = Entry(URL, moment, "x", lambda: None, is_dated=is_dated)
    found = credible(entry, NOW)
    assert (found is entry) == (datetime(1991, 1, 1, tzinfo=UTC) <= moment <= NOW)
    assert found is entry or (isinstance(found, Broken) and "not credible" in found.reason)


def test_what_has_no_time_is_not_judged():
    for found in (Skipped(Reason.NOT_HTML), Broken("x", "y")):
        assert credible(found, NOW) is found
    revisit = Revisit(URL, NOW, "x", None, None, None)
    assert credible(revisit, NOW) is revisit
