"""What `doctor` and `sites check` say, a check at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from scraper import __version__
from scraper.console.base import out, print_json, print_table, say
from scraper.doctor import worst_code
from scraper.text import one_line

if TYPE_CHECKING:
    from scraper.doctor import Check

_STYLES = {"ok": "green", "note": "yellow", "trouble": "bold red"}
_INDENT = " " * 25


def print_checks(examined: Iterable[Check], *, as_json: bool) -> int:
    """Each check as soon as it is made, then the sum, or one JSON document; gives the exit code."""
    checks = []
    for check in examined:
        checks.append(check)
        if not as_json:
            _print_check(check)
    code = worst_code(checks)
    if as_json:
        found = [_as_json(check) for check in checks]
        print_json({"version": __version__, "exit_code": code, "checks": found})
    else:
        _print_sum(checks)
    return code


def _as_json(check: Check) -> dict[str, Any]:
    """A check with its table, if it has one."""
    found = asdict(check)
    return found if check.rows else {name: found[name] for name in found if name != "rows"}


def _print_check(check: Check) -> None:
    """How one thing is, and what to do about it below."""
    mark = Text(f"{check.status:<8}", style=_STYLES[check.status])
    out.print(mark + Text(f"{one_line(check.name):<17}{one_line(check.detail)}"), soft_wrap=True)
    if check.advice:
        say(f"{_INDENT}{check.advice}")
    if check.rows:
        print_table(list(check.rows), list(check.rows[0]))


def _print_sum(checks: Sequence[Check]) -> None:
    """The sum of it."""
    troubles = sum(check.status == "trouble" for check in checks)
    notes = sum(check.status == "note" for check in checks)
    if troubles:
        say(f"\n{troubles} of {len(checks)} checks found trouble.")
    else:
        say(f"\nNo trouble{f', {notes} worth a look' if notes else ''}.")
