"""robots.txt: silence and errors forbid, absence allows, and the rules hold for every hop."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import RobotsForbid, SiteUnreachable
from scraper.fetch.body import Limits
from scraper.fetch.robots import Robots
from scraper.records import Request
from tests.conftest import capture_of
from tests.fetch.conftest import PAGE, PATH
from tests.support.loopback import Answer

ORIGIN = "https://www.dortmund.de"
API = ORIGIN + "/api/search/proxy/search"


def rules(text: str | bytes, agent: str = "newsroom-archive") -> Robots:
    return Robots.from_capture(capture_of(text, ORIGIN + "/robots.txt", "text/plain"), agent)


# --- what the answer means -------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451])
def test_a_4xx_means_that_there_are_no_rules(client, loopback, status):
    loopback.robots = Answer(status, body=b"User-agent: *\nDisallow: /")
    assert client.get(PAGE).capture.status == 404
    assert loopback.paths() == [PATH]


@pytest.mark.parametrize("status", [429, 500, 501, 502, 503, 505, 304, 300])
def test_any_other_status_forbids_everything(client, loopback, status):
    loopback.robots = Answer(status)
    with pytest.raises(RobotsForbid, match=f"HTTP {status}.*nothing was changed"):
        client.get(PAGE)
    assert loopback.paths() == []


def test_rules_that_come_at_the_second_try_are_used(make_client, loopback):
    answers = iter([Answer(503), Answer(200, body=b"User-agent: *\nDisallow: /api/")])
    loopback.robots = None
    loopback.script = lambda _ask: next(answers, Answer(200))
    client = make_client(max_tries=2)
    assert client.get(PAGE).capture.status == 200
    with pytest.raises(RobotsForbid):
        client.get(API)


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><title>Wartung</title>",
        "\n\n  <html>",
        "\ufeff<!doctype html>",
        "<!-- Wartung --><p>User-agent: *",
        "<?xml version='1.0'?>",
        '{"error": "not found"}',
        "Der Dienst ist zurzeit nicht erreichbar.",
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "\x1f\x8b\x08",
        "User-agent: *\nDisallow: /\0",
    ],
)
def test_what_is_not_a_text_of_rules_forbids_everything(client, loopback, body):
    loopback.robots = Answer(200, body=body.encode())
    with pytest.raises(RobotsForbid, match=r"not rules.*Try again later"):
        client.get(PAGE)
    assert loopback.paths() == []


def test_a_robots_txt_in_utf16_forbids_everything(client, loopback):
    loopback.robots = Answer(200, body="User-agent: *\nDisallow: /".encode("utf-16"))
    with pytest.raises(RobotsForbid):
        client.get(PAGE)


@pytest.mark.parametrize("body", ["", "\n\n", "# nothing but a comment", "\ufeff", "User-agent: *"])
def test_a_file_without_rules_allows_everything(client, loopback, body):
    loopback.robots = Answer(200, body=body.encode())
    assert client.get(PAGE).capture.status == 404


def test_a_body_that_is_too_large_forbids_everything(make_client, loopback):
    loopback.robots = Answer(200, body=b"User-agent: *\n" + b"#" * 2000)
    with pytest.raises(RobotsForbid, match="more than the 1,000"):
        make_client(limits=Limits(wire_bytes=1000)).get(PAGE)


@pytest.mark.parametrize(
    "broken", [Answer(reset=True), Answer(raw=[]), Answer(200, {"Content-Length": "99"}, b"User")]
)
def test_a_site_that_breaks_off_cannot_be_reached(client, loopback, broken):
    loopback.robots = broken
    with pytest.raises(SiteUnreachable, match="cannot be reached") as caught:
        client.get(PAGE)
    assert not isinstance(caught.value, RobotsForbid)
    assert loopback.paths() == []


def test_a_site_that_does_not_answer_in_time_cannot_be_reached(make_client, loopback, clock):
    def drip():
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        for _ in range(100_000):
            clock.now += 1
            yield b"#"

    loopback.robots = Answer(raw=drip())
    with pytest.raises(SiteUnreachable, match="longer than 120 s"):
        make_client().get(PAGE)
    assert loopback.paths() == []


def test_a_retry_after_that_is_too_long_forbids_for_this_run(client, loopback):
    loopback.robots = Answer(503, {"Retry-After": "86400"})
    with pytest.raises(RobotsForbid, match="asks to wait 86400 s"):
        client.get(PAGE)


def test_the_rules_of_another_host_are_not_taken(client, loopback):
    loopback.robots = Answer(302, {"Location": "https://www.example.org/robots.txt"})
    with pytest.raises(RobotsForbid, match="not a page of the site"):
        client.get(PAGE)


def test_a_redirect_of_robots_within_the_site_is_followed(client, loopback):
    loopback.robots = Answer(302, {"Location": "/rules.txt"})
    loopback.script = lambda ask: Answer(200, body=b"User-agent: *\nDisallow: /newsroom/")
    with pytest.raises(RobotsForbid, match="may not be fetched"):
        client.get(PAGE)
    assert loopback.paths() == ["/rules.txt"]


def test_the_rules_are_asked_for_once_before_everything_else(client, loopback):
    client.get(PAGE)
    client.get(PAGE)
    client.robots()
    assert [ask.path for ask in loopback.asks] == ["/robots.txt", PATH, PATH]


def test_rules_that_could_not_be_had_are_asked_for_again(client, loopback):
    loopback.robots = Answer(503)
    with pytest.raises(RobotsForbid):
        client.robots()
    loopback.robots = Answer(200, body=b"")
    assert client.get(PAGE).capture.status == 404


# --- the rules -------------------------------------------------------------------------------


def test_the_interface_alone_can_be_forbidden(client, loopback):
    loopback.robots = Answer(200, body=b"User-agent: *\nDisallow: /api/\n")
    with pytest.raises(RobotsForbid, match="api/search/proxy/search may not be fetched") as caught:
        client.send(Request(API, {"query": "*"}))
    assert caught.value.exit_code == 4
    assert client.get(PAGE).capture.status == 404


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /*.html$", "/x/y.html", False),
        ("User-agent: *\nDisallow: /*.html$", "/x/y.html?z", True),
        ("User-agent: *\nDisallow: /*?", "/x?y", False),
        ("User-agent: *\nDisallow: /*?", "/x", True),
        ("User-agent: *\nDisallow: /größe", "/gr%C3%B6%C3%9Fe/x", False),
        ("User-agent: *\nDisallow: /gr%c3%b6%c3%9fe", "/gr%C3%B6%C3%9Fe/x", False),
        ("User-agent: newsroom-archive\nDisallow: /\n\nUser-agent: *\nDisallow:", "/a", False),
        ("User-agent: Newsroom-Archive\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: archive\nDisallow: /", "/a", True),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\rDisallow: /a\rDisallow: /b", "/b", False),
        ("  USER-AGENT : *\r\n  disallow : /a # not this", "/a", False),
        ("Sitemap: https://www.dortmund.de/s.xml", "/a", True),
    ],
)
def test_rules_are_read_as_the_standard_says(text, path, allowed):
    assert rules(text).allows(ORIGIN + path) is allowed


OURS = (
    "newsroom-archive/0.1.0",
    '"newsroom-archive/0.1"',
    "Newsroom-Archive/99",
    "newsroom-archive (+https://example.org/bot)",
    "newsroom-archive # nur diese",
    "newsroom-archive;",
    "newsroom-archive, other",
    "newsroom-archive\xe4",
    "newsroom-archive 0.1",
    "newsroom-archive*",
    "*newsroom-archive*",
)
OTHERS = (
    "news",
    "newsroom",
    "newsroom-",
    "newsroom-archiver",
    "newsroom-archive-images",
    "newsroom/1.0",
    "new*",
    "*bot",
    "/0.1.0",
    "archive",
    "0newsroom-archive",
)


@pytest.mark.parametrize("name", OURS)
def test_a_group_that_names_us_with_more_behind_it_is_ours(name):
    found = rules(f"User-agent: {name}\nDisallow: /\n\nUser-agent: *\nDisallow: /intern/")
    assert not found.allows(ORIGIN + "/a")
    paced = rules(f"User-agent: other\nUser-agent: {name}\nCrawl-delay: 7\nRequest-rate: 1/9")
    assert paced.crawl_delay_seconds == 9.0


@pytest.mark.parametrize("name", OTHERS)
def test_a_group_whose_name_only_resembles_ours_is_not_ours(name):
    found = rules(f"User-agent: {name}\nDisallow: /\n\nUser-agent: *\nDisallow: /intern/")
    assert found.allows(ORIGIN + "/a")
    assert not found.allows(ORIGIN + "/intern/a")


@pytest.mark.parametrize("name", ["*", " * ", "* # alle", "*/1.0", "**"])
def test_a_group_of_a_star_is_everybodys(name):
    assert not rules(f"User-agent: {name}\nDisallow: /").allows(ORIGIN + "/a")
    assert rules(f"User-agent: newsroom-archive\nAllow: /\nUser-agent: {name}\nDisallow: /").allows(
        ORIGIN + "/a"
    )


def test_our_groups_are_joined_whatever_version_they_name():
    found = rules(
        "User-agent: newsroom-archive/0.1\nDisallow: /a\n\n"
        "User-agent: x\nDisallow: /b\n\nUser-agent: newsroom-archive\nDisallow: /c"
    )
    assert [found.allows(ORIGIN + path) for path in ("/a", "/b", "/c")] == [False, True, False]


@pytest.mark.parametrize("record", ["Content-Signal: ai-train=no", "Noindex: /x", "Unsinn: 1", "x"])
def test_a_record_that_no_standard_knows_parts_no_group(record):
    text = f"User-agent: newsroom-archive\n{record}\nUser-agent: other\nDisallow: /a"
    assert not rules(text).allows(ORIGIN + "/a")


@pytest.mark.parametrize("line", ["Disallow /a", "disalow: /a", "DISALLOW:/a", "\tDisallow\t: /a"])
def test_rules_in_protegos_spellings_hold(line):
    assert not rules(f"User-agent: *\n{line}").allows(ORIGIN + "/a")
    assert not rules(f"User Agent: *\n{line}").allows(ORIGIN + "/a")


def test_a_pattern_that_may_match_in_many_ways_is_answered_at_once():
    found = rules("User-agent: *\nDisallow: /*a*a*a*a*a*a*b$\nDisallow: /c")
    assert found.allows(ORIGIN + "/" + "a" * 2000)
    assert not found.allows(ORIGIN + "/c")


def test_half_a_megabyte_of_blank_lines_is_read_at_once():
    assert rules("User-agent: *\nDisallow: /a\nx" + "\n" * 490_000 + "x").allows(ORIGIN + "/b")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 5", 5.0),
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nRequest-rate: 1/10", 10.0),
        ("User-agent: *\nRequest-rate: 6/1m", 10.0),
        ("User-agent: *\nCrawl-delay: 5\nRequest-rate: 1/10", 10.0),
        ("User-agent: *\nCrawl-delay: 50\nRequest-rate: 1/10", 50.0),
        ("User-agent: other\nCrawl-delay: 5", 0.0),
        ("User-agent: *\nCrawl-delay: -5", 0.0),
        ("User-agent: *\nCrawl-delay: nan", 0.0),
        ("User-agent: *\nCrawl-delay: morgen", 0.0),
        ("User-agent: *\nRequest-rate: 0/0", 0.0),
        ("User-agent: *\nCrawl-delay: 1e300", 86_400.0),
        ("User-agent: *\nDisallow:", 0.0),
    ],
)
def test_the_delay_is_the_longer_of_both_forms(text, seconds):
    assert rules(text).crawl_delay_seconds == seconds


def test_sitemaps_are_named_in_order():
    assert rules("Sitemap: /a.xml\nUser-agent: *\nSitemap: /b.xml").sitemaps == ("/a.xml", "/b.xml")


def test_rules_beyond_half_a_megabyte_are_cut_off():
    filler = "# " + "x" * 998 + "\n"
    assert not rules(filler * 500 + "User-agent: *\nDisallow: /a").allows(ORIGIN + "/a")
    assert rules(filler * 600 + "User-agent: *\nDisallow: /a").allows(ORIGIN + "/a")


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_rules_or_a_reason_why_not(body):
    with suppress(ValueError):
        found = rules(body)
        assert found.allows(PAGE) in {True, False}
        assert 0 <= found.crawl_delay_seconds <= 86_400


@settings(deadline=None)
@given(st.sampled_from(["Allow", "Disallow", "Crawl-delay", "Request-rate"]), st.text(max_size=40))
def test_any_value_of_a_rule_is_survived(field, value):
    line = " ".join(value.replace("\0", "").splitlines())
    found = rules(f"User-agent: *\n{field}: {line}")
    assert found.allows(PAGE) in {True, False}
    assert 0 <= found.crawl_delay_seconds <= 86_400


# --- the pace --------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["Crawl-delay: 7", "Request-rate: 1/7"])
def test_the_pace_holds_from_the_first_page_on(make_client, loopback, clock, rule):
    loopback.robots = Answer(200, body=f"User-agent: *\n{rule}".encode())
    client = make_client(delay_seconds=1.0)
    client.get(PAGE)
    client.get(PAGE)
    assert clock.slept == [7.0, 7.0]


def test_a_short_crawl_delay_does_not_hasten_us(make_client, loopback, clock):
    loopback.robots = Answer(200, body=b"User-agent: *\nCrawl-delay: 0.1")
    make_client(delay_seconds=1.0).get(PAGE)
    assert clock.slept == [1.0]
