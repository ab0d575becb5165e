"""What is known about one newsroom: addresses, sources, layouts, words. Facts only."""

from __future__ import annotations

import dataclasses
import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

from scraper import urls
from scraper.platforms.layout import Layout, Selector

if TYPE_CHECKING:
    from datetime import date

    from scraper.sites.source import Source

How = Literal["page", "scraper", "address"]
VERIFIED: tuple[How, ...] = ("page", "scraper", "address")
_OF_A_TEXT = frozenset({"title", "date", "content", "link"})
_CANONICAL_LINK = "link[rel=canonical]"


@dataclass(frozen=True)
class Verified:
    """How far the facts of a site have been seen to be true."""

    how: How
    """`page`: read off saved pages, and records compared with them. `scraper`: off what others
    published about their own scrapers. `address`: nothing is known but addresses."""
    source: str = ""
    """Whose pages or scraper."""
    day: date | None = None


@dataclass(frozen=True)
class ArticleAddress:
    """What tells the address of a release."""

    sections: tuple[str, ...] = ()
    """Paths below which releases lie."""
    suffix: str = ""
    """How their paths end."""
    path: str | None = None
    """Pattern of their paths, percent-encoded; instead of the two above."""
    query: tuple[str, ...] = ()
    """Parameters that tell one release from another; all others are dropped. `*`: keep all."""
    fragment: str | None = None
    """Pattern of the part behind `#`, where that tells releases apart."""
    template: str = ""
    """Address for people of a release that an interface knows by `{id}`."""
    marker: str = ""
    """Any path may be a release's; the page shows whether it is, by this element."""

    @cached_property
    def path_pattern(self) -> re.Pattern[str] | None:
        """`path`, compiled."""
        return re.compile(self.path) if self.path else None

    @cached_property
    def fragment_pattern(self) -> re.Pattern[str] | None:
        """`fragment`, compiled."""
        return re.compile(self.fragment) if self.fragment else None

    def matches(self, url: str) -> bool:
        """Whether a canonical address is that of a release, as far as its path says."""
        path = urls.path(url)
        if (
            self.query
            and "*" not in self.query
            and not any(_parameter(url, name) for name in self.query)
        ):
            return False
        if self.path_pattern:
            return self.path_pattern.search(path) is not None
        inside = not self.sections or any(
            path.startswith(section) and path != section for section in self.sections
        )
        return inside and path.lower().endswith(self.suffix) and path != "/"

    def __getstate__(self) -> dict[str, object]:
        """Only the facts travel to another process."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}


@dataclass(frozen=True)
class Site:
    """One newsroom."""

    key: str
    """What `--site` takes."""
    name: str
    origin: str
    """Canonical scheme and host; addresses of the aliases become addresses of it."""
    aliases: frozenset[str] = frozenset()
    """Other hosts that serve the same pages."""
    other_hosts: frozenset[str] = frozenset()
    """Hosts of the same newsroom with pages of their own."""
    zone: str = "Europe/Berlin"
    """IANA time zone of the dates the site prints."""
    language: str = "de"
    """Language of the releases, as BCP 47 names it."""
    article: ArticleAddress = ArticleAddress()
    identity: tuple[Selector, ...] = (Selector(css=_CANONICAL_LINK, attribute="href"),)
    """Where a page says what its address is, most trusted first; else it is the one asked for."""
    sources: tuple[Source, ...] = ()
    layouts: tuple[Layout, ...] = ()
    """Newest first; the one that matches the page is used (see `scraper.parse.parts`)."""
    platform: str = ""
    """Name of the platform of the newest layout."""
    verified: Verified = Verified("address")
    notes: str = ""
    """What somebody who works on the site should know."""

    delay_seconds: float | None = None
    """Least pause between requests; the usual one if None."""
    cookies: tuple[tuple[str, str], ...] = ()
    """Cookies that the server wants to see."""
    not_found: tuple[str, ...] = ()
    """What a page says that does not exist, though its status is 200."""

    title_suffixes: tuple[str, ...] = ()
    """What `<title>` adds to the headline."""
    soft_prefixes: tuple[str, ...] = ()
    """What a title begins with in a state of the page that is no edit of the release."""
    correction_prefixes: tuple[str, ...] = ()
    """What the title of a release begins with that corrects another one."""
    districts: frozenset[str] = frozenset()
    """Names of the city's districts, as tags spell them."""
    district_parent: str | None = None
    """In the search interface, the parent value of a tag that is a district."""
    attachments: bool = False
    """Whether crawls keep the files of releases without being asked to."""
    attachment_headings: frozenset[str] = frozenset()
    """Headings of a section that lists attached files."""
    credit_labels: tuple[str, ...] = ("Bild", "Foto", "Grafik")
    """Words that lead a credit, before a colon."""
    rendition: str = r"_w(?P<width>\d+)h(?P<height>\d+)(?=\.\w+$)"
    """What tells two renditions of one picture apart in their addresses."""
    generic_images: tuple[str, ...] = ()
    """Beginnings of paths, or parts of addresses, of pictures that stand for the site."""
    redirector: tuple[str, str] | None = None
    """Path of a page that leads elsewhere, and the parameter that holds the target."""
    retired_pages: tuple[tuple[str, str], ...] = ()
    """Path of a page that showed an article until a relaunch, and the name of the query parameter
    that says which. Such addresses come out of other archives; nobody answers at them any more."""
    file: str = ""
    """The text of the file that states all this; empty if it was made in code."""

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Every host the site may be fetched from."""
        return self.aliases | self.other_hosts | {urls.host(self.origin)}

    @property
    def trusts_canonical(self) -> bool:
        """Whether a page's canonical address is its own, and not that of the listing."""
        return any(each.css == _CANONICAL_LINK for each in self.identity)

    @property
    def sections(self) -> tuple[str, ...]:
        """Paths below which articles lie."""
        return self.article.sections

    @property
    def is_complete(self) -> bool:
        """Whether one of the sources names every release there is."""
        return any(source.complete for source in self.sources)

    @cached_property
    def listed_fields(self) -> frozenset[str]:
        """What the layouts want to know of a release from the listing, such as its `date`.

        All that makes a record, if a source holds the text.
        """
        fields = [
            getattr(layout, field.name)
            for layout in self.layouts
            for field in dataclasses.fields(layout)
        ]
        selectors = [each for field in fields if isinstance(field, tuple) for each in field]
        asked = {s.feed for s in selectors if isinstance(s, Selector) and s.feed}
        has_text = any(source.body for source in self.sources)
        return frozenset(asked | _OF_A_TEXT if has_text else asked)

    @property
    def newsroom_path(self) -> str:
        """A page with teasers of the newest articles, for a person to open."""
        return self._path_of("listing") or "/"

    def _path_of(self, method: str) -> str | None:
        for source in self.sources:
            if source.method == method and "{" not in source.url:
                return source.url if source.url.startswith("/") else urls.path(source.url)
        return None

    @cached_property
    def rendition_pattern(self) -> re.Pattern[str]:
        """`rendition`, compiled."""
        return re.compile(self.rendition)

    @cached_property
    def credit_pattern(self) -> re.Pattern[str]:
        """Matches the label at the start of a credit: `Bild:`, `Bild (…/Fotograf/…):`."""
        labels = "|".join(map(re.escape, self.credit_labels))
        return re.compile(rf"(?:{labels})\w{{0,3}}\s*(?:\([^)]{{0,80}}\))?\s*:\s*", re.I)

    def is_generic_image(self, url: str) -> bool:
        """Whether a picture stands for the site, not for a release."""
        path = urls.path(url)
        return any(
            path.startswith(part) if part.startswith("/") else part in url
            for part in self.generic_images
        )

    def mirrored(self, base_url: str) -> Site:
        """This site when its pages come from a mirror at `base_url`.

        Addresses of the mirror are then aliases of the canonical ones.
        """
        mirror = urls.host(base_url)
        return dataclasses.replace(self, aliases=self.aliases | {mirror})

    @cached_property
    def _home(self) -> str:
        return f"{self.origin}/"

    def canonical(self, url: str, base: str | None = None) -> str | None:
        """The canonical URL, on the canonical origin if the host is an alias of it.

        Args:
            url: absolute, or relative to `base`.
            base: absolute URL; the site's origin if None.
        """
        found = urls.canonical(url, base or self._home)
        if found is None or found.startswith(self._home):
            return found
        host = urls.host(found)
        if host not in self.aliases and host != urls.host(self.origin):
            return found
        return urls.with_origin(found, self.origin)

    def link_target(self, url: str, base: str | None = None) -> str | None:
        """The canonical URL of a link, without the page that counts who leaves the site."""
        found = self.canonical(url, base)
        if found is None or self.redirector is None or urls.host(found) not in self.hosts:
            return found
        path, parameter = self.redirector
        target = parse_qs(urlsplit(found).query).get(parameter, [""])[0]
        return self.canonical(target) if urls.path(found) == path and target else found

    def article_url(self, url: str, base: str | None = None) -> str | None:
        """The canonical URL of an article; None if it is not an article's.

        It keeps nothing of query and fragment but what tells one article from another.
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
        if found is None or urls.host(found) not in self.other_hosts | {urls.host(self.origin)}:
            return None
        path = urls.path(found).partition(";")[0]  # `;jsessionid=…` names a visitor
        for retired, parameter in self.retired_pages:
            if path == retired:
                value = urls.query_value(found, parameter)
                return f"{self.origin}{path}?{parameter}={value}" if value else None
        if not self.article.matches(found):
            return None
        bare = urls.without_query(found)
        kept = [(name, _parameter(found, name)) for name in self.article.query]
        query = "&".join(f"{_encoded(name)}={value}" for name, value in kept if value)
        if "*" in self.article.query:
            query = urlsplit(found).query
        pattern = self.article.fragment_pattern
        fragment = ""
        if pattern:
            match = pattern.search(url.partition("#")[2])
            if match is None:
                return None
            fragment = f"#{match[0]}"
        return f"{bare}?{query}{fragment}" if query else bare + fragment

    def __reduce__(self) -> tuple[Any, ...]:
        """Goes to worker processes by its facts; what it has computed from them stays here."""
        return _shared, (self._facts,)

    @cached_property
    def _facts(self) -> bytes:
        return pickle.dumps([getattr(self, field.name) for field in dataclasses.fields(self)])


def _parameter(url: str, name: str) -> str:
    """The first value of a query parameter, percent-encoded as it stands; empty if missing."""
    wanted = unquote(name)
    for each in urlsplit(url).query.split("&"):
        key, _equals, value = each.partition("=")
        if unquote(key) == wanted:
            return value
    return ""


def _encoded(name: str) -> str:
    """The name of a parameter as canonical addresses spell it: `tx_news%5Bid%5D`."""
    return quote(unquote(name), safe="/:@!$'()*,;-._~")


@lru_cache(maxsize=256)
def _shared(facts: bytes) -> Site:
    """One object for the same facts, so that a worker computes what follows from them once."""
    return Site(*pickle.loads(facts))  # noqa: S301 - our own
