"""A server may send what it likes: reading ends, memory stays bounded, the error says why."""

import gzip
import itertools
import threading
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import (
    FetchError,
    ResponseTooLarge,
    RetryLater,
    RobotsForbid,
    SiteUnreachable,
)
from scraper.fetch.body import Limits, read_body
from scraper.fetch.retry import TransientError
from tests.fetch.conftest import PAGE, PATH
from tests.support.loopback import Answer, Loopback

SMALL = Limits(wire_bytes=100_000, body_bytes=1_000_000)
TEXT = "Grüße aus Dortmund. ".encode() * 500


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


CODINGS = {"gzip": gzip.compress, "deflate": zlib.compress}


def endless(chunk=b"x" * 65536):
    return itertools.repeat(chunk)


def raw(head: str, *rest: bytes):
    return Answer(raw=[head.replace("\n", "\r\n").encode() + b"\r\n\r\n", *rest])


# --- sizes -----------------------------------------------------------------------------------


def test_a_body_announced_with_two_gigabytes_is_not_read(client, loopback):
    sent = []

    def chunks():
        for number in range(10_000):
            sent.append(number)
            yield b"x" * 65536

    loopback.script = lambda _ask: Answer(200, {"Content-Length": str(2 << 30)}, chunks=chunks())
    with pytest.raises(ResponseTooLarge, match="announces 2,147,483,648 bytes, more than the 10,0"):
        client.get(PAGE)
    assert len(sent) < 1_000


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "99999"}])
def test_an_endless_body_ends_with_an_error_unless_its_length_ends_it(
    make_client, loopback, headers
):
    loopback.script = lambda _ask: Answer(200, headers, chunks=endless())
    client = make_client(limits=SMALL)
    if headers:
        assert len(client.get(PAGE).capture.body) == 99_999
    else:
        with pytest.raises(ResponseTooLarge, match="sends more and more bytes"):
            client.get(PAGE)


def test_an_endless_body_in_chunks_ends_with_an_error(make_client, loopback):
    head = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked"
    loopback.script = lambda _ask: Answer(
        raw=itertools.chain([raw(head).raw[0]], endless(b"4\r\nwxyz\r\n" * 1000))
    )
    with pytest.raises(ResponseTooLarge):
        make_client(limits=SMALL).get(PAGE)


@pytest.mark.parametrize("coding", sorted(CODINGS))
def test_a_bomb_ends_with_an_error(make_client, loopback, coding):
    bomb = CODINGS[coding](bytes(5_000_000))
    assert len(bomb) < SMALL.wire_bytes
    loopback.script = lambda _ask: Answer(200, {"Content-Encoding": coding}, bomb)
    with pytest.raises(ResponseTooLarge, match="unpacks to more bytes, more than the 1,000,000"):
        make_client(limits=SMALL).get(PAGE)


def test_a_bomb_of_many_small_archives_ends_with_an_error():
    many = gzip.compress(b"") * 400_000
    chunks = (many[start : start + 65536] for start in range(0, len(many), 65536))
    with pytest.raises(ResponseTooLarge):
        read_body(PAGE, chunks, {"content-encoding": "gzip"}, Limits())


def test_a_body_as_large_as_it_may_be_is_read(make_client, loopback):
    body = bytes(SMALL.body_bytes)
    loopback.script = lambda _ask: Answer(200, {"Content-Encoding": "gzip"}, gzip.compress(body))
    assert make_client(limits=SMALL).get(PAGE).capture.body == body


@pytest.mark.parametrize("kind", ["endless", "bomb"])
def test_memory_stays_bounded(kind):
    if kind == "endless":
        headers, chunks = {}, endless()
    else:
        bomb = gzip.compress(bytes(50_000_000), compresslevel=1)
        headers = {"content-encoding": "gzip"}
        chunks = (bomb[start : start + 65536] for start in range(0, len(bomb), 65536))
    limits = Limits(wire_bytes=2_000_000, body_bytes=2_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(ResponseTooLarge):
            read_body(PAGE, iter(chunks), headers, limits)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * limits.body_bytes


# --- codings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZip ", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("identity", bytes),
        ("", bytes),
        ("none", bytes),
        ("UTF-8", bytes),
        ("text/html", bytes),
        ("bzip2", bytes),
        ("x" * 1000, bytes),
        ("gzip;q=1", gzip.compress),
        ('"gzip"', gzip.compress),
        ("gzip, UTF-8", gzip.compress),
        ("none, gzip", gzip.compress),
        ("gzip, identity", bytes),
        ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
        ("gzip, gzip", gzip.compress),
        ("gzip, gzip", bytes),
        ("deflate, gzip", lambda data: gzip.compress(zlib.compress(data))),
    ],
)
def test_the_codings_asked_for_are_undone_and_the_sent_bytes_kept(client, loopback, coding, pack):
    sent = pack(TEXT)
    loopback.script = lambda _ask: Answer(200, {"Content-Encoding": coding}, sent)
    answer = client.get(PAGE)
    assert answer.capture.body == TEXT
    assert answer.exchange.body == sent
    assert loopback.asks[-1].headers["accept-encoding"] == "gzip, deflate"


PACKED = st.sampled_from(
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate)]
)


@settings(deadline=None)
@given(
    bodies=st.lists(st.binary(max_size=2000), min_size=1, max_size=3),
    packed=PACKED,
    size=st.integers(1, 50),
    rest=st.sampled_from([b"", b"\0", b"\n\n", b"rubbish"]),
)
def test_it_does_not_matter_how_the_bytes_are_cut(bodies, packed, size, rest):
    coding, pack = packed
    if coding == "deflate":
        del bodies[1:]  # only archives of gzip may follow one another
    sent = b"".join(map(pack, bodies)) + rest
    cut = (sent[start : start + size] for start in range(0, len(sent), size))
    expected = (sent, b"".join(bodies))
    assert read_body(PAGE, cut, {"content-encoding": coding}, Limits()) == expected


@settings(deadline=None)
@given(st.binary(max_size=2000), PACKED, st.data())
def test_packed_data_that_end_too_early_are_an_error(body, packed, data):
    coding, pack = packed
    sent = pack(body)
    start = sent[: data.draw(st.integers(1, len(sent) - 1))]
    with pytest.raises(TransientError, match="too early"):
        read_body(PAGE, iter([start]), {"content-encoding": coding}, Limits())


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_damaged_data_are_an_error_that_may_pass(body, coding):
    with suppress(TransientError):
        read_body(PAGE, iter([body]), {"content-encoding": coding}, Limits())


def test_an_empty_body_needs_no_unpacking(client, loopback):
    loopback.script = lambda _ask: Answer(200, {"Content-Encoding": "gzip"})
    assert client.get(PAGE).capture.body == b""


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, br", "compress", "br" + "," * 1000])
def test_a_coding_nobody_asked_for_is_an_error_and_not_tried_again(make_client, loopback, coding):
    loopback.script = lambda _ask: Answer(200, {"Content-Encoding": coding}, b"?")
    with pytest.raises(FetchError, match="which was not asked for") as caught:
        make_client(max_tries=3).get(PAGE)
    assert len(loopback.paths()) == 1
    assert len(str(caught.value)) < 300


def test_a_coding_spread_over_two_headers_counts_as_both(client, loopback):
    head = "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Encoding: gzip\nConnection: close\n"
    head += "Content-Length: "
    packed = gzip.compress(gzip.compress(TEXT))
    loopback.script = lambda _ask: raw(f"{head}{len(packed)}", packed)
    assert client.get(PAGE).capture.body == TEXT
    loopback.script = lambda _ask: raw(f"{head}{len(packed) // 2}", packed[: len(packed) // 2])
    with pytest.raises(TransientError, match="ends too early"):
        client.get(PAGE)


@pytest.mark.parametrize("coding", ["none", "UTF-8", "gzip, gzip", "x-gzip"])
def test_rules_in_odd_codings_are_obeyed(client, loopback, coding):
    body = b"User-agent: *\nDisallow: /newsroom/"
    sent = gzip.compress(body) if "gzip" in coding else body
    loopback.robots = Answer(200, {"Content-Encoding": coding}, sent)
    with pytest.raises(RobotsForbid, match="may not be fetched"):
        client.get(PAGE)


def test_codings_one_around_the_other_have_an_end(client, loopback):
    loopback.script = lambda _ask: Answer(200, {"Content-Encoding": ",".join(["gzip"] * 99)}, b"?")
    with pytest.raises(FetchError, match="names 99 content codings"):
        client.get(PAGE)


@pytest.mark.parametrize("body", [b"", b"\x1f", b"x", TEXT])
def test_of_a_layer_that_is_no_gzip_nothing_is_lost(body):
    for size in (1, 2, 100):
        cut = [body[start : start + size] for start in range(0, len(body), size)]
        headers = {"content-encoding": "gzip, gzip"}
        assert read_body(PAGE, iter(cut), headers, Limits()) == (body, body)


def test_a_bomb_in_a_bomb_ends_with_an_error(make_client, loopback):
    bomb = gzip.compress(gzip.compress(bytes(20_000_000), compresslevel=1))
    loopback.script = lambda _ask: Answer(200, {"Content-Encoding": "gzip, gzip"}, bomb)
    with pytest.raises(ResponseTooLarge, match="unpacks to more bytes"):
        make_client(limits=SMALL).get(PAGE)


# --- broken answers --------------------------------------------------------------------------

BROKEN = {
    "truncated body": lambda: Answer(200, {"Content-Length": "100"}, b"x" * 50),
    "truncated gzip": lambda: Answer(
        200, {"Content-Encoding": "gzip"}, gzip.compress(TEXT)[: len(gzip.compress(TEXT)) // 2]
    ),
    "truncated chunk": lambda: raw("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", b"ff\r\nabc"),
    "damaged gzip": lambda: Answer(200, {"Content-Encoding": "gzip"}, b"\x1f\x8b\x08" + b"?" * 99),
    "no gzip": lambda: Answer(200, {"Content-Encoding": "gzip"}, b"<!DOCTYPE html>"),
    "two lengths": lambda: raw("HTTP/1.1 200 OK\nContent-Length: 1\nContent-Length: 2", b"xx"),
    "length of letters": lambda: raw("HTTP/1.1 200 OK\nContent-Length: many", b"x"),
    "negative length": lambda: raw("HTTP/1.1 200 OK\nContent-Length: -1", b"x"),
    "length of 5000 digits": lambda: raw("HTTP/1.1 200 OK\nContent-Length: " + "9" * 5000, b"x"),
    "header with NUL": lambda: raw("HTTP/1.1 200 OK\nX-A: a\0b\nContent-Length: 0"),
    "header of 10 MB": lambda: raw("HTTP/1.1 200 OK\nX-A: " + "a" * 10_000_000),
    "headers without end": lambda: Answer(
        raw=itertools.chain([b"HTTP/1.1 200 OK\r\n"], itertools.repeat(b"X-A: a\r\n" * 1000))
    ),
    "garbage status line": lambda: raw("SSH-2.0-OpenSSH_9.2p1"),
    "binary": lambda: Answer(raw=[bytes(range(256)) * 10]),
    "nothing": lambda: Answer(raw=[]),
    "half a status line": lambda: Answer(raw=[b"HTTP/1.1 2"]),
    "reset": lambda: Answer(reset=True),
}


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_a_broken_answer_is_an_error_that_may_pass(make_client, loopback, kind):
    loopback.script = lambda _ask: BROKEN[kind]()
    with pytest.raises(TransientError) as caught:
        make_client(max_tries=2).get(PAGE)
    assert caught.value.status is None
    assert PAGE in str(caught.value)
    assert len(loopback.paths()) == 2


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_the_page_comes_when_the_answer_is_whole_the_next_time(make_client, loopback, kind):
    answers = iter([BROKEN[kind](), Answer(200, body=b"whole")])
    loopback.script = lambda _ask: next(answers)
    assert make_client(max_tries=2).get(PAGE).capture.body == b"whole"


def test_bytes_beyond_the_length_do_not_reach_the_page_or_the_next_one(make_client, loopback):
    client = make_client(max_tries=2)
    head = "HTTP/1.1 200 OK\nContent-Length: 5"
    loopback.script = lambda ask: raw(head, b"helloGARBAGE" if ask.path == PATH else b"other")
    assert client.get(PAGE).capture.body == b"hello"
    assert client.get(PAGE.replace("a.html", "b.html")).capture.body == b"other"


def test_interim_answers_are_passed_over(client, loopback):
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    loopback.script = lambda _ask: Answer(
        raw=[interim, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nin"]
    )
    assert client.get(PAGE).capture.body == b"in"


# --- time ------------------------------------------------------------------------------------

DRIPS = {
    "body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "headers": (b"HTTP/1.1 200 OK\r\nX-A: ", b"x"),
    "status line": (b"HTTP/1.1 200 ", b"x"),
    "interim answers": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@pytest.mark.parametrize("part", sorted(DRIPS))
def test_a_server_that_drips_is_cut_off(make_client, loopback, clock, part):
    start, drop = DRIPS[part]

    def drip():
        yield start
        for _ in range(100_000):
            clock.now += 1.0
            yield drop

    loopback.script = lambda _ask: Answer(raw=drip())
    limits = Limits(seconds=120.0, wire_bytes=1_000_000)
    with pytest.raises(TransientError, match="the answer took longer than 120 s"):
        make_client(limits=limits).get(PAGE)


def test_the_time_allowed_begins_anew_with_every_try(make_client, loopback, clock):
    def script(ask):
        clock.now += 100.0
        return Answer(200, body=b"in")

    loopback.script = script
    client = make_client(limits=Limits(seconds=120.0))
    assert [client.get(PAGE).capture.body for _ in range(3)] == [b"in"] * 3


def test_a_silent_server_is_not_waited_for_longer_than_allowed(make_client, loopback):
    enough = threading.Event()

    def silence():
        enough.wait(5)
        yield b""

    loopback.script = lambda _ask: Answer(raw=silence())
    with pytest.raises(TransientError, match="timed out"):
        make_client(limits=Limits(silence_seconds=0.3)).get(PAGE)
    enough.set()


def test_a_server_that_is_not_there_cannot_be_reached(make_client):
    with Loopback() as server:
        nobody = server.url
    with pytest.raises(SiteUnreachable, match=r"cannot be reached .*Connection refused") as caught:
        make_client(nobody).get(PAGE)
    assert nobody in str(caught.value)


# --- statuses --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 204, 400, 403, 404, 410, 418, 451, 501])
def test_other_statuses_are_answers(client, loopback, status):
    loopback.script = lambda _ask: Answer(status)
    assert client.get(PAGE).capture.status == status


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_statuses_that_may_pass_are_tried_again(make_client, loopback, status):
    answers = iter([Answer(status), Answer(200, body=b"in")])
    loopback.script = lambda _ask: next(answers)
    client = make_client(max_tries=2)
    assert client.get(PAGE).capture.body == b"in"
    assert (client.requests, client.retries) == (3, 1)


def test_a_server_that_is_overloaded_may_say_so_at_any_length(make_client, loopback):
    answers = iter(
        [
            Answer(503, {"Content-Length": str(2 << 30)}, chunks=endless()),
            Answer(503, {"Content-Encoding": "br"}, b"?"),
            Answer(200, body=b"in"),
        ]
    )
    loopback.script = lambda _ask: next(answers)
    assert make_client(max_tries=3).get(PAGE).capture.body == b"in"


def test_retry_after_is_waited_for(make_client, loopback, clock):
    answers = iter([Answer(429, {"Retry-After": "7"}), Answer(200)])
    loopback.script = lambda _ask: next(answers)
    make_client(max_tries=2).get(PAGE)
    assert clock.slept == [7.0]


def test_retry_after_as_a_date_counts_by_the_clock_of_the_server(make_client, loopback, clock):
    head = (
        "HTTP/1.1 503 Busy\nDate: Wed, 01 Jan 2020 00:00:00 GMT\nConnection: close\n"
        "Retry-After: Wed, 01 Jan 2020 00:00:09 GMT\nContent-Length: 0"
    )
    answers = iter([raw(head), Answer(200)])
    loopback.script = lambda _ask: next(answers)
    make_client(max_tries=2).get(PAGE)
    assert clock.slept == [9.0]


def test_a_retry_after_that_is_too_long_ends_the_attempt(make_client, loopback, clock):
    loopback.script = lambda _ask: Answer(429, {"Retry-After": "3600"})
    with pytest.raises(RetryLater, match="asks to wait 3600 s") as caught:
        make_client(max_tries=4).get(PAGE)
    assert (caught.value.url, caught.value.status) == (PAGE, 429)
    assert clock.slept == []
    assert len(loopback.paths()) == 1


@pytest.mark.parametrize("header", ["Set-Cookie", "Retry-After", "Location"])
def test_no_header_can_crash_a_run(client, loopback, header):
    @settings(deadline=None)
    @given(
        st.binary(max_size=60).filter(lambda value: not set(value) & {0, 10, 11, 12, 13}),
        st.sampled_from([200, 302, 503]),
    )
    def law(value, status):
        head = f"HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: 0\r\n{header}: "
        loopback.script = lambda _ask: Answer(raw=[head.encode() + value + b"\r\n\r\n"])
        with suppress(FetchError):
            assert client.get(PAGE).capture.header(header.lower()) is not None

    law()
