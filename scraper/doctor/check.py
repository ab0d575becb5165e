"""The result of one check: its status, what was found, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from scraper.errors import (
    ArchiveError,
    LayoutDrift,
    PagesFailed,
    SiteUnreachable,
    UsageError,
)

Status = Literal["ok", "note", "trouble"]

# The worst comes first: what was stored, then whether anything can be had, then what it is worth.
_BY_WEIGHT = (
    ArchiveError.exit_code,
    SiteUnreachable.exit_code,
    LayoutDrift.exit_code,
    PagesFailed.exit_code,
    UsageError.exit_code,
)


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, and how it is."""

    name: str
    """One or two words, in lower case."""
    status: Status
    detail: str
    """What was found; other people's text may stand in it."""
    advice: str | None = None
    """What to do; None if there is nothing to do."""
    exit_code: int = 0
    """What the process ends with because of it: 0 unless it is trouble."""
    rows: tuple[dict[str, Any], ...] = ()
    """What it was found by, as a table; all rows have the same columns."""

    def with_rows(self, rows: tuple[dict[str, Any], ...]) -> Check:
        """The same, with a table."""
        return replace(self, rows=rows)


def ok(name: str, detail: str) -> Check:
    """All is well."""
    return Check(name, "ok", detail)


def note(name: str, detail: str, advice: str | None = None) -> Check:
    """Worth knowing; nothing is broken."""
    return Check(name, "note", detail, advice)


def trouble(name: str, detail: str, advice: str, exit_code: int) -> Check:
    """Something is broken; the exit code is that of the error it leads to."""
    return Check(name, "trouble", detail, advice, exit_code)


def worst_code(checks: Iterable[Check]) -> int:
    """The exit code of the worst trouble; 0 if no check found trouble."""
    codes = {check.exit_code for check in checks}
    return next((code for code in _BY_WEIGHT if code in codes), 0)
