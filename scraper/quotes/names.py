"""Personal names: where one starts and ends, and what can be part of it."""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.lexicon import is_name_word
from scraper.quotes.tokens import CAPITAL, LOWER, Tokens

_REACH = 14  # tokens that titles may be long
_APOSTROPHES = frozenset({"’", "'", "‘", "´", "`"})
_SIBILANTS = ("s", "x", "z", "ß", "ce")
_SAINTS = frozenset({"St", "Bad", "Sankt"})
_REGNAL = frozenset("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XXIII".split())
_SEASONS = frozenset({"Sommer", "Winter", "Herbst"})
_SHORT_FORMS = frozenset({"Th", "Ph", "Ch", "Fr", "Gg", "Kl", "Wm", "Jh", "Hs", "Jo"})
# function words that are surnames behind a first name: `Bertram Weil`
_SURNAMES = frozenset(
    "Morgen Knapp Gut Ganz Eben Weil Noch Bis Als Oft Rund Etwa Falls Sehr Vor".split()
)
_NAME = 6  # tokens a name may be long


def name_end(tokens: Tokens, at: int) -> int:
    """Token behind the name at `at`: first names, then one surname with its particles.

    What follows a surname is no name, however capital it is: `zog Samira Moll Bilanz`.
    """
    index = at
    if tokens.words[at + 1] in _REGNAL and tokens.words[at + 2] == ".":
        behind = tokens.words[at + 3]
        if tokens.kinds[at + 3] != CAPITAL or lexicon.is_function_word(behind.lower()):
            return at + 3  # `Leo XIV.`, but `Karl V. Moll`
    while index < at + _NAME:
        has_surname = index > at + 1 and _is_surname(tokens, index - 1)
        if has_surname and not _is_second_surname(tokens, index):
            break
        word, kind = tokens.words[index], tokens.kinds[index]
        if kind == CAPITAL and _goes_on(word, first=index == at):
            index += 1
            if len(word) == 1 and tokens.words[index : index + 2] == [".", "-"]:
                index += 2  # `K.-H. Moll`
                continue
            if len(word) == 1 and tokens.words[index] == "." and tokens.kinds[index + 1] != CAPITAL:
                return index + 1
            short = len(word) == 1 or word in _SHORT_FORMS  # `Th. Moll`, but `Mehmet Öz.`
            index += short and tokens.words[index] == "."
        elif (
            # `Heike Dörfel von der Feuerwehr` has her surname already.
            kind == LOWER and not has_surname and _is_particle(tokens, index)
        ):
            index += 1
        else:
            break
    return index


def _goes_on(word: str, *, first: bool) -> bool:
    """Whether a capitalised word can be a part of a name; a title behind its first word ends it."""
    if word in lexicon.TITLES and not first:
        return False  # `Deichwart Dr. Jan Moll`
    return (
        word in lexicon.TIED
        or (word in _SURNAMES and not first)
        or not lexicon.is_function_word(word.lower())
        or lexicon.first_name_gender(word) is not None
    )


def _is_second_surname(tokens: Tokens, index: int) -> bool:
    """`Lina Schulze Everding ergänzt`, `Jon Domenic Moll-Lau`: the name goes on so far."""
    word = tokens.words[index]
    double = "-" in word and all(part.istitle() and len(part) > 2 for part in word.split("-"))
    return (
        tokens.kinds[index] == CAPITAL
        and (
            double
            or tokens.words[index + 1] in lexicon.SPEECH_VERBS
            or tokens.words[index - 1] in lexicon.FIRST_OF_TWO
        )
        and lexicon.organisation_kind(word) is None
        and not word.endswith("en")
        and is_name_word(word)
        and not lexicon.office_key(word)
    )


def _is_surname(tokens: Tokens, index: int) -> bool:
    """Whether a word behind a first name ends the name, unless a particle ties it to the next."""
    word = tokens.words[index]
    return (
        tokens.kinds[index] == CAPITAL
        and len(word) > 1
        and word not in lexicon.TIED
        and lexicon.first_name_gender(word) is None
    )


def _is_particle(tokens: Tokens, index: int) -> bool:
    word = tokens.words[index]
    if word.startswith(("al-", "el-", "d’", "d'")):
        return True
    if word not in lexicon.PARTICLES:
        # `Karl von und zu Hohenfels`
        return word == "und" and tokens.words[index - 1 : index + 2] == ["von", "und", "zu"]
    if tokens.words[index : index + 3] == ["von", "und", "zu"]:
        return tokens.kinds[index + 3] == CAPITAL
    if word.startswith("zu") and not _is_of_house(tokens, index):
        return False
    if word in {"der", "den", "dem", "zum", "zur", "vom", "im"}:
        # only behind another particle: `von der Heydt`, not `Moll der Presse`
        return tokens.words[index - 1].lower() in {"von", "van", "auf", "in", "aus"}
    if tokens.words[index + 1].lower() in lexicon.OCCASIONS:
        return False  # `Moll von Herzen`
    further = index + 1 + (tokens.words[index + 1] in lexicon.PARTICLES)
    body = lexicon.organisation_kind(tokens.words[further]) and tokens.words[further - 1] != "von"
    known = tokens.words[further - 1] in lexicon.PARTICLES and not is_name_word(
        tokens.words[further]
    )
    return tokens.kinds[further] == CAPITAL and not (body or known)


def _is_of_house(tokens: Tokens, index: int) -> bool:
    """`Karl zu Guttenberg`, not `Moll zu Beginn` nor `Moll zu Förster Brandt`."""
    before, behind = tokens.words[index - 1], tokens.words[index + 1]
    first_name = lexicon.first_name_gender(before) is not None or before in {"von", "und"}
    first_name = first_name or before in lexicon.TIED  # `Georg Prinz zu Waldeck`
    return (
        first_name
        and lexicon.office_key(behind) is None
        and behind.lower() not in lexicon.OCCASIONS
        and not behind.lower().endswith(("beginn", "schluss", "ende", "auftakt"))
        and is_name_word(behind)
    )


def is_genitive(tokens: Tokens, index: int) -> bool:
    """Whether a name in the genitive ends at `index`: `Lindaus`, `Mainz’`."""
    word = tokens.words[index]
    if word in _APOSTROPHES:
        return tokens.kinds[index - 1] == CAPITAL and tokens.words[index - 1].endswith(_SIBILANTS)
    return (
        tokens.kinds[index] == CAPITAL
        and word.endswith("s")
        and len(word) > 3
        and not lexicon.is_function_word(word.lower())
        and lexicon.office_key(word) is None
        and word.lower() not in lexicon.TIMES
        and tokens.words[index - 1].lower() not in lexicon.DETERMINERS
    )


def owned_office(tokens: Tokens, at: int) -> int | None:
    """The office that a name in the genitive at `at` leads to: `Bad Elsters neue Kämmerin`."""
    end = at
    while tokens.kinds[end] == CAPITAL and end < at + 4:
        end += 1 + (tokens.words[end] in _SAINTS and tokens.words[end + 1] == ".")
        if is_genitive(tokens, end - 1):
            break
    end += tokens.words[end] in _APOSTROPHES
    if end == at or not is_genitive(tokens, end - 1):
        return None
    for head in range(end, end + 4):
        word, kind = tokens.words[head], tokens.kinds[head]
        if kind == CAPITAL:
            return head if lexicon.office_key(word) else None
        if kind != LOWER or not word.endswith(("e", "er")):
            return None
    return None


_BEGINNINGS = lexicon.TITLES | {"P"}


def skip_titles(tokens: Tokens, at: int) -> int:
    """Token behind titles such as `Prof. Dr. h. c.`."""
    if tokens.words[at] not in _BEGINNINGS:
        return at
    index = at
    while index < at + _REACH:
        word = tokens.words[index]
        if (
            word in lexicon.TITLES
            and (tokens.kinds[index] == CAPITAL or index > at or tokens.words[index + 1] == ".")
        ) or (
            # `Dr.-Ing.`
            index > at
            and word in {".", "-"}
            and (tokens.words[index - 1] in lexicon.TITLES or tokens.words[index - 1] in {".", ")"})
        ):
            index += 1
        elif index > at and tokens.words[index : index + 3] == ["(", "FH", ")"]:
            index += 3
        elif tokens.words[index : index + 2] == ["P", "."] and (
            index > at or _is_full(tokens, index + 2)
        ):
            index += 2  # `Mag. P. Jan Moll`: a priest of an order
        else:
            break
    return index


def _is_full(tokens: Tokens, at: int) -> bool:
    """Whether a known first name and one more name stand at `at`."""
    known = lexicon.first_name_gender(tokens.words[at]) is not None
    return known and tokens.kinds[at + 1] == CAPITAL


_YOUNGER = frozenset({"jun", "sen", "jr", "sr", "junior", "senior"})


def skip_degrees(tokens: Tokens, at: int) -> int:
    """Token behind degrees that follow a name: `Anna Moll, BA MSc, Leiterin …`."""
    if tokens.words[at] in _YOUNGER:
        at += 1 + (tokens.words[at + 1] == ".")
    index = at + (tokens.words[at] == ",")
    if tokens.words[index] not in lexicon.DEGREES:
        return at
    while tokens.words[index] in lexicon.DEGREES:
        index += 1 + (tokens.words[index + 1] == "." and tokens.words[index + 2] == ",")
    return index


def read_name(tokens: Tokens, at: int, *, evidence: bool) -> tuple[int, int, bool] | None:
    """First token, token behind, and whether it has a first name: the name at `at`, titles skipped.

    `evidence`: something outside (an office, a title, a verb of speech) says that a name is due, so
    that a first name nobody knows is believed.
    """
    first = skip_titles(tokens, at)
    evidence = evidence or first > at
    word = tokens.words[first]
    known = lexicon.first_name_gender(word) is not None
    if word in lexicon.NOT_NAMES or not (known or evidence):
        return None
    last = _name_last(tokens, first, known=known, evidence=evidence)
    if last is None:
        return None
    if last == first + 1 and tokens.kinds[first] == CAPITAL:
        office = lexicon.office_key(word) and not known and not lexicon.is_surname_too(word)
        return None if office else (first, last, False)
    full = tokens.kinds[first] != LOWER and word not in {"Von", "Zu"}
    return first, last, full


def _name_last(tokens: Tokens, first: int, *, known: bool, evidence: bool) -> int | None:
    """Token behind the words of a name that can be one; None when the first one can't."""
    last = name_end(tokens, first)
    run = [index for index in range(first, last) if tokens.kinds[index] == CAPITAL]
    for position, index in enumerate(run):
        word = tokens.words[index]
        # `Zoë Sommer`: no season, for nothing but a name stands right behind another.
        after_name = known or (index == run[position - 1] + 1 and word in _SEASONS)
        after_name = after_name or (position > 0 and evidence and word.isupper())  # `Zlatko PRÖLL`
        if is_name_word(word, known=after_name and position > 0) or word in _REGNAL:
            continue
        if position == 0 or (position == 1 and not word.isalpha()):
            return None
        if word.lower().endswith(lexicon.PLACE_ENDINGS):
            return None
        last = index
        while tokens.kinds[last - 1] == LOWER:
            last -= 1  # `Moll von der SPD`
        return last
    return last if run else None


def gender_of(first_name: str) -> str | None:
    """Gender that a first name shows: that of the list, else `f` for one in -a."""
    gender = lexicon.first_name_gender(first_name)
    if gender is None and first_name.endswith("a"):
        return "f"  # men's names in -a are all in the list
    return gender if gender in {"m", "f"} else None
