"""An import as it is asked for, and what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """An import as a user asks for it."""

    directory: Path
    """Of the archive."""
    paths: tuple[Path, ...]
    site: str
    dry_run: bool = False
    """Only say what would come in; write nothing."""
    cluster: str | None = None
    """Address of a Dask scheduler whose workers see the same paths; None for this machine."""


@dataclass
class ImportReport:
    """What an import did."""

    site: str
    read: int = 0
    """Pages of articles that were found."""
    new: int = 0
    changed: int = 0
    """Pages that show one more version of an article, whether older or newer than those known."""
    unchanged: int = 0
    failed: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    """What is no page to import, by reason."""
    failures: list[tuple[str, str]] = field(default_factory=list)
    """File and place, and reason, of what could not be read."""
    undated: int = 0
    """Pages that do not say when they were captured: the time of their file was taken."""
    warnings: list[str] = field(default_factory=list)
    ended_early: str | None = None
    """Why the import stopped before its end; None if it did not."""
    dry_run: bool = False
    exit_code: int = 1
    """What the process ends with; 1 until the import has come to an end."""

    def fail(self, where: str, reason: str) -> None:
        """Count something that could not be read."""
        self.failed += 1
        self.failures.append((where, reason))
