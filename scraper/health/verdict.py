"""The health of the site as a run reports it: warnings, findings, path of an example page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.archive.read import read_capture_by_id
from scraper.errors import ArchiveError
from scraper.health.checkup import ReadMainText, check_up
from scraper.health.example import keep_example
from scraper.health.maintext import main_text

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from scraper.archive import Archive
    from scraper.health.checkup import Checkup, RunFacts
    from scraper.sites import Site


@dataclass(frozen=True, slots=True)
class Verdict:
    """What goes into the report of a run."""

    warnings: list[str] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    """Each an alarm: `kind`, the figures, and `example`, the path of a page that shows it."""


def judge_run(
    archive: Archive,
    site: Site,
    run: RunFacts,
    now: datetime,
    read: ReadMainText = main_text,
) -> Verdict:
    """Judge a run that has just stored its pages.

    Args:
        archive: what was stored; an example page goes into its directory.
        site: whose newsroom.
        run: what it has done.
        now: the present, with time zone.
        read: finds the main text of a page; a crawl has it done in a worker process.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    checkup = check_up(archive, site, now, run, read)
    example = _keep(archive, checkup, now)
    paragraph = checkup.paragraph(site, str(example) if example else None)
    shown = {"example": str(example)} if example else {}
    return Verdict(
        [*([paragraph] if paragraph else []), *checkup.notes],
        [{"kind": found.kind, **found.facts, **shown} for found in checkup.findings],
    )


def _keep(archive: Archive, checkup: Checkup, now: datetime) -> Path | None:
    page = checkup.example
    if page is None or page.capture_id is None:
        return None
    try:
        capture = read_capture_by_id(archive, page.capture_id)
    except ArchiveError:  # the alarm counts, with an example or without
        return None
    return keep_example(archive.path.parent, capture, now)
