"""The schedule of an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.console.base import err, print_table, say
from scraper.schedule.job import ALL
from scraper.text import one_line, printable

if TYPE_CHECKING:
    from scraper.schedule import Status

_COLUMNS = "started_at exit_code found new changed unchanged failed seconds".split()


def print_schedule(status: Status) -> None:
    """Whether it is installed, when it runs next, and how the last runs went."""
    found, job = status.found, status.job
    directory = one_line(str(job.directory))
    if found is None:
        say(f"No crawl of {job.name} into {directory} is scheduled.")
        say("`newsroom schedule install --every 6h` schedules one.")
    else:
        verb = "are" if job.site == ALL and len(job.followed) != 1 else "is"
        say(f"{job.name} {verb} crawled every {found.every} into {directory}")
        moment = found.next_run and found.next_run.astimezone().isoformat(" ", "minutes")
        say(f"  next run  {moment or 'not known'}")
        say(f"  by        {found.backend} ({one_line(found.where)})")
        say(f"  command   {one_line(found.command)}")
    if status.web_view:
        say(f"The web view is at {one_line(status.web_view.address)}")
        say(f"  by        systemd ({one_line(status.web_view.where)})")
        say(f"  command   {one_line(status.web_view.command)}")
    say()
    if status.runs:
        # Where a run has no exit code, its state says why.
        rows = [
            run if run["state"] == "ended" else run | {"exit_code": run["state"]}
            for run in status.runs
        ]
        several = len({run["site"] for run in rows}) > 1
        print_table(rows, ["site", *_COLUMNS] if several else _COLUMNS)
    else:
        say("No run yet.")
    for hint in status.hints:
        err.print(printable(f"Hint: {hint}"), soft_wrap=True)
