"""The health of a crawl: all assessments together, and what they mean in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scraper.archive.read import raw_page
from scraper.errors import ArchiveError
from scraper.health.maintext import MISSED_SHARE, main_text, missed_shares, why_unavailable
from scraper.health.observed import FRESH, HISTORY, PARSED, observe, was_healthy
from scraper.health.rhythm import silence
from scraper.health.shares import USUAL_SHARE, find_falls
from scraper.records import Capture, article_from_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scraper.archive import Archive
    from scraper.archive.read import RawPage
    from scraper.health.observed import Observed
    from scraper.health.shares import Fall, Observation
    from scraper.sites import Site

ReadMainText = Callable[[Capture], str]
"""As `main_text`."""

_MANY_UNREADABLE = 5
_SAMPLE = 5
_LEAST_SAMPLE = 3


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run that is to be judged has done."""

    started: datetime
    listed_all: bool = True
    """Whether it has seen the listings; else silence means nothing."""
    news: int = 0
    """Pages it has read and stored as new, changed or moved."""
    stored: int = 0
    """Pages it has read, or found as they were."""
    unparsable: int = 0
    """Pages that came and could not be read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was."""

    kind: str
    """`field`, `parsing`, `main_text` or `silence`."""
    sentence: str
    """For people: what changed, how much, since when, on how many pages."""
    facts: dict[str, Any]
    """The figures behind it, as JSON."""
    example: Observation | None = None
    """A page that shows it."""


@dataclass(frozen=True, slots=True)
class Checkup:
    """What looking over a crawl has shown."""

    findings: tuple[Finding, ...] = ()
    """Each of them is an alarm."""
    notes: tuple[str, ...] = ()
    """Worth a look, no alarm."""
    judged: int = 0
    """Pages that were judged."""
    earlier: int = 0
    """Pages they were judged by."""

    @property
    def example(self) -> Observation | None:
        """A page that shows what changed."""
        return next((found.example for found in self.findings if found.example), None)

    def paragraph(self, site: Site, example: str | None = None) -> str | None:
        """All findings, and what to do next; None if there is nothing to report.

        Args:
            site: whose newsroom.
            example: where the example page lies.
        """
        drift = [found.sentence for found in self.findings if found.kind != "silence"]
        parts = [found.sentence for found in self.findings if found.kind == "silence"]
        if drift:
            shown = f" An example page is kept at {example}." if example else ""
            parts = [_DRIFT.format(name=site.name, what=" ".join(drift), shown=shown), *parts]
        return " ".join(parts) or None


_DRIFT = (
    "The pages of {name} are not as the archive knows them. {what}{shown} Look at one in a "
    "browser: if what is missing stands there, the layout has changed, and the parser misses it. "
    "Upgrade newsroom-archive or adapt its file of the city, then run `newsroom reparse --write`: "
    "every page is kept, nothing is lost. If the city has stopped giving it, this alarm ends by "
    f"itself after {FRESH.days} days or {HISTORY - round(HISTORY * USUAL_SHARE)} such pages, "
    "whichever is later."
)


def check_up(
    archive: Archive,
    site: Site,
    now: datetime,
    run: RunFacts | None = None,
    read: ReadMainText = main_text,
) -> Checkup:
    """Judge the latest pages, and the silence since the newest, by the archive's own history.

    A run that has read nothing, after one that was found healthy, leaves the pages as they were:
    they are not judged again.

    Args:
        archive: what was stored.
        site: whose newsroom.
        now: the present, with time zone.
        run: what is to be judged; None for a look at the archive alone.
        read: finds the main text of a page; a crawl has it done in a worker process.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    idle = run is not None and not run.news and not run.unparsable
    with_pages = not (idle and was_healthy(archive, site.key))
    started = run.started if run else None
    observed = observe(archive, site.key, now, run_started=started, with_pages=with_pages)
    if observed is None:
        return Checkup()
    findings = [_fallen(fall) for fall in find_falls(observed.latest, observed.earlier)]
    if run and not any(found.kind == "parsing" for found in findings):
        findings += _unreadable(run, observed)
    findings += _missed_text(archive, observed, read)
    silent, notes = _silence(observed, site, now) if run is None or run.listed_all else ([], [])
    return Checkup(
        tuple(findings + silent), tuple(notes), len(observed.latest), len(observed.earlier)
    )


def _unreadable(run: RunFacts, observed: Observed) -> list[Finding]:
    """Whether the run could read hardly anything, be there a history or none."""
    if run.unparsable < _MANY_UNREADABLE or run.unparsable <= run.stored:
        return []
    facts = {"unparsable": run.unparsable, "stored": run.stored}
    return [Finding("parsing", _HARDLY_ANY.format(**facts), facts, observed.unreadable)]


_HARDLY_ANY = (
    "{unparsable} pages could not be read, and {stored} could: the site has probably been rebuilt, "
    "or it shows a block page. None of them was stored as an article."
)


def _fallen(fall: Fall) -> Finding:
    facts = {
        "field": fall.field,
        "share_before": round(fall.before, 4),
        "share_now": round(fall.now, 4),
        "pages_before": fall.pages_before,
        "pages_now": fall.pages_now,
        "since": fall.since.date().isoformat(),
        "url": fall.example.url,
    }
    if fall.field == PARSED:
        return Finding("parsing", _UNREADABLE.format(**facts), facts, fall.example)
    return Finding("field", _FALLEN.format(**facts), facts, fall.example)


_FALLEN = (
    "{field} was found on {share_before:.0%} of the {pages_before} pages before, and is found on "
    "{share_now:.0%} of the latest {pages_now}, since about {since}."
)
_UNREADABLE = (
    "{share_before:.0%} of the {pages_before} pages before could be read, and only {share_now:.0%} "
    "of the latest {pages_now}, since about {since}: the site has probably been rebuilt, or it "
    "shows a block page. None of the others was stored as an article."
)


def _silence(observed: Observed, site: Site, now: datetime) -> tuple[list[Finding], list[str]]:
    today = now.astimezone(ZoneInfo(site.zone)).date()
    found = silence(observed.days, today, observed.watching_since)
    if found is None or observed.source == "demo":
        return [], []
    facts = {
        "newest": found.newest.isoformat(),
        "days": found.days,
        "usual_days": found.usual_days,
        "watched_days": found.watched_days,
    }
    text = _SILENT.format(**facts, name=site.name, page=site.origin + site.newsroom_path)
    if found.is_too_long:
        return [Finding("silence", text, facts)], []
    return [], [text] if found.was_too_long and observed.source == "live" else []


_SILENT = (
    "Nothing new for {days} days: the newest release of {name} is of {newest}, and this newsroom "
    "is not silent for more than {usual_days} days as a rule. Look at {page} in a browser. If "
    "newer releases stand there, a listing is stale or no longer read; `newsroom doctor --live` "
    "tells which. If not, the next release ends this alarm."
)


def _missed_text(archive: Archive, observed: Observed, read: ReadMainText) -> list[Finding]:
    """Whether the records lack most of what trafilatura takes for the main text, and did not."""
    if why_unavailable():
        return []
    now = _misread(archive, observed.latest[:_SAMPLE], read)
    bad = [reading for reading, share in now if share > MISSED_SHARE]
    if len(now) < _LEAST_SAMPLE or 2 * len(bad) <= len(now):
        return []
    step = max(1, len(observed.earlier) // _SAMPLE)
    before = _misread(archive, observed.earlier[::step][:_SAMPLE], read)
    bad_before = sum(share > MISSED_SHARE for _reading, share in before)
    if not before or 2 * bad_before > len(before):
        return []  # no news: it has been so for long
    facts = {
        "pages_now": len(now),
        "misread_now": len(bad),
        "pages_before": len(before),
        "misread_before": bad_before,
        "missed_share": round(sum(share for _reading, share in now) / len(now), 4),
        "since": min(reading.at for reading in bad).date().isoformat(),
        "url": bad[0].url,
    }
    return [Finding("main_text", _MISSED.format(**facts, most=MISSED_SHARE), facts, bad[0])]


_MISSED = (
    "More than {most:.0%} of the main text is missing from the records of {misread_now} of the "
    "latest {pages_now} pages, measured by trafilatura, and was from {misread_before} of "
    "{pages_before} before."
)


def _misread(
    archive: Archive, readings: Sequence[Observation], read: ReadMainText
) -> list[tuple[Observation, float]]:
    """The share of main text that each record lacks; pages without main text are left out."""
    pages = [(reading, page) for reading in readings if (page := _raw_page(archive, reading))]
    shares = missed_shares(
        [read(page.capture) for _reading, page in pages],
        [article_from_json(page.record) for _reading, page in pages],
    )
    found = zip(pages, shares, strict=True)
    return [(reading, share) for (reading, _page), share in found if share is not None]


def _raw_page(archive: Archive, reading: Observation) -> RawPage | None:
    """The page behind a reading; a missing or damaged one is the business of `verify`."""
    try:
        return raw_page(archive, reading.revision_id) if reading.revision_id else None
    except ArchiveError:
        return None
