"""What people see of newsrooms: the list, and what a look at one has found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.console.base import print_note, print_table, say
from scraper.urls import readable

if TYPE_CHECKING:
    from scraper.doctor.sample import Sample
    from scraper.doctor.sites import Addition


def print_sites(rows: list[dict[str, Any]]) -> None:
    """The list of newsrooms."""
    shown = [
        {
            **row,
            "sources": ", ".join(row["sources"] or ()),
            "followed": "yes" if row["followed"] else "",
        }
        for row in rows
    ]
    columns = ["key", "name", "platform", "sources", "verified", "followed", "last_run"]
    print_table(shown, columns)
    for row in rows:
        if row["error"]:
            print_note(row["error"])


def print_addition(addition: Addition) -> None:
    """What was found at a newsroom."""
    found = addition.found
    if found is None:
        site = addition.site
        say(f"{site.name if site else addition.key} is known already, as {addition.key!r}.")
        return
    say(f"{found.name}, {readable(found.url)}")
    say(f"  platform  {found.platform or 'none that is known; pages are read generically'}")
    for source in found.sources:
        say(f"  source    {source.facts['url']}: {source.comment}")
    if found.form:
        query = f", told apart by {', '.join(found.form.query)}" if found.form.query else ""
        say(f"  releases  have addresses such as {found.form.path}{query}")
    for sample in found.samples:
        say()
        _print_sample(sample)
    for text in (*found.notes, *found.missing):
        print_note(text)


def _print_sample(sample: Sample) -> None:
    say(f"  {readable(sample.url)}")
    record = sample.record
    if record is None:
        say(f"    could not be read: {sample.error}")
        return
    say(f"    title     {record.title}")
    say(f"    published {record.published or 'missing'}")
    say(f"    text      {len(record.text.split())} words: {record.text[:100]} …")
    for image in record.images[:1]:
        say(f"    picture   {image.caption or 'no caption'} | {image.credit or 'no credit'}")
    for quote in record.quotes[:1]:
        say(f"    quotation „{quote.text[:80]}“ ({quote.speaker or 'speaker not certain'})")
    if sample.missing:
        say(f"    missing   {', '.join(sample.missing)}")


def print_written(addition: Addition) -> None:
    """Where the file is, and what to do next."""
    if addition.found is not None:
        say(f"\nWritten to {addition.path}.")
    if addition.is_usable:
        say(f"Crawl it with `newsroom crawl --site {addition.key}`.")
    else:
        say(
            "Facts are missing, so it cannot be crawled yet. Fill them in, and check the file with "
            f"`newsroom sites check {addition.key} --live`."
        )


def addition_as_json(addition: Addition, *, written: bool, exit_code: int) -> dict[str, Any]:
    """The same as one JSON document."""
    from scraper.records import to_json

    found, site = addition.found, addition.site
    about: dict[str, Any] = {"key": addition.key, "known": found is None, "exit_code": exit_code}
    if found is None:
        name, platform = (site.name, site.platform) if site else (None, None)
        return {**about, "name": name, "platform": platform, "file": None, "written": False}
    form = found.form
    return {
        **about,
        "name": found.name,
        "platform": found.platform,
        "file": str(addition.path),
        "written": written,
        "sources": [
            {**source.facts, "names": found.named.get(str(source.facts["url"]))}
            for source in found.sources
        ],
        "article": {"path": form.path, "query": list(form.query)} if form else None,
        "releases": [
            {
                "url": sample.url,
                "record": to_json(sample.record) if sample.record else None,
                "error": sample.error,
                "missing": list(sample.missing),
            }
            for sample in found.samples
        ],
        "notes": found.notes,
        "missing": found.missing,
    }
