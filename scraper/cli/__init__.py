"""The command `newsroom`: arguments, printing, exit codes. Other packages do the work.

Each verb imports what it needs when it runs, so that `newsroom --help` and a search start quickly.
"""

from __future__ import annotations

import atexit
import errno
import gc
import sys
from typing import NoReturn

from scraper.cli import (
    assistants,
    backfilling,
    backups,
    browsing,
    comparing,
    crawling,
    doctor,
    exporting,
    extracting,
    forgetting,
    importing,
    listing,
    merging,
    people,
    querying,
    reading,
    rebuilding,
    scheduling,
    sites,
    watching,
)
from scraper.cli.app import app
from scraper.cli.examples import add_examples
from scraper.cli.pipes import open_closed_streams, piped
from scraper.errors import ArchiveError, NewsroomError, NoFileHandles, raise_if_no_handles

__all__ = [
    "app",
    "assistants",
    "backfilling",
    "backups",
    "browsing",
    "comparing",
    "crawling",
    "doctor",
    "exporting",
    "extracting",
    "forgetting",
    "importing",
    "listing",
    "main",
    "merging",
    "people",
    "querying",
    "reading",
    "rebuilding",
    "scheduling",
    "sites",
    "watching",
]


add_examples(app)


def main() -> None:
    """Run the command; every error that is not a bug ends as one paragraph and its exit code."""
    # At its end Python looks through all objects once more, for an eighth of a search's time.
    atexit.register(gc.freeze)
    open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with piped():
            app(prog_name="newsroom")
    except NewsroomError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _fail("Interrupted. What was stored before is safe.", 130)
    except OSError as error:
        try:
            raise_if_no_handles(error)
        except NoFileHandles as found:
            _fail(str(found), found.exit_code)
        if error.errno != errno.ENOSPC:
            raise
        _fail(
            f"The output could not be written: {error.strerror}. Make room.", ArchiveError.exit_code
        )


def _fail(message: str, exit_code: int) -> NoReturn:
    from scraper.console.base import print_error

    with piped():
        print_error(message)
    sys.exit(exit_code)
