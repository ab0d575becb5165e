"""One line of JSON for each crawl, beside the archive: `log/runs.jsonl`.

It also holds the crawls that never reached the archive: another one was running, the site was out
of reach, the database could not be opened.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from filelock import FileLock, Timeout

from scraper import __version__
from scraper.crawl.report import figures
from scraper.dates import utc_iso
from scraper.errors import NewsroomError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from scraper.crawl.report import RunReport

LOG_NAME = "log/runs.jsonl"
MAX_BYTES = 1_000_000
"""A file that would grow larger is put aside as `runs.jsonl.1`, that one as `.2`, and so on."""
KEPT_FILES = 5
_LOCK_SECONDS = 10


@contextmanager
def logged(
    directory: Path, report: RunReport, *, source: str, now: Callable[[], datetime]
) -> Iterator[None]:
    """Note how the run within it ended, whichever way it ends.

    Args:
        directory: of the archive; where there is none when the run has ended, nothing is noted.
        report: of the run. What the run raises is noted and raised again.
        source: `live`, `demo`, or the address of a mirror.
        now: the clock.
    """
    entry: dict[str, Any] = {
        "started_at": utc_iso(now()),
        "finished_at": None,
        "site": report.site,
        "source": source,
        "version": __version__,
        "process": os.getpid(),
        "exit_code": 1,
    }
    try:
        yield
        entry |= figures(report)
        entry["failures"] = len(report.failures)
    except NewsroomError as error:
        entry |= {"exit_code": error.exit_code, "error": str(error)}
        raise
    except BaseException as error:
        entry["error"] = f"{type(error).__name__}: {error}"
        raise
    finally:
        entry["finished_at"] = utc_iso(now())
        warning = log_run(directory, entry)
        if warning:
            report.warnings.append(warning)


def log_run(directory: Path, entry: dict[str, Any]) -> str | None:
    """Append a line to the log; never raises for what a disk or another process does.

    Args:
        directory: of the archive. It is not made: a crawl that failed before leaves nothing.
        entry: what is written, as JSON.

    Returns:
        Why it could not be written, as a warning for people; None when it was.
    """
    if not directory.is_dir():
        return None
    path = directory / LOG_NAME
    # Names of files may hold bytes that are no UTF-8: they become escapes, in JSON's own spelling.
    line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
    try:
        path.parent.mkdir(exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=_LOCK_SECONDS):
            _append(path, line)
    except Timeout:
        reason = "another process holds it"
    except OSError as error:
        reason = error.strerror or str(error)
    else:
        return None
    return f"The run could not be noted in {path}: {reason}. What was fetched is stored."


def _append(path: Path, line: bytes) -> None:
    """Write a line whole or not at all, after the last whole one."""
    with path.open("a+b") as file:
        end = _cut_half_line(file)
    if end and end + len(line) > MAX_BYTES:
        _rotate(path)
        end = 0
    with path.open("ab", buffering=0) as file:
        try:
            while line:  # a disk that fills up takes a part, and refuses the rest
                line = line[file.write(line) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(end)
            raise


def _cut_half_line(file: BinaryIO) -> int:
    """Cut what a run that was killed left behind the last line end; returns the size."""
    file.seek(0)
    content = file.read()
    end = content.rfind(b"\n") + 1
    if end < len(content):
        file.truncate(end)
    return end


def _rotate(path: Path) -> None:
    for number in range(KEPT_FILES - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    path.replace(path.with_name(f"{path.name}.1"))
