"""One odd header line does not make a page unreachable; one that matters is named."""

import gzip

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import RobotsForbid, SiteUnreachable
from scraper.fetch.head import HeadFilter, UnreadableHead, mended
from scraper.fetch.retry import TransientError
from tests.fetch.conftest import PAGE, PATH
from tests.support.loopback import Answer

ODD_LINES = {
    "illegal name": b"Bad Name: 1",
    "name with brackets": b"X-[a]: 1",
    "name with an umlaut": "Größe: 1".encode(),
    "name with an umlaut in Latin-1": "Größe: 1".encode("latin-1"),
    "no name": b": 1",
    "no colon": b"unsinn",
    "HTML": b"<b>Warning</b>: mysql_connect()",
    "space before the colon": b"X-A : 1",
    "tab before the colon": b"X-A\t: 1",
    "control character in the name": b"X\x01A: 1",
    "control character in the value": b"X-A: a\x0bb\x0cc\rd",
    "umlaut in the value": "X-A: größe".encode(),
    "a second status line": b"HTTP/1.1 200 OK",
    "folded": b"X-A: 1,\r\n  2",
    "folded behind an odd line": b"Bad Name: 1,\r\n\t2",
    "folded to nothing": b"X-A: 1\r\n ",
    "line end of LF alone": b"X-A: 1\nX-B: 2",
    "two Transfer-Encodings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding of two": b"Transfer-Encoding: identity, chunked",
    "chunked in capitals": b"TRANSFER-ENCODING: Chunked",
    "space before the colon of chunked": b"Transfer-Encoding : chunked",
    "chunked and a wrong length": b"Transfer-Encoding: chunked\r\nContent-Length: many",
    "length thrice": b"Content-Length: 4\r\nContent-Length: 4, 4",
    "length of nothing": b"Content-Length:\r\nContent-Length: 4",
    "Transfer-Encoding of nothing": b"Transfer-Encoding: none\r\nContent-Length: 4",
    "Transfer-Encoding identity": b"Transfer-Encoding: identity\r\nContent-Length: 4",
}


@pytest.mark.parametrize("where", ["first", "last"])
@pytest.mark.parametrize("line", ODD_LINES.values(), ids=ODD_LINES)
def test_an_odd_line_is_passed_over_and_the_others_count(client, loopback, line, where):
    body = b"4\r\nin\r\n\r\n0\r\n\r\n" if b"hunked" in line else b"in\r\n"
    lines = [b"X-Before: 1", line, b"X-After: 2"] if where == "last" else [line, b"X-After: 2"]
    head = b"HTTP/1.1 200 OK\r\n" + b"\r\n".join(lines) + b"\r\nConnection: close\r\n\r\n"
    loopback.script = lambda _ask: Answer(raw=[head, body])
    capture = client.get(PAGE).capture
    assert (capture.status, capture.body) == (200, b"in\r\n")
    assert capture.header("x-after") == "2"
    assert capture.header("x-before") == ("1" if where == "last" else None)


def test_what_can_be_saved_of_an_odd_line_is_kept(client, loopback):
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type : text/html;\r\n charset=latin-1\r\nX-A: a\x0bb\r\n"
        b"Content-Length: 0\r\n\r\n"
    )
    loopback.script = lambda _ask: Answer(raw=[head])
    assert client.get(PAGE).capture.headers == (
        ("content-type", "text/html; charset=latin-1"),
        ("x-a", "a b"),
        ("content-length", "0"),
    )


@pytest.mark.parametrize(
    "first",
    [
        b"HTTP/1.1 200",
        b"HTTP/1.1  200  OK",
        b"http/1.1 200 OK",
        b"HTTP/1 200 OK",
        b"HTTP/1.0 200 OK",
        b"HTTP/1.1 200 In Ordnung \xc3\xbc",
        b"HTTP/1.1 200 a\x0bb\0",
    ],
)
def test_an_odd_status_line_is_read(client, loopback, first):
    loopback.script = lambda _ask: Answer(raw=[first + b"\r\nContent-Length: 2\r\n\r\nin"])
    assert client.get(PAGE).capture.body == b"in"


def test_every_answer_of_a_connection_is_mended(client, loopback):
    odd = {"Größe": "1", "Bad Name": "2", "X-A": "3"}
    loopback.script = lambda ask: Answer(200, odd, ask.path.encode())
    for letter in "abc":
        page = PAGE.replace("a.html", f"{letter}.html")
        assert client.get(page).capture.body == PATH.replace("a.html", f"{letter}.html").encode()
    assert len({ask.port for ask in loopback.asks}) == 1


def test_an_interim_answer_may_have_odd_lines_too(client, loopback):
    interim = b"HTTP/1.1 103 Early Hints\r\nBad Name: 1\r\n\r\n"
    last = b"HTTP/1.1 200 OK\r\nBad Name: 1\r\nContent-Length: 2\r\n\r\nin"
    loopback.script = lambda _ask: Answer(raw=[interim, interim + last])
    assert client.get(PAGE).capture.body == b"in"


def test_rules_and_cookies_come_through(client, loopback):
    head = b"HTTP/1.1 302 Found\r\nSet-Cookie : in=1\r\nBad Name: 1\r\nContent-Length: 0\r\n"
    head += b"Connection: close\r\n"
    rules = b"HTTP/1.1 200 OK\r\n\xc3\xbc: 1\r\n\r\nUser-agent: *\nDisallow: /b"
    loopback.robots = Answer(raw=[rules])
    loopback.script = lambda ask: (
        Answer(200, body=b"in")
        if ask.headers.get("cookie")
        else Answer(raw=[head + b"Location: " + PATH.encode() + b"\r\n\r\n"])
    )
    assert client.get(PAGE).capture.body == b"in"
    with pytest.raises(RobotsForbid):
        client.get("https://www.dortmund.de/b")


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (b"X-A: a\0b", "'X-A: a\\x00b'"),
        (b"Content-Length: many", "'Content-Length: many'"),
        (b"Content-Length: 1\r\nContent-Length: 2", "'Content-Length: 2'"),
        (b"Content-Length: " + b"9" * 5000, "'Content-Length: 999"),
        (b"Content-Length: -1", "'Content-Length: -1'"),
        (b"Transfer-Encoding: gzip, chunked", "'Transfer-Encoding: gzip, chunked'"),
    ],
)
def test_a_line_that_decides_what_the_answer_is_gets_named(client, loopback, lines, shown):
    head = b"HTTP/1.1 200 OK\r\nX-B: 1\r\n" + lines + b"\r\nX-C: 2\r\n\r\nxx"
    loopback.script = lambda _ask: Answer(raw=[head])
    with pytest.raises(TransientError) as caught:
        client.get(PAGE)
    assert f"the server sends the header line {shown}" in caught.value.reason
    assert len(str(caught.value)) < 400
    loopback.robots, fresh = Answer(raw=[head]), client
    fresh._robots = None
    with pytest.raises(SiteUnreachable, match="the server sends the header line"):
        fresh.robots()


def parsed(head: bytes):
    """What h11 makes of a head; raises its error if it refuses it."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(head)
    return connection.next_event()


LINE = st.one_of(
    st.binary(max_size=20).filter(lambda line: b"\n" not in line),
    st.tuples(
        st.sampled_from([b"Content-Length", b"transfer-encoding ", b"X-A", b"\xfc", b" a"]),
        st.sampled_from([b":", b" :", b": "]),
        st.sampled_from([b"chunked", b"4", b"4, 4", b"none", b"", b"a\rb", b"identity,chunked"]),
    ).map(b"".join),
)


@settings(deadline=None)
@given(st.lists(LINE.filter(lambda line: line.strip(b"\r")), max_size=6))
def test_a_mended_head_is_one_that_h11_reads(lines):
    head = b"\r\n".join([b"HTTP/1.1 200 OK", *lines]) + b"\r\n\r\n"
    try:
        found = mended(head)
    except UnreadableHead:
        return
    assert isinstance(parsed(found), h11.Response)
    assert mended(found) == found


NAME = st.from_regex(r"X-[A-Za-z0-9-]{1,9}", fullmatch=True).map(str.encode)
VALUE = st.from_regex(r"([!-~\x80-\xff]+( [!-~]+)*)?", fullmatch=True).map(
    lambda value: value.encode("latin-1")
)


@settings(deadline=None)
@given(st.lists(st.tuples(NAME, VALUE), max_size=6))
def test_a_sound_head_is_not_changed(pairs):
    lines = [b"HTTP/1.1 200 OK", *(name + b": " + value for name, value in pairs)]
    head = b"\r\n".join([*lines, b"Content-Length: 4"]) + b"\r\n\r\n"
    assert mended(head) == head


@settings(deadline=None)
@given(
    st.lists(st.binary(max_size=30), max_size=4),
    st.integers(0, 3),
    st.binary(max_size=60),
    st.integers(1, 40),
)
def test_it_does_not_matter_how_the_bytes_are_cut(lines, interim, body, size):
    whole = b"HTTP/1.1 103 Hints\r\n\r\n" * interim
    whole += b"\r\n".join([b"HTTP/1.1 200 OK", *lines]) + b"\r\n\r\n" + body

    def passed(size):
        head, out = HeadFilter(), b""
        for start in range(0, len(whole), size):
            out += head.feed(whole[start : start + size])
        return out + head.feed(b"")

    try:
        expected = passed(len(whole))
    except UnreadableHead:
        with pytest.raises(UnreadableHead):
            passed(size)
        return
    assert passed(size) == expected
    assert expected.endswith(body[-20:])


def test_a_head_without_end_is_passed_on():
    head = HeadFilter()
    assert head.feed(b"X" * 50_000) == b""
    assert head.feed(b"X" * 60_000) == b"X" * 110_000
    assert head.feed(b"\r\n\r\n") == b"\r\n\r\n"


def test_packed_pages_behind_odd_lines_are_unpacked(client, loopback):
    packed = gzip.compress(b"in")
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding : gzip\r\nBad Name: 1\r\n\r\n"
    loopback.script = lambda _ask: Answer(raw=[head, packed])
    assert client.get(PAGE).capture.body == b"in"
