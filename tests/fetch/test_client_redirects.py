"""Redirects stay on the site; no machine of a private network is ever asked."""

import socket

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.errors import RedirectRefused, RobotsForbid
from scraper.fetch.addresses import is_public
from scraper.fetch.network import Network
from scraper.records import Request
from tests.fetch.conftest import PAGE, PATH
from tests.support.loopback import Answer, Loopback

CANONICAL = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/b.html"
OTHER = "/newsroom/nachrichten-dortmund.de/b.html"


def leads(location, status=301):
    """A script in which the first page redirects and every other is there."""

    def script(ask):
        if ask.path == PATH:
            return Answer(status, {"Location": location})
        return Answer(200, body=ask.method.encode() + ask.body)

    return script


def moved(location: bytes):
    head = b"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: "
    return Answer(raw=[head, location, b"\r\n\r\n"])


@pytest.mark.parametrize(
    "location",
    [
        OTHER,
        "../nachrichten-dortmund.de/b.html",
        "https://www.dortmund.de" + OTHER,
        "http://www.dortmund.de" + OTHER,
        "https://dortmund.de" + OTHER + "#top",
        "https://application.dortmund.de" + OTHER,
        "//www.dortmund.de" + OTHER.replace("b.html", "%62.html"),
    ],
)
def test_a_redirect_within_the_site_ends_at_the_canonical_url(client, loopback, location):
    loopback.script = leads(location)
    assert client.get(PAGE).capture.url == CANONICAL
    assert loopback.paths() == [PATH, OTHER]


def test_a_redirect_to_the_mirrors_own_address_is_canonical_again(client, loopback):
    loopback.script = leads(loopback.url + OTHER)
    assert client.get(PAGE).capture.url == CANONICAL


def test_the_live_site_may_redirect_to_itself_as_http(live, loopback):
    loopback.script = leads("http://www.dortmund.de:80" + OTHER)
    client, rewired = live()
    assert client.get("http://www.dortmund.de" + PATH).capture.body == b"GET"
    assert {port for _, port in rewired.asked} == {80}


@pytest.mark.parametrize(
    "location",
    [
        "https://www.example.org/",
        "https://www.dortmund.de.example.org/",
        "https://www.dortmund.de@example.org/",
        "https://www.dortmund.de:8443/",
        "http://127.0.0.1/",
        "http://127.0.0.1:1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://[broken",
        "\\\\evil.example\\share",
        "https://",
    ],
)
def test_a_redirect_out_of_the_site_is_refused(client, loopback, location):
    loopback.script = leads(location)
    if location.startswith("\\"):  # a path to those who follow the standard
        assert client.get(PAGE).capture.url.startswith("https://www.dortmund.de/")
        return
    with pytest.raises(RedirectRefused, match="not a page of the site") as caught:
        client.get(PAGE)
    assert location in str(caught.value)
    assert loopback.paths() == [PATH]


def test_another_port_of_the_mirrors_machine_is_another_site(client, loopback):
    with Loopback() as neighbour:
        loopback.script = leads(neighbour.url + OTHER)
        with pytest.raises(RedirectRefused):
            client.get(PAGE)
        assert neighbour.asks == []


def test_a_page_of_another_site_is_not_asked_for(client, loopback):
    with pytest.raises(RedirectRefused, match="not an address of Stadt Dortmund"):
        client.get("https://www.example.org/")
    assert loopback.paths() == []


def test_raw_utf8_in_a_location_is_understood(client, loopback):
    path = "/newsroom/nachrichten/„lassen-sie-uns-zusammenhalten“-größe.html"

    def script(ask):
        if ask.path == PATH:
            return moved(path.encode())
        return Answer(200, body=ask.path.encode())

    loopback.script = script
    capture = client.get(PAGE).capture
    slug = "%E2%80%9Elassen-sie-uns-zusammenhalten%E2%80%9C-gr%C3%B6%C3%9Fe.html"
    assert capture.url == f"https://www.dortmund.de/newsroom/nachrichten/{slug}"
    assert capture.body.decode() == f"/newsroom/nachrichten/{slug}"


def test_latin1_in_a_location_is_understood(client, loopback):
    def script(ask):
        if ask.path == PATH:
            return moved(b"/gr\xf6\xdfe.html")
        return Answer(200)

    loopback.script = script
    assert client.get(PAGE).capture.url == "https://www.dortmund.de/gr%C3%B6%C3%9Fe.html"


@pytest.mark.parametrize(
    ("status", "expected"),
    [(301, b"GET"), (302, b"GET"), (303, b"GET"), (307, b"POST{}"), (308, b"POST{}")],
)
def test_a_post_that_is_sent_elsewhere_does_as_in_browsers(client, loopback, status, expected):
    loopback.script = leads(OTHER, status)
    assert client.send(Request(PAGE, {})).capture.body == expected


@pytest.mark.parametrize("status", [300, 304])
def test_a_3xx_that_is_no_redirect_is_an_answer(client, loopback, status):
    loopback.script = leads(OTHER, status)
    assert client.get(PAGE).capture.status == status


def test_a_redirect_without_location_is_an_answer(client, loopback):
    loopback.script = lambda _ask: Answer(302)
    assert client.get(PAGE).capture.status == 302


def test_a_long_chain_ends_with_an_error(client, loopback):
    loopback.script = lambda ask: Answer(302, {"Location": ask.path + "x"})
    with pytest.raises(RedirectRefused, match="more than 10 times"):
        client.get(PAGE)
    assert len(loopback.paths()) == 10


def test_every_hop_counts_as_a_request(client, loopback):
    loopback.script = leads(OTHER)
    client.get(PAGE)
    assert client.requests == len(loopback.asks) == 3


def test_every_hop_is_checked_against_robots(client, loopback):
    loopback.robots = Answer(200, body=b"User-agent: *\nDisallow: /intern/")
    loopback.script = leads("/intern/b.html")
    with pytest.raises(RobotsForbid, match=r"https://www\.dortmund\.de/intern/b\.html"):
        client.get(PAGE)
    assert loopback.paths() == [PATH]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["::1"],
        ["fe80::1%eth0"],
        ["93.184.216.34", "10.0.0.1"],
        ["::ffff:127.0.0.1"],
    ],
)
def test_a_name_that_leads_to_a_private_address_is_not_connected_to(live, loopback, addresses):
    client, rewired = live(lambda _host, _port: addresses)
    with pytest.raises(RobotsForbid, match=r"private address .*only public addresses are fetched"):
        client.get("http://www.dortmund.de" + PATH)
    assert rewired.asked == []
    assert loopback.asks == []


def test_a_name_that_turns_private_during_a_run_is_refused(live, loopback):
    loopback.robots = Answer(404, {"Connection": "close"})
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    client, rewired = live(lambda _host, _port: next(answers))
    with pytest.raises(RedirectRefused, match=r"leads to the private address 127\.0\.0\.1"):
        client.get("http://www.dortmund.de" + PATH)
    assert rewired.asked == [("93.184.216.34", 80)]


def test_the_address_that_was_checked_is_connected_to(live, loopback):
    loopback.script = lambda ask: Answer(200, body=ask.headers["host"].encode())
    client, rewired = live(lambda _host, _port: ["2606:2800:220:1:248:1893:25c8:1946"])
    assert client.get("http://www.dortmund.de" + PATH).capture.body == b"www.dortmund.de"
    assert rewired.asked == [("2606:2800:220:1:248:1893:25c8:1946", 80)]


def test_a_name_nobody_knows_is_a_site_that_cannot_be_reached(live):
    def unknown(_host, _port):
        raise socket.gaierror(-2, "Name or service not known")

    client, _ = live(unknown)
    with pytest.raises(Exception, match=r"cannot be reached: .*www\.dortmund\.de cannot be resol"):
        client.robots()


def test_the_next_address_is_tried_when_one_does_not_answer(make_client, loopback):
    network = Network(public_only=False, resolver=lambda _host, _port: ["127.0.0.9", "127.0.0.1"])
    loopback.script = lambda _ask: Answer(200, body=b"in")
    assert make_client(network=network).get(PAGE).capture.body == b"in"


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_an_address_hidden_in_ipv6_is_as_private_as_it_is(inner):
    hexadecimal = f"{int(inner) >> 16:x}:{int(inner) & 0xFFFF:x}"
    hidden = [
        f"::ffff:{inner}",
        f"64:ff9b::{hexadecimal}",
        f"2002:{hexadecimal}::1",
        f"2606:4700::5efe:{hexadecimal}",
        f"2606:4700::200:5efe:{hexadecimal}",
    ]
    assert {is_public(address) for address in hidden} == {is_public(str(inner))}


@pytest.mark.parametrize(
    "address",
    [
        "2002:7f00:1::1",
        "2002:c0a8:101::5efe:808:808",
        "fe80::5efe:808:808",
        "fec0::1",
        "fec0::1%eth0",
        "feff:ffff::1",
        "fd00::1",
        "::127.0.0.1",
        "::10.0.0.1",
        "::8.8.8.8",
        "::ffff:0:127.0.0.1",
        "::ffff:0:8.8.8.8",
        "64:ff9b:1::a00:1",
        "64:ff9b:1:ffff::808:808",
        "64:ff9b::7f00:1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "3fff::1",
        "100::1",
        "5f00::1",
        "4000::1",
        "ff02::1",
        "ff0e::1",
        "224.0.0.1",
        "192.88.99.1",
        "100.64.0.1",
        "240.0.0.1",
        "::",
        "0.0.0.0",
    ],
)
def test_no_tunnel_or_group_address_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "2a00:1450:4001::200e", "2002:808:808::1"]
)
def test_an_address_that_everybody_reaches_is_public(address):
    assert is_public(address)


def test_whatever_stands_in_a_location_the_run_goes_on(client, loopback):
    @settings(deadline=None)
    @given(st.binary(max_size=60).filter(lambda raw: not set(raw) & {0, 10, 11, 12, 13}))
    @example(b"http://[broken")
    @example(b"/" + b"x" * 70_000)
    def law(location):
        loopback.script = lambda ask: moved(location) if ask.path == PATH else Answer(200)
        loopback.asks.clear()
        try:
            assert client.get(PAGE).capture.url.startswith("https://www.dortmund.de/")
        except RedirectRefused:
            assert set(loopback.paths()) == {PATH}

    law()


@pytest.mark.parametrize("location", ["http://www.dortmund.de" + OTHER, "//dortmund.de" + OTHER])
def test_the_live_site_may_name_itself_without_tls_but_is_asked_with_it(make_client, location):
    # Reaches inside: a server with the certificate of the city cannot be had here.
    assert make_client(None)._redirect_target(PAGE, location) == CANONICAL


@pytest.mark.parametrize("location", ["https://www.dortmund.de:444/", "http://dortmund.de:81/"])
def test_another_port_of_the_live_site_is_another_site(make_client, location):
    with pytest.raises(RedirectRefused):
        make_client(None)._redirect_target(PAGE, location)
