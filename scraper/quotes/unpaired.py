"""Where a quotation ends, or begins, whose other mark is missing.

Nothing is worse than narration put into somebody's mouth. So a quotation without its closing mark
ends before the first sentence that tells of a person or is a speech tag, and one without its
opening mark goes back over no such sentence.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import pairwise

from scraper.quotes import lexicon

_REACH = 2000  # characters that are looked at on either side of a mark
_FAR = 20_000  # characters that are read for names
_MOST = 50  # quotations of one text whose other mark is looked for
_WORD = re.compile(r"\w+(?:[-'’]\w+)*|[.,:!?–—-]")
_SENTENCE_END = re.compile(r"[.!?…][)\]]?(?=\s|$)")
_SELF = frozenset(
    "ich mich mir mein meine meinen meinem meiner wir uns unser unsere unseren unserem unserer "
    "unseres du dich dir euch eure euer".split()
)
"""First and second person: a sentence with one of them is somebody's words."""
_TOLD = frozenset("wurde wurden hatte hatten fand fanden kam kamen ging gingen".split())
_OPENERS = frozenset(
    "besonders auch dabei zudem zugleich außerdem anschließend danach dann so damit abschließend "
    "schließlich zum am im in mit für nach".split()
)
# `…, sagte Bürgermeister Moll`: a verb of speech and somebody behind it.
_TAG = re.compile(
    r"(?:,|\s[–—-])?\s(?=(?:so|sagte?|betonte?|erklärte?|meinte?|berichtete?|erläuterte?|ergänzte?|lobte?"
    r"|freute?\ssich|versprach|verspricht|fügte?|kündigte?)\s(?:[A-ZÄÖÜ]\w|d(?:er|ie)\s|sie\b|er\b))"
)
_ANY_TAG = re.compile(
    r"(?:,|\s[–—-])\s(?=(\w+)\s(?:sich\s)?(?:[A-ZÄÖÜ]\w|d(?:er|ie)\s|sie\b|er\b))"
)


class Unpaired:
    """Finds the other end of quotations of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._looked = 0

    @cached_property
    def _names(self) -> frozenset[str]:
        return named(self._text[:_FAR])

    def closing(self, start: int, end: int, *, cut: bool) -> int:
        """Where the words that open at `start` and are not closed before `end` come to their end.

        Args:
            start: offset of the first quoted character.
            end: offset of the next opening mark, or of the paragraph's end.
            cut: True when another quotation opens at `end`, so that the last sentence is a torso.
        """
        text = self._text
        self._looked += 1
        limit = min(end, start + _REACH)
        ends = [match.end() for match in _SENTENCE_END.finditer(text, start, limit)]
        if self._looked > _MOST:
            return min([*ends[:1], end])
        tag = _first_tag(text, start, limit)
        last = start
        for stop in [*ends, end]:
            if tag is not None and stop > tag:
                return tag
            if last > start and self._narrates(text[last:stop]):
                return last
            if stop == end and cut and last > start:
                return last
            last = stop
        return end

    def opening(self, start: int, end: int) -> int | None:
        """Where the words that are closed at `end` begin; None when they are nobody's speech.

        `start` is where the paragraph, or what follows the last quotation in it, begins.
        """
        text = self._text
        if self._looked > _MOST:
            return None
        if not _is_tag(_WORD.findall(text[end + 1 : end + 60])):
            return self._behind_colon(max(start, end - _REACH), end)
        self._looked += 1
        start = max(start, end - _REACH)
        ends = [match.end() for match in _SENTENCE_END.finditer(text, start, end)]
        begin = None
        for first, last in reversed(list(pairwise([start, *[e for e in ends if e < end], end]))):
            if self._narrates(text[first:last]):
                break
            begin = first
        return begin

    def _behind_colon(self, start: int, end: int) -> int | None:
        """`Moll sagte: Wir fangen an.“`: a verb of speech leads in."""
        self._looked += 1
        colon = self._text.rfind(": ", start, end)
        lead = _WORD.findall(self._text[max(start, colon - 80) : max(colon, start)])
        says = any(w in lexicon.SPEECH_VERBS and w not in lexicon.NAMING_VERBS for w in lead[-8:])
        if colon < 0 or not says or self._narrates(self._text[colon + 2 : end]):
            return None
        return colon + 2

    def _narrates(self, sentence: str) -> bool:
        """Whether a sentence tells of somebody, rather than being what somebody says."""
        words = _WORD.findall(sentence)
        if not words or any(word.lower() in _SELF for word in words):
            return False
        return (
            _names_somebody(words, self._names)
            or _tells_of_subject(words)
            or _tells_of_the_past(words)
        )


def named(text: str) -> frozenset[str]:
    """Surnames of a text: words behind an office, a title or a known first name."""
    found = set()
    for before, word in pairwise(_WORD.findall(text)):
        if word[0].isupper() and before[0].isupper() and lexicon.hints_at_person(before):
            found.add(word)
    return frozenset(
        word
        for word in found
        if lexicon.first_name_gender(word) is None and lexicon.office_key(word) is None
    )


def _names_somebody(words: list[str], names: frozenset[str]) -> bool:
    """`Besonders hob Moll hervor`, `Die Rektorin verwies auf …`."""
    for before, word in pairwise(["", *words]):
        if word in names and before.lower() not in lexicon.PREPOSITIONS:
            return True
        holder = word[0].isupper() and lexicon.office_key(word) is not None
        if holder and (before in {"der", "die", "Der", "Die"} or _opens(words, word)):
            return True
    return False


def _tells_of_subject(words: list[str]) -> bool:
    """`Er verwies auf …`, `Die Feuerwehr löschte …`."""
    if words[0] in {"Er", "Sie"}:
        return words[1:2] != [] and _is_told(words[1])
    body = words[1:2] and words[0] in {"Der", "Die", "Das"} and lexicon.organisation_kind(words[1])
    return bool(body) and words[2:3] != [] and _is_told(words[2])


def _is_told(verb: str) -> bool:
    """Whether a verb is one of speech or in the past, in the singular."""
    return (verb in lexicon.SPEECH_VERBS and not verb.endswith("n")) or (
        verb in _TOLD or verb.endswith("te")
    )


def _tells_of_the_past(words: list[str]) -> bool:
    """Whether a sentence tells what was: `Am Montag wurde die Schule eröffnet`."""
    days = any(word.lower() in lexicon.TIMES for word in words)
    return any(word in _TOLD for word in words) and (days or words[0].lower() in _OPENERS)


def _opens(words: list[str], office: str) -> bool:
    """`Bürgermeister Moll …`: an office with a name behind it."""
    behind = words[words.index(office) + 1 :][:1]
    return (
        bool(behind) and behind[0][0].isupper() and not lexicon.is_function_word(behind[0].lower())
    )


def _first_tag(text: str, start: int, limit: int) -> int | None:
    """Where a speech tag begins in the words: `…, sagte Moll`."""
    found = _TAG.search(text, start, limit)
    best = found.start() if found else None
    for match in _ANY_TAG.finditer(text, start, limit):
        if match.group(1) in lexicon.SPEECH_VERBS:
            return match.start() if best is None else min(best, match.start())
    return best


def _is_tag(after: list[str]) -> bool:
    """Whether a speech tag follows a stray closing mark: `“, sagt Moll`."""
    words = after[1:] if after[:1] in ([","], ["–"], ["-"]) else []
    return bool(words) and (words[0] == "so" or words[0] in lexicon.SPEECH_VERBS)
