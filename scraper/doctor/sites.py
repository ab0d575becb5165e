"""The newsrooms of an archive: the list, adding one by a look at it, checking a file of facts."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scraper import urls
from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.followed import FOLDER, drop, follow, followed_in, registry_in
from scraper.crawl.one_page import polite_client
from scraper.crawl.options import checked_base_url, is_loopback
from scraper.doctor.check import Check, note, ok, trouble
from scraper.doctor.explore import Explorer
from scraper.doctor.found import Found
from scraper.doctor.live import check_robots, listed_by, newest, read_release
from scraper.doctor.look import Look
from scraper.doctor.sample import FIELDS, NEEDED, Sample
from scraper.errors import (
    ArchiveError,
    FetchError,
    LayoutDrift,
    ParseError,
    SiteUnreachable,
    UsageError,
)
from scraper.sites import read_site
from scraper.sites.guess import unknown_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.records import Candidate
    from scraper.sites import Registry, Site

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_GENERAL = frozenset("www de at ch com org net presse stadt newsroom news gv co".split())
_NO_MORE = frozenset({"page", "scraper"})
"""So far verified, a site is not looked at anew."""


def list_sites(directory: Path) -> list[dict[str, Any]]:
    """All newsrooms: those that the archive follows first.

    Returns:
        Rows of `key name platform sources complete verified followed last_run error`. `error` says
        what is wrong with a file of the user's; its other columns are null then.
    """
    registry, followed = registry_in(directory), followed_in(directory)
    runs = _last_runs(directory)
    rows = [_row(registry, key, followed, runs) for key in registry]
    return sorted(rows, key=lambda row: (not row["followed"], row["key"]))


def _row(
    registry: Registry, key: str, followed: tuple[str, ...], runs: dict[str, str]
) -> dict[str, Any]:
    about = {"key": key, "followed": key in followed, "last_run": runs.get(key)}
    try:
        site = registry.get(key)
    except UsageError as error:
        facts = dict.fromkeys(("name", "platform", "sources", "complete", "verified"))
        return {**about, **facts, "error": str(error)}
    return {
        **about,
        "name": site.name,
        "platform": site.platform,
        "sources": [source.label for source in site.sources],
        "complete": site.is_complete,
        "verified": site.verified.how,
        "error": None,
    }


def _last_runs(directory: Path) -> dict[str, str]:
    path = directory / DATABASE_NAME
    if not path.exists():
        return {}
    try:
        with Archive.open_as_it_is(path)[0] as archive:
            rows = archive.rows("SELECT site, max(started_at) AS at FROM runs GROUP BY site")
    except ArchiveError:
        return {}
    return {row["site"]: row["at"] for row in rows}


def site_file(directory: Path, key: str) -> str:
    """The file of facts of a site, as TOML.

    Raises:
        UsageError: there is no such site.
    """
    registry = registry_in(directory)
    path = registry.own_file(key)
    if path is not None:  # also one with mistakes: they are what one wants to see
        return path.read_text(encoding="utf-8-sig")
    return registry.get(key).file


def drop_site(directory: Path, key: str, now: datetime) -> None:
    """Follow a newsroom no longer.

    Raises:
        UsageError: the archive does not follow it.
        ArchiveError: there is no archive, or it cannot be written.
    """
    Archive.open_existing(directory).close()
    with Archive.open(directory) as archive:
        drop(archive, key, now)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A newsroom to add, as a user asks for it."""

    directory: Path
    url: str
    """Its page of press releases, or its front page."""
    key: str | None
    name: str | None
    base_url: str | None
    contact: str


@dataclass
class Addition:
    """A newsroom that was looked at, and what would be written about it."""

    key: str
    path: Path
    """Of the file."""
    found: Found | None
    """None if the site is known and verified already."""
    site: Site | None
    """None if facts are missing."""

    @property
    def is_usable(self) -> bool:
        """Whether it can be crawled."""
        return self.site is not None and (self.found is None or self.found.is_usable)


def look_at(wanted: Wanted, now: datetime) -> Addition:
    """Look at a newsroom; nothing is written.

    Raises:
        UsageError: it is no address, or the key is not one, or taken.
        SiteUnreachable: it cannot be reached, or its robots.txt forbids.
        FetchError: the page cannot be had.
    """
    url = _address(wanted.url)
    registry = registry_in(wanted.directory)
    known = registry.find(url)
    key = wanted.key or (known.key if known else _key_of(url))
    if not _KEY.fullmatch(key):
        raise UsageError(
            f"{key!r} is no key of a site: lower-case letters, digits and hyphens, at most 60. "
            "Choose one with --key."
        )
    path = wanted.directory / FOLDER / f"{key}.toml"
    is_told = known is not None and known.verified.how in _NO_MORE and wanted.key is None
    if known is not None and is_told and registry.own_file(known.key) is None:
        return Addition(known.key, path, None, known)
    if path.exists():
        raise UsageError(
            f"{path} is there already. Change it with an editor and check it with `newsroom sites "
            f"check {key}`, delete it, or choose another name with --key."
        )
    today = now.astimezone(ZoneInfo("Europe/Berlin")).date()
    stranger = unknown_site(url)
    base_url = wanted.base_url or (urls.origin(url) if is_loopback(url) else None)
    _site, client = polite_client(
        stranger, checked_base_url(base_url), wanted.contact, wanted.directory
    )
    with client, Look(client) as look:
        found = Explorer(_site, look, url, key, wanted.name, today).look()
    site = None
    if found.sources:
        try:
            site = read_site(found.file, str(path), key=key)
        except UsageError as error:
            found.missing.append(str(error))
    return Addition(key, path, found, site)


def add(addition: Addition, directory: Path, now: datetime) -> bool:
    """Write the file, and follow the newsroom if it can be crawled; returns whether it can.

    Raises:
        UsageError: the file cannot be written.
        ArchiveError: the archive cannot be written.
    """
    if addition.found is not None:
        try:
            addition.path.parent.mkdir(parents=True, exist_ok=True)
            with addition.path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(addition.found.file)
        except OSError as error:
            raise UsageError(
                f"{addition.path} could not be written: {error.strerror or error}. Choose another "
                "directory with --data, or change its permissions."
            ) from error
    if addition.is_usable and addition.site is not None:
        with closing(Archive.open(directory)) as archive:
            follow(archive, addition.site, now)
    return addition.is_usable


def _address(text: str) -> str:
    """The canonical address of a newsroom, over TLS unless it is on this machine."""
    given = text if "://" in text else f"https://{text}"
    url = urls.canonical(given)
    if url is None:
        raise UsageError(
            f"{text!r} is not the address of a page. Give that of the newsroom, such as "
            "https://www.stadt.de/presse."
        )
    if url.startswith("http://") and not is_loopback(url):
        url = "https://" + url.removeprefix("http://")
    return url


def _key_of(url: str) -> str:
    """A key out of a host's name: `www.bad-musterheim.de` is `bad-musterheim`."""
    host = urls.host(url).lower()
    if is_loopback(url):
        return re.sub(r"[^a-z0-9]+", "-", host).strip("-")
    parts = [part for part in host.split(".")[:-1] if part not in _GENERAL] or host.split(".")
    return re.sub(r"[^a-z0-9]+", "-", parts[-1]).strip("-")[:60] or "site"


def check_site_file(
    directory: Path, site: str, contact: str, base_url: str | None, *, live: bool
) -> Iterator[Check]:
    """Whether a file of facts is valid and, if the site may be asked, what it gives.

    Args:
        directory: of the archive, whose own files count, too.
        site: key of a site, or path of a file.
        contact: shown to the city's server.
        base_url: address of a mirror to ask instead.
        live: ask the first page of each source, and read three releases.
    """
    try:
        found = registry_in(directory).get(site)
    except UsageError as error:
        advice = "See docs/newsrooms.md for what a file of facts can say."
        yield trouble("file", str(error), advice, error.exit_code)
        return
    told = f"of {found.name} is valid; {len(found.sources)} sources, platform {found.platform}"
    yield ok("file", told)
    if not found.is_complete:
        yield note("sources", "none of them names every release: older ones will be missing")
    if live:
        mirrored, client = polite_client(found, base_url, contact, directory)
        with client, Look(client) as look:
            yield from _check_live(mirrored, look)


def _check_live(site: Site, look: Look) -> Iterator[Check]:
    allowed = check_robots(site, look)
    yield allowed
    if allowed.status == "trouble":
        return
    today = datetime.now(ZoneInfo(site.zone)).date()
    candidates: list[Candidate] = []
    for source in site.sources:
        named, check = listed_by(site, source, look, today)
        candidates += named
        yield check
    for candidate in newest(candidates):
        try:
            _capture, record = read_release(site, look, candidate)
        except (FetchError, SiteUnreachable) as error:
            advice = "Open it in a browser, and try again later."
            yield trouble("release", str(error), advice, SiteUnreachable.exit_code)
        except ParseError as error:
            yield trouble("release", str(error), _SAY_WHERE, LayoutDrift.exit_code)
        else:
            yield from _check_fields(Sample(candidate.url, record))


_SAY_WHERE = "Say in the table [layout] of the file where its parts stand."


def _check_fields(sample: Sample) -> Iterator[Check]:
    record = sample.record
    if record is None:
        return
    name = urls.readable(sample.url).rstrip("/").rsplit("/", 1)[-1]
    values = {
        "title": record.title,
        "published": record.published,
        "text": f"{len(record.text.split())} words",
        "images": str(len(record.images)),
        "caption": next((image.caption for image in record.images if image.caption), None),
        "credit": next((image.credit for image in record.images if image.credit), None),
        "quotes": str(len(record.quotes)),
    }
    for field in FIELDS:
        if field not in sample.missing:
            yield ok(field, f"{name}: {values[field]}")
        elif field in NEEDED:
            detail = f"{name}: not found (layout {record.layout})"
            yield trouble(field, detail, _SAY_WHERE, LayoutDrift.exit_code)
        else:
            yield note(field, f"{name}: none")
