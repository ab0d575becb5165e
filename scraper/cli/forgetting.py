"""The verb that erases releases: forget."""

import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.app import app
from scraper.cli.options import Json
from scraper.errors import UsageError

if TYPE_CHECKING:
    from scraper.archive import Archive
    from scraper.archive.forget import RedactPage


@app.command()
def forget(
    context: typer.Context,
    references: Annotated[
        list[str] | None, typer.Argument(metavar="ID_OR_URL...", show_default=False)
    ] = None,
    speaker: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Every release that names a person; repeatable."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why; stays in the tombstone.")
    ] = None,
    who: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Who asked for it, or does it; stays, too.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Erase releases, raw pages too; a tombstone stays.

    With --speaker every release that names the person goes, and the name is blackened where else it
    stands. It cannot be undone. Ended on the way, the same command completes it.
    """
    from scraper.archive import Archive
    from scraper.archive.forget import exports_of, look_up, not_completed
    from scraper.archive.forget import forget as erase
    from scraper.archive.forget_names import references_naming, watches_naming
    from scraper.console.base import print_json
    from scraper.console.forgetting import Left, as_document, print_erased, print_plans

    directory: Path = context.obj
    names = speaker or []
    if not (references or names):
        raise UsageError("Say which releases: by number or address, or with --speaker NAME.")
    given = references or []
    with Archive.open_existing(directory) as archive:
        plans, before = look_up(archive, [*given, *references_naming(archive, names)])
        if names:
            before += [row for row in not_completed(archive) if row not in before]
        left = Left(exports_of(archive), watches_naming(archive, names))
    unfinished = any(row["state"] != "done" for row in before)
    if not as_json:
        print_plans(plans, before, names)
    if dry_run or not (plans or unfinished):
        if as_json:
            print_json(as_document(plans, before, left, erased=False))
        return
    if not yes:
        _ask(as_json=as_json)
    with ExitStack() as stack:
        archive = _alone(stack, directory)
        now = datetime.now(UTC)
        gone = erase(archive, given, _redacting(archive), now, reason, who, names, _renew_feeds)
    if as_json:
        print_json(as_document(gone, before, left, erased=True))
    else:
        print_erased(gone, left)


def _ask(*, as_json: bool) -> None:
    """See that the user means it.

    Raises:
        UsageError: they do not, or there is nobody to ask.
    """
    if as_json or not sys.stdin.isatty():
        raise UsageError(
            "Nothing was erased: nobody can be asked here, and it cannot be undone. Add --yes to "
            "erase it, or --dry-run to see what would go."
        )
    if not typer.confirm("Erase it for good?"):
        raise UsageError("Nothing was erased.")


def _alone(stack: ExitStack, directory: Path) -> "Archive":
    """The archive, with every newsroom held against crawls."""
    from scraper.archive import Archive, crawl_lock
    from scraper.archive.arriving import WAITING

    with Archive.open(directory) as archive:
        rows = archive.rows("SELECT key FROM sites UNION SELECT site FROM runs ORDER BY 1")
    for row in rows:
        stack.enter_context(crawl_lock(directory, row["key"]))
        if (directory / WAITING).is_dir():  # a backfill that fetches holds it there
            stack.enter_context(crawl_lock(directory / WAITING, row["key"]))
    return stack.enter_context(Archive.open(directory))


def _renew_feeds(archive: "Archive") -> None:
    """Write the feeds of watches without what is not in the archive any more."""
    from scraper.watch import feed, saved

    for watch in saved.every(archive):
        if feed.path_of(archive.path.parent, watch).exists():
            feed.write(archive, watch)


def _redacting(archive: "Archive") -> "RedactPage":
    """Takes teasers out of a page of the site that has its address."""
    from scraper.archive.followed import registry_of
    from scraper.extract.redacting import redacting

    return redacting(registry_of(archive))
