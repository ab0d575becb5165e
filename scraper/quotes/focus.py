"""Whom a text is speaking of: the person that a sentence without a name goes on about."""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.context import Context
from scraper.quotes.people import Mention
from scraper.quotes.resolve import Resolver, first_subject
from scraper.quotes.tokens import BREAK, CAPITAL, LOWER

_SOURCES = frozenset(
    {"Angaben", "Worten", "Ansicht", "Meinung", "Aussage", "laut", "Laut", "Sicht", "Auskunft"}
)
# `Kritik kommt vom Bauernverband.`
_VOICES = frozenset({"Kritik", "Lob", "Zustimmung", "Widerspruch", "Unterstützung", "Beifall"})
_ASKING = frozenset({"Wer", "Ob", "Wem", "Welche", "Welcher", "Wann", "Wo", "Warum"})
SUBORDINATE = frozenset(
    {"Was", "Dass", "Ob", "Wie", "Wenn", "Als", "Weil", "Nachdem", "Während", "Obwohl", "Bevor"}
)


class Focus(Resolver):
    """Finds who is spoken of just before a place in the text."""

    def _focus(self, here: Context) -> Mention | None:
        """Whoever is spoken of just before: the subject of the nearest sentence with a person."""
        tokens = self._tokens
        start = here.first
        if self._voices_before(here):
            return None
        if start > 0 and tokens.kinds[start - 1] != BREAK:
            told = self._told_before(tokens.sentence(start - 1)[0])
            if told:
                return told
        mentions = self._before_mentions(start)
        index = len(mentions) - 1
        aside: Mention | None = None
        while index >= 0:
            mention = mentions[index]
            if not self._can_be_focus(mention, tokens.sentences[start]):
                index -= 1
                continue
            number = tokens.sentences[mention.first]
            group = self._group(mentions, number, tokens.sentences[start])
            spoken = [m for m in group if m.spoke]
            subject = spoken[0] if spoken else first_subject(group, strict=True)
            if subject is None:
                subject = next((m for m in group if self._is_source(m)), None)
            if subject is None:
                aside = aside or group[0]
                index -= len(
                    [m for m in mentions[: index + 1] if tokens.sentences[m.first] == number]
                )
                continue
            if subject.kind == "pronoun" and self._who(subject) is None:
                target = self._pronoun_target(subject)
                if target is None:
                    index -= len(group)
                    continue
            if self._is_pair(subject, group):
                return None
            if not spoken and self._is_open(group):
                return None
            return subject
        # Nobody was ever the subject: whoever was named at all.
        return aside

    def _group(self, mentions: list[Mention], number: int, sentence: int) -> list[Mention]:
        """Who of the sentence `number` the text may go on about in `sentence`."""
        tokens = self._tokens
        group = [
            m
            for m in mentions
            if tokens.sentences[m.first] == number and self._can_be_focus(m, sentence)
        ]
        if tokens.words[tokens.sentence_starts[number]] in _ASKING:
            # `Wer der Käufer ist, wollte Moll nicht sagen.`
            return [m for m in group if self._who(m) is not None] or group
        return group

    def _can_be_focus(self, mention: Mention, sentence: int) -> bool:
        """Whoever spoke, or has a name; somebody without one only in the sentence before."""
        if mention.spoke:
            return True
        if mention.kind == "organisation" or self._is_predicate(mention):
            return False
        if mention.kind == "office" and self._who(mention) is None:
            # `Eine Frau blieb stehen.` opens its sentence; `…, dass ein Nachbar kam` tells of one.
            opens = mention.first - self._tokens.sentence(mention.first)[0] < 3
            near = sentence - self._tokens.sentences[mention.first] <= 1
            return near and not mention.oblique and (mention.definite or opens)
        return True

    def _is_open(self, group: list[Mention]) -> bool:
        """`Was sie dort fand, verblüffte auch Denkmalpfleger Lau.`: either of them may go on."""
        first, _ = self._tokens.sentence(group[0].first)
        if self._tokens.words[first] not in SUBORDINATE:
            return False
        return len({self._who(m) for m in group if not m.oblique}) > 1

    def _told_before(self, first: int) -> Mention | None:
        """Whom the sentence before points back to: `Der hat …`, `Ihr Geheimnis?`."""
        word = self._tokens.words[first]
        if word in {"Sein", "Seine", "Ihr", "Ihre"} and self._tokens.kinds[first + 1] == CAPITAL:
            near = self._register.between(first, self._tokens.sentence(first)[1])
            if not [m for m in near if m.kind in {"name", "surname"} or m.first <= first + 1]:
                return self._of_gender("m" if word[0] == "S" else "f", first)
        return self._demonstrative(first)

    def _is_source(self, mention: Mention) -> bool:
        """`nach Angaben von Doktorandin Moll`: no subject, but whoever says it."""
        before = self._tokens.words[max(0, mention.first - 4) : mention.first]
        return bool(_SOURCES & set(before))

    def _voices_before(self, here: Context) -> bool:
        """Whether the sentence before speaks of many: `Auch die Kinder sind froh`."""
        tokens = self._tokens
        number = tokens.sentences[here.first] - 1
        if number < 0 or (here.first > 0 and tokens.kinds[here.first - 1] == BREAK):
            return False
        first, last = tokens.sentence_starts[number], here.first
        if self._register.between(first, last):
            return False
        return any(
            tokens.words[i].lower() in lexicon.GROUPS and tokens.kinds[i] == CAPITAL
            for i in range(first, min(last, first + 5))
        )

    def _body_meant(self, here: Context, pronoun: Mention) -> Mention | None:
        """`Der Betriebsrat reagierte kühl. Q, teilte er mit.`: the pronoun is that body."""
        if here.first == 0:
            return None
        body = self._reporting_body(here)
        article = {"m": "der", "f": "die"}.get(pronoun.gender or "")
        return body if body and self._tokens.words[body.first - 1].lower() == article else None

    def _body_before(self, here: Context) -> Mention | None:
        """The body of `Kritik kommt von der Reederei. Q, heißt es dort.`."""
        first = self._tokens.sentence(max(here.first - 1, 0))[0]
        bodies = [m for m in self._register.between(first, here.first) if m.kind == "organisation"]
        return bodies[-1] if bodies else None

    def _reporting_body(self, here: Context) -> Mention | None:
        """The body that the sentence before has for its subject, with no person beside it."""
        sentence = self._tokens.sentences[here.token]
        if self._tokens.kinds[here.first - 1] == BREAK:
            return None
        near = [
            m
            for m in self._before_mentions(here.first)[-4:]
            if sentence - self._tokens.sentences[m.first] == 1
        ]
        bodies = [m for m in near if m.kind == "organisation"]
        if len(bodies) < len(near) or not bodies or bodies[0].paper:
            return None
        first, last = self._tokens.sentence(bodies[0].first)
        if _VOICES & set(self._tokens.words[first:last]):
            return bodies[0]
        if not lexicon.SPEECH_VERBS & set(self._tokens.words[first:last]):
            return None  # `Der Rat stimmt im Mai ab.` says nothing
        if bodies[0].oblique:
            return None
        return bodies[0]

    def _demonstrative(self, first: int) -> Mention | None:
        """`Der hat eine Liebeserklärung versprochen`: the man last spoken of."""
        word = self._tokens.words[first]
        if word not in {"Der", "Die"} or self._tokens.kinds[first + 1] != LOWER:
            return None
        if self._tokens.words[first + 1] not in {
            "hat",
            "ist",
            "will",
            "wird",
            "sagt",
            "weiß",
            "kann",
            "meint",
        }:
            return None
        return self._of_gender("m" if word == "Der" else "f", first)
