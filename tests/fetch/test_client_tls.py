"""The live site is asked with TLS, at an address we resolved, under the name of the site."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest

from scraper.errors import SiteUnreachable, UsageError
from scraper.fetch.network import Network
from scraper.fetch.transport import tls_context
from scraper.sites import get_site
from tests.fetch.conftest import PAGE, PATH, Rewired
from tests.support.loopback import Answer


@pytest.fixture
def live_with(authority, loopback, make_client, clock):
    """Makes a client of the live site whose server shows a certificate for a name."""

    def make(name, **validity):
        loopback.show(authority.issue_cert(name, **validity))
        rewired = Rewired(int(loopback.url.rpartition(":")[2]))
        network = Network(
            public_only=True,
            resolver=lambda _host, _port: ["93.184.216.34"],
            clock=clock,
            sockets=rewired,
        )
        return make_client(None, site=get_site("dortmund"), network=network), rewired

    return make


@pytest.fixture
def believed(authority, tmp_path, monkeypatch):
    """The file with the authority's certificate, which SSL_CERT_FILE names."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def test_the_certificate_is_checked_against_the_name_and_the_cookie_dance_works(
    live_with, believed, loopback
):
    def script(ask):
        if ask.headers.get("cookie") == "s=1":
            return Answer(200, body=ask.headers["host"].encode())
        return Answer(302, {"Location": PATH, "Set-Cookie": "s=1; Path=/; Secure"})

    loopback.script = script
    client, rewired = live_with("www.dortmund.de")
    assert client.get(PAGE).capture.body == b"www.dortmund.de"
    assert set(rewired.asked) == {("93.184.216.34", 443)}


@pytest.mark.parametrize("name", ["www.example.org", "dortmund.de"])
def test_a_certificate_for_another_name_is_refused(live_with, believed, loopback, name):
    client, _ = live_with(name)
    with pytest.raises(SiteUnreachable, match=r"certificate verify failed.*Hostname mismatch"):
        client.get(PAGE)
    assert loopback.asks == []


def test_a_redirect_to_http_is_asked_for_with_tls(live_with, believed, loopback):
    location = "http://www.dortmund.de/newsroom/b.html"
    moved = Answer(301, {"Location": location})
    loopback.script = lambda ask: moved if ask.path == PATH else Answer(200)
    client, rewired = live_with("www.dortmund.de")
    assert client.get(PAGE).capture.url == "https://www.dortmund.de/newsroom/b.html"
    assert {port for _, port in rewired.asked} == {443}


def test_a_certificate_of_an_unknown_authority_names_the_certificate(live_with, loopback, clock):
    client, _ = live_with("www.dortmund.de")
    with pytest.raises(SiteUnreachable) as caught:
        client.get(PAGE)
    message = str(caught.value)
    assert "the certificate of www.dortmund.de is not accepted (certificate verify" in message
    assert "set SSL_CERT_FILE to a file with the certificate of its authority" in message
    assert "network connection" not in message
    assert loopback.asks == []


def test_an_expired_certificate_is_named_and_not_tried_again(live_with, make_client, believed):
    past = datetime.now(UTC) - timedelta(days=1)
    _, rewired = live_with("www.dortmund.de", not_after=past)
    network = Network(public_only=False, resolver=lambda _h, _p: ["127.0.0.1"], sockets=rewired)
    client = make_client(None, site=get_site("dortmund"), network=network, max_tries=4)
    with pytest.raises(SiteUnreachable, match=r"has expired\).*Check the clock") as caught:
        client.get(PAGE)
    assert "network connection" not in str(caught.value)
    assert len(rewired.asked) == 1


def test_authorities_may_lie_in_directories(live_with, believed, monkeypatch, tmp_path):
    # OpenSSL finds a file by the hash of its subject, which Python can only look up afterwards.
    certificate = ssl.create_default_context(cafile=str(believed))
    assert len(certificate.get_ca_certs()) == 1
    monkeypatch.setenv("SSL_CERT_FILE", str(believed))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    client, _ = live_with("www.dortmund.de")
    assert client.get(PAGE).capture.status == 404


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_cannot_be_read_are_wrong_use(make_client, monkeypatch, tmp_path, name):
    monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match=rf"^{name} names .*nowhere.*unset it\.$"):
        make_client()


def test_a_file_that_holds_no_certificate_is_wrong_use(tmp_path):
    (tmp_path / "empty.pem").write_bytes(b"nothing")
    with pytest.raises(UsageError, match="whose certificates cannot be read"):
        tls_context(str(tmp_path / "empty.pem"), None)


def test_without_settings_the_usual_authorities_are_believed():
    assert tls_context(None, None) is tls_context("", "")
    assert len(tls_context(None, None).get_ca_certs()) > 50
