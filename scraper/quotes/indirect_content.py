"""Whether what a verb or noun of speech asks for follows in its sentence."""

from __future__ import annotations

from scraper.quotes.indirect_cues import FINITE, MOOD_FIRST, SUBJUNCTIVE
from scraper.quotes.indirect_region import MOST_TOKENS, Region
from scraper.quotes.tokens import CAPITAL, LOWER, QUOTE

_THAT = frozenset({"dass", "daß"})
_MARKS = frozenset({",", ":", ";", "–"})
_LINKS = frozenset({",", "und", "aber", "sowie", "sondern", "auch", "vor", "allem"})
_NO_INFINITIVE = frozenset({"um", "ohne", "statt", "anstatt"})
_NO_MAIN = frozenset(
    "wer was wo wann warum weshalb wieso wohin woher ob wie weil wenn als nachdem während "
    "obwohl damit so sodass um ohne statt und oder sondern sowie denen dessen deren "
    "welche welcher welches".split()
)
_PREFIXED = frozenset(
    "ab an auf aus bei dar ein fest fort frei heran heraus herbei hervor hin hinzu mit "
    "nach nieder offen sicher statt teil um vor voran vorbei weg weiter wieder zurück "
    "zusammen bereit bekannt wahr zu hinzu fertig entgegen gut hoch still um klar".split()
)


def holds_content(region: Region, at: int, frames: frozenset[str]) -> bool:
    """Whether one of the frames of a verb at `at` is filled behind it."""
    last = min(region.last, at + MOST_TOKENS)
    return (
        ("d" in frames and (_that(region, at, last) or _colon(region, at, last)))
        or ("k" in frames and _subjunctive(region, at, last))
        or ("z" in frames and _infinitive(region, at, last))
        or ("w" in frames and _how(region, at, last))
        or ("m" in frames and _main_clause(region, at, last))
    )


def _that(region: Region, at: int, last: int) -> bool:
    """`…, dass`, `…, und dass`; not `so dass`, `ohne dass`."""
    words = region.words
    return any(
        words[index] in _THAT and words[index - 1] in _LINKS for index in range(at + 2, last)
    )


def _colon(region: Region, at: int, last: int) -> bool:
    """`Das Amt weist darauf hin: Belege werden …`: a colon with a sentence behind it."""
    words = region.words
    colon = next((i for i in range(at + 1, last) if words[i] in {":", ";"}), last)
    if colon + 3 >= last or words[colon] != ":" or region.tokens.kinds[colon + 1] == QUOTE:
        return False
    return FINITE.isdisjoint(words[at + 1 : colon])


def _subjunctive(region: Region, at: int, last: int) -> bool:
    """A subjunctive behind a comma or a colon."""
    words = region.words
    start = next((i for i in range(at + 1, last) if words[i] in _MARKS), last)
    for index, bits in region.signals:
        if bits & SUBJUNCTIVE and start < index < last and words[index - 1] != "als":
            # `… die Helfer, ohne die nichts möglich wäre`: a condition, else it were `sei`
            final = words[index + 1] in _MARKS or index + 2 >= last
            if bits & MOOD_FIRST or words[index].endswith("en") or not final:
                return True
    return False


def _infinitive(region: Region, at: int, last: int) -> bool:
    """`…, die Parkgebühren auszusetzen`; not `um … zu`."""
    words, kinds = region.words, region.tokens.kinds
    comma = 0
    for index in range(at + 1, last):
        word = words[index]
        if word in _MARKS:
            comma = 0 if words[index + 1] in _NO_INFINITIVE else index
        elif comma and kinds[index] == LOWER:
            behind = words[index + 1]
            if word == "zu" and kinds[index + 1] == LOWER and behind.endswith("n"):
                return True
            if word.endswith("n") and "zu" in word[2:-3] and word.rpartition("zu")[0] in _PREFIXED:
                return True
    return False


def _how(region: Region, at: int, last: int) -> bool:
    words = region.words
    return any(words[i] == "," and words[i + 1] == "wie" for i in range(at + 1, last - 1))


def _main_clause(region: Region, at: int, last: int) -> bool:
    """A main clause in the indicative: its verb is neither first nor last."""
    words, kinds = region.words, region.tokens.kinds
    comma = next((i for i in range(at + 1, last) if words[i] in {",", ":"}), None)
    if comma is None or words[comma + 1].lower() in _NO_MAIN or kinds[comma + 1] == QUOTE:
        return False
    if words[comma + 1] in {"der", "die", "das", "dem", "den"}:
        demonstrative = words[comma + 1] == "das" and words[comma + 2] in FINITE
        if not (demonstrative or CAPITAL in kinds[comma + 2 : comma + 4]):
            return False  # a relative clause
    end = region.clause_end(comma + 1)
    while end > comma and words[end - 1] in {".", "!", "?"}:
        end -= 1
    return any(words[i] in FINITE for i in range(comma + 2, min(comma + 8, end - 1)))
