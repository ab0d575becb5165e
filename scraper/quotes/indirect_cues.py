"""Words that can show indirect speech, and what they ask of their sentence.

`signals_of` tells for any word whether it can matter. The tokens have that among their features, so
that sentences without such a word cost next to nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from scraper.quotes import lexicon
from scraper.quotes.indirect_lexicon import read_sections, words
from scraper.quotes.indirect_mood import FIRST, OPEN, SECOND, mood

_SECTIONS = read_sections("indirect_cues.txt")


class Verb(NamedTuple):
    """A verb of speech in one of its forms."""

    particle: tuple[str, ...]
    """Words that must follow in the clause: `mit` for `teilt`."""
    frames: frozenset[str]
    """What may hold the content, by the letters of `data/indirect_cues.txt`."""
    personal: bool
    """True when the verb means something else of a thing: `erklärt`."""


def _verbs() -> dict[str, tuple[Verb, ...]]:
    verbs: dict[str, tuple[Verb, ...]] = {}
    for line in _SECTIONS["verbs"]:
        forms, _, flags = line.partition(":")
        listed, _, particle = forms.partition("+")
        frames = frozenset(flags.split())
        verb = Verb(tuple(particle.strip().split("_")) if particle else (), frames, "p" in frames)
        for form in listed.split():
            for spelling in {form, form.replace("ß", "ss")}:  # Swiss: `begrüsst`
                verbs[spelling] = (*verbs.get(spelling, ()), verb)
    # `darauf hin` before `hin`: the longest particle is looked for first.
    return {
        form: tuple(sorted(found, key=lambda verb: -len(verb.particle)))
        for form, found in verbs.items()
    }


VERBS = _verbs()
"""Form as printed → the verbs it can be."""
STATES = frozenset(words(_SECTIONS["states"]))
"""Adjectives that tell what somebody thinks: `überzeugt`."""
COPULAS = frozenset(words(_SECTIONS["copulas"]))
"""Verbs that tie a state to its subject."""
NOUNS = frozenset(words(_SECTIONS["nouns"]))
"""Nouns that take what somebody thinks as their content: `Ansicht`."""
SOURCES = frozenset(words(_SECTIONS["sources"]))
"""Nouns behind `nach` that name a source: `Angaben`."""
FINITE = frozenset(words(_SECTIONS["finite"]))
"""Common finite forms in the indicative."""
SUBORDINATE = frozenset(words(_SECTIONS["subordinate"]))
"""First words, in lower case, of clauses that nobody asserts."""
PRESENT = frozenset(words(_SECTIONS["present"]))
"""Times that a narration in the preterite does not use."""
STATIVE = frozenset(words(_SECTIONS["stative"]))
"""Plurals that a narration in the preterite seldom uses: `blieben`, `fehlten`."""
TOPICS = frozenset(words(_SECTIONS["topics"]))
"""Verbs that make somebody's words out of the sentence behind them: `Sie warb für …`."""
POINTERS = frozenset(words(_SECTIONS["pointers"]))
"""First words, in lower case, of a sentence that tells who has said the one before."""
POINTING = frozenset(words(_SECTIONS["pointing"]))
"""Verbs of such a sentence."""
_RULES = frozenset(words(_SECTIONS["rules"]))
_LONGEST_RULE = max(map(len, _RULES))

(
    MOOD_FIRST, MOOD_SECOND, MOOD_OPEN, VERB, STATE, NOUN, SOURCE, LAUT, ZUFOLGE, WIE, SO, FOR,
    HEISST, JUDGEMENT,
) = (1 << bit for bit in range(14))  # fmt: skip
"""What a word can show, as bits."""
SUBJUNCTIVE = MOOD_FIRST | MOOD_SECOND

JUDGEMENTS: dict[str, tuple[tuple[frozenset[str], ...], ...]] = {
    form: tuple(
        tuple(frozenset(one.split("|")) for one in needs.split()) for needs in choices.split(" / ")
    )
    for forms, choices in {
        "spricht sprach sprachen sprechen": "sich für|gegen aus",
        "positioniert positionierte positionieren": "sich für|gegen",
        "plädiert plädierte plädieren plädierten": "für",
        "hält hielt halten hielten": "wenig|viel|nichts / für",
        "bezeichnet bezeichnete bezeichneten": "als",
        "wertet wertete werteten": "als",
        "führt führte führten": "auf zurück",
        "schließt schloss schließen schlossen": "nicht aus",
    }.items()
    for form in forms.split()
}
"""Verbs of judgement, and words that must follow in their clause, one of each set in the order
of one of the choices."""

_WORDS = (
    dict.fromkeys(("laut", "Laut", "gemäss", "Gemäss", "lt"), LAUT)
    | dict.fromkeys(("zufolge",), ZUFOLGE)
    | dict.fromkeys(("wie", "Wie"), WIE)
    | dict.fromkeys(("so",), SO)
    | dict.fromkeys(("für", "Für"), FOR)
    | dict.fromkeys(("heißt", "hieß", "heisst", "hiess", "lautet", "lautete"), HEISST)
)
_MOODS = {FIRST: MOOD_FIRST, SECOND: MOOD_SECOND, OPEN: MOOD_OPEN}


def stated_by(word: str) -> str | None:
    """Whose statements a compound names: `Polizeiangaben` → `Polizei`."""
    stem = word.removesuffix("angaben")
    if stem == word or len(stem) < 3 or not word[:1].isupper():
        return None
    return stem.removesuffix("s") if len(stem) > 5 else stem


@lru_cache(maxsize=1 << 12)
def signals_of(word: str) -> int:
    """What a word as printed can show."""
    bits = _WORDS.get(word, 0)
    if word in VERBS:
        bits |= VERB
    if word in JUDGEMENTS:
        bits |= JUDGEMENT
    if word in STATES:
        bits |= STATE
    if word in NOUNS:
        bits |= NOUN
    if word in SOURCES or stated_by(word):
        bits |= SOURCE
    if word[:1].islower():
        bits |= _MOODS.get(mood(word), 0)
    return bits


@lru_cache(maxsize=1 << 12)
def lays_down(noun: str) -> bool:
    """Whether a noun lays something down rather than says it: `Hausordnung`, `Fahrplan`."""
    key = noun.lower()
    if any(key[-length:] in _RULES for length in range(3, min(len(key), _LONGEST_RULE) + 1)):
        return True
    return key.endswith("s") and key[:-1] in _RULES


_THINGS = frozenset(words(_SECTIONS["things"]))
_LONGEST_THING = max(map(len, _THINGS))


@lru_cache(maxsize=1 << 12)
def is_thing(noun: str) -> bool:
    """Whether a noun stands for what shows something but does not speak: `Hinweisschild`."""
    key = noun.lower()
    return any(key[-length:] in _THINGS for length in range(3, min(len(key), _LONGEST_THING) + 1))


_PERSONAL = (
    "innen", "ler", "leute", "nehmer", "geber", "nehmende", "nehmenden", "teilte", "forscher",
    "forschende", "forschenden", "experten", "arbeiter", "händler", "wohner", "bürger", "wirte",
    "zeugen", "mieter", "schüler", "eltern", "kritiker", "planer", "gutachter", "befragten",
    "behörden", "parteien", "verbände", "vereine", "werke", "betriebe", "fraktionen", "vertreter",
    "beamten", "ermittler", "retter", "ärzte", "lehrer", "kollegen", "wähler", "grünen", "linken",
    "linke", "grüne", "liberalen", "anwesenden", "beteiligten", "besucher", "veranstalter",
    "betreiber", "unternehmer", "unternehmen", "gesellschaft", "wissenschaftler", "fachleute",
)  # fmt: skip


@lru_cache(maxsize=1 << 12)
def is_voice(noun: str) -> bool:
    """Whether a capitalised noun stands for people or a body that can speak."""
    return (
        lexicon.organisation_kind(noun) is not None
        or lexicon.office_key(noun) is not None
        or noun.lower() in lexicon.GROUPS
        or noun.lower().endswith(_PERSONAL)
        or (noun.isupper() and 1 < len(noun) < 7)
    )
