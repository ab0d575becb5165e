"""Which mood a sentence is in as a whole, the writer's own wishes and conditions left out."""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.indirect_cues import (
    FINITE,
    MOOD_FIRST,
    MOOD_OPEN,
    MOOD_SECOND,
    PRESENT,
    SIGNALS,
    STATIVE,
    SUBORDINATE,
    VERBS,
)
from scraper.quotes.indirect_mood import may_be_adjective
from scraper.quotes.indirect_region import Region
from scraper.quotes.indirect_speakers import Voice, Voices
from scraper.quotes.tokens import CAPITAL, LOWER

_DEPENDENT = frozenset(
    "ob dass damit bevor ehe wie wann warum weshalb wo wohin woher wer was welche welcher "
    "welches als wen wem wenn falls sofern sodass".split()
)
_RELATIVE = frozenset("der die das den dem deren dessen denen ohne".split())
# `Allen Helfern sei gedankt.`
_FORMULAS = frozenset(
    "genannt erwähnt gesagt gedankt gegönnt verwiesen empfohlen angemerkt vermerkt Dank "
    "denn".split()
)
_KITCHEN = frozenset(
    "nehme gebe füge lasse rühre schneide mische stelle denke beachte lege".split()
)


def _counts(region: Region, at: int) -> bool:
    """Whether a first subjunctive is none of the writer's own: wishes, recipes, `als sei`."""
    words = region.words
    if words[at - 1] in {"als", "ich", "Ich", "@", "/"} or words[at + 1] in {"ich", "@"}:
        return False
    if _is_formula(region, at) or _is_attribute(region, at):
        return False
    start = region.clause_start(at)
    return not any(words[i] == "als" and words[i + 1] in {"ob", "wenn"} for i in range(start, at))


def _is_formula(region: Region, at: int) -> bool:
    """`Allen sei gedankt.`, `sei es … oder …`, `man nehme`, `Es lebe …`."""
    words = region.words
    word, before, behind = words[at], words[at - 1], words[at + 1]
    if word in {"sei", "seien"}:
        alternative = behind == "es" and (before in {",", "–"} or at == region.first)
        thanks = _FORMULAS.intersection(words[at + 1 : min(at + 8, region.last)])
        return alternative or bool(thanks)
    if before.lower() == "man" and word in _KITCHEN:
        return at == region.first + 1
    return word == "lebe" and before == "Es"


def _is_attribute(region: Region, at: int) -> bool:
    """`die reiche Ernte`: an adjective before its noun."""
    article = region.words[at - 1].lower() in lexicon.DETERMINERS - {"das"}
    before_noun = region.tokens.kinds[at + 1] == CAPITAL
    if may_be_adjective(region.words[at]):
        return before_noun or article or region.words[at + 1] in {"und", ","}
    return before_noun and article


def _depends(region: Region, at: int) -> bool:
    """Whether a verb stands in a clause that depends on another one."""
    start = region.clause_start(at)
    opening = region.words[start].lower()
    if opening in _DEPENDENT:
        return True
    ends = region.clause_end(at) == at + 1 or at + 1 >= region.last - 1
    return start > region.first and opening in _RELATIVE and ends


def _asks(region: Region) -> bool:
    return region.words[region.last - 1] in {"?", "!"}


def first_mood(region: Region, *, anchored: bool) -> bool:
    """Whether a first subjunctive makes the sentence reported speech.

    `anchored`: the sentence before is speech, so that a dependent clause will do.
    """
    if not region.bits & MOOD_FIRST:
        return False
    own = [at for at, bits in region.signals if bits & MOOD_FIRST and _counts(region, at)]
    if not own or _asks(region):
        return False
    if any(region.words[region.clause_start(at)] in {"ob", "wann", "warum"} for at in own):
        own = [at for at in own if not _depends(region, at)]
        return bool(own)
    if anchored or any(bits & MOOD_SECOND for _, bits in region.signals):
        return True
    return any(not _depends(region, at) for at in own)


def second_mood(region: Region) -> bool:
    """Whether the sentence has a second subjunctive that may stand for a first one."""
    words = region.words
    if not region.bits & MOOD_SECOND or _asks(region):
        return False
    for at, bits in region.signals:
        if bits & MOOD_SECOND and words[at - 1] != "als" and "ich" not in words[at - 1 : at + 2]:
            start = region.clause_start(at)
            if start == region.first or not _depends(region, at):
                return True
    return False


def goes_on(region: Region) -> bool:
    """Whether a time of the present, or a state, tells an open form from a narration."""
    inside = region.words[region.first : region.last]
    return any(word in STATIVE or word.lower() in PRESENT for word in inside)


def main_clause_end(region: Region) -> int:
    """The comma behind a main clause in the indicative that a subjunctive clause depends on.

    0 when there is none: the subjunctive stands in the first clause, or that one is dependent.
    """
    words = region.words
    at = next((at for at, bits in region.signals if bits & (MOOD_FIRST | MOOD_SECOND)), 0)
    start = region.clause_start(at)
    if start in {region.first, at} or words[region.first].lower() in _DEPENDENT:
        return 0  # `Der Kanal, der undicht war, sei …`: the main clause goes on
    end = start - 1
    if words[end] == ":":
        return 0
    inside = range(region.first + 1, end)
    finite = any(
        words[i] in FINITE
        or (words[i] in VERBS and words[i][:1].islower())
        or _ends_finite(words[i])
        for i in inside
    )
    return end if finite else 0


def _ends_finite(word: str) -> bool:
    return (
        word[:1].islower()
        and word.endswith(("te", "ten", "t"))
        and not lexicon.is_function_word(word)
        and not SIGNALS[word] & MOOD_OPEN
    )


def tagged(region: Region, voices: Voices) -> Voice | None:
    """The subject of any verb behind the content: `Das sei so, entschied das Gericht.`."""
    words = region.words
    comma = next(
        (i for i in range(region.last - 2, region.first, -1) if words[i] in {",", "–"}), None
    )
    if comma is None or not any(
        at < comma and bits & (MOOD_FIRST | MOOD_SECOND) for at, bits in region.signals
    ):
        return None
    verb = words[comma + 1]
    lower = region.tokens.kinds[comma + 1] == LOWER
    if not lower or lexicon.is_function_word(verb) or verb in SUBORDINATE or verb in _DEPENDENT:
        return None
    finite = verb in VERBS or verb.endswith(("t", "te", "ten"))
    if not finite or SIGNALS[verb] & (MOOD_FIRST | MOOD_SECOND):
        return None
    return voices.behind(comma + 2, region.last, loose=False)


def introduced(region: Region, voices: Voices) -> Voice | None:
    """Who speaks behind a colon: `Bürgermeisterin Marten: Die Gemeinde habe …`."""
    words = region.words
    colon = next((i for i in range(region.first, region.last - 1) if words[i] == ":"), None)
    if colon is None or not any(
        at > colon and bits & (MOOD_FIRST | MOOD_SECOND) for at, bits in region.signals
    ):
        return None
    if any(at < colon and bits & MOOD_FIRST for at, bits in region.signals):
        return None
    return voices.told_of(region.first, colon)
