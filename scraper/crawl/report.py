"""What a run is asked to do, what it reports, and whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from scraper.decide.outcome import Outcome

_NAMED = ("new", "changed", "gone")
MOST_NAMED = 1_000
"""Releases of each kind that a report names."""


@dataclass
class RunReport:
    """What a run did."""

    site: str
    found: int = 0
    """Addresses of articles that the listings named."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: int = 0
    missing: int = 0
    """Pages the server no longer has; they count as gone if that stays so."""
    gone: int = 0
    older: int = 0
    """Pages fetched and left out because they were published before `--since`."""
    failed: int = 0
    not_modified: int = 0
    """Of the unchanged ones, those that the server only said had not changed."""
    unparsable: int = 0
    """Of the failed ones, those that came but could not be understood."""
    pictures: int = 0
    """Pictures kept, with `--images`."""
    attachments: int = 0
    """Attached files kept, with `--attachments`; those that have changed included."""
    requests: int = 0
    retries: int = 0
    seconds: float = 0.0
    failures: list[tuple[str, str]] = field(default_factory=list)
    """URL and reason of each page that failed."""
    warnings: list[str] = field(default_factory=list)
    findings: list[dict[str, object]] | None = None
    """What is not as it was: `kind` (`field`, `parsing`, `main_text`, `silence`) and figures; None
    if the run was not judged."""
    would_fetch: list[str] = field(default_factory=list)
    """With `--dry-run`: what a run would fetch now."""
    ended_early: str | None = None
    """Why the run stopped before its end; None if it did not."""
    outage: str | None = None
    """Why it was not believed that pages have vanished; None if it was."""
    releases: dict[str, list[dict[str, str]]] = field(
        default_factory=lambda: {name: [] for name in _NAMED}
    )
    """`url` and `title` of what is `new`, `changed` or `gone`; at most 1,000 releases of each."""
    exit_code: int = 1
    """What the process ends with; 1 until the run has come to an end."""

    def count(self, outcome: Outcome) -> None:
        """Add one page to its outcome."""
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)

    def name(self, outcome: Outcome, url: str, title: str) -> None:
        """Note which release has come to an outcome that people want to hear of."""
        named = self.releases.get(outcome.value)
        if named is not None and len(named) < MOST_NAMED:
            named.append({"url": url, "title": title})

    @property
    def stored(self) -> int:
        """Pages that were fetched and understood."""
        return self.new + self.changed + self.unchanged + self.moved


class Progress(Protocol):
    """Whoever wants to see a run go by."""

    def listed(self, source: str, found: int) -> None:
        """A source has named some articles; `found` is the sum so far."""

    def waiting(self, what: str) -> None:
        """The run waits for a minute or more."""

    def page(self, url: str, outcome: str, done: int, total: int) -> None:
        """A page is done."""


class NewsroomsProgress(Progress, Protocol):
    """Whoever wants to see several runs go by, from several threads."""

    def newsroom(self, key: str) -> Progress:
        """What is told of the run of one newsroom, which begins now."""

    def ended(self, key: str, report: RunReport) -> None:
        """The run of one newsroom has come to its end."""


def figures(report: RunReport) -> dict[str, object]:
    """The columns of a report in the table `runs`."""
    names = (
        "found new changed unchanged moved missing gone failed not_modified unparsable pictures"
        " attachments requests retries seconds exit_code"
    )
    columns: dict[str, object] = {name: getattr(report, name) for name in names.split()}
    columns["warnings"] = report.warnings
    columns["findings"] = report.findings
    columns["failures"] = [list(failure) for failure in report.failures]
    return columns
