"""Archives by year or month: the links of a page that differ in a year or a month alone. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper import urls
from scraper.dates import MONTHS
from scraper.discovery.shape import MOST_LINKS, literal, page_link
from scraper.markup.replay import base_url
from scraper.markup.tree import attribute, inline_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser

_YEAR = re.compile(r"(?<![\d\w])((?:19|20)\d\d)(?![\d\w])")
_NUMBER = re.compile(r"(?<![\d\w])(0[1-9]|1[0-2]|[1-9])(?![\d\w])")
_LONGEST_NAME = 40  # characters of a link that is called by its period
_FEW = 2


@dataclass(frozen=True, slots=True)
class Archive:
    """A list for each year, or for each month."""

    url: str
    """Address with `{year}`, and perhaps with `{month}` or another placeholder of months."""
    periods: tuple[tuple[int, int], ...]
    """Year and month, 0 for a whole year, of each list that is linked; the newest first."""
    addresses: tuple[str, ...]
    """Where these lists are, in the same order."""

    @property
    def has_months(self) -> bool:
        """Whether it is one of months."""
        return "{month" in self.url


def find_archives(
    tree: LexborHTMLParser, url: str, releases: frozenset[str] = frozenset()
) -> tuple[Archive, ...]:
    """Archives that a page links, those of months first.

    Args:
        tree: the page.
        url: where it was fetched.
        releases: addresses that are releases and no archives.
    """
    base = base_url(tree, url)
    found: dict[str, dict[tuple[int, int], str]] = {}
    for node in tree.css("a[href], option[value]")[:MOST_LINKS]:
        href = attribute(node, "href") or attribute(node, "value") or ""
        words = inline_text(node)
        if not re.search(r"[/?=]", href) or len(words) > _LONGEST_NAME:
            continue
        target = page_link(href, base)
        if target is None or target in releases or urls.host(target) != urls.host(url):
            continue
        for pattern, period in _patterns(target, words):
            found.setdefault(pattern, {}).setdefault(period, target)
    archives = [_archive(pattern, named) for pattern, named in found.items()]
    good = [each for each in archives if _is_series(each)]
    return tuple(sorted(good, key=lambda each: (not each.has_months, -len(each.periods))))


def _archive(pattern: str, named: dict[tuple[int, int], str]) -> Archive:
    periods = sorted(named, reverse=True)
    return Archive(pattern, tuple(periods), tuple(named[each] for each in periods))


def _is_series(archive: Archive) -> bool:
    """Whether the periods follow one another: other numbers in addresses do not."""
    if len(archive.periods) < _FEW:
        return False
    if archive.has_months:
        return True
    years = [year for year, _month in archive.periods]
    return years[0] - years[-1] < 2 * len(years)


def _patterns(url: str, words: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The address with placeholders in the place of year and month, and the period."""
    parts = urlsplit(url)
    text = parts.path + (f"?{parts.query}" if parts.query else "")
    years = list(_YEAR.finditer(text))
    if not years or not _names_period(words):
        return
    year = years[-1] if parts.query else years[0]
    before, after = text[: year.start()], text[year.end() :]
    number = int(year[1])
    for start, end, value, name in _months(after):
        rest = literal(after[:start]) + f"{{{name}}}" + literal(after[end:])
        yield f"{literal(before)}{{year}}{rest}", (number, value)
    if not re.search(r"\d", after):
        yield f"{literal(before)}{{year}}{literal(after)}", (number, 0)


def _names_period(words: str) -> bool:
    """Whether a link is called by a year or a month, as far as it is called anything."""
    plain = words.lower()
    return not plain or bool(
        re.search(r"(?:19|20)\d\d|archiv", plain)
        or any(plain.startswith((name, name[:3])) for name in MONTHS)
        or re.fullmatch(r"\d{1,2}", plain)
    )


def _months(text: str) -> Iterator[tuple[int, int, int, str]]:
    """Where a month stands in what follows the year: start, end, number, name of placeholder."""
    for match in re.finditer(r"[a-z]{3,9}", text, re.I):
        number = _MONTH_NAMES.get(match[0].lower())
        if number:
            yield match.start(), match.end(), number, "month_name"
            return
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:  # with a day, or a number of something else
        return
    (match,) = found
    if len(match[1]) == 2:
        yield match.start(), match.end(), int(match[1]), "month"
    if not match[1].startswith("0"):
        yield match.start(), match.end(), int(match[1]), "month_number"


_MONTH_NAMES = {name.replace("ä", "ae"): number for number, name in enumerate(MONTHS, 1)}
