"""Finding names, headlines and addresses, however a page spells them, and blackening them.

HTML, JSON and addresses have many spellings of the same words: `Gr&uuml;n`, `Gr%C3%BCn`, `GRÜN`,
the escapes of JSON, an accent that follows its letter, `gruen` in the name of a file.
All are compared in one plain form. Only what holds a match is taken apart character by character.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.text import decomposed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BLACK = "█"

_GAP = "\0"
"""A tag in the plain form: it parts words as white space does."""
_ESCAPES = (
    r"&(?:amp;){0,3}#?\w{1,31};"
    r"|\\{1,4}(?:u[0-9a-fA-F]{4}|[nrtbf/\"\\])"
    r"|(?:%(?:25){0,2}[0-9a-fA-F]{2}){1,64}"
)
_CODED = re.compile(_ESCAPES)
_CODED_OR_TAG = re.compile(r"<[^<>]{0,4000}>|" + _ESCAPES)
_BYTE = re.compile(r"%(?:25){0,2}([0-9a-fA-F]{2})")
_HAS_CODE = re.compile(r"[<&\\%]")

_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_MARKS = "\u0300-\u0307\u0309-\u036f"  # all but the dots of umlauts
_DROPPED = re.compile(f"[{_UNSEEN}{_MARKS}]")
_UMLAUT = re.compile("(?<=[aou])\u0308+")
_DOTS = re.compile("\u0308")
_JOINERS = re.compile("[-_+\u2010]")
_SPACE = re.compile(rf"[\s{_GAP}]+")
_JOINING_DOT = re.compile(r"(?<=\w)\.(?=\w)")
_GOES_ON = re.compile(r"[\w/%~-]|\.\w")


# Letters without accents, spelled as numbers: hardly ever, as addresses of mail are hidden.
_LETTERS_CODED = re.compile(
    r"&#(?:0{0,9}(?:6[5-9]|[7-9][0-9]|1[01][0-9]|12[0-2])|[xX]0{0,9}[4-7][0-9a-fA-F]);"
    r"|\\u00[4-7]|%(?:25){0,2}[46][1-9a-fA-F]|%(?:25){0,2}[57][0-9aA]"
)
_PARTING = re.compile(f"[{_UNSEEN}]|&(?:shy|#173|#xad|zwnj|zwj);|<wbr[ /]{{0,3}}>")
_PARTED = re.compile("ae|oe|ue|ss")
_RUN = re.compile("[a-z]{3,}")
_RARE = 5
_ASCII = re.compile(r"[!-~]+(?: [!-~]+)*|.", re.DOTALL)


class _Needle(NamedTuple):
    """What is looked for.

    Attributes:
        text: in plain form.
        runs: letters in it that every spelling has side by side.
    """

    text: str
    runs: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Needle:
        name = text.rstrip("/").rpartition("/")[2]  # of an address: the rest is on every page
        runs = dict.fromkeys(_RUN.findall(_PARTED.sub(" ", name.lower())))
        long = [run for run in runs if len(run) >= _RARE]  # short words are on every page
        return cls(plain(text), tuple(long if len(long) > 1 else runs))

    def may_be_in(self, there: dict[str, bool], text: str) -> bool:
        """Quick: whether half of the runs are there, as some may be parted by hyphens or tags.

        Args:
            there: what is known of runs, and is added to.
            text: the page in lower case.
        """
        for run in self.runs:
            if run not in there:
                there[run] = run in text
        return 2 * sum(there[run] for run in self.runs) >= len(self.runs)


class _Sign(NamedTuple):
    """A character as a page spells it.

    Attributes:
        text: what it stands for; empty if it is not seen.
        start: where it begins in the page.
        end: behind its last character there.
    """

    text: str
    start: int
    end: int


def plain(text: str) -> str:
    """A text as names are compared: no case, no accents, umlauts as `ae oe ue`, `ß` as `ss`.

    Escapes of HTML, JSON and addresses count as what they stand for; hyphens, underscores and dots
    within a word as spaces. White space is folded.
    """
    return _compared(_CODED.sub(_read, text) if _HAS_CODE.search(text) else text).strip()


def _compared(text: str) -> str:
    text = _DROPPED.sub("", decomposed(text.casefold()))
    text = _DOTS.sub("", _UMLAUT.sub("e", text))
    return _JOINING_DOT.sub(" ", _JOINERS.sub(" ", _SPACE.sub(" ", text)))


def _read(match: re.Match[str]) -> str:
    return "".join(sign.text for sign in _signs_of(match[0], 0))


def _signs_of(token: str, start: int) -> Iterator[_Sign]:
    """What a tag or an escape stands for."""
    end = start + len(token)
    if token[0] == "<":
        yield _Sign("" if token[1:4].lower() == "wbr" else _GAP, start, end)
    elif token[0] == "&":
        yield _Sign(html.unescape("&" + token.rpartition("&")[2].rpartition("amp;")[2]), start, end)
    elif token[0] == "%":
        yield from _of_bytes(token, start)
    else:
        code = token.lstrip("\\")
        if code[:1] == "u":
            text = chr(int(code[1:], 16))
        else:
            text = code if code in {"/", '"'} else " " if code else "\\"
        yield _Sign(text, start, end)


def _of_bytes(token: str, start: int) -> Iterator[_Sign]:
    """The characters of a run of percent escapes, in UTF-8 or, if it is none, in Latin-1."""
    found = list(_BYTE.finditer(token))
    content = bytes(int(match[1], 16) for match in found)
    try:
        text, sizes = content.decode(), None
    except UnicodeDecodeError:
        text, sizes = content.decode("latin-1"), 1
    at = 0
    for char in text:
        size = sizes or len(char.encode())
        yield _Sign(char, start + found[at].start(), start + found[at + size - 1].end())
        at += size


class _Apart:
    """A text in plain form, and where in the text each of its characters comes from.

    Attributes:
        read: what it says, in small letters; white space is a line break.
        plain: the same as it is compared, of the same length.
        starts: where the sign of each character begins in the text.
        ends: behind its last character there.
        more: further signs of a character: accents, the rest of white space.
        tags: characters that are nothing but a tag.
    """

    def __init__(self, text: str, codes: re.Pattern[str]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.more: dict[int, list[_Sign]] = {}
        self.tags: set[int] = set()
        self._parts: list[str] = []
        self._last = ""
        at = 0
        for match in codes.finditer(text):
            self._take(text, at, match.start())
            for sign in _signs_of(match[0], match.start()):
                self._take_sign(sign)
            at = match.end()
        self._take(text, at, len(text))
        self.read = "".join(self._parts)
        self.plain = _JOINING_DOT.sub(" ", _JOINERS.sub(" ", self.read.replace("\n", " ")))

    def signs(self, at: int) -> Iterator[_Sign]:
        """What a character comes from."""
        yield _Sign(_GAP if at in self.tags else BLACK, self.starts[at], self.ends[at])
        yield from self.more.get(at, ())

    def _take(self, text: str, start: int, end: int) -> None:
        """Text without codes: what is ASCII all at once, the rest sign by sign."""
        for match in _ASCII.finditer(text, start, end):
            found, at = match[0], match.start()
            if found[0] > " " and found.isascii():
                self._parts.append(found.lower())
                self._last = found[-1].lower()
                self.starts.extend(range(at, match.end()))
                self.ends.extend(range(at + 1, match.end() + 1))
            else:
                self._take_sign(_Sign(found, at, at + 1))

    def _take_sign(self, sign: _Sign) -> None:
        is_seen = False
        for char in decomposed(sign.text.casefold()):
            if _DROPPED.match(char):
                continue
            if char == "\u0308":
                if self._last and self._last in "aou":
                    is_seen = True
                    self._add("e", self._belongs(sign))
            elif char.isspace() or char == _GAP:
                is_seen = True
                if self._last == "\n":
                    self._belongs(sign)
                else:
                    self._add("\n", sign)
            else:
                is_seen = True
                self._add(char, sign)
        if not is_seen and self.starts and sign.text:
            self._belongs(sign)  # an accent belongs to its letter

    def _belongs(self, sign: _Sign) -> _Sign:
        """Add a sign to the last character; returns that one's own."""
        last = len(self.starts) - 1
        if self.starts[last] != sign.start:
            self.more.setdefault(last, []).append(sign)
        return _Sign(self._last, self.starts[last], self.ends[last])

    def _add(self, char: str, sign: _Sign) -> None:
        if sign.text == _GAP:
            self.tags.add(len(self.starts))
        self._parts.append(char)
        self._last = char
        self.starts.append(sign.start)
        self.ends.append(sign.end)


class Blackening:
    """Phrases and addresses that are not to be seen any more.

    Args:
        phrases: names and headlines; they count as whole words.
        addresses: paths of pages; each becomes `/` where it ends there.
    """

    def __init__(self, phrases: Iterable[str], addresses: Iterable[str] = ()) -> None:
        self._phrases = _longest_first(phrases)
        self._addresses = _longest_first(addresses)

    def is_in(self, text: str) -> bool:
        """Whether a text or a page names one of the phrases or addresses."""
        phrases, addresses = self._near(text)
        return any(_is_there(text, codes, phrases, addresses) for codes in _ways(text))

    def __call__(self, text: str) -> str:
        """The text with each character of a phrase as one `█`; tags stay."""
        phrases, addresses = self._near(text)
        for codes in _ways(text):
            if _is_there(text, codes, phrases, addresses):
                text = self._blackened(text, codes, phrases, addresses)
        return text

    def _near(self, text: str) -> tuple[list[str], list[str]]:
        """The phrases and addresses of which it may be worth while to look closer."""
        there: dict[str, bool] = {}
        low = _PARTING.sub("", text.lower())
        coded = _LETTERS_CODED.search(text) is not None
        phrases, addresses = (
            [each.text for each in needles if coded or each.may_be_in(there, low)]
            for needles in (self._phrases, self._addresses)
        )
        return phrases, addresses

    @staticmethod
    def _blackened(
        text: str, codes: re.Pattern[str], phrases: list[str], addresses: list[str]
    ) -> str:
        apart = _Apart(text, codes)
        changes: dict[int, tuple[int, str]] = {}
        for needle in phrases:
            for at in _places(apart.plain, needle):
                _blacken(apart, at, at + len(needle), changes)
        for needle in addresses:
            at = apart.plain.find(needle)
            while at >= 0:
                last = at + len(needle)
                start, end = apart.starts[at], apart.ends[last - 1]
                behind = apart.read[last : last + 2]
                goes_on = _GOES_ON.match(behind) or ("?" in needle and behind[:1] == "&")
                if not goes_on and "<" not in text[start:end]:
                    changes.setdefault(start, (end, "/"))
                at = apart.plain.find(needle, last)
        return "".join(_changed(text, changes))


def _longest_first(texts: Iterable[str]) -> list[_Needle]:
    needles = [needle for needle in map(_Needle.of, texts) if needle.text]
    return sorted(needles, key=lambda needle: len(needle.text), reverse=True)


def _is_there(text: str, codes: re.Pattern[str], phrases: list[str], addresses: list[str]) -> bool:
    """Whether a page in plain form has one of some phrases or addresses."""
    if not (phrases or addresses):
        return False
    found = _compared(codes.sub(_read, text) if _HAS_CODE.search(text) else text)
    return any(True for needle in phrases for _at in _places(found, needle)) or any(
        needle in found for needle in addresses
    )


def _ways(text: str) -> tuple[re.Pattern[str], ...]:
    """How to read it: as words between tags, and as it stands, with what is within tags."""
    return (_CODED_OR_TAG, _CODED) if "<" in text else (_CODED,)


def _places(text: str, needle: str) -> Iterator[int]:
    """Where a phrase stands as whole words."""
    at = text.find(needle)
    while at >= 0:
        end = at + len(needle)
        inside = at > 0 and text[at - 1].isalnum() and needle[0].isalnum()
        inside = inside or (end < len(text) and text[end].isalnum() and needle[-1].isalnum())
        if not inside:
            yield at
        at = text.find(needle, at + 1)


def _blacken(apart: _Apart, start: int, end: int, changes: dict[int, tuple[int, str]]) -> None:
    for at in range(start, end):
        shown = BLACK
        for sign in apart.signs(at):
            if sign.text == _GAP or sign.start in changes:
                continue
            changes[sign.start] = (sign.end, shown)
            shown = ""  # of white space one stays, and an accent is none by itself


def _changed(text: str, changes: dict[int, tuple[int, str]]) -> Iterator[str]:
    at = 0
    for start, (end, shown) in sorted(changes.items()):
        if start < at:  # within what has been replaced
            continue
        yield text[at:start]
        yield shown
        at = end
    yield text[at:]


@lru_cache(maxsize=4)
def blackening(phrases: tuple[str, ...], addresses: tuple[str, ...] = ()) -> Blackening:
    """A `Blackening`, kept: it is asked about every page of an archive."""
    return Blackening(phrases, addresses)
