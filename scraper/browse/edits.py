"""What the city changed between two versions of a release, for people to read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from scraper.decide.compare import compare, without_indirect

_SAID = ("text", "speaker", "role")


def edits(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields in which two records differ, each `field before after words`.

    As `compare_versions` has it, but where in the text a quotation stands is no matter: the offsets
    of all that follow change with every word that comes in.
    """
    return [asdict(change) for change in compare(_bare(before), _bare(after))]


def _bare(record: dict[str, Any]) -> dict[str, Any]:
    quotes = without_indirect(record)["quotes"]
    return record | {"quotes": [{name: quote.get(name) for name in _SAID} for quote in quotes]}
