"""What `doctor` says, a check at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from scraper.console.base import out, say
from scraper.text import one_line

if TYPE_CHECKING:
    from scraper.doctor import Check

_STYLES = {"ok": "green", "note": "yellow", "trouble": "bold red"}
_INDENT = " " * 25


def print_check(check: Check) -> None:
    """How one thing is, and what to do about it below."""
    mark = Text(f"{check.status:<8}", style=_STYLES[check.status])
    out.print(mark + Text(f"{one_line(check.name):<17}{one_line(check.detail)}"), soft_wrap=True)
    if check.advice:
        say(f"{_INDENT}{check.advice}")


def print_diagnosis(checks: Sequence[Check]) -> None:
    """The sum of it."""
    troubles = sum(check.status == "trouble" for check in checks)
    notes = sum(check.status == "note" for check in checks)
    if troubles:
        say(f"\n{troubles} of {len(checks)} checks found trouble.")
    else:
        say(f"\nNo trouble{f', {notes} worth a look' if notes else ''}.")
