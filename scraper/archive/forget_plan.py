"""What erasing a release takes along: its addresses, captures, pictures, files, and its teasers."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper import urls
from scraper.archive.tombstones import add_hashes

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.archive.connection import Archive

PLANNED, ERASED, DONE = "planned", "erased", "done"
"""`tombstones.state`: written down; gone from all tables and files; gone from free pages, too."""


@dataclass
class Plan:
    """What goes with one release. It is kept as JSON until all of it is gone.

    Attributes:
        article: `articles.id`; 0 of a page that could not be read, and is no release.
        address: of the release.
        site: key of its newsroom.
        addresses: all it has or had, canonical; that of another release is not among them.
        titles: its headlines, in all versions and in teasers.
        content_ids: of its versions.
        sources: addresses of pictures and files that no other release has.
        captures: `captures.id` of its pages, pictures and files.
        places: name of a WARC file → offsets of the records of these captures.
        done: WARC files that were made anew already.
        renewed: WARC-Payload-Digest of pages whose teasers were taken out: old → new.
        counts: what goes, for people.
        names: of persons, to be blackened wherever else they stand.
    """

    article: int
    address: str
    site: str
    addresses: list[str]
    titles: list[str]
    content_ids: list[str]
    sources: list[str]
    captures: list[int]
    places: dict[str, list[int]]
    done: list[str] = dataclasses.field(default_factory=list)
    renewed: dict[str, str] = dataclasses.field(default_factory=dict)
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    names: list[str] = dataclasses.field(default_factory=list)

    def take(self, captures: list[dict[str, Any]]) -> None:
        """Note captures and where they stand: rows with `id warc_file warc_offset`."""
        for row in captures:
            self.captures.append(row["id"])
            if row["warc_file"] is not None:
                self.places.setdefault(row["warc_file"], []).append(row["warc_offset"])

    def to_json(self) -> str:
        """As `tombstones.plan` has it."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """From `tombstones.plan`."""
        return cls(**json.loads(text))


def plan_for(archive: Archive, article_id: int) -> Plan:
    """What goes with a release; nothing is written."""
    (article,) = archive.rows("SELECT url, site FROM articles WHERE id = ?", (article_id,))
    records = [
        json.loads(row["record"])
        for row in archive.each("SELECT record FROM revisions WHERE article_id = ?", (article_id,))
    ]
    addresses = _addresses(archive, article_id, article["url"])
    sources = _sources(archive, article_id, records)
    captures = _captures(archive, article_id, addresses, sources)
    titles = {record["title"] for record in records}
    teasers = 0
    for _id, record in naming(archive, addresses, article_id):
        teasers += 1
        titles |= {each["title"] for each in record["related"] if each["url"] in addresses}
    plan = Plan(
        article=article_id,
        address=article["url"],
        site=article["site"],
        addresses=sorted(addresses),
        titles=sorted(titles - {""}, key=len, reverse=True),
        content_ids=sorted({record["content_id"] for record in records} - {None, ""}),
        sources=sources,
        captures=[],
        places={},
    )
    plan.take(captures)
    plan.counts = _counts(archive, article_id) | {
        "captures": len(captures),
        "pictures and files": len(sources),
        "teasers in versions of other releases": teasers,
    }
    return plan


def plan_for_page(archive: Archive, url: str) -> Plan | None:
    """What goes with a page that is kept and was never read; None if there is none.

    Args:
        archive: where; nothing is written.
        url: canonical.
    """
    rows = archive.rows(_PAGE, {"url": url})
    if not rows or archive.rows(_OF_A_RELEASE, {"url": url}):
        return None
    addresses = {name for row in rows for name in row.values() if urls.is_absolute(name or "")}
    addresses -= {row["url"] for row in archive.rows("SELECT url FROM articles")}
    captures = _captures(archive, 0, addresses, [])
    plan = Plan(0, url, _site_of(archive, url), sorted(addresses), [], [], [], [], {})
    plan.take(captures)
    plan.counts = {"captures": len(captures)}
    return plan


_PAGE = """
SELECT url, original, fetch_url FROM candidates WHERE url = :url AND article_id IS NULL
UNION ALL SELECT url, NULL, NULL FROM captures WHERE url = :url
"""
_OF_A_RELEASE = """
SELECT 1 FROM articles WHERE url = :url
UNION ALL SELECT 1 FROM candidates WHERE url = :url AND article_id IS NOT NULL
UNION ALL SELECT 1 FROM pictures p JOIN captures c ON c.id = p.capture_id WHERE c.url = :url
UNION ALL SELECT 1 FROM file_versions v JOIN captures c ON c.id = v.capture_id WHERE c.url = :url
UNION ALL SELECT 1 FROM revisions r JOIN captures c ON c.id = r.capture_id WHERE c.url = :url
UNION ALL SELECT 1 FROM events e JOIN captures c ON c.id = e.capture_id WHERE c.url = :url
"""


def _site_of(archive: Archive, url: str) -> str:
    rows = archive.rows("SELECT site FROM candidates WHERE url = ?", (url,))
    return str(rows[0]["site"]) if rows else ""


def plan_again(archive: Archive, plan: Plan) -> Plan | None:
    """The same plan as things are now; None if nothing of it is there any more."""
    if plan.article:
        return plan_for(archive, plan.article)
    return plan_for_page(archive, plan.address)


def write_down(
    archive: Archive, plans: list[Plan], now: datetime, reason: str | None, who: str | None
) -> None:
    """Put plans into the table `tombstones`; from then on these releases do not come in."""
    with archive.transaction() as db:
        for plan in plans:
            cursor = db.execute(
                "INSERT INTO tombstones (address, site, day, reason, who, state, plan) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [plan.address, plan.site, f"{now:%Y-%m-%d}", reason, who, PLANNED, plan.to_json()],
            )
            number = int(cursor.lastrowid or 0)
            add_hashes(archive, number, plan.site, plan.addresses, plan.content_ids)


def pending(archive: Archive) -> dict[int, Plan]:
    """Plans that were not carried out to their end, by tombstone."""
    rows = archive.rows("SELECT id, plan FROM tombstones WHERE state = ? ORDER BY id", (PLANNED,))
    return {row["id"]: Plan.from_json(row["plan"]) for row in rows}


def naming(
    archive: Archive, addresses: set[str], article_id: int
) -> list[tuple[int, dict[str, Any]]]:
    """Versions of other releases with a teaser of one: `revisions.id` and record."""
    found = []
    for row in archive.each(
        "SELECT id, record FROM revisions WHERE article_id <> ? ORDER BY id", (article_id,)
    ):
        record = json.loads(row["record"])
        if any(teaser["url"] in addresses for teaser in record["related"]):
            found.append((row["id"], record))
    return found


def _addresses(archive: Archive, article_id: int, url: str) -> set[str]:
    found = {url}
    for row in archive.each(_ADDRESSES, {"id": article_id}):
        found |= {row["url"], urls.canonical(row["url"]) or row["url"]}
    others = archive.rows(
        "SELECT url FROM articles WHERE id <> ? AND url IN (SELECT value FROM json_each(?))",
        (article_id, json.dumps(sorted(found))),
    )
    return found - {row["url"] for row in others}


_ADDRESSES = """
SELECT url FROM candidates WHERE article_id = :id
UNION SELECT original FROM candidates WHERE article_id = :id AND original LIKE 'http%'
UNION SELECT fetch_url FROM candidates WHERE article_id = :id AND fetch_url IS NOT NULL
UNION SELECT k.url FROM candidates k JOIN articles a ON k.alias_of = a.url WHERE a.id = :id
UNION SELECT detail FROM events WHERE article_id = :id AND kind = 'moved' AND detail IS NOT NULL
UNION SELECT c.url FROM captures c JOIN revisions r ON r.capture_id = c.id
  WHERE r.article_id = :id
"""


def _sources(archive: Archive, article_id: int, records: list[dict[str, Any]]) -> list[str]:
    """Pictures and files of its versions that no version of another release has."""
    found = set()
    for record in records:
        found |= {image["src"] for image in record["images"]}
        found |= {file["url"] for file in record.get("attachments") or ()}
    shared = archive.rows(
        "SELECT DISTINCT s.value AS url FROM json_each(?) s JOIN revisions r "
        "ON r.article_id <> ? AND instr(r.record, s.value)",
        (json.dumps(sorted(found)), article_id),
    )
    return sorted(found - {row["url"] for row in shared})


def _captures(
    archive: Archive, article_id: int, addresses: set[str], sources: list[str]
) -> list[dict[str, Any]]:
    values = {
        "id": article_id,
        "urls": json.dumps(sorted(addresses | set(sources))),
        "sources": json.dumps(sources),
    }
    return archive.rows(_CAPTURES, values)


# A page that another release needs, too, stays.
_CAPTURES = """
SELECT id, warc_file, warc_offset FROM captures WHERE id IN (
  SELECT id FROM captures WHERE url IN (SELECT value FROM json_each(:urls))
  UNION SELECT capture_id FROM revisions WHERE article_id = :id
  UNION SELECT capture_id FROM events WHERE article_id = :id
  UNION SELECT capture_id FROM articles WHERE id = :id
  UNION SELECT o.id FROM captures o JOIN captures c ON c.url = o.url JOIN pictures p
    ON p.capture_id = c.id WHERE p.src IN (SELECT value FROM json_each(:sources))
  UNION SELECT o.id FROM captures o JOIN captures c ON c.url = o.url JOIN file_versions v
    ON v.capture_id = c.id WHERE v.url IN (SELECT value FROM json_each(:sources))
) AND id NOT IN (
  SELECT capture_id FROM revisions WHERE article_id <> :id AND capture_id IS NOT NULL
  UNION SELECT capture_id FROM articles WHERE id <> :id AND capture_id IS NOT NULL
  UNION SELECT capture_id FROM events WHERE article_id <> :id AND capture_id IS NOT NULL
  UNION SELECT capture_id FROM pictures WHERE capture_id IS NOT NULL
    AND src NOT IN (SELECT value FROM json_each(:sources))
  UNION SELECT capture_id FROM file_versions
    WHERE url NOT IN (SELECT value FROM json_each(:sources))
) ORDER BY id
"""


def _counts(archive: Archive, article_id: int) -> dict[str, int]:
    tables = {"versions": "revisions", "quotations": "quotes", "events": "events"}
    return {
        name: archive.rows(
            f"SELECT count(*) AS n FROM {table} WHERE article_id = ?", (article_id,)
        )[0]["n"]
        for name, table in tables.items()
    }
