"""Invents the pictures, quotation blocks and videos of one release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.demo import sentences as patterns
from scraper.demo import speech
from scraper.demo.people import invent_credit, invent_speaker
from scraper.records import Image, Quote, Video

if TYPE_CHECKING:
    from datetime import date

    from scraper.demo.prose import Slots
    from scraper.records import ImageRole

LARGE = (1200, 630)
"""Pixels of the large rendition, whose address ends in `_w1200h630.webp`."""
SMALL = (460, 192)
"""Pixels of the rendition that pages show."""
PORTRAIT = (300, 300)
"""Pixels of a portrait."""


class Gallery:
    """Pictures and videos of one article.

    Args:
        slots: what the article is about.
        published: its day, which is part of the addresses.
        number: its number, which keeps the addresses apart.
        base: origin of the site.
    """

    def __init__(self, slots: Slots, published: date, number: int, base: str) -> None:
        self.slots, self.dice = slots, slots.dice
        month = f"{published:%m_%Y}"
        self._folder = f"{base}/dortmund/bilder-fuer-news/news-{published.year}/{month}/{number}"

    def pictures(self, words: int) -> tuple[tuple[Image, ...], tuple[Quote, ...]]:
        """Pictures in the order of the page, and the quotation blocks of the portraits in them.

        Args:
            words: length of the article; longer ones hold more.
        """
        images: list[Image] = []
        quotes: list[Quote] = []
        if self.dice.chance(0.9):
            images.append(self._lead())
        for position in range(self.dice.between(0, min(4, words // 180))):
            if self.dice.chance(0.35):
                quotes.append(self._quotation())
                images.append(self._portrait(position, quotes[-1]))
            else:
                images.append(self._body(position))
        return tuple(images), tuple(quotes)

    def videos(self, words: int) -> tuple[Video, ...]:
        """Embedded videos: hardly any article has one."""
        if words < 60 or not self.dice.chance(0.12):
            return ()
        url = "https://www.youtube-nocookie.com/embed/" + self.dice.identifier()[:11]
        title = self.slots.fill("{S_nom} im Video: „{motto}“")
        return (Video(url, title, title if self.dice.chance(0.7) else None),)

    def _lead(self) -> Image:
        # The page of a release may show its lead picture only to other sites, without a caption.
        if self.dice.chance(0.15):
            return self._image("aufmacher", LARGE, "lead", self._alt(), None, ())
        credit = invent_credit(self.dice)
        caption = self._caption() if self.dice.chance(0.4) else None
        return self._image("aufmacher", LARGE, "lead", self._alt(), caption, credit)

    def _body(self, position: int) -> Image:
        credit = invent_credit(self.dice) if self.dice.chance(0.93) else ()
        caption = self._caption() if self.dice.chance(0.85) else None
        size = LARGE if self.dice.chance(0.9) else None
        return self._image(f"bild-{position + 1}", size, "body", self._alt(), caption, credit)

    def _portrait(self, position: int, quote: Quote) -> Image:
        credit = invent_credit(self.dice)
        alt = f"{quote.speaker} im Portrait."
        return self._image(f"portrait-{position + 1}", PORTRAIT, "portrait", alt, None, credit)

    def _quotation(self) -> Quote:
        person = invent_speaker(self.dice)
        words = self.dice.pick(speech.BLOCK_WORDS)
        # Records name speakers without their titles.
        return Quote(words, person.name.removeprefix("Dr. "), person.office, "block")

    def _alt(self) -> str | None:
        if self.dice.chance(0.12):
            return None
        return self.slots.fill(self.dice.pick(patterns.ALT_TEXTS))

    def _caption(self) -> str:
        return self.slots.fill(self.dice.pick(patterns.CAPTIONS))

    def _image(
        self,
        name: str,
        size: tuple[int, int] | None,
        role: ImageRole,
        alt: str | None,
        caption: str | None,
        credit: tuple[str, ...],
    ) -> Image:
        width, height = size or (None, None)
        ending = f"_w{width}h{height}.webp" if size else ".jpg"
        return Image(
            f"{self._folder}_{name}{ending}",
            alt,
            caption,
            " / ".join(credit) or None,
            credit,
            role,
            width,
            height,
        )
