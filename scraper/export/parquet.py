"""Parquet: typed columns, in row groups that fit into memory. Needs the extra `parquet`."""

from __future__ import annotations

from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from scraper.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scraper.export.columns import Field, Table
    from scraper.export.tables import Row

_GROUP_ROWS = 20_000
_GROUP_CHARS = 8_000_000


def write_parquet(file: BinaryIO, table: Table, rows: Iterable[Row]) -> int:
    """Rows as Parquet; returns how many.

    Numbers are int64, instants of the archive timestamps in UTC, days dates. What a city prints
    (`moment`) stays text: it may be a date without a time of day, and its offset would be lost.

    Raises:
        UsageError: pyarrow is not installed.
        ArchiveError: a value is not of its column's type.
    """
    arrow, parquet = pyarrow()
    types = {
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "date": arrow.date32(),
        "datetime": arrow.timestamp("us", tz="UTC"),
    }
    schema = arrow.schema(
        [
            arrow.field(
                field.name,
                types.get(field.type, arrow.string()),
                metadata={"description": field.description},
            )
            for field in table.fields
        ],
        metadata={"title": f"One row per {table.row_is}."},
    )
    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(rows):
            columns = [
                arrow.array(_typed(table, field, values), type=schema.field(field.name).type)
                for field, values in zip(table.fields, zip(*group, strict=True), strict=True)
            ]
            writer.write_batch(arrow.record_batch(columns, schema=schema))
            count += len(group)
    return count


def pyarrow() -> tuple[Any, Any]:
    """The libraries that write Parquet.

    Raises:
        UsageError: they are not installed.
    """
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise UsageError(
            "Parquet needs the library pyarrow, which is not installed. Install the extra: "
            '`python -m pip install "newsroom-archive[parquet]"`, or export to .csv or .jsonl.'
        ) from error


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(group) >= _GROUP_ROWS or size >= _GROUP_CHARS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _typed(table: Table, field: Field, values: tuple[Any, ...]) -> list[Any]:
    convert = _CONVERT.get(field.type)
    if convert is None:
        return list(values)
    try:
        return [None if value is None else convert(value) for value in values]
    except ValueError as error:
        raise ArchiveError(
            f"The archive holds a value in {table.name}.{field.name} that is no {field.type} "
            f"({error}). `newsroom verify` looks for damage; .csv and .jsonl take it as it is."
        ) from error


_CONVERT: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}
