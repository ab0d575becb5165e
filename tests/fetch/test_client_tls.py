"""The live site is asked with TLS, at an address we resolved, under the name of the site."""

import shutil
import ssl
import subprocess

import pytest

from scraper.errors import SiteUnreachable
from scraper.fetch import network
from scraper.sites import get_site
from tests.fetch.conftest import PAGE, PATH, Rewired
from tests.support.loopback import Answer

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="makes a certificate with openssl")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Makes a certificate for a name: the paths of certificate and key."""

    def make(name):
        folder = tmp_path_factory.mktemp(name)
        paths = folder / "cert.pem", folder / "key.pem"
        command = [OPENSSL, "req", "-x509", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
        command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        command += ["-addext", f"subjectAltName=DNS:{name}", "-out", paths[0], "-keyout", paths[1]]
        subprocess.run(command, check=True, capture_output=True)
        return paths

    return make


@pytest.fixture
def live_with(certificate, loopback, make_client, monkeypatch, clock):
    """Makes a client of the live site whose server shows a certificate for a name."""

    def make(name):
        cert, key = certificate(name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        server = loopback._server
        server.socket = context.wrap_socket(server.socket, server_side=True)
        monkeypatch.setattr(network, "_tls", lambda: ssl.create_default_context(cafile=cert))
        rewired = Rewired(int(loopback.url.rpartition(":")[2]))
        ours = network.Network(
            public_only=True,
            resolver=lambda _host, _port: ["93.184.216.34"],
            clock=clock,
            sockets=rewired,
        )
        return make_client(None, site=get_site("dortmund"), network=ours), rewired

    return make


def test_the_certificate_is_checked_against_the_name_and_the_cookie_dance_works(
    live_with, loopback
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
def test_a_certificate_for_another_name_is_refused(live_with, loopback, name):
    client, _ = live_with(name)
    with pytest.raises(SiteUnreachable, match=r"certificate verify failed.*Hostname mismatch"):
        client.get(PAGE)
    assert loopback.asks == []


def test_a_redirect_to_http_is_asked_for_with_tls(live_with, loopback):
    location = "http://www.dortmund.de/newsroom/b.html"
    moved = Answer(301, {"Location": location})
    loopback.script = lambda ask: moved if ask.path == PATH else Answer(200)
    client, rewired = live_with("www.dortmund.de")
    assert client.get(PAGE).capture.url == "https://www.dortmund.de/newsroom/b.html"
    assert {port for _, port in rewired.asked} == {443}
