"""A search as the query string of an address, read and written."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

from scraper.archive.search.filters import Filters
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

FACETS = ("date", "site", "tag", "district", "speaker", "kicker")
"""What a search can be narrowed by; each is a parameter of the address."""

PAGE_SIZE = 20
"""Results on a page."""

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
_MAX_PAGE = 10**6


@dataclass(frozen=True, slots=True)
class Selection:
    """One search: words, filters, order, page."""

    q: str = ""
    """Words, in the language of `scraper.archive.search.query`; "" selects everything."""
    date: str = ""
    """Year or month of publication: `2026`, `2026-05`; "" for all."""
    site: str | None = None
    """Key of a city."""
    tag: str | None = None
    district: str | None = None
    speaker: str | None = None
    kicker: str | None = None
    sort: Literal["relevance", "date"] = "relevance"
    page: int = 1

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Selection:
        """Read the parameters of an address; unknown ones are ignored, empty ones mean nothing.

        Raises:
            UsageError: the date or the page number cannot be read.
        """
        given = {name: parameters.get(name, "").strip() for name in (*FACETS, "q", "sort", "page")}
        when, page = given["date"], given["page"] or "1"
        if when:
            _first_day(when)
        if not (page.isascii() and page.isdigit() and 0 < int(page[:9]) <= _MAX_PAGE):
            raise UsageError(f"There is no page {page[:80]!r}. Pages are numbers from 1.")
        return cls(
            q=given["q"],
            date=when,
            site=given["site"] or None,
            tag=given["tag"] or None,
            district=given["district"] or None,
            speaker=given["speaker"] or None,
            kicker=given["kicker"] or None,
            sort="date" if given["sort"] == "date" else "relevance",
            page=int(page[:9]),
        )

    @property
    def filters(self) -> Filters:
        """The same for `scraper.archive.search.articles`."""
        since = until = None
        if self.date:
            since = _first_day(self.date)
            month = since.month if "-" in self.date else 12
            until = date(since.year, month, calendar.monthrange(since.year, month)[1])
        sites = (self.site,) if self.site else ()
        return Filters(
            since, until, self.tag, self.district, self.speaker, self.kicker, sites=sites
        )

    @property
    def narrowing(self) -> dict[str, str]:
        """The filters that are set, by the name of their parameter."""
        return {name: getattr(self, name) for name in FACETS if getattr(self, name)}

    def query_string(self, **changes: str | int | None) -> str:
        """Parameters of the address of this selection, or of one that differs; "" if it has none.

        Any change leads back to the first page, unless it is one of the page.
        """
        other = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        names = ("q", *FACETS, "sort", "page")
        values = {name: getattr(other, name) for name in names}
        default = {"sort": "relevance", "page": 1}
        kept = {n: v for n, v in values.items() if v and v != default.get(n)}
        return f"?{urlencode(kept)}" if kept else ""


def turned(path: str, parameters: Mapping[str, str], page: int) -> str:
    """The address of a page of a list.

    Args:
        path: where the list is.
        parameters: of the list; empty ones are left away.
        page: from 1.
    """
    values = {name: value for name, value in parameters.items() if value}
    if page > 1:
        values["page"] = str(page)
    return f"{path}?{urlencode(values)}" if values else path


def _first_day(text: str) -> date:
    match = _DATE.fullmatch(text)
    try:
        if match:
            return date(int(match[1]), int(match[2] or 1), 1)
    except ValueError:
        match = None
    raise UsageError(f"{text[:80]!r} is neither a year nor a month. Write 2026 or 2026-05.")
