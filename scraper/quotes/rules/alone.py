"""Rules for who speaks when the quotation is a sentence of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.quotes import lexicon
from scraper.quotes.context import names_words_all, points_back
from scraper.quotes.focus import focus
from scraper.quotes.resolve import first_subject
from scraper.quotes.rules.after import kept
from scraper.quotes.rules.rule import NOBODY, SpeakerRule, Table
from scraper.quotes.tokens import BREAK, CAPITAL, LOWER, QUOTE

if TYPE_CHECKING:
    from scraper.quotes.people import Mention
    from scraper.quotes.rules.scene import Scene


def _opens_paragraph(scene: Scene) -> bool:
    token = scene.here.token
    return token == 0 or scene.tokens.kinds[token - 1] == BREAK


def _many(_scene: Scene, _kept: list[Mention]) -> Mention | None:
    return NOBODY


def _many_in_paragraph(scene: Scene, _kept: list[Mention]) -> Mention | None:
    return NOBODY if _opens_paragraph(scene) else None


def _newly_introduced(scene: Scene, _kept: list[Mention]) -> Mention | None:
    found = _introduced_behind(scene) if _opens_paragraph(scene) else None
    if found is None or _has_own_words(scene, found):
        return None
    return NOBODY if _spoke_just_before(scene) else found


def _introduced_next(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """A paragraph of nothing but Q where nobody is named before: who opens the next one."""
    token = scene.here.token
    if not _opens_paragraph(scene) or not scene.tokens.spans[scene.here.number].closed:
        return None
    if any(m.entry is not None for m in scene.resolver.before_mentions(token)):
        return None
    for mention in scene.register.between(token + 2, token + 4):
        if mention.kind == "name" and mention.entry is not None and not mention.oblique:
            return None if _has_own_words(scene, mention) else mention
    return None


def _has_own_words(scene: Scene, person: Mention) -> bool:
    """`„Q.“ Moll verwies auf …`, `„Q.“ Moll war froh: „Q“`: what is told of them is not Q."""
    tokens = scene.tokens
    last = tokens.sentence(person.first)[1]
    verbs = set(tokens.words[person.last : person.last + 2])
    return QUOTE in tokens.kinds[person.last : last] or bool(verbs & lexicon.SPEECH_VERBS)


def _spoke_just_before(scene: Scene) -> bool:
    """Whether the paragraph before ends with words of somebody, who may go on."""
    token = scene.here.token
    if token < 2:
        return False
    first, last = scene.tokens.sentence(token - 2)
    return any(mention.spoke for mention in scene.register.between(first, last))


def _introduced(scene: Scene, _kept: list[Mention]) -> Mention | None:
    return _introduced_behind(scene)


def _introduced_behind(scene: Scene) -> Mention | None:
    """`„…“ Valentin Rösler hat …`: somebody who is named for the first time."""
    tokens, token = scene.tokens, scene.here.token
    if token + 1 >= len(tokens.words) or tokens.kinds[token + 1] == BREAK:
        return None
    if not tokens.spans[scene.here.number].closed:
        return None  # what follows a missing mark may tell of anybody
    for mention in scene.register.between(token + 1, token + 4):
        if mention.kind == "name" and mention.entry is not None and not mention.oblique:
            before = scene.resolver.before_mentions(token)
            return None if any(m.entry == mention.entry for m in before) else mention
    return None


def _behind(scene: Scene) -> tuple[int, int]:
    """First token of the sentence behind the quotation, its own stop skipped, and its end."""
    tokens = scene.tokens
    start = scene.here.token + 1
    start += tokens.words[start] in {":", ".", "!", "?"}
    last = tokens.sentence(start)[1] if start < len(tokens.sentences) else start
    return start, last


def _pointed_at(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`„Q.“ Mit diesen Worten eröffnete Moll das Fest.`: the sentence behind tells who."""
    start, last = _behind(scene)
    words = scene.tokens.words
    if not points_back(words[start:last]):
        return None
    nouns = [word.rpartition("-") for word in words[start + 1 : start + 4]]
    if any(author and names_words_all(noun) for author, _, noun in nouns):
        return NOBODY  # `Mit diesem Goethe-Wort …`: somebody else's
    mentions = [m for m in scene.register.between(start, last) if not m.paper]
    if words[start + 1] in {"ist", "war", "lautet", "lautete"}:
        return mentions[0] if mentions else None  # `Das ist das Fazit von Moll.`
    return first_subject(mentions, strict=True)


def _conclusion(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`„Q.“ Ein nüchternes Fazit zog Moll.`: a noun of speech, a verb, and who."""
    start, last = _behind(scene)
    tokens = scene.tokens
    opening = tokens.words[start].lower()
    if not (opening in lexicon.DETERMINERS or opening.endswith(("e", "er", "es"))):
        return None
    for noun in range(start + 1, min(start + 9, last)):
        if tokens.kinds[noun] != CAPITAL:
            continue
        key = tokens.words[noun].lower()
        says = key in lexicon.SPEECH_NOUNS or key in lexicon.SAYINGS
        verb = noun + 1
        if not says or tokens.kinds[verb] != LOWER:
            return None
        near = scene.register.between(verb + 1, verb + 4)
        return near[0] if near and not (near[0].paper or near[0].oblique) else None
    return None


def _spoken_of(scene: Scene, _kept: list[Mention]) -> Mention | None:
    return focus(scene)


def signature(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """The person of the paragraph behind."""
    mentions = scene.register.between(scene.here.token + 1, scene.here.token + 12)
    return mentions[0] if mentions else None


ALONE: Table[SpeakerRule] = Table(
    SpeakerRule(
        "alone.many",
        "Rektorin Anna Moll fragte alle. „Das ist viel zu laut!“ „Das muss hier weg!“",
        "@QUOTE ,? Q",
        _many,
    ),
    SpeakerRule(
        "alone.first-of-many",
        "Rektorin Anna Moll fragte alle. „Das ist viel zu laut!“, „Weg damit!“",
        "Q , @QUOTE",
        _many,
        decides=0,
    ),
    SpeakerRule(
        "alone.first-of-paragraph",
        "Rektorin Anna Moll fragte alle.\n\n„Das ist viel zu laut!“ „Weg damit!“",
        "Q @QUOTE",
        _many_in_paragraph,
        decides=0,
    ),
    SpeakerRule(
        "alone.others-saying",
        "„Ein Garten ist nie fertig.“ Mit dem Ausspruch von Jan Moll eröffnet Rektorin Ida Lau "
        "die Schau.",
        "Q @STOP? Mit @ARTICLE @LOWER? @SAYING von? @PERSON",
        kept,
    ),
    SpeakerRule(
        "alone.origin",
        "„Wir bauen das Bad im Mai.“ Der Satz stammt von Rektorin Anna Moll.",
        "Q @STOP? @ARTICLE @LOWER? @SAYING stammt|stammen|stammten|kommt|kommen von @PERSON",
        kept,
    ),
    SpeakerRule(
        "alone.so-behind",
        "„Wir bauen das Bad im Mai.“ So Rektorin Anna Moll am Montag.",
        "Q @STOP? So @PERSON",
        kept,
    ),
    SpeakerRule(
        "alone.pointed-at",
        "„Wir bauen das Bad im Mai.“ Mit diesen Worten eröffnete Rektorin Anna Moll das Fest.",
        "Q",
        _pointed_at,
    ),
    SpeakerRule(
        "alone.conclusion",
        "„Wir bauen das Bad im Mai.“ Ein knappes Fazit zog Rektorin Anna Moll am Montag.",
        "Q",
        _conclusion,
    ),
    SpeakerRule(
        "alone.newly-introduced",
        "Förster Karl Brandt kam.\n\n„Wir bauen das Bad im Mai.“ Anna Moll hat den Plan.",
        "Q",
        _newly_introduced,
    ),
    SpeakerRule(
        "alone.introduced-next",
        "Der Pfad ist da.\n\n„Beim Moos war es still.“\n\nAnna Moll hat ihn mit Kindern angelegt.",
        "Q @BREAK",
        _introduced_next,
    ),
    SpeakerRule(
        "alone.spoken-of",
        "Rektorin Anna Moll freut sich. „Wir bauen das Bad im Mai.“",
        "Q",
        _spoken_of,
    ),
    SpeakerRule(
        "alone.introduced",
        "Das Fest ist da. „Wir bauen das Bad im Mai.“ Anna Moll hat den Plan.",
        "Q",
        _introduced,
    ),
)
"""The construction `alone`."""

SIGNED: Table[SpeakerRule] = Table(
    SpeakerRule(
        "signed.paragraph",
        "Der Bau beginnt.\n\n„Wir bauen das Bad.“\n\nJan Moll, Leiter des Bauhofs",
        "Q",
        signature,
    ),
)
"""The construction `signed`."""

BRACKET: Table[SpeakerRule] = Table(
    SpeakerRule(
        "bracket.person",
        "Zu früh kam der Umzug für Anna Moll („Wir hätten noch ein Jahr gebraucht“).",
        "@PERSON ( Q )",
        kept,
    ),
)
"""The construction `bracket`."""
