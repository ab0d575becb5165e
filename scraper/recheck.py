"""When a known article is due for another look: often while it is young, seldom later."""

from __future__ import annotations

from datetime import datetime, timedelta

SHORTEST = timedelta(hours=3)
LONGEST = timedelta(days=90)
_SHARE_OF_AGE = 0.1


def next_check(published: datetime, last_checked: datetime) -> datetime:
    """When to look again: after a tenth of the age it had at the last check.

    An article of today is due after three hours, one of last month after three days, and none
    waits longer than 90 days.

    Args:
        published: when the article appeared, with time zone; the time it was first seen will do.
        last_checked: the last time its page was fetched.
    """
    age = max(last_checked - published, timedelta(0))
    return last_checked + min(max(age * _SHARE_OF_AGE, SHORTEST), LONGEST)
