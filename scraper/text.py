"""Text: one folded form for storing, one harmless form for printing, bytes to characters."""

from __future__ import annotations

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

# Soft hyphen, zero-width space / non-joiner / joiner, word joiner, byte order mark: invisible,
# and each of them makes two equal words differ.
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:-]+)""", re.I)
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


def fold(text: str) -> str:
    """Text as the archive holds it: NFC, invisible characters dropped, white space folded.

    Idempotent. White space includes the no-break and thin spaces of typesetters.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(text.split())


def fold_or_none(text: str | None) -> str | None:
    """Folded text, or None when nothing is left."""
    return (fold(text) or None) if text else None


def search_key(text: str) -> str:
    """Text for comparing names: no case, no accents, umlauts in any spelling (`ä` = `ae` = `a`)."""
    text = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in text if not unicodedata.combining(char))
    return bare.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def word_count(text: str) -> int:
    """Number of words; a hyphenated compound is one word."""
    return sum(1 for _ in _WORD.finditer(text))


def printable(text: str) -> str:
    """Text that does nothing to a terminal: control and direction characters become visible."""
    return "".join(
        char if char.isprintable() or char in "\n " else f"\\u{ord(char):04x}" for char in text
    )


def one_line(text: str) -> str:
    """Printable text on one line: a stored line break cannot forge a line of output."""
    return printable(text).replace("\n", "\\n")


def is_utf8(body: bytes, content_type: str | None = None) -> bool:
    """Whether `decode_html` would read a page as UTF-8 without changing a byte."""
    if body.startswith(tuple(mark for mark, _charset in _BYTE_ORDER_MARKS)):
        return False
    header = _HEADER_CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(body, 0, 4096)
    declared = header[1] if header else meta[1].decode("ascii") if meta else "utf-8"
    if declared.lower() not in {"utf-8", "utf8"}:
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        # In pieces that stay in the processor's cache: seven times as fast as in one go.
        for start in range(0, len(body), 65536):
            decoder.decode(body[start : start + 65536])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def decode_html(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Characters of an HTML page and the name of the charset they were read with.

    The order of evidence is that of the HTML standard: byte order mark, HTTP header, `meta`, and
    then the bytes themselves. Bytes that the charset cannot hold become U+FFFD.
    """
    for mark, charset in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace"), charset
    header = _HEADER_CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(body, 0, 4096)
    declared = [header[1]] if header else []
    if meta:
        declared.append(meta[1].decode("ascii"))
    for charset in declared:
        text = _decode(body, charset)
        if text is not None:
            return text, charset.lower()
    text = _decode(body, "utf-8")
    if text is not None:
        return text, "utf-8"
    best = from_bytes(body[:65536]).best()
    charset = best.encoding if best else (declared[0] if declared else "windows-1252")
    try:
        return body.decode(charset, "replace"), charset
    except LookupError:
        return body.decode("utf-8", "replace"), "utf-8"


def _decode(body: bytes, charset: str) -> str | None:
    # Browsers read "latin-1" as windows-1252: the quotation marks of press offices live there.
    name = "windows-1252" if charset.lower() in {"iso-8859-1", "latin-1", "latin1"} else charset
    try:
        return body.decode(name)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None
