"""A look at a newsroom that nobody has described: platform, sources, addresses, three releases.

At most twenty requests, politely, as far as robots.txt allows. What is found is a draft of a file
of facts, checked by reading releases with it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scraper import urls
from scraper.discovery.seen import see
from scraper.discovery.shape import form_of
from scraper.doctor.found import Found
from scraper.doctor.sample import NEEDED, SAMPLE, Sample, clock_rule, is_open, type_marker, worth
from scraper.doctor.sources import Sources
from scraper.errors import FetchError, ParseError, RobotsForbid
from scraper.records import Request

if TYPE_CHECKING:
    from datetime import date

    from scraper.discovery.seen import Seen
    from scraper.discovery.shape import Entries
    from scraper.doctor.look import Look
    from scraper.records import Capture
    from scraper.sites import Site

_MOST_PAGES = 4


class Explorer:
    """Looks at one newsroom.

    Args:
        site: of which nothing is known but the address.
        look: fetches its pages and reads them.
        url: canonical address of its page of press releases, or of its front page.
        key: key of the site to be.
        name: what to call it; what it calls itself if None.
        today: the present day.
    """

    def __init__(
        self, site: Site, look: Look, url: str, key: str, name: str | None, today: date
    ) -> None:
        self._look = look
        self._url = url
        self._found = Found(url, site.origin, key, today, name or "")
        self._sources = Sources(look, self._found)

    def look(self) -> Found:
        """Look at it.

        Raises:
            SiteUnreachable: it cannot be reached, or its robots.txt forbids.
            FetchError: the page cannot be had.
            ParseError: it cannot be read.
        """
        found, sources = self._found, self._sources
        robots = self._look.robots()
        capture = self._look.fetched(Request(self._url))
        start = self._look.read(capture.url, see, capture)
        found.name = found.name or start.name or urls.host(self._url).removeprefix("www.")
        found.platform = start.platform
        listing = self._listing_page(start)
        if listing.entries:
            found.form = form_of(listing.entries.urls)
        sources.feeds(listing)
        sources.listing(listing)
        sources.interfaces(listing)
        sources.archives(listing)
        sources.sitemaps(robots.sitemaps)
        self._read_samples(listing)
        self._conclude()
        return found

    def _listing_page(self, start: Seen) -> Seen:
        """The page with the list of releases: this one, or one that it calls press or news."""
        is_front = urls.path(start.url) == "/"
        if start.entries is not None and not is_front:
            return start
        best, most = start, _promise(start.entries)
        for url in start.links[:_MOST_PAGES]:
            there = self._sources.seen(url)
            if there and _promise(there.entries) > most:
                best, most = there, _promise(there.entries)
        if best is not start:
            self._found.notes.append(f"The list of releases was found at {best.url}.")
        return best

    # --- releases ----------------------------------------------------------------------------

    def _read_samples(self, listing: Seen) -> None:
        found = self._found
        if not found.sources or found.form is None:
            return
        wanted = [url for url in dict.fromkeys(found.names) if found.form.matches(url)][:SAMPLE]
        pages: list[Capture] = []
        seen: list[Seen] = []
        for url in wanted:
            try:
                page = self._look.fetched(Request(url))
                seen.append(self._look.read(url, see, page))
                pages.append(page)
            except (FetchError, ParseError, RobotsForbid) as error:
                found.samples.append(Sample(url, error=getattr(error, "reason", str(error))))
        if not pages:
            return
        platforms = Counter(each.platform for each in seen)
        candidates = dict.fromkeys([found.platform, platforms.most_common(1)[0][0], None])
        readings = []
        for name in candidates:
            found.platform = name
            readings.append((name, self._read(pages)))
        best = max(readings, key=lambda each: worth(each[1]))
        found.platform = best[0]
        found.samples += best[1]
        if is_open(found.form):
            found.marker = type_marker([each.types for each in seen], listing.types)
        self._sources.chain(seen, listing.url)

    def _read(self, pages: list[Capture]) -> list[Sample]:
        site = self._found.drafted(self._found.sources)
        samples = []
        for page in pages:
            try:
                samples.append(Sample(page.url, self._look.article(page, site)))
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
        elif not found.is_complete:
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
        found.file = found.text(sources, layout)


def _promise(entries: Entries | None) -> float:
    """How much a list promises to be one of releases."""
    return len(entries.urls) * (1 + 3 * (entries.dated > 0)) if entries else 0.0
