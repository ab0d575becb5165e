"""Any number of invented releases of many cities, with words as frequent and rare as in real ones.

The replica's releases are put together of some hundred sentences, so that thousands of them are
near-copies of each other. Here only titles, leads, tags, every tenth sentence and what people say
are the replica's; all other sentences are drawn word by word: the replica's words, the frequent
ones often, and hundreds of thousands of compounds of its nouns, each of them rarely (Zipf's law).
Every fiftieth release is a near-copy of one of another city, with a paragraph of its own.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from scraper.demo.newsroom import Newsroom
from scraper.quotes import with_quotes
from scraper.records import Article, Block, Quote, Section, article_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NEWEST = date(2026, 10, 2)
POOL = 1_000
COMPOUNDS = 600_000
COPIES = 50
"""Every so manieth release is a near-copy."""
_PERSONS = 25  # of each city
_SHIFT, _POWER = 2.7, 1.25  # Zipf's law, as Mandelbrot has it
_NOUN = re.compile(r"[A-ZÄÖÜ][a-zäöüß]{3,13}")
_TOKEN = re.compile(r"[^\W\d_]+(?:\*innen)?")
_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-ZÄÖÜ])")


class Releases:
    """Releases by number; 0 is the newest. Each is made on its own from its number.

    Args:
        count: how many.
        sites: keys of the cities, which publish in turns.
    """

    def __init__(self, count: int, sites: Sequence[str]) -> None:
        self.count, self.sites = count, sites
        self.article = lru_cache(maxsize=4)(self._article)

    def __iter__(self) -> Iterator[Article]:
        return map(self.article, range(self.count))

    def _article(self, n: int) -> Article:
        dice = random.Random(n)
        if n % COPIES == 7 and len(self.sites) > 1:
            return self._copy(n, dice)
        model, other, speech = (dice.choice(self._pool) for _ in range(3))
        site = self.sites[n % len(self.sites)]
        persons = self._persons(site)
        said = [
            replace(quote, speaker=persons[min(dice.randrange(_PERSONS), dice.randrange(_PERSONS))])
            for quote in speech.quotes[: dice.randrange(4)]
            if quote.kind == "prose"
        ]
        blocks = [Block("paragraph", text) for text in self._paragraphs(dice)]
        for quote in said:
            words = f"„{quote.text}“, sagt {quote.speaker}."
            blocks.insert(dice.randrange(len(blocks) + 1), Block("paragraph", words))
        half = len(blocks) // 2
        sections = (
            Section(None, tuple(blocks[:half])),
            Section(self._sentence(dice, 4), tuple(blocks[half:])),
        )
        title = f"{model.title} {self._words(dice, 3)}"
        lead = other.lead if dice.random() < 0.5 else self._sentence(dice, 15)
        return self._dressed(n, model, site, title, lead, sections, said)

    def _copy(self, n: int, dice: random.Random) -> Article:
        """A release of another city with one more paragraph."""
        model = self._article(n - dice.randrange(1, 6))
        own = Section(self._sentence(dice, 3), (Block("paragraph", self._sentence(dice, 15)),))
        site = self.sites[n % len(self.sites)]
        sections = (*model.sections, own)
        return self._dressed(n, model, site, model.title, model.lead, sections, model.quotes)

    def _dressed(
        self,
        n: int,
        model: Article,
        site: str,
        title: str,
        lead: str | None,
        sections: tuple[Section, ...],
        said: Sequence[Quote],
    ) -> Article:
        text = article_text(lead, sections)
        day = NEWEST - timedelta(days=n * min(7_300, max(1_095, self.count // 4)) // self.count)
        quotes = []
        for quote in said:
            start = text.index(quote.text)
            quotes.append(replace(quote, start=start, end=start + len(quote.text)))
        quotes.sort(key=lambda quote: quote.start)
        return replace(
            model,
            url=f"https://www.example.org/{site}/presse/{n}.html",
            site=site,
            content_id=f"{site}-{n}",
            page_id=str(n),
            title=title,
            description=lead,
            published=f"{day}T{8 + n % 10:02}:{n % 60:02}:00+02:00",
            published_raw=f"{day:%d.%m.%Y}",
            sections=sections,
            text=text,
            quotes=tuple(quotes),
            related=model.related[:3],
        )

    def _paragraphs(self, dice: random.Random) -> Iterator[str]:
        left = int(60 + 900 * dice.random() ** 3)
        while left > 0:
            sentences = []
            for _ in range(dice.randrange(2, 6)):
                sentences.append(self._any_sentence(dice))
                left -= sentences[-1].count(" ") + 1
            yield " ".join(sentences)

    def _any_sentence(self, dice: random.Random) -> str:
        if dice.random() < 0.1:
            return dice.choice(self._sentences)
        return self._sentence(dice, dice.randrange(6, 19))

    def _sentence(self, dice: random.Random, length: int) -> str:
        words = self._words(dice, length)
        return f"{words[0].upper()}{words[1:]}."

    def _words(self, dice: random.Random, length: int) -> str:
        words, weights = self._vocabulary
        found = dice.choices(words, cum_weights=weights, k=length)
        if length > 5 and dice.random() < 0.4:
            found[dice.randrange(length)] = str(dice.randrange(1, 2_000))
        return " ".join(found)

    @lru_cache(maxsize=1_000)  # noqa: B019 - as long as the process
    def _persons(self, site: str) -> list[str]:
        dice = random.Random(site)
        names = [name.split() for name in self._names]
        return [f"{dice.choice(names)[0]} {dice.choice(names)[-1]}" for _ in range(_PERSONS)]

    @cached_property
    def _pool(self) -> list[Article]:
        newsroom = Newsroom(POOL)
        return [with_quotes(newsroom.article(n)) for n in range(POOL)]

    @cached_property
    def _names(self) -> list[str]:
        speakers = {quote.speaker for release in self._pool for quote in release.quotes}
        return sorted(name for name in speakers if name and name.count(" ") == 1)

    @cached_property
    def _sentences(self) -> list[str]:
        found = {
            sentence
            for release in self._pool
            for paragraph in release.text.split("\n\n")
            for sentence in _SENTENCE.split(paragraph)
            if sentence.endswith(".") and "„" not in sentence
        }
        return sorted(found)

    @cached_property
    def _vocabulary(self) -> tuple[list[str], list[float]]:
        """Words, the frequent ones first, and the sums of their weights so far."""
        counts = Counter(word for release in self._pool for word in _TOKEN.findall(release.text))
        words = [word for word, _count in counts.most_common()]
        nouns = [word for word in words if _NOUN.fullmatch(word)]
        dice = random.Random(1)
        pairs = dice.sample(range(len(nouns) ** 2), min(COMPOUNDS, len(nouns) ** 2))
        words += [nouns[pair // len(nouns)] + nouns[pair % len(nouns)].lower() for pair in pairs]
        weights = ((rank + _SHIFT) ** -_POWER for rank in range(len(words)))
        return words, list(accumulate(weights))
