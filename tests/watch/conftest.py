"""An archive that is watched, and two servers that take messages, on loopback."""

from __future__ import annotations

import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from scraper.archive import Archive
from tests.archive.corpus import article, filled, store
from tests.support.loopback import Answer


class Mailbox:
    """Takes every mail, or none."""

    def __init__(self) -> None:
        self.mails = []
        self.refuses = False

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.refuses:
            return "451 try later"
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


def _anybody(_server, _session, _envelope, _mechanism, _data):
    return AuthResult(success=True)


class Server(Controller):
    """Listens on a free port."""

    @property
    def bound(self):
        return self.server.sockets[0].getsockname()

    def _trigger_server(self):
        with socket.create_connection(self.bound) as connection:
            connection.recv(1024)


@pytest.fixture
def mailbox():
    box = Mailbox()
    server = Server(
        box, hostname="127.0.0.1", port=0, authenticator=_anybody, auth_require_tls=False
    )
    server.start()
    port = server.bound[1]
    box.address = (
        f"mailto://reporter:geheim77@127.0.0.1:{port}?mode=insecure"
        "&from=archiv@example.org&to=redaktion@example.org"
    )
    yield box
    server.stop()


@pytest.fixture
def hook(loopback):
    """A webhook; `asks` has what it was told."""
    loopback.script = lambda _ask: Answer(200)
    loopback.hook = f"json://{loopback.address}/weg/Schluessel99"
    return loopback


@pytest.fixture
def data(tmp_path):
    """The directory of an archive of four releases."""
    with Archive.open(tmp_path / "data") as made:
        filled(made)
    return tmp_path / "data"


@pytest.fixture
def publish(data):
    """Stores a release as a crawl does."""

    def one(name, title, body="", **fields):
        with Archive.open(data) as archive:
            return store(archive, article(name, title, body, **fields))

    return one
