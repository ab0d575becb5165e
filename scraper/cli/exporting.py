"""The verb `export`: datasets for other programs."""

from dataclasses import replace
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.cli.evidence import EVIDENCE, export_evidence
from scraper.cli.options import ChangedSince, Cities, Since, Until, cities, day, say_unknown
from scraper.cli.signals import ended_in_order
from scraper.errors import UsageError
from scraper.export.request import FEED, WHAT, FeedOptions, Format


@app.command()
def export(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help=f"One of: {', '.join((*WHAT, EVIDENCE))}.")],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            help="A file; its end says the format: .csv .tsv .csv.gz .xlsx .json .jsonl .parquet, "
            "of the dataset .zip, of the feed .xml, of evidence .wacz. - is standard output.",
        ),
    ],
    references: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID_OR_URL]...", help="evidence: of which releases."),
    ] = None,
    output_format: Annotated[
        Format | None, typer.Option("--format", help="The format, whatever the file is called.")
    ] = None,
    since: Since = None,
    until: Until = None,
    tag: Annotated[str | None, typer.Option(help="Only releases with this tag.")] = None,
    district: Annotated[str | None, typer.Option(help="Only of this district.")] = None,
    speaker: Annotated[
        str | None,
        typer.Option(help="Only quotations of this person, or releases in which they speak."),
    ] = None,
    site: Cities = None,
    changed_since: ChangedSince = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="CSV for Excel on a German machine.")
    ] = False,
    raw: Annotated[
        bool, typer.Option("--raw", help="CSV with cells as they are, formulas too.")
    ] = False,
    query: Annotated[
        str | None, typer.Option(help="Only what belongs to releases that this search finds.")
    ] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="feed: what was edited, moved, deleted, came back.")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=1, max=10**9, help="feed: so many of the newest.")
    ] = FeedOptions().limit,
    feed_url: Annotated[
        str | None, typer.Option(help="feed: the address it will have on the web.")
    ] = None,
    timestamp: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL",
            help="evidence: have this authority sign the time (RFC 3161); repeatable.",
        ),
    ] = None,
) -> None:
    """Write a table, the whole dataset, a feed or evidence to a file."""
    from scraper.archive import Archive
    from scraper.archive.search.filters import Filters
    from scraper.console.reports import print_export
    from scraper.export.files import STANDARD_OUTPUT, descriptor
    from scraper.export.formats import export as write
    from scraper.export.request import ExportRequest

    if what == EVIDENCE:
        with ended_in_order():
            export_evidence(context.obj, references or [], output, timestamp or [])
        return
    if references or timestamp:
        raise UsageError(f"Releases and --timestamp are for `export {EVIDENCE}` only.")
    if descriptor(output) == 1:  # `-o /dev/stdout`
        output = STANDARD_OUTPUT
    request = ExportRequest(
        what,
        output,
        output_format,
        Filters(
            day("--since", since),
            day("--until", until),
            tag,
            district,
            speaker,
            changed_since=day("--changed-since", changed_since),
        ),
        excel=excel,
        raw=raw,
        query=query if what != FEED else None,
        feed=FeedOptions(query if what == FEED else None, changes, limit, feed_url),
    )
    with ended_in_order(), Archive.open_existing(context.obj) as archive:
        filters = replace(request.filters, sites=cities(archive, site))
        done = write(archive, replace(request, filters=filters))
        if not done.count:
            say_unknown(archive, filters)
    print_export(what, output, done)
