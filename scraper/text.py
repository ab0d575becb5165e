"""Text: one folded form for storing, one harmless form for printing."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import Literal

# Soft hyphen, zero-width space / non-joiner / joiner, word joiner, byte order mark: invisible,
# and each of them makes two equal words differ. Control characters, which JSON can spell, do harm.
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: JSON can spell it, UTF-8 cannot
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
# Where accents may pile up: neither letters nor white space, and more than a script needs in a row
# (UAX #15 calls text with at most 30 "stream-safe").
_PILE = re.compile(r"[^\w\s\x00-\x7f]{31,}+")
_SHORT = 500  # characters; no pile in so few takes more than a millisecond


def fold(text: str) -> str:
    """Text as the archive holds it: NFC, invisible characters dropped, white space folded.

    Idempotent. White space includes the no-break and thin spaces of typesetters. Control characters
    are dropped; half a surrogate pair becomes U+FFFD.
    """
    folded = " ".join(text.split())
    if folded.isprintable():
        return folded if folded.isascii() else _normal("NFC", folded)
    visible = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))
    return " ".join(_normal("NFC", visible).split())


def _normal(form: Literal["NFC", "NFKD"], text: str) -> str:
    """A Unicode normal form.

    `unicodedata` sorts the accents of a letter by insertion, in a time that grows with the square
    of their number: 80,000 take 14 seconds. Where many are piled up, they are sorted before.
    """
    if len(text) > _SHORT:
        text = _PILE.sub(_in_order, text)
    return unicodedata.normalize(form, text)


def _in_order(pile: re.Match[str]) -> str:
    """The same accents in canonical order (UAX #15): by class, what has none stays in its place."""
    apart = "".join(unicodedata.normalize("NFD", char) for char in pile[0])
    return "".join(
        "".join(sorted(group, key=unicodedata.combining))
        for _has_class, group in groupby(apart, key=lambda char: unicodedata.combining(char) > 0)
    )


def fold_or_none(text: str | None) -> str | None:
    """Folded text, or None when nothing is left."""
    return (fold(text) or None) if text else None


def search_key(text: str) -> str:
    """Text for comparing names: no case, no accents, umlauts in any spelling (`ä` = `ae` = `a`)."""
    text = _normal("NFKD", text.casefold())
    bare = "".join(char for char in text if not unicodedata.combining(char))
    return bare.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def word_count(text: str) -> int:
    """Number of words; a hyphenated compound is one word."""
    return len(_WORD.findall(text))


def printable(text: str) -> str:
    """Text that does nothing to a terminal: control and direction characters become visible."""
    return "".join(
        char if char.isprintable() or char in "\n " else f"\\u{ord(char):04x}" for char in text
    )


def one_line(text: str) -> str:
    """Printable text on one line: a stored line break cannot forge a line of output."""
    return printable(text).replace("\n", "\\n")
