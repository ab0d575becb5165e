"""Rules for a quoted string behind a colon: speech if somebody leads in, not a title."""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.context import is_inscription, names_words, quotes_a_paper
from scraper.quotes.people import Mention
from scraper.quotes.rules.rule import SpeechRule, Table
from scraper.quotes.rules.scene import Scene
from scraper.quotes.tokens import BREAK, CAPITAL, QUOTE

_WRITTEN = frozenset({"lesen", "steht", "stehen", "prangt", "stand"})
_PLACES = frozenset({"Auf", "Über", "An", "Am", "In", "Im", "Darauf", "Dort", "Darunter", "Daran"})
_PUTS_UP = frozenset(
    "aufstellen aufgestellt aufhängen aufgehängt anbringen angebracht hängen hängt trägt tragen "
    "trugen drucken gedruckt malen gemalt kleben geklebt".split()
)
_ASKS_ITSELF = (["fragen", "sich"], ["fragt", "sich"])


def _lead(scene: Scene) -> list[str]:
    return scene.lead[:-1]


def _somebody(scene: Scene) -> list[Mention]:
    colon = scene.here.token - 1
    return [m for m in scene.register.between(scene.here.first, colon) if not m.paper]


def _is_tagged_behind(scene: Scene) -> bool:
    """`Zum Schluss: Q, sagt Moll`: the tag behind goes before the lead-in."""
    after = scene.here.token + 1
    word = scene.tokens.words[after + 1]
    return (word in lexicon.SPEECH_VERBS or word == "so") and scene.soon(after + 2)


def _is_paper(scene: Scene) -> bool:
    return quotes_a_paper(_lead(scene))


def _is_sign(scene: Scene) -> bool:
    return _is_paper(scene) and any(is_inscription(w) for w in _lead(scene) if w[:1].isupper())


def _is_put_up(scene: Scene) -> bool:
    """`Moll hat Schilder aufstellen lassen: Q`: what is written on them."""
    lead = _lead(scene)
    nouns = [w.removesuffix("er").removesuffix("n") for w in lead if w[:1].isupper()]
    signs = any(is_inscription(w) or is_inscription(w.removesuffix("e")) for w in nouns)
    return signs and not _says(scene) and bool(_PUTS_UP & set(lead))


def _is_naming(scene: Scene) -> bool:
    """`Das Stück heißt:`, unless a noun such as `Antwort` announces words."""
    lead = _lead(scene)
    announced = any(w[:1].isupper() and names_words(w) for w in lead[:4])
    return not announced and any(w in lexicon.NAMING_VERBS for w in lead[-6:])


def _ends_with_person(scene: Scene) -> bool:
    """`Jana Moll, Leiterin des Museums:`, whatever the last word is."""
    somebody = _somebody(scene)
    return (
        bool(somebody) and somebody[-1].kind == "name" and somebody[-1].last >= scene.here.token - 1
    )


def _announces(scene: Scene) -> bool:
    """`Seine Antwort:`, `fiel immer wieder derselbe Satz:`."""
    tokens, first, colon = scene.tokens, scene.here.first, scene.here.token - 1
    if any(
        tokens.kinds[i] == CAPITAL and tokens.words[i].lower() in lexicon.SPEECH_NOUNS
        for i in range(max(first, colon - 5), colon)
    ):
        return True
    return tokens.words[first].lower() in {"sein", "seine", "ihr", "ihre"} and any(
        tokens.kinds[i] == CAPITAL
        and (names_words(tokens.words[i]) or (scene.here.complete and _is_creed(tokens.words[i])))
        for i in range(first + 1, min(first + 4, colon))
    )


def _is_creed(word: str) -> bool:
    """`Ihr Wahlspruch:`, which is no title."""
    return word.lower() in lexicon.SAYINGS and word != "Geschichte"


def _is_title(scene: Scene) -> bool:
    """A noun such as `Titel` before the colon."""
    lead, here = _lead(scene), scene.here
    somebody = _somebody(scene)
    naming = bool(lead) and lead[-1][:1].isupper() and lexicon.is_naming_noun(lead[-1])
    if naming and here.complete and not lexicon.is_title_noun(lead[-1]):
        # `Moll freut sich über den Preis:`
        subjects = [m for m in somebody if not m.oblique]
        naming = not any(m.kind != "organisation" or here.words > 7 for m in subjects)
    near = any(w[:1].isupper() and lexicon.is_naming_noun(w) for w in lead[-4:])
    # `Das Motto steht auch schon fest:`
    near = near or (lead[:1] in (["Das"], ["Der"], ["Unser"]) and lexicon.is_title_noun(lead[1]))
    return naming or (near and not somebody and not (here.complete and _says(scene)))


def _is_question(scene: Scene) -> bool:
    return _lead(scene)[-2:] in _ASKS_ITSELF


def _is_written_there(scene: Scene) -> bool:
    lead = _lead(scene)
    if {"blieb", "bleibt"} & set(lead):
        return False  # `An der Tafel blieb er stehen: Q`
    return bool(_WRITTEN & set(lead)) and "".join(lead[:1]) in _PLACES


def _says(scene: Scene) -> bool:
    return any(w in lexicon.SPEECH_VERBS and w not in lexicon.NAMING_VERBS for w in _lead(scene))


def _is_led_in(scene: Scene) -> bool:
    """Somebody is named; `Neujahrsempfang der Stadt: Q` is a headline by nobody who is named."""
    somebody, here = _somebody(scene), scene.here
    if not somebody or (here.words < 4 and not (here.complete or _says(scene))):
        return False
    headline = scene.tokens.kinds[here.token + 1] == BREAK and not here.complete
    return not headline or any(m.kind in {"name", "surname", "office"} for m in somebody)


def _is_said(scene: Scene) -> bool:
    return scene.here.words > 3 and not _somebody(scene) and _says(scene)


def _is_sentence(scene: Scene) -> bool:
    """A whole sentence that is not the first of a row: `Es gab: Q, Q und Q`."""
    here, tokens = scene.here, scene.tokens
    row = (
        tokens.words[here.token + 1] in {",", "und"}
        and QUOTE in tokens.kinds[here.token + 1 : here.token + 4]
    )
    return here.words > 3 and not _somebody(scene) and here.complete and not row


COLON: Table[SpeechRule] = Table(
    SpeechRule(
        "colon.tag-behind",
        "Das Ergebnis: „Wir bauen das Bad“, sagt Rektorin Anna Moll.",
        ": Q ,",
        "after",
        _is_tagged_behind,
    ),
    SpeechRule(
        "colon.sign", "Auf dem Schild heißt es: „Betreten verboten.“", ": Q", None, _is_sign
    ),
    SpeechRule(
        "colon.paper", "In der Vorlage heißt es: „Das Bad wird gebaut.“", ": Q", "before", _is_paper
    ),
    SpeechRule("colon.name", "Das neue Stück heißt: „Das Boot am Fluss“", ": Q", None, _is_naming),
    SpeechRule(
        "colon.person",
        "Anna Moll, Leiterin des Bads: „Wir bauen im Mai.“",
        ": Q",
        "before",
        _ends_with_person,
    ),
    SpeechRule(
        "colon.announced",
        "Rektorin Anna Moll kam. Ihre Antwort: „Wir bauen im Mai.“",
        ": Q",
        "before",
        _announces,
    ),
    SpeechRule(
        "colon.title", "Das ist sein neues Buch: „Das Boot am Fluss“", ": Q", None, _is_title
    ),
    SpeechRule(
        "colon.question", "Viele fragen sich: „Was kostet das neue Bad?“", ": Q", None, _is_question
    ),
    SpeechRule(
        "colon.inscription",
        "Am Zaun steht: „Hier baut die Stadt ein Bad.“",
        ": Q",
        None,
        _is_written_there,
    ),
    SpeechRule(
        "colon.put-up",
        "Rektorin Anna Moll hat Schilder aufgestellt: „Betreten der Eisfläche verboten!“",
        ": Q",
        None,
        _is_put_up,
    ),
    SpeechRule(
        "colon.somebody",
        "Rektorin Anna Moll ist zufrieden: „Wir bauen im Mai.“",
        ": Q",
        "before",
        _is_led_in,
    ),
    SpeechRule(
        "colon.said", "Laut gerufen wurde und gesagt: „Wir bauen im Mai“", ": Q", "before", _is_said
    ),
    SpeechRule(
        "colon.sentence",
        "Und alle wussten es schon: „Wir bauen im Mai.“",
        ": Q",
        "before",
        _is_sentence,
    ),
    SpeechRule("colon.list", "Es gab drei davon: „Bad am Fluss“", ": Q", None),
)
"""`Q` stands right behind a colon."""
