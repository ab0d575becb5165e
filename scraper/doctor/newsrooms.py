"""How each of several newsrooms stands, the worst first."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scraper.archive.runs import IS_CRAWL, last_runs
from scraper.dates import parse_instant
from scraper.doctor.check import Check, ok, trouble
from scraper.errors import ArchiveError, LayoutDrift, PagesFailed, SiteUnreachable

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.archive import Archive

_NAME = "newsrooms"
_LONG_AGO = timedelta(days=7)
_SHOWN = 160

_STATES = {
    "failed": ArchiveError.exit_code,
    "blocked": SiteUnreachable.exit_code,
    "drifted": LayoutDrift.exit_code,
    "silent": LayoutDrift.exit_code,
    "killed": 0,
    "not crawled": 0,
    "some pages failed": 0,
    "well": 0,
}
"""What a newsroom can be, the worst first, and the exit code that belongs to it."""

_LATEST = f"""
SELECT r.site, r.exit_code, r.finished_at, r.warnings, r.findings FROM runs r JOIN (
  SELECT max(id) AS id FROM runs
  WHERE finished_at IS NOT NULL AND {IS_CRAWL} GROUP BY site
) latest ON latest.id = r.id
"""  # noqa: S608 - a constant
_RELEASES = """
SELECT s.key AS site, s.name, count(a.id) AS releases, max(a.published) AS newest
FROM sites s LEFT JOIN articles a ON a.site = s.key
WHERE s.dropped_at IS NULL GROUP BY s.key, s.name
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a newsroom stands."""

    newsroom: str
    """Its key."""
    state: str
    """One of those in `_STATES`."""
    releases: int
    newest: str | None
    """Day of its newest release, ISO."""
    last_run: str | None
    """When its last crawl that came to an end did so, UTC; None if none has."""
    why: str | None
    """What the last crawl said about it, in short."""


def standings(archive: Archive, now: datetime) -> list[Standing]:
    """How the newsrooms stand that an archive follows, the worst first.

    Args:
        archive: open for reading.
        now: the present, with time zone.
    """
    latest = {row["site"]: row for row in archive.rows(_LATEST)}
    found = []
    for row in archive.rows(_RELEASES):
        run = latest.get(row["site"])
        state, why = _state(archive, row["site"], run, now)
        newest = row["newest"][:10] if row["newest"] else None
        ended = run["finished_at"] if run else None
        found.append(Standing(row["site"], state, row["releases"], newest, ended, why))
    order = list(_STATES)
    return sorted(found, key=lambda each: (order.index(each.state), each.newsroom))


def _state(
    archive: Archive, site: str, run: dict[str, Any] | None, now: datetime
) -> tuple[str, str | None]:
    if run is None:
        return "not crawled", "no crawl has come to its end yet"
    code, warnings = run["exit_code"], json.loads(run["warnings"] or "[]")
    why = _in_short(warnings[-1]) if warnings else None
    if code == SiteUnreachable.exit_code:
        return "blocked", why
    if code == LayoutDrift.exit_code:
        kinds = {finding.get("kind") for finding in json.loads(run["findings"] or "[]")}
        return ("silent" if kinds == {"silence"} else "drifted"), why
    if code not in {0, PagesFailed.exit_code}:
        return "failed", why
    ended = parse_instant(run["finished_at"])
    if ended is not None and now - ended > _LONG_AGO:
        return "not crawled", f"for {(now - ended).days} days"
    if last_runs(archive, site, 1, now)[0]["state"] == "killed":
        return "killed", "the next crawl goes on from there"
    return ("some pages failed", None) if code else ("well", None)


def _in_short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rsplit(" ", 1)[0] + " …"


def check_newsrooms(archive: Archive, now: datetime) -> Check:
    """One table of the newsrooms that an archive follows."""
    found = standings(archive, now)
    rows = tuple(asdict(each) for each in found)
    bad = [each for each in found if _STATES[each.state]]
    if not bad:
        return ok(_NAME, f"{len(found)}, none of them in trouble").with_rows(rows)
    counts = [
        f"{sum(each.state == state for each in bad)} {state}"
        for state in _STATES
        if any(each.state == state for each in bad)
    ]
    return trouble(
        _NAME,
        f"{len(bad)} of {len(found)} need a look: {', '.join(counts)}",
        "`newsroom doctor --site KEY --live` looks at one of them.",
        _STATES[bad[0].state],
    ).with_rows(rows)
