"""What a word alone shows, as bits: looked up once per word, since most words come again and again.

The rules for persons start from few words of a text; the bits find those without asking the word
lists for each one.
"""

from __future__ import annotations

from scraper.quotes import lexicon

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
PRONOUNS = {"er": "m", "sie": "f", "ihm": "m", "ihn": "m", "dieser": "m", "diese": "f"}
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
        | (body and word != "Rat" and not lexicon.is_epithet(word)) * BODY
        | office * OFFICE
        | hint * HINT
        | lexicon.may_speak(word) * SPEAKS
        | (word in lexicon.SPEECH_VERBS) * VERB
    )


class _Features(dict[str, int]):
    """Bits by word, remembered for the last words met."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST:
            self.clear()
        found = self[word] = _features(word)
        return found


FEATURES = _Features()
"""Word → its bits."""
