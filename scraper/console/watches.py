"""Saved searches to read: the list, and what a run has found and told."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from scraper import urls
from scraper.console.base import out, print_note, say
from scraper.text import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.watch.run import WatchReport

_SHOWN = 20


def print_added(row: dict[str, Any], directory: Path) -> None:
    """What was saved, whom it tells, where its feed is."""
    say(f"Watching {one_line(_about(row))} as {row['name']!r}, from now on.")
    for target in row["to"]:
        say(f"  tells  {one_line(target['address'])}")
    say(f"  feed   {directory / row['feed']}")


def print_watches(rows: list[dict[str, Any]]) -> None:
    """Each watch, whom it tells, and what is yet to be told."""
    for row in rows:
        head = Text(f"{row['id']:>3}  ")
        head.append(one_line(row["name"]), style="bold")
        out.print(head, soft_wrap=True)
        last = f"last run {row['last_run']}" if row["last_run"] else "not run yet"
        say(f"     {one_line(_about(row))}; {row['found']:,} found; {last}")
        for target in row["to"]:
            state = f"told last {target['last_sent']}" if target["last_sent"] else "not told yet"
            if target["waiting"]:
                state += f"; {target['waiting']:,} waiting"
            if target["error"]:
                state += f"; failed {target['failures']} times: {target['error']}"
            say(f"     → {one_line(target['address'])}  {one_line(state)}")
        say(f"     → {row['feed']}")
    if not rows:
        say('Nothing is watched. Begin with `newsroom watch add "Grundsteuer OR Hebesatz"`.')


def _about(row: dict[str, Any]) -> str:
    parts = [row["query"] or "all releases"]
    parts += [f"{name} {row[name]}" for name in ("speaker", "tag") if row[name]]
    parts += [f"site {key}" for key in row["sites"]]
    return ", ".join(parts) + (" and what happens to them" if row["changes"] else "")


def print_reports(reports: list[WatchReport], *, dry_run: bool) -> None:
    """What is new for each watch, who was told, who could not be told."""
    for report in reports:
        head = Text(one_line(report.name), style="bold")
        head.append(f"  {report.total:,} new", style="not bold")
        out.print(head, soft_wrap=True)
        for news in report.news[:_SHOWN]:
            day = (news.published or "")[:10]
            say(f"  {day:<10}  {one_line(news.city)}: {one_line(news.title)}")
            say(f"              {one_line(news.reason)}")
            say(f"              {one_line(urls.readable(news.url))}")
        if report.total > _SHOWN:
            say(f"  … and {report.total - _SHOWN:,} more")
        for shown in report.sent:
            say(f"  told {one_line(shown)}")
        if dry_run and report.waiting:
            say(f"  {report.waiting:,} of earlier runs waiting")
    if not reports:
        print_watches([])
    print_failures(reports)


def print_failures(reports: list[WatchReport]) -> None:
    """Who could not be told, on standard error."""
    for report in reports:
        for failure in report.failed:
            print_note(
                f"The watch {report.name} could not tell {failure['to']}: "
                f"{failure['reason'].rstrip('.')}. It is kept and tried again with the next run."
            )


def reports_as_json(reports: list[WatchReport], code: int) -> dict[str, Any]:
    """The same as one JSON document."""
    return {"watches": [asdict(report) for report in reports], "exit_code": code}
