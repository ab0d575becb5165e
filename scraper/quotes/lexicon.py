"""What the engine knows about German words. The lists are files in `data/`, read once.

Each file says in its first lines what it holds and where it comes from: all of them were compiled
for this project from general knowledge of German. `#` starts a comment, words are parted by white
space.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from scraper.quotes.bodies import nominative as nominative
from scraper.quotes.bodies import organisation_kind as organisation_kind
from scraper.quotes.wordlists import KEY, by_end, read_lines, read_sections

Gender = Literal["m", "f"]


def _synonyms() -> dict[str, tuple[str, ...]]:
    """First word of each line → the others; lines that start alike are one."""
    found: dict[str, tuple[str, ...]] = {}
    for line in read_lines("synonyms.txt"):
        word, *others = line.split()
        found[word] = tuple(dict.fromkeys((*found.get(word, ()), *others)))
    return found


_FUNCTION = read_sections("function_words.txt")
_OFFICES = read_sections("offices.txt", "offices_austria.txt", "offices_switzerland.txt")
_NAMES = read_sections("names.txt")
_SPEECH = read_sections("speech.txt")
_NAMING = read_sections("naming.txt")

TITLES = _OFFICES["titles"]
"""Words before a name that are part of neither name nor office: `Dr`, `Prof`, `Frau`."""
SHORT_OFFICES = _OFFICES["abbreviated"]
"""Abbreviated offices as printed, without their full stop: `Bgm`, `LR`."""
DEGREES = _OFFICES["degrees"]
"""Degrees behind a name and a comma, part of neither name nor office: `MSc`."""
_SPELT = ("rau", "err", "errn", "Pater", "Sir", "Lady", "dozent", "dozentin", "rat", "rätin")
_SHORTENED = frozenset(title for title in TITLES if not title.endswith(_SPELT) or "R" in title)
ABBREVIATIONS = _FUNCTION["abbreviations"] | _SHORTENED | SHORT_OFFICES
"""Words whose full stop ends no sentence."""
EPITHETS = ("ende", "ierte", "ehrte", "annte", "zeichnete", "liche")
"""Endings of nominalised adjectives that stand for somebody just named: `der Geehrte`."""
ROLE_ADJECTIVES = _OFFICES["adjectives"]
"""Adjectives that belong to an office, without their ending: `stellvertretend`."""
DETERMINERS = _FUNCTION["determiners"]
"""Articles, possessives and the like, in lower case."""
OBLIQUE_DETERMINERS = _FUNCTION["oblique"]
"""Determiners that never stand before a singular subject: `dem`, `des`, `einem`."""
ARTICLES = frozenset("der die das dem den des im am vom zum zur beim ins ans".split())
"""The definite article, with and without a preposition."""
PREPOSITIONS = _FUNCTION["prepositions"]
"""In lower case."""
LINKS = _FUNCTION["links"]
"""Words that tie an office to what it is the office of."""
TIMES = _FUNCTION["times"]
"""Days, months and the like: what follows `am` and `im` without being part of an office."""
OCCASIONS = _FUNCTION["occasions"]
"""Nouns behind `zu` or `von` that are no name: `zu Beginn`, `von Herzen`."""
PARTICLES = _NAMES["particles"]
"""Lower-case parts of names: `von`, `der`, `de`."""
TIED = _NAMES["tied"]
"""Capitalised parts of names that the surname follows: `Graf`, `Ben`."""
FIRST_OF_TWO = _NAMES["first_of_two"]
"""Surnames that often have a second one behind them: `Schulze Everding`."""
PLACE_ENDINGS = tuple(_NAMES["places"])
"""Ends of what is named after somebody: `straße`."""
NO_NAME_ENDINGS = tuple(_NAMES["endings"]) + PLACE_ENDINGS
"""Ends of words that are hardly a surname: `ung`, `werke`."""
NOT_NAMES = _NAMES["not"]
"""Capitalised words that are never a surname."""
SPEECH_VERBS = _SPEECH["verbs"]
"""Finite forms of verbs of saying."""
IS_CALLED = frozenset({"heißt", "hieß", "heisst", "hiess"})
"""Forms of `heißen`, as Switzerland writes them too."""
FRAGMENT_VERBS = _SPEECH["fragments"]
"""Finite forms of verbs that take a quoted part of speech: `nannte`, `sprach`."""
SPEECH_NOUNS = _SPEECH["nouns"]
"""Nouns that announce words: `Antwort`, `Appell`."""
REPORT_VERBS = _SPEECH["report"]
"""Subjunctives that go on with reported speech: `sei`, `habe`."""
WORDS_OF = _SPEECH["words_of"]
"""Nouns that take quoted words behind them, as printed: `Worten`, `Satz`."""
SAYINGS = _SPEECH["sayings"]
"""Nouns that a later sentence takes up quoted words by, in lower case: `ausspruch`."""
ELECTIONS = _SPEECH["elections"]
"""Verb forms by which somebody gets an office: `gewählt`, `ernannte`."""
CLAUSE_OPENERS = _SPEECH["openers"]
"""Words that follow a quotation and a comma without being a verb."""
NAMING_NOUNS = _NAMING["nouns"]
"""Nouns whose quoted complement is a name or an inscription."""
NAMING_VERBS = _NAMING["verbs"]
"""Verbs that give a name rather than report speech."""
NAMING_PHRASES = _NAMING["phrases"]
"""Words right before a name in quotation marks: `sogenannte`."""
INSCRIPTIONS = _NAMING["inscriptions"]
"""Things that bear an inscription: `plakat`."""
PROMISES = _SPEECH["promises"]
"""Verbs that take a quoted part as their object: `verspricht`."""
CITING = _SPEECH["citing"]
"""Verbs whose object has said the words: `zitierte`."""
PROVERB_WORDS = _NAMING["proverbs"]
"""Words that mark a saying."""
GROUPS = _SPEECH["groups"]
"""Nouns for many voices at once."""
LANGUAGES = read_sections("languages.txt")
"""BCP 47 tag → function words of that language."""
SYNONYMS = _synonyms()
"""Office in lower case → offices it may stand for."""

_SHORT = frozenset(word.lower() for word in SHORT_OFFICES)
_HEADS = tuple(key[1:] for key in SYNONYMS if key.startswith("*"))
_EXACT_OFFICES = _OFFICES["exact"]
_NO_OFFICES = _OFFICES["not"]
_COUNCILLORS = tuple(word for word in _OFFICES["body"] if word.endswith("rat") and word != "rat")
_BODY_OR_OFFICE = _OFFICES["body"]


def _office_suffixes() -> frozenset[str]:
    suffixes = set(_OFFICES["pairs"])
    for stem in _OFFICES["masculine"]:
        suffixes |= {stem, stem + "in"}
    for stem in _OFFICES["weak"]:
        suffixes |= {stem + "e", stem + "in"}
    for stem in _OFFICES["adjectival"]:
        suffixes |= {stem + "e", stem + "er", stem + "en", stem + "em"}
    return frozenset(suffixes)


_ANYBODY = tuple(_OFFICES["anybody"] | {word + "in" for word in _OFFICES["anybody"]})
_OFFICIAL = tuple(_OFFICES["official"])
_NEUTRAL_ENDS = tuple(word for word in _OFFICES["neutral"] if len(word) > 4)
_DESCRIPTIVE = tuple(_OFFICES["descriptive"] | {word + "in" for word in _OFFICES["descriptive"]})
GENERIC = frozenset({"frau", "herr", "mann", "kind", "junge", "mädchen", "gast"})
"""Heads that say nothing about anybody's office."""
_FEMININE = ("in", *_OFFICES["women"])
KIN = _OFFICES["kin"]
"""Members of a family, in lower case: no office of somebody who is known already."""
RELATIONS = _OFFICES["relations"]
"""What somebody is to somebody else, in lower case: no office, though it stands before a name."""
_OCCASIONAL = tuple(_OFFICES["occasional"] | {word + "in" for word in _OFFICES["occasional"]})
_HONOURED = tuple(_OFFICES["honoured"])
_DEMONYMS = tuple(_NAMES["demonyms"])
_SUFFIXES = by_end(_office_suffixes())
_ADJECTIVAL = tuple(stem + "er" for stem in _OFFICES["adjectival"])
_ADJECTIVAL_WEAK = tuple(stem + "e" for stem in _OFFICES["adjectival"])
_ADJECTIVAL_OBLIQUE = tuple(
    stem + ending for stem in _OFFICES["adjectival"] for ending in ("en", "em")
)
_PERSON_ENDINGS = tuple(_OFFICES["feminine"])


@lru_cache(maxsize=1 << 12)
def office_key(word: str) -> str | None:
    """The dictionary form in lower case if a capitalised word names an office or a kind of person.

    `Vorsitzender` and `Vorsitzende` share one; the genitive `Oberbürgermeisters` loses its ending.
    """
    key = word.lower()
    if word in SHORT_OFFICES:
        return key
    if key in _NO_OFFICES or (key.endswith("in") and key[:-2].endswith(_DEMONYMS)):
        return None
    if key.endswith((*_ADJECTIVAL, *_ADJECTIVAL_OBLIQUE)):
        return key[:-1]
    if key in _EXACT_OFFICES or _has_suffix(key) or key.rpartition("-")[2] in _EXACT_OFFICES:
        return key
    if (found := _genitive_of(key)) or len(key) < 7 or not key.endswith(_PERSON_ENDINGS):
        return found
    return None if first_name_gender(word) else key  # `Severin`


def _genitive_of(key: str) -> str | None:
    """The office whose genitive a word is: `landesrates`, `bürgermeisters`."""
    for ending in ("s", "es"):
        bare = key.removesuffix(ending)
        if bare != key and _has_suffix(bare) and bare not in _NO_OFFICES:
            return bare
    return None


def _has_suffix(key: str) -> bool:
    return key.endswith(_SUFFIXES.get(key[-KEY:], ()))


@lru_cache(maxsize=1 << 12)
def office_gender(word: str) -> Gender | None:
    """Grammatical gender of an office as printed; None where the word has none of its own."""
    key = word.lower()
    if word in SHORT_OFFICES or key in _SHORT:
        return "f" if word.endswith(("in", ".in")) else None
    if key in _OFFICES["neutral"] or key.endswith((*_ADJECTIVAL_WEAK, *_ADJECTIVAL_OBLIQUE)):
        return None
    if key.endswith(_NEUTRAL_ENDS):
        return None  # `Tischlerlehrling`
    if key.endswith(_FEMININE):
        return "f"
    return "m"


def is_relation(office: str) -> bool:
    """Whether an office is what somebody is to somebody else: `kollege`, `vorstandskollegin`."""
    return office in RELATIONS or office.endswith(("kollege", "kollegin"))


@lru_cache(maxsize=1 << 12)
def is_descriptive(office: str) -> bool:
    """Whether an office is another word for somebody just named: `der Preisträger`, `FDP-Mann`."""
    return office.endswith((*_DESCRIPTIVE, "-mann", "-frau"))


def is_official(office: str) -> bool:
    """Whether an office is a mandate, or as high as one: `vizebürgermeister`."""
    return office.removesuffix("in").endswith(_OFFICIAL)


@lru_cache(maxsize=1 << 12)
def may_describe(office: str, held: str) -> bool:
    """Whether the holder of an office may be called by another word: no `Landrat` by a trade."""
    trade = not office.endswith((*_ANYBODY, "-mann", "-frau"))
    return not (trade and is_official(held))


@lru_cache(maxsize=1 << 12)
def is_occasional(office: str) -> bool:
    """Whether an office is what somebody was on one occasion: `der Gewinner`."""
    return office.endswith(_OCCASIONAL)


def is_honoured(office: str) -> bool:
    """Whether an office is what others congratulate somebody on: `die Jubilarin`."""
    return office.removesuffix("in").endswith(_HONOURED)


def synonyms(office: str) -> tuple[str, ...]:
    """Offices that an office may stand for: `rathauschef` for `bürgermeister`.

    A `Volkswirtschaftsdirektorin` is a `Regierungsrätin`: heads of departments are listed by the
    end of the word, behind an asterisk.
    """
    found = SYNONYMS.get(office, ())
    for head in _HEADS:
        if office.endswith(head) and len(office) > len(head) + 2:
            return found + SYNONYMS[f"*{head}"]
    return found


@lru_cache(maxsize=1 << 12)
def stood_for_by(office: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Offices that an office is another word for, and the ends of more of them.

    The reverse of `synonyms`: a `regierungsrätin` may be whoever is a `…direktorin`.
    """
    keys = [key for key, others in SYNONYMS.items() if office in others]
    ends = tuple(key[1:] for key in keys if key.startswith("*"))
    return tuple(key for key in keys if not key.startswith("*")), ends


def is_thing(word: str) -> bool:
    """Whether a word ends like an office and is none: `Steuer`."""
    return word.lower() in _NO_OFFICES


def is_demonym(word: str) -> bool:
    """Whether a word tells where somebody is from: `der Augsburger Jan Moll`."""
    return word.lower().removesuffix("in").endswith(_DEMONYMS)


def is_body(word: str) -> bool:
    """Whether a word that can be an office is a body when no name follows: `Stadtrat`."""
    key = word.lower()
    return key in _BODY_OR_OFFICE or organisation_kind(word) is not None


def is_surname_too(office: str) -> bool:
    """Whether an office is met as a surname as well: `Förster`, no compound and no woman's."""
    return office.lower().rpartition("-")[2] in _NAMES["trades"]


def is_councillor(word: str) -> bool:
    """Whether a word names a council and each of its members alike: `Stadtrat`."""
    return word.lower().endswith(_COUNCILLORS)


@lru_cache(maxsize=1 << 12)
def first_name_gender(word: str) -> str | None:
    """`m`, `f` or `?` (either) if a word is a first name, else None."""
    for gender, section in (("f", "f"), ("m", "m"), ("?", "either")):
        if word in _NAMES[section]:
            return gender
    parts = word.split("-")
    if len(parts) == 1:
        return None
    genders = set()
    for part in parts:
        if part in _NAMES["f"]:
            genders.add("f")
        elif part in _NAMES["m"]:
            genders.add("m")
        elif part in _NAMES["either"]:
            genders.add("?")
        else:
            return None
    if len(genders) == 1:
        return genders.pop()
    # `Hans-Maria`: the first part decides, `Kim-Sophie` the second.
    first = first_name_gender(parts[0])
    return first if first != "?" else first_name_gender(parts[-1])


@lru_cache(maxsize=1 << 12)
def is_name_word(word: str, *, known: bool = False) -> bool:
    """Whether a capitalised word can be a surname: no weekday, no organisation, no abstract noun.

    `known`: a known first name stands before it, so that `Hartung` and `Feldhaus` are believed.
    """
    if known:
        short = len(word) > 1 and word.isupper() and not _is_spelt_large(word)
        return not (word.lower().endswith(PLACE_ENDINGS) or short)
    if word in NOT_NAMES or word.lower() in TIMES:
        return False
    if "-" not in word and word.lower().endswith(NO_NAME_ENDINGS) and len(word) > 5:
        return False
    return not (len(word) > 3 and word.isupper()) and not word.endswith("-")


def _is_spelt_large(word: str) -> bool:
    """`PRÖLL`, a surname in capitals as Austrian releases print some; no `NABU`."""
    return len(word) > 3 and organisation_kind(word) is None


@lru_cache(maxsize=1 << 12)
def is_function_word(lower: str) -> bool:
    """Articles, pronouns, prepositions, conjunctions and common adverbs."""
    return (
        lower in _FUNCTION["words"]
        or lower in DETERMINERS
        or lower in PREPOSITIONS
        or lower in OBLIQUE_DETERMINERS
    )


@lru_cache(maxsize=1 << 12)
def hints_at_person(word: str) -> bool:
    """Whether a capitalised word can start or head the name of a person."""
    return (
        first_name_gender(word) is not None
        or word in TITLES
        or (office_key(word) is not None and not word.endswith("innen"))
    )


def is_epithet(word: str) -> bool:
    """Whether a word ends like one for somebody just named: `Geehrte`, `Neunjährige`."""
    return word.endswith((*EPITHETS, "jährige", "jähriger"))


@lru_cache(maxsize=1 << 12)
def may_speak(word: str) -> bool:
    """Whether a capitalised word is a pronoun, an organisation or a nominalised adjective."""
    return word in _PRONOUNS or is_epithet(word) or organisation_kind(word) is not None


_PRONOUNS = frozenset("Er Sie Ihm Ihn Dieser Diese Letzterer Letztere Pro".split())
PRO = frozenset("Asyl Bahn Familia Helvetia Infirmis Juventute Natura Senectute Velo".split())
"""Second words of bodies such as `Pro Natura`; `Pro Kopf` is none."""


def _stem(key: str) -> str:
    # "Titels", "Worten", "Filme" → the form of the list
    for ending in ("en", "es", "s", "n", "e"):
        if key.endswith(ending) and key[: -len(ending)] in NAMING_NOUNS:
            return key[: -len(ending)]
    return key


@lru_cache(maxsize=1 << 12)
def is_naming_noun(word: str) -> bool:
    """Whether a capitalised word takes a quoted name: `Projekt`, `Titel`, `Aufschrift`."""
    key = _stem(word.lower())
    if key in NAMING_NOUNS:
        return True
    return any(key[-length:] in NAMING_NOUNS for length in range(4, min(len(key), 16) + 1))


@lru_cache(maxsize=1 << 12)
def is_title_noun(word: str) -> bool:
    """Whether a noun can announce nothing but a title or an inscription: `Motto`, `Buch`."""
    key = _stem(word.lower())
    titles = _NAMING["titles"]
    return any(key[-length:] in titles for length in range(4, min(len(key), 14) + 1))


@lru_cache(maxsize=1 << 12)
def is_role_adjective(word: str) -> bool:
    """Whether an adjective is part of an office: `stellvertretende`, `Erster`, `technischer`."""
    key = word.lower()
    if key.endswith(("politische", "politischer")):
        return True
    return any(key[: len(key) - cut] in ROLE_ADJECTIVES for cut in (0, 1, 2) if len(key) - cut > 2)
