"""Who says a quotation: the mention that its construction points to, as a name and an office.

    after     the first subject behind it: `Q, betont die Kämmerin`
    before    the subject of the lead-in; for `Ihre Antwort:` the woman last spoken of
    split     whoever said the first half
    fragment  `so Moll` in the sentence, else its subject, else whoever was speaking
    alone     the subject of the nearest sentence before it, the headline, or the sentence behind
    signed    the paragraph behind it

A wrong speaker is worse than none: two candidates, or none that fits in gender, give None.
"""

from __future__ import annotations

from dataclasses import dataclass

from scraper.quotes import lexicon
from scraper.quotes.clauses import Clauses
from scraper.quotes.context import (
    Construction,
    Context,
    names_words_all,
    points_back,
    quotes_a_paper,
)
from scraper.quotes.names import owned_office
from scraper.quotes.people import Mention, Register
from scraper.quotes.resolve import first_subject
from scraper.quotes.sources import Sources, institution
from scraper.quotes.tokens import BREAK, CAPITAL, QUOTE, Tokens


@dataclass(slots=True)
class Speaker:
    """Who says a quotation."""

    name: str | None = None
    role: str | None = None
    mention: Mention | None = None


class Attribution(Clauses, Sources):
    """Finds the speakers of one text, quotation by quotation in their order."""

    def __init__(self, tokens: Tokens, register: Register) -> None:
        super().__init__(tokens, register)
        self._last = Speaker()

    def speaker(self, here: Context, construction: Construction) -> Speaker:
        """The speaker of a quoted string that is speech."""
        if construction == "split":
            found = self._last
        else:
            mention = {
                "after": self._after,
                "before": self._before,
                "alone": self._alone,
                "fragment": self._fragment,
                "signed": self._signed,
            }[construction](here)
            found = self._as_speaker(mention)
            if mention is not None and mention.kind == "pronoun" and found.name is found.role:
                found = self._as_speaker(self._named_behind(here, mention))
        self._last = found
        return found

    def _as_speaker(self, mention: Mention | None) -> Speaker:
        if mention is None:
            return Speaker()
        mention.spoke = True
        number = self._who(mention)
        if number is not None:
            person = self._register.person(number)
            return Speaker(person.name, person.role, mention)
        if mention.kind == "organisation":
            return Speaker(mention.label, None, mention)
        if mention.kind == "office":
            return Speaker(None, self._fuller_label(mention), mention)
        if mention.kind == "pronoun":
            target = self._pronoun_target(mention)
            if target is not None and target.kind == "office":
                return Speaker(None, target.label, mention)
            if target is None:
                return Speaker(None, mention.label, mention)
        return Speaker(None, None, mention)

    def _fuller_label(self, mention: Mention) -> str | None:
        """`Der Sprecher` is the `Sprecher der Polizei` of some sentences before."""
        if mention.label is None or mention.office in lexicon.RELATIONS:
            return None
        for earlier in self._before_mentions(mention.first) if mention.definite else ():
            same = earlier.kind == "office" and self._who(earlier) is None
            if same and (earlier.label or "").startswith(f"{mention.label} "):
                return earlier.label
        return mention.label

    def _after(self, here: Context) -> Mention | None:
        tokens = self._tokens
        end = self._clause_end(here.token + 1, here.last)
        mentions = self._register.between(here.token + 1, end)
        words = tokens.words[here.token + 1 : end]
        if (
            tokens.words[here.token + 2] in {"lautet", "lautete", "so"}
            and words[2:3]
            and words[2].startswith(("sein", "ihr"))
        ):
            return self._of_gender("m" if words[2].startswith("sein") else "f", here.first)
        if {"es", "dort"} <= set(words[:6]) and not mentions:
            return self._body_before(here)
        if "es" in words[:5] and ({"heißt", "hieß"} & set(words[:4]) or "geheißen" in words):
            return self._jury_of(institution(mentions), here.first)
        if lexicon.CITING & set(words[:3]):
            return self._cited(mentions, here.token + 1)
        mentions = [m for m in mentions if not m.paper or "schreibt" in words or m.entry]
        near = [m for m in mentions if not m.oblique]
        if self._has_unknown_subject(here, mentions):
            return None
        if near and near[0].kind == "pronoun" and (body := self._body_meant(here, near[0])):
            return body
        if near:
            joint = _is_plural(words) and self._is_joint(near[0], near)
            return None if joint else near[0]
        if not mentions:
            return None
        # `Q, klang es von Stadtrat Moll` has nobody else; farther off it is no subject.
        first = mentions[0]
        if tokens.words[first.first - 1] in {"von", "vom"} and first.first - here.token < 6:
            return first
        # `Q, lautete das Urteil der Jury`: the noun says whose words they are.
        nouns = tokens.words[here.token + 1 : first.first]
        if any(word.lower() in lexicon.SPEECH_NOUNS for word in nouns if word[:1].isupper()):
            return first
        return (
            first
            if first.kind != "organisation"
            and first.first - here.token < 8
            and not {"hören", "hieß", "vernehmen"} & set(words)
            else None
        )

    def _is_joint(self, first: Mention, mentions: list[Mention]) -> bool:
        """`Q, freuen sich A und B`: both say it, which is as good as nobody knows who."""
        return any(
            other.first == first.last + 1
            and self._tokens.words[first.last] in {"und", "sowie"}
            and self._who(other) != self._who(first)
            and other.kind == first.kind == "name"
            for other in mentions
        )

    def _has_unknown_subject(self, here: Context, mentions: list[Mention]) -> bool:
        """`Q, findet Xy aus der 4b`: the verb has a subject that nobody introduced."""
        at = here.token + 3 if self._tokens.words[here.token + 1] in {",", "–"} else here.token + 2
        if self._tokens.words[at] in {"sich", "auch", "dazu", "zudem"}:
            at += 1
        if self._tokens.words[at] in {"der", "die", "das"}:
            at += 1
        word = self._tokens.words[at]
        if self._tokens.kinds[at] != CAPITAL or lexicon.is_function_word(word.lower()):
            return False
        if word.lower() in lexicon.SPEECH_NOUNS:
            return False  # `so das Fazit von …`
        if lexicon.office_key(word) and self._tokens.words[at + 1] in {"und", "sowie"}:
            return False  # `sagte Bürgermeisterin und Vorsitzende Moll`
        if word.lower() in lexicon.TIMES or lexicon.is_role_adjective(word):
            return False
        owned = owned_office(self._tokens, at) or at + 1
        return not any(m.first <= max(at + 1, owned) for m in mentions)

    def _clause_end(self, first: int, last: int) -> int:
        for index in range(first, last):
            kind = self._tokens.kinds[index]
            if kind in {QUOTE, BREAK} or self._tokens.words[index] == ";":
                return index
        return last

    def _before(self, here: Context) -> Mention | None:
        tokens = self._tokens
        colon = here.token - 1
        words = tokens.words[here.first : colon]
        mentions = self._register.between(here.first, colon)
        if quotes_a_paper(words):
            found = self._jury_of(institution(mentions), here.first)
            return found or self._earlier_paper(here.first)
        opening = tokens.words[here.first].lower()
        if opening in {"sein", "seine", "ihr", "ihre"} and tokens.kinds[here.first + 1] == CAPITAL:
            own = [m for m in mentions if m.kind in {"name", "surname"} and not m.oblique]
            if not own:
                return self._of_gender("m" if opening.startswith("sein") else "f", here.first)
        if opening == "darin" and not mentions:
            return self._earlier_paper(here.first)
        usable = [m for m in mentions if not m.paper]
        if lexicon.CITING & set(words):
            return self._cited(usable, here.first)
        if (owner := self._owner_of_words(usable, colon)) is not None:
            return owner
        if QUOTE in tokens.kinds[here.first : colon]:
            # `Q, sagt A, und B ergänzt: Q`: whoever stands nearest to the colon.
            subjects = [m for m in usable if not m.oblique and m.kind != "organisation"]
            if subjects:
                return subjects[-1]
        people = [m for m in usable if m.kind != "organisation"]
        subject = self._lead_in_subject(here, usable, people)
        if subject is None:
            return self._implied(here, mentions)
        return None if self._is_pair(subject, people) else subject

    def _lead_in_subject(
        self, here: Context, usable: list[Mention], people: list[Mention]
    ) -> Mention | None:
        """Whoever leads in: a person before a body, somebody oblique rather than nobody."""
        subject = self._clause_subject(people, here.first, here.token - 1)
        subject = subject or self._demonstrative(here.first)
        if subject is None:
            bodies = [m for m in usable if m.kind == "organisation"]
            subject = first_subject(bodies, strict=True) or self._owner(bodies)
        if subject is None and people:
            subject = people[-1] if people[-1].kind != "pronoun" else people[0]
        return subject

    def _implied(self, here: Context, mentions: list[Mention]) -> Mention | None:
        """Who speaks behind a lead-in that names nobody: `Und weiter:`, `Die Antwort laute:`."""
        words = self._tokens.words[here.first : here.token - 1]
        if not any(not m.paper for m in mentions) and lexicon.REPORT_VERBS & set(words):
            return self._focus(here)
        announced = any(word[:1].isupper() and names_words_all(word) for word in words)
        if not mentions and here.complete and not announced and (one := self._only_speaker(here)):
            return one
        openings = {"dazu", "und", "weiter", "außerdem", "er", "sie", "dann", "nur"}
        short = len(words) < 8 and words[0].lower() in openings if words else False
        return self._focus(here) if short else None

    def _only_speaker(self, here: Context) -> Mention | None:
        """`Der Termin steht schon fest: „Q“` where one person has spoken and no other is named."""
        before = self._before_mentions(here.first)
        spoke = [m for m in before if m.spoke]
        alone = len(self._register.entries) == 1 and all(m.entry is not None for m in spoke)
        return spoke[-1] if spoke and alone else None

    def _signed(self, here: Context) -> Mention | None:
        mentions = self._register.between(here.token + 1, here.token + 12)
        return mentions[0] if mentions else None

    def _alone(self, here: Context) -> Mention | None:
        tokens = self._tokens
        opens_paragraph = here.token == 0 or tokens.kinds[here.token - 1] == BREAK
        if tokens.kinds[here.token - 1] == QUOTE:
            # Side by side: many voices.
            return None
        if tokens.kinds[here.token + 1] == QUOTE and opens_paragraph:
            return None
        if tokens.words[here.token + 1] == "," and tokens.kinds[here.token + 2] == QUOTE:
            return None
        if tokens.words[here.token - 1] == "," and tokens.kinds[here.token - 2] == QUOTE:
            return None
        if opens_paragraph and (new := self._introduced_behind(here)):
            return new
        found = self._pointing_back(here) or self._focus(here)
        return found or self._introduced_behind(here)

    def _pointing_back(self, here: Context) -> Mention | None:
        """`„Q.“ Mit diesen Worten eröffnete Moll das Fest.`: the sentence behind tells who."""
        tokens = self._tokens
        start = here.token + 1 + (tokens.words[here.token + 1] == ":")
        last = tokens.sentence(start)[1] if start < len(tokens.sentences) else start
        if not points_back(tokens.words[start:last]):
            return None
        mentions = [m for m in self._register.between(start, last) if not m.paper]
        if tokens.words[start + 1] in {"ist", "war", "lautet", "lautete"}:
            return mentions[0] if mentions else None  # `Das ist das Fazit von Moll.`
        return first_subject(mentions, strict=True)

    def _named_behind(self, here: Context, pronoun: Mention) -> Mention | None:
        """`…, sagte sie: „Q“ Rektorin Anna Moll hatte …`: named only in the sentence behind."""
        start = self._tokens.sentence(here.token)[1]
        if self._tokens.kinds[start] == BREAK:
            return None
        for mention in self._register.between(start, start + 3):
            fits = self._gender(mention) in {pronoun.gender, None}
            if mention.kind == "name" and mention.entry is not None and not mention.oblique:
                return mention if fits else None
        return None

    def _introduced_behind(self, here: Context) -> Mention | None:
        """`„…“ Valentin Rösler hat …`: somebody who is named for the first time."""
        if here.token + 1 >= len(self._tokens.words) or self._tokens.kinds[here.token + 1] == BREAK:
            return None
        if not self._tokens.spans[here.number].closed:
            return None  # what follows a missing mark may tell of anybody
        for mention in self._register.between(here.token + 1, here.token + 4):
            if mention.kind == "name" and mention.entry is not None and not mention.oblique:
                earlier = any(m.entry == mention.entry for m in self._before_mentions(here.token))
                return None if earlier else mention
        return None


def _is_plural(words: list[str]) -> bool:
    """Whether a tag speaks of several: `freuen sich`, `betonten`, or a bare `so`."""
    verb = next((word for word in words if word in lexicon.SPEECH_VERBS), "so")
    return verb == "so" or verb.endswith("n")
