"""The saved searches: whether everybody whom they tell can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.doctor.check import Check, ok, trouble
from scraper.errors import PagesFailed
from scraper.watch import addresses
from scraper.watch.saved import every, targets_of
from scraper.watch.sending import INSTALL, is_installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.archive import Archive

_NAME = "watches"


def check_watches(archive: Archive) -> Iterator[Check]:
    """Nothing if nothing is watched; else which targets could not be told, and why.

    Raises:
        ArchiveError: the archive or the file of addresses cannot be read.
    """
    watches = every(archive)
    if not watches:
        return
    targets = [(watch, one) for watch in watches for one in targets_of(archive, watch)]
    if targets and not is_installed():
        advice = f"Install it with {INSTALL}; what is new is queued until then."
        yield trouble(_NAME, "apprise is not installed", advice, PagesFailed.exit_code)
    kept = addresses.kept_in(archive.path.parent)
    wrong = 0
    for watch, one in targets:
        reason = one["error"]
        try:
            addresses.address_of(one["shown"], one["kept_as"], kept)
        except addresses.NoAddress as error:
            reason = str(error)
        if reason:
            wrong += 1
            yield trouble(
                _NAME,
                f"{watch.name} cannot tell {one['shown']}: {reason}; {one['waiting']:,} waiting",
                "Mend it and run `newsroom watch run`, or add the watch again with another --to.",
                PagesFailed.exit_code,
            )
    if not wrong:
        yield ok(_NAME, f"{len(watches):,}; nobody whom they tell has failed")
