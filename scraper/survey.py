"""What there is: every source is asked, and their answers are joined.

The sources come in order of completeness, and all of them are read: one that breaks costs a
warning, not an article.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from scraper.discovery import Listing, newsroom_steps, search_steps, sitemap_steps
from scraper.errors import (
    FetchError,
    LayoutDrift,
    NewsroomError,
    NoSuchSource,
    ParseError,
    RobotsForbid,
    SiteUnreachable,
)

if TYPE_CHECKING:
    from datetime import date

    from scraper.discovery import Step
    from scraper.fetch import Client
    from scraper.records import Candidate
    from scraper.report import Progress
    from scraper.sites import Site

_NO_PAGE = frozenset({404, 410})


class Survey:
    """One look at all listings of a site.

    Args:
        site: whose listings.
        client: fetches them.
        progress: is told about each.
        stop: says whether to end now.
    """

    def __init__(
        self, site: Site, client: Client, progress: Progress, stop: Callable[[], bool]
    ) -> None:
        self._site = site
        self._client = client
        self._progress = progress
        self._stop = stop
        self.listed: dict[str, Candidate] = {}
        """By canonical URL, in the order of the sources."""
        self.warnings: list[str] = []
        self.complete_sources: set[str] = set()
        """Sources that list everything and were read to their end."""

    def run(self, since: date | None) -> None:
        """Ask every source.

        Args:
            since: what is older need not be listed.

        Raises:
            SiteUnreachable: no source could be fetched, or robots.txt forbids all.
            LayoutDrift: no source could be read.
        """
        robots = self._client.robots()
        # In order of completeness; all of them, so that one that breaks costs only a warning.
        sources = (
            search_steps(self._site, since),
            newsroom_steps(self._site),
            sitemap_steps(self._site, robots.sitemaps, since),
        )
        errors: list[NewsroomError] = []
        for steps in sources:
            self._walk_source(deque(steps), errors)
        if not self.listed and errors and not self._stop():
            raise self._no_listing(errors)

    def _walk_source(self, steps: deque[Step], errors: list[NewsroomError]) -> None:
        """Follow a source to its end; what goes wrong is noted."""
        found, failed = 0, False
        while steps and not self._stop():
            step = steps.popleft()
            try:
                listing = self._read_listing(step)
            except NoSuchSource:
                continue
            except (FetchError, ParseError, RobotsForbid) as error:
                failed = True
                errors.append(error)
                self.warnings.append(f"The source {step.source!r} failed: {error}")
                continue
            found += len(listing.candidates)
            steps.extendleft(reversed(listing.steps))
            if not steps and found and not failed and step.source != "listing":
                self.complete_sources.add(step.source)

    def _read_listing(self, step: Step) -> Listing:
        answer = self._client.send(step.request).capture
        if answer.status != 200:
            if not (step.optional and answer.status in _NO_PAGE):
                raise FetchError(
                    answer.url,
                    f"the server answers with HTTP {answer.status}",
                    status=answer.status,
                )
            return Listing()
        listing = step.read(answer)
        self.warnings.extend(listing.warnings)
        for candidate in listing.candidates:
            self.listed[candidate.url] = _joined(candidate, self.listed)
        self._progress.listed(step.source, len(self.listed))
        return listing

    def _no_listing(self, errors: list[NewsroomError]) -> NewsroomError:
        reasons = " ".join(str(error) for error in errors)
        if all(isinstance(error, ParseError) for error in errors):
            return LayoutDrift(
                f"No listing of {self._site.name} could be read any more. {reasons} Nothing was "
                "changed. The site has probably been rebuilt; see `newsroom doctor --live`."
            )
        if all(isinstance(error, RobotsForbid) for error in errors):
            return RobotsForbid(reasons)
        return SiteUnreachable(
            f"No listing of {self._site.name} could be fetched. {reasons} Nothing was changed. "
            "Run the same command again later."
        )


def _joined(candidate: Candidate, listed: dict[str, Candidate]) -> Candidate:
    """A candidate, completed by what another source says of the same address."""
    other = listed.get(candidate.url, candidate)
    return dataclasses.replace(
        other,
        published=other.published or candidate.published,
        district=other.district or candidate.district,
    )
