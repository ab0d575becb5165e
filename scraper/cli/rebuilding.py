"""The verb that makes an archive from WARC files alone: rebuild."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.cli.crawling import stop_on_signals
from scraper.cli.options import Json
from scraper.errors import ArchiveError


@app.command()
def rebuild(
    context: typer.Context,
    source: Annotated[
        Path, typer.Option("--from", metavar="DIR", help="Directory with WARC files.")
    ],
    sites: Annotated[
        list[str] | None,
        typer.Option("--site", help="Newsroom to look for in files of others; repeatable."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make an archive from WARC files alone.

    Example: newsroom --data new rebuild --from old/warc
    """
    from scraper.archive import Archive
    from scraper.archive.verify import verify
    from scraper.cli.pipes import ending_with
    from scraper.console.base import print_json
    from scraper.console.progress import progress
    from scraper.console.rebuilding import print_rebuilt
    from scraper.importing.rebuild import rebuild as make

    with stop_on_signals() as stop, progress(quiet=as_json) as shown:
        report = make(
            context.obj,
            source,
            sites or [],
            lambda: datetime.now(UTC),
            progress=lambda done, total: shown.count("read again", done, total),
            stop=stop.is_set,
        )
    with Archive.open_to_check(context.obj) as archive:
        findings = verify(archive, datetime.now(UTC))
    code = ArchiveError.exit_code if findings["problems"] else report.exit_code
    with ending_with(code):
        if as_json:
            print_json({**asdict(report), "exit_code": code, "verify": findings})
        else:
            print_rebuilt(report, findings)
    raise typer.Exit(code)
