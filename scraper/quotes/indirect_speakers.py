"""Who is meant by the subject of a verb of speech, by a source, or by nobody in particular.

All that indirect speech asks of the register and its mentions goes through `Voices`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.quotes import lexicon
from scraper.quotes.indirect_cues import is_thing, is_voice
from scraper.quotes.offices import complement_end
from scraper.quotes.people import Mention
from scraper.quotes.tokens import BREAK, CAPITAL, LOWER, NUMBER, QUOTE

if TYPE_CHECKING:
    from scraper.quotes.resolve import Resolver

_ADVERBS = frozenset(
    "ihn auch weiter dazu zudem dabei daher damals gestern heute nun jetzt hingegen dagegen "
    "jedoch aber indes denn etwa ferner außerdem gar sich ihm ihr ihnen".split()
)
_NOBODY = frozenset("man es das dies wer niemand alle beide viele einige manche".split())
_MANY = frozenset("viele alle beide einige manche mehrere andere".split())
_JOINING = frozenset({"und", "sowie", "aber", "doch"})
_INDEFINITE = frozenset("ein eine einer eines einem einen mehrere zwei drei manche einige".split())


class Voice(NamedTuple):
    """Somebody who speaks."""

    name: str | None = None
    role: str | None = None
    entry: int | None = None
    """Number in the register."""
    gender: str | None = None


NOBODY = Voice()


def _nominative(label: str, article: str) -> str:
    """`des Statistikamts` → `Statistikamt`, `des Verbandes` → `Verband`."""
    if article not in {"des", "eines"} or " " in label or len(label) < 5:
        return label
    if lexicon.organisation_kind(label):
        return lexicon.nominative(label)  # `Kreis` has lost its ending already
    if label.endswith("es"):
        return label[:-2]
    return label[:-1] if label.endswith("s") and not label.endswith(("ss", "us")) else label


def _without_others(label: str) -> str:
    """`Stadt Hauseigentümerinnen` → `Stadt`: whom a body speaks to is no part of its name."""
    words = label.split()
    for position, word in enumerate(words[1:], 1):
        if word.lower() in lexicon.GROUPS or word.endswith("innen"):
            return " ".join(words[:position])
    return label


class Voices:
    """Finds the speakers of indirect speech among the mentions of one text."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.tokens = resolver.tokens
        self.register = resolver.register
        self.current = NOBODY
        """Whoever was speaking last."""
        self._spoken: dict[tuple[str, str | None], Voice] = {}
        self.fresh = False
        """Whether that was in the sentence before."""

    def mentions(self, first: int, last: int) -> list[Mention]:
        """Mentions in a range of tokens."""
        return self.register.between(first, last)

    def of_entry(self, name: str | None, role: str | None) -> Voice:
        """The speaker of a direct quotation."""
        if name is None:
            return Voice(None, role)
        known = self._spoken.get((name, role))
        if known is None:
            known = self._spoken[name, role] = self._entered(name, role)
        return known

    def _entered(self, name: str, role: str | None) -> Voice:
        number = self.register.by_surname(name, None, None)
        if number is None or self.register.entries[number].name != name:
            return Voice(name, role)
        return Voice(name, role, number, self.register.entries[number].gender)

    def of_mention(self, mention: Mention) -> Voice:
        """Name and office of whoever a mention stands for."""
        if mention.kind == "pronoun":
            return self._of_pronoun(mention)
        number = self.resolver.who(mention)
        if number is not None:
            person = self.register.person(number)
            return Voice(person.name, person.role, number, person.gender)
        if mention.kind == "organisation":
            article = self.tokens.words[mention.first - 1].lower()
            return Voice(_nominative(_without_others(mention.label or ""), article))
        if mention.kind == "office":
            article = self.tokens.words[mention.first - 1].lower()
            label = _nominative(mention.label, article) if mention.label else None
            return Voice(None, label, None, mention.gender)
        return NOBODY

    def _of_pronoun(self, mention: Mention) -> Voice:
        """Whoever was speaking if `er` or `sie` fits, else the nearest subject that does."""
        spoken = self.current
        fits = spoken.gender == mention.gender or (spoken.name and spoken.gender is None)
        if self.fresh and fits and spoken != NOBODY:
            return spoken
        number = self.resolver.who(mention)
        if number is not None:
            person = self.register.person(number)
            return Voice(person.name, person.role, number, person.gender)
        target = self.resolver.pronoun_target(mention)
        if target is not None and target.kind == "office":
            return Voice(None, target.label, None, target.gender)
        return spoken if spoken.gender == mention.gender else NOBODY

    def owner(self, gender: str, at: int) -> Voice:
        """Whoever `seiner` or `ihrer` before token `at` means."""
        return self._of_pronoun(Mention(at, at, "pronoun", gender=gender))

    def joint(self, mention: Mention) -> bool:
        """`A und B betonten`: two persons at once."""
        words, kinds, behind = self.tokens.words, self.tokens.kinds, mention.last + 1
        if words[mention.last] in {"und", "sowie"}:
            article = words[behind] in {"die", "der", "das"}
            if kinds[behind + article] == CAPITAL and (article or mention.kind != "pronoun"):
                return True
        near = self.mentions(max(0, mention.first - 12), mention.last + 12)
        at = near.index(mention)
        for one, other in zip(near[max(0, at - 1) : at + 1], near[at : at + 2], strict=False):
            between = self.tokens.words[one.last : other.first]
            if one is not other and between[:1] in (["und"], ["sowie"]) and len(between) <= 2:
                who = self.resolver.who
                return who(one) != who(other) or one.kind == "organisation"
        return False

    def behind(self, at: int, last: int, *, loose: bool) -> Voice | None:
        """The subject right behind a verb or `so`; None when there is none.

        `loose`: a noun phrase will do that nothing shows to be a person or a body.
        """
        words, kinds = self.tokens.words, self.tokens.kinds
        index = at
        while index < last and kinds[index] == LOWER and words[index] in _ADVERBS:
            index += 1
        if words[index] == "Sie":
            return None  # the reader
        if words[index] in _MANY and kinds[index + 1] != CAPITAL:
            return NOBODY
        for mention in self.mentions(index, min(index + 5, last)):
            between = words[index : mention.first]
            if mention.oblique or any(word in lexicon.PREPOSITIONS for word in between):
                break
            if mention.kind != "pronoun" and kinds[index] == CAPITAL and mention.first > index + 1:
                break  # `sagte Xy, Leiter …`: the word before is a name of its own
            return NOBODY if self.joint(mention) else self.of_mention(mention)
        return self.phrase(index, last, loose=loose)

    def whole_phrase(self, at: int, last: int) -> Voice | None:
        """A noun phrase that fills a clause but for a particle: `kündigt der Betrieb an`."""
        words, kinds = self.tokens.words, self.tokens.kinds
        article = words[at].lower()
        end = last
        while end > at and words[end - 1] in {".", "!", ""}:
            end -= 1
        if kinds[end - 1] == LOWER:
            end -= 1
        if article not in {"der", "die", "das", "eine", "ein"} or kinds[end - 1] != CAPITAL:
            return None
        if any(kind == CAPITAL for kind in kinds[at : end - 1]):
            return None
        return self.phrase(at, end, loose=True)

    def phrase(self, at: int, last: int, *, loose: bool) -> Voice | None:
        """The noun phrase at `at` as a speaker that nobody introduced."""
        words, kinds = self.tokens.words, self.tokens.kinds
        article = words[at].lower()
        if article in _NOBODY and kinds[at + 1] != CAPITAL:
            return None
        index = self._noun(at, last)
        end = self._run(index, last)
        if end == index or lexicon.is_function_word(words[index].lower()):
            return None
        head = words[end - 1] if words[end - 1][:1].isupper() else words[index]
        known = any(is_voice(word) for word in words[index:end] if word[:1].isupper())
        if is_thing(head) or not (loose or known):
            return None
        if article in {"der", "die"} and head.endswith(("te", "ene")) and not known:
            return NOBODY  # `die Befragte`
        if article in _INDEFINITE and (lexicon.office_key(head) or head.endswith("er")):
            return NOBODY
        if words[end] == "und" and kinds[end + 1] == CAPITAL and head.endswith("innen"):
            end += 2  # `Schülerinnen und Schüler`
        return Voice(_nominative(self.tokens.slice(index, end), article))

    def _noun(self, at: int, last: int) -> int:
        """The noun of a phrase, behind its article and adjectives; `last` when there is none."""
        words, kinds = self.tokens.words, self.tokens.kinds
        article = words[at].lower()
        determined = article in lexicon.DETERMINERS or article in lexicon.OBLIQUE_DETERMINERS
        index = at + (determined or article in _INDEFINITE)
        while index < last and kinds[index] in {LOWER, NUMBER} and index < at + 4:
            word = words[index]
            attributive = word.endswith(("e", "en", "er", "em", "es")) or kinds[index] == NUMBER
            if not attributive or lexicon.is_function_word(word):
                return last
            index += 1
        return index

    def _run(self, index: int, last: int) -> int:
        """Token behind the capitalised words from `index` on, with what `für` adds to them."""
        words, kinds = self.tokens.words, self.tokens.kinds
        end = index
        while end < last and kinds[end] == CAPITAL and end < index + 5:
            if end > index and words[end].lower() in lexicon.TIMES:
                break
            end += 1
        if end > index and words[end] == "für" and kinds[end + 1] == CAPITAL:
            end = complement_end(self.tokens, end, frozenset({"für"}))
        return end

    def subject(self, verb: int, first: int, last: int, *, loose: bool) -> Voice | None:
        """The subject of a verb in a sentence that starts at `first`, its clause ending at `last`.

        The clause before the verb, what is behind it, then the whole sentence before it.
        """
        words, kinds = self.tokens.words, self.tokens.kinds
        start = verb
        while start > first and words[start - 1] not in {",", ";", ":", "–"}:
            if kinds[start - 1] in {BREAK, QUOTE}:
                break
            start -= 1
        if words[verb - 1] in _JOINING:
            # `Die Polizei rät davon ab, … zu nutzen, und bittet darum, …`
            before = [m for m in self.mentions(first, verb) if not m.oblique]
            return self._first_of(before) if before else self.phrase(first, verb, loose=loose)
        ahead = [m for m in self.mentions(start, verb) if not m.oblique and m.last <= verb]
        if ahead:
            return self._first_of(ahead)
        found = self.behind(verb + 1, last, loose=False) if verb + 1 < last else None
        if found is not None:
            return found
        if start < verb and kinds[start] != QUOTE:
            phrase = self.phrase(start, verb, loose=loose)
            if phrase is not None:
                return phrase
        earlier = [m for m in self.mentions(first, start) if not m.oblique]
        if earlier:
            return self._first_of(earlier)
        return self.behind(verb + 1, last, loose=loose) if verb + 1 < last else None

    def _first_of(self, mentions: list[Mention]) -> Voice:
        people = [m for m in mentions if m.kind != "organisation"] or mentions
        chosen = people[0]
        return NOBODY if self.joint(chosen) else self.of_mention(chosen)

    def told_of(self, first: int, last: int) -> Voice | None:
        """Whom a sentence of narration is about; None when it names nobody as its subject."""
        mentions = [m for m in self.mentions(first, last) if not m.oblique and not m.paper]
        people = [m for m in mentions if m.kind != "organisation"]
        if not people and not mentions:
            return None
        chosen = (people or mentions)[0]
        return None if self.joint(chosen) else self.of_mention(chosen)
