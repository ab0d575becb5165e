"""What an answer means that is not simply the page: another status, a block page, half a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import BlockPage, FetchError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.records import Capture

GONE_STATUS = frozenset({404, 410})
"""What a server says of a page that it does not have."""
WITHHELD_STATUS = frozenset({403, 451})
"""What a server says of a page that it does not hand out, if it is not a block page."""
NOT_MODIFIED = 304
_OK = 200


def refuse_other_status(capture: Capture, block_kind: Callable[[Capture], str | None]) -> None:
    """Raise what an answer other than 200 means.

    Args:
        capture: the answer.
        block_kind: what a block page shows; None for other pages.

    Raises:
        BlockPage: it is a captcha, a challenge, a refusal or a notice.
        FetchError: any other status.
    """
    if capture.status == _OK:
        return
    kind = block_kind(capture)
    if kind:
        raise BlockPage(capture.url, f"{kind}, HTTP {capture.status}")
    raise FetchError.answered(capture.url, capture.status)


def is_whole(capture: Capture) -> bool:
    """Whether a page has come to its end tag; one without may have been cut off on its way.

    Of JSON, whether it ends with the bracket it begins with.
    """
    brackets = {b"{": b"}", b"[": b"]"}
    end = brackets.get(capture.body.lstrip()[:1])
    if end:
        return capture.body.rstrip().endswith(end)
    return b"</html" in capture.body[-8192:].replace(b"\0", b"").lower()  # UTF-16 has zeros
