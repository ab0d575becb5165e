"""Organisations and papers: which words name something that can speak without being a person."""

from __future__ import annotations

from functools import lru_cache

from scraper.quotes.wordlists import KEY, by_end, read_sections

_ORGANISATIONS = read_sections("organisations.txt")
_ORGANISATION_ENDS = {
    kind: by_end(_ORGANISATIONS[f"{kind}_suffixes"]) for kind in ("paper", "body")
}
# ends of bodies that have no genitive of their own: `Darmstadts` is a place
_FEMININE = ("stadt", "ung", "schaft", "ion", "ei", "wehr", "heit", "ät", "ik", "e", "bank", "bahn")


@lru_cache(maxsize=1 << 12)
def organisation_kind(word: str) -> str | None:
    """`body` for an organisation, `paper` for a document that can speak, else None.

    So is the genitive of one: `Beirats`, `Landkreises`.
    """
    key = word.lower().rstrip("-")
    if (found := _organisation_kind(key)) or not key.endswith("s") or key.endswith("ss"):
        return found
    return "body" if key not in _ORGANISATIONS["not"] and _genitive_ending(key) else None


@lru_cache(maxsize=1 << 12)
def nominative(word: str) -> str:
    """A body's name without the ending of the genitive: `Landkreises` → `Landkreis`."""
    key = word.lower()
    if _organisation_kind(key) or not key.endswith("s"):
        return word
    ending = _genitive_ending(key)
    return word[: len(word) - ending] if ending else word


def _genitive_ending(key: str) -> int:
    """How long the ending is that makes a word the genitive of a body; 0 when it is none."""
    for ending in ("s", "es"):
        bare = key[: -len(ending)]
        own = key.endswith(ending) and not bare.endswith(_FEMININE)
        if own and _organisation_kind(bare) == "body":
            return len(ending)
    return 0


def _organisation_kind(key: str) -> str | None:
    for kind in ("paper", "body"):
        if key in _ORGANISATIONS[kind]:
            return kind
    last = key.rpartition("-")[2]
    for kind in ("paper", "body"):
        if last in _ORGANISATIONS[kind]:
            return kind
    if key in _ORGANISATIONS["not"]:
        return None
    for kind in ("paper", "body"):
        if key.endswith(_ORGANISATION_ENDS[kind].get(key[-KEY:], ())):
            return kind
    return None
