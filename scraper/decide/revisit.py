"""When a known article is due for another look: often while it is young, seldom later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_PATIENT_FAILURES = 3  # so many times in a row, the very next run tries again


@dataclass(frozen=True, slots=True)
class RevisitPolicy:
    """How often to look again. Pure: the present is passed in."""

    shortest: timedelta = timedelta(hours=3)
    """No article is looked at more often."""
    longest: timedelta = timedelta(days=90)
    """No article waits longer."""
    share_of_age: float = 0.1
    """The pause as a share of the age that the article had at its last check."""
    full_every: int = 5
    """Every so-manyth check asks for the whole page, though the server says that nothing has
    changed: a wrong 304 must not hide an edit for ever. 1 never believes it."""

    def next_check(
        self, published: datetime, last_checked: datetime, last_changed: datetime | None = None
    ) -> datetime:
        """When to look again: after a share of the age it had at the last check.

        An article of today is due after three hours, one of last month after three days, and none
        waits longer than 90 days. An edit makes it young again: who has changed a release once
        may do so twice.

        Args:
            published: when it appeared, with time zone; the time it was first listed will do.
            last_checked: the last time its page was fetched.
            last_changed: the last time it was found edited; None if never.
        """
        born = max(published, last_changed) if last_changed else published
        age = max(last_checked - born, timedelta(0))
        pause = max(age * self.share_of_age, self.shortest)
        return _later(last_checked, min(pause, max(self.longest, self.shortest)))

    def next_try(self, failures: int, now: datetime) -> datetime:
        """When to try a page again that has failed so many times in a row, this time included.

        The next run tries again; only after three failures the pause doubles with each further one.
        """
        if failures <= _PATIENT_FAILURES:
            return now
        pause = self.shortest * (1 << min(failures - _PATIENT_FAILURES - 1, 20))
        return _later(now, min(pause, max(self.longest, self.shortest)))

    def wants_whole_page(self, not_modified: int) -> bool:
        """Whether to ask for the whole page after so many believed answers of "not modified"."""
        return not_modified + 1 >= self.full_every


def _later(moment: datetime, pause: timedelta) -> datetime:
    """A moment and a pause; not beyond the last one that can be written."""
    try:
        return moment + pause
    except OverflowError:
        return datetime.max.replace(microsecond=0, tzinfo=moment.tzinfo)
