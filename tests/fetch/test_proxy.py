"""Proxies: those of the environment are used, and what may be asked for stays the same."""

import dataclasses
import socket

import pytest

from scraper.errors import RedirectRefused, RobotsForbid, SiteUnreachable, UsageError
from scraper.fetch.network import Network
from scraper.fetch.proxy import Proxy, proxy_for
from scraper.sites import get_site
from tests.fetch.conftest import PAGE, PATH
from tests.support.loopback import Answer, Loopback
from tests.support.proxy import LoopbackProxy

PLAIN = PAGE.replace("https:", "http:")
SITE = get_site("dortmund")
PROXY = "http://proxy.example.org:3128"


@pytest.fixture
def port(loopback):
    return int(loopback.url.rpartition(":")[2])


@pytest.fixture
def proxy(port):
    with LoopbackProxy(port) as running:
        yield running


def unknown(host, port):
    """A resolver inside a network that knows only its own machines."""
    if host == "127.0.0.1":
        return [host]
    raise socket.gaierror(-2, "Name or service not known")


@pytest.fixture
def make_live(make_client, clock):
    """Makes clients of the live site, with real connections to what a resolver names."""

    def make(resolver=unknown, *, plain=False):
        network = Network(public_only=True, resolver=resolver, clock=clock)
        site = dataclasses.replace(SITE, origin="http://www.dortmund.de") if plain else SITE
        return make_client(None, site=site, network=network)

    return make


@pytest.fixture
def believed(authority, loopback, tmp_path, monkeypatch):
    """The site's server speaks TLS, and its authority is believed."""
    loopback.show(authority.issue_cert("www.dortmund.de"))
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_site_is_asked_through_a_tunnel(
    make_live, believed, proxy, loopback, monkeypatch, name
):
    monkeypatch.setenv(name, f"http://{proxy.address}")
    loopback.script = lambda ask: Answer(200, body=ask.headers["host"].encode())
    client = make_live()
    for _ in range(3):
        assert client.get(PAGE).capture.body == b"www.dortmund.de"
    assert proxy.asks == ["CONNECT www.dortmund.de:443"]
    assert loopback.paths() == [PATH] * 3


def test_a_site_without_tls_is_asked_through_its_own_proxy(make_live, proxy, loopback, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", proxy.address)
    loopback.script = lambda ask: Answer(200, body=ask.headers["via"].encode())
    assert make_live(plain=True).get(PLAIN).capture.body == b"1.1 loopback"
    assert proxy.asks == ["GET http://www.dortmund.de/robots.txt", f"GET {PLAIN}"]


def test_user_and_password_are_given(make_live, believed, port, loopback, monkeypatch):
    loopback.script = lambda ask: Answer(200, body=b"in")
    with LoopbackProxy(port, password="g@heim") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://u:g%40heim@{proxy.address}")
        answer = make_live().get(PAGE)
    assert answer.capture.body == b"in"
    assert b"roxy" not in answer.exchange.request


@pytest.mark.parametrize("plain", [True, False])
def test_a_wrong_password_names_the_proxy_and_not_the_password(make_live, port, monkeypatch, plain):
    with LoopbackProxy(port, password="right") as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://u:falsch@{proxy.address}")
        with pytest.raises(SiteUnreachable, match=r"lets nothing through .*407") as caught:
            make_live(plain=plain).robots()
    message = str(caught.value)
    assert f"the proxy http://{proxy.address} lets" in message
    assert f"Check {'HTTP' if plain else 'HTTPS'}_PROXY and NO_PROXY and run" in message
    assert "falsch" not in message
    assert "network connection" not in message


def test_a_proxy_that_opens_no_tunnel_is_named(make_live, port, monkeypatch):
    with LoopbackProxy(port, refuses=403) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        with pytest.raises(SiteUnreachable, match=r"the proxy .* lets nothing through \(403"):
            make_live().robots()


def test_a_proxy_that_is_not_there_is_named(make_live, monkeypatch):
    with Loopback() as server:
        nobody = server.url
    monkeypatch.setenv("HTTPS_PROXY", nobody)
    with pytest.raises(SiteUnreachable, match=rf"proxy {nobody} .*does not answer.*Check HTTPS"):
        make_live().robots()


def test_an_authority_of_the_networks_own_is_the_advice(
    make_live, authority, proxy, loopback, monkeypatch
):
    loopback.show(authority.issue_cert("www.dortmund.de"))
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    with pytest.raises(SiteUnreachable, match=r"certificate of www\.dortmund\.de.*SSL_CERT_FILE"):
        make_live().robots()


def test_what_no_proxy_names_is_asked_directly(make_live, believed, proxy, loopback, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    monkeypatch.setenv("NO_PROXY", "localhost, .dortmund.de")
    with pytest.raises(SiteUnreachable, match=r"www\.dortmund\.de cannot be resolved"):
        make_live().robots()
    assert proxy.asks == []


def test_a_mirror_on_this_machine_is_asked_directly(make_client, loopback, proxy, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", f"http://{proxy.address}")
    make_client().get(PAGE)
    assert loopback.paths() == [PATH]
    assert proxy.asks == []


# --- what may be asked for -------------------------------------------------------------------


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "fec0::1"])
def test_a_name_that_leads_to_a_private_address_is_not_asked_for(
    make_live, proxy, monkeypatch, address
):
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    with pytest.raises(RobotsForbid, match="leads to the private address"):
        make_live(lambda _host, _port: [address]).robots()
    assert proxy.asks == []


def test_a_name_that_is_resolved_here_is_checked_each_time(
    make_live, believed, proxy, loopback, monkeypatch
):
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    answers = iter([["93.184.216.34"], ["127.0.0.1"], ["10.0.0.1"]])
    client = make_live(lambda _host, _port: next(answers))  # the second is the proxy's own
    client.robots()
    with pytest.raises(RedirectRefused, match=r"private address 10\.0\.0\.1"):
        client.get(PAGE)
    assert loopback.paths() == []


def test_a_name_that_only_the_proxy_knows_is_looked_up_once(
    make_live, believed, proxy, loopback, monkeypatch
):
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    asked = []

    def resolver(host, port):
        asked.append(host)
        return unknown(host, port)

    client = make_live(resolver)
    for _ in range(3):
        client.get(PAGE)
    assert asked == ["www.dortmund.de", "127.0.0.1"]


def test_a_redirect_out_of_the_site_is_refused(make_live, believed, proxy, loopback, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    loopback.script = lambda _ask: Answer(302, {"Location": f"http://{proxy.address}/admin"})
    with pytest.raises(RedirectRefused, match="not a page of the site"):
        make_live().get(PAGE)
    assert proxy.asks == ["CONNECT www.dortmund.de:443"]


# --- the settings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"https": PROXY}, Proxy(PROXY)),
        ({"all": PROXY}, Proxy(PROXY)),
        ({"http": PROXY}, None),
        ({}, None),
        ({"https": ""}, None),
        ({"https": "proxy.example.org:3128"}, Proxy(PROXY)),
        ({"https": "http://proxy.example.org/"}, Proxy("http://proxy.example.org:80")),
        ({"https": "https://proxy.example.org"}, Proxy("https://proxy.example.org:443")),
        ({"https": "http://[fd00::1]:80"}, Proxy("http://[fd00::1]:80")),
        ({"https": "http://a:b%20c@p:1"}, Proxy("http://p:1", ("a", "b c"))),
        ({"all": "socks5://p"}, Proxy("socks5://p:1080", is_socks=True)),
    ],
)
def test_which_proxy_is_used(settings, expected):
    assert proxy_for("https", "www.dortmund.de", 443, settings) == expected


@pytest.mark.parametrize(
    ("host", "exceptions", "is_direct"),
    [
        ("www.dortmund.de", "*", True),
        ("www.dortmund.de", "dortmund.de", True),
        ("www.dortmund.de", "*.dortmund.de", True),
        ("www.dortmund.de", "example.org  DORTMUND.de", True),
        ("www.dortmund.de", "www.dortmund.de:443", True),
        ("www.dortmund.de", "www.dortmund.de:8443", False),
        ("www.dortmund.de", "ortmund.de", False),
        ("www.dortmund.de", "", False),
        ("93.184.216.34", "93.184.0.0/16", True),
        ("93.184.216.34", "10.0.0.0/8, unsinn/99", False),
        ("localhost", "", True),
        ("127.0.0.9", "", True),
        ("::1", "", True),
    ],
)
def test_what_no_proxy_means(host, exceptions, is_direct):
    found = proxy_for("https", host, 443, {"https": PROXY, "no": exceptions})
    assert (found is None) is is_direct


@pytest.mark.parametrize(
    "value", ["ftp://p:1", "http://", "http://p:port", "http://[broken", "größe:1", "p q:1"]
)
def test_an_address_that_is_no_proxys_is_wrong_use(value):
    with pytest.raises(UsageError, match=r"The proxy that HTTPS_PROXY names is not one"):
        proxy_for("https", "www.dortmund.de", 443, {"https": value})


def test_a_proxy_that_speaks_socks_needs_a_package(make_live, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    with pytest.raises((UsageError, SiteUnreachable), match=r"SOCKS|does not answer"):
        make_live().robots()
