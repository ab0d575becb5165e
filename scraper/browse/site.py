"""What all requests share: the cache, whose releases these are, the style sheet's version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.archive.followed import registry_of
from scraper.archive.runs import INVENTED
from scraper.browse.cache import Cache
from scraper.errors import UsageError
from scraper.sites import DEFAULT_SITE

if TYPE_CHECKING:
    from scraper.archive import Archive

_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Origin:
    """Whose releases an archive holds."""

    city: str
    """Names of the cities."""
    zone: str
    """IANA time zone in which the archive's own times are shown."""
    invented: bool
    """Whether the releases are those of the replica."""


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
    cache: Cache = field(default_factory=Cache)
    assets: str = field(default_factory=_assets_version)
    """Changes with the style sheet and the script, so that browsers may keep them."""


def origin(archive: Archive) -> Origin:
    """Whose releases these are; an empty archive will hold those of the first city we know."""
    runs = archive.rows("SELECT DISTINCT site, source FROM runs")
    sites = registry_of(archive)
    names, zones = [], []
    for key in sorted({row["site"] for row in runs}) or [DEFAULT_SITE]:
        try:
            city = sites.get(key)
        except UsageError:  # of a version that knows more cities
            names.append(key)
            continue
        names.append(city.name)
        zones.append(city.zone)
    invented = any(row["source"] in INVENTED for row in runs)
    return Origin(", ".join(names), zones[0] if zones else "UTC", invented)
