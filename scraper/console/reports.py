"""The figures of a run, of reading again, and of the whole archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from scraper import urls
from scraper.console.base import err, out, print_note, print_table, say
from scraper.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.crawl.report import RunReport
    from scraper.export import Exported
    from scraper.extract.reparse import ReparseReport


def print_summary(report: RunReport, site: str | None = None) -> None:
    """The figures of a run, or what a run would fetch, on standard output.

    Args:
        report: of the run.
        site: key of the site, where there are several.
    """
    if site:
        say(f"{site}:")
    if report.would_fetch:
        say(f"{len(report.would_fetch)} pages would be fetched:")
        for url in report.would_fetch:
            say(f"  {urls.readable(url)}")
        return
    names = "found new changed unchanged moved missing gone older pictures attachments failed"
    table = Table(box=None, show_header=False, pad_edge=False)
    for name in names.split():
        value = getattr(report, name)
        if value or name in {"found", "new", "changed", "unchanged", "failed"}:
            table.add_row(name, f"{value:,}")
    table.add_row("requests", f"{report.requests:,} ({report.retries:,} of them retries)")
    table.add_row("seconds", f"{report.seconds:.1f}")
    out.print(table)


def print_summaries(reports: Sequence[RunReport], total: dict[str, int]) -> None:
    """A line of figures for each of several runs, and their sum, on standard output.

    Args:
        reports: of the runs.
        total: the sum of each figure.
    """
    for report in reports:
        if report.would_fetch:
            print_summary(report, report.site)
    names = "found new changed unchanged moved missing gone failed requests".split()
    rows: list[dict[str, Any]] = [
        {"newsroom": report.site, **{name: getattr(report, name) for name in names}}
        | {"seconds": f"{report.seconds:.1f}", "exit code": report.exit_code}
        for report in reports
    ]
    nothing = dict.fromkeys(rows[0]) if rows else {}
    rows.append(nothing | {"newsroom": "total"} | {name: total[name] for name in names})
    print_table(rows, [*rows[0]])


def print_trouble(report: RunReport, site: str | None = None) -> None:
    """What went wrong in a run, and what happens next, on standard error.

    Args:
        report: of the run.
        site: key of the site, where there are several.
    """
    about = f"{site}: " if site else ""
    for warning in report.warnings:
        err.print(printable(f"Warning: {about}{warning}"), soft_wrap=True)
    for url, reason in report.failures:
        err.print(printable(f"Failed: {urls.readable(url)}: {reason}"), soft_wrap=True)
    if report.failures:
        err.print(
            f"{about}The failed pages are kept for the next run: the same command tries them again."
        )
    if report.ended_early:
        err.print(
            f"{about}The run ended before all pages were done: {report.ended_early}. What was "
            "fetched is stored; the same command goes on where it stopped.",
            soft_wrap=True,
        )


def print_statistics(figures: dict[str, Any]) -> None:
    """Counts, fill rates, last runs."""
    say(
        f"{figures['articles']:,} articles, {figures['words']:,} words, "
        f"from {(figures['oldest'] or '?')[:10]} to {(figures['newest'] or '?')[:10]}"
    )
    say(
        f"{figures['edited']:,} edited after publication, {figures['gone']:,} no longer online, "
        f"{figures['waiting']:,} waiting for another try"
    )
    if any(row["is_web_archive"] for row in figures["provenance"]):
        print_table(
            [{**row, "versions from": row["origin"]} for row in figures["provenance"]],
            ["versions from", "versions", "articles", "oldest", "newest"],
        )
    if len(figures["sites"]) > 1:
        print_table(figures["sites"], ["key", "name", "articles", "complete", "followed"])
    for site in figures["sites"]:
        if site["complete"] is False:
            print_note(
                f"No source of {site['name']} names every release, only the newest: older ones are "
                "missing."
            )
    say()
    print_table(figures["months"][:24], ["month", "articles"])
    say()
    rates = [
        {"field": name.replace("_", " "), "filled": f"{share:.0%}"}
        for name, share in figures["fill_rate"].items()
    ]
    print_table(rates, ["field", "filled"])
    say()
    print_table(
        figures["runs"],
        ["started_at", "exit_code", "found", "new", "changed", "unchanged", "failed", "seconds"],
    )


def print_reparse(report: ReparseReport) -> None:
    """What reading all pages again would change, or has changed."""
    verb = "changed" if report.written else "would change"
    say(f"{report.pages:,} pages read again: {report.changed:,} {verb}, {report.failed:,} failed")
    for name, count in sorted(report.fields.items(), key=lambda item: -item[1]):
        say(f"\n{name}: {count:,} {verb}")
        for example in report.examples[name]:
            say(f"  {urls.readable(example['url'])}")
            say(f"    before: {_short(example['before'])}")
            say(f"    after:  {_short(example['after'])}")
    for url, reason in report.failures:
        err.print(printable(f"Failed: {urls.readable(url)}: {reason}"), soft_wrap=True)
    if report.ended_early:
        err.print(
            printable(
                f"The run ended before all pages were read, {report.pages:,} of {report.stored:,}: "
                f"{report.ended_early}. The same command reads all again; what was written stays."
            ),
            soft_wrap=True,
        )
    if report.changed and not report.written:
        say("\nNothing was written. `newsroom reparse --write` writes it.")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 160 else text[:159] + "…"


def print_findings(findings: dict[str, Any]) -> None:
    """What `verify` looked at, and what is wrong."""
    for kind, count in findings["checked"].items():
        say(f"{count:,} {kind.replace('_', ' ')} checked")
    for problem in findings["problems"]:
        err.print(printable(f"Problem: {problem}"), soft_wrap=True)
    for note in findings["notes"]:
        err.print(printable(f"Note: {note}"), soft_wrap=True)
    for stamp in findings.get("timestamps", ()):
        say(f"Time stamp of {stamp['time']} by {stamp['signer']} ({stamp['url']})")
    if not findings["problems"]:
        if findings["chain"]:
            say(f"Digest of the chain of runs: {findings['chain']}")
        say("All is well.")


def print_export(what: str, output: str, done: Exported) -> None:
    """What was written where; nothing on standard output if the export itself went there."""
    if output != "-":
        units = {"dataset": "articles", "feed": "entries"}
        say(f"{done.count:,} {units.get(what, 'rows')} written to {output}")
    for warning in done.warnings:
        err.print(printable(f"Warning: {warning}"), soft_wrap=True)
