"""Verbs that bring releases in: crawl, demo, parse, reparse."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.cli.options import (
    Cluster,
    Contact,
    Json,
    Since,
    SiteKey,
    SiteKeys,
    chosen_site,
    day,
    duration,
)
from scraper.cli.watching import then_told
from scraper.errors import PagesFailed
from scraper.fetch.identity import DEFAULT_CONTACT


@app.command()
def crawl(
    context: typer.Context,
    site: SiteKeys = None,
    since: Since = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=10**9, help="Fetch at most so many pages.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Check every known article again.")] = False,
    base_url: Annotated[
        str | None, typer.Option(help="Crawl a mirror at this address instead of the live host.")
    ] = None,
    delay: Annotated[
        float | None,
        typer.Option(
            min=0, max=86_400, help="Least seconds between requests; below 1 only with --base-url."
        ),
    ] = None,
    contact: Contact = DEFAULT_CONTACT,
    images: Annotated[
        bool, typer.Option("--images", help="Keep the largest rendition of each picture, too.")
    ] = False,
    attachments: Annotated[
        bool,
        typer.Option("--attachments", help="Keep the files of releases, and read PDF, docx, odt."),
    ] = False,
    recheck_min: Annotated[
        str, typer.Option(help="Look at a known article again after so long at the earliest …")
    ] = "3h",
    recheck_max: Annotated[
        str, typer.Option(help="… and after so long at the latest; in between its age decides.")
    ] = "90d",
    accept_gone: Annotated[
        bool,
        typer.Option("--accept-gone", help="Believe it when many articles have vanished at once."),
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, max=1_000, help="Crawl so many newsrooms at once.")
    ] = 8,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would be fetched.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only trouble.")] = False,
    as_json: Json = False,
) -> None:
    """Discover, fetch, parse and store what is new or due.

    Without --site: of every newsroom that the archive follows, several at once.
    """
    from scraper.archive.followed import followed_in
    from scraper.console.base import print_json
    from scraper.console.progress import progress
    from scraper.console.reports import print_summaries, print_summary, print_trouble
    from scraper.crawl.many import run_crawls, total, worst_exit_code
    from scraper.crawl.options import CrawlOptions, CrawlRequest
    from scraper.decide.revisit import RevisitPolicy
    from scraper.sites import DEFAULT_SITE

    crawl_options = CrawlOptions(
        since=day("--since", since),
        limit=limit,
        full=full,
        images=images,
        attachments=attachments,
        accept_gone=accept_gone,
        dry_run=dry_run,
    )
    policy = RevisitPolicy(
        shortest=duration("--recheck-min", recheck_min),
        longest=duration("--recheck-max", recheck_max),
    )
    keys = dict.fromkeys(site or followed_in(context.obj) or [DEFAULT_SITE])
    requests = [
        CrawlRequest(context.obj, key, base_url, delay, contact, crawl_options, policy)
        for key in keys
    ]
    with (
        stop_on_signals() as stop,
        then_told(context.obj, stop, unless=dry_run),
        progress(quiet=quiet or as_json) as shown,
    ):
        reports = run_crawls(requests, shown, stop, workers)
    begun_all = len(reports) == len(requests)
    code = worst_exit_code(reports) or (0 if begun_all else PagesFailed.exit_code)
    is_one = len(requests) == 1
    if as_json:
        runs = [asdict(report) for report in reports]
        several = {"runs": runs, "total": total(reports), "exit_code": code}
        print_json(runs[0] if is_one else several)
    elif not quiet and is_one:
        print_summary(reports[0])
    elif not quiet:
        print_summaries(reports, total(reports))
    for report in reports:
        print_trouble(report, None if is_one else report.site)
    raise typer.Exit(code)


@app.command()
def demo(
    context: typer.Context,
    articles: Annotated[int, typer.Option(min=1, max=1_000_000, help="Size.")] = 60,
    serve: Annotated[bool, typer.Option("--serve", help="Only serve the replica.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
) -> None:
    """Crawl a replica of the newsroom that runs on this machine."""
    from scraper.archive import Archive
    from scraper.archive.changes import changes
    from scraper.archive.search.articles import count_matches, search
    from scraper.archive.search.filters import Filters
    from scraper.console.articles import print_changes, print_hits
    from scraper.console.base import err, print_note, say
    from scraper.console.progress import progress
    from scraper.console.reports import print_summary, print_trouble
    from scraper.demo.run import run_demo, serve_demo

    given = context.parent is not None and context.parent.get_parameter_source("data")
    chosen = given is not None and getattr(given, "name", "DEFAULT") != "DEFAULT"
    directory: Path = context.obj if chosen else context.obj / "demo"
    if serve:
        how = _SERVING.format
        program = _program()
        serve_demo(
            articles, port, lambda url: say(how(url=url, directory=directory, program=program))
        )
        return
    if not err.is_terminal:
        print_note(
            "The releases are invented, and the addresses are a replica's: it runs on this "
            "machine, and no city's server is asked."
        )
    with stop_on_signals() as stop, progress() as shown:
        report = run_demo(directory, articles, port, shown, stop)
    print_summary(report)
    print_trouble(report)
    with Archive.open_existing(directory) as archive:
        hits = search(archive, "Grundschule", Filters(), limit=3)
        total = count_matches(archive, "Grundschule", Filters())
        happened = changes(archive, Filters(), limit=10)
    say(f"\nThe archive is at {directory}. Searching it for Grundschule:")
    print_hits(hits, total)
    number = hits[0]["id"] if hits else 1
    if happened:
        say(f"\n{_HAPPENED}")
        print_changes(happened)
    say("\nTry:")
    for command in (
        "search Straßenbahn",
        f"show {number}",
        "export quotes -o quotes.csv",
        "changes",
    ):
        say(f"  {_program()} --data {directory} {command}")
    raise typer.Exit(report.exit_code)


_HAPPENED = (
    "Then the replica edited two releases, took two down and put one of them back. Crawled again, "
    "the archive knows:"
)
_UV = ("UV", "UV_RUN_RECURSION_DEPTH")
"""What `uv run` sets for the program it runs."""


def _program() -> str:
    """How the command is called here."""
    return "uv run newsroom" if any(name in os.environ for name in _UV) else "newsroom"


_SERVING = """The replica is at {url}/newsroom/ until you press Ctrl-C. Crawl it with:
  {program} --data {directory} crawl --base-url {url}"""


@app.command()
def parse(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE_OR_URL")],
    url: Annotated[str | None, typer.Option(help="Address the file was saved from.")] = None,
    site: SiteKey = None,
    contact: Contact = DEFAULT_CONTACT,
) -> None:
    """Print the record of a page as JSON; nothing is stored.

    `--site auto` takes the site whose host it is, else the platform by its fingerprint, else
    generic reading.
    """
    from scraper.archive.followed import registry_in
    from scraper.console.base import print_json
    from scraper.crawl.one_page import parse_source
    from scraper.records import to_json

    registry = registry_in(context.obj)
    print_json(
        to_json(parse_source(source, url, chosen_site(site, context.obj), contact, registry))
    )


@app.command()
def reparse(
    context: typer.Context,
    write: Annotated[
        bool, typer.Option("--write", help="Replace the readings that differ.")
    ] = False,
    processes: Annotated[
        int | None, typer.Option(min=1, help="How many at once; one per processor if not given.")
    ] = None,
    cluster: Cluster = None,
    as_json: Json = False,
) -> None:
    """Parse all stored pages again and report what changes."""
    from scraper.console.base import print_json
    from scraper.console.progress import progress
    from scraper.console.reports import print_reparse
    from scraper.extract.reparse import reparse as read_all_again

    with stop_on_signals() as stop, progress(quiet=as_json) as shown:
        report = read_all_again(
            context.obj,
            datetime.now(UTC),
            write=write,
            progress=lambda done, total: shown.count("read again", done, total),
            processes=processes,
            cluster=cluster,
            stop=stop.is_set,
        )
    if as_json:
        print_json(asdict(report))
    else:
        print_reparse(report)
    incomplete = report.failed or report.ended_early
    raise typer.Exit(PagesFailed.exit_code if incomplete else 0)


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """Ctrl-C or SIGTERM ends the run within seconds and in order; a second one ends it at once."""
    stop = threading.Event()

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
