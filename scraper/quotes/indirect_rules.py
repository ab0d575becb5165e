"""The rules that find indirect speech in a sentence, each with an example of its own.

A rule reads one sentence (`Region`) at one of its signal words, and yields who speaks. The first
rule that matches counts. What depends on the sentences around, `mood` and `pointer`, is in
`indirect`.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from scraper.quotes import indirect_sources as sources
from scraper.quotes import indirect_verbs as verbs
from scraper.quotes.indirect_cues import (
    FOR,
    HEISST,
    JUDGEMENT,
    LAUT,
    NOUN,
    SO,
    SOURCE,
    STATE,
    VERB,
    WIE,
    ZUFOLGE,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.quotes.indirect_region import Region
    from scraper.quotes.indirect_speakers import Voice, Voices


class Rule(NamedTuple):
    """One way to report speech."""

    id: str
    signal: int
    """Bit of the words that call it."""
    example: str
    """A sentence that it finds."""
    match: Callable[[Region, Voices, int], Voice | None]


RULES = (
    Rule("laut", LAUT, "Laut Polizei war die Straße glatt.", sources.laut),
    Rule("zufolge", ZUFOLGE, "Der Polizei zufolge war die Straße glatt.", sources.zufolge),
    Rule("source", SOURCE, "Nach Angaben der Polizei war die Straße glatt.", sources.source),
    Rule("so", SO, "Die Straße war glatt, so Kämmerin Moll.", sources.so),
    Rule("wie", WIE, "Wie die Polizei mitteilte, war die Straße glatt.", sources.wie),
    Rule("heißt-es", HEISST, "Die Straße war glatt, heißt es aus dem Rathaus.", sources.heisst),
    Rule("verb", VERB, "Kämmerin Moll sagte, dass die Straße glatt war.", verbs.verb),
    Rule("state", STATE, "Kämmerin Moll ist überzeugt, dass das Geld reicht.", verbs.state),
    Rule("noun", NOUN, "Kämmerin Moll vertritt die Ansicht, dass das Geld reicht.", verbs.noun),
    Rule("judgement", JUDGEMENT, "Kämmerin Moll sprach sich gegen den Bau aus.", verbs.judgement),
    Rule("for", FOR, "Für Kämmerin Moll ist der Bau ein Fehler.", verbs.for_whom),
)
"""In the order in which they are tried."""

RULE_SIGNALS = reduce(or_, (rule.signal for rule in RULES))
"""What a word must be able to show for one of the rules."""
