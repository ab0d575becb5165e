"""What was read in an attached file: its text, page by page, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.text import fold

MOST_CHARS = 2_000_000
"""Characters of one file that are kept."""


@dataclass(frozen=True, slots=True)
class FileText:
    """What was read in a file."""

    media_type: str | None = None
    """As its content tells; None if it does not."""
    text: str | None = None
    """Its pages, joined by blank lines; None if there is no text."""
    pages: int | None = None
    """How many it has; None if that is not known."""
    page_starts: tuple[int, ...] = ()
    """Where in the text each page that was read begins, in characters."""
    reason: str | None = None
    """Why there is no text, or not all of it."""


class Pages:
    """Collects the texts of pages.

    Args:
        media_type: of the file.
        most: characters that are kept.
    """

    def __init__(self, media_type: str, most: int) -> None:
        self._media_type = media_type
        self._most = most
        self._texts: list[str] = []
        self._starts: list[int] = []
        self._length = 0
        self.is_cut = False
        """Whether a page was not taken in whole."""

    def add(self, text: str) -> None:
        """Take the next page in; an empty one begins where the next one does."""
        room = max(0, self._most - self._length)
        self.is_cut = self.is_cut or len(text) > room
        self._starts.append(self._length)
        if text[:room]:
            self._texts.append(text[:room])
            self._length += len(text[:room]) + 2

    def result(
        self, count: int | None, read: int, without: str, reason: str | None = None
    ) -> FileText:
        """What was read.

        Args:
            count: pages that the file has; None if nobody knows.
            read: pages that were read.
            without: why there is no text, if there is none.
            reason: why not all was read, if that is known.
        """
        if self.is_cut:
            reason = f"only the first {self._most:,} characters were read"
        elif count is not None and read < count:
            reason = f"only the first {read:,} of {count:,} pages were read"
        if not self._texts:
            return FileText(self._media_type, None, count, (), reason or without)
        text = "\n\n".join(self._texts)
        starts = tuple(min(start, len(text)) for start in self._starts)
        return FileText(self._media_type, text, count, starts, reason)


def folded_lines(text: str) -> str:
    """The lines of a page, folded, without those that are empty."""
    lines = (fold(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
