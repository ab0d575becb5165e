"""What a word alone shows, as bits: looked up once per word, since most words come again and again.

The rules for persons start from few words of a text; the bits find those without asking the word
lists for each one.
"""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.indirect_cues import signals_of

HINT = 1
"""A capitalised word that can start or head the name of a person: first name, title, office."""
OFFICE = 2
"""A capitalised word that names an office or a kind of person."""
SPEAKS = 4
"""A capitalised word that can speak without a name: organisation, pronoun, `der Geehrte`."""
VERB = 8
"""A finite form of a verb of saying."""
PRONOUN = 16
"""`er`, `sie` and the like in lower case, and `gebürtige`, which stands before one."""
PARTICLE = 32
"""A lower-case part of names that may follow a first name: `von`, not the `der` of `von der`."""
ONE = 64
"""`ein` or `eine`."""
CAPITAL_WORD = 128
"""A word that starts with a capital letter."""
AGE = 256
"""`67-Jährige`."""
STOP = 512
"""A mark that can end a sentence."""
NAMELIKE = 1024
"""A capitalised word that can begin a name that only its place in the sentence shows."""
BODY = 2048
"""A capitalised word that names an organisation or a paper, and nothing else that can speak."""
INITIAL = 4096
"""A single capital letter, which may be a first name: `K. Moll`."""
SIGNALS_FROM = 13
"""The bits from here on are what the word can show of indirect speech: see `indirect_cues`."""
POINTING = {"dieser": "m", "diese": "f", "letzterer": "m", "letztere": "f"}
"""Gender of the pronouns that stand for whoever was named last."""
PRONOUNS = {"er": "m", "sie": "f", "ihm": "m", "ihn": "m", **POINTING}
"""Gender of the pronouns that can stand for a person."""
NATIVE = frozenset({"gebürtige", "gebürtiger"})
"""Words before a name for people of a place that stand for somebody just named."""
_STOPS = frozenset(".!?…")
_INNER = frozenset({"der", "den", "dem", "zum", "zur", "vom", "im"})
_MOST = 1 << 16


def _features(word: str) -> int:
    if not word:
        return 0
    if not word[0].isalpha():
        age = "-" in word and word[0].isdigit()
        return STOP if word in _STOPS else age * AGE
    return _capital(word) if word[0].isupper() else _lower(word)


def _lower(word: str) -> int:
    return (
        (word in lexicon.SPEECH_VERBS) * VERB
        | (word in PRONOUNS or word in NATIVE) * PRONOUN
        | (word in lexicon.PARTICLES and word not in _INNER) * PARTICLE
        | (word in {"ein", "eine"}) * ONE
    )


def _capital(word: str) -> int:
    office = lexicon.office_key(word) is not None
    hint = office and not word.endswith("innen")
    hint = hint or word in lexicon.TITLES or lexicon.first_name_gender(word) is not None
    body = lexicon.organisation_kind(word) is not None
    namelike = not body and not lexicon.is_role_adjective(word) and lexicon.is_name_word(word)
    return (
        CAPITAL_WORD
        | namelike * NAMELIKE
        | (len(word) == 1) * INITIAL
        | (body and word != "Rat" and not lexicon.is_epithet(word)) * BODY
        | office * OFFICE
        | hint * HINT
        | (lexicon.may_speak(word) or lexicon.is_demonym(word)) * SPEAKS
        | (word in lexicon.SPEECH_VERBS) * VERB
    )


class _Features(dict[str, int]):
    """Bits by word, remembered for the last words met."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST:
            self.clear()
        found = self[word] = _features(word) | signals_of(word) << SIGNALS_FROM
        return found


FEATURES = _Features()
"""Word → its bits."""
TIES, MAYBE, SHORT, BOUNDARY, CAPITALISED, SIGNAL, TOLD, LEADER = (1 << bit for bit in range(8))
"""The flags of a token, for quick passes over a text: a byte each, to be searched as bytes are."""
_FLAGS = (
    (CAPITAL_WORD | PARTICLE, TIES),
    (NAMELIKE, MAYBE),
    (SPEAKS | PRONOUN | AGE, SHORT),
    (STOP, BOUNDARY),
    (CAPITAL_WORD, CAPITALISED),
    (-1 << SIGNALS_FROM, SIGNAL),
    (HINT | INITIAL, TOLD),
    (ONE | VERB, LEADER),
)


def flags_of(bits: int) -> int:
    """The flags of a word with such bits: `TIES` may go on with a name, `SHORT` may be a mention.

    `MAYBE` is `NAMELIKE`, `BOUNDARY` may end a sentence, `SIGNAL` may show indirect speech, `TOLD`
    is a hint or an initial, `LEADER` an article or a verb that somebody may stand behind.
    """
    return sum(flag for mask, flag in _FLAGS if bits & mask)


def finder(flag: int) -> bytes:
    """A table for `bytes.translate` that leaves 1 where a flag is set and 0 elsewhere."""
    return bytes(bool(byte & flag) for byte in range(256))
