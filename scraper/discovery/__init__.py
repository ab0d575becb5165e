"""Finding articles: bytes of a listing in, candidates and the next requests out.

Nothing here fetches. A source begins with a `Step`, the request to make and the function that
reads its answer; reading yields a `Listing`, which may hold further steps. `crawl` drives them and
joins what all sources found.
"""

from scraper.discovery.elasticsearch import search_steps
from scraper.discovery.listing import newsroom_steps, teaser_candidates
from scraper.discovery.sitemap import sitemap_steps
from scraper.discovery.step import Listing, Step

__all__ = [
    "Listing",
    "Step",
    "newsroom_steps",
    "search_steps",
    "sitemap_steps",
    "teaser_candidates",
]
