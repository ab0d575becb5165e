"""Showing a run while it goes on: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from scraper import urls
from scraper.console.base import err
from scraper.text import printable

if TYPE_CHECKING:
    from types import TracebackType


class PlainProgress:
    """One line per page on standard error, for logs and pipes."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        return None

    def listed(self, source: str, found: int) -> None:
        """Print how many articles are known."""
        if not self._quiet:
            err.print(f"listed   {source}: {found} articles so far", soft_wrap=True)

    def count(self, what: str, done: int, total: int) -> None:
        """Print how far something is, now and then."""
        if not self._quiet and (done == total or done % 1000 == 0):
            err.print(f"{what}: {done:,} of {total:,}")

    def waiting(self, what: str) -> None:
        """Print what is waited for."""
        if not self._quiet:
            err.print(what, soft_wrap=True)

    def page(self, url: str, outcome: str, done: int, total: int) -> None:
        """Print the outcome of a page."""
        if not self._quiet:
            line = f"{outcome:<10}{done}/{total} {printable(urls.readable(url))}"
            err.print(line, soft_wrap=True)


class BarProgress:
    """A bar on the terminal."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            console=err,
            transient=True,
        )
        self._task = self._bar.add_task("looking for articles", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def listed(self, source: str, found: int) -> None:
        """Show how many articles are known."""
        self._bar.update(self._task, description=f"{source}: {found} articles listed")

    def count(self, what: str, done: int, total: int) -> None:
        """Show how far something is."""
        self._bar.update(self._task, description=what, completed=done, total=total)

    def waiting(self, what: str) -> None:
        """Show what is waited for."""
        self._bar.update(self._task, description=what)

    def page(self, url: str, outcome: str, done: int, total: int) -> None:
        """Show the page that was done."""
        name = printable(urls.file_name(url))[:48]
        self._bar.update(
            self._task, description=f"{outcome:<9} {name}", completed=done, total=max(total, done)
        )


def progress(*, quiet: bool = False) -> PlainProgress | BarProgress:
    """A bar on a terminal, plain lines elsewhere."""
    return BarProgress() if err.is_terminal and not quiet else PlainProgress(quiet=quiet)
