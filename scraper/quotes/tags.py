"""Speech tags: is what follows a quotation a verb (or `so`) with somebody who speaks?"""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.context import (
    Construction,
    Context,
    is_proverb,
    names_words_all,
    points_back,
    speaker_soon,
)
from scraper.quotes.people import Register
from scraper.quotes.tokens import CAPITAL, LOWER, Tokens

_HEARSAY = frozenset(
    {"ja", "schön", "bekanntlich", "nämlich", "gern", "gerne", "oft", "landläufig"}
)


def read_tag(
    tokens: Tokens, register: Register, here: Context, at: int, *, dash: bool
) -> Construction | None:
    """Whether what follows the quotation is a speech tag: a verb (or `so`) with somebody.

    `at` is the token behind the comma or, with `dash`, behind the dash.
    """
    word, kind = tokens.words[at], tokens.kinds[at]
    following = tokens.words[at : here.last]
    if dash and points_back(following) and here.words > 3:
        return "after"  # `Q – mit diesen Worten eröffnete Moll …`
    if dash and not _may_follow_dash(following, kind):
        return None
    if word in {"heißt", "hieß"} or ("es" in following and following[-2:-1] == ["geheißen"]):
        return _hearsay(tokens, register, here, at, following)
    if word in {"so", "wie"}:
        return _so(tokens, register, here, at)
    if kind == CAPITAL or (kind == LOWER and word in {"der", "die", "ein", "eine"}):
        near = register.between(at, at + 3)
        named = any(m.kind == "name" and tokens.words[m.last] in {".", "", ",", ":"} for m in near)
        return "after" if named and here.words > 3 else None
    if kind != LOWER or word in lexicon.CLAUSE_OPENERS or is_proverb(following):
        return None
    if word in {"steht", "stand"}:
        return "after" if here.words > 5 and _is_written(following) else None
    if word not in lexicon.SPEECH_VERBS and lexicon.is_function_word(word):
        return None  # `Q, bevor er ging`: a clause, no tag
    if word in {"lautet", "lautete"}:
        creed = any(w[:1].isupper() and names_words_all(w) for w in following[1:5])
        return "after" if creed and here.words > 3 else None
    return _verb(tokens, register, here, at)


def _is_written(following: list[str]) -> bool:
    """`Q, steht in einem der Briefe`, not `Q, steht auf dem Schild`."""
    papers = ("mail", "mails", "brief", "briefe", "briefen", "gästebuch", "gästebuchs", "kommentar")
    return "in" in following[:3] and any(
        word[:1].isupper()
        and (lexicon.organisation_kind(word) == "paper" or word.lower().endswith(papers))
        for word in following[:8]
    )


def _may_follow_dash(following: list[str], kind: int) -> bool:
    """`Q – so Moll` is a tag, `Q – unter diesem Titel` and `Q – so heißt das Stück` are none."""
    if "heißt" in following[:4] or "lautet" in following[:4]:
        return False
    return following[:1] in (["so"], ["sagt"], ["sagte"]) or kind == CAPITAL


def _so(tokens: Tokens, register: Register, here: Context, at: int) -> Construction | None:
    following = tokens.words[at : here.last]
    verb = tokens.words[at + 1]
    if verb in {"heißt", "hieß"} and "es" in following[:4]:
        return _hearsay(tokens, register, here, at + 1, following[1:])
    if verb in lexicon.NAMING_VERBS or "Titel" in following or "Motto" in following:
        return None
    if verb.startswith(("sein", "ihr")) and tokens.kinds[at + 2] == CAPITAL:
        return "after"  # `Q, so seine Faustregel`
    return "after" if speaker_soon(tokens, register, at + 1, here.last) else None


def _verb(tokens: Tokens, register: Register, here: Context, at: int) -> Construction | None:
    word = tokens.words[at]
    known = word in lexicon.SPEECH_VERBS
    if word in lexicon.NAMING_VERBS or (here.words < 3 and not known):
        return None
    if known or speaker_soon(tokens, register, at + 1, here.last):
        return "after"
    # `Q, war beim Rundgang immer wieder zu hören`
    heard = {"hören", "lesen"} & set(tokens.words[at : here.last])
    return "after" if here.words > 3 and heard else None


def _hearsay(
    tokens: Tokens, register: Register, here: Context, at: int, following: list[str]
) -> Construction | None:
    """`Q, heißt es in der Vorlage` is speech, `Q, heißt es ja so schön` is a saying."""
    if "es" not in following[:4] and tokens.words[at + 1] != "es":
        return None
    if is_proverb(following):
        return None
    if _HEARSAY & set(following) and not any(
        m.kind == "organisation" for m in register.between(at, here.last)
    ):
        return None
    return "after" if here.words > 2 else None


def is_tagged_behind(tokens: Tokens, register: Register, here: Context) -> bool:
    """`…, „Q“, so Mählmann`."""
    at = here.token + 1
    if tokens.words[at] != "," or tokens.words[at + 1] not in {
        "so",
        "sagt",
        "sagte",
        "betont",
        "betonte",
    }:
        return False
    return speaker_soon(tokens, register, at + 2, min(here.last, at + 8))
