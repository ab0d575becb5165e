"""What an extraction has done: a manifest per task, and one list of what failed.

Who reads the target at any moment reads the files that the manifests name. A task that was cut off
has none, and what it left behind is removed at the end of the run that does it again.
"""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.errors import UsageError
from scraper.importing.found import Unreadable
from scraper.lake import places
from scraper.lake.reading import Done

if TYPE_CHECKING:
    from collections.abc import Iterable

SETTINGS = "_extract.json"
FAILED = "_failed.json"
_MANIFESTS = "_manifest"


@dataclass(frozen=True, slots=True)
class Settings:
    """What has to be the same for a run to go on with another one's work."""

    version: str
    """Of this program, since its records may differ."""
    sites: dict[str, str]
    """SHA-256 of the file of facts, by key."""


def prepare(target: str, settings: Settings, *, resume: bool) -> None:
    """Make a target, or see that one fits.

    Raises:
        UsageError: it holds something else, or the work of another version or other sites.
        OSError: it cannot be written.
    """
    place = places.join(target, SETTINGS)
    try:
        found = Settings(**json.loads(places.read(place)))
    except (Unreadable, OSError):
        if not places.is_empty(target):
            raise UsageError(
                f"{target} is not empty, and no extraction. Choose a folder that is new."
            ) from None
        content = json.dumps(dataclasses.asdict(settings), indent=1).encode() + b"\n"
        places.write(place, content)
        return
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{place} cannot be read ({error}). Choose another folder for this extraction."
        ) from error
    if not resume:
        raise UsageError(
            f"{target} holds an extraction already. --resume goes on with it; or choose another "
            "folder."
        )
    if found != settings:
        what = "another version of this program" if found.version != settings.version else "others"
        whose = f"was made by {what}" if what != "others" else "is about other newsrooms"
        raise UsageError(
            f"The extraction in {target} {whose} or other files of facts, and what is in it would "
            "not fit what comes in now. Choose another folder."
        )


def finished(target: str) -> list[Done]:
    """The tasks that are done; a manifest that cannot be read counts as missing."""
    names = [
        name
        for name in _listed(target)
        if f"/{_MANIFESTS}/" in name.replace("\\", "/") and name.endswith(".json")
    ]
    done = []
    for content in places.read_all(names):
        with suppress(ValueError, TypeError):
            done.append(Done(**json.loads(content)))
    return done


def remove_leftovers(target: str, done: Iterable[Done]) -> int:
    """Remove Parquet files that no manifest names; returns how many."""
    named = {file for each in done for file in each.files}
    base = target.rstrip("/") + "/"
    count = 0
    for name in _listed(target):
        path = name.replace("\\", "/")
        relative = path[path.index(base) + len(base) :] if base in path else path
        if relative.endswith(".parquet") and relative not in named:
            places.remove(name)
            count += 1
    return count


def write_failed(target: str, failed: list[dict[str, object]]) -> None:
    """Write down which ranges could not be done; `--resume` tries them again."""
    content = json.dumps(failed, ensure_ascii=False, indent=1).encode() + b"\n"
    places.write(places.join(target, FAILED), content)


def _listed(target: str) -> list[str]:
    try:
        return list(places.files_in(target))
    except OSError:
        return []
