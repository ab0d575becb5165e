"""Sources that a sentence names: `laut X`, `nach Angaben`, `so X`, `wie X sagt`, `heißt es`."""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.indirect_content import holds_content
from scraper.quotes.indirect_cues import SOURCES, VERBS, lays_down, stated_by
from scraper.quotes.indirect_region import Region, has_words
from scraper.quotes.indirect_speakers import NOBODY, Voice, Voices
from scraper.quotes.people import Mention
from scraper.quotes.sources import institution
from scraper.quotes.tokens import CAPITAL, LOWER, NUMBER

_OWN = frozenset({"eigenen", "eigener", "eigene", "eigenem"})
_BEFORE_NOUN = frozenset({"Nach", "nach", "Laut", "laut", "Aus", "aus", "In", "in"})
_PLACED = {"aus": frozenset({"Sicht", "Perspektive"}), "in": frozenset({"Augen"})}
_OWN_NEWS = frozenset({"Erkenntnissen", "Informationen", "Erfahrung", "Erfahrungen", "Vorstellung"})
_PERSONS = {"er": "m", "sie": "f"}
_LOOK = 6  # tokens around a source noun


def laut(region: Region, voices: Voices, at: int) -> Voice | None:
    """`Laut Polizei …`, `… laut Betriebsleiter Krings …`, not `laut singen` or `laut Satzung`."""
    tokens = region.tokens
    behind = at + 1
    if tokens.words[behind] == ".":
        behind += 1
    kind, word = tokens.kinds[behind], tokens.words[behind]
    if kind == LOWER and word not in lexicon.DETERMINERS and not word.endswith(("em", "er", "en")):
        return None
    if kind not in {LOWER, CAPITAL, NUMBER}:
        return None
    end = _phrase_end(region, behind)
    nouns = [w for w in tokens.words[behind:end] if w[:1].isupper()]
    if not nouns or any(map(lays_down, nouns[:2])):
        return None
    if nouns[0] in SOURCES:
        owner = _owner(region, voices, region.words.index(nouns[0], behind))
        return owner or voices.current
    for mention in voices.mentions(behind, min(behind + 4, region.last)):
        return voices.of_mention(mention)
    if tokens.words[at].lower().startswith("gem"):
        return None
    return voices.phrase(behind, region.last, loose=True)


def zufolge(region: Region, voices: Voices, at: int) -> Voice | None:
    """`Der Kreisverwaltung zufolge …`."""
    first = max(region.clause_start(at), at - 12)
    if first == at:
        return None
    mentions = voices.mentions(first, at)
    if mentions:
        return voices.of_mention(mentions[-1])
    start = at
    while start > first and region.tokens.kinds[start - 1] in {CAPITAL, LOWER}:
        start -= 1
        word = region.words[start].lower()
        if word in lexicon.DETERMINERS or word in lexicon.OBLIQUE_DETERMINERS:
            break
    nouns = [w for w in region.words[start:at] if w[:1].isupper()]
    if not nouns or any(map(lays_down, nouns)):
        return None
    if nouns[-1] in SOURCES and nouns[-1] != "Bericht":
        return voices.current  # `den Angaben zufolge`: those of whoever was named last
    return voices.phrase(start, at, loose=True) or NOBODY


def source(region: Region, voices: Voices, at: int) -> Voice | None:
    """`Nach Angaben der Feuerwehr …`, `Seiner Meinung nach …`, `aus Sicht der Stadt`."""
    words = region.words
    lead = _lead(region, at)
    if lead is None:
        return None
    if (stated := stated_by(words[at])) is not None:
        return Voice(stated)
    if not _OWN.isdisjoint(lead):
        return voices.subject(at, region.first, region.clause_end(at), loose=False) or NOBODY
    owner = _owner(region, voices, at)
    if owner is not None:
        return owner
    possessive = next((w for w in lead if w.lower().startswith(("sein", "ihr"))), None)
    if possessive is not None:
        owner = voices.owner("m" if possessive.lower().startswith("sein") else "f", at)
        return owner if owner != NOBODY else voices.told_of(region.first, at) or NOBODY
    if words[at] in _OWN_NEWS:
        return None  # `nach bisherigen Erkenntnissen`: those of the release itself
    return NOBODY if lead or words[at + 1] == "nach" else None


def _lead(region: Region, at: int) -> list[str] | None:
    """The words between `nach` and a source noun; None when it is no source."""
    words = region.words
    before = words[max(region.first, at - 4) : at]
    if words[at + 1] == "nach":
        return before
    position = next((i for i, word in enumerate(before) if word in _BEFORE_NOUN), None)
    if position is None:
        return None
    preposition, lead = before[position].lower(), before[position + 1 :]
    noun = words[at]
    if any(word[:1].isupper() for word in lead):
        return None
    if noun in _PLACED.get(preposition, ()):
        genitive = words[at + 1] in {"der", "des", "von", "vom"}
        return lead if genitive or noun != "Augen" else None
    seen = noun in {"Augen", "Sicht", "Perspektive"}
    if seen or preposition in {"aus", "in"}:
        return None
    reported = noun in {"Bericht", "Urteil"} and not {"dem", "einem", "den"}.isdisjoint(lead)
    return None if reported else lead


def _owner(region: Region, voices: Voices, at: int) -> Voice | None:
    """Whose word it is: `Angaben der Polizei`, `Angaben von Müller`."""
    words = region.words
    behind = at + 1 + (words[at + 1] in {"von", "vom"})
    for mention in voices.mentions(behind, min(at + _LOOK, region.last)):
        if all(map(_may_be_attribute, words[behind : mention.first])):
            return voices.of_mention(mention)
        break
    article = words[behind].lower()
    if article in {"der", "des", "eines", "einer"} or words[at + 1] in {"von", "vom"}:
        return voices.phrase(behind, region.last, loose=True)
    return None


def _may_be_attribute(word: str) -> bool:
    """Whether a word may stand before a noun: an article or an adjective."""
    lower = word.lower()
    if lower in lexicon.DETERMINERS or lower in lexicon.OBLIQUE_DETERMINERS:
        return True
    return (
        lower == word and word.endswith(("en", "er", "es")) and not lexicon.is_function_word(word)
    )


def _phrase_end(region: Region, at: int) -> int:
    """Token behind the first run of capitalised words from `at` on."""
    kinds = region.tokens.kinds
    index = at
    while index < min(at + 4, region.last) and kinds[index] != CAPITAL:
        index += 1
    while index < region.last and kinds[index] == CAPITAL:
        index += 1
    return index


def so(region: Region, voices: Voices, at: int) -> Voice | None:
    """`Möglich wird das durch zwei neue Stellen, so Bibliotheksleiterin Farah Lindqvist.`."""
    words, kinds = region.words, region.tokens.kinds
    if at == region.first or words[at - 1] not in {",", "–", "—", "-", ")"}:
        return None
    if not has_words(region, region.first, at - 1):
        return None
    behind = at + 1
    if words[behind] in {"auch", "etwa", "zum", "etwas"}:
        behind += 1
    if kinds[behind] == LOWER and words[behind] not in {
        "der",
        "die",
        "das",
        "eine",
        "ein",
        "er",
        "sie",
    }:
        return None
    end = region.clause_end(behind)
    if kinds[behind] == CAPITAL and not voices.mentions(behind, behind + 2):
        if words[behind].lower() in lexicon.SPEECH_NOUNS or words[behind] in lexicon.NOT_NAMES:
            return None
        if lexicon.is_naming_noun(words[behind]) or end - behind > 8:
            return None
        region.tagged = True
        return voices.phrase(behind, end, loose=True)
    region.tagged = True
    return voices.behind(behind, end, loose=False)


def wie(region: Region, voices: Voices, at: int) -> Voice | None:
    """`Wie die Bezirksregierung mitteilte, …`, `…, wie Dreyer sagt.`."""
    words = region.words
    if at > region.first and words[at - 1] not in {",", "–", "(", ";"}:
        return None
    if words[at + 1] == "es" and words[at + 2] in {"heißt", "hieß"}:
        return NOBODY
    verb = _last_verb(region, at)
    if verb is None or (at == region.first and region.clause_end(verb) >= region.last):
        return None
    if words[at + 1] in _PERSONS and verb == at + 2:
        return voices.owner(_PERSONS[words[at + 1]], at + 1)
    mentions = [m for m in voices.mentions(at + 1, verb) if not m.oblique]
    if mentions:
        return NOBODY if voices.joint(mentions[0]) else voices.of_mention(mentions[0])
    return voices.phrase(at + 1, verb, loose=True)


def _last_verb(region: Region, at: int) -> int | None:
    """The verb of speech that ends the clause of `wie`, behind an apposition at the latest."""
    words = region.words
    end = region.clause_end(at + 1)
    verb = end - 1
    while verb > at + 1 and words[verb] in {".", "!", "?", ")"}:
        verb -= 1
    if words[verb] not in VERBS and words[end] == ",":
        verb = region.clause_end(end + 1) + 1  # `wie Moll, Leiterin des Amts, berichtet`
    if not at + 2 <= verb <= at + 30 or verb >= region.last:
        return None
    fits = any(
        "t" in one.frames and (not one.particle or words[verb - 1] == one.particle[-1])
        for one in VERBS.get(words[verb], ())
    )
    return verb if fits else None


def _wording(region: Region, voices: Voices, at: int) -> Voice | None:
    """`…, lautete die Empfehlung des Gremiums.`."""
    words = region.words
    if (
        at == region.first
        or words[at - 1] != ","
        or words[at + 2].lower() not in lexicon.SPEECH_NOUNS
    ):
        return None
    return _owner(region, voices, at + 2) if has_words(region, region.first, at - 1) else None


def _told_at(region: Region, voices: Voices, at: int, end: int) -> list[Mention]:
    """The bodies of `heißt es in der Vorlage` and `Beim Verband heißt es, …`."""
    words, start = region.words, region.clause_start(at)
    behind = [m for m in voices.mentions(at, end) if words[m.first - 1] != "auf"]
    ahead = words[start] in {"Beim", "Bei", "Seitens", "Vonseiten"}
    return behind or (voices.mentions(start, at) if ahead else [])


def heisst(region: Region, voices: Voices, at: int) -> Voice | None:
    """`…, heißt es aus dem Rathaus.`, `Darin heißt es, die Linie müsse …`."""
    words = region.words
    if words[at].startswith("laut"):
        return _wording(region, voices, at)
    if words[at + 1] != "es" and words[at - 1] not in {"es", "Es"}:
        return None
    ahead = at > region.first and words[at - 1] in {",", "–"}
    if ahead:
        if not has_words(region, region.first, at - 1):
            return None
    elif not holds_content(region, at, frozenset("dkm")):
        return None
    end = region.clause_end(at)
    nouns = [w for w in words[at:end] if w[:1].isupper()]
    if any(map(lays_down, nouns)):
        return None
    if words[region.first] == "Darin":
        papers = [m for m in voices.mentions(max(0, at - 40), at) if m.paper]
        return voices.of_mention(papers[-1]) if papers else NOBODY
    if mentions := _told_at(region, voices, at, end):
        found = institution(mentions)
        return voices.of_mention(found) if found is not None else NOBODY
    for index in (*range(at, end), region.clause_start(at)):
        if words[index] in {"aus", "von", "vom", "seitens", "beim", "bei", "Aus", "Von", "Vom"}:
            if region.tokens.kinds[index + 1] == CAPITAL:
                return NOBODY  # `heißt es aus Mainz`
            return voices.phrase(index + 1, end, loose=True) or NOBODY
    return NOBODY
