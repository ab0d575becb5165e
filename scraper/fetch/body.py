"""Reading a response: its size is capped while it streams, so memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scraper.coding import Decoder, DecodingError, TooMuch, UnknownCoding
from scraper.errors import FetchError, ResponseTooLarge
from scraper.fetch.retry import TransientError


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one response may cost."""

    wire_bytes: int = 10_000_000
    """Bytes as sent, that is: compressed."""
    body_bytes: int = 50_000_000
    """Bytes after decoding."""
    seconds: float = 120.0
    """Time for the whole exchange; a server that drips is cut off."""
    silence_seconds: float = 30.0
    """Time without a byte."""
    connect_seconds: float = 10.0
    """Time for a connection to stand."""


def read_body(
    url: str, chunks: Iterator[bytes], headers: Mapping[str, str], limits: Limits
) -> tuple[bytes, bytes]:
    """The bytes as sent and the bytes after content decoding.

    Args:
        url: for messages.
        chunks: raw bytes as they arrive.
        headers: of the response, found by names in lower case.
        limits: caps on both sizes.

    Raises:
        ResponseTooLarge: a cap was reached; nothing more was read.
        TransientError: the body ends early, or its compressed data are damaged.
        FetchError: it has a content coding nobody asked for.
    """
    announced = headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > limits.wire_bytes:
        raise _too_large(url, f"announces {int(announced):,} bytes", limits.wire_bytes)
    wire, body = bytearray(), bytearray()
    try:
        decoder = Decoder(headers.get("content-encoding", ""), limits.body_bytes)
        for chunk in chunks:
            wire += chunk
            if len(wire) > limits.wire_bytes:
                raise _too_large(url, "sends more and more bytes", limits.wire_bytes)
            decoder.feed(chunk, body)
        decoder.finish(body)
    except UnknownCoding as error:
        raise FetchError(url, str(error)) from error
    except TooMuch as error:
        raise ResponseTooLarge(url, f"the server {error} a page may have") from error
    except DecodingError as error:
        raise TransientError(url, str(error)) from error
    return bytes(wire), bytes(body)


def _too_large(url: str, what: str, limit: int) -> ResponseTooLarge:
    return ResponseTooLarge(url, f"the server {what}, more than the {limit:,} a page may have")
