"""The newsrooms: a file of facts each (`KEY.toml`), what it may say, and where to find it.

`site` and `source` hold the facts as frozen dataclasses, `file` reads and checks TOML, `registry`
knows the files of the program and of the user.
"""

from __future__ import annotations

from scraper.platforms.layout import Layout
from scraper.sites.file import read_site
from scraper.sites.registry import Registry
from scraper.sites.site import ArticleAddress, Site, Verified
from scraper.sites.source import Source

__all__ = [
    "DEFAULT_SITE",
    "SITES",
    "ArticleAddress",
    "Layout",
    "Registry",
    "Site",
    "Source",
    "Verified",
    "get_site",
    "read_site",
]

SITES = Registry()
"""The sites that come with the program."""


DEFAULT_SITE = "dortmund"
"""The site that is meant where an archive follows none."""


def get_site(key: str) -> Site:
    """The site of that key among those that come with the program, or of a `.toml` file.

    Raises:
        UsageError: no such site; the message names those there are.
    """
    return SITES.get(key)
