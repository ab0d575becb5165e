"""Rules for a quoted string in the middle of a sentence: a name, or a part of reported speech."""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.context import is_inscription
from scraper.quotes.rules.rule import SpeechRule, Table
from scraper.quotes.rules.scene import Scene
from scraper.quotes.tokens import CAPITAL, LOWER, QUOTE

_ASKED = frozenset({"stellt", "stellte", "stellten", "gestellt", "warf", "wirft", "aufgeworfen"})
_OWNERS = frozenset({"sein", "ihr", "seinem", "ihrem", "seinen", "ihren"})
_NAMED = frozenset({"heißt", "heisst", "lautet", "Aufschrift", "Slogan", "Motto", "Titel"})
_SPEAKS = frozenset({"spricht", "sprach", "sprechen", "sprachen", "gesprochen"})
_SPELLS = frozenset({"ergeben", "ergibt", "ergab", "bilden", "bildet", "liest", "entziffert"})
_ANSWERS = frozenset(
    "antwortet antwortete quittiert quittierte kommentiert kommentierte kontert konterte entgegnet "
    "entgegnete beendet beendete".split()
)
_GREETS = frozenset(
    "begrüßt begrüßte begrüsste verabschiedet verabschiedete bedankt bedankte grüßt grüßte".split()
)
_EVENTS = frozenset("Tag Tage Woche Wochen Jahr Nacht Nächte Fest Abend Haus Projekt".split())
_UTTERS = frozenset(
    "sagt sagte sagten ruft rief riefen schrie schreit flüstert flüsterte raunt raunte murmelt "
    "murmelte stammelt stammelte jubelt jubelte".split()
)
_PASSIVE = frozenset({"wird", "wurde", "werden"})


def _before(scene: Scene) -> list[str]:
    """Up to three words of the sentence before the quotation."""
    return scene.lead[-3:]


def _previous(scene: Scene) -> str:
    return "".join(scene.lead[-1:])


def _is_called(scene: Scene) -> bool:
    return any(word.lower() in lexicon.NAMING_PHRASES for word in _before(scene))


def _is_short(scene: Scene) -> bool:
    return scene.here.words < 4


def _is_phrase(scene: Scene) -> bool:
    return scene.here.words > 3


def _is_discussed(scene: Scene) -> bool:
    """`Die Frage Q diskutieren …`, unless somebody asks it."""
    asked = _ASKED & set(scene.sentence) or "mit" in map(str.lower, _before(scene))
    return not asked


def _is_worded(scene: Scene) -> bool:
    """`mit den Worten Q`, where somebody is there to say them."""
    owned = scene.tokens.words[scene.here.token - 2].lower() in _OWNERS
    speaker = any(not m.paper for m in scene.around())
    if _SPELLS & set(scene.lead):
        return False  # `zusammen ergeben sie den Satz Q`
    return _follows_words_of(scene) and (owned or speaker) and not _is_sign(scene)


def _is_sign(scene: Scene) -> bool:
    return any(is_inscription(w) for w in scene.sentence if w[:1].isupper())


def _is_answered(scene: Scene) -> bool:
    """`antwortete mit einem „Nein danke“`, `grüßte mit einem fröhlichen „Guten Morgen“`."""
    sentence = set(scene.sentence)
    described = scene.tokens.kinds[scene.here.token - 1] == LOWER and (
        _previous(scene) not in lexicon.DETERMINERS
    )
    return scene.here.words > 1 and bool(
        sentence & _ANSWERS
        or (scene.here.complete and sentence & {"schloss", "schließt", "endete"})
        or (described and sentence & _GREETS and not _follows_name(scene))
    )


def _has_subject(scene: Scene) -> bool:
    return any(not (m.oblique or m.paper) for m in scene.ahead())


def _is_aside(scene: Scene) -> bool:
    return _is_phrase(scene) and _has_subject(scene)


def _is_called_out(scene: Scene) -> bool:
    """`rief Q`, not `rief Q ins Leben`."""
    said = bool(_UTTERS & set(scene.lead[-8:])) and scene.here.words > 2
    function = lexicon.is_function_word(_previous(scene)) or _previous(scene) in _NAMED
    return said and not function and "Leben" not in scene.tag and _has_subject(scene)


def _is_asked_for(scene: Scene) -> bool:
    asks = {"bat", "bittet", "baten", "bitten", "warb", "wirbt", "warben", "werben"}
    return _is_short(scene) is False and bool(asks & set(scene.sentence)) and _has_subject(scene)


def _follows_words_of(scene: Scene) -> bool:
    return _previous(scene) in lexicon.WORDS_OF


def _is_tagged_behind(scene: Scene) -> bool:
    """A tag follows: `…, Q, so Moll`."""
    here = scene.here
    if _follows_name(scene) and not here.lower:
        return False  # `für ihr Stück Q, sagt Moll`
    return scene.soon(here.token + 3, min(here.last, here.token + 9))


def _is_framed(scene: Scene) -> bool:
    return any(word.lower() in lexicon.FRAGMENT_VERBS for word in scene.sentence)


def _follows_name(scene: Scene) -> bool:
    """Whether a noun stands before the quotation that takes a name."""
    noun = scene.tokens.kinds[scene.here.token - 1] == CAPITAL
    return noun and lexicon.is_naming_noun(_previous(scene))


def _is_lower_name(scene: Scene) -> bool:
    if not scene.here.lower:
        return False
    named = _follows_name(scene) and not _is_framed(scene) and not scene.ahead()
    return named or bool(_NAMED & set(_before(scene)))


def _is_lower(scene: Scene) -> bool:
    return scene.here.lower


def _is_reported(scene: Scene) -> bool:
    """`…, sie habe Q`: a clause in the subjunctive."""
    told = lexicon.REPORT_VERBS & set(scene.lead)
    clause = scene.here.words > 4 and scene.tokens.kinds[scene.here.token - 1] == LOWER
    return bool(told) and clause and _previous(scene) not in lexicon.DETERMINERS


def _is_told_so(scene: Scene) -> bool:
    """`Man dürfe, so Moll, Q`: a tag between two commas stands right before."""
    lead = scene.lead
    so = next((i for i in range(len(lead) - 2, 0, -1) if lead[i - 1 : i + 1] == [",", "so"]), 0)
    told = scene.here.first + so
    near = scene.register.between(told + 1, told + 4)
    return so > 0 and scene.here.words > 3 and any(not m.paper for m in near)


def _is_unframed(scene: Scene) -> bool:
    return not _is_framed(scene)


def _is_said_before(scene: Scene) -> bool:
    """`Sie sagte, Q`; a list of titles has a quoted string before its comma."""
    here, tokens = scene.here, scene.tokens
    if tokens.kinds[here.token - 2] == QUOTE or not scene.ahead():
        return False
    return any(word in lexicon.SPEECH_VERBS for word in scene.lead[-8:])


def _is_nobodys(scene: Scene) -> bool:
    return not scene.around()


def _is_spoken_of(scene: Scene) -> bool:
    before = [word.lower() for word in _before(scene)]
    return bool(_SPEAKS & set(scene.sentence)) and "von" in before


def _is_judged_as(scene: Scene) -> bool:
    before = [word.lower() for word in _before(scene)]
    close = before[-1:] and (before[-1] == "als" or before[-1] in lexicon.DETERMINERS)
    return "als" in before and bool(close) and not _follows_name(scene)


def _is_named_so(scene: Scene) -> bool:
    """A verb of naming: `nannte es Q`."""
    calls = {"nennt", "nannte", "nannten", "nennen"} & set(scene.sentence)
    named = _follows_name(scene) and _previous(scene) != "als"
    people = [m for m in scene.around() if m.kind != "organisation" and not m.oblique]
    named = named or ("sich" in scene.sentence and not people)
    return bool(calls) and not named and not _PASSIVE & set(scene.sentence)


def _is_held_for(scene: Scene) -> bool:
    return bool({"hält", "hielt", "halten"} & set(scene.sentence))


def _is_promised(scene: Scene) -> bool:
    lower = scene.tokens.kinds[scene.here.token - 1] == LOWER
    if scene.tokens.quoted(scene.here.number).partition(" ")[0] in _EVENTS:
        return False  # `lobt die „Woche der Höfe“`
    return bool(lexicon.PROMISES & set(scene.sentence)) and lower


def _is_two_words(scene: Scene) -> bool:
    return scene.here.words > 1


INSIDE: Table[SpeechRule] = Table(
    SpeechRule(
        "inside.as-called",
        "Der „Flickenteppich alter Rohre“, wie Rektorin Anna Moll das Netz nannte, bleibt.",
        "Q , wie @PERSON … @CALLS",
        "fragment",
        _is_two_words,
    ),
    SpeechRule(
        "inside.brackets",
        "Zu früh kam der Umzug für Anna Moll („Wir hätten noch ein Jahr gebraucht“).",
        "@PERSON ( Q )",
        "bracket",
        _is_phrase,
    ),
    SpeechRule(
        "inside.aside",
        "Rektorin Anna Moll nahm es leicht („Es gibt Schlimmeres als das“) und ging weiter.",
        "@LOWER ( Q )",
        "fragment",
        _is_aside,
    ),
    SpeechRule(
        "inside.called-out",
        "Rektorin Anna Moll rief fröhlich „Danke für alles, ihr Lieben“ und ging.",
        "@LOWER Q",
        "fragment",
        _is_called_out,
    ),
    SpeechRule(
        "inside.asked-for",
        "Rektorin Anna Moll bat um „Geduld und noch einmal Geduld“.",
        "um Q",
        "fragment",
        _is_asked_for,
    ),
    SpeechRule(
        "inside.greeted-with",
        "Mit „Glück auf, ihr Leute von der Ruhr!“ begrüßte Rektorin Anna Moll die Gäste.",
        "^ Mit Q begrüßt|begrüßte|begrüsste|verabschiedet|verabschiedete",
        "fragment",
        _is_two_words,
    ),
    SpeechRule(
        "inside.answered-with",
        "Rektorin Anna Moll antwortete mit einem knappen „Zu teuer für uns alle“.",
        "mit|Mit einem|einer @LOWER? Q",
        "fragment",
        _is_answered,
    ),
    SpeechRule(
        "inside.called", "Das sogenannte „Boot am alten Fluss“ ist neu.", "Q", None, _is_called
    ),
    SpeechRule(
        "inside.called-behind",
        "Das „neue alte Tor zur Stadt“, wie es in den Plänen genannt wird, ist fertig.",
        "Q , wie",
        None,
        lambda scene: "genannt" in scene.tag[:16] and bool(_PASSIVE & set(scene.tag[:18])),
    ),
    SpeechRule("inside.short", "Rektorin Anna Moll sprach von „Mut“.", "Q", None, _is_short),
    SpeechRule(
        "inside.that",
        "Rektorin Anna Moll sprach davon, dass „Das Bad nun allen gehört“.",
        "davon|daran|dafür|darauf , dass|wie|was Q",
        "fragment",
    ),
    SpeechRule(
        "inside.topic",
        "Die Frage „Wem gehört denn das Bad“ diskutiert Anna Moll.",
        "Frage Q",
        None,
        _is_discussed,
    ),
    SpeechRule(
        "inside.words-of",
        "Rektorin Anna Moll schloss mit den Worten „Das Bad gehört nun allen“.",
        "Q",
        "fragment",
        _is_worded,
    ),
    SpeechRule(
        "inside.words-of-nobody",
        "Dort stand der Satz „Das Bad gehört nun allen“ an der Wand.",
        "Q",
        None,
        _follows_words_of,
    ),
    SpeechRule(
        "inside.tag-behind",
        "Im Mai werde „Das Bad nun allen gehören“, so Rektorin Anna Moll.",
        "Q , so|sagt|sagte|betont|betonte",
        "fragment",
        _is_tagged_behind,
    ),
    SpeechRule(
        "inside.lower-name",
        "Das neue Motto „gemeinsam für das alte Bad“ ist da.",
        "Q",
        None,
        _is_lower_name,
    ),
    SpeechRule(
        "inside.lower",
        "Rektorin Anna Moll findet das Bad „schöner als je zuvor“.",
        "Q",
        "fragment",
        _is_lower,
    ),
    SpeechRule(
        "inside.reported",
        "Man habe damals oft und gern „Das Bad und den alten Fluss vergessen“.",
        "Q",
        "fragment",
        lambda scene: _is_unframed(scene) and _is_reported(scene),
    ),
    SpeechRule(
        "inside.judged",
        "Der Beschluss wurde überall als „Signal an alle im Dorf“ gewertet.",
        "als Q gewertet|gelobt|gewürdigt|kritisiert|gefeiert|gepriesen|abgetan|verspottet",
        "fragment",
    ),
    SpeechRule(
        "inside.so-before",
        "Man dürfe, so Rektorin Anna Moll, „Geschichte nicht einfach abschrauben“.",
        ", Q",
        "fragment",
        _is_told_so,
    ),
    SpeechRule("inside.unframed", "Im Kino läuft „Das Boot am Fluss“.", "Q", None, _is_unframed),
    SpeechRule(
        "inside.said-before",
        "Rektorin Anna Moll sagte, „Das Bad gehört nun allen“.",
        ", Q",
        "fragment",
        _is_said_before,
    ),
    SpeechRule(
        "inside.nobody",
        "Es hieß und sagte nichts, das „Boot am alten Fluss“.",
        "Q",
        None,
        _is_nobodys,
    ),
    SpeechRule(
        "inside.spoken-of",
        "Rektorin Anna Moll sprach von einem „Tag für das ganze Dorf“.",
        "Q",
        "fragment",
        _is_spoken_of,
    ),
    SpeechRule(
        "inside.as",
        "Rektorin Anna Moll bezeichnete das Bad als „Tag für das ganze Dorf“.",
        "Q",
        "fragment",
        _is_judged_as,
    ),
    SpeechRule(
        "inside.named-so",
        "Rektorin Anna Moll nannte das Bad „Tag für das ganze Dorf“.",
        "Q",
        "fragment",
        _is_named_so,
    ),
    SpeechRule(
        "inside.held-for",
        "Rektorin Anna Moll hält das für „Unsinn und eine Zumutung“.",
        "für Q",
        "fragment",
        _is_held_for,
    ),
    SpeechRule(
        "inside.title-behind-verb",
        "Rektorin Anna Moll lobte das Projekt „Boot am alten Fluss“.",
        "Q",
        None,
        _follows_name,
    ),
    SpeechRule(
        "inside.promised",
        "Rektorin Anna Moll versprach „Ein Bad für das ganze Dorf“.",
        "Q",
        "fragment",
        _is_promised,
    ),
    SpeechRule(
        "inside.other", "Rektorin Anna Moll fand dort das „Boot am alten Fluss“.", "Q", None
    ),
)
