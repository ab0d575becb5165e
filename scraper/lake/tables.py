"""The tables of an extraction: those of `export`, by address and time of capture instead of ids."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any

from scraper.export.columns import TABLES as EXPORTED
from scraper.export.columns import Field, Table
from scraper.records import to_json
from scraper.text import word_count

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.records import Article, Capture

Row = tuple[Any, ...]

_URL = Field("article_url", "string", "Address of the release.", required=True)
_AT = Field("captured_at", "datetime", "When the page was captured.", required=True)
_CAPTURE = (
    _AT,
    Field("sha256", "string", "SHA-256 of the page's content, in hexadecimal.", required=True),
    Field("warc", "string", "The WARC file it stands in.", required=True),
    Field("warc_offset", "integer", "First byte of its record in that file.", required=True),
    Field("is_invented", "integer", "1 if the page says that it is one of the replica's, else 0."),
)
# What an archive knows, and a page does not.
_OF_ARCHIVE = frozenset(
    "id article_id site capture_id first_seen last_seen gone_at article_url article_title "
    "article_published corrects site_name".split()
)
_COMPUTED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "published_date": lambda record: (record["published"] or "")[:10] or None,
    "tags": lambda record: "; ".join(record["tags"]) or None,
    "word_count": lambda record: word_count(record["text"]),
}
_CHILDREN = ("images", "quotes", "tags", "links")


def _own(name: str, known: frozenset[str]) -> tuple[Field, ...]:
    fields = [each for each in EXPORTED[name].fields if each.name not in _OF_ARCHIVE]
    return tuple(
        dataclasses.replace(each, sql="") for each in fields if each.name in known | {"position"}
    )


def _tables() -> dict[str, Table]:
    names = _names_of_records()
    articles = _own("articles", names["articles"] | frozenset(_COMPUTED))
    tables = [
        Table("articles", "page of a release, as captured", "", "", (*articles, *_CAPTURE), ())
    ]
    for name in _CHILDREN:
        fields = (_URL, _AT, *_own(name, names[name]))
        tables.append(Table(name, EXPORTED[name].row_is, "", "", fields, ()))
    captures = (
        _URL,
        *_CAPTURE,
        Field("size", "integer", "Bytes of the content.", required=True),
        Field("error", "string", "Why it could not be read; empty if it could."),
    )
    tables.append(Table("captures", "page of a newsroom, read or not", "", "", captures, ()))
    return {table.name: table for table in tables}


def _names_of_records() -> dict[str, frozenset[str]]:
    from scraper import records

    kinds = {"images": records.Image, "quotes": records.Quote, "links": records.Link}
    names = {
        name: frozenset(field.name for field in dataclasses.fields(kind))
        for name, kind in kinds.items()
    }
    names["tags"] = frozenset({"tag"})
    names["articles"] = frozenset(field.name for field in dataclasses.fields(records.Article))
    return names


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where the record of a page stands."""

    warc: str
    offset: int
    is_invented: bool = False


def rows_of(article: Article, capture: Capture, place: Place) -> dict[str, list[Row]]:
    """The rows of one page, by table, in the order of the columns.

    Args:
        article: what was read in it.
        capture: the page.
        place: where its record stands.
    """
    record = to_json(article)
    facts = _facts(capture, place)
    whole = {**record, **{name: make(record) for name, make in _COMPUTED.items()}, **facts}
    rows = {"articles": [_row("articles", whole)]}
    shared = {"article_url": article.url, "captured_at": facts["captured_at"]}
    for name in _CHILDREN:
        items = [{"tag": each} if name == "tags" else each for each in record[name]]
        rows[name] = [
            _row(name, {**shared, "position": position, **item})
            for position, item in enumerate(items)
        ]
    rows["captures"] = [capture_row(article.url, capture, place)]
    return rows


def capture_row(url: str, capture: Capture, place: Place, error: str | None = None) -> Row:
    """The row of `captures` of a page, also of one that could not be read.

    Args:
        url: canonical address of the release.
        capture: the page.
        place: where its record stands.
        error: why it could not be read.
    """
    facts = _facts(capture, place)
    return _row(
        "captures", {"article_url": url, **facts, "size": len(capture.body), "error": error}
    )


def year_of(article: Article, capture: Capture) -> int:
    """The year of publication; of the capture where the page states none."""
    stated = (article.published or "")[:4]
    return int(stated) if stated.isdigit() else capture.fetched_at.year


def _facts(capture: Capture, place: Place) -> dict[str, Any]:
    return {
        "captured_at": capture.fetched_at.isoformat(),
        "sha256": hashlib.sha256(capture.body).hexdigest(),
        "warc": place.warc,
        "warc_offset": place.offset,
        "is_invented": int(place.is_invented),
    }


def _row(table: str, values: dict[str, Any]) -> Row:
    return tuple(values.get(field.name) for field in TABLES[table].fields)


TABLES: dict[str, Table] = _tables()
"""By name. Every table is in folders `site=KEY/year=YYYY`, which are columns to those who read."""
