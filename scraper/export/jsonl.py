"""JSON: an object per line, or one array; every value exactly as the archive has it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.export.files import Sink

# Written as escapes, which read back as the same characters: what other readers take for the end
# of a line, and what would steer a terminal.
_TO_ESCAPE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ENCODER = json.JSONEncoder(ensure_ascii=False)


def write_jsonl(file: Sink, documents: Iterable[dict[str, Any]]) -> int:
    """Objects as JSON Lines in UTF-8; returns how many."""
    count = 0
    for document in documents:
        line = _ENCODER.encode(document) + "\n"
        file.write(_TO_ESCAPE.sub(_escape, line).encode())
        count += 1
    return count


def write_json(file: Sink, documents: Iterable[dict[str, Any]]) -> int:
    """Objects as one JSON array in UTF-8, an object at a time; returns how many."""
    count = 0
    for document in documents:
        text = json.dumps(document, ensure_ascii=False, indent=2)
        file.write(b",\n" if count else b"[\n")
        file.write(_TO_ESCAPE.sub(_escape, text).encode())
        count += 1
    file.write(b"\n]\n" if count else b"[]\n")
    return count


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
