"""Rules for a quoted string that goes on with the one before it in the same sentence."""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.rules.rule import SpeechRule, Table
from scraper.quotes.rules.scene import Scene

_FAR = 25  # tokens that may stand between the halves
_NEW_VOICE = frozenset({"und", "während", "doch"})


def _follows_a_voice(scene: Scene) -> bool:
    return scene.previous[-1] == "alone"


def _is_voice(scene: Scene) -> bool:
    return _follows_a_voice(scene) and scene.here.complete


def _is_told_of_many(scene: Scene) -> bool:
    """`Q, Q – die Meinungen gehen auseinander`: voices of nobody in particular."""
    words = scene.tokens.words[scene.at : scene.at + 3]
    return any(word[:1].isupper() and word.lower() in lexicon.GROUPS for word in words)


def _gap(scene: Scene) -> list[str]:
    before = scene.tokens.quote_tokens[scene.here.number - 1]
    return scene.tokens.words[before + 1 : scene.here.token]


def _goes_on(scene: Scene) -> bool:
    """Whether the string before is speech of the same sentence, and nobody else speaks up."""
    here, words = scene.here, scene.tokens.words
    before = scene.tokens.quote_tokens[here.number - 1]
    if before < here.first or scene.previous[-1] not in {"after", "split"}:
        return False
    gap = _gap(scene)
    mark = words[here.token - 1]
    if mark == ":" and "," in gap and _NEW_VOICE & set(gap):
        between = scene.register.between(before + 1, here.token)
        if sum(not mention.oblique for mention in between) > 1:
            return False  # `Q, sagt Moll, und Lau ergänzt: Q`
    return mark == "," or (mark == "und" and "," in gap) or (mark == ":" and here.words > 1)


def _is_second_half(scene: Scene) -> bool:
    return _goes_on(scene) and len(_gap(scene)) < _FAR


JOINED: Table[SpeechRule] = Table(
    SpeechRule(
        "joined.voice",
        "Viele waren gekommen.\n\n„Nie wieder Stau im Dorf!“, „Und wer räumt das wieder weg?“",
        "@QUOTE , Q",
        "alone",
        _is_voice,
    ),
    SpeechRule(
        "joined.voice-of-many",
        "„Endlich Schatten!“, „Das ist ja wie im Urlaub“ – die Besucher sind froh.",
        "@QUOTE , Q @DASH",
        "alone",
        _is_told_of_many,
    ),
    SpeechRule(
        "joined.title",
        "Viele waren gekommen.\n\n„Nie wieder Stau im Dorf!“, „Weg damit“",
        "@QUOTE , Q",
        None,
        _follows_a_voice,
    ),
    SpeechRule(
        "joined.second-half",
        "„Wir bauen das Bad“, sagt Rektorin Anna Moll, „und zwar im Mai.“",
        ",|und|: Q",
        "split",
        _is_second_half,
    ),
    SpeechRule(
        "joined.too-far",
        "„Wir bauen das Bad“, sagt Rektorin Anna Moll und geht mit allen Kindern der Schule am See "
        "über den Hof zu dem Platz, auf dem seit vielen Jahren ein alter Baum und eine Bank "
        "stehen, „unter der Linde“.",
        ",|und|: Q",
        None,
        _goes_on,
    ),
)
"""Asked first, for every quoted string but the first of a text."""
