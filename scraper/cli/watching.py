"""The verb `watch`: saved searches that tell what is new."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import completing
from scraper.cli.app import app
from scraper.cli.options import Json
from scraper.cli.plain_values import PlainGroup
from scraper.errors import (
    ArchiveError,
    CrawlRunning,
    Interrupted,
    NewsroomError,
    PagesFailed,
    UsageError,
)

watch = typer.Typer(
    cls=PlainGroup,
    no_args_is_help=True,
    help="Saved searches that tell what is new: add, list, run, drop.",
)
app.add_typer(watch, name="watch")


@watch.command()
def add(
    context: typer.Context,
    query: Annotated[
        str | None, typer.Argument(help="Words to search for; without them, all releases.")
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(autocompletion=completing.speakers, help="Only where this person speaks."),
    ] = None,
    site: Annotated[
        list[str] | None,
        typer.Option("--site", help="Only of this newsroom; may be given several times."),
    ] = None,
    tag: Annotated[
        str | None, typer.Option(autocompletion=completing.tags, help="Only with this tag.")
    ] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="Also edits, removals and corrections.")
    ] = False,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            help="An address of apprise's (mailto://…, ntfy://…), or env:NAME for one in the "
            "environment; may be given several times.",
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    as_json: Json = False,
) -> None:
    """Save a search; what is new from now on is told after each crawl."""
    from scraper.archive import Archive
    from scraper.archive.watches import watches
    from scraper.console.base import print_json
    from scraper.console.watches import print_added
    from scraper.watch import feed, saved

    wanted = saved.Wanted(query, name, speaker, tag, tuple(site or ()), changes, tuple(to or ()))
    Archive.open_existing(context.obj).close()
    with Archive.open(context.obj) as archive:
        made = saved.add(archive, wanted, datetime.now(UTC))
        feed.write(archive, made)
        row = next(one for one in watches(archive) if one["id"] == made.id)
    if as_json:
        print_json(row)
    else:
        print_added(row, context.obj)


@watch.command(name="list")
def list_all(context: typer.Context, as_json: Json = False) -> None:
    """List the saved searches, whom they tell, and what is yet to be told."""
    from scraper.archive import Archive
    from scraper.archive.watches import watches
    from scraper.console.base import print_json
    from scraper.console.watches import print_watches

    with Archive.open_existing(context.obj) as archive:
        rows = watches(archive)
    if as_json:
        print_json(rows)
    else:
        print_watches(rows)


@watch.command()
def run(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what is new; tell nobody.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Tell what is new since the last time.

    Exit code 3: somebody could not be told; it is tried again with the next run.
    """
    from scraper.archive import Archive
    from scraper.console.base import print_json
    from scraper.console.watches import print_reports, reports_as_json
    from scraper.watch.run import preview
    from scraper.watch.run import run as run_all

    Archive.open_existing(context.obj).close()
    reports = preview(context.obj) if dry_run else run_all(context.obj, datetime.now(UTC))
    code = PagesFailed.exit_code if any(report.failed for report in reports) else 0
    if as_json:
        print_json(reports_as_json(reports, code))
    else:
        print_reports(reports, dry_run=dry_run)
    raise typer.Exit(code)


@watch.command()
def drop(context: typer.Context, name: Annotated[str, typer.Argument(metavar="WATCH")]) -> None:
    """Forget a saved search, by its name or number, with its addresses and its feed."""
    from scraper.archive import Archive
    from scraper.console.base import say
    from scraper.watch import feed, saved

    Archive.open_existing(context.obj).close()
    with Archive.open(context.obj) as archive:
        gone = saved.drop(archive, name)
        feed.remove(context.obj, gone)
    say(f"The watch {gone.name} is dropped.")


@contextmanager
def then_told(directory: Path, stop: threading.Event, *, unless: bool) -> Iterator[None]:
    """Run the watches of an archive at the end of crawls, also of those that have failed.

    Trouble with telling is only a note: it does not spoil the crawl. What a crawl has found that
    was asked to end is told by the next one.

    Args:
        directory: of the archive.
        stop: set when all is to end.
        unless: whether nothing is to be told.
    """
    try:
        yield
    except (ArchiveError, CrawlRunning, Interrupted, UsageError):
        raise
    except NewsroomError:
        _tell(directory, unless=unless or stop.is_set())
        raise
    _tell(directory, unless=unless or stop.is_set())


def _tell(directory: Path, *, unless: bool) -> None:
    from scraper.watch.saved import is_any

    try:
        if unless or not is_any(directory):
            return
        from scraper.console.watches import print_failures
        from scraper.watch.run import run as run_all

        print_failures(run_all(directory, datetime.now(UTC)))
    except NewsroomError as error:
        from scraper.console.base import print_note

        print_note(f"The crawl is done, but what is new could not be told. {error}")
