"""Rules for who speaks behind a lead-in with a colon: `Moll betont: Q`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.quotes import lexicon
from scraper.quotes.clauses import clause_subject
from scraper.quotes.context import names_words_all, quotes_a_paper
from scraper.quotes.focus import demonstrative, focus, is_compared, is_source, is_unsure
from scraper.quotes.resolve import first_subject
from scraper.quotes.rules.rule import NOBODY, SpeakerRule, Table
from scraper.quotes.sources import (
    cited,
    earlier_paper,
    institution,
    jury_of,
    owner,
    owner_of_paper,
    owner_of_words,
)
from scraper.quotes.tokens import CAPITAL, QUOTE

if TYPE_CHECKING:
    from scraper.quotes.people import Mention
    from scraper.quotes.rules.scene import Scene

_OWN = frozenset({"sein", "seine", "ihr", "ihre"})
_OPENINGS = frozenset({"dazu", "und", "weiter", "außerdem", "er", "sie", "dann", "nur"})

_OPENING = 3  # tokens into a sentence at which `für sie` still tells whose view it is


def _words(scene: Scene) -> list[str]:
    return scene.lead[:-1]


def _mentions(scene: Scene) -> list[Mention]:
    return scene.register.between(scene.here.first, scene.here.token - 1)


def _usable(scene: Scene) -> list[Mention]:
    return [m for m in _mentions(scene) if not m.paper]


def _people(scene: Scene) -> list[Mention]:
    people = [m for m in _usable(scene) if m.kind != "organisation"]
    return people[1:] if len(people) > 1 and is_compared(scene, people[0]) else people


def _paper_says(scene: Scene, _kept: list[Mention]) -> Mention | None:
    if not quotes_a_paper(_words(scene)):
        return None
    first = scene.here.first
    found = jury_of(scene, institution(_mentions(scene)), first)
    if person := owner_of_paper(scene, found):
        return person
    return found or earlier_paper(scene, first) or NOBODY


def _own_words(scene: Scene, _kept: list[Mention]) -> Mention | None:
    first = scene.here.first
    opening = scene.tokens.words[first].lower()
    if opening not in _OWN or scene.tokens.kinds[first + 1] != CAPITAL:
        return None
    named = [m for m in _mentions(scene) if m.kind in {"name", "surname"} and not m.oblique]
    if any(not _is_inserted(scene, m) for m in named):
        return None
    if any(m.kind == "office" and m.first <= first + 1 for m in _mentions(scene)):
        return None  # `Seine Frau verrät das Rezept: Q`
    gender = "m" if opening.startswith("sein") else "f"
    return scene.resolver.of_gender(gender, first) or NOBODY


def _is_inserted(scene: Scene, mention: Mention) -> bool:
    """`Sein Motto, so erinnert sich Moll, war: Q`: Moll tells of it."""
    words = scene.tokens.words[scene.here.first : mention.first]
    comma = max((i for i, word in enumerate(words) if word == ","), default=len(words))
    return words[comma + 1 : comma + 2] in (["so"], ["wie"])


def _therein(scene: Scene, _kept: list[Mention]) -> Mention | None:
    if scene.tokens.words[scene.here.first].lower() != "darin" or _mentions(scene):
        return None
    return earlier_paper(scene, scene.here.first) or NOBODY


def _cited_by(scene: Scene, _kept: list[Mention]) -> Mention | None:
    if not lexicon.CITING & set(_words(scene)):
        return None
    return cited(scene, _usable(scene), scene.here.first) or NOBODY


def _owner_of_words(scene: Scene, _kept: list[Mention]) -> Mention | None:
    return owner_of_words(scene, _usable(scene), scene.here.token - 1)


def _of_another(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Er erinnerte an ein Wort des Verstorbenen: Q`: words of somebody who is not known."""
    noun = scene.here.token - 4
    article = scene.tokens.words[noun - 1].lower() in {"ein", "einem", "einen", "dem", "das"}
    sayings = lexicon.WORDS_OF | {"Wort", "Spruch", "Ausspruch", "Vers", "Gedanken"}
    return NOBODY if article and scene.tokens.words[noun] in sayings else None


def _nearest(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Q, sagt A, und B ergänzt: Q`: whoever stands nearest to the colon."""
    if QUOTE not in scene.tokens.kinds[scene.here.first : scene.here.token - 1]:
        return None
    subjects = [m for m in _people(scene) if not m.oblique]
    return subjects[-1] if subjects else None


def _reported(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Die Stadt müsse sparen: Q`: who is reported before, not that body."""
    words = set(_words(scene))
    says = any(w in lexicon.SPEECH_VERBS and w not in lexicon.NAMING_VERBS for w in words)
    if says or not lexicon.REPORT_VERBS & words or any(not m.oblique for m in _people(scene)):
        return None
    found = focus(scene)
    return found if found and found.kind != "organisation" else None


def _both(scene: Scene, _kept: list[Mention]) -> Mention | None:
    people = _people(scene)
    subject = clause_subject(scene, people, scene.here.first, scene.here.token - 1)
    return NOBODY if subject and scene.resolver.is_pair(subject, people) else None


def _subject(scene: Scene, _kept: list[Mention]) -> Mention | None:
    found = clause_subject(scene, _people(scene), scene.here.first, scene.here.token - 1)
    return NOBODY if found and is_unsure(scene, found) else found


def _source(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Die Stadt ist aus Sicht von Moll gefordert: Q`."""
    sources = [m for m in _people(scene) if m.kind != "pronoun" and is_source(scene, m)]
    return sources[0] if sources else None


def _that_man(scene: Scene, _kept: list[Mention]) -> Mention | None:
    return demonstrative(scene, scene.here.first)


def _body(scene: Scene, _kept: list[Mention]) -> Mention | None:
    bodies = [m for m in _usable(scene) if m.kind == "organisation"]
    return first_subject(bodies, strict=True) or owner(scene, bodies)


def _oblique(scene: Scene, _kept: list[Mention]) -> Mention | None:
    people = _people(scene)
    if not people:
        return None
    found = people[-1] if people[-1].kind != "pronoun" else people[0]
    if scene.tokens.words[people[0].first - 1] == "Von":
        found = people[0]  # `Von Moll gab es Lob für Lau: Q`
    tied = scene.tokens.words[found.first - 1].lower() in lexicon.PREPOSITIONS
    if found.kind == "pronoun" and tied and found.first - scene.here.first > _OPENING:
        return NOBODY  # `Malik hatte einen Rat für ihn: Q`
    return NOBODY if scene.resolver.is_pair(found, people) else found


def _goes_on_reporting(scene: Scene, _kept: list[Mention]) -> Mention | None:
    if _usable(scene) or not lexicon.REPORT_VERBS & set(_words(scene)):
        return None
    return focus(scene) or NOBODY


def _only_speaker(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Der Termin steht schon fest: Q` where one person has spoken and no other is named."""
    announced = any(word[:1].isupper() and names_words_all(word) for word in _words(scene))
    if _mentions(scene) or announced or not scene.here.complete:
        return None
    spoke = [m for m in scene.resolver.before_mentions(scene.here.first) if m.spoke]
    alone = len(scene.register.entries) == 1 and all(m.entry is not None for m in spoke)
    return spoke[-1] if spoke and alone else None


def _goes_on(scene: Scene, _kept: list[Mention]) -> Mention | None:
    words = _words(scene)
    short = bool(words) and len(words) < 8 and words[0].lower() in _OPENINGS
    return focus(scene) if short else None


BEFORE: Table[SpeakerRule] = Table(
    SpeakerRule(
        "before.paper-says", "In der Vorlage heißt es: „Das Bad wird gebaut.“", "Q", _paper_says
    ),
    SpeakerRule(
        "before.own-words",
        "Rektorin Anna Moll kam. Ihre Antwort: „Wir bauen im Mai.“",
        "Q",
        _own_words,
    ),
    SpeakerRule(
        "before.therein",
        "Der Brief der Stadt ist da. Darin ist zu lesen: „Wir bauen im Mai das Bad.“",
        "Q",
        _therein,
    ),
    SpeakerRule(
        "before.cited",
        "Rektorin Anna Moll zitierte Förster Karl Brandt: „Wir bauen im Mai.“",
        "Q",
        _cited_by,
    ),
    SpeakerRule(
        "before.owner",
        "Rektorin Anna Moll schloss mit einem Satz von Karl Brandt: „Wir bauen im Mai.“",
        "Q",
        _owner_of_words,
    ),
    SpeakerRule(
        "before.of-another",
        "Rektorin Anna Moll erinnerte an ein Wort des Verstorbenen: „Wir bauen im Mai.“",
        "des|der|vom @CAPITAL : Q",
        _of_another,
    ),
    SpeakerRule(
        "before.nearest",
        "„Ja, gern“, sagt Rektorin Anna Moll, und Förster Karl Brandt ergänzt: „Wir bauen im Mai.“",
        "Q",
        _nearest,
    ),
    SpeakerRule(
        "before.reported",
        "Rektorin Anna Moll kam. Die Stadt müsse sparen: „Wir bauen erst im Mai.“",
        "Q",
        _reported,
    ),
    SpeakerRule(
        "before.both",
        "Rektorin Anna Moll und Förster Karl Brandt betonten: „Wir bauen im Mai.“",
        "Q",
        _both,
    ),
    SpeakerRule("before.subject", "Rektorin Anna Moll betont: „Wir bauen im Mai.“", "Q", _subject),
    SpeakerRule(
        "before.that-man",
        "Förster Karl Brandt kam. Der hat schon Pläne: „Wir bauen im Mai.“",
        "Q",
        _that_man,
    ),
    SpeakerRule(
        "before.source",
        "Die Stadt ist aus Sicht von Rektorin Anna Moll gefordert: „Das Dach ist undicht.“",
        "Q",
        _source,
    ),
    SpeakerRule("before.body", "Die Feuerwehr warnt: „Das Eis ist noch zu dünn.“", "Q", _body),
    SpeakerRule(
        "before.oblique", "Lob kam auch von Anna Moll: „Das Bad ist schön geworden.“", "Q", _oblique
    ),
    SpeakerRule(
        "before.goes-on-reporting",
        "Es gehe voran: „Wir bauen im Mai.“",
        "Q",
        _goes_on_reporting,
    ),
    SpeakerRule(
        "before.only-speaker",
        "„Wir sind so weit“, sagt Rektorin Anna Moll. Der Termin steht fest: „Wir bauen im Mai.“",
        "Q",
        _only_speaker,
    ),
    SpeakerRule(
        "before.goes-on",
        "Rektorin Anna Moll und Kinder kamen. Und weiter: „Wir bauen im Mai.“",
        "Q",
        _goes_on,
    ),
)
"""The construction `before`."""
