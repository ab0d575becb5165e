"""Which web archive a record was taken from, as the record itself says."""

from __future__ import annotations

import re
from typing import Any

from scraper import urls
from scraper.warc import SOURCE, SOURCE_RANGE

_PART = re.compile(r"bytes=[0-9]{1,15}-[0-9]{1,15}", re.ASCII)
_MOST_CHARACTERS = 4_000


def source_of(headers: Any) -> str | None:
    """The address in a web archive that a record names, and the part of a file; else None.

    Args:
        headers: of the record, as warcio has them.
    """
    address = (headers.get_header(SOURCE) or "").strip()
    if (
        not urls.is_absolute(address)
        or len(address) > _MOST_CHARACTERS
        or not address.isprintable()
    ):
        return None
    part = (headers.get_header(SOURCE_RANGE) or "").strip()
    return f"{address}#{part}" if _PART.fullmatch(part) else address
