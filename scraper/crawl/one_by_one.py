"""Fetching what belongs to releases after their pages, one by one: pictures, attached files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import FetchError, Interrupted, RetryLater, RobotsForbid
from scraper.fetch.retry import TransientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl.context import Run
    from scraper.crawl.report import Progress

_UNREACHABLE_IN_A_ROW = 5
_INTERRUPTED = "it was interrupted"


def one_by_one(
    run: Run,
    wanted: list[str],
    fetch: Callable[[str], str],
    failed: Callable[[str, str], None],
    progress: Progress,
) -> None:
    """Fetch some addresses, until the run is to end or the site does not answer any more.

    Args:
        run: the present run; its report counts what fails, and says why it ended early.
        wanted: the addresses, in order.
        fetch: fetches and stores one; gives its outcome for the progress.
        failed: is told the address and the reason of one that could not be had.
        progress: is told of each.
    """
    unreachable = 0
    for done, address in enumerate(wanted, 1):
        if run.stop():
            run.report.ended_early = _INTERRUPTED
            return
        try:
            outcome, unreachable = fetch(address), 0
        except Interrupted:
            run.report.ended_early = _INTERRUPTED
            return
        except (FetchError, RobotsForbid) as error:
            reason = getattr(error, "reason", str(error))
            failed(address, reason)
            run.report.failed += 1
            run.report.failures.append((address, reason))
            outcome = "failed"
            if isinstance(error, RetryLater):
                run.report.ended_early = "the server asks to come back later"
                return
            unreachable = unreachable + 1 if isinstance(error, TransientError) else 0
        progress.page(address, outcome, done, len(wanted))
        if unreachable >= _UNREACHABLE_IN_A_ROW:
            run.report.ended_early = (
                f"the site did not answer {_UNREACHABLE_IN_A_ROW} times in a row"
            )
            return
