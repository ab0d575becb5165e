"""Who asks, what is asked for on the wire, and what comes back as canonical URLs."""

import pytest

from scraper import __version__
from scraper.errors import UsageError
from scraper.fetch.identity import user_agent
from scraper.records import Request
from tests.conftest import NOW
from tests.fetch.conftest import PAGE, PATH
from tests.support.loopback import Answer


def test_the_user_agent_says_who_asks_and_where_to_complain(make_client, loopback):
    make_client(contact="mailto:archiv@example.org").get(PAGE)
    expected = f"newsroom-archive/{__version__} (+mailto:archiv@example.org)"
    assert {ask.headers["user-agent"] for ask in loopback.asks} == {expected}


def test_without_a_contact_the_project_is_named(client, loopback):
    client.get(PAGE)
    agent = loopback.asks[-1].headers["user-agent"]
    assert agent == user_agent()
    assert agent.startswith("newsroom-archive/")
    assert "(+http" in agent
    assert "Mozilla" not in agent


@pytest.mark.parametrize(
    "contact", ["", "  ", "Jörg", "a\r\nX-Evil: 1", "a\nb", "a\0b", "\x7f", "a\tb"]
)
def test_a_contact_that_cannot_stand_in_a_header_is_wrong_use(make_client, contact):
    with pytest.raises(UsageError, match="cannot stand in a User-Agent header"):
        make_client(contact=contact)


@pytest.mark.parametrize(
    ("canonical", "wire"),
    [
        ("/newsroom/gr%C3%B6%C3%9Fe.html", "/newsroom/gr%C3%B6%C3%9Fe.html"),
        ("/%E2%80%9Ea%E2%80%9C.html", "/%E2%80%9Ea%E2%80%9C.html"),
        ("/4,1-mio.-euro-(neu)!.html", "/4,1-mio.-euro-(neu)!.html"),
        ("/a%2Fb%3Fc%23d%25e.html", "/a%2Fb%3Fc%23d%25e.html"),
        ("/a.html?q=%C3%A4&b=1,2", "/a.html?q=%C3%A4&b=1,2"),
        ("/a.html?x='y'&z=a:b/c@d", "/a.html?x='y'&z=a:b/c@d"),
    ],
)
def test_what_is_asked_for_is_the_path_of_the_canonical_url(client, loopback, canonical, wire):
    loopback.script = lambda _ask: Answer(200)
    answer = client.get("https://www.dortmund.de" + canonical)
    assert answer.capture.url == "https://www.dortmund.de" + canonical
    got = loopback.paths()[0]
    assert got.replace("%27", "'") == wire


def test_a_mirror_is_asked_and_the_canonical_url_comes_back(client, loopback):
    loopback.script = lambda _ask: Answer(200, body=b"page")
    capture = client.get(PAGE).capture
    assert (capture.url, capture.body) == (PAGE, b"page")
    assert loopback.paths() == [PATH]
    assert loopback.asks[0].headers["host"] == loopback.url.removeprefix("http://")


def test_the_address_of_a_mirror_may_end_in_a_slash(make_client, loopback):
    make_client(loopback.url + "/").get(PAGE)
    assert loopback.paths() == [PATH]


def test_the_capture_holds_the_answer_as_it_came(client, loopback):
    loopback.script = lambda _ask: Answer(
        200, {"ETag": '"1"', "X-City": "DO", "Content-Type": "text/html; charset=latin-1"}, b"\xe4"
    )
    capture = client.get(PAGE).capture
    assert capture.body == b"\xe4"
    assert capture.fetched_at == NOW
    assert capture.header("content-type") == "text/html; charset=latin-1"
    assert [name for name, _ in capture.headers][2:5] == ["etag", "x-city", "content-type"]


def test_headers_that_occur_twice_are_kept_apart(client, loopback):
    head = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n"
    loopback.script = lambda _ask: Answer(raw=[head])
    headers = client.get(PAGE).capture.headers
    assert headers[:2] == (("set-cookie", "a=1"), ("set-cookie", "b=2"))


def test_validators_are_sent_and_a_304_comes_back(client, loopback):
    def script(ask):
        return Answer(304 if ask.headers.get("if-none-match") == '"1"' else 200, {"ETag": '"1"'})

    loopback.script = script
    assert client.get(PAGE, {"If-None-Match": '"1"'}).capture.status == 304
    assert client.get(PAGE).capture.status == 200


def test_a_page_is_asked_for_as_html_and_the_interface_as_json(client, loopback):
    client.get(PAGE)
    client.send(Request(PAGE, {"query": "Größe"}))
    page, interface = loopback.asks[1:]
    assert page.headers["accept"].startswith("text/html")
    assert page.headers["accept-language"].startswith("de")
    assert interface.headers["accept"] == interface.headers["content-type"] == "application/json"


def test_how_long_an_answer_took_is_noted(client, loopback, clock):
    def script(_ask):
        clock.now += 3.0
        return Answer(200)

    loopback.script = script
    assert client.get(PAGE).took_seconds == 3.0


def test_environment_proxies_are_not_used(make_client, loopback, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert make_client().get(PAGE).capture.status == 404


def test_the_connection_is_kept_between_pages(client, loopback):
    loopback.script = lambda _ask: Answer(200)
    for _ in range(3):
        client.get(PAGE)
    assert len({ask.port for ask in loopback.asks}) == 1
