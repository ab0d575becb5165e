"""What a city's file states: addresses, selectors, words. Facts only; other packages use them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from scraper import urls

if TYPE_CHECKING:
    from datetime import date


NOTHING = "no-such-element"
"""A selector that matches nothing: what a layout does not have, or does not name."""


@dataclass(frozen=True)
class Layout:
    """Where things stand on an article page, as CSS selectors (`selectolax`, lexbor dialect).

    A layout with `header_words` has markup without reliable names: its parts are found by their
    shape, starting from the line that begins with these words (see `scraper.parse.plain_page`).
    """

    name: str
    """Names the layout in reports."""
    content: str = NOTHING
    """The element that holds the release, and perhaps more."""
    introduction: str = NOTHING
    """Inside `content`: kicker, title, date. Not part of the body."""
    title: str = NOTHING
    kicker: str = NOTHING
    published: str = NOTHING
    """Element whose text holds date and time of day."""
    lead: str = NOTHING
    caption: str = NOTHING
    """Inside a picture or video: the caption."""
    credit: str = NOTHING
    """Inside a picture: the credit."""
    tags: str = NOTHING
    """Links that are the release's tags."""
    related: str = NOTHING
    """Teasers of other releases, below a release."""
    card: str = NOTHING
    """Teasers on the newsroom's front page."""
    related_title: str = NOTHING
    related_date: str = NOTHING
    video: str = NOTHING
    video_attributes: tuple[str, str] = ("src", "title")
    """Attributes with the address of the player and with its title."""
    content_id: tuple[str, str] = (NOTHING, "id")
    """Selector and attribute of the content management system's id."""
    page_id: tuple[str, str] = (NOTHING, "id")
    """Selector and attribute of the page's number."""
    foreign_elements: frozenset[str] = frozenset()
    """Names of elements that never belong to the release."""
    foreign_slots: frozenset[str] = frozenset()
    """Values of `slot` that never belong to the release."""
    link_slots: frozenset[str] = frozenset()
    """Values of `slot` that hold links but no text."""
    until: date | None = None
    """The last day this layout was served; None for the one in use."""
    header_words: str | None = None
    """What stands before the date in a line of its own near the headline."""
    portal_headings: frozenset[str] = frozenset()
    """Headings that name a part of the site, not a release."""
    end_headings: frozenset[str] = frozenset()
    """Headings of what follows a release; none of them is part of it."""
    frame_lines: frozenset[str] = frozenset()
    """Lines, in lower case, that belong to the page's frame wherever they stand."""


@dataclass(frozen=True)
class Site:
    """One city's newsroom."""

    key: str
    """What `--site` takes."""
    name: str
    origin: str
    """Canonical scheme and host; addresses of the aliases become addresses of it."""
    aliases: frozenset[str]
    """Other hosts that serve the same pages."""
    zone: str
    """IANA time zone of the dates the site prints."""
    sections: tuple[str, ...]
    """Paths below which articles lie."""
    newsroom_path: str
    """A page rendered by the server with teasers of the newest articles."""
    sitemap_path: str
    layouts: tuple[Layout, ...]
    """Newest first; the one that matches the page is used (see `scraper.parse.parts`)."""
    title_suffixes: tuple[str, ...] = ()
    """What `<title>` adds to the headline."""
    search_path: str | None = None
    """An Elasticsearch proxy that lists everything; None if the site has none."""
    search_window: int = 10_000
    """`from + size` above this is answered with an error."""
    districts: frozenset[str] = frozenset()
    """Names of the city's districts, as tags spell them."""
    district_parent: str | None = None
    """In the search interface, the parent value of a tag that is a district."""
    attachment_headings: frozenset[str] = frozenset()
    """Headings of a section that lists attached files."""
    credit_labels: tuple[str, ...] = ("Bild", "Foto", "Grafik")
    """Words that lead a credit, before a colon."""
    rendition: str = r"_w(?P<width>\d+)h(?P<height>\d+)(?=\.\w+$)"
    """What tells two renditions of one picture apart in their addresses."""
    generic_images: tuple[str, ...] = ()
    """Paths of pictures that stand for the site, not for a release."""
    retired_pages: tuple[tuple[str, str], ...] = ()
    """Path of a page that showed an article until a relaunch, and the name of the query parameter
    that says which. Such addresses come out of other archives; nobody answers at them any more."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Goes to worker processes by its facts; what it has computed from them stays here."""
        return _shared, (type(self), tuple(getattr(self, field.name) for field in fields(self)))

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Every host the site may be fetched from."""
        return self.aliases | {urls.host(self.origin)}

    @cached_property
    def rendition_pattern(self) -> re.Pattern[str]:
        """`rendition`, compiled."""
        return re.compile(self.rendition)

    @cached_property
    def credit_pattern(self) -> re.Pattern[str]:
        """Matches the label at the start of a credit: `Bild:`, `Bild (…/Fotograf/…):`."""
        labels = "|".join(map(re.escape, self.credit_labels))
        return re.compile(rf"(?:{labels})\w{{0,3}}\s*(?:\([^)]{{0,80}}\))?\s*:\s*", re.I)

    def mirrored(self, base_url: str) -> Site:
        """This site when its pages come from a mirror at `base_url`.

        Addresses of the mirror are then aliases of the canonical ones.
        """
        mirror = urls.host(base_url)
        return dataclasses.replace(self, aliases=self.aliases | {mirror})

    def canonical(self, url: str, base: str | None = None) -> str | None:
        """The canonical URL, on the canonical origin if the host is one of the site's.

        Args:
            url: absolute, or relative to `base`.
            base: absolute URL; the site's origin if None.
        """
        found = urls.canonical(url, base or self.origin + "/")
        if found is None or urls.host(found) not in self.hosts:
            return found
        return urls.with_origin(found, self.origin)

    def article_url(self, url: str, base: str | None = None) -> str | None:
        """The canonical URL of an article; None if it is not an article's.

        An article is an `.html` page below one of `sections`, without its query, or one of
        `retired_pages` with nothing but the parameter that names it.
        """
        return self._article_url(url, base)

    def listed_url(self, url: str, base: str | None = None) -> str | None:
        """As `article_url`, for addresses a crawl may fetch: None for those of `retired_pages`."""
        found = self._article_url(url, base)
        return None if found is None or self.is_retired(found) else found

    def is_retired(self, url: str) -> bool:
        """Whether a canonical address is one that a relaunch has put out of use."""
        return any(urls.path(url) == path for path, _parameter in self.retired_pages)

    @cached_property
    def _article_url(self) -> Callable[[str, str | None], str | None]:
        # Every page of a site shows the same fifteen teasers; their addresses are read once.
        return lru_cache(maxsize=4096)(self._find_article_url)

    def _find_article_url(self, url: str, base: str | None) -> str | None:
        found = self.canonical(url, base)
        if found is None or urls.host(found) != urls.host(self.origin):
            return None
        path = urls.path(found).partition(";")[0]  # `;jsessionid=…` names a visitor
        for retired, parameter in self.retired_pages:
            if path == retired:
                value = urls.query_value(found, parameter)
                return f"{self.origin}{path}?{parameter}={value}" if value else None
        path = urls.path(found)
        inside = any(path.startswith(section) and path != section for section in self.sections)
        return urls.without_query(found) if inside and path.lower().endswith(".html") else None


@lru_cache(maxsize=256)
def _shared(kind: type[Site], facts: tuple[Any, ...]) -> Site:
    """One object for the same facts, so that a worker computes what follows from them once."""
    return kind(*facts)
