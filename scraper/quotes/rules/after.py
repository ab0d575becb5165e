"""Rules for who speaks when the speech tag stands behind the quotation: `Q, sagt Moll`."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.quotes import lexicon
from scraper.quotes.focus import body_before, body_meant, is_unsure
from scraper.quotes.names import owned_office
from scraper.quotes.rules.rule import NOBODY, SpeakerRule, Table
from scraper.quotes.sources import cited, earlier_paper, institution, jury_of, owner_of_paper
from scraper.quotes.tokens import CAPITAL

if TYPE_CHECKING:
    from scraper.quotes.people import Mention
    from scraper.quotes.rules.scene import Scene

_NEAR = 8  # tokens within which somebody oblique still speaks
_FILLERS = frozenset({"sich", "auch", "dazu", "zudem"})
_LINKS = frozenset({",", "und", "sowie"})
_PASSIVE = frozenset({"hören", "hieß", "vernehmen"})


def kept(_scene: Scene, mentions: list[Mention]) -> Mention | None:
    """The mention that the pattern kept."""
    return mentions[0]


def paper(scene: Scene, mentions: list[Mention]) -> Mention | None:
    """The paper that the pattern kept, or who is behind it; none where a person is named too."""
    named = [m for m in scene.clause()[1] if m.kind != "organisation"]
    return None if named else institution([mentions[0], *scene.clause()[1]])


def _own_words(scene: Scene, _kept: list[Mention]) -> Mention | None:
    words, mentions = scene.clause()
    if any(m.kind == "name" for m in mentions):
        return None  # `so ihre Sprecherin Anna Moll`
    gender = "m" if words[2].startswith("sein") else "f"
    return scene.resolver.of_gender(gender, scene.here.first) or NOBODY


def _said_there(scene: Scene, _kept: list[Mention]) -> Mention | None:
    words, mentions = scene.clause()
    there = not mentions and {"es", "dort"} <= set(words[:6])
    return (body_before(scene) or NOBODY) if there else None


def _paper_says(scene: Scene, _kept: list[Mention]) -> Mention | None:
    words, mentions = scene.clause()
    if "es" in words[:5] and (
        lexicon.IS_CALLED & set(words[:4]) or {"geheißen", "geheissen"} & set(words)
    ):
        if "darin" in words and not mentions:
            return earlier_paper(scene, scene.here.first, reach=2) or NOBODY
        found = jury_of(scene, institution(mentions), scene.here.first)
        return owner_of_paper(scene, found) or found or NOBODY
    return None


def _cited_by(scene: Scene, _kept: list[Mention]) -> Mention | None:
    words, mentions = scene.clause()
    if lexicon.CITING & set(words[:3]):
        return cited(scene, mentions, scene.here.token + 1) or NOBODY
    return None


def _unknown_subject(scene: Scene, _kept: list[Mention]) -> Mention | None:
    tokens = scene.tokens
    at = scene.here.token + 2 + (tokens.words[scene.here.token + 1] in {",", "–"})
    at += tokens.words[at] in _FILLERS
    at += tokens.words[at] in {"der", "die", "das"}
    if _is_no_name(scene, at):
        return None
    first = min((mention.first for mention in scene.spoken()), default=None)
    if first is None:
        return NOBODY
    known = first <= at + 1 or first <= (owned_office(tokens, at) or 0)
    return None if known else NOBODY


def _is_no_name(scene: Scene, at: int) -> bool:
    """Whether the word at the place of the subject can be none: `so das Fazit von …`."""
    word, key = scene.tokens.words[at], scene.tokens.words[at].lower()
    if scene.tokens.kinds[at] != CAPITAL or lexicon.is_function_word(key):
        return True
    # `sagte Bürgermeisterin und Vorsitzende Moll`
    office = lexicon.office_key(word) and scene.tokens.words[at + 1] in {"und", "sowie"}
    return (
        key in lexicon.SPEECH_NOUNS
        or key in lexicon.SAYINGS
        or bool(office)
        or key in lexicon.TIMES
        or lexicon.is_role_adjective(word)
    )


def _pronoun_of_body(scene: Scene, _kept: list[Mention]) -> Mention | None:
    near = [m for m in scene.spoken() if not m.oblique]
    return body_meant(scene, near[0]) if near and near[0].kind == "pronoun" else None


def _towards(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Q, schallte es Moll entgegen`: whoever is named is spoken to."""
    words = scene.clause()[0]
    return NOBODY if "es" in words[1:4] and "entgegen" in words else None


def _both(scene: Scene, _kept: list[Mention]) -> Mention | None:
    words = scene.clause()[0]
    near = [m for m in scene.spoken() if not m.oblique]
    return NOBODY if near and _is_plural(words) and _is_joint(scene, near) else None


def _is_plural(words: list[str]) -> bool:
    """Whether a tag speaks of several: `freuen sich`, `betonten`, or a bare `so`."""
    verb = next((word for word in words if word in lexicon.SPEECH_VERBS), "so")
    return verb == "so" or verb.endswith("n")


def _is_joint(scene: Scene, near: list[Mention]) -> bool:
    """`A und B`: both say it, which is as good as nobody knows who."""
    words, who = scene.tokens.words, scene.resolver.who
    bare = not (
        words[scene.at].endswith("en")
        or any(word in lexicon.SPEECH_VERBS for word in scene.clause()[0][:3])
    )
    kinds = {"name"} if bare else {"name", "surname"}
    for first, other in pairwise(near):
        gap = set(words[first.last : other.first])
        tied = gap and gap <= (_LINKS - {","} if bare else _LINKS)
        if tied and {first.kind, other.kind} <= kinds and who(other) != who(first):
            return True
    return False


def _stranger(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Der Gubiner nickte. Q, sagte er.`: nobody who was named before."""
    near = [m for m in scene.spoken() if not m.oblique]
    return NOBODY if near and is_unsure(scene, near[0]) else None


def _subject(scene: Scene, _kept: list[Mention]) -> Mention | None:
    return next((m for m in scene.spoken() if not m.oblique), None)


def _first(scene: Scene) -> tuple[Mention | None, list[str]]:
    """The first mention of a tag without a subject, and the words before it."""
    mentions = scene.spoken()
    if not mentions:
        return None, []
    return mentions[0], scene.tokens.words[scene.here.token + 1 : mentions[0].first]


def _from_somebody(scene: Scene, _kept: list[Mention]) -> Mention | None:
    first, before = _first(scene)
    return first if first and before[-1:] in (["von"], ["vom"]) and len(before) < 5 else None


def _whose_words(scene: Scene, _kept: list[Mention]) -> Mention | None:
    first, before = _first(scene)
    says = lexicon.SPEECH_NOUNS | lexicon.SAYINGS
    noun = any(word.lower() in says for word in before if word[:1].isupper())
    return first if noun else None


def _near_person(scene: Scene, _kept: list[Mention]) -> Mention | None:
    first, before = _first(scene)
    if first is None or first.kind == "organisation" or len(before) >= _NEAR - 1:
        return None
    return None if _PASSIVE & set(scene.clause()[0]) else first


AFTER: Table[SpeakerRule] = Table(
    SpeakerRule(
        "after.own-words",
        "Rektorin Anna Moll kam. „Erst lesen, dann reden“, lautet ihre Devise.",
        "Q @PAUSE lautet|lautete|so @OWN",
        _own_words,
    ),
    SpeakerRule(
        "after.said-there",
        "Kritik kommt von der Reederei. „Das ist viel zu teuer“, heißt es dort.",
        "Q",
        _said_there,
    ),
    SpeakerRule(
        "after.paper-says",
        "„Das Bad wird im Mai gebaut“, heißt es in der Vorlage.",
        "Q",
        _paper_says,
    ),
    SpeakerRule(
        "after.paper",
        "„Das Bad wird im Mai gebaut“, so die Beschlussvorlage vom Mai.",
        "Q @PAUSE so|schreibt|steht|stand in|im? @ARTICLE? @LOWER? @PAPER",
        paper,
    ),
    SpeakerRule(
        "after.cited",
        "„Wer rastet, der rostet“, zitierte Rektorin Anna Moll Förster Karl Brandt.",
        "Q",
        _cited_by,
    ),
    SpeakerRule(
        "after.unknown",
        "Rektorin Anna Moll kam. „Das Bad ist toll“, findet Xyra vom Fluss.",
        "Q",
        _unknown_subject,
    ),
    SpeakerRule(
        "after.pronoun-of-body",
        "Der Betriebsrat kritisierte das. „Das ist zu wenig Geld“, teilte er mit.",
        "Q",
        _pronoun_of_body,
    ),
    SpeakerRule(
        "after.towards",
        "„Das Bad ist viel zu kalt“, schallte es Rektorin Anna Moll entgegen.",
        "Q",
        _towards,
    ),
    SpeakerRule(
        "after.both",
        "„Das Bad ist wieder offen“, freuen sich Rektorin Anna Moll und Förster Karl Brandt.",
        "Q",
        _both,
    ),
    SpeakerRule(
        "after.stranger",
        "Förster Karl Brandt kam. Ein Xyrer lachte. „Das Bad ist ja viel zu klein“, sagte er.",
        "Q",
        _stranger,
    ),
    SpeakerRule("after.subject", "„Das Bad ist offen“, sagt Rektorin Anna Moll.", "Q", _subject),
    SpeakerRule(
        "after.from", "„Das Bad ist offen“, kam es von Rektorin Anna Moll.", "Q", _from_somebody
    ),
    SpeakerRule(
        "after.whose-words",
        "„Das Bad ist wieder offen“, lautete das Fazit der Feuerwehr.",
        "Q",
        _whose_words,
    ),
    SpeakerRule(
        "after.near",
        "„Das Bad ist wieder offen“, freute es zudem mit Anna Moll alle.",
        "Q",
        _near_person,
    ),
)
"""The construction `after`."""
