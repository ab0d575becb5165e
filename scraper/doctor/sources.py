"""Trying out what may list the releases of a newsroom that nobody has described.

Each source is a draft of a table of facts, asked as a crawl would ask it. What it names decides
whether it goes into the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.discovery import source_steps
from scraper.discovery.interfaces import described
from scraper.discovery.seen import see
from scraper.discovery.shape import Form, form_of, likely_form
from scraper.errors import FetchError, ParseError, RobotsForbid, UsageError
from scraper.records import Request
from scraper.sites.write import FoundSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.discovery import Listing
    from scraper.discovery.interfaces import Interface
    from scraper.discovery.periods import Archive
    from scraper.discovery.seen import Seen
    from scraper.doctor.found import Found
    from scraper.doctor.look import Look
    from scraper.records import Capture

MOST_REQUESTS = 20
"""Of a look at one newsroom, robots.txt and the releases that are read included."""
_KEPT_FOR_RELEASES = 4
_MOST_FEEDS = 5
_MOST_MAPS = 6
_FEED_PATHS = ("/feed/", "/rss.xml")
_OPEN = Form("^/.+", ("*",))
"""Any address, while nothing is known about those of releases."""
_NEWS = re.compile(r"news|press|aktuell|meldung|article|post", re.I)
_NOT_READ = (FetchError, ParseError, RobotsForbid, UsageError)


class Sources:
    """Finds the sources of one newsroom.

    Args:
        look: fetches and reads.
        found: what was found so far; sources, form and names are added to it.
    """

    def __init__(self, look: Look, found: Found) -> None:
        self._look = look
        self._found = found

    def page(self, url: str) -> Capture:
        """A page, as long as the site was not asked too often.

        Raises:
            FetchError: it cannot be had, or enough was asked.
        """
        if self._look.requests >= MOST_REQUESTS - _KEPT_FOR_RELEASES:
            raise FetchError(url, f"the look at it has taken {self._look.requests} requests")
        return self._look.fetched(Request(url))

    def seen(self, url: str) -> Seen | None:
        """What a page shows; None if it cannot be had."""
        try:
            capture = self.page(url)
            return self._look.read(capture.url, see, capture)
        except _NOT_READ:
            return None

    def _try(self, facts: dict[str, object], url: str = "") -> Listing | None:
        """What a source names on its first page, or at an address; None if it cannot be read."""
        try:
            site = self._found.drafted([FoundSource(facts)])
            (step, *_others) = source_steps(site, site.sources[0], self._found.day)
            return self._look.listing(step, self.page(url or step.request.url))
        except _NOT_READ:
            return None

    def _names(self, facts: dict[str, object], url: str = "") -> list[str] | None:
        """Addresses that a source names, whatever their form; None if it cannot be read."""
        form = self._found.form
        self._found.form = _OPEN
        listing = self._try(facts, url)
        self._found.form = form
        return [each.url for each in listing.candidates] if listing else None

    def _fitting(self, names: list[str], what: str) -> list[str]:
        """Those that are releases; none, with a note, where most are something else.

        Where nothing is known of the form of addresses, these tell it.
        """
        form = self._found.form or form_of(names)
        if form is None:
            return []
        fitting = [name for name in names if form.matches(name)]
        if not fitting or 3 * len(fitting) < len(names):
            self._found.notes.append(f"{what} names other things than releases.")
            return []
        self._found.form = form
        return self._found.as_told(fitting)

    def _others_after(self, facts: dict[str, object], second: str, names: list[str]) -> int:
        """How many releases the second page names that the first one does not."""
        listing = self._try(facts, second)
        return len({each.url for each in listing.candidates} - set(names)) if listing else 0

    # --- feeds -------------------------------------------------------------------------------

    def feeds(self, seen: Seen) -> None:
        """Feeds that the page names, or the front page, or that stand at usual places."""
        named = list(seen.feeds)
        front = f"{self._found.origin}/"
        if not named and seen.url != front:
            start = self.seen(front)
            if start is None:
                self._found.notes.append(f"The front page {front} could not be read.")
            named += start.feeds if start else ()
        guessed = [] if named else [self._found.origin + path for path in _FEED_PATHS]
        for url in dict.fromkeys([*named[:_MOST_FEEDS], *guessed]):
            self._feed(url)

    def _feed(self, url: str) -> None:
        facts: dict[str, object] = {"method": "feed", "url": self._found.short(url)}
        names = self._names(facts)
        fitting = self._fitting(names, f"The feed {url}") if names else []
        if fitting:
            self._found.names += fitting
            self._found.add(facts, fitting, f"names the newest {len(fitting)}")

    # --- lists in HTML -----------------------------------------------------------------------

    def listing(self, seen: Seen) -> None:
        """The list on the page, with its further pages."""
        if seen.entries is None or self._found.form is None:
            return
        facts = _listing_facts(seen, self._found)
        first = self._try(facts)
        paging = seen.paging
        if first is None and paging:
            facts = _without_pages(facts, self._found.short(seen.url))
            paging, first = None, self._try(facts)
        if first is None:
            self._found.notes.append(f"The list at {seen.url} could not be read as one.")
            return
        names = [candidate.url for candidate in first.candidates]
        told = f"names {len(names)} on its first page"
        if paging:
            others = self._others_after(facts, paging.second, names)
            told += f", and {others} others on the second" if others else ", and no other after it"
            if others:
                facts = {**facts, "complete": True}
        self._found.names = [*names, *self._found.names]
        self._found.add(facts, names, told)

    def archives(self, seen: Seen) -> None:
        """Lists by year or month, where no other list goes back so far."""
        for archive in seen.archives[:2]:
            if self._found.is_complete:
                return
            self._archive(archive, deeper=True)

    def _archive(self, archive: Archive, *, deeper: bool) -> None:
        for year, url in self._periods(archive):
            there = self.seen(url)
            months = (
                next((each for each in there.archives if each.has_months), None) if there else None
            )
            if months and deeper and not archive.has_months:
                self._archive(months, deeper=False)
                return
            if there and there.entries and self._add_archive(archive, there, str(year)):
                return

    @staticmethod
    def _periods(archive: Archive) -> list[tuple[int, str]]:
        """Two periods to look at: the last but one, since the newest may be nearly empty."""
        years = [year for year, _month in archive.periods]
        pairs = list(zip(years, archive.addresses, strict=True))
        return [*pairs[1:2], *pairs[:1]]

    def _add_archive(self, archive: Archive, there: Seen, year: str) -> bool:
        """Add an archive by what one of its pages shows; returns whether that names releases."""
        if there.entries is None:
            return False
        self._found.form = self._found.form or form_of(there.entries.urls)
        facts = _listing_facts(there, self._found)
        paged = there.paging.url if there.paging else ""
        if paged and (archive.has_months or year not in paged):
            facts = _without_pages(facts, archive.url)
        else:
            facts["url"] = paged.replace(year, "{year}", 1) or archive.url
        facts |= {"complete": True, "since": archive.periods[-1][0]}
        if self._found.sources:
            facts["newest_first"] = False  # the others show the newest
        listing = self._try(facts, there.url)
        names = [each.url for each in listing.candidates] if listing else []
        if names:
            self._found.names += [name for name in names if name not in self._found.names]
            unit = "month" if archive.has_months else "year"
            self._found.add(facts, names, f"has a page for each {unit}; one names {len(names)}")
        return bool(names)

    # --- lists in JSON -----------------------------------------------------------------------

    def interfaces(self, seen: Seen) -> None:
        """Lists in JSON: those that say what they are, others where nothing else is complete."""
        for interface in seen.interfaces:
            if interface.kind == "wordpress":
                self._wordpress(interface)
            elif not self._found.is_complete:
                self._interface(interface)

    def _wordpress(self, interface: Interface) -> None:
        facts = {"method": "json", "url": interface.url, **interface.facts}
        names = self._names(facts)
        known = set(self._found.names)
        fitting = self._fitting(names, "The interface of WordPress") if names else []
        if fitting and (not known or known & set(fitting)):
            self._found.names += [name for name in fitting if name not in known]
            told = f"names {len(fitting)} on its first page"
            self._found.add({**facts, "complete": True}, fitting, told)

    def _interface(self, interface: Interface) -> None:
        facts: dict[str, object] | None = dict(interface.facts)
        if interface.kind == "address":
            facts = self._described(interface.url)
        if facts is None:
            return
        method = "json_in_attribute" if interface.kind == "attribute" else "json"
        facts = {"method": method, "url": self._found.short(interface.url), **facts}
        if method != "json":
            facts = {key: value for key, value in facts.items() if key not in {"total", "next"}}
        names = self._names(facts)
        fitting = self._fitting(names, f"The list in JSON at {interface.url}") if names else []
        if not fitting:
            return
        known = set(self._found.names)
        told = f"names {len(fitting)}"
        listed = self._with_pages(facts, fitting) if method == "json" else facts
        if listed is not facts or (known and known <= set(fitting)) or method != "json":
            listed = {**listed, "complete": True}
        self._found.names += [name for name in fitting if name not in known]
        self._found.add(listed, fitting, told)

    def _described(self, url: str) -> dict[str, object] | None:
        try:
            capture = self.page(url)
            text = capture.body.decode("utf-8", "replace")
            return self._look.read(capture.url, described, text, capture.url)
        except _NOT_READ:
            return None

    def _with_pages(self, facts: dict[str, object], names: list[str]) -> dict[str, object]:
        """The facts with further pages, if there are any."""
        if "next" in facts:
            return {**facts}
        url = str(facts["url"])
        if re.search(r"[?&]page=[01]\b", url):
            first = int(re.search(r"[?&]page=([01])\b", url)[1])  # type: ignore[index]
            paged = re.sub(r"([?&]page=)[01]\b", r"\1{page}", url)
        else:
            first, paged = 1, f"{url}{'&' if '?' in url else '?'}page={{page}}"
        asked = {**facts, "url": paged, **({"first_page": 0} if first == 0 else {})}
        second = paged.format(page=first + 1)
        if second.startswith("/"):
            second = self._found.origin + second
        return asked if self._others_after(asked, second, names) else facts

    # --- sitemaps ----------------------------------------------------------------------------

    def sitemaps(self, named: Iterable[str]) -> None:
        """Sitemaps that robots.txt names, or the one at the usual place."""
        self._maps_left = _MOST_MAPS
        for url in [*named] or [f"{self._found.origin}/sitemap.xml"]:
            self._sitemap(url)

    def _sitemap(self, url: str) -> None:
        found = self._found
        facts: dict[str, object] = {
            "method": "sitemap",
            "url": found.short(url),
            "dates": False,
        }
        form = found.form
        found.form = form or _OPEN
        names = self._names_of_map(facts)
        found.form = likely = form or likely_form(names)
        if likely is None or not names:
            return
        names = found.as_told(name for name in names if likely.matches(name))
        known = set(found.names)
        if not names or (known and not known & set(names)):
            return
        if known and len(known & set(names)) < 0.8 * len(known):
            found.notes.append(f"The sitemap {url} names only some of the releases.")
        else:
            facts["complete"] = True
        found.add(facts, names, f"names {len(names)}")
        found.names += [name for name in names if name not in known]

    def _names_of_map(self, facts: dict[str, object]) -> list[str]:
        """What a sitemap names, and those that it names; of many only the most likely."""
        listings = [self._try(facts)]
        waiting = [step.request.url for step in listings[0].steps] if listings[0] else []
        for child in sorted(waiting, key=lambda each: not _NEWS.search(each)):
            if self._maps_left <= 0:
                break
            self._maps_left -= 1
            listings.append(self._try(facts, child))
        return [each.url for listing in listings if listing for each in listing.candidates]

    # --- from release to release -------------------------------------------------------------

    def chain(self, releases: list[Seen], start: str) -> None:
        """Links from each release to the one before it, where nothing else names all."""
        found = self._found
        if found.is_complete or found.form is None or not releases:
            return
        names = list(dict.fromkeys(found.names))
        for turn in releases[0].turns:
            chain = [
                next((each.url for each in page.turns if each.selector == turn.selector), "")
                for page in releases
            ]
            targets = [(found.as_told([url]) or [""])[0] for url in chain]
            pairs = list(zip(targets, names[1:], strict=False))
            if targets[0] and pairs and sum(a == b for a, b in pairs) >= min(2, len(pairs)):
                facts: dict[str, object] = {
                    "method": "chain",
                    "url": found.short(start),
                    "next": [turn.selector],
                    "complete": True,
                }
                found.add(facts, names, "follows each release's link to the one before it")
                return


def _listing_facts(seen: Seen, found: Found) -> dict[str, object]:
    """A source for the list that a page shows."""
    facts: dict[str, object] = {"method": "listing", "url": found.short(seen.url)}
    if seen.entries is None:
        return facts
    facts["entry"] = seen.entries.css
    paging = seen.paging
    if paging and paging.url:
        facts["url"] = paging.url
        facts |= {"first_page": paging.first} if paging.first != 1 else {}
        facts |= {"step": paging.step} if paging.step > 1 else {}
    elif paging:
        facts |= {"next": [paging.next]} if paging.next else {}
        facts |= {"pager": paging.pager} if paging.pager else {}
    if not seen.entries.dated:
        facts["dates"] = False
    return facts


def _without_pages(facts: dict[str, object], url: str) -> dict[str, object]:
    paging = {"first_page", "step", "next", "pager"}
    return {**{key: value for key, value in facts.items() if key not in paging}, "url": url}
