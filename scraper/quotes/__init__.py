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
         → indirect     sentences that report what somebody said in other words, and who (optional)
         → Quote        with offsets: `text[start:end] == quote.text`

`lexicon` holds the word lists of `data/`, `evaluate` scores the whole over a gold file. All looks
back and ahead are bounded, so the time is linear in the length of the text.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from scraper.quotes.attribution import Attribution
from scraper.quotes.classify import classify
from scraper.quotes.context import Construction, context
from scraper.quotes.indirect import find_indirect
from scraper.quotes.mentions import enter_people, list_mentions
from scraper.quotes.people import Person, Register, enter_known
from scraper.quotes.spans import Span, find_spans
from scraper.quotes.tokens import tokenize
from scraper.records import Article, Quote

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Person", "find_quotes", "with_quotes"]

MAX_QUOTED = 500
"""Quoted strings that are looked at in one text: a longer list is no press release."""


def find_quotes(
    text: str,
    *,
    headline: str | None = None,
    captions: Sequence[str] = (),
    known: Sequence[Person] = (),
    indirect: bool = False,
) -> tuple[Quote, ...]:
    """The direct quotations of a text, in its order, without overlaps.

    Args:
        text: running text, paragraphs parted by blank lines.
        headline: read for persons as if it stood above the text; nothing is quoted from it.
        captions: texts beside the article, read for persons and their offices.
        known: persons with offices from elsewhere on the page, such as quotation blocks.
        indirect: also find the sentences of indirect speech, which follow the quotations.

    Returns:
        Quotations of kind `prose`; `text[quote.start:quote.end] == quote.text`. With `indirect`
        sentences of kind `indirect` behind them, whose words are nobody's own.
    """
    spans = find_spans(text)
    if not spans and not indirect:
        return ()
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
    attribution = Attribution(tokens, register)
    constructions: list[Construction | None] = []
    quotes: list[Quote] = []
    for number, span in enumerate(spans):
        here = context(tokens, number)
        construction = classify(tokens, register, here, constructions)
        constructions.append(construction)
        if construction is None:
            continue
        speaker = attribution.speaker(here, construction)
        if span.start >= shift:
            start, end = span.start - shift, span.end - shift
            quotes.append(Quote(text[start:end], speaker.name, speaker.role, "prose", start, end))
    if indirect:
        return (*quotes, *find_indirect(tokens, register, quotes, shift=shift))
    return tuple(quotes)


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
