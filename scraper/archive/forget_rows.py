"""Erasing releases from the tables, and their teasers from the records of others."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from scraper import urls
from scraper.archive.evidence import capture_of
from scraper.archive.search.index import rebuild
from scraper.archive.store import article_row, write_children
from scraper.text import is_distinctive
from scraper.text.blackening import blackening

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlite_utils import Database

    from scraper.archive.connection import Archive
    from scraper.archive.forget_plan import Plan


def erase_rows(archive: Archive, plans: Collection[Plan]) -> None:
    """Erase releases from all tables, in one transaction; once more it does nothing.

    What `articles` and `revisions` of other releases keep is their fingerprint: the next crawl
    must not take what was erased for the city's edit, and bring it back.
    """
    clean = cleaner(
        {url for plan in plans for url in plan.addresses},
        [title for plan in plans for title in plan.titles],
        {name for plan in plans for name in plan.names},
    )
    with archive.transaction() as db:
        for plan in plans:
            _keep_what_others_need(archive, db, plan)
            _erase(db, plan)
        _clean_records(archive, db, clean)
        _clean_runs(archive, db, clean)
        rebuild(db)


def cleaner(
    addresses: set[str], titles: Collection[str], names: Collection[str] = ()
) -> Callable[[Any], Any]:
    """A function that takes teasers, links, headlines and names out of a value of JSON."""
    black = blackening((*filter(is_distinctive, titles), *names))
    named = blackening(tuple(names))

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return black(value)
        if isinstance(value, dict):
            return {name: clean(item) for name, item in value.items()}
        if isinstance(value, list):
            return [clean(item) for item in value if not leads_there(item)]
        return value

    def leads_there(item: Any) -> bool:
        if isinstance(item, dict):
            url = item.get("url")
            return isinstance(url, str) and (urls.is_one_of(url, addresses) or named.is_in(url))
        # A failure of a run: address and reason.
        return isinstance(item, list) and bool(item) and item[0] in addresses

    return clean


def _keep_what_others_need(archive: Archive, db: Database, plan: Plan) -> None:
    """Captures that stay, and whose body is in a record that goes: the body into the database."""
    for row in archive.rows(_DEPENDENT, {"ids": json.dumps(plan.captures)}):
        body_into_database(archive, db, row)


_DEPENDENT = """
SELECT * FROM captures WHERE refers_to IN (SELECT value FROM json_each(:ids))
AND id NOT IN (SELECT value FROM json_each(:ids))
"""


def body_into_database(archive: Archive, db: Database, row: dict[str, Any]) -> None:
    """Have a capture hold its page itself, with no record in a WARC file."""
    body = gzip.compress(capture_of(archive, row).body, 6, mtime=0)
    db.execute(
        "UPDATE captures SET body = ?, refers_to = NULL, warc_file = NULL, warc_offset = NULL, "
        "warc_length = NULL WHERE id = ?",
        [body, row["id"]],
    )


def _erase(db: Database, plan: Plan) -> None:
    values = {
        "id": plan.article,
        "urls": json.dumps(plan.addresses),
        "sources": json.dumps(plan.sources),
        "captures": json.dumps(plan.captures),
    }
    for sql in _ERASE:
        db.execute(sql, values)


_URLS = "(SELECT value FROM json_each(:urls))"
_SOURCES = "(SELECT value FROM json_each(:sources))"
_IDS = "(SELECT value FROM json_each(:captures))"
_ERASE = (
    "DELETE FROM articles WHERE id = :id",
    f"DELETE FROM candidates WHERE url IN {_URLS} OR alias_of IN {_URLS}",
    f"UPDATE articles SET corrects = NULL WHERE corrects IN {_URLS}",
    f"DELETE FROM over_budget WHERE url IN {_URLS}",
    f"DELETE FROM pictures WHERE src IN {_SOURCES}",
    f"DELETE FROM file_versions WHERE url IN {_SOURCES}",
    f"DELETE FROM files WHERE url IN {_SOURCES}",
    f"UPDATE captures SET refers_to = NULL WHERE id IN {_IDS}",
    f"DELETE FROM captures WHERE id IN {_IDS}",
)


def _clean_records(archive: Archive, db: Database, clean: Callable[[Any], Any]) -> None:
    rows = archive.rows("SELECT id, article_id, number FROM revisions ORDER BY id")
    newest = {row["article_id"]: 0 for row in rows}
    for row in rows:
        newest[row["article_id"]] = max(newest[row["article_id"]], row["number"])
    for row in rows:
        sql = "SELECT record FROM revisions WHERE id = ?"
        record = json.loads(archive.rows(sql, (row["id"],))[0]["record"])
        cleaned = clean(record)
        if cleaned == record:
            continue
        db.execute(
            "UPDATE revisions SET record = ? WHERE id = ?",
            [json.dumps(cleaned, ensure_ascii=False), row["id"]],
        )
        if row["number"] == newest[row["article_id"]]:
            _show(db, row["article_id"], cleaned)
    _clean_columns(archive, db, clean)


def _show(db: Database, article_id: int, record: dict[str, Any]) -> None:
    """Have a release's own rows say what its newest record says."""
    values = article_row(record)
    del values["url"], values["parser"]
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    db.execute(f"UPDATE articles SET {assignments} WHERE id = :id", values | {"id": article_id})
    write_children(db, article_id, record)


# What no record has: texts of attached files, titles that a listing gave, reasons.
_COLUMNS = (
    ("attachments", "id", "text"),
    ("attachments", "id", "reason"),
    ("candidates", "rowid", "listed"),
    ("candidates", "rowid", "error"),
    ("captures", "id", "error"),
    ("events", "id", "detail"),
)


def _clean_columns(archive: Archive, db: Database, clean: Callable[[Any], Any]) -> None:
    for table, key, column in _COLUMNS:
        sql = f"SELECT {key} AS key, {column} AS value FROM {table} WHERE {column} IS NOT NULL"
        for row in archive.rows(sql):
            cleaned = clean(row["value"])
            if cleaned != row["value"]:
                db.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {key} = ?", [cleaned, row["key"]]
                )


def _clean_runs(archive: Archive, db: Database, clean: Callable[[Any], Any]) -> None:
    """Runs name the pages that failed, and say what looked unhealthy."""
    for row in archive.rows("SELECT id, warnings, failures, findings FROM runs"):
        for name in ("warnings", "failures", "findings"):
            if row[name] is None:
                continue
            value = json.loads(row[name])
            cleaned = clean(value)
            if cleaned != value:
                text = json.dumps(cleaned, ensure_ascii=False)
                db.execute(f"UPDATE runs SET {name} = ? WHERE id = ?", [text, row["id"]])
