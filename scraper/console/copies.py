"""Near-copies of a release that other cities have published, to read."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from scraper.console.articles import copied, marked_words
from scraper.console.base import out, say


def print_copies(rows: list[dict[str, Any]]) -> None:
    """Each copy in a line, and below it what differs in title and text.

    Args:
        rows: as `scraper.archive.copies.with_differences` gives them.
    """
    for row in rows:
        say(f"Also published by {copied(row)}")
        for change in row["changes"]:
            words = Text(f"  {change['field']}: ").append_text(marked_words(change["words"]))
            out.print(words, soft_wrap=True)
