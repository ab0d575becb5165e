"""Reads the word lists of `data/`: sections of words, and ends of words to be looked up fast.

`#` starts a comment, words are parted by white space, `[section]` stands in a line of its own.
"""

from __future__ import annotations

from importlib.resources import files

KEY = 3
"""Characters by which the ends of words are looked up."""


def read_lines(name: str) -> list[str]:
    """Lines of a file of `data/`, without comments and empty ones."""
    text = files("scraper.quotes").joinpath("data", name).read_text(encoding="utf-8")
    return [line for raw in text.splitlines() if (line := raw.partition("#")[0].strip())]


def read_sections(*names: str) -> dict[str, frozenset[str]]:
    """Words of some files by the `[section]` they stand in."""
    sections: dict[str, set[str]] = {}
    words: set[str] = set()
    for name in names:
        for line in read_lines(name):
            if line.startswith("["):
                words = sections.setdefault(line.strip("[]"), set())
            else:
                words.update(line.split())
                if "ß" in line:
                    words.update(line.replace("ß", "ss").split())  # as Switzerland writes
    return {section: frozenset(found) for section, found in sections.items()}


def by_end(suffixes: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Ends of words by their last characters, so that a word is compared with few of them."""
    found: dict[str, list[str]] = {}
    for suffix in sorted(suffixes):
        if len(suffix) >= KEY:
            found.setdefault(suffix[-KEY:], []).append(suffix)
    return {key: tuple(ends) for key, ends in found.items()}
