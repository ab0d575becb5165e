"""The history of an article: its versions, its events, and whether it is still online."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scraper.archive.corrections import corrections
from scraper.archive.followed import registry_of
from scraper.archive.read import read_record
from scraper.decide.compare import compare_versions

if TYPE_CHECKING:
    from scraper.archive.connection import Archive


_EVIDENCE_COLUMNS = (
    *("capture_id", "fetched_at", "status", "sha256", "warc_file", "warc_offset"),
    "web_archive",
)
_EVIDENCE = (
    "c.id AS capture_id, c.fetched_at, c.status, c.sha256, c.warc_file, c.warc_offset, "
    "(SELECT p.url FROM provenance p WHERE p.capture_id = c.id) AS web_archive"
)


def history(archive: Archive, article_id: int) -> dict[str, Any]:
    """What happened to an article, oldest first.

    Returns:
        `id url title online first_seen last_seen gone_at`, `corrects` and `corrected_by` (see
        `scraper.archive.corrections.corrections`), then `events` (`at kind detail
        evidence`) and `versions` (`number first_seen last_seen parser evidence changes`); the
        changes of a version are those against the one before, each with `field before after
        words`. `evidence` is the response that shows it: `capture_id fetched_at status sha256
        warc_file warc_offset web_archive`, the last of which is the address in a web archive that
        it was taken from, None if it was from none; None if there is no response.
    """
    article = archive.rows(
        "SELECT id, url, title, gone_at IS NULL AS online, first_seen, last_seen, gone_at, site "
        "FROM articles WHERE id = ?",
        (article_id,),
    )[0]
    site = registry_of(archive).known(article.pop("site"))
    # An address that a relaunch has put out of use is not online, though no crawl has seen it go.
    retired = site is not None and site.is_retired(article["url"])
    article["online"] = bool(article["online"]) and not retired
    events = archive.rows(
        f"SELECT e.at, e.kind, e.detail, {_EVIDENCE} FROM events e "
        "LEFT JOIN captures c ON c.id = e.capture_id WHERE e.article_id = ? ORDER BY e.at, e.id",
        (article_id,),
    )
    events = [_with_evidence(event) for event in events]
    return {
        **article,
        **corrections(archive, article_id),
        "events": events,
        "versions": _versions(archive, article_id),
    }


def _versions(archive: Archive, article_id: int) -> list[dict[str, Any]]:
    rows = archive.rows(
        f"SELECT r.number, r.first_seen, r.last_seen, r.parser, {_EVIDENCE}, r.record "
        "FROM revisions r LEFT JOIN captures c ON c.id = r.capture_id "
        "WHERE r.article_id = ? ORDER BY r.number",
        (article_id,),
    )
    before: dict[str, Any] | None = None
    versions = []
    for row in rows:
        record = read_record(row.pop("record"), f"article {article_id}")
        changes = compare_versions(before, record) if before is not None else []
        versions.append({**_with_evidence(row), "changes": [asdict(change) for change in changes]})
        before = record
    return versions


def _with_evidence(row: dict[str, Any]) -> dict[str, Any]:
    evidence = {name: row.pop(name) for name in _EVIDENCE_COLUMNS}
    return {**row, "evidence": evidence if evidence["capture_id"] is not None else None}
