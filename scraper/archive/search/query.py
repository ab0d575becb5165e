"""The query language, and what it means in FTS5's.

    word          its inflected forms, then compounds with it
    "two words"   side by side
    -word         not with it
    a OR b        one of both; binds more closely than a space
    title:word    in the headline
    Schul*        every word that begins like this

Everything else is a separator. Nothing that a user types reaches FTS5 but letters and digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.archive.search.german import STOP_WORDS, folded, units
from scraper.errors import UsageError
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scraper.archive.search.german import Unit

    Widen = Callable[[str, str], list[str]]
    """From stem and folded word to stems of compounds with it."""

_MAX_CHARS = 2_000
_MAX_TERMS = 64

_MARKS = str.maketrans(dict.fromkeys("„“”«»‟", '"'))
_TOKEN = re.compile(
    r'(?P<minus>-*)(?P<title>tit(?:le|el):)?(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))', re.I
)
_THOUSANDS = re.compile(r"(?<![\w.,:/])([1-9]\d{0,2}(?: \d{3})+)(?!\w|[.,:/]\d)")
_ROAD = re.compile(r"(?<!\S)(-?[a-z]) (\d{1,3})(?!\S)", re.I)  # one word, see `german`
# Marks within numbers and names: what they part belongs together.
_TIED = re.compile(r"\d[.,:/]\d|\w['’&]\w")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for."""

    stems: tuple[str, ...]
    """Stems that stand side by side."""
    words: tuple[str, ...]
    """The same words, folded but not stemmed."""
    joined: tuple[str, str] | None = None
    """Stem and folded word of a hyphenated compound written as one."""
    is_prefix: bool = False
    """Whether the last word is only the beginning of one."""
    in_title: bool = False

    @property
    def word(self) -> tuple[str, str] | None:
        """Stem and folded word of a plain word or a compound; None for phrases and prefixes."""
        if self.is_prefix:
            return None
        return self.joined or ((self.stems[0], self.words[0]) if len(self.stems) == 1 else None)

    def expression(self, widen: Widen | None = None) -> str:
        """The term in FTS5's language, with compounds if `widen` is given."""
        ways = [_quoted(self.stems)]
        if self.is_prefix:
            beginning = (*self.stems[:-1], self.words[-1])
            ways = [f"{_quoted(beginning)} *", _quoted(self.stems)]
        if self.joined:
            ways.append(_quoted(self.joined[:1]))
        if widen and self.word:
            ways += [_quoted((whole,)) for whole in widen(*self.word)]
        either = f"({' OR '.join(dict.fromkeys(ways))})"
        return f"title : {either}" if self.in_title else either


@dataclass(frozen=True, slots=True)
class Query:
    """What a user looks for."""

    groups: tuple[tuple[Term, ...], ...]
    """Of each group one term must occur."""
    excluded: tuple[Term, ...]
    """None of these may occur."""
    title_key: str
    """The whole query as folded words, to be compared with whole titles."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """All that is looked for."""
        return tuple(term for group in self.groups for term in group)

    def expression(self, widen: Widen | None = None) -> str:
        """The query in FTS5's language.

        Args:
            widen: gives the compounds of a word; without it, words stand for themselves.
        """
        wanted = " AND ".join(
            f"({' OR '.join(term.expression(widen) for term in group)})" for group in self.groups
        )
        if not self.excluded:
            return wanted
        return f"({wanted}) NOT ({self.exclusion()})"

    def exclusion(self) -> str:
        """What may not occur, in FTS5's language; empty if anything may."""
        return " OR ".join(term.expression() for term in self.excluded)

    @property
    def asks_for_titles(self) -> bool:
        """Whether a word is looked for, or ruled out, in the headline."""
        return any(term.in_title for term in (*self.terms, *self.excluded))


def _quoted(stems: Iterable[str]) -> str:
    return f'"{" ".join(stems)}"'


def parse_query(text: str) -> Query:
    """Read what a user typed.

    Raises:
        UsageError: there is nothing to look for, or more than can be looked for at once.
    """
    if len(text) > _MAX_CHARS:
        raise UsageError(
            f"The query has {len(text):,} characters, more than the {_MAX_CHARS:,} that are "
            "searched for. Shorten it to the words that matter."
        )
    reader = _QueryParser()
    clean = fold(text)
    joined = _THOUSANDS.sub(lambda found: found[0].replace(" ", ""), clean.translate(_MARKS))
    for match in _TOKEN.finditer(_ROAD.sub(r"\1\2", joined)):
        reader.read(match)
    groups = _without_stop_words(reader.groups)
    if not groups:
        instead = " Name what is to be found, too." if reader.excluded else ""
        raise UsageError(f"There is no word to search for in {text[:80]!r}.{instead}")
    terms = sum(map(len, groups)) + len(reader.excluded)
    if terms > _MAX_TERMS:
        raise UsageError(
            f"The query has {terms} different words, more than the {_MAX_TERMS} that are searched "
            "for at once. Shorten it to the words that matter."
        )
    return Query(groups, tuple(reader.excluded), folded(clean))


class _QueryParser:
    """Collects the terms of a query, token by token."""

    def __init__(self) -> None:
        self.groups: dict[tuple[Term, ...], None] = {}  # ordered, each once
        self.excluded: dict[Term, None] = {}
        self._either = False
        self._title = False

    def read(self, match: re.Match[str]) -> None:
        """Take the next token in."""
        if match[0] == "OR":
            self._either = bool(self.groups)
            return
        phrase, word = match["phrase"], match["word"]
        in_title = self._title or match["title"] is not None
        self._title = False
        if match[0].lower() in {"title:", "titel:"}:
            self._title = True  # a space behind the colon
            return
        typed = phrase if phrase is not None else word
        together = phrase is not None or bool(_TIED.search(typed))
        excluded = bool(match["minus"])
        either = self._either
        self._either = False
        terms = _terms(typed, in_title=in_title, together=together or excluded or either)
        if not terms:
            self._either = either
        elif excluded:
            self.excluded |= dict.fromkeys(terms)
        elif either:
            last = next(reversed(self.groups))
            del self.groups[last]
            self.groups[tuple(dict.fromkeys((*last, *terms)))] = None
        else:
            self.groups |= {(term,): None for term in terms}


def _terms(typed: str, *, in_title: bool, together: bool) -> list[Term]:
    is_prefix = len(typed) > 2 and typed.endswith("*") and typed[-2].isalnum()
    found = list(units(typed))
    if not found:
        return []
    if together and len(found) > 1:
        stems = tuple(part for each in found for part in each.stems)
        words = tuple(part for each in found for part in each.words)
        return [Term(stems, words, None, is_prefix, in_title)]
    terms = [_term(each, in_title=in_title) for each in found]
    if is_prefix:
        last = terms[-1]
        terms[-1] = Term(last.stems, last.words, None, is_prefix=True, in_title=in_title)
    return terms


def _term(found: Unit, *, in_title: bool) -> Term:
    joined = None
    if found.joined and found.joined_word:
        joined = (found.joined, found.joined_word)
    return Term(found.stems, found.words, joined, in_title=in_title)


def _without_stop_words(groups: Iterable[tuple[Term, ...]]) -> tuple[tuple[Term, ...], ...]:
    every = tuple(groups)
    return tuple(group for group in every if not _is_stop_word(group)) or every


def _is_stop_word(group: tuple[Term, ...]) -> bool:
    term = group[0]
    return (
        len(group) == 1
        and not term.in_title
        and not term.is_prefix
        and (len(term.words) == 1 and term.words[0] in STOP_WORDS)
    )
