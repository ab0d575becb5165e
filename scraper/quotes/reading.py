"""A text read once for everybody who looks for speech in it: tokens, persons, mentions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.quotes.language import foreign_spans
from scraper.quotes.mentions import enter_people, list_mentions
from scraper.quotes.people import Person, Register, enter_known
from scraper.quotes.resolve import Resolver
from scraper.quotes.spans import Span, find_spans
from scraper.quotes.tokens import Tokens, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_QUOTED = 500
"""Quoted strings that are looked at in one text: a longer list is no press release."""


@dataclass(slots=True)
class Reading:
    """A text with its headline above it, and who is named in both."""

    text: str
    """The text as given, cut short behind the last quoted string that is looked at."""
    shift: int
    """Length of what stands above it in `tokens.text`: offsets there are larger by so much."""
    tokens: Tokens
    register: Register
    resolver: Resolver
    foreign: frozenset[int]
    """Numbers of the quoted strings that stand in a paragraph of another language."""


def read(
    text: str,
    spans: list[Span],
    *,
    headline: str | None = None,
    captions: Sequence[str] = (),
    known: Sequence[Person] = (),
) -> Reading:
    """Read a text whose quoted strings are `spans`; see `scraper.quotes.find_quotes`."""
    foreign = foreign_spans(text, spans)
    if len(spans) > MAX_QUOTED:
        text = text[: spans[MAX_QUOTED].outer_start]
        spans = spans[:MAX_QUOTED]
    above = " ".join((headline or "").split())
    shift = len(above) + 2 if above else 0
    if above:
        over = find_spans(above)
        foreign = frozenset(number + len(over) for number in foreign)
        spans = over + [_moved(span, shift) for span in spans]
    tokens = tokenize(f"{above}\n\n{text}" if above else text, spans)
    register = Register()
    phrases = enter_people(tokens, register)
    enter_known(register, known)
    if captions:
        aside = "\n\n".join(captions)
        enter_people(tokenize(aside, find_spans(aside)), register)
    list_mentions(tokens, register, phrases)
    return Reading(text, shift, tokens, register, Resolver(tokens, register), foreign)


def _moved(span: Span, by: int) -> Span:
    return Span(
        span.start + by, span.end + by, span.outer_start + by, span.outer_end + by, span.closed
    )
