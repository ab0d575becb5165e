"""A text read once for everybody who looks for speech in it: tokens, persons, mentions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.quotes.language import foreign_spans, has_foreign
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
    """The text as given."""
    shift: int
    """Length of what stands above it in `tokens.text`: offsets there are larger by so much."""
    tokens: Tokens
    register: Register
    resolver: Resolver
    foreign: frozenset[int]
    """Numbers of the quoted strings that stand in a paragraph of another language."""
    offset: int = 0
    """What an offset in `tokens.text` lacks to the one in the whole text."""


FAR = 30_000
"""Characters before the first and behind the last quoted string that are read for persons."""
LONGEST = 300_000
"""Characters that are read of one text: no release is as long."""


def near(text: str, spans: list[Span]) -> tuple[str, list[Span], int]:
    """The part of a text that tells who is quoted, its quoted strings, and where it begins.

    At most `MAX_QUOTED` strings, what stands up to `FAR` around them, and `LONGEST` characters.
    """
    if len(spans) <= MAX_QUOTED and len(text) <= FAR:
        return text, spans, 0
    end = min(spans[-1].outer_end + FAR, len(text))
    if len(spans) > MAX_QUOTED:
        end = spans[MAX_QUOTED].outer_start
    begin = max(0, spans[0].outer_start - FAR)
    begin = max(0, text.rfind("\n\n", 0, begin) + 2) if begin else 0
    begin = max(begin, spans[0].outer_start - 2 * FAR)
    end = min(end, begin + LONGEST)
    inside = [_moved(span, -begin) for span in spans if span.outer_end <= end]
    return text[begin:end], inside, begin


def whole(text: str, spans: list[Span]) -> tuple[str, list[Span], int]:
    """All of a text, for whoever looks at each sentence; as `near` gives it.

    A text with more than `MAX_QUOTED` quoted strings or twice `FAR` characters is cut to what
    `near` leaves of it, one without quoted strings to so many characters.
    """
    if len(spans) <= MAX_QUOTED and len(text) <= 2 * FAR:
        return text, spans, 0
    return near(text, spans) if spans else (text[: 2 * FAR], spans, 0)


def read(
    text: str,
    spans: list[Span],
    *,
    begin: int = 0,
    headline: str | None = None,
    captions: Sequence[str] = (),
    known: Sequence[Person] = (),
) -> Reading:
    """Read a part of a text that begins at `begin`, its quoted strings being `spans`.

    For the other arguments see `scraper.quotes.find_quotes`.
    """
    above = " ".join((headline or "").split())
    shift = len(above) + 2 if above else 0
    over = find_spans(above)
    inside = over + [_moved(span, shift) for span in spans] if above else spans
    tokens = tokenize(f"{above}\n\n{text}" if above else text, inside)
    foreign: frozenset[int] = frozenset()
    if has_foreign(tokens.words):  # hardly any text has, in its own words
        foreign = frozenset(number + len(over) for number in foreign_spans(text, spans))
    register = Register()
    phrases = enter_people(tokens, register)
    enter_known(register, known)
    if captions:
        aside = "\n\n".join(captions)
        enter_people(tokenize(aside, find_spans(aside)), register)
    list_mentions(tokens, register, phrases)
    resolver = Resolver(tokens, register)
    return Reading(text, shift, tokens, register, resolver, foreign, begin - shift)


def _moved(span: Span, by: int) -> Span:
    return Span(
        span.start + by, span.end + by, span.outer_start + by, span.outer_end + by, span.closed
    )
