"""A Frictionless data package: all tables as CSV, what they mean, and how complete they are.

The same archive gives the same bytes: nothing in the file depends on when or where it was made.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from scraper import __version__
from scraper.archive.runs import is_invented
from scraper.archive.search.filters import Filters
from scraper.export.city import city
from scraper.export.columns import COMPLETENESS, TABLES
from scraper.export.delimited import write_csv
from scraper.export.readme import readme
from scraper.export.tables import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.archive import Archive
    from scraper.export.columns import Field, Table
    from scraper.export.files import Sink
    from scraper.export.tables import Row

# The oldest time that a ZIP file can hold.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TYPES: dict[str, dict[str, str]] = {
    "datetime": {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"},
    "moment": {"type": "string"},
}
# All of it, so that no reader has to guess.
_DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "header": True,
}
LICENCE_NOTE = (
    "The releases belong to the city and their authors; pictures mostly belong to photographers, "
    "whose credits are in images.csv. This package grants no licence: ask before republishing."
)
CELLS_NOTE = (
    "Cells that a spreadsheet would take for a formula have an apostrophe in front, as has what "
    "looks like one behind a separator or a line break within; control characters are U+FFFD."
)
_INVENTED = "These are invented releases of a replica, for trying the program out."


@dataclass
class _Facts:
    """What is learnt while the tables go by."""

    first_day: str | None = None
    last_day: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    completeness: list[Row] = field(default_factory=list)

    def watched(self, table: Table, found: Iterable[Row]) -> Iterator[Row]:
        """The rows of a table, looked at in passing."""
        place = table.columns.index("published_date") if table.name == "articles" else None
        for row in found:
            if place is not None and row[place]:
                day = row[place].decode()
                self.first_day = min(self.first_day or day, day)
                self.last_day = max(self.last_day or day, day)
            if table is COMPLETENESS:
                cells = (cell.decode() if isinstance(cell, bytes) else cell for cell in row)
                self.completeness.append(tuple(cells))
            yield row


class _Measured:
    """Passes bytes on, with their number and SHA-256."""

    def __init__(self, file: Sink) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self._digest.update(data)
        return self._file.write(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def write_package(file: BinaryIO, archive: Archive, filters: Filters, *, raw: bool = False) -> int:
    """A zipped data package of the releases that the filters leave; returns how many there are.

    Every table is of the same moment, even while a crawl is running.

    Args:
        file: where to; need not be seekable.
        archive: where from.
        filters: which releases. The statement of completeness is of the whole archive.
        raw: leave cells as they are, see `scraper.export.delimited`.

    Raises:
        UsageError: a filter is empty.
        ArchiveError: the archive cannot be read.
    """
    facts = _Facts()
    resources = []
    with (
        archive.snapshot(),
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle,
    ):
        for table in (*TABLES.values(), COMPLETENESS):
            chosen = Filters() if table is COMPLETENESS else filters
            found = rows(archive, table, chosen, own_speaker=False, encoded=True)
            path = f"data/{table.name}.csv"
            with _member(bundle, path) as member:
                measured = _Measured(member)
                watched = facts.watched(table, found)
                count = write_csv(measured, table.columns, watched, raw=raw)
            facts.counts[table.name] = count
            resources.append(_resource(table, path, count, measured))
        descriptor = {
            **_description(archive, facts, filters, raw=raw),
            "resources": resources,
        }
        with _member(bundle, "datapackage.json") as member:
            member.write(json.dumps(descriptor, ensure_ascii=False, indent=2).encode() + b"\n")
        with _member(bundle, "README.md") as member:
            member.write(readme(descriptor, facts.completeness).encode())
    return facts.counts["articles"]


@contextmanager
def _member(bundle: zipfile.ZipFile, name: str) -> Iterator[Sink]:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3  # with Unix permissions, wherever it is made
    info.external_attr = 0o644 << 16
    with bundle.open(info, "w", force_zip64=True) as member:
        yield member


def _description(archive: Archive, facts: _Facts, filters: Filters, *, raw: bool) -> dict[str, Any]:
    keys = [row["site"] for row in archive.rows(_SITES)]
    keys = [key for key in keys if not filters.sites or key in filters.sites]
    sources = [_source(archive, key) for key in keys]
    names = ", ".join(source["title"] for source in sources) or "no city yet"
    totals = {
        name: sum(row[place] for row in facts.completeness)
        for place, (name, kind) in enumerate((it.name, it.type) for it in COMPLETENESS.fields)
        if kind == "integer"
    }
    notes = [
        f"What {names} published as press releases, as archived by newsroom-archive.",
        *([_INVENTED] if is_invented(archive) else []),
        *([] if raw else [CELLS_NOTE]),
    ]
    chosen = {
        name: str(value)
        for name in ("since", "until", "tag", "district", "speaker")
        if (value := getattr(filters, name)) is not None
    }
    if filters.sites:
        chosen["site"] = ", ".join(filters.sites)
    return {
        "profile": "tabular-data-package",
        "name": "-".join([*keys, "newsroom"]),
        "title": f"Press releases: {names}",
        "description": " ".join(notes),
        "sources": sources,
        "licenseNote": LICENCE_NOTE,
        "temporal": {"start": facts.first_day, "end": facts.last_day},
        "asOf": archive.rows(_AS_OF)[0]["at"],
        "selection": chosen,
        "generator": f"newsroom-archive {__version__}",
        "counts": facts.counts,
        "completeness": totals,
    }


_SITES = "SELECT site FROM articles UNION SELECT site FROM candidates ORDER BY site"
_AS_OF = """
SELECT max(at) AS at FROM (
  SELECT max(last_seen) AS at FROM articles UNION ALL SELECT max(at) FROM events
  UNION ALL SELECT max(fetched_at) FROM captures UNION ALL SELECT max(finished_at) FROM runs
)
"""


def _source(archive: Archive, key: str) -> dict[str, str]:
    found = city(archive, key)
    return {"title": found.name} | ({"path": found.newsroom} if found.newsroom else {})


def _resource(table: Table, path: str, count: int, measured: _Measured) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path,
        "title": table.name.capitalize(),
        "description": f"One row per {table.row_is}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": _DIALECT,
        "bytes": measured.size,
        "hash": f"sha256:{measured.sha256}",
        "rows": count,
        "schema": {
            "fields": [_field(field) for field in table.fields],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": [column],
                    # "" is the table itself.
                    "reference": {
                        "resource": "" if other == table.name else other,
                        "fields": ["id"],
                    },
                }
                for column, other in table.references
            ],
        },
    }


def _field(column: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.values:
        constraints["enum"] = list(column.values)
    return {
        "name": column.name,
        **_TYPES.get(column.type, {"type": column.type}),
        "description": column.description,
        **({"constraints": constraints} if constraints else {}),
    }
