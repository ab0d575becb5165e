"""The site's search interface: an Elasticsearch proxy over news, events and pages in one stream."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scraper.demo.newsroom import ZONE
from scraper.demo.subjects import DISTRICTS
from scraper.demo.teasers import tag_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.demo.newsroom import Head

LIMIT = 10_000
"""`from + size` above this is answered with an error."""

_BLOCK = ("event", "news", "news", "page", "news", "news")  # how the stream is mixed
_NEWS_IN_BLOCK = _BLOCK.count("news")


def search(
    payload: object, count: int, head: Callable[[int], Head], *, shuffled: bool = False
) -> tuple[int, dict[str, Any]]:
    """HTTP status and JSON of an answer. The query itself is not interpreted.

    Args:
        payload: the decoded request, such as `{"query": "*", "from": 0, "size": 100}`.
        count: number of articles to be found.
        head: gives the article at a position of the search, 0 is the newest.
        shuffled: hits in a fixed disorder instead of newest first.
    """
    if not isinstance(payload, dict):
        return 400, {"error": "a JSON object is expected"}
    start, size = payload.get("from", 0), payload.get("size", 10)
    if not all(type(value) is int and value >= 0 for value in (start, size)):
        return 400, {"error": "from and size must be numbers from 0 up"}
    if start + size > LIMIT:
        reason = f"Result window is too large, from + size must be less than or equal to: [{LIMIT}]"
        return 500, {"error": reason, "status": 500}
    total = count + 2 * -(-count // _NEWS_IN_BLOCK)
    positions = range(min(start, total), min(start + size, total))
    step = _disorder(total) if shuffled and total else 1
    hits = [_hit(_document(position * step % total, count, head)) for position in positions]
    exact = {"value": min(total, LIMIT), "relation": "eq" if total <= LIMIT else "gte"}
    return 200, {
        "took": 7,
        "timed_out": False,
        "hits": {"total": exact, "max_score": 1.0, "hits": hits},
    }


def _disorder(total: int) -> int:
    """A number without a common divisor with `total`: its multiples visit every position."""
    return next(prime for prime in (7919, 7907, 7901, 7883) if total % prime)


def _document(position: int, count: int, head: Callable[[int], Head]) -> dict[str, Any]:
    block, place = divmod(position, len(_BLOCK))
    left = count - block * _NEWS_IN_BLOCK
    # The last block may have fewer news; its event and its page come first then.
    kinds = _BLOCK if left >= _NEWS_IN_BLOCK else ("event", "page", *["news"] * left)
    if kinds[place] == "news":
        return _news(head(block * _NEWS_IN_BLOCK + kinds[:place].count("news")))
    day = head(block * _NEWS_IN_BLOCK).published
    return _event(block, day + timedelta(days=30)) if kinds[place] == "event" else _page(block)


def _hit(source: dict[str, Any]) -> dict[str, Any]:
    return {"_index": "new_site", "_id": source["id"], "_score": 1.0, "_source": source}


def _source(
    identifier: str, kind: str, url: str, tags: tuple[str, ...], **content: str
) -> dict[str, Any]:
    return {
        "id": f"{identifier}-de-DE",
        "type": kind,
        "language": "de",
        "country": "DE",
        "website_url": url,
        "contentTags": [
            {
                "value": tag,
                "id": tag_id(tag),
                "parentValues": ["Stadtbezirke" if tag in DISTRICTS else "Themen"],
            }
            for tag in tags
        ],
        "content": [{"name": name, "data": data} for name, data in content.items()],
    }


def _news(head: Head) -> dict[str, Any]:
    # The type of news is unknown; readers must go by the address alone.
    kind = "node" if head.press else "news"
    moment = datetime.combine(head.published, head.clock or time(0), ZoneInfo(ZONE))
    return _source(
        head.content_id, kind, head.path, head.tags, headline=head.title, date=_stamp(moment)
    )


def _event(number: int, day: Any) -> dict[str, Any]:
    moment = datetime.combine(day, time(10 + number % 9), ZoneInfo(ZONE))
    # Some events live below the newsroom, yet in none of its three sections.
    folder = "/newsroom/termine/" if number % 3 == 0 else "/dortmund-erleben/veranstaltungen/"
    url = f"{folder}führung-{number}.html" if number % 2 else f"{folder}konzert-{number}.html"
    return _source(
        f"e0000000-0000-4000-a000-{number:012x}",
        "eventdatetime",
        url,
        (DISTRICTS[number % len(DISTRICTS)], "Kultur & Kunst"),
        headline=f"Führung Nr. {number}",
        start=_stamp(moment),
        end=_stamp(moment + timedelta(hours=2)),
    )


def _page(number: int) -> dict[str, Any]:
    url = "/newsroom/nachrichten/" if number == 0 else f"/themen/bereich-{number}/"
    return _source(
        f"f0000000-0000-4000-a000-{number:012x}",
        "node",
        url,
        ("Bürgerservice",),
        headline=f"Bereich {number}",
    )


def _stamp(moment: datetime) -> str:
    """As the interface writes times: `2027-06-12T10:00:00.000000+0200`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f%z")
