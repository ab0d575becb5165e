"""Whose words are quoted when it is not the subject of the sentence that says them.

Papers and those behind them (`heißt es in der Begründung der Jury`), bodies that own an answer
(`Die Antwort der Stadt:`), and people who are cited by others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.quotes import lexicon
from scraper.quotes.people import Mention
from scraper.quotes.resolve import first_subject

if TYPE_CHECKING:
    from scraper.quotes.rules.scene import Scene


_APART = 2  # tokens between a paper and the body it is of
_NEAR = 4  # sentences, and breaks between paragraphs, that a possessive points back
_GENITIVES = frozenset({"seines", "ihres", "seiner", "ihrer", "des", "der", "eines", "einer"})

# Papers that speak for themselves, whoever has written them.
_MOTIONS = ("antrag", "vorlage", "resolution", "gutachten", "urteil", "satzung", "beschluss")


def jury_of(scene: Scene, found: Mention | None, token: int) -> Mention | None:
    """`Die Jury war sich einig. Q, heißt es in der Begründung`: the jury's words."""
    if found is None or not (found.paper and (found.label or "").endswith("egründung")):
        return found
    near = scene.resolver.before_mentions(token)[-6:]
    juries = [m for m in near if (m.label or "").lower().endswith("jury")]
    return juries[-1] if juries else found


def owner_of_paper(scene: Scene, paper: Mention | None) -> Mention | None:
    """`In seiner Erklärung heißt es`: the man or woman last spoken of, unless that is a body."""
    words, tokens = scene.tokens.words, scene.tokens
    if paper is None or not paper.paper:
        return None
    own = words[paper.first - 1].lower()
    if words[paper.last] == "von":
        behind = scene.register.between(paper.last + 1, paper.last + 2)
        return behind[0] if behind and behind[0].kind in {"name", "surname"} else None
    if own in {"dessen", "deren"}:
        return _just_told_of(scene, paper, own)
    if own not in {"seiner", "seinem", "ihrer", "ihrem"}:
        return None
    first = tokens.sentence(paper.first)[0]
    before = scene.resolver.before_mentions(first)[-4:]
    if any(m.kind == "organisation" and not (m.oblique or m.paper) for m in before):
        return None
    near = scene.resolver.of_gender("m" if own.startswith("sein") else "f", first)
    far = near is None or tokens.sentences[first] - tokens.sentences[near.first] > _NEAR
    return None if far else near


def _just_told_of(scene: Scene, paper: Mention, own: str) -> Mention | None:
    """`Auch der Elternrat meldet sich. Q, heißt es in dessen Stellungnahme`: that body, or man."""
    first = scene.tokens.sentence(paper.first)[0]
    begin = scene.tokens.sentence(max(first - 1, 0))[0]
    articles = {"dessen": {"der", "das", "dem", "den"}, "deren": {"die", "der"}}[own]
    gender = "m" if own == "dessen" else "f"
    fitting = [
        m
        for m in scene.register.between(begin, first)
        if not m.paper
        and (
            scene.tokens.words[m.first - 1].lower() in articles
            if m.kind == "organisation"
            else scene.resolver.gender(m) == gender
        )
    ]
    return fitting[-1] if fitting else None


def earlier_paper(scene: Scene, token: int, reach: int = 1) -> Mention | None:
    """`Der Brief ist da. Darin heißt es:`: the paper of this sentence or one of those before.

    `reach`: how many of them.
    """
    sentences = scene.tokens.sentences
    papers = [
        m
        for m in scene.resolver.before_mentions(token)[-6:]
        if m.paper and sentences[token] - sentences[m.first] <= reach
    ]
    return papers[-1] if papers else None


def owner(scene: Scene, bodies: list[Mention]) -> Mention | None:
    """`Die Antwort der Stadt:`: whose word it is."""
    for body in bodies:
        before = scene.tokens.words[max(0, body.first - 3) : body.first]
        if any(word[:1].isupper() and word.lower() in lexicon.SPEECH_NOUNS for word in before):
            return body
    return None


def cited(scene: Scene, mentions: list[Mention], first: int) -> Mention | None:
    """`Moll zitierte ihren Großvater: „Q“`: the words of another, or of nobody known."""
    words = scene.tokens.words
    verb = next((i for i in range(first, first + 60) if words[i] in lexicon.CITING), first)
    if words[verb - 1] in {"wird", "wurde"} or {"wird", "wurde"} & set(words[first:verb]):
        return first_subject(mentions)
    behind = [m for m in mentions if m.first > verb]
    ahead = any(m.first < verb and not m.oblique for m in mentions)
    cited = behind if ahead else behind[1:]
    return cited[0] if cited else None


def owner_of_words(scene: Scene, mentions: list[Mention], colon: int) -> Mention | None:
    """`Sie schloss mit einem Satz von Jan Moll: „Q“`: whose words they are."""
    tokens = scene.tokens
    for mention in mentions:
        if mention.last != colon or not mention.oblique:
            continue
        tie = tokens.words[mention.first - 1] == "von"
        noun = mention.first - 1 - tie
        genitive = tokens.words[mention.first] in _GENITIVES
        if tokens.words[noun] in lexicon.WORDS_OF and (tie or genitive):
            return mention
    return None


def institution(mentions: list[Mention]) -> Mention | None:
    """Who stands behind `heißt es in …`.

    A motion speaks itself (`Vorlage der Verwaltung`), else a body goes before its paper
    (`Begründung der Jury`).
    """
    for mention in mentions:
        if mention.paper and (mention.label or "").lower().endswith(_MOTIONS):
            return mention
    paper = mentions[0] if mentions and mentions[0].paper else None
    for mention in mentions:
        if mention.kind == "organisation" and not mention.paper:
            # `heißt es in einem Brief, den sie an die Stadt schrieb`
            far = paper and mention.oblique and mention.first - paper.last > _APART
            notice = paper and (paper.label or "").lower().endswith("mitteilung")
            far = far or (notice and mention.possessor)  # `in der Mitteilung des Kantons`
            return paper if far else mention
    return mentions[0] if mentions else None
