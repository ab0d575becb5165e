"""The subject of a clause: who says what is quoted in the middle of a sentence, or behind a colon.

`Moll, der gestern kam, nannte es „Q“`, `Es sei „Q“ gewesen, räumte Moll ein`, `…, so Moll, „Q“`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.quotes import lexicon
from scraper.quotes.focus import SUBORDINATE
from scraper.quotes.resolve import first_subject
from scraper.quotes.tokens import QUOTE

if TYPE_CHECKING:
    from scraper.quotes.people import Mention
    from scraper.quotes.rules.scene import Scene

_REACH = 60  # tokens that are looked back on
_CONJUNCTIONS = frozenset({"dass", "weil", "ob"})
_JOINED = frozenset({"und", "aber", "doch"}) | lexicon.SPEECH_VERBS


def tag_behind(scene: Scene, mentions: list[Mention], token: int) -> Mention | None:
    """`Es sei „Q“ gewesen, räumte Moll ein.`: a verb of speech and its subject behind it."""
    for mention in mentions:
        gap = scene.tokens.words[max(token + 1, mention.first - 4) : mention.first]
        if mention.first > token and not mention.oblique and "," in gap:
            return mention if lexicon.SPEECH_VERBS & set(gap) else None
    return None


def nearest_subject(scene: Scene, people: list[Mention], token: int) -> Mention | None:
    """The subject of the clause before `token`, unless it is one of two."""
    first = max(scene.tokens.sentence(token)[0], token - _REACH)
    for index in range(token - 1, first, -1):
        if scene.tokens.kinds[index] == QUOTE:
            # `A nannte das Q, B nannte es Q`
            nearer = [m for m in people if m.first > index]
            people = nearer if any(not m.oblique for m in nearer) else people
            break
    subject = clause_subject(scene, people, first, token)
    return None if subject is None or scene.resolver.is_pair(subject, people) else subject


def clause_subject(scene: Scene, people: list[Mention], first: int, last: int) -> Mention | None:
    """The subject of the clause that ends at `last`, of those who are named in the sentence."""
    words = scene.tokens.words
    that = next((i for i in range(first, last) if words[i] in _CONJUNCTIONS), last)
    main = [m for m in people if m.first < that]
    if that < last and main:
        people = main
        if main[0].first == first and all(m.oblique for m in main):
            return main[0]  # `Ihm gefalle, dass sie …`
    comma = next((i for i in range(last - 1, first, -1) if words[i] == ","), None)
    inner = None
    if comma is not None and len(people) > 1:
        inner = _behind_comma(scene, people, comma, first)
    return inner or first_subject(people, strict=True)


def _is_gapped(words: list[str], first: int, comma: int, mention: Mention) -> bool:
    """`Lau freute sich über das Wetter, Rektorin Moll über den Sieg: Q`."""
    tie = words[mention.last]
    named = mention.kind == "name" and mention.first == comma + 1
    return named and tie in lexicon.PREPOSITIONS and tie in words[first:comma]


def _behind_comma(scene: Scene, people: list[Mention], comma: int, first: int) -> Mention | None:
    """The subject that the last comma of a lead-in gives away."""
    words = scene.tokens.words
    inside = [m for m in people if m.first > comma and not m.oblique]
    ahead = [m for m in people if m.last == comma]
    tells = lexicon.SPEECH_VERBS | lexicon.FRAGMENT_VERBS
    if ahead and ahead[0].oblique and not tells & set(words[comma : scene.here.token]):
        ahead = []  # `Lau erinnerte an Moll, der Q war`
    if words[comma + 1] in {"der", "die"} and not inside and ahead:
        return ahead[0]  # `… Leiterin Moll, die ergänzt:`
    opening = people[0]
    apposition = opening.first == first and words[opening.last] == "," and opening.last < comma
    if inside and inside[0].kind == "pronoun" and apposition and opening.kind != "pronoun":
        return None if opening.oblique else opening  # `Moll, Leiterin des Bauhofs, nannte sie Q`
    if inside and inside[0].first == comma + 1 and words[inside[0].last] in tells:
        return inside[0]  # `Lau kündigte Hilfe an, Rektorin Moll mahnte:`
    if inside and _is_gapped(words, first, comma, inside[0]):
        return inside[0]
    if inside and words[comma + 1] == "wie" and words[scene.here.token - 2] in lexicon.SPEECH_VERBS:
        return inside[0]  # `Moll hörte, wie Lau sagte:`
    # `Gefragt, ob er bleibe, sagte Moll:`
    if inside and (words[comma + 1] in _JOINED or words[first] in SUBORDINATE):
        return inside[0]
    return None
