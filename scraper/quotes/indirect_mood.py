"""The mood of German verbs by their form: which words can only be a subjunctive.

The first subjunctive is formed from the infinitive (`reichen` → `reiche`, `ändern` → `ändere`,
`informieren` → `informiere`), the second from the preterite stem with umlaut (`fand` → `fände`).
Prefixes are cut off before a verb is looked up (`bereitstelle` → `stelle`). What a plural shares
with the indicative (`gehen`) shows nothing; it is replaced by a second subjunctive that may look
like the preterite (`gingen`, `fehlten`), which is why those are told apart here.
"""

from __future__ import annotations

from scraper.quotes.indirect_lexicon import read_sections, words

NONE, FIRST, SECOND, OPEN = range(4)
"""No subjunctive; a first or second one; a plural that may be a second one or a preterite."""

_UMLAUTS = str.maketrans("aou", "äöü")
_LONGEST = 32  # characters of a verb form


def _umlaut(stem: str) -> str:
    """`konnt` → `könnt`, `fand` → `fänd`; `lief` and `sollt` stay as they are."""
    if stem in {"sollt", "wollt"}:
        return stem
    for index in range(len(stem) - 1, -1, -1):
        if stem[index] in "aou" and stem[index - 1 : index + 1] not in {"au", "eu", "ou"}:
            if stem[index : index + 2] == "au":
                return stem
            return stem[:index] + stem[index].translate(_UMLAUTS) + stem[index + 1 :]
        if stem[index] in "äöüei":
            return stem
    return stem


def first_subjunctive(infinitive: str) -> list[str]:
    """Third person singular: `habe`, `ändere`, `sammele` and `sammle`, `sei`, `tue`."""
    if infinitive in {"sein", "tun"}:
        return ["sei"] if infinitive == "sein" else ["tue"]
    if infinitive.endswith("eln"):
        return [infinitive[:-3] + "le", infinitive[:-1] + "e"]
    if infinitive.endswith("ern"):
        return [infinitive[:-1] + "e", infinitive[:-3] + "re"]
    return [infinitive[:-1]]


def second_subjunctive(preterite: str) -> tuple[str, str]:
    """Singular and plural of a preterite stem: `fand` → `fände`, `fänden`."""
    stem = _umlaut(preterite.removesuffix("e"))
    return stem + "e", stem + "en"


def weak_preterite(infinitive: str) -> str:
    """Plural of the preterite: `fehlten`, `arbeiteten`, `änderten`."""
    if infinitive.endswith(("eln", "ern")):
        return infinitive[:-1] + "ten"
    stem = infinitive[:-2]
    after_cluster = stem.endswith(("fn", "gn", "tm", "chn", "dn", "ckn"))
    return stem + ("eten" if stem.endswith(("t", "d")) or after_cluster else "ten")


def _table() -> tuple[dict[str, int], frozenset[str], frozenset[str], tuple[str, ...]]:
    sections = read_sections("indirect_verbs.txt")
    table: dict[str, int] = {}
    infinitives = frozenset(words(sections["weak"]))
    for infinitive in sorted(infinitives):
        table.setdefault(weak_preterite(infinitive), OPEN)
        table.update(dict.fromkeys(first_subjunctive(infinitive), FIRST))
    for entry in words(sections["strong"]):
        infinitive, _, stems = entry.partition(":")
        preterite, _, other = stems.partition("/")
        singular, plural = second_subjunctive(preterite)
        same = singular.removesuffix("e") == preterite.removesuffix("e")
        mixed = same and preterite.endswith("te")  # `sollte` is its own preterite
        table.setdefault(singular, OPEN if mixed else SECOND)
        if plural not in infinitives:  # `führen` is no form of `fahren`
            table[plural] = OPEN if same else SECOND
        if other:
            stem = other.removesuffix("e")
            table.update({stem + "e": SECOND, stem + "en": SECOND})
        table.update(dict.fromkeys(first_subjunctive(infinitive), FIRST))
    table.update(dict.fromkeys(words(sections["open"]), OPEN))
    table["seien"] = FIRST
    table.update({form.replace("ß", "ss"): mood for form, mood in table.items() if "ß" in form})
    prefixes = sorted(words(sections["prefixes"]), key=len, reverse=True)
    return (
        table,
        frozenset(words(sections["no"])),
        frozenset(words(sections["final"])),
        tuple(prefixes),
    )


_FORMS, _NOT, _FINAL, _PREFIXES = _table()
_PREFIX_LENGTHS = sorted({len(prefix) for prefix in _PREFIXES}, reverse=True)
_PREFIX_SET = frozenset(_PREFIXES)


def _split_off(word: str) -> int:
    for length in _PREFIX_LENGTHS:
        if length < len(word) - 2 and word[:length] in _PREFIX_SET:
            mood = _FORMS.get(word[length:], NONE)
            if mood:
                return mood
    return NONE


def mood(word: str) -> int:
    """`FIRST`, `SECOND`, `OPEN` or `NONE` for a word in lower case, by its form alone."""
    if word in _NOT or not word.endswith(("e", "en", "sei")) or len(word) > _LONGEST:
        return NONE
    found = _FORMS.get(word, NONE)
    if found:
        return found
    if word.endswith("iere") and len(word) > 6:
        return FIRST
    return _split_off(word) if len(word) > 4 else NONE


def may_be_adjective(word: str) -> bool:
    """Whether a subjunctive looks like an adjective: `reiche`, `heiße`."""
    return word in _FINAL
