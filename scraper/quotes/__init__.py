"""Who said what: direct quotations in German press releases, with speaker and office.

The flow, one module for each step, pure functions from first to last:

    text → spans        quoted strings, whatever marks they use
         → tokens       words and sentences, a quoted string being one token
         → people       persons with their offices and every mention of one: `hints` and `evidence`
                        say where, `phrases` reads them (`names`, `offices`, `holders`), `mentions`
                        lists them, `introductions` finds offices farther off
         → classify     is the quoted string speech, and in which construction (`context`, `tags`,
                        `fragments`)?
         → attribution  which mention speaks: the subject of its clause (`clauses`), whoever else is
                        quoted (`sources`), or whom the text is speaking of (`focus`); `resolve`
                        makes full names of offices and pronouns
         → Quote        with offsets: `text[start:end] == quote.text`

`lexicon` holds the word lists of `data/`, `evaluate` scores the whole over a gold file. All looks
back and ahead are bounded, so the time is linear in the length of the text.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

from scraper.quotes.attribution import Attribution
from scraper.quotes.classify import classify
from scraper.quotes.context import Construction, context
from scraper.quotes.mentions import enter_people, list_mentions
from scraper.quotes.people import Person, Register, enter_known
from scraper.quotes.resolve import Resolver
from scraper.quotes.rules.scene import Scene
from scraper.quotes.spans import Span, find_spans
from scraper.quotes.tokens import tokenize
from scraper.records import Article, Quote

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Person", "Trace", "find_quotes", "trace", "with_quotes"]

MAX_QUOTED = 500
"""Quoted strings that are looked at in one text: a longer list is no press release."""


class Trace(NamedTuple):
    """One quoted string, and the rules that decided about it."""

    words: str
    quote: Quote | None
    """None when it is no speech."""
    speech_rule: str | None
    speaker_rule: str | None


def find_quotes(
    text: str,
    *,
    headline: str | None = None,
    captions: Sequence[str] = (),
    known: Sequence[Person] = (),
) -> tuple[Quote, ...]:
    """The direct quotations of a text, in its order, without overlaps.

    Args:
        text: running text, paragraphs parted by blank lines.
        headline: read for persons as if it stood above the text; nothing is quoted from it.
        captions: texts beside the article, read for persons and their offices.
        known: persons with offices from elsewhere on the page, such as quotation blocks.

    Returns:
        Quotations of kind `prose`; `text[quote.start:quote.end] == quote.text`.
    """
    traces = trace(text, headline=headline, captions=captions, known=known)
    return tuple(one.quote for one in traces if one.quote)


def trace(
    text: str,
    *,
    headline: str | None = None,
    captions: Sequence[str] = (),
    known: Sequence[Person] = (),
) -> list[Trace]:
    """What `find_quotes` made of each quoted string, and by which rules."""
    spans = find_spans(text)
    if not spans:
        return []
    if len(spans) > MAX_QUOTED:
        text = text[: spans[MAX_QUOTED].outer_start]
        spans = spans[:MAX_QUOTED]
    above = " ".join((headline or "").split())
    shift = len(above) + 2 if above else 0
    if above:
        spans = find_spans(above) + [_moved(span, shift) for span in spans]
    tokens = tokenize(f"{above}\n\n{text}" if above else text, spans)
    register = Register()
    phrases = enter_people(tokens, register)
    enter_known(register, known)
    if captions:
        aside = "\n\n".join(captions)
        enter_people(tokenize(aside, find_spans(aside)), register)
    list_mentions(tokens, register, phrases)
    resolver = Resolver(tokens, register)
    attribution = Attribution(resolver)
    constructions: list[Construction | None] = []
    traces: list[Trace] = []
    for number, span in enumerate(spans):
        scene = Scene(tokens, register, resolver, context(tokens, number), constructions)
        rule = classify(scene)
        construction = rule.yields if rule else None
        constructions.append(construction)
        speaker = attribution.speaker(scene, construction) if construction else None
        if span.start >= shift:
            start, end = span.start - shift, span.end - shift
            words = text[start:end]
            quote = (
                Quote(words, speaker.name, speaker.role, "prose", start, end) if speaker else None
            )
            why = rule.id if rule else None
            traces.append(Trace(words, quote, why, speaker.rule if speaker else None))
    return traces


def with_quotes(article: Article) -> Article:
    """The article with the quotations of its text before its quotation blocks.

    The blocks are kept as they are, even when the prose repeats their words; their speakers, the
    headline and the picture captions tell who the surnames of the prose belong to.
    """
    blocks = tuple(quote for quote in article.quotes if quote.kind == "block")
    prose = find_quotes(
        article.text,
        headline=article.title,
        captions=[image.caption for image in article.images if image.caption],
        known=[Person(block.speaker, block.role) for block in blocks if block.speaker],
    )
    return dataclasses.replace(article, quotes=prose + blocks)


def _moved(span: Span, by: int) -> Span:
    return Span(
        span.start + by, span.end + by, span.outer_start + by, span.outer_end + by, span.closed
    )
