"""Personal names: where one starts and ends, and what can be part of it."""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.tokens import CAPITAL, LOWER, Tokens

_REACH = 14  # tokens that titles may be long
_APOSTROPHES = frozenset({"’", "'", "‘", "´", "`"})
_SIBILANTS = ("s", "x", "z", "ß", "ce")
_SAINTS = frozenset({"St", "Bad", "Sankt"})
_NAME = 6  # tokens a name may be long


def name_end(tokens: Tokens, at: int) -> int:
    """Token behind the name at `at`: first names, then one surname with its particles.

    What follows a surname is no name, however capital it is: `zog Samira Moll Bilanz`.
    """
    index = at
    while index < at + _NAME:
        if (
            index > at + 1
            and _is_surname(tokens, index - 1)
            and not _is_second_surname(tokens, index)
        ):
            break
        word, kind = tokens.words[index], tokens.kinds[index]
        if word in lexicon.TITLES and kind == CAPITAL and index > at:
            break  # `Deichwart Dr. Jan Moll`
        if kind == CAPITAL and (
            len(word) > 5
            or word in lexicon.TIED
            or not lexicon.is_function_word(word.lower())
            or lexicon.first_name_gender(word)
        ):
            index += 1
            if len(word) == 1 and tokens.words[index] == "." and tokens.kinds[index + 1] != CAPITAL:
                return index + 1
            if len(word) <= 2 and tokens.words[index] == ".":
                index += 1
        elif (
            kind == LOWER
            and _is_particle(tokens, index)
            and (
                # `Heike Dörfel von der Feuerwehr` has her surname already.
                index <= at + 1 or not _is_surname(tokens, index - 1)
            )
        ):
            index += 1
        else:
            break
    return index


def _is_second_surname(tokens: Tokens, index: int) -> bool:
    """`Lina Schulze Everding ergänzt`: the verb behind shows that the name goes on so far."""
    word = tokens.words[index]
    return (
        tokens.kinds[index] == CAPITAL
        and tokens.words[index + 1] in lexicon.SPEECH_VERBS
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
        return False
    if word.startswith("zu") and not _is_of_house(tokens, index):
        return False
    if word in {"der", "den", "dem", "zum", "zur", "vom", "im"}:
        # only behind another particle: `von der Heydt`, not `Moll der Presse`
        return tokens.words[index - 1].lower() in {"von", "van", "auf", "in", "aus"}
    if tokens.words[index + 1].lower() in lexicon.OCCASIONS:
        return False  # `Moll von Herzen`
    further = index + 1 + (tokens.words[index + 1] in lexicon.PARTICLES)
    body = lexicon.organisation_kind(tokens.words[further]) and tokens.words[further - 1] != "von"
    return tokens.kinds[further] == CAPITAL and not body


def _is_of_house(tokens: Tokens, index: int) -> bool:
    """`Karl zu Guttenberg`, not `Moll zu Beginn` nor `Moll zu Förster Brandt`."""
    before, behind = tokens.words[index - 1], tokens.words[index + 1]
    first_name = lexicon.first_name_gender(before) is not None or before in {"von", "und"}
    return (
        first_name
        and lexicon.office_key(behind) is None
        and behind.lower() not in lexicon.OCCASIONS
        and not behind.lower().endswith(("beginn", "schluss", "ende", "auftakt"))
        and is_name_word(behind)
    )


def is_name_word(word: str, *, known: bool = False) -> bool:
    """Whether a capitalised word can be a surname: no weekday, no organisation, no abstract noun.

    `known`: a known first name stands before it, so that `Hartung` and `Feldhaus` are believed.
    """
    if known:
        return not (
            word.lower().endswith(lexicon.PLACE_ENDINGS) or (len(word) > 1 and word.isupper())
        )
    if word in lexicon.NOT_NAMES or word.lower() in lexicon.TIMES:
        return False
    if "-" not in word and word.lower().endswith(lexicon.NO_NAME_ENDINGS) and len(word) > 5:
        return False
    return not (len(word) > 3 and word.isupper()) and not word.endswith("-")


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


def skip_titles(tokens: Tokens, at: int) -> int:
    """Token behind titles such as `Prof. Dr. h. c.`."""
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
        else:
            break
    return index


def skip_degrees(tokens: Tokens, at: int) -> int:
    """Token behind degrees that follow a name: `Anna Moll, BA MSc, Leiterin …`."""
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
    last = name_end(tokens, first)
    run = [index for index in range(first, last) if tokens.kinds[index] == CAPITAL]
    if not run or (tokens.words[first] in lexicon.NOT_NAMES):
        return None
    known = lexicon.first_name_gender(tokens.words[first]) is not None
    for position, index in enumerate(run):
        if not is_name_word(tokens.words[index], known=known and position > 0):
            if position == 0 or (position == 1 and not tokens.words[index].isalpha()):
                return None
            if tokens.words[index].lower().endswith(lexicon.PLACE_ENDINGS):
                return None
            last = index
            while tokens.kinds[last - 1] == LOWER:
                last -= 1  # `Moll von der SPD`
            run = run[:position]
            break
    if not known and not evidence:
        return None
    if len(run) == 1 and run[0] == first and not (last > first + 1):
        office = lexicon.office_key(tokens.words[first])
        if office and not known and not lexicon.is_surname_too(tokens.words[first]):
            return None
        return first, last, False
    if tokens.kinds[first] == LOWER or tokens.words[first] in {"Von", "Zu"}:
        return first, last, False
    return first, last, True


def gender_of(first_name: str) -> str | None:
    """Gender that a first name shows: that of the list, else `f` for one in -a."""
    gender = lexicon.first_name_gender(first_name)
    if gender is None and first_name.endswith("a"):
        return "f"  # men's names in -a are all in the list
    return gender if gender in {"m", "f"} else None
