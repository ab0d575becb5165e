"""Releases whose page is not there any more: noted while the run goes on, believed at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.crawl.answers import WITHHELD_STATUS
from scraper.decide.outcome import Decision, Outcome, Stored, decide

if TYPE_CHECKING:
    from scraper.archive.evidence import Kept
    from scraper.archive.frontier import Pending
    from scraper.archive.store import Store
    from scraper.crawl.context import Run
    from scraper.fetch.exchange import Response


@dataclass(frozen=True, slots=True)
class _Vanished:
    """A known release whose page is not there; nothing is decided yet."""

    pending: Pending
    stored: Stored
    decision: Decision
    kept: Kept | None
    """The answer, if it is to be evidence that the release has gone."""
    instead: str | None
    """What the address shows instead; None if the server says that there is no page."""
    status: int
    """HTTP status of the answer."""


class VanishedPages:
    """The pages that a run has found missing.

    Args:
        run: the present run.
        store: writes releases.
    """

    def __init__(self, run: Run, store: Store) -> None:
        self._run = run
        self._store = store
        self._found: dict[str, _Vanished] = {}

    def __len__(self) -> int:
        return len(self._found)

    @property
    def example(self) -> str:
        """The address of one of them."""
        return next(iter(self._found))

    def note(self, pending: Pending, answer: Response, *, instead: str | None = None) -> Outcome:
        """Note that a page is not there: missing the first time, gone in a later run.

        Args:
            pending: what was asked for.
            answer: the answer; it is kept as evidence once the release counts as gone.
            instead: what the address shows instead, such as "leads to https://…/"; None if the
                server says that there is no page (404, 410).
        """
        run = self._run
        stored = self._store.find(pending.url, pending.missing_since)
        decision = decide(stored, None, run.started)
        if stored is None:
            run.frontier.missing(pending, run.now())
            run.report.count(decision.outcome)
            return decision.outcome
        kept = None
        if decision.outcome is Outcome.GONE and stored.gone_at is None:
            kept = run.evidence.keep(answer.capture, answer.exchange, answer.redirects)
        self._found[pending.url] = _Vanished(
            pending, stored, decision, kept, instead, answer.capture.status
        )
        return decision.outcome

    def take(self, url: str) -> tuple[bool, Kept | None]:
        """Take an address out, as its release has moved; whether it was in, and its evidence."""
        item = self._found.pop(url, None)
        return item is not None, item.kept if item else None

    def forget(self, *, refused_only: bool = False) -> None:
        """Believe nothing of it; what was kept as evidence stays in the archive as a capture.

        Args:
            refused_only: forget only the addresses that refuse to show their release.
        """
        forgotten = {
            url: item
            for url, item in self._found.items()
            if not refused_only or item.status in WITHHELD_STATUS
        }
        for url, item in forgotten.items():
            if item.kept:
                self._store.add_capture(item.kept.capture, item.kept)
            del self._found[url]

    def settle(self) -> None:
        """Store that pages have vanished, now that it is clear that not the site is to blame."""
        run = self._run
        for item in self._found.values():
            with run.archive.transaction():
                if item.decision.outcome is Outcome.GONE:
                    capture_id = (
                        self._store.add_capture(item.kept.capture, item.kept) if item.kept else None
                    )
                    self._store.mark_gone(item.stored, run.now(), capture_id, item.instead)
                run.frontier.missing(item.pending, run.now())
            run.report.count(item.decision.outcome)
            if item.stored.gone_at is None:
                row = run.archive.rows(
                    "SELECT title FROM articles WHERE id = ?", (item.stored.id,)
                )[0]
                run.report.name(item.decision.outcome, item.stored.url, row["title"])
        self._found.clear()
