"""Related words: compounds with a word, and forms of a verb that stemming leaves apart.

"schule" is in "Grundschule", "Schulbau" in "Schulbauprogramm"; "sperren" goes with "gesperrt".
"""

from __future__ import annotations

import re

SHORTEST_COMPOUND = 6
"""Shorter stems are no compounds and need not be known as such."""

SHORTEST_PART = 3
"""Shorter words are looked for as they are, never within compounds."""

# What may follow a stem without making a compound of it: "Bildung" has no picture in it.
_DERIVATIONS = frozenset(
    "ung ungs lich isch heit keit igkeit schaft haft bar sam los ier iert end est ern enden ents"
    " ender endes eln elt inn ling nis tum".split()
)

_SUFFIXES = ("ung", "isch", "lich", "heit", "keit", "ig")

_PARTICIPLE = re.compile("ge(.{4,}?)e?t")
_FINITE = re.compile("(.{5,}?)e?t")


def is_related(stem: str, word: str, other: str) -> bool:
    """Whether another stem is a compound with a word, or a form of the same verb."""
    return is_part(stem, word, other) or other in verb_forms(stem, word)


def needle(stem: str, word: str) -> str:
    """What a stem, and every stem related to it, has in it."""
    base = _verb(stem, word)
    return min(root(stem), stem if base is None else base, key=len)


def verb_forms(stem: str, word: str) -> tuple[str, ...]:
    """Stems of the forms of a verb, if the word may be one: `sperrt gesperrt Sperrung`."""
    base = _verb(stem, word)
    if base is None:
        return ()
    return (base, f"{base}t", f"{base}et", f"ge{base}t", f"ge{base}et", f"{base}ung")


def _verb(stem: str, word: str) -> str | None:
    if participle := _PARTICIPLE.fullmatch(stem):
        return participle[1]
    if stem.endswith("ung"):
        return root(stem)
    if word.endswith(("en", "ern", "eln")) and word != stem:
        return stem
    finite = _FINITE.fullmatch(stem)
    return finite[1] if finite else None


def is_part(stem: str, word: str, whole: str) -> bool:
    """Whether a word is a part of a compound.

    Args:
        stem: the word's stem.
        word: the word, folded.
        whole: stem of what may be a compound.
    """
    if len(stem) < SHORTEST_PART or len(whole) < SHORTEST_COMPOUND or whole == stem:
        return False
    for last in (stem, root(stem)):
        if whole.endswith(last) and len(whole) - len(last) >= (3 if len(last) > 3 else 4):
            return True
    # Before another part a short word keeps its ending: "Feuer" in "Feuerwehr" is no "feu".
    inner = stem if len(stem) > SHORTEST_PART else word
    at = whole.find(inner)
    rest = whole[at + len(inner) :]
    if at < 0 or len(inner) == SHORTEST_PART:
        return at == 0 and len(rest) > 3
    return (at == 0 or at > 2) and len(rest) > 2 and rest not in _DERIVATIONS


def root(stem: str) -> str:
    """A stem as it is at the end of a compound, where Snowball takes more away."""
    return next(
        (stem[: -len(end)] for end in _SUFFIXES if stem.endswith(end) and len(stem) > len(end) + 3),
        stem,
    )
