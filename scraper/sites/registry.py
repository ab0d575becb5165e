"""Which sites there are: those that come with the program, and those of the user."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from scraper import urls
from scraper.errors import UsageError
from scraper.sites.file import read_site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.sites.site import Site

_PACKAGE = "scraper.sites"


class Registry:
    """Sites by their keys, each read from its file when it is first asked for.

    Args:
        directory: files of the user's own, `KEY.toml`, which come before those of the program;
            None for the program's alone.
        kept: texts of files by key, as an archive keeps them; they come last.
    """

    def __init__(
        self, directory: Path | None = None, kept: Mapping[str, str] | None = None
    ) -> None:
        self._directory = directory
        self._kept = {key: text for key, text in (kept or {}).items() if text}
        self._sites: dict[str, Site] = {}

    def keys(self) -> tuple[str, ...]:
        """The keys of all sites, in alphabetical order; files are not read for it."""
        return tuple(sorted({*_built_in_keys(), *self._own(), *self._kept}))

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def own_file(self, key: str) -> Path | None:
        """The user's file of a site; None if it is one of the program's."""
        if self._directory is None:
            return None
        path = self._directory / f"{key}.toml"
        return path if path.name == f"{key}.toml" and path.is_file() else None

    def get(self, key: str) -> Site:
        """The site of a key, or of a file: whatever ends in `.toml` is a path.

        Raises:
            UsageError: there is none, or its file has a mistake; the message says which.
        """
        if key not in self._sites:
            self._sites[key] = self._read(key)
        return self._sites[key]

    def read(self, key: str) -> Site:
        """As `get`, but it is not kept: of thousands of sites, each is needed once.

        Raises:
            UsageError: see `get`.
        """
        return self._sites.get(key) or self._read(key)

    def known(self, key: str) -> Site | None:
        """As `get`, but None where there is no such site or its file has a mistake."""
        try:
            return self.get(key)
        except UsageError:
            return None

    def find(self, url: str) -> Site | None:
        """The site that an address belongs to, by its host; None if no site has it.

        Of several sites on one host, the one whose releases have such addresses.
        """
        host = urls.host(url)
        known = filter(None, map(self.known, self.keys()))
        there = [site for site in known if host and host in site.hosts]
        exact = [site for site in there if site.article_url(url)]
        return next(iter(exact or there), None)

    def add(self, site: Site) -> None:
        """Know one more site, for instance from the archive; a file of the same key gives way."""
        self._sites[site.key] = site

    def _own(self) -> dict[str, Path]:
        if self._directory is None or not self._directory.is_dir():
            return {}
        return {path.stem: path for path in self._directory.glob("*.toml")}

    def _read(self, key: str) -> Site:
        if key.endswith(".toml"):
            return _from_path(Path(key))
        own = self.own_file(key)
        if own is not None:
            return _from_path(own)
        if key in _built_in_keys():
            return _built_in(key)
        if key in self._kept:
            return read_site(self._kept[key], f"the file kept in the archive for {key}", key=key)
        known = ", ".join(self.keys())
        raise UsageError(
            f"There is no site called {key!r}. The sites this version knows: {known}. A site of "
            "your own is a file in the archive's folder `sites`; or give the path of a .toml file."
        )


def _from_path(path: Path) -> Site:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not in UTF-8, as TOML must be. Save it as UTF-8.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"The site's file {path} could not be read: {reason}.") from error
    return read_site(text, str(path), key=path.stem.lower())


@cache
def _built_in_keys() -> frozenset[str]:
    names = (file.name for file in resources.files(_PACKAGE).iterdir())
    return frozenset(name[:-5] for name in names if name.endswith(".toml"))


@cache
def _built_in(key: str) -> Site:
    text = (resources.files(_PACKAGE) / f"{key}.toml").read_text(encoding="utf-8")
    return read_site(text, f"{key}.toml", key=key)
