"""A quoted string in its sentence, and the ways in which speech can be built into one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from scraper.quotes import lexicon
from scraper.quotes.tokens import Tokens, ends_like_a_sentence

_REACH = 60  # tokens of context that are looked at on either side

Construction = Literal["after", "before", "alone", "fragment", "split", "signed", "bracket"]
"""`after`: the speaker follows. `before`: a colon leads in. `alone`: a sentence of its own.
`fragment`: part of a sentence of reported speech. `split`: goes on after its own speech tag.
`signed`: a paragraph with the speaker follows. `bracket`: in brackets behind the speaker."""


@dataclass(slots=True)
class Context:
    """A quoted string in its sentence."""

    number: int
    """Which quoted string."""
    token: int
    """Its token."""
    first: int
    """First token of the sentence (at most 60 before)."""
    last: int
    """Token behind the sentence (at most 60 behind)."""
    words: int
    """Words it has, as white space parts them."""
    complete: bool
    """True when it brings its own closing full stop."""
    lower: bool
    """True when it begins in lower case."""


def context(tokens: Tokens, number: int) -> Context:
    """The surroundings of a quoted string."""
    token = tokens.quote_tokens[number]
    first, last = tokens.sentence(token)
    words = tokens.quoted(number)
    initial = words.lstrip("([…‚'‘-– .")[:1]
    return Context(
        number,
        token,
        max(first, token - _REACH),
        min(last, token + _REACH),
        len(words[:400].split()),
        ends_like_a_sentence(words),
        initial.islower(),
    )


def names_words(word: str) -> bool:
    """Whether a noun announces words: `Antwort`, `Testurteil`."""
    key = word.lower()
    return any(key[-length:] in lexicon.SPEECH_NOUNS for length in range(3, min(len(key), 14) + 1))


def names_words_all(word: str) -> bool:
    """Whether a noun announces words, in the singular or the plural: `Fragen`, `Worten`."""
    key = word.lower()
    return (
        names_words(word)
        or names_words(word.removesuffix("n"))
        or word in lexicon.WORDS_OF
        or key in lexicon.SAYINGS
    )


def points_back(words: list[str]) -> bool:
    """Whether a sentence tells who has said the quotation before it: `Mit diesen Worten …`."""
    first, second = (*words[:2], "", "")[:2]
    if first.lower() == "mit":
        return _tells_with(words[1:])
    if first not in {"Das", "So", "das", "so"} or "auch" in words[:4]:
        return False  # `Das sagt auch Moll`: somebody has said it before
    if second in {"ist", "war", "lautet", "lautete"}:
        return any(word[:1].isupper() and names_words_all(word) for word in words[2:5])
    wants = second in {"will", "wollte", "wollen", "wollten"}  # `So will die Stadt …`
    return second in lexicon.SPEECH_VERBS and not (wants or second in lexicon.NAMING_VERBS)


def _tells_with(words: list[str]) -> bool:
    """`diesen Worten …`, `dieser klaren Ansage …`, `Geschichten wie dieser …`."""
    noun = next((n for n, word in enumerate(words[:4]) if word[:1].isupper()), None)
    if noun is None or not (names_words_all(words[noun]) or words[noun].lower() in lexicon.SAYINGS):
        return False
    these = ("dies", "solch", "einem", "einer")
    if words[noun] in {"Frage", "Fragen"}:
        return False  # `Mit dieser Frage befasst sich …`
    return words[0].startswith(these) or (
        words[noun + 1 : noun + 2] == ["wie"]
        and "".join(words[noun + 2 : noun + 3]).startswith(these)
    )


def is_inscription(word: str) -> bool:
    """Whether a noun bears an inscription: `Plakat`."""
    return word.lower() in lexicon.INSCRIPTIONS


def is_proverb(words: list[str]) -> bool:
    """Whether the words around a quotation call it a saying."""
    return not lexicon.PROVERB_WORDS.isdisjoint(map(str.lower, words))


def quotes_a_paper(words: list[str]) -> bool:
    """Whether `heißt es` stands in a lead-in."""
    pairs = {("heißt", "es"), ("es", "heißt"), ("hieß", "es"), ("heisst", "es"), ("hiess", "es")}
    return any(pair in pairs for pair in pairwise(words))
