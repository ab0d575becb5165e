"""Whom a text is speaking of: the person that a sentence without a name goes on about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.quotes import lexicon
from scraper.quotes.context import names_words_all
from scraper.quotes.features import NAMELIKE
from scraper.quotes.people import Mention
from scraper.quotes.resolve import first_subject
from scraper.quotes.tokens import BREAK, CAPITAL, LOWER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.quotes.rules.scene import Scene


_SOURCES = frozenset(
    {"Angaben", "Worten", "Ansicht", "Meinung", "Aussage", "laut", "Laut", "Sicht", "Auskunft"}
)
# `Kritik kommt vom Bauernverband.`
_VOICES = frozenset({"Kritik", "Lob", "Zustimmung", "Widerspruch", "Unterstützung", "Beifall"})
_ASKING = frozenset({"Wer", "Ob", "Wem", "Welche", "Welcher", "Wann", "Wo", "Warum"})
SUBORDINATE = frozenset(
    {"Was", "Dass", "Ob", "Wie", "Wenn", "Als", "Weil", "Nachdem", "Während", "Obwohl", "Bevor"}
)


# Verbs that no other sign tells from an adjective: `Der kam`, not `Der alte`.
_VERBS = frozenset(
    "will weiß kann kam ging stand saß nahm trat blieb schwieg ließ wusste legte setzte stellte "
    "machte wollte musste konnte sollte holte".split()
)


_ACTS = frozenset({"will", "wollte", "stellt", "stellte", "setzt", "setzte", "feiert", "feierte"})
_REACH = 60  # tokens of a sentence before that are looked at
_OPENING = 3  # tokens into a sentence at which somebody is compared
_TALKS = frozenset({"sprach", "spricht", "redete", "antwortete"})
_PERSONAL = frozenset(
    "findet fand lacht lachte schmunzelt schmunzelte erzählt erzählte schwärmt schwärmte meint "
    "meinte weiß gesteht gestand verrät verriet scherzt scherzte".split()
)
_PLURALS = frozenset("sind waren fanden freuten staunten jubelten klatschten lachten".split())
_ADJECTIVES = ("ste", "alte", "tte", "erte", "chte", "lte", "nte", "gute", "rote", "weite")
# ends of nouns for people, and verbs that hardly anything else is the subject of
_PEOPLE = ("er", "erin", "ist", "istin", "ent", "ant", "eur", "mann", "frau", "ling", "bub", "dame")
_PERSONAL_ACTS = frozenset(
    "nickt nickte winkt winkte fürchtet fürchtete freut freute staunt staunte kam lief stand saß "
    "wartet wartete schaut schaute blickt blickte zuckt zuckte weint weinte klatscht klatschte "
    "bleibt blieb will wollte hat hatte hört hörte".split()
)
_DECLINED = ("e", "er", "es", "en", "em")  # `Grüne Woche`, `Alter Markt`
_VAGUE = frozenset({"pronoun", "organisation"})


def focus(scene: Scene) -> Mention | None:
    """The person spoken of just before: the subject of the nearest sentence with a person."""
    tokens, start = scene.tokens, scene.here.first
    if _voices_before(scene) or stranger_before(scene) or unknown_name_before(scene):
        return None
    if start > 0 and tokens.kinds[start - 1] != BREAK:
        told = _told_before(scene, tokens.sentence(start - 1)[0])
        if told:
            return told
    sentence = tokens.sentences[start]
    aside: Mention | None = None
    for group in _groups(scene, sentence):
        subject = _subject(scene, group)
        if subject is not None and _is_reported(scene, subject):
            continue
        if subject is None:
            aside = aside or group[0]
        elif not (subject.kind == "pronoun" and _is_open_pronoun(scene, subject)):
            divided = scene.resolver.is_pair(subject, group)
            divided = divided or (not subject.spoke and _is_open(scene, group))
            return None if divided else subject
    # Nobody was ever the subject: the one who was named at all.
    return aside


def _groups(scene: Scene, sentence: int) -> Iterator[list[Mention]]:
    """Who is named in each sentence before, the nearest one first."""
    sentences = scene.tokens.sentences
    group: list[Mention] = []
    for mention in reversed(scene.resolver.before_mentions(scene.here.first)):
        if group and sentences[mention.first] != sentences[group[0].first]:
            yield _asked(scene, group[::-1])
            group = []
        if _can_be_focus(scene, mention, sentence):
            group.append(mention)
    if group:
        yield _asked(scene, group[::-1])


def _subject(scene: Scene, group: list[Mention]) -> Mention | None:
    """Who of a sentence it goes on about: who spoke, the subject, or who is given as the source."""
    if handed := _given_the_word(scene, group[-1]):
        return handed
    if len(group) > 1 and is_compared(scene, group[0]):
        group = group[1:]
    words = scene.tokens.words
    speaks = next((m for m in group if words[m.first - 1] in _TALKS and not m.oblique), None)
    if speaks:
        return speaks
    spoken = next((m for m in group if m.spoke), None)
    source = next((m for m in group if is_source(scene, m)), None)
    return spoken or source or first_subject(group, strict=True)


def is_compared(scene: Scene, first: Mention) -> bool:
    """`Anders als Moll meint Lau: Q`, `Wie Moll sieht es auch Lau: Q`."""
    words = scene.tokens.words
    start = scene.tokens.sentence(first.first)[0]
    opening, tie = words[start], words[first.first - 1].lower()
    if tie not in {"als", "wie"} or first.first - start > _OPENING:
        return False
    also = "auch" in words[first.last : first.last + 4]
    return also or opening in {"Anders", "Ebenso", "Genauso"}


def _given_the_word(scene: Scene, last: Mention) -> Mention | None:
    """`Lau übergab das Wort an Moll.`, `Beifall bekam sie von Moll.`: he goes on."""
    words = scene.tokens.words
    voice = words[scene.tokens.sentence(last.first)[0]] in _VOICES
    if voice and words[last.first - 1] == "von" and last.kind != "pronoun":
        return last
    return last if last.oblique and words[last.first - 2 : last.first] == ["Wort", "an"] else None


def _is_reported(scene: Scene, subject: Mention) -> bool:
    """`Moll lobte ihn: Q Drei Nächte habe er gebraucht.`: Moll, who says so, goes on."""
    words = scene.tokens.words
    if subject.kind != "pronoun" or subject.spoke:
        return False
    told = {words[subject.first - 1], words[subject.last]} & lexicon.REPORT_VERBS
    before = scene.resolver.before_mentions(subject.first)
    return bool(told) and any(mention.spoke for mention in before)


def _is_open_pronoun(scene: Scene, pronoun: Mention) -> bool:
    resolver = scene.resolver
    return resolver.who(pronoun) is None and resolver.pronoun_target(pronoun) is None


def _asked(scene: Scene, group: list[Mention]) -> list[Mention]:
    """`Wer der Käufer ist, wollte Moll nicht sagen.`: only those who are known by name."""
    tokens = scene.tokens
    if tokens.words[tokens.sentence(group[0].first)[0]] in _ASKING:
        return [m for m in group if scene.resolver.who(m) is not None] or group
    return group


def _can_be_focus(scene: Scene, mention: Mention, sentence: int) -> bool:
    """Whether it spoke, or has a name; somebody without one only in the sentence before."""
    if mention.spoke:
        return True
    if mention.kind == "organisation" or scene.resolver.is_predicate(mention):
        return False
    if mention.kind == "office" and scene.resolver.who(mention) is None:
        # `Eine Frau blieb stehen.` opens its sentence; `…, dass ein Nachbar kam` tells of one.
        first = scene.tokens.sentence(mention.first)[0]
        opens = mention.first - first < 3 or (
            # `Ersteigert hat es ein Student.`
            mention.first - first < 6 and "," not in scene.tokens.words[first : mention.first]
        )
        near = sentence - scene.tokens.sentences[mention.first] <= 1
        return near and not mention.oblique and (mention.definite or opens)
    return True


def _is_open(scene: Scene, group: list[Mention]) -> bool:
    """`Was sie dort fand, verblüffte auch Denkmalpfleger Lau.`: either of them may go on."""
    first, _ = scene.tokens.sentence(group[0].first)
    if scene.tokens.words[first] not in SUBORDINATE:
        return False
    return len({scene.resolver.who(m) for m in group if not m.oblique}) > 1


def _told_before(scene: Scene, first: int) -> Mention | None:
    """Whom the sentence before points back to: `Der hat …`, `Ihr Geheimnis?`."""
    word = scene.tokens.words[first]
    noun = first + 1 + (scene.tokens.kinds[first + 1] == LOWER)  # `Ihre letzten Worte`
    saying = noun > first + 1 and names_words_all(scene.tokens.words[noun])
    if word in {"Sein", "Seine", "Ihr", "Ihre"} and (
        scene.tokens.kinds[first + 1] == CAPITAL or saying
    ):
        near = scene.register.between(first, scene.tokens.sentence(first)[1])
        if not [m for m in near if m.kind in {"name", "surname"} or m.first <= first + 1]:
            return scene.resolver.of_gender("m" if word[0] == "S" else "f", first)
    return demonstrative(scene, first)


def is_source(scene: Scene, mention: Mention) -> bool:
    """`nach Angaben von Doktorandin Moll`: no subject, but whoever says it."""
    words = scene.tokens.words
    if words[mention.last] == "zufolge":
        return True
    for at in range(mention.first - 1, max(0, mention.first - 4) - 1, -1):
        if words[at] in _SOURCES or scene.tokens.kinds[at] == CAPITAL:
            return words[at] in _SOURCES
    return False


def _voices_before(scene: Scene) -> bool:
    """Whether the sentence before speaks of many: `Auch die Kinder sind froh`."""
    tokens = scene.tokens
    number = tokens.sentences[scene.here.first] - 1
    if number < 0 or (scene.here.first > 0 and tokens.kinds[scene.here.first - 1] == BREAK):
        return False
    first, last = tokens.sentence_starts[number], scene.here.first
    if scene.register.between(first, last):
        return False
    if tokens.words[first] in {"Die", "Diese"} and tokens.words[first + 1] in _PLURALS:
        # `Moll begrüßte die Eltern. Die waren begeistert.`
        first = tokens.sentence_starts[max(number - 1, 0)]
        named = tokens.words[first : tokens.sentence_starts[number]]
        return any(word[:1].isupper() and word.lower() in lexicon.GROUPS for word in named)
    return any(
        tokens.words[i].lower() in lexicon.GROUPS and tokens.kinds[i] == CAPITAL
        for i in range(first, min(last, first + 5))
    )


def stranger_before(scene: Scene) -> bool:
    """Whether somebody no list knows acts in the sentence before: `Der Gubiner dankte`."""
    tokens = scene.tokens
    if scene.here.first == 0 or tokens.kinds[scene.here.first - 1] == BREAK:
        return False
    first = tokens.sentence(scene.here.first - 1)[0]
    if tokens.words[first] not in {"Der", "Die", "Ein", "Eine"}:
        return False
    noun = first + 1 + (tokens.kinds[first + 1] == LOWER)
    word, verb = tokens.words[noun : noun + 2]
    acts = verb in lexicon.SPEECH_VERBS or verb in _PERSONAL_ACTS
    return (
        tokens.kinds[noun] == CAPITAL
        and word.endswith(_PEOPLE)
        and acts
        and not lexicon.organisation_kind(word)
        and not lexicon.is_thing(word)
        and not scene.register.between(first, noun + 1)
    )


def unknown_name_before(scene: Scene) -> bool:
    """`Es siegte Xyro Brandt. Q, sagte er.`: two capitals of the sentence before may be a name."""
    tokens = scene.tokens
    if scene.here.first == 0 or tokens.kinds[scene.here.first - 1] == BREAK:
        return False
    first = max(tokens.sentence(scene.here.first - 1)[0], scene.here.first - _REACH)
    if any(m.kind != "organisation" for m in scene.register.between(first, scene.here.first)):
        return False
    bits, words = tokens.features, tokens.words
    return any(
        bits[i] & NAMELIKE
        and bits[i + 1] & NAMELIKE
        and not words[i].endswith(_DECLINED)
        and not lexicon.is_function_word(words[i].lower())
        for i in range(first + 1, scene.here.first - 1)
    )


def is_unsure(scene: Scene, pronoun: Mention) -> bool:
    """`Moll kam. Es siegte Xyro Brandt. Q, sagte er.`: whether somebody unknown may be meant."""
    if pronoun.kind != "pronoun":
        return False
    if stranger_before(scene):
        return True
    target = scene.resolver.pronoun_target(pronoun) if unknown_name_before(scene) else None
    sentences = scene.tokens.sentences
    return target is not None and sentences[scene.here.first] - sentences[target.first] > 1


def body_meant(scene: Scene, pronoun: Mention) -> Mention | None:
    """`Der Betriebsrat reagierte kühl. Q, teilte er mit.`: the pronoun is that body."""
    if scene.here.first == 0:
        return None
    verb = scene.tokens.words[pronoun.first - 1]
    nobody_else = scene.resolver.pronoun_target(pronoun) is None
    if verb in _PERSONAL and not nobody_else:
        return None
    body = reporting_body(scene, acts=nobody_else)
    article = {"m": "der", "f": "die"}.get(pronoun.gender or "")
    if body is None:
        return None
    before = scene.tokens.words[max(0, body.first - 3) : body.first]
    while before and before[-1].lower() not in lexicon.DETERMINERS:
        if not before.pop().endswith(("er", "e")):  # `Der Aargauer Regierungsrat`
            return None
    return body if before and before[-1].lower() == article else None


def body_before(scene: Scene) -> Mention | None:
    """The body of `Kritik kommt von der Reederei. Q, heißt es dort.`."""
    first = scene.tokens.sentence(max(scene.here.first - 1, 0))[0]
    bodies = [
        m for m in scene.register.between(first, scene.here.first) if m.kind == "organisation"
    ]
    return bodies[-1] if bodies else None


def reporting_body(scene: Scene, *, acts: bool = False) -> Mention | None:
    """The body that the sentence before has for its subject, with no person beside it.

    `acts`: whatever it does there; else it has to say something.
    """
    sentence = scene.tokens.sentences[scene.here.token]
    if scene.tokens.kinds[scene.here.first - 1] == BREAK:
        return None
    near = [
        m
        for m in scene.resolver.before_mentions(scene.here.first)[-4:]
        if sentence - scene.tokens.sentences[m.first] == 1
    ]
    bodies = [m for m in near if m.kind == "organisation"]
    if len(bodies) < len(near) or not bodies or bodies[0].paper:
        return None
    first, last = scene.tokens.sentence(bodies[0].first)
    if _VOICES & set(scene.tokens.words[first:last]):
        return bodies[0]
    if not acts and not (lexicon.SPEECH_VERBS - _ACTS) & set(scene.tokens.words[first:last]):
        return None  # `Der Rat stimmt im Mai ab.` says nothing
    if bodies[0].oblique:
        return None
    return bodies[0]


def demonstrative(scene: Scene, first: int) -> Mention | None:
    """`Der hat eine Liebeserklärung versprochen`: the man last spoken of."""
    word = scene.tokens.words[first]
    if word not in {"Der", "Die"} or scene.tokens.kinds[first + 1] != LOWER:
        return None
    verb = scene.tokens.words[first + 1]
    says = verb.endswith("t") or verb in lexicon.SPEECH_VERBS or verb in _VERBS
    behind = scene.tokens.words[first + 2]
    particle = lexicon.is_function_word(behind) and behind not in {"und", "oder"}
    particle = particle or behind in {"ab", "weg", "los", "fort"}
    object_behind = behind in lexicon.DETERMINERS or behind in {"sich", "es", "nicht", "ihm", "ihr"}
    says = says or (object_behind and verb.endswith("te"))
    says = says or (particle and verb.endswith("te") and not verb.endswith(_ADJECTIVES))
    if not says or scene.tokens.kinds[first + 2] == CAPITAL:
        return None
    if first > 0:
        gender = "m" if word == "Der" else "f"
        start = scene.tokens.sentence(first - 1)[0]
        near = [m for m in scene.register.between(start, first) if m.kind not in _VAGUE]
        near = [m for m in near if scene.resolver.gender(m) == gender]
        if near:
            return near[-1]  # `Moll dankte Lutz. Der …`: the one named last
    return scene.resolver.of_gender("m" if word == "Der" else "f", first)
