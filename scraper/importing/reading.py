"""Reading one page to import, in a worker process: load it, and read it unless it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.archive.over_budget import REFUSAL, sha256
from scraper.errors import OverBudget
from scraper.extract.extract import extract
from scraper.markup.ending import breaks_off

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.importing.found import Page
    from scraper.records import Article
    from scraper.sites import Site


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page and what was read in it."""

    page: Page
    article: Article
    breaks_off: bool
    """Whether the page ends in the middle, by itself."""


def read_page(
    load: Callable[[], Page], site: Site, known: frozenset[str], refused: frozenset[str]
) -> ReadPage | None:
    """Load a page and read it; None if it is known.

    Args:
        load: of the entry.
        site: whose page.
        known: SHA-256 of contents that the archive has of this address and time.
        refused: SHA-256 of contents that are not to be read any more.

    Raises:
        Unreadable: the file cannot be read there.
        ParseError: it is not an article page of the site.
        OverBudget: it has exceeded the budget too often.
    """
    page = load()
    if known or refused:
        digest = sha256(page.capture.body)
        if digest in known:
            return None
        if digest in refused:
            raise OverBudget(page.capture.url, REFUSAL)
    return ReadPage(page, extract(page.capture, site), breaks_off(page.capture))
