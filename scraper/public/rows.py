"""Results that are read one after another, and become tables of pandas or Polars on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.export.columns import Field

_T = TypeVar("_T")


class Rows(Generic[_T]):
    """Records in a fixed order. Each loop reads the archive anew, one record at a time.

    Args:
        records: gives the records.
        table: gives the same as rows of a table.
        fields: the columns of that table.
    """

    def __init__(
        self,
        records: Callable[[], Iterator[_T]],
        table: Callable[[], Iterator[tuple[Any, ...]]],
        fields: Sequence[Field],
    ) -> None:
        self._records = records
        self._table = table
        self._fields = fields

    def __iter__(self) -> Iterator[_T]:
        return self._records()

    def __repr__(self) -> str:
        return f"<Rows with {', '.join(self.columns)}>"

    @property
    def columns(self) -> list[str]:
        """Names of the columns that the tables have; `docs/export.md` says what each means."""
        return [field.name for field in self._fields]

    def to_dicts(self) -> Iterator[dict[str, Any]]:
        """Flat rows, one dictionary each, with dates and instants as `date` and `datetime`.

        `published` and `modified` stay text, as the city prints them: with its offset, or without
        a time of day. `published_utc` and `published_date` are the same to compute with.
        """
        readers = [_READERS.get(field.type) for field in self._fields]
        for row in self._table():
            values = (
                read(value) if read is not None and value is not None else value
                for read, value in zip(readers, row, strict=True)
            )
            yield dict(zip(self.columns, values, strict=True))

    def to_pandas(self) -> Any:
        """A `pandas.DataFrame`; instants are `datetime64[us, UTC]`, days `datetime64[us]`.

        Raises:
            UsageError: pandas is not installed.
        """
        pandas = _library("pandas")
        frame = pandas.DataFrame(list(self.to_dicts()), columns=self.columns)
        for field in self._fields:
            if field.type == "datetime":
                frame[field.name] = pandas.to_datetime(frame[field.name], utc=True)
            elif field.type == "date":
                frame[field.name] = pandas.to_datetime(frame[field.name])
            elif field.type == "integer" and not field.required:
                frame[field.name] = frame[field.name].astype("Int64")
        return frame

    def to_polars(self) -> Any:
        """A `polars.DataFrame`; instants are in UTC, days of the type `Date`.

        Raises:
            UsageError: Polars is not installed.
        """
        polars = _library("polars")
        types = {
            "integer": polars.Int64,
            "date": polars.Date,
            "datetime": polars.Datetime("us", "UTC"),
        }
        schema = {field.name: types.get(field.type, polars.String) for field in self._fields}
        return polars.DataFrame(list(self.to_dicts()), schema=schema)


_READERS: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise UsageError(
            f"This needs {name}, which is not installed: `python -m pip install {name}`. The rows "
            "themselves need no library: loop over them, or over `to_dicts()`."
        ) from error
