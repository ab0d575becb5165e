"""The subject of a clause: who says what is quoted in the middle of a sentence, or behind a colon.

`Moll, der gestern kam, nannte es „Q“`, `Es sei „Q“ gewesen, räumte Moll ein`, `…, so Moll, „Q“`.
"""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.context import Context
from scraper.quotes.focus import SUBORDINATE, Focus
from scraper.quotes.people import Mention
from scraper.quotes.resolve import first_subject
from scraper.quotes.tokens import CAPITAL, QUOTE


class Clauses(Focus):
    """Finds who speaks among those who are named in the sentence of a quotation."""

    def _fragment(self, here: Context) -> Mention | None:
        tokens = self._tokens
        mentions = [m for m in self._register.between(here.first, here.last) if not m.paper]
        for mention in mentions:
            before = tokens.words[mention.first - 1]
            lead = tokens.words[max(here.first, mention.first - 3) : mention.first]
            if before == "so" or (
                "so" in lead and tokens.words[mention.first - len(lead)] in {",", "so"}
            ):
                return mention
            told = set(tokens.words[mention.last : mention.last + 2]) & lexicon.SPEECH_VERBS
            if before == "wie" and tokens.words[mention.first - 2] == "," and told:
                return mention
        ahead = [m for m in mentions if m.first < here.token]
        people = [m for m in ahead if m.kind != "organisation"]
        subject = self._nearest_subject(people, here.token)
        if subject is not None:
            return subject
        owner = tokens.words[here.token - 2].lower()
        if (
            owner.startswith(("sein", "ihr"))
            and tokens.kinds[here.token - 1] == CAPITAL
            and not people
        ):
            return self._of_gender("m" if owner.startswith("sein") else "f", here.first)
        tagged = self._tag_behind(mentions, here.token)
        if tagged is not None and not people:
            return tagged
        if lexicon.REPORT_VERBS & set(tokens.words[here.first : here.token]):
            return self._reporting_body(here) or self._focus(here)
        bodies = [m for m in ahead if m.kind == "organisation"]
        if bodies and any(
            w.lower() in lexicon.FRAGMENT_VERBS for w in tokens.words[here.first : here.last]
        ):
            return first_subject(bodies, strict=True) or bodies[-1]
        if people:
            return people[-1]
        behind = [m for m in mentions if m.first > here.token and not m.oblique]
        if behind:
            return behind[0]
        return self._focus(here) if not mentions else None

    def _tag_behind(self, mentions: list[Mention], token: int) -> Mention | None:
        """`Es sei „Q“ gewesen, räumte Moll ein.`: a verb of speech and its subject behind it."""
        for mention in mentions:
            gap = self._tokens.words[max(token + 1, mention.first - 4) : mention.first]
            if mention.first > token and not mention.oblique and "," in gap:
                return mention if lexicon.SPEECH_VERBS & set(gap) else None
        return None

    def _nearest_subject(self, people: list[Mention], token: int) -> Mention | None:
        first, _ = self._tokens.sentence(token)
        first = max(first, token - 60)
        for index in range(token - 1, first, -1):
            if self._tokens.kinds[index] == QUOTE:
                # `A nannte das Q, B nannte es Q`
                nearer = [m for m in people if m.first > index]
                people = nearer if any(not m.oblique for m in nearer) else people
                break
        subject = self._clause_subject(people, first, token)
        return None if subject is None or self._is_pair(subject, people) else subject

    def _clause_subject(self, people: list[Mention], first: int, last: int) -> Mention | None:
        """The subject of the clause that ends at `last`, of those who are named in the sentence."""
        words = self._tokens.words
        that = next((i for i in range(first, last) if words[i] in {"dass", "weil", "ob"}), last)
        main = [m for m in people if m.first < that]
        if that < last and main:
            people = main
            if main[0].first == first and all(m.oblique for m in main):
                return main[0]  # `Ihm gefalle, dass sie …`
        comma = next((i for i in range(last - 1, first, -1) if words[i] == ","), None)
        if comma is not None and len(people) > 1:
            inside = [m for m in people if m.first > comma and not m.oblique]
            ahead = [m for m in people if m.last == comma]
            if words[comma + 1] in {"der", "die"} and not inside and ahead:
                return ahead[0]  # `… Leiterin Moll, die ergänzt:`
            # `Gefragt, ob er bleibe, sagte Moll:`
            joined = words[comma + 1] in {"und", "aber", "doch"} | lexicon.SPEECH_VERBS
            if inside and (joined or words[first] in SUBORDINATE):
                return inside[0]
        return first_subject(people, strict=True)
