"""Finding articles: bytes of a listing in, candidates and the next requests out.

Nothing here fetches. `source` gives the first `Step` of each of a site's sources: the request to
make and the function that reads its answer; reading yields a `Listing`, which may hold further
steps. `crawl` drives them and joins what all sources found.
"""

from scraper.discovery.elasticsearch import search_steps
from scraper.discovery.listing import newsroom_steps, teaser_candidates
from scraper.discovery.sitemap import sitemap_steps
from scraper.discovery.source import is_walk, shows_newest, source_steps
from scraper.discovery.step import Listing, Step

__all__ = [
    "Listing",
    "Step",
    "is_walk",
    "newsroom_steps",
    "search_steps",
    "shows_newest",
    "sitemap_steps",
    "source_steps",
    "teaser_candidates",
]
