"""Verbs, adjectives and nouns of speech with their content: `X sagte, dass …`, `…, betont X`."""

from __future__ import annotations

from scraper.quotes.indirect_content import holds_content
from scraper.quotes.indirect_cues import (
    COPULAS,
    FINITE,
    JUDGEMENTS,
    POINTERS,
    POINTING,
    SUBJUNCTIVE,
    VERBS,
    signals_of,
)
from scraper.quotes.indirect_region import Region, has_words
from scraper.quotes.indirect_speakers import NOBODY, Voice, Voices
from scraper.quotes.lexicon import is_function_word
from scraper.quotes.tokens import LOWER, QUOTE

_JUDGING = frozenset(
    "ein eine einer kein keine klar wichtig entscheidend fest unverständlich".split()
)
_THAT = frozenset({"d"})
_THESE = frozenset({"das", "dies", "es", "sie", "ihn"})
_OURSELVES = frozenset({"wir", "Wir", "ich", "Ich"})
_VOTED = frozenset({"einstimmig", "mehrheitlich", "geschlossen"})
_FINDS = frozenset(
    "ist war sind bleibt steht waren wäre sei bedeutet stellt zählt gehört liegt überwiegt "
    "grenzt grenzte klingt klang überwiegen schließt gilt kommt gibt".split()
)
_COPULAR = frozenset("ist war sind bleibt waren wäre sei".split())
_POINTER = 25  # tokens of a sentence that points back


def verb(region: Region, voices: Voices, at: int) -> Voice | None:
    """`X sagte, dass …`, `X kündigte an, … zu …`, `…, betonte die Landrätin.`."""
    words = region.words
    if not _OURSELVES.isdisjoint(words[at - 1 : at + 2]) or _is_told_of_others(region, at):
        return None
    end = region.clause_end(at + 1)
    for one in VERBS[words[at]]:
        if not _has_particle(region, at, end, one.particle):
            continue
        tag = None
        if "t" in one.frames:
            tag = _tag_subject(region, voices, at, end, personal=one.personal)
        if tag is not None:
            region.tagged = True
            return tag
        frames = one.frames
        if region.cut_left and at == region.first:
            frames = frames & {"k"}  # the verb of the direct quotation before it
        if not holds_content(region, at, frames):
            if one.particle:
                return None
            continue
        if _is_passive(region, at):
            return NOBODY if "m" in one.frames and holds_content(region, at, _THAT) else None
        found = voices.subject(at, region.first, end, loose=not one.personal)
        if found is not None:
            return found
        if region.cut_left and voices.current != NOBODY:
            return voices.current
    return None


def _is_told_of_others(region: Region, at: int) -> bool:
    """`Die Firma habe zugesagt, …`: whoever speaks tells what somebody else has said."""
    words = region.words
    participle = words[at].endswith(("t", "en")) and "ge" in words[at][:6]
    participle = participle or words[at] in _PARTICIPLES
    if not participle:
        return False
    near = words[max(region.first, at - _CLAUSE) : at]
    comma = max((i for i, word in enumerate(near) if word == ","), default=-1)
    return not _TOLD.isdisjoint(near[comma + 1 :])


_CLAUSE = 20  # tokens of a clause that are looked at
_TOLD = frozenset({"habe", "hätte", "hätten"})
_PARTICIPLES = frozenset({"versprochen", "empfohlen", "versichert", "betont", "erklärt"})


def _has_particle(region: Region, at: int, end: int, particle: tuple[str, ...]) -> bool:
    """Whether the words of a particle follow in the clause; without one, that no other does."""
    words = region.words
    if not particle:
        last = end - 1
        while last > at and words[last] in {".", "!", "?", ""}:
            last -= 1
        return last == at or words[last] not in _PARTICLES or words[last - 1] == "am"
    index = at
    for part in particle:
        index += 1
        while index < region.last and words[index] != part:
            if index >= end:
                return False
            index += 1
        if index >= region.last:
            return False
    closes = words[index + 1] in {",", ".", ":", ";", "!", "?", "–", "und", "oder", "sowie", ""}
    return closes or len(particle) > 1 or particle[0] not in _PARTICLES


_PARTICLES = frozenset(
    "ab an auf aus bei ein her hin mit nach vor weg zu zurück um frei fort los heraus "
    "hervor nieder teil statt durch unter über weiter zusammen ein bereit frei vorbei".split()
)


def _tag_subject(
    region: Region, voices: Voices, at: int, end: int, *, personal: bool
) -> Voice | None:
    """The subject of a verb that follows its content: `…, sagt X`, `…, hat X beobachtet`."""
    words, kinds = region.words, region.tokens.kinds
    start = at
    if words[at - 1] not in {",", "–", "—"} or at == region.first:
        start = region.clause_start(at)
        if words[start] not in {"hat", "hatte", "haben", "hatten"} or start == region.first:
            return None
    comma = start - 1
    if not has_words(region, region.first, comma):
        return None
    opening = words[region.first].lower()
    if opening in _SUBORDINATE_TAGS and not _main_clause_before(region, comma):
        second = words[region.first + 1]
        if not (second in FINITE or signals_of(second) & SUBJUNCTIVE):
            return None  # `Damit sinke …` is a main clause, `Nachdem sie …` is none
    if not any(kinds[i] == LOWER for i in range(region.first, comma)):
        return None
    if not _has_finite(region, comma) and voices.told_of(region.first, comma) is not None:
        return None  # `Jana Moll, Sprecherin der Stadt, bittet die Gäste …`
    moods = any(bits & SUBJUNCTIVE and token < comma for token, bits in region.signals)
    found = voices.behind(start + 1, end, loose=False)
    if found is None and (moods or not personal):
        return voices.whole_phrase(start + 1, end)
    return found


_SUBORDINATE_TAGS = frozenset(
    "als nachdem während um bevor seit seitdem damit obwohl weil da".split()
)


def _has_finite(region: Region, last: int) -> bool:
    """Whether a lower-case word before token `last` looks like a finite verb."""
    words = region.words
    return any(
        words[i] in FINITE
        or (word.endswith(("t", "te", "ten", "en")) and not is_function_word(word))
        or signals_of(word) & SUBJUNCTIVE
        for i in range(region.first, last)
        if (word := words[i])[:1].islower()
    )


def _is_passive(region: Region, at: int) -> bool:
    """`Besucher werden gebeten, …`: somebody is spoken to, nobody speaks."""
    words = region.words
    start = region.clause_start(at)
    return words[at].endswith(("t", "en")) and not {"wird", "werden", "wurde", "wurden"}.isdisjoint(
        words[start:at]
    )


def _main_clause_before(region: Region, comma: int) -> bool:
    """Whether a comma ends the second clause or a later one: `Weil …, …, sagt X`."""
    return "," in region.words[region.first : comma]


def state(region: Region, voices: Voices, at: int) -> Voice | None:
    """`X zeigte sich erfreut darüber, dass …`, `X ist überzeugt, dass …`."""
    start = region.clause_start(at)
    copula = next((i for i in range(start, at) if region.words[i] in COPULAS), None)
    if copula is None:
        copula = next(
            (i for i in range(at + 1, min(at + 4, region.last)) if region.words[i] in COPULAS), None
        )
    ahead = region.words[region.first] in {"Dass", "Daß"} and start > region.first
    if copula is None or not (ahead or holds_content(region, at, frozenset("dzk"))):
        return None
    if ahead:
        return voices.subject(copula, start, at, loose=False)
    return voices.subject(copula, region.first, at, loose=False)


def noun(region: Region, voices: Voices, at: int) -> Voice | None:
    """`Der Gemeinderat vertritt die Auffassung, dass …`."""
    if not holds_content(region, at, frozenset("d")):
        return None
    if region.clause_end(at) != at + 1 and not _particle_behind(region, at):
        return None
    first = region.clause_start(at)
    mentions = [m for m in voices.mentions(first, at) if not m.oblique]
    if mentions:
        return voices.of_mention(mentions[0])
    return None


def _particle_behind(region: Region, at: int) -> bool:
    end = region.clause_end(at)
    return end - at <= 4


def judgement(region: Region, voices: Voices, at: int) -> Voice | None:
    """`X sprach sich gegen einen Verkauf aus.`, `X hält die Sorge für unbegründet.`."""
    words = region.words
    end = region.clause_end(at + 1)
    index = next(filter(None, (_last_of(region, at, end, c) for c in JUDGEMENTS[words[at]])), 0)
    if not index:
        return None
    if not _VOTED.isdisjoint(words[at:end]):
        return None  # a body has decided
    if words[index] in {"aus", "wenig", "viel", "nichts"} or words[at].startswith("positionier"):
        return voices.subject(at, region.first, end, loose=True)
    if QUOTE in region.tokens.kinds[at:end] or (words[at] in {"hält", "hielt"} and end - index > 5):
        return None
    adjective = region.tokens.kinds[index + 1] == LOWER
    if words[at] in {"hält", "hielt"} and not (adjective or words[at + 1] in _THESE):
        return None  # `hält den Platz für Kinder bereit`
    return voices.subject(at, region.first, end, loose=False)


def _last_of(region: Region, at: int, end: int, needs: tuple[frozenset[str], ...]) -> int:
    """The last of the words that a judgement needs in its clause; 0 when one is missing."""
    index = at
    for needed in needs:
        index += 1
        while index < end and region.words[index] not in needed:
            index += 1
        if index >= end:
            return 0
    return index


def for_whom(region: Region, voices: Voices, at: int) -> Voice | None:
    """`Für Ortsvorsteher Peer Maschke ist die Umleitung eine Zumutung.`."""
    words = region.words
    mentions = voices.mentions(at + 1, at + 4)
    if not mentions:
        return None
    mention = mentions[0]
    if mention.kind == "office" and not mention.definite:
        return None
    behind = mention.last
    if words[behind] == ",":
        over = words[behind + 1] in COPULAS
        behind = behind + 1 if over else region.clause_end(behind + 1) + 1
    verb_at = behind if at == region.first else at - 1
    if words[verb_at] not in _FINDS:
        return None
    predicate = words[behind : min(region.clause_end(behind), behind + 16)]
    quoted = QUOTE in region.tokens.kinds[behind : behind + len(predicate)]
    judged = not _JUDGING.isdisjoint(predicate) or quoted
    if mention.kind != "organisation" and at == region.first:
        judged = judged or words[verb_at] not in _COPULAR
    return voices.of_mention(mention) if judged else None


def points_back(region: Region, voices: Voices) -> Voice | None:
    """Who has said the sentence before: `Das teilte X mit.`, `Darauf wies X hin.`."""
    words = region.words
    first = region.first
    if words[first].lower() not in POINTERS or words[first + 1] not in POINTING:
        return None
    if region.last - first > _POINTER or words[first + 2] in {"auch", "aber"}:
        return None
    end = region.clause_end(first + 2)
    if words[first + 1] in {"hat", "haben", "hatte", "hatten"}:
        last = region.last - 1
        while words[last] in {".", "!"}:
            last -= 1
        if not any("t" in one.frames for one in VERBS.get(words[last], ())):
            return None
        return voices.behind(first + 2, last, loose=False)
    for one in VERBS[words[first + 1]]:
        if _has_particle(region, first + 1, end, one.particle):
            return voices.behind(first + 2, region.last, loose=False)
    return None
