"""Releases that correct others: `articles.corrects`, and the event of the one that is corrected."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scraper.archive.read import read_record
from scraper.archive.search import german
from scraper.archive.store import note_event
from scraper.decide.compare import compare_versions
from scraper.decide.corrections import Titled, corrected, without_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from scraper.archive.connection import Archive
    from scraper.sites import Site

EVENT = "corrected"
"""Kind of the event of a release that another one corrects; `detail` is the other's address."""

_PREFIXED = """
SELECT a.id, a.title, a.published, a.url, a.corrects, a.first_seen
FROM article_stems s JOIN articles a ON a.id = s.id
WHERE s.title_key > :key AND s.title_key < :key || char(1114111) AND a.site = :site ORDER BY a.id
"""
_LIKE = """
SELECT a.id, a.title, a.published, a.url, a.first_seen
FROM article_stems s JOIN articles a ON a.id = s.id
WHERE s.title_key = :key AND a.site = :site ORDER BY a.id
"""
_FIRST_PAGE = "SELECT capture_id FROM revisions WHERE article_id = ? ORDER BY number LIMIT 1"
_PAIR = """
SELECT a.id, a.url, a.title, a.published FROM articles a WHERE {where} ORDER BY a.published, a.id
"""
# By nature different in two releases.
_OWN = frozenset({"url", "content_id", "page_id", "published", "published_raw", "modified"})


def note_corrections(archive: Archive, site: Site) -> int:
    """Tell anew which releases of a site correct which; returns how many do.

    It is told by the titles that are indexed for searching, so it costs nothing where a site has
    no such releases. What no longer fits, or fits two by now, is claimed no longer.
    """
    found = list(_prefixed(archive, site))
    if not found:
        return 0
    with archive.transaction() as db:
        return sum(_settle(db, archive, site, row, rest) for row, rest in found)


def _prefixed(archive: Archive, site: Site) -> Iterator[tuple[dict[str, Any], str]]:
    """The releases whose titles begin with a prefix of corrections, and the rest of each."""
    seen: set[int] = set()
    for key in {german.folded(prefix) for prefix in site.correction_prefixes} - {""}:
        for row in archive.rows(_PREFIXED, {"key": key, "site": site.key}):
            rest = without_prefix(row["title"], site.correction_prefixes)
            if rest and row["id"] not in seen:
                seen.add(row["id"])
                yield row, rest


def _settle(db: Database, archive: Archive, site: Site, row: dict[str, Any], rest: str) -> bool:
    like = archive.rows(_LIKE, {"key": german.folded(rest), "site": site.key})
    one = corrected(_titled(row), [_titled(other) for other in like])
    original = next((other for other in like if one and other["id"] == one.id), None)
    url = original["url"] if original else None
    if url != row["corrects"]:
        db.execute("UPDATE articles SET corrects = ? WHERE id = ?", [url, row["id"]])
    events = archive.rows(
        "SELECT id, article_id FROM events WHERE kind = ? AND detail = ?", (EVENT, row["url"])
    )
    for event in events:
        if original is None or event["article_id"] != original["id"]:
            db.execute("DELETE FROM events WHERE id = ?", [event["id"]])
    if original and all(event["article_id"] != original["id"] for event in events):
        at = max(row["first_seen"], original["first_seen"])
        page = archive.rows(_FIRST_PAGE, (row["id"],))
        capture_id = page[0]["capture_id"] if page else None
        note_event(db, original["id"], at, EVENT, row["url"], capture_id)
    return original is not None


def _titled(row: dict[str, Any]) -> Titled:
    return Titled(row["id"], row["title"], row["published"])


def corrections(archive: Archive, article_id: int) -> dict[str, Any]:
    """What a release corrects, and what corrects it.

    Returns:
        `corrects`: `id url title published changes`, or None; `corrected_by`: a list of the same,
        the oldest first. The changes are those from the corrected release to the correcting one,
        each with `field before after words`.
    """
    earlier = archive.rows(
        _PAIR.format(where="a.url = (SELECT corrects FROM articles WHERE id = ?)"), (article_id,)
    )
    later = archive.rows(
        _PAIR.format(where="a.corrects = (SELECT url FROM articles WHERE id = ?)"), (article_id,)
    )
    return {
        "corrects": (
            earlier[0] | {"changes": _changes(archive, earlier[0]["id"], article_id)}
            if earlier
            else None
        ),
        "corrected_by": [
            row | {"changes": _changes(archive, article_id, row["id"])} for row in later
        ],
    }


def correction_changes(archive: Archive, article_id: int, url: str) -> list[dict[str, Any]]:
    """What the release of an address says differently from the one that it corrects."""
    found = archive.rows("SELECT id FROM articles WHERE url = ?", (url,))
    return _changes(archive, article_id, found[0]["id"]) if found else []


def _changes(archive: Archive, before: int, after: int) -> list[dict[str, Any]]:
    records = [_record(archive, number) for number in (before, after)]
    return [asdict(change) for change in compare_versions(*records) if change.field not in _OWN]


def _record(archive: Archive, article_id: int) -> dict[str, Any]:
    rows = archive.rows(
        "SELECT record FROM revisions WHERE article_id = ? ORDER BY number DESC LIMIT 1",
        (article_id,),
    )
    return read_record(rows[0]["record"], f"article {article_id}") if rows else {}
