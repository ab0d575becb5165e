"""What a file is, by its name and its first bytes."""

from __future__ import annotations

import re
import zlib
from enum import Enum, auto

from scraper.importing.saved import HTML_SUFFIXES, MHTML_SUFFIXES, is_html

HEAD_BYTES = 1024
"""So many bytes of a file tell what it is."""


class Kind(Enum):
    """What can be in a file."""

    WARC = auto()
    PACKAGE = auto()
    """A WACZ, or another zip file."""
    PAGE = auto()
    FOREIGN = auto()
    """A web archive that cannot be read here."""
    GZIP = auto()
    """Something packed; nobody knows what."""
    OTHER = auto()


_GZIP, _ZIP, _WARC, _ARC = b"\x1f\x8b", b"PK\x03\x04", b"WARC/", b"filedesc://"
# Crawlers name a file so while they write it; one that was killed leaves it behind.
_UNFINISHED = r"(?:\.(?:open|part|tmp|invalid))?$"
_WARC_NAME = re.compile(r"\.warc(?:\.gz)?" + _UNFINISHED, re.I)
_PACKED_NAME = re.compile(r"\.w?arc\.(zst|bz2|xz|lz4|br|7z)" + _UNFINISHED, re.I)
_PACKAGE_NAME = re.compile(r"\.(?:wacz|zip)" + _UNFINISHED, re.I)
_ARCHIVE_NAME = re.compile(r"\.(7z|rar|tgz|tbz2?|txz|tar(?:\.(?:gz|bz2|xz|zst|lz4))?)$", re.I)
# What macOS puts beside each file in an archive.
_SHADOW = re.compile(r"(?:^|[/\\])(?:__MACOSX[/\\]|\._[^/\\]{1,250}$)")
_ARC_NAME = re.compile(r"\.arc(?:\.gz)?" + _UNFINISHED, re.I)
_OTHER_FORMATS = {
    ".webarchive": "of Safari; open it there and save the page's source as .html",
    ".maff": "of Firefox (MAFF); unzip it and import the folder",
    ".har": "of a browser's network monitor (HAR); import a WARC file or the saved page",
    ".zim": "of Kiwix (ZIM); unpack it with `zimdump` and import the folder",
    ".wbn": "a Web Bundle; import a WARC file or the saved page",
}
_CANNOT = "it is a web archive that cannot be read: "


def kind_of(name: str, head: bytes = b"") -> Kind:
    """What a file is.

    Args:
        name: of the file; of a member of a package, with or without its folders.
        head: its first bytes; empty if they are not at hand.
    """
    plain = _unpacked(head)
    if _SHADOW.search(name):
        return Kind.OTHER
    if foreign_format(name, head):
        return Kind.FOREIGN
    if _WARC_NAME.search(name) or plain.startswith(_WARC):
        return Kind.WARC
    suffix = _suffix(name)
    if _PACKAGE_NAME.search(name) or head.startswith(_ZIP):
        return Kind.PACKAGE
    if suffix in HTML_SUFFIXES | MHTML_SUFFIXES or is_html(head):
        return Kind.PAGE
    return Kind.GZIP if head.startswith(_GZIP) else Kind.OTHER


def foreign_format(name: str, head: bytes = b"") -> str | None:
    """Why a web archive cannot be read, and what to do; None if it can, or is none."""
    packed = _PACKED_NAME.search(name)
    if packed:
        return (
            f"{_CANNOT}it is packed with {packed[1].lower()}; unpack it and import the .warc file"
        )
    plain = _unpacked(head)
    if plain.startswith(_ARC) or (_ARC_NAME.search(name) and not plain.startswith(_WARC)):
        return f"{_CANNOT}it is an ARC file; `warcio recompress` makes a WARC file of it"
    archive = _ARCHIVE_NAME.search(name)
    if archive:
        kind = archive[1].lower()
        return f"it is a {kind} file, which is not looked into; unpack it and import the folder"
    other = _OTHER_FORMATS.get(_suffix(name.removesuffix(".gz")))
    return f"{_CANNOT}it is one {other}" if other else None


def looks_like_ours(name: str) -> bool:
    """Whether a file's name promises something to import."""
    return kind_of(name) is not Kind.OTHER


def _suffix(name: str) -> str:
    return "." + name.lower().rpartition(".")[2]


def _unpacked(head: bytes) -> bytes:
    """The first bytes of what is in a gzip file; of any other, its own."""
    if not head.startswith(_GZIP):
        return head
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""
