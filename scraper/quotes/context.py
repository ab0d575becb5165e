"""A quoted string in its sentence, and the ways in which speech can be built into one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from scraper.quotes import lexicon
from scraper.quotes.people import Register
from scraper.quotes.tokens import Tokens, ends_like_a_sentence

_REACH = 60  # tokens of context that are looked at on either side

Construction = Literal["after", "before", "alone", "fragment", "split", "signed"]
"""`after`: the speaker follows. `before`: a colon leads in. `alone`: a sentence of its own.
`fragment`: part of a sentence of reported speech. `split`: goes on after its own speech tag.
`signed`: a paragraph with the speaker follows."""


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


def speaker_soon(tokens: Tokens, register: Register, at: int, last: int) -> bool:
    """Whether somebody who can speak is mentioned in the next tokens."""
    return any(not m.paper for m in register.between(at, min(last, at + 14)))


def names_words(word: str) -> bool:
    """Whether a noun announces words: `Antwort`, `Testurteil`."""
    key = word.lower()
    return any(key[-length:] in lexicon.SPEECH_NOUNS for length in range(3, min(len(key), 14) + 1))


def names_words_all(word: str) -> bool:
    """Whether a noun announces words, in the singular or the plural: `Fragen`, `Worten`."""
    return names_words(word) or names_words(word.removesuffix("n")) or word in lexicon.WORDS_OF


def points_back(words: list[str]) -> bool:
    """Whether a sentence tells who has said the quotation before it: `Mit diesen Worten …`."""
    first, second = (*words[:2], "", "")[:2]
    if first.lower() == "mit" and second in {"diesen", "diesem"}:
        return any(map(names_words_all, words[2:3]))
    if first not in {"Das", "So"} or "auch" in words[:4]:
        return False  # `Das sagt auch Moll`: somebody has said it before
    if second in {"ist", "war", "lautet", "lautete"}:
        return any(word[:1].isupper() and names_words_all(word) for word in words[2:5])
    return second in lexicon.SPEECH_VERBS and second not in lexicon.NAMING_VERBS


def is_inscription(word: str) -> bool:
    """Whether a noun bears an inscription: `Plakat`."""
    return word.lower() in lexicon.INSCRIPTIONS


def is_proverb(words: list[str]) -> bool:
    """Whether the words around a quotation call it a saying."""
    return any(word.lower() in lexicon.PROVERB_WORDS for word in words)


def quotes_a_paper(words: list[str]) -> bool:
    """Whether `heißt es` stands in a lead-in."""
    pairs = {("heißt", "es"), ("es", "heißt"), ("hieß", "es")}
    return any(pair in pairs for pair in pairwise(words))
