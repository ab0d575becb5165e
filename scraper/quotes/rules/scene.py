"""What a rule may look at: one quoted string in its text, and who is named around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.quotes.tokens import BREAK, PUNCTUATION, QUOTE

if TYPE_CHECKING:
    from scraper.quotes.context import Construction, Context
    from scraper.quotes.people import Mention, Register
    from scraper.quotes.resolve import Resolver
    from scraper.quotes.tokens import Tokens

DASHES = frozenset({"–", "-", "—"})


@dataclass(slots=True)
class Scene:
    """One quoted string with its surroundings."""

    tokens: Tokens
    register: Register
    resolver: Resolver
    here: Context
    previous: list[Construction | None]
    """Constructions of the quoted strings before it; None for those that are no speech."""

    _clause: tuple[list[str], list[Mention]] | None = field(default=None, init=False)

    def clause(self) -> tuple[list[str], list[Mention]]:
        """Words and mentions behind the quotation, up to the next one or a semicolon."""
        if self._clause is None:
            kinds, words = self.tokens.kinds, self.tokens.words
            first = end = self.here.token + 1
            while end < self.here.last and kinds[end] not in {QUOTE, BREAK} and words[end] != ";":
                end += 1
            self._clause = words[first:end], self.register.between(first, end)
        return self._clause

    @property
    def lead(self) -> list[str]:
        """Words of the sentence before the quotation."""
        return self.tokens.words[self.here.first : self.here.token]

    @property
    def behind(self) -> list[str]:
        """Words of the sentence behind the quotation."""
        return self.tokens.words[self.here.token + 1 : self.here.last]

    @property
    def sentence(self) -> list[str]:
        """Words of the whole sentence, the quotation being an empty one."""
        return self.tokens.words[self.here.first : self.here.last]

    @property
    def at(self) -> int:
        """First token of a speech tag behind the quotation: behind its comma or dash, if any."""
        after = self.here.token + 1
        mark = self.tokens.words[after]
        return after + (mark == "," or mark in DASHES)

    @property
    def tag(self) -> list[str]:
        """Words of the speech tag, to the end of the sentence."""
        return self.tokens.words[self.at : self.here.last]

    def opens(self, end: int) -> bool:
        """Whether nothing but marks stand in the sentence before token `end`."""
        kinds, words = self.tokens.kinds, self.tokens.words
        return all(
            kinds[index] == PUNCTUATION and words[index] not in {":", ","}
            for index in range(self.here.first, end)
        )

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
