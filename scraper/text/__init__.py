"""Text: one folded form for storing, one harmless form for printing."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import Literal

# Soft hyphen, zero-width space, word joiner, byte order mark: invisible, and each of them makes two
# equal words differ. Control characters, which JSON can spell, do harm.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_JOINERS = re.compile("[\u200c\u200d]+")
# Arabic to Myanmar, Khmer and Mongolian, the scripts of India and Indonesia, the Arabic forms for
# presentation, and those beyond the first plane: their letters join, or stack.
_JOINING = re.compile(
    "[\u0600-\u109f\u1700-\u18af\u1900-\u1cff\u2d30-\u2d7f\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefe"
    "\U00010a00-\U00011fff\U0001e900-\U0001eeff]"
)
_EMOJI = re.compile("[\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001faff]")
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: JSON can spell it, UTF-8 cannot
_WORD = re.compile(r"\w+(?:[-'’\u200c\u200d]\w+)*")
# Where accents may pile up: neither letters nor white space, and more than a script needs in a row
# (UAX #15 calls text with at most 30 "stream-safe").
_PILE = re.compile(r"[^\w\s\x00-\x7f]{31,}+")
_SHORT = 500  # characters; no pile in so few takes more than a millisecond


def fold(text: str) -> str:
    """Text as the archive holds it: NFC, invisible characters dropped, white space folded.

    Idempotent. White space includes the no-break and thin spaces of typesetters. Control characters
    are dropped; half a surrogate pair becomes U+FFFD. A joiner or non-joiner stays where it is part
    of the spelling: between letters of a script that joins them, and within an emoji.
    """
    folded = " ".join(text.split())
    if folded.isprintable():
        return folded if folded.isascii() else _normal("NFC", folded)
    visible = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))
    visible = _JOINERS.sub(_joiner, _normal("NFC", visible))
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


def _joiner(run: re.Match[str]) -> str:
    """What stays of joiners that follow one another: the first at most, where it has a meaning."""
    text, first = run.string, run[0][0]
    left, right = text[max(run.start() - 1, 0) : run.start()], text[run.end() : run.end() + 1]
    if left and _is_joined(left):
        # Behind a virama it makes a form of its own, at the end of a word too (RFC 5892, A.1).
        stays = _is_joined(right) or unicodedata.combining(left) == 9
    else:
        stays = first == "\u200d" and bool(_EMOJI.match(left) and _EMOJI.match(right))
    return first if stays else ""


def _is_joined(char: str) -> bool:
    """Whether a character is a letter, a mark or a digit of a script that joins its letters."""
    return _JOINING.match(char) is not None and unicodedata.category(char)[0] in "LMN"


def fold_or_none(text: str | None) -> str | None:
    """Folded text, or None when nothing is left."""
    return (fold(text) or None) if text else None


def search_key(text: str) -> str:
    """Text for comparing names: no case, no accents, umlauts in any spelling (`ä` = `ae` = `a`)."""
    text = _normal("NFKD", text.casefold())
    bare = "".join(char for char in text if not unicodedata.combining(char))
    return bare.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def decomposed(text: str) -> str:
    """Text in the form NFKD: letters and their accents apart, no ligatures."""
    return _normal("NFKD", text)


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


def is_distinctive(headline: str) -> bool:
    """Whether a headline is hardly in a text by chance: of three words and 20 characters."""
    return len(headline) >= 20 and word_count(headline) >= 3
