"""The verbs for copies of an archive: backup, restore."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.cli.options import Json
from scraper.errors import ArchiveError


@app.command()
def backup(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="Directory of the backup.")],
    as_json: Json = False,
) -> None:
    """Copy the archive, also while crawls run.

    Again into the same TARGET, it copies only what is new.

    Example: newsroom backup /media/disk/newsroom
    """
    from scraper.archive.backup import back_up
    from scraper.console.backups import print_backup
    from scraper.console.base import print_json

    report = back_up(context.obj, target, datetime.now(UTC))
    if as_json:
        print_json(asdict(report))
    else:
        print_backup(report)


@app.command()
def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="Directory of a backup.")],
    as_json: Json = False,
) -> None:
    """Bring a backup back into an empty --data.

    The archive is checked then as by verify.

    Example: newsroom --data archive restore /media/disk/newsroom
    """
    from scraper.archive import Archive
    from scraper.archive.restore import restore as bring_back
    from scraper.archive.verify import verify
    from scraper.cli.pipes import ending_with
    from scraper.console.backups import print_restored
    from scraper.console.base import print_json

    made = bring_back(source, context.obj)
    with Archive.open_to_check(context.obj) as archive:
        findings = verify(archive, datetime.now(UTC))
    code = ArchiveError.exit_code if findings["problems"] else 0
    with ending_with(code):
        if as_json:
            found = {"made_at": made.made_at, "files": len(made.files), "verify": findings}
            print_json(found)
        else:
            print_restored(made, context.obj, findings)
    raise typer.Exit(code)
