"""What a rule may look at: one quoted string in its text, and who is named around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.quotes.tokens import BREAK, PUNCTUATION, QUOTE

if TYPE_CHECKING:
    from scraper.quotes.context import Construction, Context
    from scraper.quotes.people import Mention, Register
    from scraper.quotes.resolve import Resolver
    from scraper.quotes.tokens import Tokens

DASHES = frozenset({"–", "-", "—"})


class Scene:
    """One quoted string with its surroundings."""

    __slots__ = (
        "_clause",
        "_opening",
        "_spoken",
        "at",
        "here",
        "lead",
        "previous",
        "register",
        "resolver",
        "sentence",
        "tag",
        "tokens",
    )

    def __init__(
        self,
        tokens: Tokens,
        register: Register,
        resolver: Resolver,
        here: Context,
        previous: list[Construction | None],
    ) -> None:
        self.tokens = tokens
        self.register = register
        self.resolver = resolver
        self.here = here
        self.previous = previous
        """Constructions of the quoted strings before it; None for those that are no speech."""
        words, after = tokens.words, here.token + 1
        mark = words[after]
        self.at = after + (mark == "," or mark in DASHES)
        """First token of a speech tag behind the quotation: behind its comma or dash, if any."""
        self.lead = words[here.first : here.token]
        """Words of the sentence before the quotation."""
        self.tag = words[self.at : here.last]
        """Words of the speech tag, to the end of the sentence."""
        self.sentence = words[here.first : here.last]
        """Words of the whole sentence, the quotation being an empty one."""
        self._clause: tuple[list[str], list[Mention]] | None = None
        self._opening: bool | None = None
        self._spoken: list[Mention] | None = None

    @property
    def opening(self) -> bool:
        """Whether the quotation opens its sentence."""
        if self._opening is None:
            self._opening = self._only_marks(self.here.token)
        return self._opening

    def opens(self, end: int) -> bool:
        """Whether nothing but marks stand in the sentence before token `end`."""
        return self.opening if end == self.here.token else self._only_marks(end)

    def _only_marks(self, end: int) -> bool:
        kinds, words = self.tokens.kinds, self.tokens.words
        return all(
            kinds[index] == PUNCTUATION and words[index] not in {":", ","}
            for index in range(self.here.first, end)
        )

    def clause(self) -> tuple[list[str], list[Mention]]:
        """Words and mentions behind the quotation, up to the next one or a semicolon."""
        if self._clause is None:
            kinds, words = self.tokens.kinds, self.tokens.words
            first = end = self.here.token + 1
            while end < self.here.last and kinds[end] not in {QUOTE, BREAK} and words[end] != ";":
                end += 1
            self._clause = words[first:end], self.register.between(first, end)
        return self._clause

    def spoken(self) -> list[Mention]:
        """Who is named in the clause behind; papers only where they are said to write."""
        if self._spoken is None:
            words, mentions = self.clause()
            writes = "schreibt" in words
            self._spoken = [m for m in mentions if not m.paper or writes or m.entry]
        return self._spoken

    def ahead(self) -> list[Mention]:
        """Who is named in the sentence before the quotation."""
        return self.register.between(self.here.first, self.here.token)

    def around(self) -> list[Mention]:
        """Who is named in the sentence."""
        return self.register.between(self.here.first, self.here.last)

    def soon(self, at: int, last: int | None = None) -> bool:
        """Whether somebody who can speak is named in the 14 tokens from `at` on."""
        end = min(self.here.last if last is None else last, at + 14)
        return any(not mention.paper for mention in self.register.between(at, end))
