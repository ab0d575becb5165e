"""Parts of compounds: "schule" in "Grundschule", "Schulbau" in "Schulbauprogramm"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.archive.connection import Archive

SHORTEST_COMPOUND = 6
"""Shorter stems are no compounds and need not be known as such."""

_SHORTEST_PART = 3
_CANDIDATES = 5_000
_EXPANSIONS = 150

# What may follow a stem without making a compound of it: "Bildung" has no picture in it.
_DERIVATIONS = frozenset(
    "lich isch heit keit igkeit schaft haft bar sam los ier iert end est ern enden ents"
    " ender endes eln elt inn ling nis tum".split()
)

_NOUN_OF_VERB = frozenset({"ung", "ungs"})
_SUFFIXES = ("ung", "isch", "lich", "heit", "keit", "ig")


def is_part(stem: str, word: str, whole: str) -> bool:
    """Whether a word is a part of a compound.

    Args:
        stem: the word's stem.
        word: the word, folded.
        whole: stem of what may be a compound.
    """
    if len(stem) < _SHORTEST_PART or len(whole) < SHORTEST_COMPOUND or whole == stem:
        return False
    for last in (stem, root(stem)):
        if whole.endswith(last) and len(whole) - len(last) >= (3 if len(last) > 3 else 4):
            return True
    # Before another part a short word keeps its ending: "Feuer" in "Feuerwehr" is no "feu".
    inner = stem if len(stem) > _SHORTEST_PART else word
    at = whole.find(inner)
    rest = whole[at + len(inner) :]
    if at < 0 or len(inner) == _SHORTEST_PART:
        return at == 0 and len(rest) > 3
    if at == 2 and whole.startswith("ge"):
        return rest in {"t", "et"}  # "gepflanzt"
    if rest in _NOUN_OF_VERB:
        return word.endswith("n")  # "Sperrung" for "sperren", but not "Bildung" for "Bild"
    return (at == 0 or at > 2) and len(rest) > 2 and rest not in _DERIVATIONS


def root(stem: str) -> str:
    """A stem as it is at the end of a compound, where Snowball takes more away."""
    return next(
        (stem[: -len(end)] for end in _SUFFIXES if stem.endswith(end) and len(stem) > len(end) + 3),
        stem,
    )


def compounds_of(archive: Archive, stem: str, word: str) -> list[str]:
    """Stems of the archive that have a word in them, the likeliest compounds first."""
    if len(stem) < _SHORTEST_PART or not stem.isalpha():
        return []
    # A stem holds letters and digits only: nothing in the pattern needs escaping.
    rows = archive.rows(
        f"SELECT stem FROM compounds_fts WHERE stem LIKE ? LIMIT {_CANDIDATES}",
        (f"%{root(stem)}%",),
    )
    found = [row["stem"] for row in rows if is_part(stem, word, row["stem"])]
    found.sort(key=lambda whole: (not whole.endswith(stem), len(whole), whole))
    return found[:_EXPANSIONS]
