"""What a scheduler reports about a job: where it is, its command and its next run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from scraper.schedule.every import Every


@dataclass(frozen=True, slots=True)
class Found:
    """A job that is installed."""

    backend: str
    """`systemd` or `cron`."""
    every: Every
    next_run: datetime | None
    """In UTC; None where the scheduler does not say."""
    where: str
    """The file, or `crontab`."""
    command: str
    """As the scheduler runs it."""
    hints: list[str] = field(default_factory=list)
    """What keeps it from running, each with what to do."""
