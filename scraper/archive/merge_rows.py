"""Bringing the rows of another archive in, once its captures have numbers here.

Releases are found again by their addresses, former ones too, or by content id and headline. All of
it is one transaction of the caller.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.archive.files import READ, release_text
from scraper.archive.merge_history import Source, add_release, merge_release
from scraper.archive.store import insert_row
from scraper.archive.tombstones import erased, take_tombstones
from scraper.decide.twin import is_twin

if TYPE_CHECKING:
    from scraper.archive.connection import Archive
    from scraper.archive.database import Database

_NAMED_HERE = """
SELECT id FROM articles WHERE url = :url
UNION ALL SELECT id FROM articles WHERE url IN (SELECT value FROM json_each(:urls)) AND url <> :url
UNION ALL SELECT article_id FROM candidates WHERE article_id IS NOT NULL
  AND url IN (SELECT value FROM json_each(:urls))
"""
_SAME_CONTENT = """
SELECT id, url FROM articles WHERE site = :site AND content_id = :content_id
AND (title = :title OR published IS :published) ORDER BY id
"""
_OF_A_RUN = ("listed_in", "tried_in")
_FILL = ("published", "district", "fetch_url", "listed", "alias_of", "article_id", "last_checked")


class MergedRows:
    """Brings rows in; tells what it did.

    Args:
        archive: where.
        db: of it, inside a transaction.
        source: where the rows come from.
    """

    def __init__(self, archive: Archive, db: Database, source: Source) -> None:
        self._archive = archive
        self._db = db
        self._source = source
        self._other = source.archive
        self._numbers: dict[int, int] = {}  # articles.id there → here
        self.newsrooms: list[str] = []
        """Keys of those that are new here."""
        self.added: dict[str, int] = {}
        """How many releases are new here, by newsroom."""
        self.changed: dict[str, int] = {}
        """How many that were here have got versions, events or times."""
        self.same: dict[str, int] = {}
        """How many stay as they are."""
        self.forgotten: list[dict[str, Any]] = []
        """`address day reason` of releases that are here, and were erased there."""

    def run(self) -> None:
        """Bring all in."""
        self._sites()
        self._releases()
        self._candidates()
        self._pictures()
        self._files()
        self.forgotten = take_tombstones(self._archive, self._other)

    def _conflict(self, name: str, what: str) -> None:
        self._source.conflicts.append((name, what))

    # --- newsrooms and releases -------------------------------------------------------------------

    def _sites(self) -> None:
        for row in self._other.rows("SELECT * FROM sites ORDER BY key"):
            own = self._archive.rows("SELECT * FROM sites WHERE key = ?", (row["key"],))
            if not own:
                insert_row(self._db, "sites", row)
                self.newsrooms.append(row["key"])
            elif own[0]["file"] != row["file"] and row["file"]:
                self._conflict(row["key"], "its file of facts differs; the one here stays")

    def _releases(self) -> None:
        there: dict[int, str] = {}
        sql = "SELECT id, url, site, content_id, title, published FROM articles ORDER BY id"
        for row in self._other.rows(sql):
            if not self._other.rows(
                "SELECT 1 FROM revisions WHERE article_id = ? LIMIT 1", (row["id"],)
            ):
                self._conflict(row["url"], "it has no version there, and was left out")
                continue
            article_id = self._find(row)
            if article_id is None:
                article_id = add_release(self._archive, self._db, self._source, row["id"])
                figures = self.added
            elif merge_release(self._archive, self._db, self._source, article_id, row["id"]):
                figures = self.changed
            else:
                figures = self.same
            figures[row["site"]] = figures.get(row["site"], 0) + 1
            if article_id in there:
                self._conflict(row["url"], f"it is another release there than {there[article_id]}")
            there.setdefault(article_id, row["url"])
            self._numbers[row["id"]] = article_id

    def _find(self, row: dict[str, Any]) -> int | None:
        """The release here that one of the other archive is."""
        sql = "SELECT url FROM candidates WHERE article_id = ? ORDER BY rowid"
        addresses = [each["url"] for each in self._other.rows(sql, (row["id"],))]
        named = {"url": row["url"], "urls": json.dumps([row["url"], *addresses])}
        found = [each["id"] for each in self._archive.rows(_NAMED_HERE, named)]
        found = list(dict.fromkeys(found)) or self._same_content(row)
        if not found:
            return None
        own = self._archive.rows(
            "SELECT url, site FROM articles WHERE id IN (SELECT value FROM json_each(?)) "
            "ORDER BY id <> ?",
            (json.dumps(found), found[0]),
        )
        if own[0]["site"] != row["site"]:
            self._conflict(
                row["url"],
                f"it is filed under {row['site']} there, under {own[0]['site']} here, which stays",
            )
        for each in own[1:]:
            self._conflict(row["url"], f"it is the same release there as {each['url']}, here not")
        return int(found[0])

    def _same_content(self, row: dict[str, Any]) -> list[int]:
        """Releases of the same content id that the other archive does not know apart from it."""
        return [
            each["id"]
            for each in self._archive.rows(_SAME_CONTENT, row)
            if not self._other.rows("SELECT 1 FROM articles WHERE url = ?", (each["url"],))
        ]

    # --- the crawl's memory, pictures -------------------------------------------------------------

    def _candidates(self) -> None:
        rows = self._other.rows("SELECT * FROM candidates ORDER BY rowid")
        gone = erased(self._archive, (row["url"] for row in rows))
        for row in rows:
            if row["url"] in gone:
                continue
            row |= dict.fromkeys(_OF_A_RUN)
            row["article_id"] = self._numbers.get(row["article_id"])
            own = self._archive.rows("SELECT * FROM candidates WHERE url = ?", (row["url"],))
            if not own:
                insert_row(self._db, "candidates", row)
                continue
            values = {
                name: own[0][name] if own[0][name] is not None else row[name] for name in _FILL
            }
            values["first_listed"] = min(own[0]["first_listed"], row["first_listed"])
            values = {name: value for name, value in values.items() if own[0][name] != value}
            self._set("candidates", "url", row["url"], values)

    def _set(self, table: str, key: str, value: Any, values: dict[str, Any]) -> None:
        if values:
            assignments = ", ".join(f"{name} = :{name}" for name in values)
            self._db.execute(
                f"UPDATE {table} SET {assignments} WHERE {key} = :_key", values | {"_key": value}
            )

    def _pictures(self) -> None:
        for row in self._other.rows("SELECT * FROM pictures ORDER BY rowid"):
            capture_id = row["capture_id"]
            row["capture_id"] = self._source.captures.get(capture_id) if capture_id else None
            own = self._archive.rows("SELECT * FROM pictures WHERE src = ?", (row["src"],))
            if not own:
                insert_row(self._db, "pictures", row)
            elif own[0]["capture_id"] is None and row["capture_id"] is not None:
                self._set("pictures", "src", row["src"], row)

    # --- attached files ---------------------------------------------------------------------------

    def _files(self) -> None:
        for row in self._other.rows("SELECT * FROM files ORDER BY rowid"):
            if not self._archive.rows("SELECT 1 FROM files WHERE url = ?", (row["url"],)):
                insert_row(self._db, "files", row)
        for row in self._other.rows("SELECT DISTINCT url FROM file_versions ORDER BY 1"):
            self._file_versions(row["url"])
        for row in self._other.rows(
            "SELECT DISTINCT url FROM attachments WHERE reason IS NOT NULL OR sha256 IS NOT NULL"
        ):
            self._fill(row["url"])

    def _file_versions(self, url: str) -> None:
        """What was found at an address, by both: one row for each content in a row."""
        sql = (
            "SELECT v.url, v.capture_id, v.first_seen, v.last_seen, c.sha256 FROM file_versions v "
            "JOIN captures c ON c.id = v.capture_id WHERE v.url = ? ORDER BY v.id"
        )
        own, theirs = self._archive.rows(sql, (url,)), self._other.rows(sql, (url,))
        for row in theirs:
            row["capture_id"] = self._source.captures[row["capture_id"]]
        found: list[dict[str, Any]] = []
        for row in sorted((*own, *theirs), key=lambda row: (row["first_seen"], row["last_seen"])):
            if found and found[-1]["sha256"] == row["sha256"]:
                found[-1] |= {"last_seen": max(found[-1]["last_seen"], row["last_seen"])}
            else:
                found.append(dict(row))
        if found == own:
            return
        self._db.execute("DELETE FROM file_versions WHERE url = ?", [url])
        for row in found:
            del row["sha256"]
            insert_row(self._db, "file_versions", row)

    def _fill(self, url: str) -> None:
        """Tell the releases that have a file what is in the newest one, as either archive read it.

        Without any file, they are told why there is none.
        """
        newest = self._archive.rows(
            "SELECT v.capture_id, c.sha256 FROM file_versions v JOIN captures c "
            "ON c.id = v.capture_id WHERE v.url = ? ORDER BY v.id DESC LIMIT 1",
            (url,),
        )
        sha256 = newest[0]["sha256"] if newest else None
        sql = f"SELECT {', '.join(READ)} FROM attachments WHERE url = ? AND sha256 IS ? LIMIT 1"
        read = self._archive.rows(sql, (url, sha256)) if sha256 else []
        read = read or self._other.rows(sql, (url, sha256))
        if not read:
            return
        values = read[0] | {"capture_id": newest[0]["capture_id"] if newest else None}
        for row in self._archive.rows(
            "SELECT t.*, a.title AS a_title, a.text AS a_text FROM attachments t "
            "JOIN articles a ON a.id = t.article_id WHERE t.url = ?",
            (url,),
        ):
            told = release_text({"title": row["a_title"], "text": row["a_text"]})
            wanted = values | {"is_twin": int(is_twin(told, values["text"]))}
            if sha256 is None and row["reason"] is not None:
                continue
            self._set(
                "attachments",
                "id",
                row["id"],
                {name: value for name, value in wanted.items() if row[name] != value},
            )
