"""Is a quoted string speech, and how is it built into its sentence?

Half of all quoted strings are names, titles, slogans or scare quotes. What tells them apart is the
grammar around them: a name stands behind a noun (`das Projekt Q`), speech stands alone, behind a
colon, before a verb with a subject (`Q, freut sich Moll`), or begins in lower case (`seien Q`).
Strings of one to three words count as speech only where the grammar leaves no doubt.
"""

from __future__ import annotations

from typing import Literal

from scraper.quotes import lexicon
from scraper.quotes.context import (
    Construction,
    Context,
    is_inscription,
    names_words,
    points_back,
    quotes_a_paper,
    speaker_soon,
)
from scraper.quotes.fragments import read_inside
from scraper.quotes.people import Mention, Register
from scraper.quotes.tags import read_tag
from scraper.quotes.tokens import (
    BREAK,
    CAPITAL,
    LOWER,
    NUMBER,
    PUNCTUATION,
    QUOTE,
    Tokens,
    ends_like_a_sentence,
)

_WRITTEN = frozenset({"lesen", "steht", "stehen", "prangt", "stand"})
_PLACES = frozenset({"Auf", "Über", "An", "Am", "In", "Im", "Darauf", "Dort", "Darunter", "Daran"})
_DASHES = frozenset({"–", "-", "—"})


def classify(
    tokens: Tokens, register: Register, here: Context, previous: list[Construction | None]
) -> Construction | None:
    """How a quoted string is spoken; None when it is no speech.

    `previous` holds the answers for the quoted strings before it.
    """
    if here.words == 0:
        return None
    if _joins_list(tokens, here, previous):
        return "alone" if here.complete else None
    if (split := _split(tokens, register, here, previous)) is not None:
        return split or None
    initial = here.token == here.first or _only_marks(tokens, here.first, here.token)
    if initial:
        return _initial(tokens, register, here, previous)
    if tokens.words[here.token - 1] == ":":
        return _colon(tokens, register, here)
    return read_inside(tokens, register, here)


def _joins_list(tokens: Tokens, here: Context, previous: list[Construction | None]) -> bool:
    """`„Nie wieder!“, „Und wer räumt das weg?“`: voices side by side, from the second one on."""
    return bool(
        here.number
        and previous[-1] == "alone"
        and tokens.words[here.token - 1] == ","
        and tokens.kinds[here.token - 2] == QUOTE
    )


def _only_marks(tokens: Tokens, first: int, last: int) -> bool:
    return all(
        tokens.kinds[index] == PUNCTUATION and tokens.words[index] not in {":", ","}
        for index in range(first, last)
    )


def _split(
    tokens: Tokens, register: Register, here: Context, previous: list[Construction | None]
) -> Construction | Literal[""] | None:
    """Whether this one goes on with a quotation of the same sentence: `Q, sagt Moll, „…“`."""
    if not here.number:
        return None
    before = tokens.quote_tokens[here.number - 1]
    if before < here.first or previous[-1] not in {"after", "split"}:
        return None
    mark = tokens.words[here.token - 1]
    gap = tokens.words[before + 1 : here.token]
    subjects = [m for m in register.between(before + 1, here.token) if not m.oblique]
    if mark == ":" and "," in gap and len(subjects) > 1 and {"und", "während", "doch"} & set(gap):
        return None  # `Q, sagt Moll, und Lau ergänzt: Q`
    if mark == "," or (mark == "und" and "," in gap) or (mark == ":" and here.words > 1):
        return "split" if len(gap) < 25 else None
    return None


def _initial(
    tokens: Tokens, register: Register, here: Context, previous: list[Construction | None]
) -> Construction | None:
    """A quoted string that opens its sentence."""
    after = here.token + 1
    word, kind = tokens.words[after], tokens.kinds[after]
    if kind == QUOTE or (word == "," and tokens.kinds[after + 1] == QUOTE):
        return "alone" if here.complete and (here.words > 2 or _in_list(tokens, here)) else None
    if word in {",", *_DASHES}:
        return read_tag(tokens, register, here, after + 1, dash=word != ",")
    if word == "(":
        near = register.between(after, after + 3)
        return "after" if near and near[0].kind == "name" and here.words > 3 else None
    if word == ":" or (kind == CAPITAL and not here.complete):
        told = points_back(tokens.words[after + (word == ":") : after + 12])
        return "alone" if told and here.words > 3 else None
    if kind == BREAK or after >= len(tokens.words) or after >= here.last:
        return _alone(tokens, register, here)
    if word in {".", "!", "?"}:
        return "alone" if here.words > 3 else None
    verb = word in lexicon.SPEECH_VERBS and word not in lexicon.NAMING_VERBS
    speaks = verb and (here.complete or speaker_soon(tokens, register, after + 1, here.last))
    if kind == LOWER and (speaks or word == "so"):
        return read_tag(tokens, register, here, after, dash=False)
    if here.complete and kind in {CAPITAL, NUMBER}:
        return "alone" if here.words > 3 else None
    return None


def _in_list(tokens: Tokens, here: Context) -> bool:
    following = here.number + 1
    return following < len(tokens.quote_tokens) and ends_like_a_sentence(tokens.quoted(following))


def _alone(tokens: Tokens, register: Register, here: Context) -> Construction | None:
    after = here.token + 1
    stands_alone = tokens.kinds[after] == BREAK and tokens.kinds[here.token - 1] == BREAK
    if stands_alone and here.words > 2 and _is_signature(tokens, register, after + 1):
        return "signed"
    if here.words < 4:
        return None
    if here.complete:
        return "alone"
    span = tokens.spans[here.number]
    own_paragraph = tokens.kinds[here.token - 1] == BREAK
    # Without a full stop it is rather a heading, unless its closing mark is missing.
    return "alone" if not span.closed and own_paragraph else None


def _is_signature(tokens: Tokens, register: Register, first: int) -> bool:
    """A paragraph that is nothing but a person: `Jan Moll, Leiter des Bauhofs`."""
    end = first
    while end < first + 20 and tokens.kinds[end] != BREAK:
        if tokens.kinds[end] == QUOTE:
            return False
        end += 1
    mentions = register.between(first, end)
    if tokens.kinds[end] != BREAK or not mentions or mentions[0].kind != "name":
        return False
    return mentions[0].last >= end - 1 and mentions[0].first <= first + 6


def _colon(tokens: Tokens, register: Register, here: Context) -> Construction | None:
    """Behind a colon: speech if somebody leads in, not if a title or an inscription does."""
    after = here.token + 1
    tagged = tokens.words[after] == "," and (
        tokens.words[after + 1] in lexicon.SPEECH_VERBS or tokens.words[after + 1] == "so"
    )
    if tagged and speaker_soon(tokens, register, after + 2, here.last):
        return "after"
    colon = here.token - 1
    lead = tokens.words[here.first : colon]
    if quotes_a_paper(lead):
        return None if any(is_inscription(w) for w in lead if w[:1].isupper()) else "before"
    announced = any(w[:1].isupper() and names_words(w) for w in lead[:4])
    if any(w in lexicon.NAMING_VERBS for w in lead[-6:]) and not announced:
        return None
    somebody = [m for m in register.between(here.first, colon) if not m.paper]
    # `Jana Moll, Leiterin des Museums:` ends with a person, whatever the last word is.
    ends_with_person = bool(somebody) and somebody[-1].kind == "name" and somebody[-1].last >= colon
    if ends_with_person or _announces(tokens, here.first, colon):
        return "before"
    if _names_something(lead, somebody, here):
        return None
    says = any(w in lexicon.SPEECH_VERBS and w not in lexicon.NAMING_VERBS for w in lead)
    return "before" if _is_spoken(tokens, somebody, here, says=says) else None


def _names_something(lead: list[str], somebody: list[Mention], here: Context) -> bool:
    """Whether a lead-in announces a title or an inscription: `Ihr Titel:`."""
    naming = bool(lead) and lead[-1][:1].isupper() and lexicon.is_naming_noun(lead[-1])
    if naming and here.complete and not lexicon.is_title_noun(lead[-1]):
        # `Moll freut sich über den Preis:`
        naming = not any(
            not m.oblique and (m.kind != "organisation" or here.words > 7) for m in somebody
        )
    if naming or lead[-2:] in (["fragen", "sich"], ["fragt", "sich"]):
        return True
    if not somebody and any(w[:1].isupper() and lexicon.is_naming_noun(w) for w in lead[-4:]):
        return True
    return bool(_WRITTEN & set(lead)) and "".join(lead[:1]) in _PLACES


def _is_spoken(tokens: Tokens, somebody: list[Mention], here: Context, *, says: bool) -> bool:
    if here.words < 4 and not (somebody and (says or here.complete)):
        return False
    if somebody:
        # `Neujahrsempfang der Stadt: Q` is a headline about a speech, by nobody who is named.
        headline = tokens.kinds[here.token + 1] == BREAK and not here.complete
        return not headline or any(m.kind in {"name", "surname", "office"} for m in somebody)
    return says or (here.complete and not _is_enumeration(tokens, here))


def _announces(tokens: Tokens, first: int, colon: int) -> bool:
    """`Seine Antwort:`, `fiel immer wieder derselbe Satz:`."""
    for index in range(max(first, colon - 5), colon):
        if tokens.kinds[index] == CAPITAL and tokens.words[index].lower() in lexicon.SPEECH_NOUNS:
            return True
    start = tokens.words[first].lower()
    return start in {"sein", "seine", "ihr", "ihre"} and any(
        tokens.kinds[i] == CAPITAL and names_words(tokens.words[i])
        for i in range(first + 1, min(first + 4, colon))
    )


def _is_enumeration(tokens: Tokens, here: Context) -> bool:
    return (
        tokens.words[here.token + 1] in {",", "und"}
        and QUOTE in tokens.kinds[here.token + 1 : here.token + 4]
    )
