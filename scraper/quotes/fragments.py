"""A quoted string inside a sentence: a name, or a part of reported speech."""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.context import Construction, Context, is_inscription
from scraper.quotes.people import Register
from scraper.quotes.tags import is_tagged_behind
from scraper.quotes.tokens import CAPITAL, LOWER, QUOTE, Tokens

_ASKED = frozenset({"stellt", "stellte", "stellten", "gestellt", "warf", "wirft", "aufgeworfen"})


def read_inside(tokens: Tokens, register: Register, here: Context) -> Construction | None:
    """A quoted string in the middle of a sentence: a name, or a fragment of reported speech."""
    before = tokens.words[max(here.first, here.token - 3) : here.token]
    previous = before[-1] if before else ""
    if any(word.lower() in lexicon.NAMING_PHRASES for word in before):
        return None
    if here.words < 4:
        return None
    own = tokens.words[here.first : here.last]
    if previous == "Frage" and not (_ASKED & set(own) or "mit" in map(str.lower, before)):
        return None  # `Die Frage „Q“ diskutieren …`
    if previous in lexicon.WORDS_OF:
        signs = any(is_inscription(w) for w in own if w[:1].isupper())
        speaker = any(not m.paper for m in register.between(here.first, here.last))
        owned = tokens.words[here.token - 2].lower() in {
            "sein",
            "ihr",
            "seinem",
            "ihrem",
            "seinen",
            "ihren",
        }
        return "fragment" if (speaker or owned) and not signs else None
    if is_tagged_behind(tokens, register, here):
        return "fragment"
    names = tokens.kinds[here.token - 1] == CAPITAL and lexicon.is_naming_noun(previous)
    frames = any(word.lower() in lexicon.FRAGMENT_VERBS for word in own)
    if here.lower:
        naming = {"heißt", "lautet", "Aufschrift", "Slogan", "Motto", "Titel"} & set(before)
        named = names and not frames and not register.between(here.first, here.token)
        return None if naming or named else "fragment"
    if not frames:
        told = lexicon.REPORT_VERBS & set(tokens.words[here.first : here.token])
        clause = here.words > 5 and tokens.kinds[here.token - 1] == LOWER
        return "fragment" if told and clause and previous not in lexicon.DETERMINERS else None
    if previous == "," and _said_before(tokens, register, here):
        return "fragment"
    return _framed(tokens, register, here, names=names)


def _said_before(tokens: Tokens, register: Register, here: Context) -> bool:
    """`Sie sagte, „Q“`; a list of titles has a quoted string before its comma."""
    if tokens.kinds[here.token - 2] == QUOTE or not register.between(here.first, here.token):
        return False
    near = tokens.words[max(here.first, here.token - 8) : here.token]
    return any(word in lexicon.SPEECH_VERBS for word in near)


def _framed(
    tokens: Tokens, register: Register, here: Context, *, names: bool
) -> Construction | None:
    """A fragment in upper case: `sprach von einem Q`, `wertete es als Q`, `nannte X Q`."""
    if not any(m for m in register.between(here.first, here.last)):
        return None
    own = tokens.words[here.first : here.last]
    before = [w.lower() for w in tokens.words[max(here.first, here.token - 3) : here.token]]
    article_or_as = before[-1:] and (before[-1] == "als" or before[-1] in lexicon.DETERMINERS)
    if {"spricht", "sprach", "sprechen", "sprachen", "gesprochen"} & set(own) and "von" in before:
        return "fragment"
    if "als" in before and article_or_as and not names:
        return "fragment"
    calls = {"nennt", "nannte", "nannten", "nennen"} & set(own)
    if calls and (not names or before[-1:] == ["als"]) and not _passive(own):
        return "fragment"
    judges = {"hält", "hielt", "halten"} & set(own) and before[-1:] == ["für"]
    if judges:
        return "fragment"
    kind = tokens.kinds[here.token - 1]
    return "fragment" if lexicon.PROMISES & set(own) and kind == LOWER and not names else None


def _passive(words: list[str]) -> bool:
    return "wird" in words or "wurde" in words or "werden" in words
