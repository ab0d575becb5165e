"""What all requests share: the cache, whose releases these are, the style sheet's version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.archive.cities import names
from scraper.archive.followed import registry_of
from scraper.archive.runs import INVENTED
from scraper.browse.cache import Cache
from scraper.export.city import GERMAN_ZONE

if TYPE_CHECKING:
    from scraper.archive import Archive

_NAMED = 3
"""More cities are not named one by one."""
_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Origin:
    """Whose releases an archive holds."""

    city: str
    """Name of the city; names of up to three, "" for none and for more."""
    cities: dict[str, str]
    """Names of the cities with releases, and of those that are followed, by key."""
    zone: str
    """IANA time zone in which the archive's own times are shown."""
    invented: bool
    """Whether the releases are those of the replica."""

    @property
    def several(self) -> bool:
        """Whether the archive is about more than one city."""
        return len(self.cities) > 1


def _assets_version() -> str:
    digest = hashlib.sha256()
    for file in sorted(_STATIC.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


@dataclass(frozen=True)
class WebView:
    """One web view."""

    path: Path
    """The archive's file."""
    is_public: bool = False
    """Whether strangers may ask: they see nothing about the machine."""
    shows_watches: bool = True
    """Whether visitors see what somebody looks for."""
    cache: Cache = field(default_factory=Cache)
    assets: str = field(default_factory=_assets_version)
    """Changes with the style sheet and the script, so that browsers may keep them."""


def origin(archive: Archive) -> Origin:
    """Whose releases these are."""
    sites, cities = registry_of(archive), names(archive)
    zones = [site.zone for key in cities if (site := sites.known(key))]
    runs = archive.rows("SELECT DISTINCT source FROM runs")
    invented = any(row["source"] in INVENTED for row in runs)
    city = ", ".join(cities.values()) if len(cities) <= _NAMED else ""
    return Origin(city, cities, zones[0] if zones else GERMAN_ZONE, invented)
