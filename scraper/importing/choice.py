"""Which captures of a release are worth having, out of all that a web archive lists. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.dates import utc_iso

if TYPE_CHECKING:
    from datetime import date

    from scraper.importing.cdx import Listed
    from scraper.sites import Site

_HTML = frozenset({"text/html", "application/xhtml+xml", "unk", "-"})
_REVISIT = "warc/revisit"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A capture of a release."""

    url: str
    """Canonical address of the release."""
    capture: Listed


def of_releases(
    captures: Iterable[Listed], site: Site, since: date | None = None, until: date | None = None
) -> dict[str, list[Listed]]:
    """The captures that show a release, by its canonical address, in the order of time.

    Of several in the same second the first one counts. A revisit counts if the page that it refers
    to is among them.

    Args:
        captures: as an index lists them.
        site: whose releases.
        since: first day of capture.
        until: last day.
    """
    found: dict[str, dict[object, Listed]] = {}
    for capture in captures:
        day = capture.at.date()
        if (since and day < since) or (until and day > until) or not _may_show_a_page(capture):
            continue
        url = site.article_url(capture.url)
        if url is not None:
            found.setdefault(url, {}).setdefault(capture.at, capture)
    releases = {}
    for url, by_time in found.items():
        pages = {each.digest for each in by_time.values() if each.media_type != _REVISIT}
        kept = [c for c in by_time.values() if c.media_type != _REVISIT or c.digest in pages]
        if kept:
            releases[url] = sorted(kept, key=lambda capture: capture.at)
    return releases


def _may_show_a_page(capture: Listed) -> bool:
    if capture.media_type == _REVISIT:
        return capture.status in {"-", "200"}
    return capture.status == "200" and capture.media_type.partition(";")[0] in _HTML


def telling(captures: list[Listed], most: int) -> list[Listed]:
    """Of the captures of one release: the first, the last, and where the digest changes.

    If these are too many, the first and the last, and as evenly as can be from those between.

    Args:
        captures: in the order of time.
        most: how many to take, at least one.
    """
    last = len(captures) - 1
    found = [
        capture
        for number, capture in enumerate(captures)
        if number in {0, last}
        or capture.digest is None
        or capture.digest != captures[number - 1].digest
    ]
    if len(found) <= most:
        return found
    if most == 1:
        return found[:1]
    return [found[number * (len(found) - 1) // (most - 1)] for number in range(most)]


def untold(captures: list[Listed], seen: list[tuple[str, str | None]]) -> list[Listed]:
    """The captures that tell more than the pages that are kept.

    One does not if it is kept itself, or if both the page before it and the one after it, kept or
    listed, have the same content.

    Args:
        captures: of one release, in the order of time.
        seen: time, as the archive writes it, and digest of each page that is kept.
    """
    kept = {at for at, _digest in seen}
    listed = [(utc_iso(capture.at), capture.digest) for capture in captures]
    every = sorted({*seen, *(each for each in listed if each[0] not in kept)}, key=str)
    found = []
    for capture, (at, digest) in zip(captures, listed, strict=True):
        before = [each for time, each in every if time < at][-1:]
        after = [each for time, each in every if time > at][:1]
        is_between = digest is not None and [*before, *after] == [digest, digest]
        if at not in kept and not is_between:
            found.append(capture)
    return found
