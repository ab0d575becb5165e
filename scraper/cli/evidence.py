"""What verbs do with packages of evidence: `export evidence`, `verify FILE.wacz`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scraper.errors import UsageError

EVIDENCE = "evidence"
"""What `export` calls it."""


def export_evidence(
    directory: Path, references: list[str], output: str, authorities: list[str]
) -> None:
    """Write a WACZ package of some releases, and say what it holds.

    Raises:
        UsageError: no release is named, or one is not in the archive.
    """
    from scraper.archive import Archive
    from scraper.archive.read import find_article_id
    from scraper.console.base import err, say
    from scraper.export.files import STANDARD_OUTPUT
    from scraper.fetch.post import post
    from scraper.wacz.package import write_evidence

    if not references:
        raise UsageError(
            "Say which releases: newsroom export evidence ID_OR_URL... -o FILE.wacz. `newsroom "
            "search` shows the numbers."
        )
    with Archive.open_existing(directory) as archive:
        chosen = [find_article_id(archive, reference) for reference in references]
        packed = write_evidence(archive, chosen, output, datetime.now(UTC), authorities, post)
    tell = err.print if output == STANDARD_OUTPUT else say
    releases = f"{packed.releases:,} release{'s' * (packed.releases != 1)}"
    tell(f"{releases} with {packed.captures:,} captures written to {output}")
    tell(f"SHA-256 of its datapackage.json: {packed.sha256}")
    for url in packed.stamps:
        tell(f"Time stamp by {url}")


def check_package(path: Path, ca: Path | None) -> dict[str, Any]:
    """What `verify FILE.wacz` finds."""
    from scraper.wacz.check import check_wacz

    return check_wacz(path, ca)
