"""Pages that come by way of a web archive: addresses and markup as they were before.

The Wayback Machine puts its own address and the time of the capture before every address,
`https://web.archive.org/web/20220518123456id_/https://…`, and adds a toolbar. Other archives spell
addresses alike.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

# A time of 14 digits, perhaps a modifier (`id_`, `im_`), then the address it was captured from;
# without a scheme only below `/web/`. Of several, the innermost counts.
_BEFORE_ADDRESS = re.compile(
    r"/(?P<stamp>\d{14})(?:[a-z]{2}_)?/(?=https?:/{1,2}[^/\s])"
    r"|/web/(?P<stamp2>\d{14})(?:[a-z]{2}_)?/(?=[\w-]++(?:\.[\w-]++)++/)",
    re.I,
)
_STAMP = re.compile(r"[0-9]{14}")
_SCHEME = re.compile(r"^(https?):/{0,2}", re.I)
_PLAYBACK = re.compile(
    rb"BEGIN WAYBACK TOOLBAR INSERT|FILE ARCHIVED ON \d|__wm\.(?:init|wombat)|bundle-playback\.js"
    rb"|End Wayback Rewrite JS Include"
)
# One of these is in whatever that pattern finds; to look for them takes a third of the time.
_PLAYBACK_SIGNS = (b"WAYBACK", b"ARCHIVED ON ", b"__wm.", b"bundle-playback", b"End Wayback")
_END_BYTES = 8192
_TOOLBAR = b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->"
_TOOLBAR_END = b"<!-- END WAYBACK TOOLBAR INSERT -->"
_REWRITTEN = re.compile(
    rb"(?:(?:https?:)?//web\.archive\.org)?/web/\d{14}(?:[a-z]{2}_)?/(?=(?:https?:)?//|mailto:)",
    re.I,
)
_BANNER = re.compile(rb"FILE ARCHIVED ON (\d\d:\d\d:\d\d [A-Z][a-z]{2} \d\d, \d{4})")


def original_address(address: str) -> tuple[str, datetime | None]:
    """The address a page had, and when it was captured, from the one an archive gives it.

    Args:
        address: a URL, or a path of a file whose folders are such a URL.

    Returns:
        The address itself and None if no archive stands before it.
    """
    # It reaches to the end and holds no white space, so that it stands behind the last of that.
    tail = "" if address[-1:].isspace() else (address.split() or [""])[-1]
    match = None
    for match in _BEFORE_ADDRESS.finditer(tail):  # noqa: B007 - the last one counts
        pass
    moment = parse_stamp(match["stamp"] or match["stamp2"]) if match else None
    if match is None or moment is None:
        return address, None
    target = tail[match.end() :]
    return _SCHEME.sub(r"\1://", target) if match["stamp"] else f"https://{target}", moment


def parse_stamp(digits: str) -> datetime | None:
    """The UTC time that 14 digits stand for, `20220518123456`; None if they are no time."""
    if not _STAMP.fullmatch(digits):  # Python would make a time of ten of them, too
        return None
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def as_captured(body: bytes) -> bytes:
    """A page without what the archive that showed it has put in; any other page as it is."""
    # It adds scripts at the very beginning and a note at the very end; the rest need not be read.
    ends = body[:_END_BYTES] + body[-_END_BYTES:]
    if not any(sign in ends for sign in _PLAYBACK_SIGNS) or not _PLAYBACK.search(ends):
        return body
    return _REWRITTEN.sub(b"", _without_toolbar(body))


def _without_toolbar(body: bytes) -> bytes:
    """Searched for, not matched: a pattern would look for an end from each beginning anew."""
    kept, position = [], 0
    while (start := body.find(_TOOLBAR, position)) >= 0:
        end = body.find(_TOOLBAR_END, start)
        if end < 0:
            break
        kept.append(body[position:start])
        position = end + len(_TOOLBAR_END)
    return b"".join([*kept, body[position:]])


def captured_at(body: bytes) -> datetime | None:
    """The time of the capture that the Wayback Machine notes at the end of a page it shows."""
    match = _BANNER.search(body, max(len(body) - _END_BYTES, 0))
    if match is None:
        return None
    try:
        text = match[1].decode("ascii")
        return datetime.strptime(text, "%H:%M:%S %b %d, %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
