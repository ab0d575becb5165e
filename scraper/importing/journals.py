"""What the journals in WARC files say, put together: the newest state of each row they tell of."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.archive.journal import ADDRESS, FORMAT
from scraper.errors import UsageError
from scraper.importing.origin import source_of
from scraper.importing.warcs import DAMAGED
from scraper.warc.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KEYS = {
    "sites": "key",
    "runs": "id",
    "captures": "id",
    "releases": "id",
    "candidates": "url",
    "pictures": "src",
    "files": "url",
    "file_versions": "id",
    "tombstones": "id",
}
"""The kinds of rows that journals have, and what tells one from another."""
_MAX_BYTES = 200_000_000


@dataclass
class Journals:
    """Rows of tables by kind and key; later journals count more than earlier ones.

    Attributes:
        archive: name of the archive that wrote them; None if there are none.
        rows: by kind, in the order in which they were told of first.
        last_run: the last run that wrote a journal, by newsroom.
        sources: file and byte of records that were taken from a web archive, and the address there.
        troubles: file and place, and reason, of what could not be read.
    """

    archive: str | None = None
    rows: dict[str, dict[Any, dict[str, Any]]] = field(
        default_factory=lambda: {kind: {} for kind in KEYS}
    )
    last_run: dict[str, int] = field(default_factory=dict)
    sources: dict[tuple[str, int], str] = field(default_factory=dict)
    troubles: list[tuple[str, str]] = field(default_factory=list)

    def take(self, text: str, where: str) -> None:
        """Add one journal.

        Raises:
            UsageError: another archive wrote it than those before.
            ValueError, TypeError, LookupError: it has not the form of one.
        """
        first, *lines = text.splitlines()
        head = json.loads(first)
        if head["format"] != FORMAT:
            raise ValueError("it is of another version")
        if self.archive not in {None, head["archive"]}:
            raise UsageError(
                f"These files are of several archives: {where} is not of the same one as those "
                "before. Rebuild each by itself (--data), then run `newsroom merge`."
            )
        self.archive = str(head["archive"])
        self.last_run[str(head["site"])] = int(head["run"])
        for line in lines:
            kind, row = json.loads(line)
            self._take_line(kind, row, head)

    def _take_line(self, kind: str, row: dict[str, Any], head: dict[str, Any]) -> None:
        if kind == "seen":
            release = self.rows["releases"].get(row["id"])
            if release is not None:
                release["last_seen"] = row["last_seen"]
        elif kind in KEYS:
            if kind == "runs" and row["id"] == head["run"]:
                row.setdefault("finished_at", head["at"])  # it ended there
            self.rows[kind][row[KEYS[kind]]] = row


def read_journals(files: Iterable[Path]) -> Journals:
    """The journals in WARC files, in the order in which their runs wrote them.

    Raises:
        UsageError: they are of several archives.
    """
    found = Journals()
    texts: list[tuple[int, int, str, str]] = []
    for path in files:
        try:
            with path.open("rb") as file:
                records = Records(file)
                for record in records:
                    source = source_of(record.rec_headers)
                    if source:
                        found.sources[path.name, records.offset] = source
                    address = record.rec_headers.get_header("WARC-Target-URI") or ""
                    if record.rec_type != "metadata" or not address.startswith(ADDRESS):
                        continue
                    where = f"{path}, byte {records.offset:,}"
                    text = record.raw_stream.read(_MAX_BYTES).decode()
                    run = int(json.loads(text.partition("\n")[0])["run"])
                    texts.append((run, len(texts), where, text))
        except (*DAMAGED, LookupError) as error:
            found.troubles.append((str(path), f"it cannot be read to its end ({error})"[:300]))
    for _run, _number, where, text in sorted(texts):
        try:
            found.take(text, where)
        except (ValueError, TypeError, LookupError) as error:
            found.troubles.append((where, f"this journal cannot be read ({error})"[:300]))
    return found
