"""What newsroom-archive runs on: Python, libraries, SQLite, time zones, the terminal."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib import metadata
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scraper.doctor.check import Check, note, ok, trouble
from scraper.errors import ArchiveError, UsageError
from scraper.fetch.identity import DEFAULT_CONTACT
from scraper.health.maintext import why_unavailable
from scraper.sites import Site

DISTRIBUTION = "newsroom-archive"
LEAST_PYTHON = (3, 11)
# Bounds in any order, and no marker behind them, as those of the extras have.
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)[^;>]*>=\s*([0-9][0-9.]*)[^;]*$")
# What the archive's tables are made of. `STRICT` came with SQLite 3.37.
_FEATURES = {
    "STRICT tables": "CREATE TABLE strict_table (value TEXT) STRICT",
    "full-text search (FTS5)": "CREATE VIRTUAL TABLE full_text USING fts5 (value)",
    "JSON": "SELECT json_extract('[1]', '$[0]')",
}


def check_python(version: tuple[int, ...]) -> Check:
    """Whether this Python is young enough."""
    shown = ".".join(map(str, version[:3]))
    if version[:2] >= LEAST_PYTHON:
        return ok("python", shown)
    least = ".".join(map(str, LEAST_PYTHON))
    return trouble(
        "python",
        f"{shown} is too old",
        f"Install Python {least} or later, and newsroom-archive with it.",
        UsageError.exit_code,
    )


def stated_requirements() -> list[str]:
    """What the installed distribution says it needs; empty if it is not installed."""
    try:
        return metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return []


def check_packages(
    requirements: Iterable[str], version_of: Callable[[str], str] = metadata.version
) -> Check:
    """Whether the libraries are there, and not older than what the code was written against.

    Args:
        requirements: as the metadata of a distribution states them; optional ones are skipped.
        version_of: the installed version of a distribution; raises PackageNotFoundError.
    """
    wanted = [match for text in requirements if (match := _REQUIREMENT.match(text.strip()))]
    if not wanted:
        return note(
            "packages",
            f"{DISTRIBUTION} is not installed as a package, so nothing says what it needs",
            "Install it: python -m pip install .",
        )
    wrong = []
    for match in wanted:
        name, least = match.groups()
        try:
            found = version_of(name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing")
            continue
        if _numbers(found) < _numbers(least):
            wrong.append(f"{name} {found} is older than {least}")
    if wrong:
        again = "Install again: python -m pip install --upgrade ."
        return trouble("packages", "; ".join(wrong), again, UsageError.exit_code)
    return ok("packages", f"{len(wanted)} libraries, all as new as they have to be")


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def check_second_opinion(why_not: str | None = None) -> Check:
    """Whether missed text can be noticed.

    Args:
        why_not: why it cannot; None asks `scraper.health`.
    """
    reason = why_not or why_unavailable()
    if reason is None:
        return ok("second opinion", "trafilatura is there to tell whether text is missed")
    return note(
        "second opinion",
        f"missed main text is not looked for: {reason}",
        '`python -m pip install "newsroom-archive[health]"` adds it.',
    )


def check_sqlite() -> Check:
    """Whether this SQLite has what the archive needs."""
    missing = []
    db = sqlite3.connect(":memory:")
    try:
        for name, statement in _FEATURES.items():
            try:
                db.execute(statement)
            except sqlite3.Error:
                missing.append(name)
    finally:
        db.close()
    version = sqlite3.sqlite_version
    if missing:
        return trouble(
            "sqlite",
            f"SQLite {version} lacks {', '.join(missing)}",
            "Use a Python that is built with SQLite 3.37 or later, such as one of python.org.",
            ArchiveError.exit_code,
        )
    return ok("sqlite", f"{version}, with {', '.join(_FEATURES)}")


def check_time_zone(site: Site) -> Check:
    """Whether the city's clock is known."""
    try:
        moment = datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(ZoneInfo(site.zone))
    except ZoneInfoNotFoundError:
        return trouble(
            "time zone",
            f"{site.zone} is not known, so no time of day can be read",
            "python -m pip install tzdata",
            UsageError.exit_code,
        )
    return ok("time zone", f"{site.zone}, in summer {moment:%z}")


def check_terminal(encoding: str) -> Check:
    """Whether umlauts will look like umlauts.

    Args:
        encoding: what the locale asks for.
    """
    if encoding.lower().replace("-", "").replace("_", "") == "utf8":
        return ok("terminal", encoding)
    return note(
        "terminal",
        f"the locale asks for {encoding}, and newsroom prints UTF-8",
        "Set LANG to one that ends in .UTF-8 (or PYTHONUTF8=1) if umlauts look wrong.",
    )


def check_contact(contact: str) -> Check:
    """Whether the city can reach the person who crawls."""
    if contact != DEFAULT_CONTACT:
        return ok("contact", contact)
    return note(
        "contact",
        "the city's server is told no address at which you can be reached",
        "Set NEWSROOM_CONTACT to a URL or an e-mail address.",
    )
