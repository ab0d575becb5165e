"""The command `newsroom`: arguments, printing, exit codes. What it does stands elsewhere."""

from __future__ import annotations

import errno
import sys

from scraper import console
from scraper.cli import browsing, crawling, doctor, exporting, importing, reading, scheduling
from scraper.cli.app import app
from scraper.cli.pipes import piped
from scraper.errors import ArchiveError, NewsroomError

__all__ = [
    "app",
    "browsing",
    "crawling",
    "doctor",
    "exporting",
    "importing",
    "main",
    "reading",
    "scheduling",
]


def main() -> None:
    """Run the command; every error that is not a bug ends as one paragraph and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with piped():
            app()
    except NewsroomError as error:
        console.print_error(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        console.print_error("Interrupted. What was stored before is safe.")
        sys.exit(130)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        console.print_error(f"The output could not be written: {error.strerror}. Make room.")
        sys.exit(ArchiveError.exit_code)
