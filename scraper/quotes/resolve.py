"""Who a mention is: offices and pronouns become persons.

A mention that fits nobody, or two persons equally well, stays open.
"""

from __future__ import annotations

import dataclasses

from scraper.quotes import lexicon
from scraper.quotes.features import POINTING
from scraper.quotes.offices import read_role
from scraper.quotes.people import Mention, Register
from scraper.quotes.tokens import BREAK, CAPITAL, QUOTE, Tokens

_PERSONAL = frozenset("sagt sagte meint meinte findet lacht lachte schmunzelt schmunzelte".split())
"""Verbs of saying that a council as a whole is seldom the subject of."""
_HONOURED = ("ehrte", "zeichnete", "würdigte")
_COPULAS = frozenset({"ist", "war", "wird", "wurde", "bleibt", "sei"})
_OWN = frozenset({"sein", "seine", "ihr", "ihre", "dessen", "deren"})
_FAR = 400  # tokens that are looked back on
_BEHIND = 40  # tokens behind somebody that may tell of a guest
_TAG = 3  # tokens between a quotation and who says it: `, sagte`
_GUESTS = frozenset({"Gast", "Mann", "Jungen", "Besucher"})
"""Who is named without a name, and may be meant by `dieser`."""
_PRIVATE = frozenset("wohnt wohnte lebt lebte arbeitet kam kommt freut freute".split())
"""Verbs that a text goes on with about somebody new, who holds no office."""


class Resolver:
    """Turns the mentions of one text into persons."""

    def __init__(self, tokens: Tokens, register: Register) -> None:
        self.tokens = tokens
        self.register = register
        self._resolved: dict[int, int | None] = {}
        for mention in register.mentions:
            # In their order: a later `Die Energieberaterin` tells the office of the one just named.
            if mention.kind == "office":
                self.who(mention)
            elif mention.kind == "pronoun" and not mention.oblique:
                self._read_post(mention)

    def _read_post(self, pronoun: Mention) -> None:
        """`Seit Januar ist sie Rektorin.`: a sentence about somebody tells the office."""
        words = self.tokens.words
        if not {words[pronoun.first - 1], words[pronoun.last]} & _COPULAS:
            return
        at = pronoun.last + (words[pronoun.last] in _COPULAS)
        if words[at] == "seit":
            at += 2 + (words[at + 2] in {"Jahren", "Monaten"})  # `Sie ist seit 2019 Rektorin.`
        role = read_role(self.tokens, at) if self.tokens.kinds[at] == CAPITAL else None
        if role is None or words[role[2]] not in {".", ",", "und"}:
            return
        number = self.who(pronoun)
        if number is not None and self.register.entries[number].role is None:
            self.register.give_office(number, role[0], role[1])

    def who(self, mention: Mention) -> int | None:
        """Number of the person a mention stands for; None when that is open."""
        if mention.entry is not None:
            return mention.entry
        if mention.first not in self._resolved:
            self._resolved[mention.first] = None  # a pronoun that leads back to itself is open
            if mention.kind == "office" and mention.office:
                self._resolved[mention.first] = self._office_holder(mention)
            elif mention.kind == "organisation":
                self._resolved[mention.first] = self._councillor(mention)
            elif mention.kind == "pronoun":
                target = self.pronoun_target(mention)
                self._resolved[mention.first] = self.who(target) if target else None
        return self._resolved[mention.first]

    def _office_holder(self, mention: Mention) -> int | None:
        office = mention.office or ""
        if office.endswith(("kollege", "kollegin")):
            return self._colleague(mention)
        if not mention.definite:
            return None
        number = self.register.by_office(office, mention.gender)
        if number is not None:
            return number
        if office in self.register.holders:
            return None
        if office in lexicon.GENERIC:
            return None
        number = self._newly_told(mention)
        if number is None:
            number = self._told_next(mention)
        if number is None and mention.gender:
            number = self._just_named(mention)
            if lexicon.is_descriptive(office):
                return self._described(mention, office, number)
            if number is not None and not self._is_fuller(office, number):
                return None
        return number

    def _colleague(self, mention: Mention) -> int | None:
        """`A und B kamen. A lobte die Brücke. Ihr Kollege …`: the other one of the two."""
        near = map(str.lower, self.tokens.words[max(0, mention.first - 2) : mention.last])
        owner = next((word for word in near if word in _OWN), "")
        before = self.before_mentions(mention.first)
        named = [(self.who(m), m.oblique) for m in before if m.kind != "organisation"]
        subjects = [number for number, oblique in named if number is not None and not oblique]
        both = {number for number, _ in named if number is not None}
        if not owner or not subjects or len(both) != 2 or (None, False) in named:
            return None
        (other,) = both - {subjects[-1]}
        fits = owner.startswith("ihr") or self.register.entries[subjects[-1]].gender == "m"
        return other if fits and self.register.entries[other].gender == mention.gender else None

    def _described(self, mention: Mention, office: str, number: int | None) -> int | None:
        """Who is described: the one just named, unless such an office goes with no such trade."""
        if number is None:
            return self._without_office(mention)
        held = self.register.entries[number].offices
        if held and lexicon.is_honoured(office):
            honoured = self._without_office(mention)  # who congratulates has an office
            number = number if honoured is None else honoured
        return number if all(lexicon.may_describe(office, one) for one in held) else None

    def _is_fuller(self, office: str, number: int) -> bool:
        """`Landesrätin Moll … die Soziallandesrätin`: an office with its department behind."""
        return any(office.endswith(held) for held in self.register.entries[number].offices)

    def _told_next(self, mention: Mention) -> int | None:
        """`Q, sagte der Dezernent. Jan Moll stellte …`: the name follows in the sentence behind.

        So it does in `Der Dezernent zog Bilanz. Q, sagte Jan Moll.` The name is met for the first
        time there, opens the sentence or its speech tag, and comes with no office of its own.
        """
        tokens = self.tokens
        end, count = tokens.sentence(mention.first)[1], len(tokens.starts)
        if end >= count or mention.oblique or mention.gender is None:
            return None
        stop = tokens.sentence(end)[1]
        if tokens.kinds[end] == QUOTE and end + 1 == stop < count:
            end, stop = stop, tokens.sentence(stop)[1]  # a quotation of its own stands between
        behind = self.register.between(mention.last, stop)
        behind = [one for one in behind if one.kind != "organisation"]
        if not behind or behind[0].entry is None or behind[0].first < end:
            return None
        name, number = behind[0], behind[0].entry
        entry = self.register.entries[number]
        if name.kind != "name" or entry.offices or entry.gender != mention.gender:
            return None
        if tokens.words[name.first].lower() in _OWN:
            return None  # `Sein Vorgänger Jan Moll`: somebody else
        if not self._opens_or_says(mention, name, end):
            return None
        if any(one.entry == number for one in self.before_mentions(name.first)):
            return None
        self.register.give_office(number, mention.label, mention.office)
        return number

    def _opens_or_says(self, office: Mention, name: Mention, start: int) -> bool:
        """Whether a name opens its sentence behind a speech tag, or is the speech tag itself."""
        words, kinds = self.tokens.words, self.tokens.kinds
        if kinds[start] == QUOTE:
            says = words[name.first - 1]
            return name.first - start <= _TAG and (says == "so" or says in lexicon.SPEECH_VERBS)
        quoted = self.tokens.sentence(office.first)[0]
        tagged = kinds[quoted] == QUOTE and office.first - quoted <= _TAG + 1
        return (
            (tagged or kinds[start - 1] == QUOTE)
            and name.first == start
            and words[name.last] not in _PRIVATE
        )

    def _councillor(self, body: Mention) -> int | None:
        """`der Stadtrat` is the one `Stadtrat Moll` of before, if there is one."""
        label, words = body.label or "", self.tokens.words
        if words[body.first - 1] != "der" or not (
            lexicon.is_councillor(label) or label == "Magistrat"
        ):
            return None
        number = self.register.by_office(label.lower(), "m")
        if number is None and label == "Magistrat" and words[body.first - 2] in _PERSONAL:
            number = self.register.by_office("bundesrat", "m")
        if number is None and words[body.first - 2] in _PERSONAL:
            return self._just_named(dataclasses.replace(body, gender="m"))
        return number

    def _without_office(self, mention: Mention) -> int | None:
        """`Die Autorin` is the only woman so far of whom no office is told."""
        entries = self.register.entries
        named = (m.entry for m in self.before_mentions(mention.first) if m.kind == "name")
        near = [n for n in set(named) if n is not None and not entries[n].offices]
        fitting = [n for n in near if entries[n].gender == mention.gender]
        if len(fitting) != 1 or any(entries[n].gender is None for n in near):
            return None
        if not (mention.told_age or lexicon.is_occasional(mention.office or "")):
            self.register.give_office(fitting[0], mention.label, mention.office)
        return fitting[0]

    def _just_named(self, mention: Mention) -> int | None:
        """`Boxerin Irina Moll … sagte die Weltmeisterin`: the subject of the sentence before."""
        tokens = self.tokens
        sentence = tokens.sentences[mention.first]
        # The break between two paragraphs counts as a sentence.
        reach = 1 + (tokens.kinds[tokens.sentence(mention.first)[0] - 1] == BREAK)
        fitting = set()
        for earlier in reversed(self.before_mentions(mention.first)):
            if sentence - tokens.sentences[earlier.first] > reach:
                break
            number = self.who(earlier) if earlier.kind == "pronoun" else earlier.entry
            if number is not None and self.gender(earlier) == mention.gender:
                fitting.add(number)
        if not fitting and lexicon.is_descriptive(mention.office or ""):
            fitting = self._only_one_so_far(mention)
        return fitting.pop() if len(fitting) == 1 else None

    def _only_one_so_far(self, mention: Mention) -> set[int]:
        """The one person of this paragraph, of whom it has told for some sentences."""
        before = [m for m in self.before_mentions(mention.first) if m.kind != "organisation"]
        low = max(0, mention.first - _FAR)
        paragraph = self.tokens.kinds.rfind(BREAK, low, mention.first)
        near = [m for m in before if m.first >= paragraph]
        named = {self.who(m) for m in near}
        alone = len(named) == 1 and None not in named
        fits = alone and self.gender(near[-1]) == mention.gender
        return {number for number in named if number is not None} if fits else set()

    def _newly_told(self, mention: Mention) -> int | None:
        """`…, sagt Manuela Trautwein. Die Energieberaterin …`: the office of the one just named."""
        if "gebürtige" in self.tokens.words[mention.first : mention.last]:
            return None
        before = self.before_mentions(mention.first)
        sentence = self.tokens.sentences[mention.first]
        for earlier in reversed(before[-4:]):
            number = earlier.entry
            if number is None or (earlier.oblique and self._has_subject(earlier)):
                continue
            if sentence - self.tokens.sentences[earlier.first] > 3:
                return None  # two sentences and the break between paragraphs
            apart = BREAK in self.tokens.kinds[earlier.last : mention.first]
            if apart and not (mention.told_age or lexicon.is_descriptive(mention.office or "")):
                return None  # a new paragraph may be about somebody new
            entry = self.register.entries[number]
            if mention.gender is None:
                return None
            if {entry.gender, mention.gender} == {"m", "f"}:
                continue  # cannot be meant
            if entry.full and " " not in entry.name and not mention.told_age:
                continue  # a child, of whom no more than the first name is printed
            if entry.offices:
                return None
            if self._is_beside(earlier) and self._is_one_of_many(number):
                return None
            if not (mention.told_age or lexicon.is_occasional(mention.office or "")):
                self.register.give_office(number, mention.label, mention.office)
            return number
        return None

    def _is_beside(self, mention: Mention) -> bool:
        """`Auch Karl Brandt und Eva Busch waren da`: named among others."""
        words = self.tokens.words
        return "und" in {words[mention.first - 1], words[mention.last]}

    def _is_one_of_many(self, number: int) -> bool:
        """Whether somebody else of that gender is named, whom a description may mean as well."""
        gender = self.register.entries[number].gender
        others = self.register.entries[:50]
        return any(other.gender == gender and other.offices for other in others)

    def _has_subject(self, mention: Mention) -> bool:
        """`Moll gewann vor Lau`: whether somebody else is the subject of a mention's sentence."""
        first, last = self.tokens.sentence(mention.first)
        return any(
            other.entry not in {None, mention.entry} and not other.oblique
            for other in self.register.between(first, last)
        )

    def before_mentions(self, token: int) -> list[Mention]:
        """The mentions in the 400 tokens before a token."""
        return self.register.between(max(0, token - _FAR), token)

    def pronoun_target(self, pronoun: Mention) -> Mention | None:
        """The person that `er` or `sie` stands for: the nearest subject of that gender."""
        sentence = self.tokens.sentences[pronoun.first]
        if (pronoun.label or "").endswith(_HONOURED) and not self._is_only_one(pronoun, sentence):
            return None  # `der Geehrte` is hardly the one who spoke last
        groups: dict[int, list[Mention]] = {}
        for mention in self.before_mentions(pronoun.first):
            told = mention.kind not in {"organisation", "pronoun"} or self._is_pointing(mention)
            if told and not self.is_predicate(mention):
                groups.setdefault(self.tokens.sentences[mention.first], []).append(mention)
        for number in sorted(groups, reverse=True)[:6]:
            fitting = [m for m in groups[number] if self._fits(pronoun, m)]
            if number == sentence and all(m.oblique for m in fitting):
                continue
            if fitting:
                subject = first_subject(fitting)
                if self.tokens.words[pronoun.first].lower() in POINTING:
                    return self._pointed_at(fitting, groups[number])
                return None if subject and self.is_pair(subject, fitting) else subject
            unsure = next((m for m in groups[number] if self.gender(m) is None), None)
            if unsure:
                return unsure if self._is_only_one(pronoun, sentence) else None
        return None

    def _is_pointing(self, mention: Mention) -> bool:
        """`Dieser dankte.`: the text goes on about whoever that is."""
        return mention.kind == "pronoun" and self.tokens.words[mention.first].lower() in POINTING

    def _pointed_at(self, fitting: list[Mention], group: list[Mention]) -> Mention | None:
        """`Moll dankte Lutz. Dieser …`: the one named last, unless a guest is told of.

        `Moll führte den Gast durchs Haus. Dieser …` is about somebody else.
        """
        found, words = fitting[-1], self.tokens.words
        if any(m.kind == "office" and m.first > found.first and self.who(m) is None
               and self.gender(m) in {found.gender, None} for m in group):  # fmt: skip
            return None  # `Moll dankte dem scheidenden Amtsleiter. Dieser …`
        if found.oblique:
            return found
        end = min(self.tokens.sentence(found.first)[1], found.last + _BEHIND)
        behind = words[found.last : end]
        nouns = [w for w in behind if w[:1].isupper() and lexicon.office_key(w) is None]
        guest = any(w in _GUESTS or lexicon.is_epithet(w.removesuffix("n")) for w in nouns)
        return None if guest or _GUESTS & set(behind) else found

    def _fits(self, pronoun: Mention, mention: Mention) -> bool:
        """Same gender; `bekommt einen neuen Chef. Er …`: the post is new, the man has a name."""
        if self.gender(mention) != pronoun.gender:
            return False
        return not (mention.kind == "office" and mention.oblique and self.who(mention) is None)

    def _is_only_one(self, pronoun: Mention, sentence: int) -> bool:
        """Whether a pronoun can mean but one of the persons of the last sentences."""
        near = {
            self.who(m)
            for m in self.before_mentions(pronoun.first)
            if sentence - self.tokens.sentences[m.first] < 5
            and m.kind != "organisation"
            and self.gender(m) in {pronoun.gender, None}
        }
        return len(near - {None}) == 1

    def is_predicate(self, mention: Mention) -> bool:
        """`Sie ist die erste Frau im Amt`: says what somebody is, names nobody new."""
        words = self.tokens.words
        if mention.kind != "office":
            return False
        if words[mention.first].lower() not in lexicon.DETERMINERS:
            # `war bisher Dramaturgin`
            return bool(_COPULAS & set(words[max(0, mention.first - 3) : mention.first]))
        return words[mention.first - 1] in _COPULAS

    def gender(self, mention: Mention) -> str | None:
        """Gender of the person a mention stands for, else the one that its words show."""
        number = self.who(mention)
        if number is not None and self.register.entries[number].gender:
            return self.register.entries[number].gender
        return mention.gender

    def of_gender(self, gender: str, token: int) -> Mention | None:
        """The man or the woman last spoken of before a token."""
        pronoun = Mention(token, token, "pronoun", gender=gender)
        return self.pronoun_target(pronoun)

    def is_pair(self, subject: Mention, mentions: list[Mention]) -> bool:
        """`A und B betonten`: nobody knows who of them it was."""
        for other in mentions:
            if other.first > subject.last and other.first - subject.last <= 2:
                between = self.tokens.words[subject.last : other.first]
                if between[:1] in (["und"], ["sowie"]) and self.who(other) != self.who(subject):
                    return True
        return False


def first_subject(mentions: list[Mention], *, strict: bool = False) -> Mention | None:
    """The first mention that can be a subject; without `strict` any first one."""
    for mention in mentions:
        if not mention.oblique:
            return mention
    return mentions[0] if mentions and not strict else None
