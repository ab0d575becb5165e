"""A look at a newsroom that nobody has described: platform, sources, addresses, three releases.

Some fifteen requests, politely, as far as robots.txt allows. What is found is a draft of a file of
facts, checked by reading releases with it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper import urls
from scraper.discovery import source_steps
from scraper.discovery.paging import Paging, find_paging
from scraper.discovery.shape import (
    Entries,
    Form,
    find_entries,
    find_feeds,
    find_links,
    form_of,
    likely_form,
)
from scraper.doctor.sample import (
    NEEDED,
    SAMPLE,
    Sample,
    clock_rule,
    is_open,
    type_marker,
    worth,
)
from scraper.errors import FetchError, ParseError, RobotsForbid, UsageError
from scraper.extract.extract import extract
from scraper.markup.tree import attribute, parse_html
from scraper.platforms import recognise
from scraper.records import Request
from scraper.sites import read_site
from scraper.sites.write import Draft, FoundSource, draft_file
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from selectolax.lexbor import LexborHTMLParser

    from scraper.discovery import Listing
    from scraper.fetch.client import Client
    from scraper.records import Capture
    from scraper.sites import Site

_MOST_FEEDS = 5
_MOST_MAPS = 6
_FEED_PATHS = ("/feed/", "/rss.xml")
_OPEN = Form("^/.+", ("*",))
"""Any address, while nothing is known about those of releases."""
_PRESS = re.compile(r"press|medien|newsroom|aktuell|news|meldung", re.I)
_MOST_PAGES = 4
_NEWS = re.compile(r"news|press|aktuell|meldung|article|post", re.I)


@dataclass
class Found:
    """What a look at a newsroom has found."""

    url: str
    name: str = ""
    platform: str | None = None
    form: Form | None = None
    marker: str = ""
    sources: list[FoundSource] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)
    """How many releases each source names, by address."""
    samples: list[Sample] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What else was noticed, each as a sentence."""
    missing: list[str] = field(default_factory=list)
    """What could not be found out, each as a sentence."""
    file: str = ""
    """The draft."""

    @property
    def is_usable(self) -> bool:
        """Whether a crawl can work with the draft."""
        return bool(self.sources) and any(
            not set(NEEDED) & set(sample.missing) for sample in self.samples
        )


class Explorer:
    """Looks at one newsroom.

    Args:
        site: of which nothing is known but the address.
        client: fetches its pages.
        url: canonical address of its page of press releases, or of its front page.
        key: key of the site to be.
        name: what to call it; what it calls itself if None.
        today: the present day.
    """

    def __init__(
        self, site: Site, client: Client, url: str, key: str, name: str | None, today: date
    ) -> None:
        self._site = site
        self._client = client
        self._url = url
        self._key = key
        self._today = today
        self._found = Found(url, name or "")
        self._entries: Entries | None = None
        self._paging: Paging | None = None
        self._maps_left = _MOST_MAPS
        self._names: list[str] = []  # addresses that sources have named, newest first

    def look(self) -> Found:
        """Look at it.

        Raises:
            SiteUnreachable: it cannot be reached, or its robots.txt forbids.
            FetchError: the page cannot be had.
        """
        found = self._found
        robots = self._client.robots()
        capture = self._fetched(self._url)
        tree = parse_html(capture)
        found.name = found.name or _name(tree) or urls.host(self._url).removeprefix("www.")
        found.platform = recognise(tree)
        listing, tree = self._listing_page(capture, tree)
        if self._entries:
            found.form = form_of(self._entries.urls)
            self._paging = find_paging(tree, listing.url)
        self._look_for_feeds(tree, listing.url)
        self._look_for_listing(listing)
        self._look_for_sitemaps(robots.sitemaps)
        self._read_samples(tree)
        self._conclude()
        return found

    def _listing_page(
        self, capture: Capture, tree: LexborHTMLParser
    ) -> tuple[Capture, LexborHTMLParser]:
        """The page with the list of releases: this one, or one that it calls press or news."""
        self._entries = find_entries(tree, capture.url)
        is_front = urls.path(capture.url) == "/"
        if self._entries is not None and not is_front:
            return capture, tree
        best, most = (capture, tree, self._entries), _promise(self._entries)
        for url in find_links(tree, capture.url, _PRESS)[:_MOST_PAGES]:
            try:
                page = self._fetched(url)
                there = parse_html(page)
            except (FetchError, ParseError, RobotsForbid):
                continue
            entries = find_entries(there, page.url)
            if _promise(entries) > most:
                best, most = (page, there, entries), _promise(entries)
        self._entries = best[2]
        if best[0] is not capture:
            self._found.notes.append(f"The list of releases was found at {best[0].url}.")
        return best[0], best[1]

    def _fetched(self, url: str) -> Capture:
        capture = self._client.send(Request(url)).capture
        if capture.status != 200:
            raise FetchError.answered(capture.url, capture.status)
        return capture

    def _try(self, facts: dict[str, object], url: str = "") -> Listing | None:
        """What a source names on its first page, or at an address; None if it cannot be read."""
        try:
            site = self._drafted([FoundSource(facts)])
            (step, *_others) = source_steps(site, site.sources[0], self._today)
            return step.read(self._fetched(url or step.request.url))
        except (FetchError, ParseError, RobotsForbid, UsageError):
            return None

    def _drafted(self, sources: Iterable[FoundSource], **layout: object) -> Site:
        """The site as the draft states it now."""
        return read_site(self._text(tuple(sources), layout), "the draft", key=self._key)

    def _text(self, sources: tuple[FoundSource, ...], layout: dict[str, object]) -> str:
        found = self._found
        form = found.form
        article: dict[str, object] = {}
        if form:
            article["path"] = form.path
            if form.query:
                article["query"] = list(form.query)
            if found.marker:
                article["marker"] = found.marker
        host = urls.host(self._url)
        twin = host.removeprefix("www.") if host.startswith("www.") else ""
        draft = Draft(
            name=found.name,
            url=self._site.origin,
            day=self._today,
            seen=self._url,
            platform=found.platform,
            aliases=(twin,) if twin else (),
            article=article,
            sources=sources,
            layout=layout,
            missing=tuple(found.missing),
        )
        return draft_file(draft)

    # --- sources -----------------------------------------------------------------------------

    def _look_for_feeds(self, tree: LexborHTMLParser, url: str) -> None:
        named = list(find_feeds(tree, url))
        front = f"{self._site.origin}/"
        if not named and url != front:
            try:
                named += find_feeds(parse_html(self._fetched(front)), front)
            except (FetchError, ParseError, RobotsForbid):
                self._found.notes.append(f"The front page {front} could not be read.")
        guessed = [] if named else [self._site.origin + path for path in _FEED_PATHS]
        for url in dict.fromkeys([*named[:_MOST_FEEDS], *guessed]):
            self._try_feed(url)

    def _try_feed(self, url: str) -> None:
        form = self._found.form
        facts: dict[str, object] = {"method": "feed", "url": self._short(url)}
        self._found.form = _OPEN  # whatever it names
        listing = self._try(facts)
        self._found.form = form
        if listing is None:
            return
        names = [candidate.url for candidate in listing.candidates]
        fitting = [name for name in names if form is None or form.matches(name)]
        if 3 * len(fitting) < len(names):
            self._found.notes.append(f"The feed {url} names other things than releases.")
            return
        if form is None:
            self._found.form = form_of(names)
        fitting = self._as_told(fitting)
        self._names += fitting
        self._add(facts, fitting, f"names the newest {len(fitting)}")

    def _look_for_listing(self, capture: Capture) -> None:
        if self._entries is None or self._found.form is None:
            return
        facts: dict[str, object] = {"method": "listing", "url": self._short(capture.url)}
        more: dict[str, object] = {"entry": self._entries.css}
        paging, complete = self._paging, False
        if paging and paging.url:
            facts["url"] = paging.url
            more |= {"first_page": paging.first} if paging.first != 1 else {}
            more |= {"step": paging.step} if paging.step > 1 else {}
        elif paging:
            more["next"] = [paging.next]
        if not self._entries.dated:
            more["dates"] = False
        first = self._try({**facts, **more})
        if first is None and paging:
            facts["url"] = self._short(capture.url)
            for key in ("first_page", "step", "next"):
                more.pop(key, None)
            paging, first = None, self._try({**facts, **more})
        if first is None:
            self._found.notes.append(f"The list at {capture.url} could not be read as one.")
            return
        names = [candidate.url for candidate in first.candidates]
        told = f"names {len(names)} on its first page"
        if paging:
            second = self._try({**facts, **more}, paging.second)
            others = {each.url for each in second.candidates} - set(names) if second else set()
            complete = bool(others)
            told += (
                f", and {len(others)} others on the second" if others else ", and no other after it"
            )
        if complete:
            facts["complete"] = True
        self._names = [*names, *self._names]
        self._add({**facts, **more}, names, told)

    def _look_for_sitemaps(self, named: Iterable[str]) -> None:
        self._maps_left = _MOST_MAPS
        for url in [*named] or [f"{self._site.origin}/sitemap.xml"]:
            self._try_sitemap(url)

    def _try_sitemap(self, url: str) -> None:
        facts: dict[str, object] = {"method": "sitemap", "url": self._short(url), "dates": False}
        form = self._found.form
        self._found.form = form or _OPEN
        names = self._names_of_map(facts, url)
        self._found.form = form or likely_form(names)
        if self._found.form is None or not names:
            return
        names = self._as_told(name for name in names if self._found.form.matches(name))
        known = set(self._names)
        if not names or (known and not known & set(names)):
            return
        if known and len(known & set(names)) < 0.8 * len(known):
            self._found.notes.append(f"The sitemap {url} names only some of the releases.")
        else:
            facts["complete"] = True
        self._add(facts, names, f"names {len(names)}")
        self._names += [name for name in names if name not in known]

    def _names_of_map(self, facts: dict[str, object], url: str) -> list[str]:
        """What a sitemap names, and those that it names; of many only the most likely."""
        listings = [self._try(facts)]
        waiting = [step.request.url for step in listings[0].steps] if listings[0] else []
        for child in sorted(waiting, key=lambda each: not _NEWS.search(each)):
            if self._maps_left <= 0:
                break
            self._maps_left -= 1
            listings.append(self._try(facts, child))
        return [each.url for listing in listings if listing for each in listing.candidates]

    def _as_told(self, names: Iterable[str]) -> list[str]:
        """Addresses as the draft tells them from one another, each once."""
        site = self._drafted([FoundSource({"method": "feed", "url": "/"})])
        told = (site.article_url(name) for name in names)
        return list(dict.fromkeys(each for each in told if each))

    def _add(self, facts: dict[str, object], names: list[str], told: str) -> None:
        url = str(facts["url"])
        self._found.named[url] = len(names)
        self._found.sources.append(FoundSource(facts, f"The {facts['method']} {told}."))

    def _short(self, url: str) -> str:
        """An address as a file writes it: from the root, where it lies on the site."""
        text = url.removeprefix(self._site.origin) if url.startswith(self._site.origin) else url
        return text.replace("{", "{{").replace("}", "}}")

    # --- releases ----------------------------------------------------------------------------

    def _read_samples(self, listing: LexborHTMLParser) -> None:
        found = self._found
        if not found.sources or found.form is None:
            return
        wanted = [url for url in dict.fromkeys(self._names) if found.form.matches(url)][:SAMPLE]
        pages: list[Capture] = []
        for url in wanted:
            try:
                pages.append(self._fetched(url))
            except (FetchError, RobotsForbid) as error:
                found.samples.append(Sample(url, error=str(error)))
        if not pages:
            return
        try:
            trees = [parse_html(page) for page in pages]
        except ParseError as error:
            found.samples.append(Sample(error.url, error=error.reason))
            return
        platforms = Counter(recognise(tree) for tree in trees)
        candidates = dict.fromkeys([found.platform, platforms.most_common(1)[0][0], None])
        readings = []
        for name in candidates:
            found.platform = name
            readings.append((name, self._read(pages)))
        best = max(readings, key=lambda each: worth(each[1]))
        found.platform = best[0]
        found.samples += best[1]
        if is_open(found.form):
            found.marker = type_marker(trees, listing)

    def _read(self, pages: list[Capture]) -> list[Sample]:
        site = self._drafted(self._found.sources)
        samples = []
        for page in pages:
            try:
                samples.append(Sample(page.url, extract(page, site)))
            except ParseError as error:
                samples.append(Sample(page.url, error=error.reason))
        return samples

    def _conclude(self) -> None:
        found = self._found
        if not found.sources:
            found.missing.append(
                "No list of releases was found: no feed, no sitemap with their addresses, and on "
                "this page nothing that is repeated. Give the address of the page that lists press "
                "releases, or fill in the lines below."
            )
        elif not any("complete" in source.facts for source in found.sources):
            found.missing.append(
                "No source names every release, only the newest. Is there a list with pages?"
            )
        lost = [name for name in NEEDED if all(name in s.missing for s in found.samples)]
        if found.samples and lost:
            found.missing.append(
                f"Of the releases that were read none had: {', '.join(lost)}. Say where these "
                "stand, in a table [layout]."
            )
        layout = clock_rule(found.samples)
        if layout:
            found.notes.append(
                "All releases show the same time of day: a placeholder. Only the day is taken."
            )
        sources = sorted(found.sources, key=lambda s: str(s.facts["method"]) == "sitemap")
        found.file = self._text(tuple(sources), layout)


def _name(tree: LexborHTMLParser) -> str:
    """What the site calls itself."""
    meta = attribute(tree.css_first('meta[property="og:site_name"]'), "content")
    if meta:
        return fold(meta)[:100]
    node = tree.css_first("title")
    title = fold(node.text()) if node is not None else ""
    parts = re.split(" [|–—-] ", title)
    return parts[-1][:100] if len(parts) > 1 else ""


def _promise(entries: Entries | None) -> float:
    """How much a list promises to be one of releases."""
    return len(entries.urls) * (1 + 3 * (entries.dated > 0)) if entries else 0.0
