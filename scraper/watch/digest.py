"""One message for all that is new to a watch: plain text, as long as its target takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.dates import parse_instant
from scraper.text import fold, one_line

if TYPE_CHECKING:
    from scraper.watch.news import News
    from scraper.watch.saved import Watch

MOST = 20
"""So many news are spelled out in one message."""

_TITLE_CHARS = 120
# What calls everybody in a chat room.
_CALL = re.compile(r"@(?=(?:everyone|here|channel|all|room)\b)|<(?=[!@#])", re.I)
_UNCALLED = "\u200b"


@dataclass(frozen=True, slots=True)
class Digest:
    """A message that can still be shortened."""

    title: str
    items: tuple[str, ...]
    """The latest news first; the first `MOST` at most."""
    total: int
    """How many news there are."""
    feed: str
    """Where all of them are."""

    def body(self, most_chars: int) -> str:
        """As many items as fit, and how many more there are.

        Args:
            most_chars: what the target takes; 0 if it does not say.
        """
        for count in range(len(self.items), 0, -1):
            text = self._with(self.items[:count])
            if not most_chars or len(text) <= most_chars:
                return text
        return self._with(())[:most_chars]

    def _with(self, items: tuple[str, ...]) -> str:
        left = self.total - len(items)
        if not left:
            return "\n\n".join(items)
        more = f"… and {left:,} more" if items else f"{left:,} news"
        return "\n\n".join((*items, f"{more}, see {self.feed}"))


def digest(watch: Watch, news: list[News], total: int) -> Digest:
    """Put news into words.

    Args:
        watch: whose.
        news: the latest first; `MOST` of them are used.
        total: how many there are.
    """
    what = "new or changed" if watch.changes else ("new release" if total == 1 else "new releases")
    title = harmless(f"{total:,} {what}: {watch.subject}")
    if len(title) > _TITLE_CHARS:
        title = f"{title[: _TITLE_CHARS - 1]}…"
    items = tuple(_item(one) for one in news[:MOST])
    return Digest(title, items, total, f"exports/{watch.feed_name}")


def _item(news: News) -> str:
    about = " · ".join(filter(None, (news.city, _day(news.published))))
    lines = (news.title, about, news.snippet, f"Why: {news.reason}", news.url)
    return "\n".join(harmless(line) for line in lines if line)


def _day(published: str | None) -> str | None:
    """`12.11.2026`, as printed in German; None for no date."""
    moment = parse_instant(published or "")
    if moment is not None:
        return f"{moment:%d.%m.%Y}"
    parts = (published or "").split("-")
    return ".".join(reversed(parts)) if len(parts) == 3 else None


def harmless(text: str) -> str:
    """Foreign text for a message: on one line, nothing unseen in it, and calling nobody.

    What a target takes for markup is escaped by apprise, which is given plain text.
    """
    return _CALL.sub(lambda found: found[0] + _UNCALLED, one_line(fold(text)))
