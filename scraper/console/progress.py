"""Showing a run while it goes on: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from scraper import urls
from scraper.console.base import err
from scraper.text import printable

if TYPE_CHECKING:
    from types import TracebackType

    from scraper.crawl.report import RunReport


class PlainProgress:
    """One line per page on standard error, for logs and pipes.

    Args:
        quiet: print nothing.
        newsroom: key of the newsroom that the lines begin with, where there are several.
    """

    def __init__(self, *, quiet: bool = False, newsroom: str = "") -> None:
        self._quiet = quiet
        self._newsroom = f"{newsroom}: " if newsroom else ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        return None

    def newsroom(self, key: str) -> PlainProgress:
        """What is printed of one newsroom."""
        return PlainProgress(quiet=self._quiet, newsroom=key)

    def ended(self, key: str, report: RunReport) -> None:
        """Print what the run of a newsroom has brought."""
        if not self._quiet:
            err.print(_in_short(report), soft_wrap=True)

    def listed(self, source: str, found: int) -> None:
        """Print how many articles are known."""
        if not self._quiet:
            err.print(f"{self._newsroom}listed   {source}: {found} articles so far", soft_wrap=True)

    def count(self, what: str, done: int, total: int) -> None:
        """Print how far something is, now and then."""
        if not self._quiet and (done == total or done % 1000 == 0):
            err.print(f"{what}: {done:,} of {total:,}")

    def waiting(self, what: str) -> None:
        """Print what is waited for."""
        if not self._quiet:
            err.print(f"{self._newsroom}{what}", soft_wrap=True)

    def page(self, url: str, outcome: str, done: int, total: int) -> None:
        """Print the outcome of a page."""
        if not self._quiet:
            line = f"{self._newsroom}{outcome:<10}{done}/{total} {printable(urls.readable(url))}"
            err.print(line, soft_wrap=True)


class BarProgress:
    """A bar on the terminal; where there are several newsrooms, one for each that is crawled.

    Args:
        bar: what bars are drawn in.
        newsroom: key of the newsroom that its line begins with, where there are several.
    """

    def __init__(self, bar: Progress | None = None, newsroom: str = "") -> None:
        self._bar = bar or Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            console=err,
            transient=True,
        )
        self._newsroom = f"{newsroom}: " if newsroom else ""
        description = f"{self._newsroom}looking for articles"
        self._task = self._bar.add_task(description, total=None)
        self._others: dict[str, BarProgress] = {}

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

    def newsroom(self, key: str) -> BarProgress:
        """One more bar, for a newsroom; the one for all goes."""
        self._bar.update(self._task, visible=False)
        self._others[key] = BarProgress(self._bar, key)
        return self._others[key]

    def ended(self, key: str, report: RunReport) -> None:
        """Put a line in place of a newsroom's bar."""
        bar = self._others.pop(key, None)
        if bar:
            bar.remove()
        self._bar.console.print(_in_short(report), soft_wrap=True)

    def remove(self) -> None:
        """Take the bar away."""
        self._bar.remove_task(self._task)

    def listed(self, source: str, found: int) -> None:
        """Show how many articles are known."""
        self._bar.update(
            self._task, description=f"{self._newsroom}{source}: {found} articles listed"
        )

    def count(self, what: str, done: int, total: int) -> None:
        """Show how far something is."""
        self._bar.update(self._task, description=what, completed=done, total=total)

    def waiting(self, what: str) -> None:
        """Show what is waited for."""
        self._bar.update(self._task, description=f"{self._newsroom}{what}")

    def page(self, url: str, outcome: str, done: int, total: int) -> None:
        """Show the page that was done."""
        name = printable(urls.file_name(url))[:48]
        description = f"{self._newsroom}{outcome:<9} {name}"
        self._bar.update(
            self._task, description=description, completed=done, total=max(total, done)
        )


def _in_short(report: RunReport) -> str:
    """A line about the run of one newsroom."""
    if report.would_fetch:
        told = f"{len(report.would_fetch):,} pages would be fetched"
    else:
        names = ("new", "changed", "failed")
        told = ", ".join(f"{getattr(report, name):,} {name}" for name in names)
    code = f", exit code {report.exit_code}" if report.exit_code else ""
    return printable(f"{report.site}: {told} in {report.seconds:.0f} s{code}")


def progress(*, quiet: bool = False) -> PlainProgress | BarProgress:
    """A bar on a terminal, plain lines elsewhere."""
    return BarProgress() if err.is_terminal and not quiet else PlainProgress(quiet=quiet)
