"""An archive as researchers read it: search, releases, quotations, history, raw pages."""

from __future__ import annotations

import dataclasses
import os
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from scraper.archive import Archive as Stored
from scraper.archive import changes as events
from scraper.archive import history as lives
from scraper.archive.cities import chosen_cities
from scraper.archive.read import find_article_id, read_capture
from scraper.archive.search import articles as searching
from scraper.archive.search.filters import Filters
from scraper.archive.search.quotations import search_quotes
from scraper.archive.sql import read_only_query
from scraper.dates import parse_cli_date
from scraper.errors import UsageError
from scraper.export.columns import TABLES, Field
from scraper.export.tables import records
from scraper.export.tables import rows as table_rows
from scraper.public.records import Change, Hit, StoredArticle, StoredQuote
from scraper.public.rows import Rows
from scraper.records import article_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.records import Capture

Day = date | str | None
"""A day: a `date`, or as on the command line `2026-01-31`, `31.1.2026`, or an age such as `7d`."""
Sites = str | list[str] | tuple[str, ...] | None
"""Key of a city, or several."""


class Archive:
    """An archive, opened for reading. Use as a context manager, or `close` it.

    An archive of an older version is upgraded first; otherwise nothing is ever written.

    Args:
        directory: that holds `newsroom.db` and `warc/`; `NEWSROOM_DATA`, else `data`, if None.

    Raises:
        ArchiveError: there is no archive, or it cannot be read.
    """

    def __init__(self, directory: str | Path | None = None) -> None:
        self.directory = Path(directory or os.environ.get("NEWSROOM_DATA") or "data")
        self._stored = Stored.open_existing(self.directory)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Archive({str(self.directory)!r})"

    def __len__(self) -> int:
        return int(self._stored.rows("SELECT count(*) AS n FROM articles")[0]["n"])

    def close(self) -> None:
        """Close the database."""
        self._stored.close()

    def search(
        self,
        query: str,
        *,
        site: Sites = None,
        since: Day = None,
        until: Day = None,
        tag: str | None = None,
        district: str | None = None,
        speaker: str | None = None,
        sort: Literal["relevance", "date"] = "relevance",
        limit: int = 20,
    ) -> Rows[Hit]:
        """Releases with all words of a query, in any inflection or as parts of compounds.

        Args:
            query: as on the command line: `"…"` a phrase, `-word` without, `OR`, `title:word`.
            site: only of these cities.
            since: first day of publication.
            until: last day of publication.
            tag: only with this tag.
            district: only of this district.
            speaker: only where this person speaks.
            sort: best match first, or newest first.
            limit: at most so many.

        Raises:
            UsageError: the query has no word to look for, or a filter is not one.
        """
        filters = self._filters(site, since, until, tag, district, speaker)

        def found() -> Iterator[dict[str, Any]]:
            hits = searching.search(self._stored, query, filters, sort=sort, limit=limit)
            yield from map(searching.row_as_json, hits)

        return _rows(Hit, found)

    def count(self, query: str, **filters: Any) -> int:
        """How many releases `search` finds without a limit; takes its filters."""
        return searching.count_matches(self._stored, query, self._filters(**filters))

    def articles(
        self,
        *,
        site: Sites = None,
        since: Day = None,
        until: Day = None,
        tag: str | None = None,
        district: str | None = None,
        speaker: str | None = None,
    ) -> Rows[StoredArticle]:
        """Releases as last seen, in the order in which they came into the archive.

        Args:
            site: only of these cities.
            since: first day of publication.
            until: last day of publication.
            tag: only with this tag.
            district: only of this district.
            speaker: only where this person speaks.
        """
        filters = self._filters(site, since, until, tag, district, speaker)
        table = TABLES["articles"]
        return Rows(
            lambda: map(_stored_article, records(self._stored, filters)),
            lambda: table_rows(self._stored, table, filters),
            table.fields,
        )

    def article(self, reference: int | str) -> StoredArticle:
        """One release, by its number, address or content id.

        Raises:
            UsageError: the archive has no such release.
        """
        article_id = find_article_id(self._stored, str(reference))
        return next(map(_stored_article, records(self._stored, Filters(), article_id=article_id)))

    def quotes(
        self,
        query: str | None = None,
        *,
        speaker: str | None = None,
        kind: str | Iterable[str] = (),
        site: Sites = None,
        since: Day = None,
        until: Day = None,
    ) -> Rows[StoredQuote]:
        """Who said what.

        Args:
            query: words of the quotation, the speaker or their office; the best match comes first.
                Without one all come, the newest first.
            speaker: any part of the name.
            kind: `prose`, `block`, `indirect`; one or several. What is `indirect` is nobody's own
                words, but a sentence of the release that reports what somebody said.
            site: only of these cities.
            since: first day of publication.
            until: last day of publication.
        """
        kinds = [kind] if isinstance(kind, str) else list(kind)

        def found() -> Iterator[dict[str, Any]]:
            for row in search_quotes(
                self._stored,
                query,
                speaker=speaker,
                kinds=kinds,  # type: ignore[arg-type]  # an unknown kind has no rows
                since=_day(since),
                until=_day(until, is_last=True),
                sites=self._sites(site),
            ):
                for name in ("url", "title", "published"):
                    row[f"article_{name}"] = row.pop(name)
                for name in ("start", "end"):
                    row[name] = row.pop(f"{name}_offset")
                yield row

        return _rows(StoredQuote, found)

    def changes(self, *, since: Day = "7d", until: Day = None, site: Sites = None) -> Rows[Change]:
        """What was edited, moved, taken down, put back, corrected; the latest first.

        Args:
            since: first day on which it happened.
            until: last day on which it happened.
            site: only of these cities.
        """
        filters = self._filters(site, since, until)
        return _rows(Change, lambda: iter(events.changes(self._stored, filters)))

    def history(self, reference: int | str) -> dict[str, Any]:
        """The versions of a release and what happened to it, oldest first.

        Args:
            reference: its number, address or content id.

        Returns:
            `id url title online first_seen last_seen gone_at corrects corrected_by`, `events` (`at
            kind detail evidence`) and `versions` (`number first_seen last_seen parser evidence
            changes`). A change has `field before after words`; `evidence` is the response that
            shows it: `capture_id fetched_at status sha256 warc_file warc_offset`.
        """
        return lives.history(self._stored, find_article_id(self._stored, str(reference)))

    def capture(self, reference: int | str) -> Capture:
        """The page that the present text of a release was first seen on, as it came.

        Args:
            reference: number, address or content id of the release.

        Returns:
            `url body fetched_at status headers`; the body is the content, its charset untouched.
        """
        return read_capture(self._stored, find_article_id(self._stored, str(reference)))

    def sql(self, query: str, *, timeout_seconds: float = 30.0) -> list[dict[str, Any]]:
        """The rows of one statement that reads; the tables stand in `docs/schema.md`.

        Raises:
            UsageError: the statement is wrong, wants to write, or takes too long.
        """
        with read_only_query(self._stored, query, timeout_seconds) as (columns, rows):
            return [dict(zip(columns, row, strict=True)) for row in rows]

    def _filters(
        self,
        site: Sites = None,
        since: Day = None,
        until: Day = None,
        tag: str | None = None,
        district: str | None = None,
        speaker: str | None = None,
    ) -> Filters:
        return Filters(
            _day(since), _day(until, is_last=True), tag, district, speaker, sites=self._sites(site)
        )

    def _sites(self, site: Sites) -> tuple[str, ...]:
        named = [site] if isinstance(site, str) else site or ()
        return chosen_cities(self._stored, named)


def _day(day: Day, *, is_last: bool = False) -> date | None:
    if not isinstance(day, str):
        return day.date() if isinstance(day, datetime) else day
    found = parse_cli_date(day, datetime.now().astimezone().date(), is_last=is_last)
    if found is None:
        raise UsageError(f"{day!r} is not a day. Write 2026-01-31, 31.1.2026, or 7d, 6w, 3m, 1y.")
    return found


def _stored_article(row: dict[str, Any]) -> StoredArticle:
    article = article_from_json(row)
    facts = {field.name: getattr(article, field.name) for field in dataclasses.fields(article)}
    for name in ("id", "site_name", "word_count"):
        facts[name] = row[name]
    for name in ("first_seen", "last_seen", "gone_at"):
        facts[name] = datetime.fromisoformat(row[name]) if row[name] else None
    return StoredArticle(**facts)


def _rows(kind: Any, found: Any) -> Rows[Any]:
    """Rows of a small record; its fields are the columns."""
    names = [field.name for field in dataclasses.fields(kind)]
    types = dict.fromkeys(("id", "article_id", "start", "end"), "integer") | {"at": "datetime"}
    fields = [Field(name, types.get(name, "string"), "") for name in names]  # type: ignore[arg-type]

    def record(row: dict[str, Any]) -> Any:
        values: dict[str, Any] = {name: row.get(name) for name in names}
        if "at" in values:
            values["at"] = datetime.fromisoformat(values["at"])
        if "fields" in values:
            values["fields"] = tuple(values["fields"])
        return kind(**values)

    def flat(row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(
            ", ".join(row[name]) if isinstance(row.get(name), list) else row.get(name)
            for name in names
        )

    return Rows(lambda: map(record, found()), lambda: map(flat, found()), fields)
