"""dortmund.de answers a client without its cookie with a redirect to the same URL."""

from itertools import count

import pytest

from scraper.errors import RedirectRefused, RobotsForbid
from scraper.records import Request
from tests.fetch.conftest import PAGE, PATH
from tests.support.loopback import Answer

API = "https://www.dortmund.de/api/search/proxy/search"


def guarded(cookie="session=1", status=302, attributes="; Path=/"):
    """A script that lets nobody in without the cookie."""

    def script(ask):
        if cookie in ask.headers.get("cookie", ""):
            return Answer(200, body=b"in")
        return Answer(status, {"Location": ask.path, "Set-Cookie": cookie + attributes})

    return script


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_itself_is_followed_once_it_sets_a_cookie(client, loopback, status):
    loopback.script = guarded(status=status)
    answer = client.get(PAGE)
    assert (answer.capture.url, answer.capture.body) == (PAGE, b"in")
    assert loopback.paths() == [PATH, PATH]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_post_stays_a_post_when_it_is_redirected_to_itself(client, loopback, status):
    loopback.script = guarded(status=status)
    answer = client.send(Request(API, {"query": "*"}))
    assert answer.capture.body == b"in"
    posts = [ask for ask in loopback.asks if ask.path != "/robots.txt"]
    assert [ask.method for ask in posts] == ["POST", "POST"]
    assert [ask.body for ask in posts] == [b'{"query": "*"}'] * 2
    assert posts[1].headers["content-type"] == "application/json"


def test_the_dance_works_for_robots_and_its_cookie_serves_all(client, loopback):
    robots = b"User-agent: *\nDisallow: /api/\n"
    dance = guarded()

    def answer_robots(ask):
        answer = dance(ask)
        return Answer(200, body=robots) if answer.status == 200 else answer

    loopback.script = lambda ask: answer_robots(ask) if ask.path == "/robots.txt" else dance(ask)
    loopback.robots = None
    client.get(PAGE)
    assert [ask.path for ask in loopback.asks] == ["/robots.txt", "/robots.txt", PATH]
    with pytest.raises(RobotsForbid):
        client.send(Request(API, {}))


def test_the_cookie_of_a_page_serves_the_search_interface(client, loopback):
    loopback.script = guarded()
    client.get(PAGE)
    client.send(Request(API, {}))
    assert [ask.method for ask in loopback.asks] == ["GET", "GET", "GET", "POST"]


def test_a_cookie_that_changes_with_every_answer_does_not_look_like_a_loop(client, loopback):
    numbers = count(1)

    def script(ask):
        number = next(numbers)
        if "n=3" in ask.headers.get("cookie", ""):
            return Answer(200, {"Set-Cookie": f"n={number}"}, b"in")
        return Answer(302, {"Location": ask.path, "Set-Cookie": f"n={number}"})

    loopback.script = script
    assert client.get(PAGE).capture.body == b"in"


def test_a_cookie_that_changes_for_ever_ends_with_a_clear_error(client, loopback):
    numbers = count()
    loopback.script = lambda ask: Answer(
        302, {"Location": ask.path, "Set-Cookie": f"n={next(numbers)}"}
    )
    with pytest.raises(RedirectRefused, match="redirected more than 10 times"):
        client.get(PAGE)
    assert len(loopback.paths()) == 10


def test_a_redirect_to_itself_without_a_new_cookie_is_a_loop(client, loopback):
    loopback.script = lambda ask: Answer(302, {"Location": ask.path, "Set-Cookie": "same=1"})
    with pytest.raises(RedirectRefused, match="in a circle and set no new cookie") as caught:
        client.get(PAGE)
    assert PAGE in str(caught.value)
    assert len(loopback.paths()) == 2


def test_a_circle_of_two_pages_is_a_loop(client, loopback):
    other = {PATH: "/newsroom/b.html", "/newsroom/b.html": PATH}
    loopback.script = lambda ask: Answer(302, {"Location": other[ask.path]})
    with pytest.raises(RedirectRefused, match="circle"):
        client.get(PAGE)
    assert len(loopback.paths()) == 2


def test_a_detour_that_sets_the_cookie_is_no_circle(client, loopback):
    def script(ask):
        if ask.path == "/consent":
            return Answer(302, {"Location": PATH, "Set-Cookie": "ok=1; Path=/"})
        if "ok=1" in ask.headers.get("cookie", ""):
            return Answer(200, body=b"in")
        return Answer(302, {"Location": "/consent"})

    loopback.script = script
    assert client.get(PAGE).capture.body == b"in"


@pytest.mark.parametrize(
    "attributes",
    [
        "; Max-Age=bald",
        "; Max-Age=",
        "; Max-Age",
        "; Max-Age=3.5; Path=/",
        '; Max-Age="3600"; Path=/',
        "; Max-Age=" + "9" * 5000,
        "; Max-Age=00000000000000003600",
        '; Path="/"',
        '; Path="/newsroom/"',
        "; Path",
        "; Path=newsroom",
        "; Domain; Path=/",
        "; Domain=; Path=/",
        "; Expires=gestern; Path=/",
        "; Expires; Path=/",
        "; Expires=Mon, 01-Jan-99999999999999999999 00:00:00 GMT; Path=/",
        "; Version=eins; Path=/",
        "; Version=1; Port=9; Path=/",
        "; Path=/elsewhere/; Path=/",
        "; ;; =; Path=/;",
        "; Max-Age=nie; Expires=Fri, 01 Jan 2100 00:00:00 GMT; Path=/",
    ],
)
def test_a_cookie_is_kept_without_an_attribute_that_means_nothing(client, loopback, attributes):
    loopback.script = guarded(attributes=attributes)
    assert client.get(PAGE).capture.body == b"in"


@pytest.mark.parametrize(
    "attributes",
    [
        "; Max-Age=0; Path=/",
        "; Max-Age=-1; Path=/",
        "; Expires=Fri, 01 Jan 2010 00:00:00 GMT; Path=/",
        "; Max-Age=nie; Expires=Fri, 01 Jan 2010 00:00:00 GMT; Path=/",
        "; Path=/elsewhere/",
        "; Path=/; Domain=example.org",
    ],
)
def test_a_cookie_that_is_void_or_meant_for_elsewhere_is_not_sent(client, loopback, attributes):
    loopback.script = guarded(attributes=attributes)
    with pytest.raises(RedirectRefused, match="circle"):
        client.get(PAGE)


def test_a_replica_without_tls_may_mark_its_cookie_secure(client, loopback):
    loopback.script = guarded(attributes="; Path=/; Secure; HttpOnly; SameSite=Lax")
    assert client.get(PAGE).capture.body == b"in"


def test_a_secure_cookie_of_the_live_site_is_not_sent_without_tls(live, loopback):
    loopback.script = guarded(attributes="; Path=/; Secure")
    client, _ = live()
    with pytest.raises(RedirectRefused, match="circle"):
        client.get("http://www.dortmund.de" + PATH)


def test_cookies_belong_to_the_name_of_the_site_not_to_its_address(live, loopback):
    loopback.script = guarded()
    addresses = iter(["93.184.216.34", "8.8.8.8", "9.9.9.9", "1.1.1.1"])
    client, _ = live(lambda _host, _port: [next(addresses)])
    assert client.get("http://www.dortmund.de" + PATH).capture.body == b"in"
    assert {ask.headers["host"] for ask in loopback.asks} == {"www.dortmund.de"}


def test_a_cookie_for_the_whole_domain_is_sent(live, loopback):
    loopback.script = guarded(attributes="; Path=/; Domain=dortmund.de")
    client, _ = live()
    assert client.get("http://www.dortmund.de" + PATH).capture.body == b"in"


def test_cookies_of_one_run_are_unknown_to_the_next(make_client, loopback):
    loopback.script = guarded()
    for _ in range(2):
        make_client().get(PAGE)
    assert len(loopback.paths()) == 4


@pytest.mark.parametrize("value", ["größe".encode(), "größe".encode("latin-1"), b"a\x01b"])
def test_a_cookie_goes_back_byte_by_byte_as_it_came(client, loopback, value):
    head = f"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: {PATH}\r\n"

    def script(ask):
        if ask.headers.get("cookie", "").encode("latin-1") == b"c=" + value:
            return Answer(200, body=b"in")
        return Answer(raw=[head.encode(), b"Set-Cookie: c=", value, b"\r\n\r\n"])

    loopback.script = script
    assert client.get(PAGE).capture.body == b"in"


def test_validators_may_hold_any_character(client, loopback):
    loopback.script = lambda ask: Answer(200, body=ask.headers["if-none-match"].encode("latin-1"))
    assert client.get(PAGE, {"If-None-Match": '"ö"'}).capture.body == '"ö"'.encode()
