"""The search interface: one mixed stream, a window of 10,000, and whatever else may come."""

import dataclasses
import json
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discovery import Listing, search_steps
from scraper.errors import ParseError
from scraper.records import Request
from scraper.sites import get_site
from tests.conftest import capture_of

SITE = get_site("dortmund")
API = "https://www.dortmund.de/api/search/proxy/search"
SECTION = "/newsroom/nachrichten-dortmund.de/"


def answer(hits, total="eq"):
    body = {"hits": {"hits": hits}}
    if total != "eq":
        body["hits"]["total"] = total
    return capture_of(json.dumps(body), API, "application/json")


def hit(url, **source):
    return {"_id": "1", "_source": {"type": "node", "website_url": url, **source}}


def news(slug, day=None, **source):
    if day:
        source["publicationDate"] = f"{day}T10:00:00.000000+0200"
    return hit(f"{SECTION}{slug}.html", **source)


def first(since=None):
    (step,) = search_steps(SITE, since)
    return step


class Interface:
    """Answers as Elasticsearch does."""

    def __init__(self, documents, total="count", page=None, window=10_000):
        self.documents = documents
        self.total = total
        self.page = page
        self.window = window
        self.payloads = []

    def __call__(self, request):
        payload = request.payload
        self.payloads.append(payload)
        start, size = payload["from"], payload["size"]
        assert start + size <= self.window, "would be HTTP 500"
        hits = self.documents[start : start + min(size, self.page or size)]
        totals = {
            "count": len(self.documents),
            "dict": {"value": len(self.documents), "relation": "eq"},
            "gte": {"value": min(len(self.documents), 10), "relation": "gte"},
            "missing": "eq",
        }
        return answer(hits, totals[self.total])


def walk(interface, since=None):
    steps, listings = [first(since)], []
    while steps:
        step = steps.pop()
        listing = step.read(interface(step.request))
        listings.append(listing)
        steps.extend(listing.steps)
    return listings


def found(listings):
    return [candidate for listing in listings for candidate in listing.candidates]


def slugs(listings):
    return [candidate.url.rpartition("/")[2][:-5] for candidate in found(listings)]


# --- what counts -----------------------------------------------------------------------------


def test_the_first_request_asks_for_everything_from_the_start():
    assert first().request == Request(API, {"query": "*", "from": 0, "size": 100})


def test_a_site_without_interface_has_no_step():
    assert search_steps(dataclasses.replace(SITE, sources=())) == ()


def test_articles_are_kept_whatever_their_type_and_all_else_is_passed_over():
    listing = first().read(
        answer(
            [
                news("a", type="node"),
                news("b", type="news"),
                hit("/newsroom/presse-mitteilungen/c.html", type="eventdatetime"),
                hit("/newsroom/nachrichten/d.html"),
                hit("/veranstaltungen/e.html", type="eventdatetime"),
                hit("/newsroom/nachrichten-dortmund.de/"),
                hit("/newsroom/nachrichten-dortmund.de/f.pdf"),
                hit("https://www.example.org/newsroom/nachrichten/g.html"),
            ],
            8,
        )
    )
    assert slugs([listing]) == ["a", "b", "c", "d"]
    assert {candidate.source for candidate in listing.candidates} == {"search"}
    assert listing.steps == ()


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        (SECTION + "a.html", SECTION + "a.html"),
        ("https://www.dortmund.de" + SECTION + "a.html", SECTION + "a.html"),
        ("https://application.dortmund.de" + SECTION + "a.html?x=1#y", SECTION + "a.html"),
        (SECTION.lstrip("/") + "a.html", SECTION + "a.html"),
        (SECTION + "„größe“.html", SECTION + "%E2%80%9Egr%C3%B6%C3%9Fe%E2%80%9C.html"),
        (SECTION + "%e2%80%9egr%c3%b6ße.html", SECTION + "%E2%80%9Egr%C3%B6%C3%9Fe.html"),
        (SECTION + "westfalenhuette-2.0-x.html", SECTION + "westfalenhuette-2.0-x.html"),
        (f" {SECTION}a.html\n", SECTION + "a.html"),
    ],
)
def test_every_spelling_of_an_address_is_understood_and_kept(spelling, expected):
    (candidate,) = first().read(answer([hit(spelling)])).candidates
    assert candidate.url == "https://www.dortmund.de" + expected
    assert candidate.original == spelling


def test_an_article_that_is_listed_twice_has_one_address():
    listing = first().read(answer([news("a"), news("a"), hit(SECTION + "%61.html")]))
    assert len({candidate.url for candidate in listing.candidates}) == 1


@pytest.mark.parametrize(
    ("source", "day"),
    [
        ({"publicationDate": "2025-07-07T12:52:00.000000+0200"}, date(2025, 7, 7)),
        ({"datePublished": "2025-07-07"}, date(2025, 7, 7)),
        ({"date": "Mo 7. Juli 2025"}, date(2025, 7, 7)),
        ({"published": "07.07.2025"}, date(2025, 7, 7)),
        ({"publicationDate": "2025-07-06T22:30:00+0000"}, date(2025, 7, 7)),
        ({"publicationDate": "2025-07-06T22:30:00Z"}, date(2025, 7, 7)),
        ({"publicationDate": "", "date": "2025-07-07"}, date(2025, 7, 7)),
        ({"publicationDate": 1751885520, "date": ["2025-07-07"]}, None),
        ({"publicationDate": "0001-01-01T00:00:00+2300"}, None),
        ({"publicationDate": "2025-02-31"}, None),
        ({"changed": "2025-07-07", "eventDate": "2025-07-07"}, None),
        ({}, None),
    ],
)
def test_the_day_is_that_of_publication_in_the_city(source, day):
    (candidate,) = first().read(answer([news("a", **source)])).candidates
    assert candidate.published == day


@pytest.mark.parametrize(
    ("tags", "district"),
    [
        ([{"value": "Hörde", "parentValues": ["Stadtbezirke"]}], "Hörde"),
        ([{"value": "Hörde", "parentValues": "Stadtbezirke"}], "Hörde"),
        ([{"value": "Hörde", "parentValues": []}], "Hörde"),
        ([{"value": "Kita"}, {"value": "Eving", "parentValues": ["x", "Stadtbezirke"]}], "Eving"),
        ([{"value": "Hörde", "parentValues": ["Personen"]}], None),
        ([{"value": "Hörde"}], None),
        ([{"value": "Bochum", "parentValues": ["Stadtbezirke"]}], None),
        ([{"value": ["Hörde"], "parentValues": ["Stadtbezirke"]}], None),
        ([{"value": {"a": 1}}], None),
        ([None, 1, "Hörde", []], None),
        ({"value": "Hörde"}, None),
        (None, None),
    ],
)
def test_the_district_is_a_tag_below_stadtbezirke(tags, district):
    (candidate,) = first().read(answer([news("a", contentTags=tags)])).candidates
    assert candidate.district == district


# --- paging ----------------------------------------------------------------------------------


@pytest.mark.parametrize("total", ["count", "dict", "gte", "missing"])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_everything_is_found_however_the_total_is_told(total, count):
    interface = Interface([news(str(number)) for number in range(count)], total)
    assert slugs(walk(interface)) == [str(number) for number in range(count)]
    extra = 0 if total in {"count", "dict"} and count else 1
    assert len(interface.payloads) == -(-count // 100) + extra


def test_the_next_page_begins_behind_the_hits_that_really_came():
    interface = Interface([news(str(number)) for number in range(25)], page=10)
    assert slugs(walk(interface)) == [str(number) for number in range(25)]
    assert [payload["from"] for payload in interface.payloads] == [0, 10, 20]


def test_hits_that_are_no_articles_count_for_the_paging():
    interface = Interface([hit("/a"), *([hit("/b")] * 99), news("c")])
    assert slugs(walk(interface)) == ["c"]
    assert interface.payloads[1]["from"] == 100


@pytest.mark.parametrize(
    "total", [0, -1, True, 1.5, "many", None, [], {"value": "x"}, {"value": True}, {"relation": 1}]
)
def test_a_total_that_cannot_be_is_not_believed(total):
    listing = first().read(answer([news("a")], total))
    assert [step.request.payload["from"] for step in listing.steps] == [1]


@pytest.mark.parametrize(
    ("documents", "page"), [(9_950, None), (10_000, 99), (10_001, None), (10_500, 99)]
)
def test_the_walk_ends_before_the_window_does(documents, page):
    interface = Interface([news("a")] * documents, page=page)
    listings = walk(interface)
    assert len(found(listings)) == min(documents, 10_000)
    last = interface.payloads[-1]
    assert last["from"] + last["size"] <= 10_000
    warned = [warning for listing in listings for warning in listing.warnings]
    assert len(warned) == (documents > 10_000)
    assert all("10,000 documents" in warning for warning in warned)


@pytest.mark.parametrize("per_answer", [1, 3, 100, 5_000])
def test_a_server_that_never_ends_is_left_after_a_while(per_answer):
    requests = []

    def endless(request):
        requests.append(request)
        return answer([news("same")] * per_answer)

    listings = walk(endless)
    assert len(requests) <= 500
    assert listings[-1].warnings


def test_more_hits_than_were_asked_for_are_read():
    interface = answer([news(str(number)) for number in range(300)], 300)
    listing = first().read(interface)
    assert (len(listing.candidates), listing.steps) == (300, ())


# --- since -----------------------------------------------------------------------------------


def days(count, start=date(2025, 12, 31)):
    return [date.fromordinal(start.toordinal() - number) for number in range(count)]


SINCE = date(2025, 12, 1)


def test_a_sorted_listing_is_left_at_a_page_that_is_too_old():
    interface = Interface([news(str(day), day) for day in days(1_000)])
    listings = walk(interface, SINCE)
    assert len(interface.payloads) == 2
    assert {day for day in days(1_000) if day >= SINCE} <= {c.published for c in found(listings)}


def test_without_since_a_sorted_listing_is_read_to_its_end():
    interface = Interface([news(str(day), day) for day in days(1_000)])
    assert len(found(walk(interface))) == 1_000


def test_events_between_the_articles_do_not_keep_a_sorted_walk_going():
    documents = []
    for day in days(1_000):
        documents += [news(str(day), day), hit("/veranstaltungen/x.html", date=str(date.max))]
    interface = Interface(documents)
    walk(interface, SINCE)
    assert len(interface.payloads) == 2


def test_a_page_that_reaches_back_to_since_does_not_end_the_walk():
    interface = Interface([news(str(day), day) for day in days(1_000)])
    walk(interface, date(2025, 1, 1))
    assert len(interface.payloads) == 5


@pytest.mark.parametrize(
    "order",
    [
        lambda old, new: old + new,
        lambda old, new: old[::-1] + new,
        lambda old, new: new[:1] + old + new[1:],
        lambda old, new: [day for pair in zip(old, new * 9, strict=False) for day in pair],
    ],
    ids=["old first", "ascending", "one new one on top", "mixed"],
)
def test_an_unsorted_listing_is_read_to_its_end(order):
    dates = order(days(150, date(2020, 1, 1)), days(40))
    interface = Interface([news(str(i), day) for i, day in enumerate(dates)])
    assert {c.published for c in found(walk(interface, SINCE))} == set(dates)


def test_a_few_articles_in_a_large_stream_are_no_proof_of_an_order():
    page = [hit("/veranstaltungen/x.html")] * 99
    dates = [date(2025, 1, 1), date(2024, 1, 1), date(2023, 1, 1), date(2026, 1, 1)]
    documents = []
    for day in dates:
        documents += [news(str(day), day), *page]
    assert [c.published for c in found(walk(Interface(documents), SINCE))] == dates


def test_articles_without_a_date_keep_the_walk_going():
    dated = [news(str(day), day) for day in days(150, date(2020, 1, 1))]
    interface = Interface([*dated, news("undated"), *dated])
    walk(interface, SINCE)
    assert len(interface.payloads) == 4


@settings(deadline=None)
@given(st.lists(st.dates(date(2020, 1, 1), date(2026, 1, 1)), max_size=400), st.dates())
def test_a_listing_in_order_loses_nothing_that_is_new(dates, since):
    dates.sort(reverse=True)
    interface = Interface([news(str(i), day) for i, day in enumerate(dates)])
    got = [c.published for c in found(walk(interface, since))]
    assert got == dates[: len(got)]
    assert all(day < since for day in dates[len(got) :])


# --- odd shapes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html>",
        b"null",
        b"[]",
        b"1",
        b'"hits"',
        b"{}",
        b'{"hits": null}',
        b'{"hits": []}',
        b'{"hits": {"hits": null}}',
        b'{"hits": {"hits": {}}}',
        b'{"hits": {"hits": "abc"}}',
        b'{"error": "forbidden"}',
        b'{"hits": {"hits": [',
        b"[" * 100_000,
        b'{"hits": {"hits": [' + b"9" * 5000 + b"]}}",
        b"\xff\xfe\xfa",
    ],
)
def test_an_answer_that_is_not_elasticsearchs_is_a_parse_error(body):
    with pytest.raises(ParseError, match="the search interface") as caught:
        first().read(capture_of(body, API))
    assert API in str(caught.value)


def test_half_a_character_in_an_address_is_passed_over():
    body = (
        rb'{"hits": {"hits": [{"_source": {"website_url": "/newsroom/nachrichten/\ud800.html"}}]}}'
    )
    assert first().read(capture_of(body, API)).candidates == ()


SURROGATES = st.text(st.characters(codec=None, exclude_categories=()), max_size=8)
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        SURROGATES,
        st.sampled_from(["Hörde", SECTION + "a.html", "2025-07-07", "9999-12-31T23:59:59-2359"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(SURROGATES, inner, max_size=3)
    ),
    max_leaves=8,
)


def shaped(strategy):
    """The real shape, or anything in its place."""
    return st.one_of(strategy, JSON)


TAG = st.fixed_dictionaries({"value": JSON, "parentValues": JSON})
SOURCE = st.fixed_dictionaries(
    {
        "website_url": shaped(SURROGATES.map(lambda slug: f"{SECTION}{slug}.html")),
        "contentTags": shaped(st.lists(shaped(TAG), max_size=3)),
        "publicationDate": JSON,
        "date": JSON,
    }
)
HIT = st.fixed_dictionaries({"_source": shaped(SOURCE)})
TOTAL = st.fixed_dictionaries({"value": JSON, "relation": JSON})
ANSWER = st.fixed_dictionaries(
    {
        "hits": shaped(
            st.fixed_dictionaries(
                {"hits": shaped(st.lists(shaped(HIT), max_size=4)), "total": shaped(TOTAL)}
            )
        )
    }
)


@settings(deadline=None)
@given(shaped(ANSWER))
def test_any_json_is_a_listing_or_a_parse_error(value):
    capture = capture_of(json.dumps(value), API)
    with suppress(ParseError):
        listing = first(date(2025, 1, 1)).read(capture)
        assert isinstance(listing, Listing)
        for candidate in listing.candidates:
            assert candidate.url.startswith("https://www.dortmund.de/newsroom/")
            assert (candidate.url + candidate.original).encode()


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_listing_or_a_parse_error(body):
    with suppress(ParseError):
        first().read(capture_of(body, API))
