"""Erasing releases from an archive, resumable at any point (GDPR, Art. 17).

First a plan is written down, with keyed hashes that keep the release out from then on. Then the
tables are cleaned, the WARC files made anew one by one, the chain of runs brought in line, and the
free pages of the database emptied. What was ended on the way, the next call completes. Journals,
which went with the rest, are written anew.
"""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any

from scraper import urls, warc
from scraper.archive.chain import add_link, new_files, renew_links
from scraper.archive.connection import guarded
from scraper.archive.forget_files import clean_beside, clean_bodies, erase_files, finish_files
from scraper.archive.forget_names import references_naming
from scraper.archive.forget_plan import (
    DONE,
    ERASED,
    PLANNED,
    Plan,
    pending,
    plan_again,
    plan_for,
    plan_for_page,
    write_down,
)
from scraper.archive.forget_rows import cleaner, erase_rows
from scraper.archive.journal import forget_marks, write_journals
from scraper.archive.read import find_article_id
from scraper.archive.tombstones import tombstone_of
from scraper.archive.watches import feed_name
from scraper.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from scraper.archive.connection import Archive

    RedactPage = Callable[
        [bytes, str, str, Collection[str], Collection[str], Collection[str]], bytes | None
    ]
    """Body, content type, address of a page; addresses and titles of what goes; names."""
    Renew = Callable[[Archive], None]
    """Makes anew what lies beside the archive and follows from its tables."""


def look_up(archive: Archive, references: Iterable[str]) -> tuple[list[Plan], list[dict[str, Any]]]:
    """What would go with releases; nothing is written.

    Args:
        archive: where.
        references: numbers, addresses or content ids; addresses of pages that were not read, too.

    Returns:
        A plan for each release that is there; and `address day state` of those that were erased
        before, or whose erasure was not completed.

    Raises:
        UsageError: there is no such release, and none was erased.
    """
    plans: dict[str, Plan] = {}
    before = []
    for reference in references:
        known = _tombstone(archive, reference)
        try:
            article_id = find_article_id(archive, reference)
        except UsageError:
            page = plan_for_page(archive, urls.canonical(reference) or reference)
            if known is not None:
                before.append(known)
            elif page is not None:
                plans.setdefault(page.address, page)
            else:
                raise
        else:
            if known is not None and known["state"] == PLANNED:
                before.append(known)  # written down, and ended before anything went
            elif all(plan.article != article_id for plan in plans.values()):
                plan = plan_for(archive, article_id)
                plans[plan.address] = plan
    return list(plans.values()), before


def _tombstone(archive: Archive, reference: str) -> dict[str, Any] | None:
    url = urls.canonical(reference) or reference
    number = tombstone_of(archive, url)
    if number is None:
        planned = (n for n, plan in pending(archive).items() if str(plan.article) == reference)
        number = next(planned, None)
    if number is None:
        return None
    sql = "SELECT address, day, state FROM tombstones WHERE id = ?"
    return archive.rows(sql, (number,))[0]


def not_completed(archive: Archive) -> list[dict[str, Any]]:
    """`address day state` of releases whose erasure was begun and not completed."""
    sql = "SELECT address, day, state FROM tombstones WHERE state <> ? ORDER BY id"
    return archive.rows(sql, (DONE,))


def unfinished(archive: Archive) -> int:
    """How many erasures were begun and not completed."""
    sql = "SELECT count(*) AS n FROM tombstones WHERE state <> ?"
    return int(archive.rows(sql, (DONE,))[0]["n"])


def forget(
    archive: Archive,
    references: Iterable[str],
    redact: RedactPage,
    now: datetime,
    reason: str | None = None,
    who: str | None = None,
    names: Collection[str] = (),
    renew: Renew | None = None,
) -> list[Plan]:
    """Erase releases, and complete what was ended on the way; returns what has gone.

    Call it while holding the lock of every newsroom.

    Args:
        archive: where.
        references: numbers, addresses or content ids.
        redact: takes teasers out of pages, see `scraper.markup.redact.redact_page`.
        now: the present.
        reason: kept in the tombstone.
        who: asked for it or does it, kept there, too.
        names: of persons; the releases that name them go, too, see `references_naming`.
        renew: makes anew what follows from the tables, such as feeds.

    Raises:
        UsageError: there is no such release.
        ArchiveError: something could not be written; the same command completes it.
    """
    references = [*references, *references_naming(archive, names)]
    plans, _before = look_up(archive, references)
    archive.connection.execute("PRAGMA secure_delete = ON")
    warc.recover(archive.warc_directory)
    finished = complete(archive, redact, now, renew)
    gone = {plan.address for plan in finished}
    # What was completed has moved records: places are looked up again.
    again = [plan_again(archive, plan) for plan in plans if plan.address not in gone]
    plans = [plan for plan in again if plan is not None]
    for plan in plans:
        plan.names = [*names]
    if plans:
        write_down(archive, plans, now, reason, who)
        finished += complete(archive, redact, now, renew)
    return finished


def complete(
    archive: Archive, redact: RedactPage, now: datetime, renew: Renew | None = None
) -> list[Plan]:
    """Carry out all plans that are written down; returns them.

    Raises:
        ArchiveError: see `forget`.
    """
    finish_files(archive)
    plans = pending(archive)
    if plans:
        _carry_out(archive, plans, redact)
    if renew is not None:
        renew(archive)
    if archive.rows("SELECT 1 FROM tombstones WHERE state = ?", (ERASED,)):
        _empty_free_pages(archive)
        with archive.transaction() as db:
            db.execute("UPDATE tombstones SET state = ? WHERE state = ?", [DONE, ERASED])
        _tell(archive, now)
        _checkpoint(archive)
    return list(plans.values())


def _tell(archive: Archive, now: datetime) -> None:
    """Write the journals anew, and say so in the chain. If that is cut off, the next run does."""
    write_journals(archive, now)
    files = new_files(archive)
    if files:
        (row,) = archive.rows("SELECT max(id) AS id FROM tombstones")
        add_link(archive, -row["id"], files)


def _carry_out(archive: Archive, plans: dict[int, Plan], redact: RedactPage) -> None:
    every = list(plans.values())
    addresses = {url for plan in every for url in plan.addresses}
    titles = [title for plan in every for title in plan.titles]
    names = sorted({name for plan in every for name in plan.names})
    taking = partial(_take, redact, addresses, titles, names)
    (row,) = archive.rows("SELECT day FROM tombstones WHERE id = ?", (min(plans),))
    erase_rows(archive, every)
    erase_files(archive, plans, row["day"], taking)
    clean_bodies(archive, taking)
    clean_beside(archive.path.parent, every, cleaner(addresses, titles, names), taking)
    with archive.transaction() as db:
        forget_marks(db)
        for number in plans:
            renew_links(archive, number)
            db.execute(
                "UPDATE tombstones SET state = ?, plan = NULL WHERE id = ?", [ERASED, number]
            )


def _take(
    redact: RedactPage,
    addresses: Collection[str],
    titles: Collection[str],
    names: Collection[str],
    body: bytes,
    content_type: str,
    url: str,
) -> bytes | None:
    return redact(body, content_type, url, addresses, titles, names)


def _empty_free_pages(archive: Archive) -> None:
    """Make the database file anew, so that no free page holds anything."""
    with guarded(archive.path):
        archive.connection.execute("VACUUM")
    _checkpoint(archive)


def _checkpoint(archive: Archive) -> None:
    """Bring the log of the database into it, and empty it.

    Raises:
        ArchiveError: another program reads the archive just now.
    """
    try:
        busy = archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError:
        busy = 1
    if busy:
        raise ArchiveError(
            f"The archive {archive.path} is being read by another program, so that its write-ahead "
            "log could not be emptied, which may still hold what was erased. Close the program "
            "(such as `newsroom browse`), and run the same command again."
        )


def exports_of(archive: Archive) -> list[str]:
    """Names of the files in `exports/`, which may hold what was erased and are not looked into.

    The feeds of watches are not among them: they are made anew.
    """
    folder = archive.path.parent / "exports"
    feeds = {folder / feed_name(row["name"]) for row in archive.rows("SELECT name FROM watches")}
    return sorted(str(p) for p in folder.rglob("*") if p.is_file() and p not in feeds)
