"""German or English: which one a browser asks for, and how numbers and days are written in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scraper.browse.words import MONTHS, WORDS
from scraper.dates import at_zone, parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

_CODES = ("de", "en")
_WISH = re.compile(r"\s*([a-z*-]+)\s*(?:;\s*q\s*=\s*([0-9.]+))?\s*", re.I)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


def preferred(header: str | None) -> Language:
    """The language for an `Accept-Language`; English if it names neither.

    Of two that are wanted equally, the one named first.
    """
    best, code = 0.0, "en"
    for wish in (header or "").lower()[:1000].split(","):
        match = _WISH.fullmatch(wish)
        if match is None:
            continue
        try:
            quality = float(match[2] or 1)
        except ValueError:
            continue
        found = match[1].split("-")[0]
        if found in _CODES and quality > best:
            best, code = quality, found
    return LANGUAGES[code]


@dataclass(frozen=True)
class Language:
    """Words, numbers and days in one language."""

    code: str
    words: Mapping[str, str]
    months: tuple[str, ...]

    def t(self, key: str, **values: object) -> str:
        """A phrase, with values filled in."""
        phrase = self.words[key]
        return phrase.format(**values) if values else phrase

    def count(self, key: str, number: int) -> str:
        """A number with its noun: the phrase has forms for one and for others, parted by `|`."""
        one, other = self.words[key].split("|")
        return f"{self.number(number)} {one if number == 1 else other}"

    def number(self, number: float) -> str:
        """With marks between thousands."""
        text = f"{number:,}"
        return text.replace(",", ".") if self.code == "de" else text

    def percent(self, share: float) -> str:
        """A share between 0 and 1."""
        text = f"{100 * share:.1f}"
        return f"{text.replace('.', ',')} %" if self.code == "de" else f"{text}%"

    def size(self, size: int) -> str:
        """Bytes, for people."""
        return f"{self.number(max(1, round(size / 1000)))} kB"

    def day(self, iso: str | None) -> str:
        """The day of an ISO date or date-time, or the month of `2026-05`, written out."""
        match = _ISO_DAY.match(iso or "")
        if match is None:
            return iso or self.t("undated")
        year, month, day = match[1], int(match[2]), match[3]
        if not 1 <= month <= 12:
            return iso or ""
        name = self.months[month - 1]
        if day is None:
            return f"{name} {year}"
        return f"{int(day)}. {name} {year}" if self.code == "de" else f"{int(day)} {name} {year}"

    def moment(self, iso: str | None, zone: str) -> str:
        """Day and time of day of an instant, as the clocks of a time zone showed it."""
        found = parse_instant(iso or "")
        if found is None:
            return self.day(iso)
        local = at_zone(found, ZoneInfo(zone))
        return f"{self.day(local.date().isoformat())}, {local:%H:%M}"

    def clock(self, iso: str | None) -> str:
        """The time of day that an ISO date-time itself states; "" if it states none."""
        if not iso or len(iso) < 16:
            return ""
        try:
            time = datetime.fromisoformat(iso).strftime("%H:%M")
        except ValueError:
            return ""
        return f"{time} Uhr" if self.code == "de" else time


LANGUAGES = {
    code: Language(code, {key: both[place] for key, both in WORDS.items()}, MONTHS[code])
    for place, code in enumerate(_CODES)
}
