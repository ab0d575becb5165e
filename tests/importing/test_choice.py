"""Which captures are chosen, what an index says, and how addresses of releases begin."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dates import utc_iso
from scraper.importing.cdx import Listed, crawls, read_answer
from scraper.importing.choice import of_releases, telling, untold
from scraper.importing.found import Unreadable
from scraper.importing.prefixes import prefixes
from scraper.sites import ArticleAddress, get_site

SITE = get_site("dortmund")
URL = "https://www.dortmund.de/newsroom/presse-mitteilungen/a.html"
START = datetime(2020, 1, 1, tzinfo=UTC)


def listed(number, digest, **fields):
    at = START + timedelta(days=number)
    values = {"url": URL, "at": at, "digest": digest, "status": "200", "media_type": "text/html"}
    return Listed(**values | fields)


rows_of = st.lists(st.sampled_from("ABC"), min_size=1, max_size=12).map(
    lambda digests: [listed(number, digest) for number, digest in enumerate(digests)]
)
kept = st.lists(
    st.tuples(st.integers(-2, 14), st.sampled_from("ABC")), max_size=6, unique_by=lambda x: x[0]
).map(lambda found: [(utc_iso(START + timedelta(days=n, hours=7)), digest) for n, digest in found])


def days(captures):
    return [(capture.at - START).days for capture in captures]


@given(rows_of, st.integers(1, 12))
def test_the_first_the_last_and_what_changes_is_taken_but_never_too_many(captures, most):
    found = telling(captures, most)
    assert 1 <= len(found) <= most
    assert found[0] is captures[0]
    assert found[-1] is captures[-1] or most == 1
    assert found == sorted(found, key=lambda capture: capture.at)
    changes = [b for a, b in pairwise(captures) if a.digest != b.digest]
    assert set(telling(captures, 99)) == {captures[0], captures[-1], *changes}


@given(rows_of, kept)
def test_what_is_taken_leaves_nothing_to_take(captures, seen):
    taken = untold(captures, seen)
    now_kept = [*seen, *((utc_iso(each.at), each.digest) for each in taken)]
    assert untold(captures, now_kept) == []


def test_without_digests_every_capture_may_be_a_change():
    captures = [listed(number, None) for number in range(4)]
    assert telling(captures, 9) == captures


def test_what_was_seen_before_and_after_tells_nothing():
    row = [listed(1, "A"), listed(3, "A"), listed(5, "B")]
    seen = [(utc_iso(START), "A"), (utc_iso(START + timedelta(days=4)), "A")]
    assert days(untold(row, seen)) == [5]
    assert days(untold(row, [])) == [1, 3, 5]
    assert days(untold([listed(1, None)], [(utc_iso(START), None)])) == [1]


def test_only_releases_that_answered_count():
    found = of_releases(
        [
            listed(1, "A"),
            listed(1, "B"),  # in the same second
            listed(2, "A", media_type="warc/revisit", status="-"),
            listed(3, "C", media_type="warc/revisit", status="-"),  # of a page that is not there
            listed(4, "A", status="404"),
            listed(5, "A", media_type="image/png"),
            listed(6, "A", url="https://www.dortmund.de/rathaus/"),
            listed(7, "A", url="http://dortmund.de/newsroom/presse-mitteilungen/a.html?x=1"),
            listed(900, "A"),
        ],
        SITE,
        until=date(2021, 1, 1),
    )
    assert {url: days(captures) for url, captures in found.items()} == {URL: [1, 2, 7]}


@pytest.mark.parametrize(
    "body",
    [b"<html>", b'[["timestamp","original"],["2020', b'{"url": "x"', b'{"url": "x"}', b"[1]",
     b'{"url": "https://a.de/", "timestamp": "99999999999999"}', b"[" * 100_000],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_is_no_empty_one(body):
    with pytest.raises(Unreadable):
        read_answer(body)


def test_both_kinds_of_answers_are_read():
    digest = "A2" * 16
    table = (
        b'[["timestamp","original","mimetype","statuscode","digest","length"],'
        b'["20200101000000","%s","text/html","200","%s","9"],[],["next one"]]'
        % (URL.encode(), digest.encode())
    )
    lines = (
        b'{"url": "%s", "timestamp": "20200101000000", "mime": "text/html", "status": "200", '
        b'"digest": "%s", "length": "9", "offset": "3", "filename": "a"}\n'
        % (URL.encode(), digest.encode())
    )
    expected = listed(0, f"sha1:{digest}")
    assert read_answer(table).captures == (expected,)
    assert read_answer(table).resume_key == "next one"
    one = dataclasses.replace(expected, file="a", offset=3, length=9)
    assert read_answer(lines).captures == (one,)
    assert read_answer(b"[]").captures == read_answer(b" \n").captures == ()


def test_crawls_are_chosen_by_their_time():
    body = (
        b'[{"id": "CC-MAIN-2022-05", "cdx-api": "https://i/b", "from": "2022-01-16T00:00:00",'
        b'  "to": "2022-01-29T00:00:00"},'
        b' {"id": "CC-MAIN-2009-2010", "cdx-api": "https://i/a"},'
        b' {"id": "CC-MAIN-2020-05", "cdx-api": "https://i/c"}]'
    )
    assert crawls(body, None, None) == ["https://i/a", "https://i/c", "https://i/b"]
    assert crawls(body, date(2022, 2, 1), None) == ["https://i/a"]
    assert crawls(body, date(2021, 2, 1), None) == ["https://i/a", "https://i/b"]
    assert crawls(body, None, date(2021, 2, 1)) == ["https://i/a", "https://i/c"]
    with pytest.raises(Unreadable):
        crawls(b'{"id": 1}', None, None)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^/presse/mitteilungen/\d{4}/[^/]+$", ["/presse/mitteilungen/"]),
        (r"^/a/b\.html/c$|^/d/(?:e|f)/", ["/a/b.html/", "/d/"]),
        (r"^/a/|/b/.+", ["/"]),
        (r"/pm_\d+\.html$", ["/"]),
        (r"^/(?:de/)?aktuell/", ["/"]),
        (r"^/aktuelle?/x/", ["/"]),
        (r"^/[ab|]/x", ["/"]),
    ],
)
def test_how_addresses_begin_that_a_pattern_tells(pattern, expected):
    article = ArticleAddress(path=pattern)
    site = dataclasses.replace(SITE, article=article, aliases=frozenset(), retired_pages=())
    assert prefixes(site) == [f"dortmund.de{path}" for path in expected]


def test_retired_addresses_and_other_hosts_are_asked_for_too():
    found = prefixes(SITE)
    assert "dortmund.de/newsroom/presse-mitteilungen/" in found
    assert "application.dortmund.de/newsroom/nachrichten/" in found
    assert any(each.endswith("/nachricht.jsp") for each in found)
    assert len(found) == len(set(found))
