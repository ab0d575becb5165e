"""Rules for a quoted string that opens its sentence and has no speech tag behind it."""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.context import is_inscription, points_back
from scraper.quotes.rules.rule import SpeechRule, Table
from scraper.quotes.rules.scene import DASHES, Scene
from scraper.quotes.tokens import BREAK, QUOTE, ends_like_a_sentence

_SIGNATURE = 20  # tokens that a signature may be long


def _is_voice(scene: Scene) -> bool:
    """A whole sentence among others, or the first of a row of them."""
    here, tokens = scene.here, scene.tokens
    following = here.number + 1
    row = following < len(tokens.quote_tokens) and ends_like_a_sentence(tokens.quoted(following))
    return here.complete and (here.words > 2 or row)


def _is_told_of_many(scene: Scene) -> bool:
    """`Q, Q – die Meinungen gehen auseinander`: voices of nobody in particular."""
    dash = scene.here.token + 3
    words = scene.tokens.words[dash + 1 : dash + 4]
    many = any(word[:1].isupper() and word.lower() in lexicon.GROUPS for word in words)
    return many and scene.tokens.words[dash] in DASHES


def _is_phrase(scene: Scene) -> bool:
    return scene.here.words > 3


def _is_sentence(scene: Scene) -> bool:
    return scene.here.words > 3 and scene.here.complete


def _names_in_brackets(scene: Scene) -> bool:
    after = scene.here.token + 1
    near = scene.register.between(after, after + 3)
    return bool(near) and near[0].kind == "name" and scene.here.words > 3


def _is_pointed_at(scene: Scene) -> bool:
    """Whether what follows, a colon skipped, tells who has said it."""
    after = scene.here.token + 1
    start = after + (scene.tokens.words[after] == ":")
    return scene.here.words > 3 and points_back(scene.tokens.words[start : after + 12])


def _is_incomplete(scene: Scene) -> bool:
    return not scene.here.complete


def _is_signed(scene: Scene) -> bool:
    """A paragraph follows that is nothing but a person: `Jan Moll, Leiter des Bauhofs`."""
    tokens, first = scene.tokens, scene.here.token + 2
    if scene.here.words < 3 or tokens.kinds[scene.here.token - 1] != BREAK:
        return False
    end = first
    while end < first + _SIGNATURE and tokens.kinds[end] != BREAK:
        if tokens.kinds[end] == QUOTE:
            return False
        end += 1
    mentions = scene.register.between(first, end)
    if tokens.kinds[end] != BREAK or not mentions or mentions[0].kind != "name":
        return False
    return mentions[0].last >= end - 1 and mentions[0].first <= first + 6


def _is_inscribed(scene: Scene) -> bool:
    """Whether the sentence behind tells what it is written on: `So steht es am Schild`."""
    after = scene.here.token + 1
    return any(map(is_inscription, scene.tokens.words[after : after + 10]))


def _has_no_closing_mark(scene: Scene) -> bool:
    """Without a full stop it is rather a heading, unless its closing mark is missing."""
    unclosed = not scene.tokens.spans[scene.here.number].closed
    return _is_phrase(scene) and unclosed and scene.tokens.kinds[scene.here.token - 1] == BREAK


def _is_convinced(scene: Scene) -> bool:
    return _is_phrase(scene) and scene.soon(scene.here.token + 2)


OPENING: Table[SpeechRule] = Table(
    SpeechRule(
        "opening.voices",
        "Viele meldeten sich. „Das ist viel zu laut!“ „Weg damit!“",
        "^ Q ,? @QUOTE",
        "alone",
        _is_voice,
        decides=0,
    ),
    SpeechRule(
        "opening.voice-of-many",
        "„Ein Segen für alle“, „ein Fluch für uns“ – die Meinungen gehen auseinander.",
        "^ Q , @QUOTE @DASH",
        "alone",
        _is_told_of_many,
        decides=0,
    ),
    SpeechRule(
        "opening.titles",
        "Im Regal stehen viele. „Der Fluss“ „Das Boot“",
        "^ Q ,? @QUOTE",
        None,
        decides=0,
    ),
    SpeechRule(
        "opening.name-in-brackets",
        "„Das Bad wird im Mai gebaut“ (Anna Moll).",
        "^ Q (",
        "after",
        _names_in_brackets,
    ),
    SpeechRule("opening.brackets", "„Das Boot am Fluss“ (1981) läuft im Kino.", "^ Q (", None),
    SpeechRule(
        "opening.pointer",
        "„Wir bauen das Bad“: Mit diesen Worten eröffnete Rektorin Anna Moll das Fest.",
        "^ Q :",
        "alone",
        _is_pointed_at,
    ),
    SpeechRule(
        "opening.mood",
        "„Das Bad am Fluss wird ein Erfolg“: Rektorin Anna Moll gibt sich zuversichtlich.",
        "^ Q : @PERSON ist|sind|war|gibt|gab|zeigt|zeigte|bleibt … @MOOD @STOP",
        "after",
        _is_phrase,
    ),
    SpeechRule("opening.label", "„Das Boot am Fluss“: Das Stück läuft im Mai.", "^ Q :", None),
    SpeechRule(
        "opening.pointer-without-colon",
        "„Wir bauen das Bad“ Mit diesen Worten eröffnete Rektorin Anna Moll das Fest.",
        "^ Q @CAPITAL",
        "alone",
        lambda scene: _is_incomplete(scene) and _is_pointed_at(scene),
    ),
    SpeechRule(
        "opening.title-before-noun",
        "„Das Boot am Fluss“ Theater im Mai.",
        "^ Q @CAPITAL",
        None,
        _is_incomplete,
    ),
    SpeechRule(
        "opening.signed",
        "Der Bau beginnt.\n\n„Wir bauen das Bad.“\n\nJan Moll, Leiter des Bauhofs",
        "^ Q @BREAK",
        "signed",
        _is_signed,
    ),
    SpeechRule(
        "opening.written-behind",
        "„Wer hier parkt, wird abgeschleppt.“ So steht es auf den Schildern am Markt.",
        "^ Q So|Das|Dies steht|stand|prangt|prangte",
        None,
        _is_inscribed,
    ),
    SpeechRule(
        "opening.sentence",
        "Rektorin Anna Moll freut sich. „Wir bauen das Bad im Mai.“",
        "^ Q $",
        "alone",
        _is_sentence,
    ),
    SpeechRule(
        "opening.unclosed",
        "Rektorin Anna Moll freut sich.\n\n„Wir bauen das Bad im Mai\n\nDann war Schluss.",
        "^ Q $",
        "alone",
        _has_no_closing_mark,
    ),
    SpeechRule("opening.heading", "„Das Boot am Fluss“\n\nDer Film läuft.", "^ Q $", None),
    SpeechRule(
        "opening.stop-outside",
        "Rektorin Anna Moll freut sich. „Wir bauen das Bad im Mai“.",
        "^ Q @STOP",
        "alone",
        _is_phrase,
    ),
    SpeechRule("opening.short", "Rektorin Anna Moll kam. „Nein“.", "^ Q @STOP", None),
    SpeechRule(
        "opening.convinced",
        "„Das Bad am Fluss wird ein Erfolg“ ist Rektorin Anna Moll überzeugt.",
        "^ Q ist|sind|war|waren … überzeugt|sicher|gewiss|zuversichtlich @STOP",
        "after",
        _is_convinced,
    ),
    SpeechRule(
        "opening.reported",
        "„Nie an Aufgeben gedacht“ habe sie, sagt Rektorin Anna Moll.",
        "^ Q habe|sei|seien|werde|müsse|könne|wolle|hätten|solle … , @SAYS",
        "fragment",
        _is_phrase,
    ),
    SpeechRule("opening.subject", "„Das Boot am Fluss“ läuft im Kino.", "^ Q", None),
)
