"""The entries of a feed: the newest releases, those a search finds, or their changes."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from scraper import urls
from scraper.archive.changes import event_conditions
from scraper.archive.corrections import correction_changes
from scraper.archive.followed import followed
from scraper.archive.history import history
from scraper.archive.read import read_article
from scraper.archive.search.articles import matching, newest_ids
from scraper.archive.search.filters import Filters, conditions
from scraper.dates import local_iso, parse_instant
from scraper.errors import UsageError
from scraper.export.article_html import article_html, changes_html
from scraper.export.atom import Author, Entry, Feed, write_atom
from scraper.export.city import GERMAN_ZONE, City, city
from scraper.export.delimited import german_time
from scraper.export.tables import where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.archive import Archive
    from scraper.export.files import Sink
    from scraper.export.request import FeedOptions

_EMPTY = "1970-01-01T00:00:00+00:00"
_KINDS = {
    "changed": "Geändert",
    "moved": "Verschoben",
    "gone": "Nicht mehr online",
    "withdrawn": "Nicht mehr online",
    "back": "Wieder online",
    "corrected": "Berichtigt",
    "attachment": "Anhang ausgetauscht",
}
_NOBODY = "newsroom-archive"
"""Whose feed that of an empty archive is, which follows nobody."""
_NAMED = 3
"""A feed of more cities than that says how many they are."""
_AMONG = "a.id IN (SELECT value FROM json_each(:ids))"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def write_feed(file: Sink, archive: Archive, filters: Filters, options: FeedOptions) -> int:
    """An Atom feed; returns the number of entries.

    The id of an entry is made of the address and the day under which the archive first had the
    release. It stays when the release moves, and is the same in every archive that began there.

    Raises:
        UsageError: the query or a filter is empty, or the address of the feed is not an address.
        ArchiveError: the archive cannot be read.
    """
    if options.self_url is not None and urls.canonical(options.self_url) is None:
        raise UsageError(
            f"--feed-url {options.self_url!r} is no address. Write the whole of it, such as "
            "https://example.org/newsroom.xml."
        )
    with archive.snapshot():  # one moment for all entries
        rows = (_events if options.changes else _articles)(archive, filters, options)
        updated = [_updated(archive, row) for row in rows]
        feed = _feed(
            archive, filters, options, max(updated, key=datetime.fromisoformat, default=_EMPTY)
        )
        make = _change if options.changes else _release
        entries = (make(archive, row, at) for row, at in zip(rows, updated, strict=True))
        return write_atom(file, feed, entries)


def entries_of(archive: Archive, events: Sequence[int]) -> tuple[str | None, Iterator[Entry]]:
    """Entries of some events: of a new release itself, else of what happened to it.

    Returns:
        When the latest of them was updated, None if there is none; and the entries, the latest
        event first.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    rows = archive.rows(
        f"SELECT e.at, e.kind, e.detail, {_MOVED_AGAIN}, {_COLUMNS} FROM events e "
        "JOIN articles a ON a.id = e.article_id "
        "WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY e.id DESC",
        (json.dumps(list(events)),),
    )
    for row in rows:
        if row["kind"] not in _KINDS:
            del row["at"]
    updated = [_updated(archive, row) for row in rows]
    entries = (
        (_change if "at" in row else _release)(archive, row, at)
        for row, at in zip(rows, updated, strict=True)
    )
    return max(updated, key=datetime.fromisoformat, default=None), entries


_FIRST = """
(SELECT CASE WHEN json_valid(r.record) THEN json_extract(r.record, '$.{name}') END
 FROM revisions r WHERE r.article_id = a.id ORDER BY r.number LIMIT 1) AS first_{name}
"""
_COLUMNS = f"""
a.id, a.url, a.site, a.title, a.published, a.modified, a.first_seen, a.gone_at,
(SELECT max(r.first_seen) FROM revisions r WHERE r.article_id = a.id AND r.number > 1) AS edited,
{_FIRST.format(name="url")}, {_FIRST.format(name="published")}
"""
# Where a later move left from.
_MOVED_AGAIN = """
(SELECT n.detail FROM events n WHERE n.article_id = a.id AND n.kind = 'moved' AND n.id > e.id
 ORDER BY n.id LIMIT 1) AS moved_again
"""


def _articles(archive: Archive, filters: Filters, options: FeedOptions) -> list[dict[str, Any]]:
    terms, values = conditions(archive, filters)
    if options.query is not None:
        found = newest_ids(archive, options.query, filters, options.limit)
        terms, values = [_AMONG], {"ids": json.dumps(found)}
    return archive.rows(
        f"SELECT {_COLUMNS} FROM articles a{where(terms)} "
        "ORDER BY a.published DESC, a.id LIMIT :limit",
        values | {"limit": options.limit},
    )


def _events(archive: Archive, filters: Filters, options: FeedOptions) -> list[dict[str, Any]]:
    terms, values = event_conditions(archive, filters)
    terms.append(f"e.kind IN ({', '.join(repr(kind) for kind in _KINDS)})")
    if options.query is not None:
        terms.append(_AMONG)
        values["ids"] = json.dumps(matching(archive, options.query))
    return archive.rows(
        f"SELECT e.at, e.kind, e.detail, {_MOVED_AGAIN}, {_COLUMNS} FROM events e "
        f"JOIN articles a ON a.id = e.article_id{where(terms)} "
        "ORDER BY e.at DESC, e.id DESC LIMIT :limit",
        values | {"limit": options.limit},
    )


def _release(archive: Archive, row: dict[str, Any], updated: str) -> Entry:
    article = read_article(archive, row["id"])
    return Entry(
        id=_id(row),
        title=article.title,
        url=article.url,
        updated=updated,
        published=_published(archive, row),
        author=_author(archive, row["site"]),
        html=article_html(article, german_time(row["gone_at"]) if row["gone_at"] else None),
        categories=tuple((tag, None) for tag in dict.fromkeys(article.tags)),
        summary=article.lead or article.description,
    )


def _change(archive: Archive, row: dict[str, Any], updated: str) -> Entry:
    label = _KINDS[row["kind"]]
    return Entry(
        id=f"{_id(row)}?{row['kind']}={row['at'].replace('+00:00', 'Z')}",
        title=f"{label}: {row['title']}",
        url=row["url"],
        updated=updated,
        published=updated,
        author=_author(archive, row["site"]),
        html=_told(archive, row),
        categories=((row["kind"], label),),
    )


def _told(archive: Archive, row: dict[str, Any]) -> str:
    """What happened, as HTML."""
    match row["kind"]:
        case "moved":
            before, after = escape(row["detail"] or "?"), escape(row["moved_again"] or row["url"])
            return f"<p>Vorher: {before}</p>\n<p>Nachher: {after}</p>"
        case "gone":
            at = german_time(row["at"])
            return f"<p>Am {at} war die Seite nicht mehr da. Sie liegt im Archiv.</p>"
        case "withdrawn":
            at = german_time(row["at"])
            instead = escape(row["detail"] or "")
            return (
                f"<p>Am {at} zeigte die Adresse die Mitteilung nicht mehr. Sie liegt im Archiv.</p>"
                f'\n<p>Die Adresse <span lang="en">{instead}</span></p>'
            )
        case "back":
            return "<p>Die Mitteilung ist wieder zu finden.</p>"
        case "attachment":
            url = escape(row["detail"] or "")
            return f"<p>Unter dieser Adresse liegt eine andere Datei: {url}</p>"
        case "corrected":
            by = row["detail"] or ""
            link = f'<p>Berichtigt durch: <a href="{escape(by)}">{escape(by)}</a></p>'
            return f"{link}\n{changes_html(correction_changes(archive, row['id'], by))}"
    versions = history(archive, row["id"])["versions"]
    changes = [
        change
        for version in versions[1:]
        if version["first_seen"] == row["at"]
        for change in version["changes"]
    ]
    return changes_html(changes) or "<p>Die Fassung davor liegt nicht vor.</p>"


def _id(row: dict[str, Any]) -> str:
    url = row["first_url"] or row["url"]
    published = row["first_published"] or ""
    day = published[:10] if _DATE.match(published) else row["first_seen"][:10]
    path = quote(urls.path(url), safe="/%:@!$&'()*+,;=~")
    return f"tag:{urls.host(url).split(':')[0]},{day}:{path}"


def _published(archive: Archive, row: dict[str, Any]) -> str | None:
    return _rfc3339(row["published"], city(archive, row["site"]).zone)


def _updated(archive: Archive, row: dict[str, Any]) -> str:
    """Of an event, when it was noticed; of a release, when its content last changed."""
    zone = city(archive, row["site"]).zone
    stated = [row["at"]] if "at" in row else [row["published"], row["edited"], row["modified"]]
    known = [iso for iso in (_rfc3339(iso, zone) for iso in stated) if iso]
    seen = _rfc3339(row["first_seen"], zone) or _EMPTY
    return max(known, key=datetime.fromisoformat, default=seen)


def _rfc3339(iso: str | None, zone: str) -> str | None:
    """Date and time with seconds and offset; a date begins at midnight. None if it is neither."""
    moment = parse_instant(iso or "")
    if moment is not None:
        return moment.isoformat()
    try:
        return local_iso(date.fromisoformat(iso or ""), time(), zone)
    except ValueError:
        return None


def _feed(archive: Archive, filters: Filters, options: FeedOptions, updated: str) -> Feed:
    there = [row["site"] for row in archive.rows("SELECT DISTINCT site FROM articles ORDER BY 1")]
    keys = [*filters.sites] or there or sorted(followed(archive))
    found = _all_of([city(archive, key) for key in keys])
    author = Author(found.name, found.origin)
    host = urls.host(found.origin) if found.origin else _host(found, keys)
    about = {"query": options.query} | {
        name: getattr(filters, name)
        for name in ("since", "until", "tag", "district", "speaker", "kicker")
    }
    if len(filters.sites) > 1:
        about["site"] = ",".join(filters.sites)
    chosen = [f"{name}={value}" for name, value in about.items() if value is not None]
    kind = "changes" if options.changes else "articles"
    what = "Änderungen" if options.changes else "Mitteilungen"
    detail = quote("&".join(chosen), safe="=&")
    return Feed(
        id=f"tag:{host},2023:newsroom-archive/{kind}" + (f"?{detail}" if detail else ""),
        title=f"{author.name}: {what}" + (f" zu „{options.query}“" if options.query else ""),
        subtitle="Aus dem Archiv der Pressemitteilungen"
        + (f" ({', '.join(chosen)})" if chosen else ""),
        updated=updated,
        author=author,
        url=found.newsroom,
        self_url=options.self_url,
    )


def _all_of(found: list[City]) -> City:
    """One city as it is; of several the names or their number, and nobody's address."""
    if not found:
        return City(_NOBODY, GERMAN_ZONE)
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in found)
    return City(names if len(found) <= _NAMED else f"{len(found)} Städte", found[0].zone)


def _host(found: City, keys: list[str]) -> str:
    return f"{found.name}.invalid" if len(keys) < 2 else "newsrooms.invalid"


def _author(archive: Archive, key: str) -> Author:
    found = city(archive, key)
    return Author(found.name, found.origin)
