"""German words for searching: how a text is cut into words, folded and stemmed.

The recipe, for texts and queries alike:

1. A word is a run of letters and digits. `Bürger*innen`, `Bürger:innen`, `Bürger_innen` and
   `Bürger/innen` are one word, and so are `12.500` or `12 500` and the road `B 1`.
2. A word is folded: no case, no accents, `ß` = `ss`, `ä` = `ae` = `a`.
3. A folded word is stemmed by Snowball's algorithm for German, and by rules for words that it
   leaves alone: `Kitas` = `Kita`, `Museen` = `Museum`, `Themen` = `Thema`, `Ärztinnen` = `Ärztin`.
   `plurals.txt` has those with plurals of their own: `Neubauten` = `Neubau`, `Atlanten` = `Atlas`.
4. The parts of a hyphenated compound are words; the compound as a whole is one more.

The pure Python stemmer is taken even where PyStemmer is installed: its version alone decides
about the stems. It needs 0.1 ms for a word; releases share most of theirs, so a cache pays.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from scraper.text import search_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

RECIPE = "2"
"""Version of the rules above; another one rebuilds the index."""

BREAK = "xqx"
"""A stem that no word has. It parts whole compounds, so that no phrase reaches across."""

_ROAD = r"\b[a-z] \d{1,3}(?![^\W_]|[.,:]\d)"
_NUMBER = r"[1-9]\d{0,2}(?:[. '’]\d{3})+(?!\d)"
_LETTERS_AND_DIGITS = r"[^\W_]+(?:(?:[*:_]|/-?)(?:innen|in)\b)?"
_PIECE = f"(?:{_ROAD}|{_NUMBER}|{_LETTERS_AND_DIGITS})"
UNIT = re.compile(rf"{_PIECE}(?:[-‐‑]{_PIECE})*", re.I)
"""A word or a hyphenated compound in a text."""

_HYPHEN = re.compile("[-‐‑]")
_MARK = re.compile(r"[\W_]+")
_CACHED_WORDS = 1 << 13
_LONGEST_WORD = 100  # longer ones are no words; the stemmer's time grows with the length

# The spellings `ae oe ue` as the stemmer itself reads them: not in `Quelle`, `Feuer`, `Mauer`.
_TRANSCRIBED = re.compile("ae|oe|(?<![aeiouyq])ue")

# What more is to be done about than case and umlauts.
_NOT_PLAIN = re.compile("[^a-z0-9]|[aou]e")

# Kitas, Autos, Handys; then Museum, Zentrum, Gymnasium; then Thema, Konto.
_LOAN_ENDINGS = (
    re.compile("(?<=..[aoy])(?<!lo)s$"),
    re.compile("(?<=...[eir])um$"),
    re.compile("(?<=....)[ao]$"),
)

# The female forms that Snowball leaves apart from their plural; not `Gewinn`, `Sinn`, `Rinne`.
_FEMALE = re.compile("(?<=..)([tfdh]|[oau]r|[ai]l|(?<!be)g|noss|sass|zess)inn$")

_PLURALS = "plurals.txt"
_END = 4  # letters that tell whether a word may be one of them; no form is shorter
_SHORTEST_BEFORE = 3  # letters of a compound before its last part

# Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "a", "œ": "o"})
# The same and those that nearly all other words are made of: then Unicode need not be asked.
_FREQUENT = _LETTERS | str.maketrans({"ä": "a", "ö": "o", "ü": "u"})


class Unit(NamedTuple):
    """A word or a hyphenated compound."""

    stems: tuple[str, ...]
    """Stem of each part."""
    words: tuple[str, ...]
    """Each part, folded but not stemmed."""
    joined: str | None
    """Stem of the compound written in one word; None for a plain word, and an endless one."""
    joined_word: str | None
    """The compound in one word, folded but not stemmed."""


def version() -> str:
    """What decides about the stems: the recipe and the release of the stemmer."""
    return f"recipe {RECIPE}, snowballstemmer {_stemmer_release()}"


@cache
def _stemmer_release() -> str:
    from importlib import metadata

    return metadata.version("snowballstemmer")


@lru_cache(maxsize=_CACHED_WORDS)
def unit(text: str) -> Unit:
    """The unit of one word or hyphenated compound."""
    words = tuple(fold_word(part) for part in _HYPHEN.split(text))
    stems = tuple(stem(word) for word in words)
    if len(words) == 1:
        return Unit(stems, words, None, None)
    joined = "".join(words)
    if len(joined) > _LONGEST_WORD:
        return Unit(stems, words, None, None)
    return Unit(stems, words, stem(joined), joined)


def units(text: str) -> Iterator[Unit]:
    """The units of a text, in order."""
    return map(unit, UNIT.findall(text))


def stemmed(text: str | None) -> str:
    """A text as it stands in the index: its stems, then its whole compounds; "" for None."""
    stems: list[str] = []
    compounds: dict[str, None] = {}
    for found in units(text or ""):
        stems += found.stems
        if found.joined:
            compounds[found.joined] = None
    return f" {BREAK} ".join([" ".join(stems), *compounds])


def folded(text: str) -> str:
    """A text as folded words, for comparing whole titles."""
    return " ".join(word for found in units(text) for word in found.words)


def name_key(name: str) -> str:
    """A name for comparing: as `search_key` has it, and Turkish, Polish, Danish letters plain."""
    return search_key(name.casefold().translate(_LETTERS))


@lru_cache(maxsize=_CACHED_WORDS)
def fold_word(word: str) -> str:
    """A word without case, accents and inner marks; umlauts and `ß` in any spelling are equal."""
    word = word[:_LONGEST_WORD].casefold().translate(_FREQUENT)
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word)
        word = "".join(char for char in word if not unicodedata.combining(char))
    bare = word if word.isalnum() else _MARK.sub("", word)
    return _TRANSCRIBED.sub(lambda match: match[0][0], bare)


@lru_cache(maxsize=_CACHED_WORDS)
def stem(word: str) -> str:
    """The stem of a folded word; a word of other letters stays as it is."""
    if not (word.isascii() and word.isalpha()):
        return word
    irregular = _irregular(word)
    if irregular:
        return irregular
    found = _stemmer()(word) or word
    for ending in _LOAN_ENDINGS:
        found = ending.sub("", found)
    return _FEMALE.sub(r"\1in", found)


def letters(word: str) -> str:
    """What a folded word is looked for in: itself, and its stem where that has other letters."""
    irregular = _irregular(word)
    return f"{word} {irregular}" if irregular else word


def holding(parts: Iterable[str], words: Iterable[str]) -> set[str]:
    """The words whose `letters` hold one of some folded parts, and perhaps a few more.

    They are folded all at once, as far as that is what `fold_word` does to them: much faster than
    word by word.
    """
    given = list(words)
    if not given:
        return set()
    joined = "\n".join(given).casefold()
    for umlaut, letter in (("ä", "a"), ("ö", "o"), ("ü", "u")):
        joined = joined.replace(umlaut, letter)
    folded = joined.split("\n")
    ends = _irregular_ends()
    odd = _NOT_PLAIN.search
    found = {
        word
        for word, plain in zip(given, folded, strict=True)
        if plain[-_END:] in ends or odd(plain) or len(plain) > _LONGEST_WORD
    }
    for part in set(parts):
        found.update(word for word, plain in zip(given, folded, strict=True) if part in plain)
    return found


@cache
def _irregular_ends() -> frozenset[str]:
    """How words end whose stem has other letters."""
    alone, last = _plurals()
    return frozenset(form[-_END:] for form in (*alone, *last))


def _irregular(word: str) -> str | None:
    """The stem of a word with a plural of its own, also where it ends a compound."""
    alone, last = _plurals()
    if word in alone:
        return alone[word]
    for at in range(_SHORTEST_BEFORE, len(word) - _SHORTEST_BEFORE):
        if word[at:] in last:
            return word[:at] + last[word[at:]]
    return None


@cache
def _plurals() -> tuple[dict[str, str], dict[str, str]]:
    """Stems of the forms in `plurals.txt`, and of those that may end a compound."""
    alone, last = {}, {}
    for line in Path(__file__).with_name(_PLURALS).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        stem, _, forms = line.partition(":")
        for form in forms.split():
            before, _, end = form.rpartition("-")
            alone[before + end] = before + stem
            if form.startswith("-"):
                last[end] = stem
    return alone, last


@cache
def _stemmer() -> Callable[[str], str]:
    # Imported when needed: most commands stem nothing.
    from snowballstemmer.german_stemmer import (  # type: ignore[import-untyped]
        GermanStemmer,
    )

    stemmer = GermanStemmer()
    lock = Lock()  # it keeps the word it is at in itself

    def run(word: str) -> str:
        with lock:
            return str(stemmer.stemWord(word))

    return run


STOP_WORDS = frozenset(
    "aber als am an auch auf aus bei beim bis das dass dem den der des die dies diese diesem diesen"
    " dieser dieses durch ein eine einem einen einer eines es fur hat im in ins ist mit nach oder"
    " sich sie sind so uber um und unter vom von vor war was wer wann wie wird wo zu zum zur"
    " hatte haben werden wurde wurden".split()
)
"""Folded words that a query may hold and a text may lack."""
