"""What stands before a phrase that names somebody: adjectives, an article, a preposition.

It tells whether the phrase can be the subject of its sentence, and of which gender somebody is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.quotes import lexicon
from scraper.quotes.names import is_genitive
from scraper.quotes.tokens import CAPITAL, LOWER, NUMBER, PUNCTUATION, Tokens

if TYPE_CHECKING:
    from scraper.quotes.phrases import Phrase

AGES = ("jährige", "jähriger", "jährigen")
"""Ends of ages that stand before somebody: `23-jährige`."""


def read_left(tokens: Tokens, phrase: Phrase) -> None:
    """Article and preposition before a phrase: can it be the subject, and of which gender?"""
    index = phrase.first - 1
    if _is_of_place(tokens, index):
        index -= 1  # `der Linzer Stadtchef`
        phrase.told_place = True
    index = _skip_adjectives(tokens, phrase, index)
    if is_genitive(tokens, index):
        phrase.definite = phrase.told_place = True  # `Lindaus Bürgermeisterin`
    word = tokens.words[index].lower()
    if word in lexicon.DETERMINERS and index >= 0:
        _read_article(phrase, word)
        phrase.first = index
        index -= 1
    elif phrase.gender is None and phrase.office and phrase.office.endswith("e"):
        adjectival = tokens.slice(phrase.first, phrase.first + 1)
        phrase.gender = "m" if (phrase.role or adjectival).split()[0].endswith("er") else "f"
    if _is_oblique_behind(tokens, phrase, index):
        phrase.oblique = True
    if tokens.kinds[phrase.first] == PUNCTUATION:
        phrase.first += 1


def _skip_adjectives(tokens: Tokens, phrase: Phrase, index: int) -> int:
    """Token before up to three adjectives: `die 23-jährige gelernte Bäckerin`."""
    while phrase.first - index < 4 and index >= 0:
        word, kind = tokens.words[index], tokens.kinds[index]
        if kind == NUMBER and word.endswith(AGES):
            phrase.told_age = True
        elif word == "und" and phrase.first - index > 1 and tokens.kinds[index - 1] == LOWER:
            pass  # `der alte und neue Bürgermeister`
        elif kind != LOWER or not _is_adjective(word):
            break
        index -= 1
    return index


def _is_adjective(word: str) -> bool:
    return (
        word.endswith(("e", "er", "en", "em"))
        and not lexicon.is_function_word(word)
        and word not in lexicon.SPEECH_VERBS
    )


def _is_oblique_behind(tokens: Tokens, phrase: Phrase, index: int) -> bool:
    """Whether the word before article and adjectives keeps a phrase from being the subject.

    `Für Jana Moll ist das ein Gewinn.` speaks of her, whatever its grammar says. `Während Stadtrat
    Moll noch zögerte` has a conjunction, since no article follows.
    """
    word = tokens.words[index].lower()
    if word in lexicon.OBLIQUE_DETERMINERS:
        return True
    if word not in lexicon.PREPOSITIONS or word in {"so", "wie", "als"}:
        return False
    clause = word in {"während", "seit", "bis"} and index == phrase.first - 1
    topic = word == "für" and index >= 0 and tokens.sentence(index)[0] == index
    return not (topic or clause)


def _is_of_place(tokens: Tokens, index: int) -> bool:
    """`der Linzer Stadtchef`: an adjective of a place between article and office."""
    word = tokens.words[index]
    return (
        tokens.kinds[index] == CAPITAL
        and word.endswith("er")
        and len(word) > 4
        and tokens.words[index - 1].lower() in lexicon.DETERMINERS
        and lexicon.first_name_gender(word) is None
    )


def _read_article(phrase: Phrase, article: str) -> None:
    phrase.definite = article in {"der", "die", "das", "dem", "den"}
    if article in lexicon.OBLIQUE_DETERMINERS:
        phrase.oblique = True
    elif article in {"der", "einer", "ihrer", "seiner", "unserer"}:
        if phrase.gender == "f":
            phrase.oblique = True
        elif phrase.gender is None and article == "der" and phrase.office:
            phrase.gender = "m"
    elif article in {"die", "eine", "ihre", "seine"} and phrase.gender is None and phrase.office:
        phrase.gender = "f"
