"""What `forget` would erase, and what it has erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper import urls
from scraper.console.base import say
from scraper.text import one_line

if TYPE_CHECKING:
    from collections.abc import Collection

    from scraper.archive.forget_plan import Plan


@dataclass(frozen=True, slots=True)
class Left:
    """What `forget` leaves for people to look after.

    Attributes:
        exports: files that are not looked into.
        watches: names of watches that look for the person.
    """

    exports: list[str]
    watches: list[str]


def print_plans(
    plans: list[Plan], before: list[dict[str, Any]], names: Collection[str] = ()
) -> None:
    """What goes with each release, with counts; what went before."""
    if names:
        many = f"{len(plans):,} releases" if len(plans) != 1 else "1 release"
        say(one_line(f"{', '.join(names)}: {many} to be erased."))
    for plan in plans:
        what = f"Release {plan.article}" if plan.article else "A page that could not be read"
        say(one_line(f"{what}: {urls.readable(plan.address)}"))
        for name, count in plan.counts.items():
            say(f"  {name}: {count:,}")
        say(f"  addresses: {len(plan.addresses):,}")
        say(f"  WARC files with records of it: {len(plan.places):,}")
    for row in before:
        state = f"was erased on {row['day']}"
        if row["state"] != "done":
            state = f"was to be erased on {row['day']}, which was ended before it was complete"
        say(one_line(f"{urls.readable(row['address'])} {state}."))


def print_erased(gone: list[Plan], left: Left) -> None:
    """What has gone, and what has to be looked after by hand."""
    for plan in gone:
        say(one_line(f"Erased: {urls.readable(plan.address)}"))
    say("A tombstone keeps address, day and reason, and keeps it from coming in again.")
    if left.exports:
        say("These exports were not looked into; delete or make anew those that hold it:")
        for name in left.exports:
            say(one_line(f"  {name}"))
    for name in left.watches:
        say(one_line(f"A watch looks for this name; `newsroom watch drop {name}` ends it."))
    say("Backups and exports that were given away still hold it.")


def as_document(
    plans: list[Plan], before: list[dict[str, Any]], left: Left, *, erased: bool
) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "erased": erased,
        "releases": [
            {
                "id": plan.article or None,
                "url": plan.address,
                "site": plan.site,
                "addresses": plan.addresses,
                "files": sorted(plan.places),
                "counts": plan.counts,
            }
            for plan in plans
        ],
        "before": before,
        "exports": left.exports,
        "watches": left.watches,
    }
