"""Indirect speech: sentences that report what somebody said without quoting it.

One entry per sentence, as it stands; a direct quotation that opens or closes it is cut off. Four
steps, all in the order of the text:

    regions    sentences with a word that can show indirect speech (`indirect_region`)
    rules      a verb with its content, a source, `so X` … and who speaks (`indirect_rules`)
    mood       sentences whose subjunctive goes on with what somebody says, or leads to it
    pointers   `Das teilte X mit.` makes indirect speech of the sentence before

A sentence without a speaker of its own belongs to the person who spoke last, to the one the
sentence before tells of, or to the one the next sentence names. When that is open it has none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.quotes.indirect_context import (
    first_mood,
    goes_on,
    introduced,
    main_clause_end,
    second_mood,
    tagged,
)
from scraper.quotes.indirect_cues import (
    HEISST,
    JUDGEMENT,
    MOOD_FIRST,
    MOOD_OPEN,
    MOOD_SECOND,
    NOUN,
    SO,
    STATE,
    TOPICS,
    VERB,
    WIE,
)
from scraper.quotes.indirect_region import MOST_TOKENS, Region, regions
from scraper.quotes.indirect_rules import RULE_SIGNALS, RULES
from scraper.quotes.indirect_speakers import NOBODY, Voice, Voices
from scraper.quotes.indirect_verbs import points_back
from scraper.records import Quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.quotes.reading import Reading
    from scraper.quotes.tokens import Tokens

MOOD = MOOD_FIRST | MOOD_SECOND | MOOD_OPEN
WORDING = VERB | JUDGEMENT
NEEDS_MARK = VERB | STATE | NOUN | WIE | SO | HEISST
_MOST_HELD = 16  # sentences that wait for a speaker
_BACK = 4  # sentences of narration that are looked back on


@dataclass(slots=True)
class Found:
    """A sentence of indirect speech."""

    region: Region
    rule: str
    voice: Voice


@dataclass(slots=True)
class _Held:
    """A sentence in the subjunctive whose speaker a later one may name."""

    region: Region
    sure: bool
    """False when it counts only if the next sentence is indirect speech too."""
    fallback: Voice
    firm: bool = False
    """True when the sentence before has the fallback do something with words."""


def find_indirect(reading: Reading, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The sentences of indirect speech in a text, in its order, without overlaps.

    Args:
        reading: the text with its persons, as `scraper.quotes.reading.read` gives it.
        quotes: its direct quotations, with their speakers.

    Returns:
        Entries of kind `indirect`, with offsets in the whole text like those of `quotes`.
    """
    return tuple(
        _entry(reading.tokens, found, reading.offset) for found in read_indirect(reading, quotes)
    )


def read_indirect(reading: Reading, quotes: Sequence[Quote]) -> list[Found]:
    """What `find_indirect` returns, with the rule that found it."""
    tokens, offset = reading.tokens, reading.offset
    said = {quote.start: quote for quote in quotes}
    direct = {
        token: said[span.start + offset]
        for span, token in zip(tokens.spans, tokens.quote_tokens, strict=True)
        if span.start >= reading.shift and span.start + offset in said
    }
    everything = list(regions(tokens, list(direct), reading.shift))
    if not any(region.bits for region in everything):
        return []
    return _Pass(Voices(reading.resolver), direct).read(everything)


def _entry(tokens: Tokens, found: Found, offset: int) -> Quote:
    region, voice = found.region, found.voice
    start, end = tokens.starts[region.first], tokens.end(region.last - 1)
    text = tokens.text[start:end]
    return Quote(text, voice.name, voice.role, "indirect", start + offset, end + offset)


@dataclass(slots=True)
class _Pass:
    """One pass over the sentences of a text."""

    voices: Voices
    direct: dict[int, Quote]
    found: list[Found] = field(default_factory=list)
    held: list[_Held] = field(default_factory=list)
    narration: list[Region] = field(default_factory=list)
    """Sentences since somebody was speaking last."""
    before: Region | None = None
    """The sentence before in the same paragraph."""
    reported: bool = False
    """Whether it is speech, direct or not."""

    def read(self, everything: list[Region]) -> list[Found]:
        for region in everything:
            if self.before is not None and self.before.paragraph != region.paragraph:
                self._release(None)
                self.before, self.reported = None, False
            self.voices.fresh = self.reported
            if region.first < region.last:
                self._sentence(region)
            self._direct_speech(region)
            self.before = region
        self._release(None)
        self.found.sort(key=lambda one: one.region.first)
        return self.found

    def _sentence(self, region: Region) -> None:
        short = region.last - region.first <= MOST_TOKENS
        match = _by_rule(region, self.voices) if short and region.bits & RULE_SIGNALS else None
        if match is not None:
            self._say(match)
        elif short and region.bits & MOOD and self._by_mood(region):
            return
        elif not region.quoted:
            self._narrate(region)

    def _say(self, found: Found, *, resolve: bool = True) -> None:
        if resolve:
            self._release(found.voice, leads=found.region.tagged)
        self.found.append(found)
        self.voices.current = found.voice
        self.narration.clear()
        self.reported = True

    def _by_mood(self, region: Region) -> bool:
        """Take a sentence whose subjunctive shows that it reports."""
        first = first_mood(region, anchored=self.reported)
        second = not first and second_mood(region)
        if not (first or second):
            return bool(region.bits & MOOD_OPEN) and self._by_open_form(region)
        answer = self._answered(region)
        named = answer or introduced(region, self.voices)
        if named is None and (named := tagged(region, self.voices)) is not None:
            region.tagged = True
        if first and (stop := main_clause_end(region)):
            named = named or self.voices.told_of(region.first, stop)
            if named is None:
                return False  # `Im Netz kursiert das Gerücht, es habe …`
        if second and self.reported and self._acts(region, self.voices.current):
            return False
        if named is not None:
            self._say(Found(region, "mood", named))
        elif self.reported and not self.held:
            self._say(Found(region, "mood", self.voices.current), resolve=False)
        else:
            self._hold(region, first=first)
        return True

    def _hold(self, region: Region, *, first: bool) -> None:
        if len(self.held) >= _MOST_HELD:
            self._release(None)
        firm = self.held[-1].firm if self.held else self._told_in_speech()
        sure = first or firm or any(held.sure for held in self.held)
        if sure:
            self._confirm()
        self.held.append(_Held(region, sure, self._context(), firm))
        self.reported = True

    def _confirm(self) -> None:
        """The sentences that wait stand between two that are speech."""
        for held in self.held:
            held.sure = True

    def _by_open_form(self, region: Region) -> bool:
        """`Schon jetzt blieben Kunden aus.` goes on with what somebody says."""
        if not self.reported:
            return False
        if self.held and len(self.held) < _MOST_HELD:
            last, on = self.held[-1], goes_on(region)
            if on:
                self._confirm()
            self.held.append(_Held(region, on, last.fallback, last.firm))
        elif goes_on(region):
            self._say(Found(region, "mood", self.voices.current), resolve=False)
        else:
            self.held.append(_Held(region, sure=False, fallback=self.voices.current))
        return True

    def _answered(self, region: Region) -> Voice | None:
        """The speaker of the direct quotation that the sentence leads to."""
        quote = self.direct.get(region.last)
        if quote is None or quote.speaker is None or region.last not in region.quoted:
            return None
        return self.voices.of_entry(quote.speaker, quote.role)

    def _acts(self, region: Region, voice: Voice) -> bool:
        """`Moll hätte sich mehr gewünscht: „Q“`: the speaker is whom the sentence tells of."""
        told = self.voices.told_of(region.first, region.last)
        plural = any(region.words[at].endswith("en") for at, _ in region.signals)
        return (
            told is not None and told.entry is not None and told.entry == voice.entry and not plural
        )

    def _told_in_speech(self) -> bool:
        """Whether the sentence before has somebody do something with words: `Er warb für …`."""
        before = self.before
        return (
            before is not None
            and bool(self.narration)
            and any(before.words[at] in TOPICS for at, _ in before.signals)
            and self.voices.told_of(before.first, before.last) is not None
        )

    def _context(self) -> Voice:
        """The person the text is about: the last one told of, else the last one who spoke."""
        current = self.voices.current
        for region in reversed(self.narration[-_BACK:]):
            told = self.voices.told_of(region.first, region.last)
            if told is not None and (told.entry is not None or current == NOBODY):
                return told
            if told is None and region.bits & WORDING:
                speaks = self.voices.phrase(region.first, region.last, loose=False)
                if speaks is not None:
                    return speaks  # `Die NEOS bezeichneten …`
        return current

    def _narrate(self, region: Region) -> None:
        pointed = points_back(region, self.voices) if region.bits & VERB else None
        if pointed is not None and self.held:
            self._release(pointed, leads=True)  # `Das Geld sei da. Das erklärte Moll.`
            self.narration.append(region)
            return
        before = self.before
        open_before = before is not None and not (self.reported or before.quoted)
        if pointed is not None and before is not None and open_before:
            self.narration = [one for one in self.narration if one is not before]
            self._say(Found(before, "pointer", pointed))
            return
        self._release(None)
        self.narration.append(region)
        self.reported = False

    def _direct_speech(self, region: Region) -> None:
        """After a direct quotation its speaker is the one who goes on."""
        if not region.quoted:
            return
        quote = self.direct[region.quoted[-1]]
        if quote.speaker is None and quote.role is None and self.reported and not region.cut_left:
            return  # a part in marks of what is reported
        voice = self.voices.of_entry(quote.speaker, quote.role)
        self._release(voice, leads=region.cut_left)
        self.voices.current = voice
        self.narration.clear()
        self.reported = True

    def _release(self, voice: Voice | None, *, leads: bool = False) -> None:
        """Give the sentences that wait for a speaker to the person told of, or named behind.

        `leads`: the next sentence names `voice` behind its content, and speaks for those before it.
        """
        if not self.held:
            return
        for held in self.held:
            if held.sure or (voice is not None and not self._acts(held.region, voice)):
                open_to = (leads and not held.firm) or held.fallback == NOBODY
                behind = voice is not None and open_to
                speaker = voice if behind and voice is not None else held.fallback
                self.found.append(Found(held.region, "mood", speaker))
                self.voices.current = speaker
                self.narration.clear()
        self.held.clear()


def _by_rule(region: Region, voices: Voices) -> Found | None:
    bits = region.bits
    if bits & NEEDS_MARK and region.clause_end(region.first) >= region.last:
        bits &= ~NEEDS_MARK  # a sentence of one clause
    if not bits & RULE_SIGNALS:
        return None
    for name, signal, _, match in RULES:
        if bits & signal:
            for token, one in region.signals:
                if one & signal:
                    voice = match(region, voices, token)
                    if voice is not None:
                        return Found(region, name, voice)
    return None
