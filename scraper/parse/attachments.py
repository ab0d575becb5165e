"""Files that belong to a release: its links to download, with their types."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING

from scraper import urls
from scraper.records import Attachment

if TYPE_CHECKING:
    from scraper.records import Link

_TYPES = mimetypes.MimeTypes()  # not those of the machine: a record is the same everywhere
_OFFICE = "application/vnd.openxmlformats-officedocument."
for _suffix, _type in {
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".ics": "text/calendar",
    ".epub": "application/epub+zip",
    ".webp": "image/webp",
}.items():
    _TYPES.add_type(_type, _suffix)


def attachments(links: tuple[Link, ...]) -> tuple[Attachment, ...]:
    """The files among the links of a release; nothing of them was fetched yet."""
    return tuple(
        Attachment(link.url, link.text, _media_type(link.url))
        for link in links
        if link.kind == "download"
    )


def _media_type(url: str) -> str | None:
    name = urls.file_name(url).lower()
    return _TYPES.guess_type(f"http://localhost/{name}")[0] if "." in name else None
