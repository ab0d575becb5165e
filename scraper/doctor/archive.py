"""The archive: whether it is sound, how the last runs went, and what they show of the site."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from scraper.archive import Archive
from scraper.archive.clock import clock_trouble
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.others import trigger_troubles
from scraper.archive.runs import IS_CRAWL
from scraper.archive.schema import SCHEMA_VERSION
from scraper.archive.search.check import count_due
from scraper.dates import parse_instant
from scraper.doctor.check import Check, note, ok, trouble
from scraper.doctor.directory import size_of
from scraper.errors import ArchiveError, LayoutDrift, PagesFailed
from scraper.health.checkup import check_up
from scraper.health.observed import observe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.sites import Site

_SHOWN = 5
_STREAK = 3
_LONG_AGO = timedelta(days=7)
_WELL = frozenset({0, PagesFailed.exit_code})
_NAME = "archive"


@contextmanager
def opened(directory: Path, checks: list[Check]) -> Iterator[Archive | None]:
    """The archive, opened for reading and never upgraded; None if it is not there or not readable.

    Args:
        directory: where.
        checks: gets what opening it has shown.
    """
    path = directory / DATABASE_NAME
    if not path.exists():
        advice = "Fill it with `newsroom crawl`, or try `newsroom demo`."
        checks.append(note(_NAME, f"there is none at {path} yet", advice))
        yield None
        return
    try:
        archive, is_ready = Archive.open_as_it_is(path)
    except ArchiveError as error:
        checks.append(trouble(_NAME, str(error), "Nothing was changed.", error.exit_code))
        yield None
        return
    with archive:
        is_present = is_ready or archive.is_present_version()
        if not is_present:
            detail = f"{path} was written by an earlier newsroom-archive"
            advice = "Nothing to do: the next command that opens it upgrades it."
            checks.append(note(_NAME, detail, advice))
        yield archive if is_present else None


def check_database(archive: Archive) -> Check:
    """Whether the file is sound: pages, keys."""
    found = archive.rows("PRAGMA quick_check(5)")
    wrong = [str(row["quick_check"]) for row in found if row["quick_check"] != "ok"]
    keys = len(archive.rows("PRAGMA foreign_key_check"))
    if keys:
        wrong.append(f"{keys} rows point to rows that are missing")
    if wrong:
        return trouble(
            _NAME,
            f"{archive.path} is damaged: {'; '.join(wrong)}",
            "Keep a copy, run `newsroom verify` for the whole list, and restore a backup.",
            ArchiveError.exit_code,
        )
    articles = archive.rows("SELECT count(*) AS n FROM articles")[0]["n"]
    size = size_of(archive.path.parent)
    return ok(_NAME, f"{articles:,} articles, schema {SCHEMA_VERSION}; to back up: {size}")


def check_triggers(archive: Archive) -> Iterator[Check]:
    """Whether other programs have changed the archive's triggers and indexes."""
    for sentence in trigger_troubles(archive.connection, archive.path):
        advice = "`newsroom verify` says whether the search index has missed something."
        yield trouble("triggers", sentence, advice, ArchiveError.exit_code)


def check_search(archive: Archive) -> Check:
    """Whether the search index knows all articles."""
    due = count_due(archive)
    if due:
        return note(
            "search index",
            f"{due:,} articles or quotations are to be indexed again",
            "Nothing to do: the next crawl does it.",
        )
    return ok("search index", "current")


def check_runs(archive: Archive, site: Site, now: datetime) -> Check:
    """How the last runs ended, and when one last ended well."""
    wrong = clock_trouble(archive, now)
    if wrong:
        advice = "Set the clock; the next crawl then looks again at what was put off."
        return trouble("clock", wrong, advice, ArchiveError.exit_code)
    runs = archive.rows(
        "SELECT started_at, finished_at, exit_code FROM runs WHERE site = ? AND "  # noqa: S608 - a constant
        f"{IS_CRAWL} AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 100",
        (site.key,),
    )
    if not runs:
        return note("runs", "no crawl has come to its end yet", "Run `newsroom crawl`.")
    codes = ", ".join(str(run["exit_code"]) for run in runs[:_SHOWN])
    good = next((at for at, run in enumerate(runs) if run["exit_code"] in _WELL), None)
    detail = f"exit codes of the last, newest first: {codes}; {_last_success(runs, good)}"
    streak = len(runs) if good is None else good
    if streak >= _STREAK:
        code = int(runs[0]["exit_code"])
        advice = "Run `newsroom crawl` by hand and read what it says."
        return trouble("runs", f"the last {streak} failed; {detail}", advice, code)
    since = parse_instant(runs[0]["finished_at"])
    if since is not None and now - since > _LONG_AGO:
        days = (now - since).days
        advice = "Run `newsroom crawl`, or have it run on a schedule."
        return note("runs", f"the last was {days} days ago; {detail}", advice)
    return ok("runs", detail)


def _last_success(runs: list[dict[str, Any]], good: int | None) -> str:
    if good is None:
        return "none of them ended well"
    return f"the last good one ended at {runs[good]['finished_at']}"


def check_health(archive: Archive, site: Site, now: datetime) -> Iterator[Check]:
    """What the latest pages show, against those before them."""
    checkup = check_up(archive, site, now)
    for found in checkup.findings:
        advice = "Run `newsroom doctor --live`; docs/operate.md says what such a finding means."
        yield trouble("health", found.sentence, advice, LayoutDrift.exit_code)
    for text in checkup.notes:
        yield note("health", text)
    if checkup.findings or checkup.notes:
        return
    if not checkup.judged or not checkup.earlier:
        yield ok("health", "nothing to judge yet: there are no pages newer than the first run")
    else:
        counts = f"the latest {checkup.judged} pages have what the {checkup.earlier} before had"
        yield ok("health", counts)


def usual_shares(archive: Archive, site: Site, now: datetime) -> dict[str, float]:
    """How often a page has each field, 0 to 1, over the latest pages that were read."""
    observed = observe(archive, site.key, now)
    readings = (*observed.latest, *observed.earlier) if observed else ()
    marks: dict[str, list[bool]] = {}
    for reading in readings:
        for name, there in reading.has.items():
            marks.setdefault(name, []).append(there)
    return {name: sum(found) / len(found) for name, found in marks.items()}
