"""Asking other programs: `crontab`, `systemctl`, `loginctl`, and our own interpreter."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

from scraper.errors import UsageError

_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    returncode: int
    output: bytes
    complaint: str
    """The last line of its standard error, or its exit code when it said nothing; no full stop."""
    errors: str
    """All of its standard error."""


def run_program(
    command: list[str],
    given: bytes = b"",
    *,
    directory: str | None = None,
    settings: dict[str, str | None] | None = None,
) -> Ended:
    """Run a program to its end, in English and with times in UTC.

    Args:
        command: the program and its arguments; no shell is involved.
        given: its standard input.
        directory: where it runs, None for here.
        settings: variables for it; None takes one away.

    Raises:
        UsageError: it cannot be started, or does not end.
    """
    # Debian's crontab prints its own header with CRONTAB_NOHEADER=N; the header is not the user's.
    environment = os.environ | {"LC_ALL": "C", "TZ": "UTC", "CRONTAB_NOHEADER": "Y"}
    for name, value in (settings or {}).items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    try:
        ended = subprocess.run(  # noqa: S603 - a program we name, no shell
            command,
            input=given,
            capture_output=True,
            check=False,
            cwd=directory,
            env=environment,
            timeout=_TIMEOUT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = getattr(error, "strerror", None) or f"no end after {_TIMEOUT_SECONDS} s"
        raise UsageError(
            f"{command[0]} could not be run: {reason}. Nothing was scheduled; "
            "docs/schedule.md shows other ways."
        ) from error
    errors = ended.stderr.decode(errors="replace").strip()
    last = errors.splitlines()[-1].rstrip(".") if errors else f"exit code {ended.returncode}"
    return Ended(ended.returncode, ended.stdout, last, errors)
