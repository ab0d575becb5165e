"""What browsers and tools note in the pages they save, and dates that are none."""

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.importing.notes import mail_time, noted_in
from scraper.markup.wayback import parse_stamp
from tests.importing.captures import OLD_PAGE, SECTION, bring_in, new_page, old_page, rows

ADDRESS = f"{SECTION}/a.html"
WITHOUT_SCHEME = ADDRESS.removeprefix("https://")
MIRRORED = datetime(2025, 7, 7, 10, 0, tzinfo=UTC)
TOOL = "by HTTrack Website Copier/3.x [XR&CO'2014]"
DATE = "Mon, 07 Jul 2025 10:00:00 GMT"
FOOTERS = {
    "the usual one": f"<!-- Mirrored from {WITHOUT_SCHEME} {TOOL}, {DATE} -->",
    "with on": f"<!-- Mirrored from {WITHOUT_SCHEME} {TOOL} on {DATE} -->",
    "no zone": f"<!-- Mirrored from {ADDRESS} on 7 Jul 2025 10:00 -->",
    "offset": f"<!--Mirrored from {ADDRESS} on Mon, 07 Jul 2025 12:00:00 +0200-->",
    "ISO": f"<!-- Mirrored from {ADDRESS} on 2025-07-07T12:00:00+02:00 -->",
    "of the manual": (
        "<!-- Mirrored [from host www.dortmund.de [file /newsroom/nachrichten-dortmund.de/a.html "
        "[at Mon, 07 Jul 2025 10:00:00 GMT]]] -->"
    ),
}


def saved(path, body):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    os.utime(path, (1_600_000_000, 1_600_000_000))
    return path


@pytest.mark.parametrize("footer", FOOTERS.values(), ids=FOOTERS)
@pytest.mark.parametrize("at_the_end", [True, False])
def test_the_footer_of_httrack_gives_address_and_time(tmp_path, footer, at_the_end):
    page = new_page("a").replace(f"<link rel=canonical href='{ADDRESS}'>".encode(), b"")
    page = page + b"x" * 9_000 + footer.encode() if at_the_end else footer.encode() + page
    report = bring_in(tmp_path / "a", saved(tmp_path / "site" / "a6f3.html", page))
    assert (report.new, report.undated, report.failures) == (1, 0, [])
    [found] = rows(tmp_path / "a", "SELECT url, fetched_at FROM captures")
    assert found == {"url": ADDRESS, "fetched_at": "2025-07-07T10:00:00+00:00"}


def test_two_mirrors_on_different_days_are_two_captures(tmp_path):
    for day, text in (("07", "Alt."), ("09", "Neu.")):
        footer = f"<!-- Mirrored from {WITHOUT_SCHEME} {TOOL}, {day} Jul 2025 10:00:00 GMT -->"
        saved(tmp_path / "m" / f"{day}.html", new_page("a", text) + footer.encode())
    report = bring_in(tmp_path / "a", tmp_path / "m")
    assert (report.new, report.changed) == (1, 1)


def test_of_a_mirror_of_a_mirror_the_first_time_counts():
    later = f"<!-- Mirrored from example.org/m/a.html {TOOL}, Fri, 01 Aug 2025 10:00:00 GMT -->"
    noted = noted_in(later.encode() + FOOTERS["the usual one"].encode())
    assert noted.at == MIRRORED
    assert noted.addresses == ("https://example.org/m/a.html", ADDRESS)


@pytest.mark.parametrize(
    "footer",
    [
        b"<!-- Mirrored from -->",
        b"<!-- Mirrored by hand -->",
        b"<!-- Mirrored from \xff\xfe on Mon, 99 Jul 99999 -->",
        b"<!-- Mirrored from x.de/a on 2025-13-41 99:99 -->",
        b"<!-- Mirrored from x.de/a on 31 Feb 2025 10:00:00 GMT -->",
        b"<!-- Mirrored",
    ],
)
def test_footers_without_a_time(footer):
    assert noted_in(footer).at is None


def test_a_wayback_page_that_httrack_mirrored_has_the_time_of_the_wayback_machine(tmp_path):
    banner = b"<!--\n FILE ARCHIVED ON 12:34:56 May 18, 2022 AND RETRIEVED -->"
    page = new_page("a") + banner + FOOTERS["the usual one"].encode()
    bring_in(tmp_path / "a", saved(tmp_path / "a.html", page))
    [found] = rows(tmp_path / "a", "SELECT fetched_at FROM captures")
    assert found["fetched_at"] == "2022-05-18T12:34:56+00:00"


IMPOSSIBLE = [
    "Mon, 20 Nov 9999999999 12:00:00 +0000",
    "Mon, 20 Nov 2022 12:00:00 +9999999999",
    "Mon, 20 Nov 2022 99:00:00 +0000",
    "Mon, 31 Feb 2022 12:00:00 +0000",
    "20 99999999999999999999",
    ", , ,",
    "x" * 9_000,
    "",
]


@pytest.mark.parametrize("date", IMPOSSIBLE)
def test_an_impossible_date_of_a_message_is_none(tmp_path, date):
    assert mail_time(date) is None
    head = f"Snapshot-Content-Location: {ADDRESS}\r\nDate: {date}\r\n"
    head += "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    path = saved(tmp_path / "p.mhtml", head.encode() + new_page("a"))
    report = bring_in(tmp_path / "a", path)
    assert (report.new, report.undated, report.failures) == (1, 1, [])


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text):
    found = mail_time(text)
    assert found is None or found.tzinfo


@given(st.binary(max_size=300))
def test_any_bytes_have_notes_or_none(data):
    noted_in(b"<!-- Mirrored from x.de/ on " + data)
    noted_in(data + b"-->")


HEADERS = {
    "folded address": f"Snapshot-Content-Location: {ADDRESS[:30]}\r\n {ADDRESS[30:]}\r\n",
    "odd words": f"Snapshot-Content-Location: {ADDRESS}#=?utf-8?b?a?=\r\n",
    "address in bytes": f"Snapshot-Content-Location: {ADDRESS}\r\nSubject: \xfc\xff\r\n",
}


@pytest.mark.parametrize("head", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize(
    "kind", ['text/html; charset="a\r\n b: c"', "text/html; charset*=x'y'z", "text/html;;;=;"]
)
def test_odd_headers_of_a_message_do_no_harm(tmp_path, head, kind):
    data = f"{head}MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n".encode("latin-1")
    report = bring_in(tmp_path / "a", saved(tmp_path / "p.mhtml", data + new_page("a")))
    assert (report.new, report.failures) == (1, [])
    assert rows(tmp_path / "a", "SELECT url FROM captures") == [{"url": ADDRESS}]
    headers = rows(tmp_path / "a", "SELECT headers FROM captures")[0]["headers"]
    assert "b: c" not in str(headers)


def test_parts_within_parts_without_end(tmp_path):
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="b{number}"\r\n\r\n--b{number}\r\n'
        for number in range(3_000)
    )
    report = bring_in(tmp_path / "a", saved(tmp_path / "p.mhtml", nested.encode()))
    assert len(report.failures) == 1


@pytest.mark.parametrize(
    "digits", ["1652877296", "2022051812345", "٢٠٢٢٠٥١٨١٢٣٤٥٦", "20220230000000"]
)
def test_what_is_no_stamp_of_14_digits_is_no_time(digits):
    assert parse_stamp(digits) is None


def test_a_folder_named_by_a_number_is_no_date(tmp_path):
    name = OLD_PAGE.removeprefix("https://") + "?nid=1"
    saved(tmp_path / "1652877296" / Path(name), old_page(1))
    report = bring_in(tmp_path / "a", tmp_path / "1652877296")
    assert (report.new, report.undated, report.failures) == (1, 1, [])


def test_offsets_are_kept():
    expected = datetime(2025, 7, 7, 12, tzinfo=timezone(timedelta(hours=2)))
    assert noted_in(FOOTERS["offset"].encode()).at == expected
