"""What verbs find, as tables: hits of a search, quotations, people, changes, comparisons, SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.export.columns import TABLES, Field, Table, Type
from scraper.export.request import Exported, Format
from scraper.export.table_files import write_document, write_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scraper.export.table_files import Form
    from scraper.export.tables import Row


@dataclass(frozen=True, slots=True)
class Result:
    """What a verb has found. Rows and documents may be iterators, of which one is read."""

    table: Table
    rows: Iterable[Row]
    """In the order of the table's columns."""
    documents: Iterable[dict[str, Any]]
    """The same as `--json` has it."""
    whole: Any = None
    """The one JSON document, if it is not an array of the documents."""


def write_result(result: Result, output: str, form: Form) -> Exported:
    """Write a result.

    Args:
        result: what was found.
        output: path, or `-` for standard output.
        form: how.

    Raises:
        UsageError: it cannot be written there, or a library is missing.
        ArchiveError: the disk is full.
    """
    if form.format is Format.json and result.whole is not None:
        write_document(output, form, result.whole)
        return Exported(sum(1 for _row in result.rows))
    return write_table(output, form, result.table, result.rows, result.documents)


def result(
    name: str, rows: list[dict[str, Any]], documents: list[dict[str, Any]] | None = None
) -> Result:
    """Rows of a verb as a result.

    Args:
        name: of one of `RESULTS`.
        rows: each with a value for every column; of a list, the values are joined by `; `.
        documents: as `--json` has them, if otherwise.
    """
    table = RESULTS[name]
    cells = (tuple(_cell(row[column]) for column in table.columns) for row in rows)
    return Result(table, cells, rows if documents is None else documents)


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(value)
    return int(value) if isinstance(value, bool) else value


def hits(rows: list[dict[str, Any]], documents: list[dict[str, Any]]) -> Result:
    """Rows of a search, whose attached file is an object.

    Args:
        rows: as `scraper.archive.search.found.find` gives them.
        documents: the same for JSON.
    """
    flat = []
    for row in rows:
        file = row["attachment"] or {}
        names = {f"attachment_{name}": file.get(name) for name in ("url", "title", "page")}
        flat.append({**row, **names, "snippet": row["snippet"].text})
    return result("search", flat, documents)


def query_result(
    sql: str, columns: Sequence[str], rows: Iterator[Row], *, is_typed: bool = False
) -> Result:
    """What a statement gives.

    Args:
        sql: the statement, which the workbook quotes.
        columns: names of the columns, none of them twice.
        rows: strings, numbers, None.
        is_typed: whether columns need a type, as in Parquet; all rows are in memory then.
    """
    fields = [Field(name, _TIMES.get(name, "string"), "") for name in columns]
    found: Iterable[Row] = rows
    if is_typed:
        found = list(rows)
        kinds = [_type([row[place] for row in found]) for place in range(len(columns))]
        fields = [Field(name, kind, "") for name, kind in zip(columns, kinds, strict=True)]
        found = [
            tuple(_as(kind, value) for kind, value in zip(kinds, row, strict=True)) for row in found
        ]
    table = Table(
        "query", f"row of this statement: {' '.join(sql.split())}", "", "", (*fields,), ()
    )
    return Result(table, found, (dict(zip(columns, row, strict=True)) for row in found))


def _type(values: list[Any]) -> Type:
    kinds = {type(value) for value in values if value is not None}
    if not kinds or not kinds <= {int, float}:
        return "string"
    return "integer" if kinds == {int} else "number"


def _as(kind: Type, value: Any) -> Any:
    if value is None or kind == "integer":
        return value
    return float(value) if kind == "number" else str(value)


_TIMES: dict[str, Type] = {
    field.name: "moment"
    for table in TABLES.values()
    for field in table.fields
    if field.type in {"date", "datetime", "moment"}
}
"""Columns that a workbook shows as times if a statement gives them."""


def _table(name: str, row_is: str, *fields: Field) -> Table:
    return Table(name, row_is, "", "", fields, ())


_ID = Field("id", "integer", "Number of the release in this archive.")
_ARTICLE_ID = Field("article_id", "integer", "Number of the release in this archive.")
_SITE = Field("site", "string", "Key of the city.")
_SITE_NAME = Field("site_name", "string", "Name of the city.")
_TITLE = Field("title", "string", "Headline of the release.")
_URL = Field("url", "string", "Address of the release.")
_PUBLISHED = Field("published", "moment", "When the city says it published the release.")
_TEXT = Field("text", "string", "The words without their outer marks; of `indirect` the sentence.")
_ROLE = Field("role", "string", "Office as printed, without name, title and article.")
_KIND = Field(
    "kind",
    "string",
    "`prose` stands in the running text, `block` is set apart; `indirect` is a sentence that "
    "reports what somebody said, and nobody's own words.",
)
_FIRST = Field("first_date", "date", "Day of publication of the first release.")
_LAST = Field("last_date", "date", "Day of publication of the last release.")
_RELEASES = Field("releases", "integer", "How many releases.")
_COUNTED = (
    _SITE,
    _SITE_NAME,
    Field("releases", "integer", "Releases that say it."),
    Field("total", "integer", "All releases of that city, or of it in that time."),
    Field("share", "number", "Their share, between 0 and 1."),
)

RESULTS: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "search",
            "release that was found, the best or the newest first",
            _ID,
            _PUBLISHED,
            _SITE,
            _SITE_NAME,
            _TITLE,
            _URL,
            Field("district", "string", "City district the release is filed under."),
            Field("online", "integer", "1 if it is online, 0 if it has disappeared."),
            Field("snippet", "string", "The passage that shows best why it was found."),
            Field("attachment_url", "string", "Of a release found by an attached file, the file."),
            Field("attachment_title", "string", "What the page calls the file."),
            Field("attachment_page", "integer", "The page of the file, from 1."),
        ),
        _table(
            "quotes",
            "quotation, or sentence of indirect speech",
            Field("id", "integer", "Its number in this archive."),
            _ARTICLE_ID,
            _TEXT,
            Field("speaker", "string", "Full name; empty where the release leaves it open."),
            _ROLE,
            _KIND,
            _PUBLISHED,
            _TITLE,
            _URL,
            Field("start_offset", "integer", "Place in the text, in characters from 0."),
            Field("end_offset", "integer", "Place behind its last character."),
            _SITE,
            _SITE_NAME,
        ),
        _table(
            "people",
            "person who speaks in releases, the most quoted first",
            Field("name", "string", "Full name."),
            _SITE,
            _SITE_NAME,
            Field("roles", "string", "Offices, the last one held first, joined by `; `."),
            Field("quotations", "integer", "How often they are quoted."),
            Field("indirect", "integer", "How often they are reported in indirect speech."),
            _RELEASES,
            _FIRST,
            _LAST,
        ),
        _table(
            "statements",
            "quotation or sentence of indirect speech of the people asked for, the oldest first",
            _PUBLISHED,
            _SITE,
            _SITE_NAME,
            Field("name", "string", "Name of the speaker, as printed."),
            _ROLE,
            _KIND,
            _TEXT,
            _ARTICLE_ID,
            _TITLE,
            _URL,
        ),
        _table(
            "changes",
            "thing that happened to a release, the latest first",
            Field("at", "datetime", "When it was noticed."),
            Field(
                "kind",
                "string",
                "`changed` edited, `moved`, `gone`, `withdrawn`, `back` online again, `corrected` "
                "by another release, `attachment` another file.",
            ),
            _ARTICLE_ID,
            _SITE,
            _TITLE,
            _PUBLISHED,
            _URL,
            Field(
                "fields",
                "string",
                "What an edit changed, or in what a correction differs, joined by `, `.",
            ),
            Field("detail", "string", "moved: the address before; corrected: the correction's."),
            _SITE_NAME,
        ),
        _table(
            "tags",
            "subject heading, the most frequent first",
            Field("tag", "string", "As the cities write it."),
            _RELEASES,
            _FIRST,
            _LAST,
            Field("sites", "string", "Keys of the cities, joined by `; `."),
        ),
        _table(
            "districts",
            "district, the most frequent first",
            Field("district", "string", "As the city writes it."),
            _RELEASES,
            _FIRST,
            _LAST,
            _SITE,
            _SITE_NAME,
        ),
        _table("site", "city", *_COUNTED),
        _table("month", "month and city", Field("month", "string", "Such as 2026-01."), *_COUNTED),
        _table("year", "year and city", Field("year", "string", "Such as 2026."), *_COUNTED),
    )
}
"""By name; `site`, `month` and `year` are what `compare --by` counts."""
