"""Bringing two histories of one release together: versions in order of time, and events."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.archive.past import Past, capture_at, write_events
from scraper.archive.read import read_record
from scraper.archive.store import article_row, insert_row, note_event, write_children
from scraper.archive.tombstones import without_erased
from scraper.decide.outcome import WITHDRAWN, Outcome
from scraper.decide.sightings import Sighting, together
from scraper.decide.timeline import Version

if TYPE_CHECKING:
    from scraper.archive.connection import Archive
    from scraper.archive.database import Database

_GONE = (str(Outcome.GONE), WITHDRAWN)
_BACK = "back"
_PRESENCE = (*_GONE, _BACK)
_FROM_VERSIONS = (str(Outcome.NEW), str(Outcome.CHANGED))
# Once noted, they are noted: the other archive may have seen it on another day.
_ONCE = frozenset({str(Outcome.MOVED), "corrected", "attachment"})
_REVISIONS = """
SELECT r.*, c.sha256 FROM revisions r LEFT JOIN captures c ON c.id = r.capture_id
WHERE r.article_id = ? ORDER BY r.number
"""
_EVENTS = """
SELECT e.id, e.at, e.kind, e.detail, e.capture_id, c.sha256 FROM events e
LEFT JOIN captures c ON c.id = e.capture_id WHERE e.article_id = ? ORDER BY e.at, e.id
"""
_TIMES = "SELECT url, site, first_seen, last_seen, gone_at, corrects FROM articles WHERE id = ?"
_NONE_YET: dict[str, Any] = {"attachments": [], "quotes": [], "videos": [], "related": []}
"""What records of older versions may lack."""


@dataclass
class Source:
    """The other archive, as histories need it.

    Attributes:
        archive: the other one.
        captures: `captures.id` there → here.
        last: the last capture that was here before.
        read_apart: how many releases have got versions that another program version read.
        conflicts: address and sentence of what does not fit, to be added to.
    """

    archive: Archive
    captures: dict[int, int]
    last: int
    read_apart: int = 0
    conflicts: list[tuple[str, str]] = field(default_factory=list)


def add_release(archive: Archive, db: Database, source: Source, number: int) -> int:
    """Add a release that is not here, with versions and events; returns its id here.

    Args:
        archive: where.
        db: inside a transaction.
        source: where it comes from.
        number: `articles.id` there.
    """
    (told,) = source.archive.rows(_TIMES, (number,))
    versions = [_coming(archive, source, row) for row in _versions(source.archive, number)]
    newest = versions[-1]
    record = _record(newest)
    row = article_row(record) | told
    row |= {name: newest[name] for name in ("fingerprint", "capture_id", "parser")}
    article_id = insert_row(db, "articles", row)
    for version in versions:
        insert_row(db, "revisions", version | {"article_id": article_id})
    for event in source.archive.rows(_EVENTS, (number,)):
        _add_event(db, source, article_id, event)
    write_children(db, article_id, record)
    return article_id


def merge_release(
    archive: Archive, db: Database, source: Source, article_id: int, number: int
) -> bool:
    """Bring the versions and events of a release together with those that are here.

    Args:
        archive: where.
        db: inside a transaction.
        source: where they come from.
        article_id: of the release here.
        number: `articles.id` there.

    Returns:
        Whether anything is new.
    """
    before = _state(archive, article_id)
    own = _versions(archive, article_id)
    theirs = _told_there(source, before["url"], own, _versions(source.archive, number))
    here = _sightings(archive, article_id, own, source.last)
    there = _sightings(source.archive, number, theirs, None)
    placed = together(here, there)
    if placed is not None:
        for between in placed.interrupted:
            what = (
                f"one archive saw the same version before and after {between}, the other one "
                "another version then; the history has both"
            )
            source.conflicts.append((before["url"], what))
        is_new = any(version.id is not None and version.id < 0 for version in placed.versions)
        source.read_apart += is_new and len({row["parser"] for row in (*own, *theirs)}) > 1
        _write_versions(archive, db, source, article_id, placed.versions, own, theirs)
        write_events(db, article_id)
    online = {each.at for each in (*here, *there)}
    _merge_events(archive, db, source, article_id, number, online)
    _update(archive, db, source, article_id, number, own[-1]["id"] if own else None)
    return _state(archive, article_id) != before


def _state(archive: Archive, article_id: int) -> dict[str, Any]:
    """What makes up a history, to see whether it changes."""
    (state,) = archive.rows(_TIMES, (article_id,))
    sql = "SELECT number, first_seen, last_seen, fingerprint, capture_id FROM revisions"
    state["versions"] = archive.rows(f"{sql} WHERE article_id = ? ORDER BY 1", (article_id,))
    state["events"] = archive.rows(_EVENTS, (article_id,))
    return state


def _versions(archive: Archive, article_id: int) -> list[dict[str, Any]]:
    return archive.rows(_REVISIONS, (article_id,))


def _coming(archive: Archive, source: Source, row: dict[str, Any]) -> dict[str, Any]:
    """A row of `revisions` there, as it is here: without teasers of what was erased."""
    record = without_erased(archive, read_record(row["record"], f"version {row['id']}"))
    new = {name: value for name, value in row.items() if name not in {"id", "sha256"}}
    new["record"] = json.dumps(record, ensure_ascii=False)
    return new | {"capture_id": _capture(source, row["capture_id"])}


def _capture(source: Source, number: int | None) -> int | None:
    return source.captures.get(number) if number is not None else None


def _record(version: dict[str, Any]) -> dict[str, Any]:
    return _NONE_YET | read_record(version["record"], "a version")


# --- versions -------------------------------------------------------------------------------------


def _sightings(
    archive: Archive, article_id: int, rows: list[dict[str, Any]], last: int | None
) -> list[Sighting]:
    """When an archive saw the versions of a release: at both ends, and where a page is kept."""
    kept = Past(archive, "").seen(article_id, last)
    found = []
    for row in rows:
        begin, end = row["first_seen"], row["last_seen"]
        moments = {begin, end, *(at for at in kept if begin < at < end)}
        found += [Sighting(at, row["fingerprint"], row["id"]) for at in sorted(moments)]
    return found


def _told_there(
    source: Source, url: str, own: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Rows of versions there, with the fingerprints that the same pages have here."""
    read_here = {row["sha256"]: row["fingerprint"] for row in own if row["sha256"]}
    found = []
    for row in theirs:
        words = read_here.get(row["sha256"], row["fingerprint"])
        if words != row["fingerprint"]:
            what = f"the page of {row['first_seen']} is read differently here, which stays"
            source.conflicts.append((url, what))
        found.append(row | {"fingerprint": words, "id": -row["id"]})
    return found


def _write_versions(
    archive: Archive,
    db: Database,
    source: Source,
    article_id: int,
    placed: tuple[Version, ...],
    own: list[dict[str, Any]],
    theirs: list[dict[str, Any]],
) -> None:
    rows = {row["id"]: row for row in (*own, *theirs)}
    begins = {(row["first_seen"], row["fingerprint"]): row["capture_id"] for row in theirs}
    # Numbers are unique; they make room for one another.
    db.execute("UPDATE revisions SET number = -number WHERE article_id = ?", [article_id])
    for number, version in enumerate(placed, start=1):
        times = {"first_seen": version.first_seen, "last_seen": version.last_seen}
        values: dict[str, Any] = {"number": number, **times}
        if version.id is not None and version.id > 0:
            values |= {"capture_id": rows[version.id]["capture_id"], "id": version.id}
            if version.first_seen < rows[version.id]["first_seen"]:  # they have seen it earlier
                found = _capture(source, begins.get((version.first_seen, version.fingerprint)))
                values["capture_id"] = found or values["capture_id"]
            db.execute(
                "UPDATE revisions SET number = :number, first_seen = :first_seen, "
                "last_seen = :last_seen, capture_id = :capture_id WHERE id = :id",
                values,
            )
            continue
        like = version.id if version.id is not None else version.like or 0
        row = rows[like] if like > 0 else _coming(archive, source, rows[like])
        kept = {name: row[name] for name in ("parser", "fingerprint", "record", "capture_id")}
        if version.id is None:
            kept["capture_id"] = capture_at(db, article_id, version) or kept["capture_id"]
        insert_row(db, "revisions", {"article_id": article_id, **values, **kept})


# --- events ---------------------------------------------------------------------------------------


def _add_event(db: Database, source: Source, article_id: int, event: dict[str, Any]) -> None:
    capture_id = _capture(source, event["capture_id"])
    note_event(db, article_id, event["at"], event["kind"], event["detail"], capture_id)


def _merge_events(
    archive: Archive, db: Database, source: Source, article_id: int, number: int, online: set[str]
) -> None:
    """Add what the other archive has seen of a release, and settle when it was online."""
    known = {_key(event) for event in archive.rows(_EVENTS, (article_id,))}
    is_settled = True
    for event in source.archive.rows(_EVENTS, (number,)):
        if event["kind"] in _FROM_VERSIONS or _key(event) in known:
            continue
        is_settled &= event["kind"] not in _PRESENCE
        _add_event(db, source, article_id, event)
    events = [row for row in archive.rows(_EVENTS, (article_id,)) if row["kind"] in _PRESENCE]
    last = events[-1] if events else None
    if is_settled and not (last and last["kind"] in _GONE and last["at"] < max(online)):
        return
    _settle_presence(db, article_id, events, online)


def _key(event: dict[str, Any]) -> tuple[Any, ...]:
    """What tells an event from others of a release."""
    if event["kind"] in _ONCE:
        what = event["sha256"] if event["kind"] == "attachment" else None
        return event["kind"], event["detail"], what
    return event["kind"], event["detail"], event["at"]


def _settle_presence(
    db: Database, article_id: int, events: list[dict[str, Any]], online: set[str]
) -> None:
    """Leave one event for each time that a release went or came back, as both have seen it."""
    # At the same second what shows it online comes first.
    moments: list[tuple[str, bool, int, dict[str, Any] | None]]
    moments = [(row["at"], row["kind"] != _BACK, row["id"], row) for row in events]
    moments += [(at, False, 1 << 62, None) for at in online]
    is_online = True
    for at, _order, _id, row in sorted(moments, key=lambda moment: moment[:3]):
        shows = row is None or row["kind"] == _BACK
        if row is None:
            if not is_online:
                capture = Version(at, at, "")
                note_event(db, article_id, at, _BACK, None, capture_at(db, article_id, capture))
        elif shows == is_online:
            db.execute("DELETE FROM events WHERE id = ?", [row["id"]])
        is_online = shows


# --- the release itself ---------------------------------------------------------------------------


def _update(
    archive: Archive,
    db: Database,
    source: Source,
    article_id: int,
    number: int,
    shown: int | None,
) -> None:
    """Have the release's own row say what its newest version says, and when it was seen."""
    (own,) = archive.rows(_TIMES, (article_id,))
    (there,) = source.archive.rows(_TIMES, (number,))
    newest = _versions(archive, article_id)[-1]
    values: dict[str, Any] = {
        "first_seen": min(own["first_seen"], there["first_seen"]),
        "last_seen": max(own["last_seen"], there["last_seen"]),
        "gone_at": _gone_at(archive, article_id),
        "url": _address(archive, article_id, own["url"], there["url"]),
    }
    record = None
    if newest["id"] != shown:
        record = _record(newest)
        values = article_row(record) | {"parser": newest["parser"]} | values
        values["fingerprint"] = newest["fingerprint"]
        # They are of an earlier version: "not modified" would mean that the page is as it was then.
        db.execute(
            "UPDATE candidates SET etag = NULL, last_modified = NULL WHERE article_id = ?",
            [article_id],
        )
    values["capture_id"] = newest["capture_id"]
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    db.execute(f"UPDATE articles SET {assignments} WHERE id = :id", values | {"id": article_id})
    if record is not None:
        write_children(db, article_id, record)


def _gone_at(archive: Archive, article_id: int) -> str | None:
    """Since when a release is gone, according to its events; None if it is online."""
    events = [row for row in archive.rows(_EVENTS, (article_id,)) if row["kind"] in _PRESENCE]
    return events[-1]["at"] if events and events[-1]["kind"] in _GONE else None


def _address(archive: Archive, article_id: int, own: str, there: str) -> str:
    """The present address of a release: the other archive's if it has moved there since."""
    if own == there or archive.rows("SELECT 1 FROM articles WHERE url = ?", (there,)):
        return own
    moved = [row for row in archive.rows(_EVENTS, (article_id,)) if row["kind"] == "moved"]
    return there if moved and moved[-1]["detail"] == own else own
