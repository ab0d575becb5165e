"""The verb `extract`: WARC files to Parquet."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.cli.crawling import stop_on_signals
from scraper.cli.options import Cluster, Json


@app.command()
def extract(
    context: typer.Context,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE…", help="WARC files, folders, lists of paths; also https:// or s3://."
        ),
    ],
    output: Annotated[str, typer.Option("-o", "--output", help="Folder to write to, also s3://.")],
    site: Annotated[
        list[str] | None,
        typer.Option(
            "--site", help="Only this newsroom; may be given several times. Else all there are."
        ),
    ] = None,
    cluster: Cluster = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="How many at once; one per processor if not given.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with what an earlier run has left.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only trouble.")] = False,
    as_json: Json = False,
) -> None:
    """Write the releases in WARC files as Parquet; needs no archive."""
    from scraper.archive.followed import registry_in
    from scraper.console.base import print_json
    from scraper.console.extraction import print_extraction
    from scraper.console.progress import progress
    from scraper.extract.cluster import workers
    from scraper.extract.workers import Budget
    from scraper.lake.run import TASK_SECONDS, run_extract

    registry = registry_in(context.obj)
    sites = tuple(map(registry.get, site or registry.keys()))
    with (
        stop_on_signals() as stop,
        progress(quiet=quiet or as_json) as shown,
        workers(cluster, processes, Budget(seconds=TASK_SECONDS)) as them,
    ):
        report = run_extract(
            sources,
            output,
            sites,
            them,
            datetime.now(UTC),
            resume=resume,
            progress=lambda done, total: shown.count("tasks done", done, total),
            stop=stop.is_set,
        )
    if as_json:
        print_json(asdict(report))
    else:
        print_extraction(report, quiet=quiet)
    raise typer.Exit(report.exit_code)
