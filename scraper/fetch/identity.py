"""The User-Agent header: the name of this program and where to complain about it."""

from __future__ import annotations

from scraper import __version__
from scraper.errors import UsageError

AGENT = "newsroom-archive"
DEFAULT_CONTACT = "https://newsroom-archive.example/bot"


def user_agent(contact: str = DEFAULT_CONTACT) -> str:
    """The User-Agent header: who is asking, and where to complain.

    Raises:
        UsageError: the contact cannot stand in a header.
    """
    if not contact.strip() or not contact.isascii() or not contact.isprintable():
        raise UsageError(
            f"The contact {contact!r} cannot stand in a User-Agent header. Give a URL or an "
            "e-mail address in plain ASCII."
        )
    return f"{AGENT}/{__version__} (+{contact})"
