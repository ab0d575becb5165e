"""Keeping saved searches: add, find, drop."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive import Archive
from scraper.archive.followed import registry_of
from scraper.archive.search.filters import Filters, speaker_words
from scraper.archive.search.query import parse_query
from scraper.archive.watches import feed_name, is_any_watched
from scraper.archive.watches import targets_of as targets_of_watch
from scraper.dates import utc_iso
from scraper.errors import UsageError
from scraper.text import fold, search_key
from scraper.watch import addresses
from scraper.watch.sending import check_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

_NAME = re.compile(r"[\w-]{1,60}")
_UNFIT = re.compile(r"[\W_]+")
_NAME_CHARS = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """A watch as a user asks for it."""

    query: str | None
    """Words, in the language of `scraper.archive.search.query`; None for all releases."""
    name: str | None = None
    """What to call it; None makes a name of the query."""
    speaker: str | None = None
    tag: str | None = None
    sites: tuple[str, ...] = ()
    """Keys; none given means all."""
    changes: bool = False
    """Whether edits, removals and corrections are told, too."""
    to: tuple[str, ...] = ()
    """Addresses; none given leaves the feed and `watch run --json`."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A saved search."""

    id: int
    name: str
    query: str | None
    filters: Filters
    changes: bool
    created_at: str
    last_run: str | None
    seen_event: int
    seen_at: str

    @property
    def subject(self) -> str:
        """What it is about, for people."""
        return self.query or self.name

    @property
    def feed_name(self) -> str:
        """Name of its feed in the directory `exports`."""
        return feed_name(self.name)


def add(archive: Archive, wanted: Wanted, now: datetime) -> Watch:
    """Save a search. What the archive holds by now is not news to it.

    Args:
        archive: open for writing.
        wanted: the search.
        now: the present.

    Raises:
        UsageError: query, name, filter or address cannot be; or the name is taken.
        ArchiveError: the archive or the file of addresses cannot be written.
    """
    sites = _checked(archive, wanted)
    to = list(dict.fromkeys(addresses.checked(one) for one in wanted.to))
    for one in to:
        check_address(one)
    taken = {row["name"] for row in archive.rows("SELECT name FROM watches")}
    name = _name(wanted, taken)
    kept = addresses.keep(archive.path.parent, to)
    with archive.transaction() as db:
        row = db.execute(_LATEST).fetchone()
        found = db.execute(
            "INSERT INTO watches (name, query, speaker, tag, sites, changes, created_at, "
            "seen_event, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                name, wanted.query, wanted.speaker, wanted.tag, json.dumps(sites),
                wanted.changes, utc_iso(now), *row,
            ],
        )  # fmt: skip
        for one, kept_as in zip(to, kept, strict=True):
            db.execute(
                "INSERT INTO watch_targets (watch_id, shown, kept_as) VALUES (?, ?, ?)",
                [found.lastrowid, addresses.masked(one), kept_as],
            )
    return find(archive, name)


_LATEST = "SELECT coalesce(max(id), 0), coalesce(max(at), '') FROM events"


def _checked(archive: Archive, wanted: Wanted) -> list[str]:
    """Keys of the sites, if everything can be looked for."""
    narrowed = wanted.speaker or wanted.tag or wanted.sites
    if wanted.query is not None:
        parse_query(wanted.query)
    elif not (narrowed or wanted.changes):
        raise UsageError(
            "There is nothing to watch for. Give words to search for, or at least one of "
            "--speaker, --site, --tag and --changes."
        )
    if wanted.speaker is not None:
        speaker_words(wanted.speaker)
    registry = registry_of(archive)
    return list(dict.fromkeys(registry.get(key).key for key in wanted.sites))


def _name(wanted: Wanted, taken: set[str]) -> str:
    if wanted.name is not None:
        if not _NAME.fullmatch(wanted.name) or wanted.name.isdigit():
            raise UsageError(
                f"--name {wanted.name[:80]!r} cannot be the name of a watch. Take letters, digits, "
                "- and _, at most 60 of them, and not digits alone."
            )
        if wanted.name.casefold() in {name.casefold() for name in taken}:
            raise UsageError(
                f"There is a watch {wanted.name!r} already. Choose another --name, or drop it "
                f"with `newsroom watch drop {wanted.name}`."
            )
        return wanted.name
    words = (wanted.query, wanted.speaker, wanted.tag, *wanted.sites)
    text = search_key(fold(" ".join(filter(None, words)))).replace("ß", "ss")
    base = _UNFIT.sub("-", text)[:_NAME_CHARS].strip("-") or "watch"
    if base.isdigit():
        base = f"watch-{base}"
    name, number = base, 1
    while name.casefold() in {one.casefold() for one in taken}:
        number += 1
        name = f"{base}-{number}"
    return name


def drop(archive: Archive, name: str) -> Watch:
    """Forget a watch, whom it told, and what it had yet to tell.

    Args:
        archive: open for writing.
        name: its name or number.

    Raises:
        UsageError: there is none of that name.
        ArchiveError: the archive or the file of addresses cannot be written.
    """
    watch = find(archive, name)
    kept = [row["kept_as"] for row in targets_of(archive, watch)]
    with archive.transaction() as db:
        db.execute("DELETE FROM watches WHERE id = ?", [watch.id])
    addresses.forget(archive.path.parent, kept)
    return watch


def find(archive: Archive, name: str) -> Watch:
    """A watch by its name or number.

    Raises:
        UsageError: there is none.
    """
    watches = every(archive)
    for watch in watches:
        if name in {watch.name, str(watch.id)}:
            return watch
    known = ", ".join(watch.name for watch in watches) or "none"
    raise UsageError(f"There is no watch {name[:80]!r}. There are: {known}.")


def every(archive: Archive) -> list[Watch]:
    """All watches, the first one first."""
    return [_watch(row) for row in archive.rows("SELECT * FROM watches ORDER BY id")]


def _watch(row: dict[str, Any]) -> Watch:
    filters = Filters(tag=row["tag"], speaker=row["speaker"], sites=tuple(json.loads(row["sites"])))
    names = ("id", "name", "query", "created_at", "last_run", "seen_event", "seen_at")
    return Watch(
        filters=filters, changes=bool(row["changes"]), **{name: row[name] for name in names}
    )


def targets_of(archive: Archive, watch: Watch) -> list[dict[str, Any]]:
    """Whom a watch tells: rows of `watch_targets`, and how many news each has `waiting`."""
    return targets_of_watch(archive, watch.id)


def is_any(directory: Path) -> bool:
    """Whether the archive in a directory has a watch; there may be none, or one of an old version.

    Nothing is written, and nothing upgraded.
    """
    from scraper.archive.connection import DATABASE_NAME
    from scraper.errors import ArchiveError

    path = directory / DATABASE_NAME
    if not path.exists():
        return False
    try:
        archive, is_ready = Archive.open_as_it_is(path)
    except ArchiveError:
        return False
    with archive:
        return is_ready and is_any_watched(archive)


def queued(archive: Archive, target: int) -> list[int]:
    """Events that a target has not been told of, in no order."""
    sql = "SELECT event_id FROM watch_queue WHERE target_id = ?"
    return [row["event_id"] for row in archive.rows(sql, (target,))]


def note_found(archive: Archive, watch: Watch, events: Iterable[int], now: datetime) -> None:
    """Keep what a watch has found, queue it for all its targets, and note how far it has looked.

    Call it in the transaction in which the events were read.
    """
    events = list(events)
    with archive.transaction() as db:
        latest = db.execute(_LATEST).fetchone()
        db.conn.executemany(
            "INSERT OR IGNORE INTO watch_found VALUES (?, ?)", [(watch.id, one) for one in events]
        )
        db.conn.executemany(
            "INSERT OR IGNORE INTO watch_queue SELECT id, ? FROM watch_targets WHERE watch_id = ?",
            [(one, watch.id) for one in events],
        )
        db.execute(
            "UPDATE watches SET seen_event = ?, seen_at = max(seen_at, ?), last_run = ? "
            "WHERE id = ?",
            [*latest, utc_iso(now), watch.id],
        )


def note_sent(archive: Archive, target: int, events: Iterable[int], now: datetime) -> None:
    """A target was told of some events."""
    with archive.transaction() as db:
        db.conn.executemany(
            "DELETE FROM watch_queue WHERE target_id = ? AND event_id = ?",
            [(target, one) for one in events],
        )
        db.execute(
            "UPDATE watch_targets SET last_sent = ?, failures = 0, error = NULL WHERE id = ?",
            [utc_iso(now), target],
        )


def note_failed(archive: Archive, target: int, reason: str) -> None:
    """A target could not be told; what it was to be told stays queued."""
    with archive.transaction() as db:
        db.execute(
            "UPDATE watch_targets SET failures = failures + 1, error = ? WHERE id = ?",
            [reason, target],
        )
