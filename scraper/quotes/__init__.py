"""Who said what: direct quotations and indirect speech in German press releases.

The flow, one module for each step, pure functions from first to last:

    text → spans        quoted strings, whatever marks they use; `unpaired` where one is missing
         → language     which of them stand in German text
         → tokens       words and sentences, a quoted string being one token
         → people       persons with their offices and every mention of one: `hints` and `evidence`
                        say where, `phrases` reads them (`names`, `offices`, `holders`,
                        `determiners`), `mentions` lists them, `introductions` finds offices
                        farther off; `reading` holds all
         → classify     is the quoted string speech, and in which construction: the first rule of
                        `rules` that fits decides
         → attribution  which mention speaks: again by `rules`, with the subject of a clause
                        (`clauses`), whoever else is quoted (`sources`), or whom the text is
                        speaking of (`focus`); `resolve` makes persons of offices and pronouns
         → Quote        with offsets: `text[start:end] == quote.text`

         → indirect     sentences that report what somebody said in other words, and who

`lexicon` and `bodies` hold the word lists of `data/` (`wordlists` reads them), `evaluate` scores
the whole over a gold file and names the rules that erred. All looks back and ahead are bounded, so
the time is linear in the length of the text.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

from scraper.quotes.attribution import Attribution, Speaker
from scraper.quotes.classify import classify
from scraper.quotes.context import Construction, context
from scraper.quotes.indirect import find_indirect
from scraper.quotes.language import is_german
from scraper.quotes.people import Person
from scraper.quotes.reading import MAX_QUOTED, Reading, near, read, whole
from scraper.quotes.rules.scene import Scene
from scraper.quotes.spans import Span, find_spans
from scraper.records import Article, Quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.quotes.rules.rule import SpeechRule

__all__ = ["MAX_QUOTED", "Person", "Trace", "find_quotes", "trace", "with_quotes"]


_AROUND = 2_000  # characters on either side of a sentence that tell its language


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
    part, spans, begin = whole(text, spans) if indirect else near(text, spans)
    reading = read(part, spans, begin=begin, headline=headline, captions=captions, known=known)
    direct = [one.quote for one in _traces(text, reading) if one.quote]
    if not indirect:
        return tuple(direct)
    found = find_indirect(reading, direct)
    return (*direct, *_in_german(text, found))


def _in_german(text: str, quotes: Sequence[Quote]) -> list[Quote]:
    """Those that stand in a German paragraph; of a long one only what is around them counts."""
    told: dict[tuple[int, int], bool] = {}
    german = []
    for quote in quotes:
        start, end = quote.start or 0, quote.end or 0
        # Whole blocks, so that the sentences of one are told with one look.
        low, high = max(0, (start // _AROUND - 1) * _AROUND), (end // _AROUND + 2) * _AROUND
        begin, stop = text.rfind("\n\n", low, start), text.find("\n\n", end, high)
        place = max(begin, low), stop if stop >= 0 else high
        if place not in told:
            told[place] = is_german(text[place[0] : place[1]])
        if told[place]:
            german.append(quote)
    return german


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
    part, spans, begin = near(text, spans)
    reading = read(part, spans, begin=begin, headline=headline, captions=captions, known=known)
    return _traces(text, reading)


def _traces(text: str, reading: Reading) -> list[Trace]:
    attribution = Attribution(reading.resolver)
    constructions: list[Construction | None] = []
    traces: list[Trace] = []
    for number, span in enumerate(reading.tokens.spans):
        if number in reading.foreign:
            rule, speaker = None, None
        else:
            scene = Scene(
                reading.tokens,
                reading.register,
                reading.resolver,
                context(reading.tokens, number),
                constructions,
            )
            rule = classify(scene)
            speaker = attribution.speaker(scene, rule.yields) if rule and rule.yields else None
        constructions.append(rule.yields if rule else None)
        if span.start >= reading.shift:
            traces.append(_traced(text, span, reading.offset, rule, speaker))
    return traces


def _traced(
    text: str, span: Span, offset: int, rule: SpeechRule | None, speaker: Speaker | None
) -> Trace:
    start, end = span.start + offset, span.end + offset
    words, name = text[start:end], rule.id if rule else None
    if speaker is None:
        return Trace(words, None, name, None)
    quote = Quote(words, speaker.name, speaker.role, "prose", start, end)
    return Trace(words, quote, name, speaker.rule)


def with_quotes(article: Article) -> Article:
    """The article with the quotations and the indirect speech of its text.

    Both stand in the order of the text, before the quotation blocks. The blocks are kept as they
    are, even when the prose repeats their words; their speakers, the headline and the picture
    captions tell who the surnames of the prose belong to.
    """
    blocks = tuple(quote for quote in article.quotes if quote.kind == "block")
    found = find_quotes(
        article.text,
        headline=article.title,
        captions=[image.caption for image in article.images if image.caption],
        known=[Person(block.speaker, block.role) for block in blocks if block.speaker],
        indirect=True,
    )
    in_text = sorted(found, key=lambda quote: quote.start or 0)
    return dataclasses.replace(article, quotes=(*in_text, *blocks))
