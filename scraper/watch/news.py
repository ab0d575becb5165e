"""What is new for a watch, and why it is told: releases, or what happened to them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.changes import KINDS, changed_fields
from scraper.archive.read import read_record
from scraper.archive.search.articles import among
from scraper.archive.search.query import parse_query
from scraper.archive.search.snippet import Highlighter, make_snippet
from scraper.export.city import city

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from scraper.archive import Archive
    from scraper.archive.search.query import Query
    from scraper.watch.saved import Watch

NEW = "new"
_HAPPENED = {
    "new": "new",
    "changed": "edited",
    "moved": "moved",
    "gone": "no longer online",
    "withdrawn": "no longer online",
    "back": "online again",
    "corrected": "corrected by the city",
    "attachment": "another file attached",
}
_WORDS = 5  # named as the reason
_ADDRESS_OF = frozenset({"moved", "withdrawn", "corrected", "attachment"})  # what `detail` has


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell."""

    event: int
    """`events.id`."""
    id: int
    """Of the release."""
    kind: str
    """`new`, or one of `scraper.archive.changes.KINDS`."""
    at: str
    """When it was noticed; ISO 8601 in UTC."""
    title: str
    url: str
    published: str | None
    site: str
    city: str
    """Name of the newsroom."""
    snippet: str
    reason: str
    """Why it is told, for people."""


def find(archive: Archive, watch: Watch) -> list[int]:
    """Events that are news for a watch: what it has not looked at, and matches.

    A release matches by what it says now. An edit matches by what it said before, too; and whatever
    happens to a release that the watch has told of.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    kinds = (NEW, *KINDS) if watch.changes else (NEW,)
    rows = archive.rows(
        f"SELECT e.id, e.article_id, e.kind, e.at FROM events e WHERE (e.id > ? OR e.at > ?) "
        f"AND e.kind IN ({', '.join('?' * len(kinds))})",
        (watch.seen_event, watch.seen_at, *kinds),
    )
    if not rows:
        return []
    releases = {row["article_id"] for row in rows}
    matching = among(archive, watch.query, watch.filters, releases)
    if watch.changes:
        matching |= _told_before(archive, watch, releases - matching)
    query = parse_query(watch.query) if watch.query is not None and watch.changes else None
    return [
        row["id"]
        for row in rows
        if row["article_id"] in matching
        or (query and row["kind"] == "changed" and _matched_before(archive, watch, query, row))
    ]


def _told_before(archive: Archive, watch: Watch, releases: Collection[int]) -> set[int]:
    rows = archive.rows(
        "SELECT DISTINCT e.article_id FROM watch_found f JOIN events e ON e.id = f.event_id "
        "WHERE f.watch_id = ? AND e.article_id IN (SELECT value FROM json_each(?))",
        (watch.id, json.dumps(sorted(releases))),
    )
    return {row["article_id"] for row in rows}


def _matched_before(archive: Archive, watch: Watch, query: Query, event: dict[str, Any]) -> bool:
    """Whether a release that was edited had the words of the query before; filters must hold."""
    if not among(archive, None, watch.filters, [event["article_id"]]):
        return False
    rows = archive.rows(
        "SELECT record FROM revisions WHERE article_id = ? AND first_seen < ? "
        "ORDER BY number DESC LIMIT 1",
        (event["article_id"], event["at"]),
    )
    if not rows:
        return False
    record = read_record(rows[0]["record"], f"article {event['article_id']}")
    text = "\n\n".join(filter(None, (record["title"], record["kicker"], record["text"])))
    marker = Highlighter(query)
    there = {hit.term for hit in marker.hits(text, marker.words(text))}
    number = 0
    for group in query.groups:
        if not there & set(range(number, number + len(group))):
            return False
        number += len(group)
    return not query.excluded


def latest_first(archive: Archive, events: Iterable[int]) -> list[int]:
    """Events by the day on which they were noticed, then by publication; the latest first."""
    rows = archive.rows(
        "SELECT e.id FROM events e JOIN articles a ON a.id = e.article_id "
        "WHERE e.id IN (SELECT value FROM json_each(?)) "
        "ORDER BY substr(e.at, 1, 10) DESC, a.published DESC, e.id DESC",
        (json.dumps(list(events)),),
    )
    return [row["id"] for row in rows]


def told(archive: Archive, watch: Watch, events: Sequence[int]) -> list[News]:
    """Events as news, in their order; those whose release was erased are left out."""
    rows = {
        row["event"]: row
        for row in archive.rows(
            "SELECT e.id AS event, e.kind, e.at, e.detail, a.id, a.title, a.url, a.published, "
            "a.site, a.kicker, a.lead, a.description, a.text FROM events e "
            "JOIN articles a ON a.id = e.article_id "
            "WHERE e.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(events)),),
        )
    }
    marker = Highlighter(parse_query(watch.query)) if watch.query is not None else None
    names: dict[str, str] = {}
    news = []
    for row in (rows[event] for event in events if event in rows):
        if row["site"] not in names:
            names[row["site"]] = city(archive, row["site"]).name
        news.append(_news(archive, watch, marker, row, names[row["site"]]))
    return news


def _news(
    archive: Archive, watch: Watch, marker: Highlighter | None, row: dict[str, Any], name: str
) -> News:
    snippet, words = row["lead"] or row["description"] or row["text"], []
    if marker is None:
        snippet = make_snippet(snippet, []).text
    else:
        hits = marker.hits(row["text"], marker.words(row["text"]))
        snippet = make_snippet(row["text"], hits).text
        heading = f"{row['kicker'] or ''}\n{row['title']}"
        also = marker.hits(heading, marker.words(heading))
        found = [heading[hit.start : hit.end] for hit in also]
        found += [row["text"][hit.start : hit.end] for hit in hits]
        words = list(dict.fromkeys(found))[:_WORDS]
    reason = "; ".join(_reasons(archive, watch, row, words))
    return News(
        row["event"], row["id"], row["kind"], row["at"], row["title"], row["url"],
        row["published"], row["site"], name, snippet, reason,
    )  # fmt: skip


def _reasons(
    archive: Archive, watch: Watch, row: dict[str, Any], words: list[str]
) -> Iterable[str]:
    if row["kind"] != NEW or watch.changes:
        what = _HAPPENED.get(row["kind"], row["kind"])
        if row["kind"] == "changed":
            fields = changed_fields(archive, row["id"], row["at"])
            what += f" ({', '.join(fields)})" if fields else ""
        elif row["kind"] in _ADDRESS_OF and row["detail"]:
            what += f" ({row['detail']})"
        yield what
    if words:
        yield f"has {', '.join(words)}"
    elif watch.query is not None:
        yield f"found by {watch.query}"
    if watch.filters.speaker is not None:
        yield f"speaker {watch.filters.speaker}"
    if watch.filters.tag is not None:
        yield f"tag {watch.filters.tag}"
    if watch.filters.sites and watch.query is None:
        yield f"of {row['site']}"
