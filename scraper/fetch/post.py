"""One POST to a service that the user has named, such as a time stamp authority."""

from __future__ import annotations

from scraper.errors import FetchError
from scraper.fetch.http import httpx
from scraper.fetch.identity import user_agent

_SECONDS = 30.0


def post(url: str, body: bytes, content_type: str, most_bytes: int = 1_000_000) -> bytes:
    """Send bytes to an address; returns the body of the answer. No redirect is followed.

    Raises:
        FetchError: there is no answer, or not the one asked for, or it is too large.
    """
    headers = {"Content-Type": content_type, "User-Agent": user_agent()}
    found = bytearray()
    try:
        with (
            httpx.Client(timeout=_SECONDS, follow_redirects=False) as client,
            client.stream("POST", url, content=body, headers=headers) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise FetchError.answered(url, answer.status_code)
            for piece in answer.iter_bytes():
                found += piece
                if len(found) > most_bytes:
                    raise FetchError(url, f"the answer has more than {most_bytes:,} bytes")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError(url, str(error) or type(error).__name__) from error
    return bytes(found)
