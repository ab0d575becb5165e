"""Gold files: passages with the quotations that should be found in them, one JSON object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


Line = TypeVar("Line")


def read_gold(path: Path, parse: Callable[[dict[str, Any]], Line], shape: str) -> list[Line]:
    """The lines of a gold file, each read by `parse`; `shape` tells what a line needs.

    Raises:
        UsageError: the file cannot be read, or a line is no passage; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{path} cannot be read: {reason}. Give a JSONL gold file.") from error
    passages = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                passages.append(parse(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise UsageError(
                    f"{path}, line {number} is not a passage ({type(error).__name__}: {error}). "
                    f"Each line needs {shape}."
                ) from error
    if not passages:
        raise UsageError(f"{path} holds no passage. Give a JSONL gold file.")
    return passages
