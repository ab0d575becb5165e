"""Reading: one article, the page behind it, and figures about all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.addresses import named_by
from scraper.archive.evidence import capture_of
from scraper.archive.fields import completed
from scraper.errors import ArchiveError, UsageError
from scraper.records import Article, Capture, article_from_json

if TYPE_CHECKING:
    from scraper.archive.connection import Archive

# Fields that a page may lack; how often it does is watched.
FILLED_FIELDS = (
    "content_id kicker lead description published modified district images image_captions"
    " image_credits quotes tags links videos".split()
)


@dataclass(frozen=True, slots=True)
class RawPage:
    """A stored page and what was read in it."""

    revision_id: int
    capture: Capture
    record: dict[str, Any]
    """JSON of the revision."""
    listed_district: str | None
    """What the listing said; it fills in where the page names no district."""
    listed: dict[str, str]
    """What else the listing said, see `Candidate.listed`."""


def raw_page(archive: Archive, revision_id: int) -> RawPage | None:
    """The page behind a revision; None if it has none.

    Raises:
        ArchiveError: page or record are missing or damaged.
    """
    rows = archive.rows(
        "SELECT c.*, r.record, (SELECT d.district FROM candidates d "
        "WHERE d.article_id = r.article_id AND d.district IS NOT NULL LIMIT 1) AS district, "
        "(SELECT d.listed FROM candidates d "
        "WHERE d.article_id = r.article_id AND d.listed IS NOT NULL LIMIT 1) AS listed "
        "FROM revisions r JOIN captures c ON c.id = r.capture_id WHERE r.id = ?",
        (revision_id,),
    )
    if not rows:
        return None
    record = read_record(rows[0]["record"], rows[0]["url"])
    row = rows[0]
    listed = json.loads(row["listed"] or "{}")
    return RawPage(revision_id, capture_of(archive, row), record, row["district"], listed)


def newest_capture(archive: Archive, site: str, article_id: int | None) -> Capture | None:
    """The page behind the newest version of a release; of any of a site's if that is None.

    Raises:
        ArchiveError: the page is missing or damaged.
    """
    where = "r.article_id = :id" if article_id is not None else "a.site = :site"
    rows = archive.rows(
        "SELECT c.* FROM revisions r JOIN captures c ON c.id = r.capture_id "
        f"JOIN articles a ON a.id = r.article_id WHERE {where} ORDER BY r.id DESC LIMIT 1",
        {"id": article_id, "site": site},
    )
    return capture_of(archive, rows[0]) if rows else None


class RevisionContent(NamedTuple):
    """Which content a revision was read from."""

    revision_id: int
    url: str
    sha256: str


def revision_contents(archive: Archive) -> list[RevisionContent]:
    """All revisions that have a page, in order."""
    rows = archive.rows(
        "SELECT r.id AS revision_id, c.url, c.sha256 FROM revisions r "
        "JOIN captures c ON c.id = r.capture_id ORDER BY r.id"
    )
    return [RevisionContent(**row) for row in rows]


def latest_revision_id(archive: Archive, article_id: int) -> int:
    """The revision that `articles` shows."""
    rows = archive.rows(
        "SELECT id FROM revisions WHERE article_id = ? ORDER BY number DESC LIMIT 1", (article_id,)
    )
    return int(rows[0]["id"])


def find_article_id(archive: Archive, reference: str, sites: tuple[str, ...] = ()) -> int:
    """The id of an article, named by id, by URL in any spelling, or by content id.

    Args:
        archive: where.
        reference: what the user typed.
        sites: keys of the cities it may be from; empty for all.

    Raises:
        UsageError: there is no such article, it is another city's, or several cities have one.
    """
    if reference.isascii() and reference.isdigit() and len(reference) < 19:
        rows = archive.rows("SELECT id FROM articles WHERE id = ?", (int(reference),))
        found = int(rows[0]["id"]) if rows else None
    else:
        found = _by_content_id(archive, reference, sites) or named_by(archive, reference)
    if found is not None and sites:
        _refuse_others(archive, found, sites)
    if found is None:
        raise UsageError(
            f"The archive has no article {reference!r}. Give its number, its address or its "
            "content id; `newsroom search` shows the numbers."
        )
    return found


def _by_content_id(archive: Archive, reference: str, sites: tuple[str, ...]) -> int | None:
    """The only release of that content id, or the only one of some cities.

    Raises:
        UsageError: several releases have it.
    """
    if "/" in reference:
        return None
    rows = archive.rows("SELECT id, site FROM articles WHERE content_id = ?", (reference,))
    rows = [row for row in rows if not sites or row["site"] in sites]
    if len({row["site"] for row in rows}) > 1:
        listed = ", ".join(f"{row['id']} ({row['site']})" for row in rows[:10])
        raise UsageError(
            f"Releases of several cities have the content id {reference!r}: {listed}. Give the "
            "number of the one you mean, or its city with --site."
        )
    return int(rows[0]["id"]) if rows else None


def _refuse_others(archive: Archive, article_id: int, sites: tuple[str, ...]) -> None:
    row = archive.rows("SELECT site, title FROM articles WHERE id = ?", (article_id,))[0]
    if row["site"] not in sites:
        raise UsageError(
            f"Release {article_id} ({row['title'][:80]!r}) is from {row['site']}, not from "
            f"{' or '.join(sites)}. Leave --site away, or give another number."
        )


def read_article(archive: Archive, article_id: int, number: int | None = None) -> Article:
    """The record of an article as last seen, or that of one of its versions.

    Args:
        archive: where.
        article_id: of the article.
        number: of the version, from 1; None for the last.

    Raises:
        UsageError: it has no version of that number.
        ArchiveError: its versions are missing or damaged.
    """
    if number is not None:
        version = _version(archive, article_id, number)
        record = read_record(version["record"], f"article {article_id}")
        return article_from_json(record)
    rows = archive.rows(
        "SELECT record FROM revisions WHERE article_id = ? ORDER BY number DESC LIMIT 1",
        (article_id,),
    )
    if not rows or not archive.rows("SELECT 1 FROM articles WHERE id = ?", (article_id,)):
        raise ArchiveError(
            f"The archive holds no version of article {article_id}. `newsroom verify` lists what "
            "is missing; restore the archive from a backup."
        )
    record = read_record(rows[0]["record"], f"article {article_id}")
    return article_from_json(completed(archive, article_id, record))


def read_record(text: str, name: str) -> dict[str, Any]:
    """The JSON of a stored record.

    Raises:
        ArchiveError: it is damaged.
    """
    try:
        record: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise ArchiveError(
            f"The stored record of {name} is damaged ({error}). `newsroom verify` lists all that "
            "is; restore the archive from a backup."
        ) from error
    return record


def _version(archive: Archive, article_id: int, number: int) -> dict[str, Any]:
    rows = archive.rows(
        "SELECT number, record, capture_id FROM revisions WHERE article_id = ? ORDER BY number",
        (article_id,),
    )
    for row in rows:
        if row["number"] == number:
            return row
    there_are = f"versions 1 to {len(rows)}" if len(rows) > 1 else "one version"
    raise UsageError(
        f"Article {article_id} has no version {number}: there is {there_are}. `newsroom history "
        f"{article_id}` lists them."
    )


def read_capture(archive: Archive, article_id: int, number: int | None = None) -> Capture:
    """The page an article was last read from, or that of one of its versions.

    Raises:
        UsageError: there is no such version, or it has no page.
        ArchiveError: the page is missing or damaged.
    """
    if number is not None:
        capture_id = _version(archive, article_id, number)["capture_id"]
        if capture_id is None:
            raise UsageError(f"The archive holds no page for version {number} of {article_id}.")
        return read_capture_by_id(archive, capture_id)
    rows = archive.rows("SELECT capture_id AS id FROM articles WHERE id = ?", (article_id,))
    if not rows or rows[0]["id"] is None:
        raise UsageError(f"The archive holds no page for article {article_id}.")
    return read_capture_by_id(archive, rows[0]["id"])


def read_capture_by_id(archive: Archive, capture_id: int) -> Capture:
    """A page by its number in `captures`.

    Raises:
        UsageError: no article has that number.
        ArchiveError: it is missing or damaged.
    """
    rows = archive.rows("SELECT * FROM captures WHERE id = ?", (capture_id,))
    if not rows:
        raise UsageError(f"The archive holds no page of the number {capture_id}.")
    return capture_of(archive, rows[0])


def read_picture(archive: Archive, src: str) -> Capture | None:
    """A picture by its address, as `images.src` has it; None if it was not kept.

    Raises:
        ArchiveError: it is missing or damaged.
    """
    rows = archive.rows(
        "SELECT c.* FROM pictures p JOIN captures c ON c.id = p.capture_id WHERE p.src = ?", (src,)
    )
    return capture_of(archive, rows[0]) if rows else None


def statistics(archive: Archive, sites: tuple[str, ...] = ()) -> dict[str, Any]:
    """Counts per month, share of articles that have each field, the last runs.

    `provenance` tells the versions that crawls have seen from those of imported files and of each
    web archive: `origin is_web_archive versions articles oldest newest`.

    Shares are between 0 and 1. Months are those of `published`, newest first.

    Args:
        archive: where.
        sites: keys of the cities that are counted; empty for all.
    """
    theirs = _Theirs(archive, sites)
    total = theirs.rows(
        "SELECT count(*) AS articles, count(gone_at) AS gone, sum(word_count) AS words, "
        "min(published) AS oldest, max(published) AS newest FROM articles WHERE {site}"
    )[0]
    return {
        **total,
        "words": total["words"] or 0,
        "edited": theirs.count(
            "SELECT count(DISTINCT article_id) FROM events WHERE kind = 'changed' AND {article}"
        ),
        "waiting": theirs.count(
            "SELECT count(*) FROM candidates WHERE article_id IS NULL AND failures > 0 AND {site}"
        ),
        "months": theirs.rows(
            "SELECT substr(published, 1, 7) AS month, count(*) AS articles FROM articles "
            "WHERE published IS NOT NULL AND {site} GROUP BY month ORDER BY month DESC"
        ),
        "sites": [
            {
                **row,
                "complete": None if row["complete"] is None else bool(row["complete"]),
                "followed": bool(row["followed"]),
            }
            for row in archive.rows(_SITES)
            if not sites or row["key"] in sites
        ],
        "provenance": theirs.rows(_PROVENANCE),
        "fill_rate": _fill_rate(theirs, total["articles"]),
        "runs": [
            _run(row)
            for row in theirs.rows("SELECT * FROM runs WHERE {site} ORDER BY id DESC LIMIT 10")
        ],
    }


# The pages behind versions: by whom they were captured, as far as anybody knows.
_PROVENANCE = """
SELECT coalesce(p.archive, CASE WHEN c.warc_file LIKE '%-import-%' THEN 'imported files'
                                ELSE 'crawls' END) AS origin,
  p.archive IS NOT NULL AS is_web_archive,
  count(*) AS versions, count(DISTINCT article_id) AS articles,
  min(r.first_seen) AS oldest, max(r.last_seen) AS newest
FROM revisions r JOIN captures c ON c.id = r.capture_id
  LEFT JOIN provenance p ON p.capture_id = c.id
WHERE {article} GROUP BY 1, 2 ORDER BY 2, 1
"""


class _Theirs:
    """Queries about some cities, or about all of an archive.

    In SQL, `{site}` stands for the condition on a column `site`, `{article}` for that on a column
    `article_id`.
    """

    def __init__(self, archive: Archive, sites: tuple[str, ...]) -> None:
        self._archive = archive
        self._values = {f"site{number}": key for number, key in enumerate(sites)}
        marks = ", ".join(f":{name}" for name in self._values)
        self._site = f"site IN ({marks})" if sites else "true"
        self._article = (
            f"article_id IN (SELECT id FROM articles WHERE site IN ({marks}))" if sites else "true"
        )

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a query."""
        sql = sql.format(site=self._site, article=self._article)
        return self._archive.rows(sql, self._values)

    def count(self, sql: str) -> int:
        """The number that a query gives."""
        return int(next(iter(self.rows(sql)[0].values())))


_SITES = """
SELECT key, name, complete, dropped_at IS NULL AS followed,
  (SELECT count(*) FROM articles a WHERE a.site = s.key) AS articles
FROM sites s ORDER BY followed_since, key
"""


def _fill_rate(theirs: _Theirs, articles: int) -> dict[str, float]:
    columns = "content_id kicker lead description published modified district".split()
    filled = ", ".join(f"count({name}) AS {name}" for name in columns)
    counts = theirs.rows(f"SELECT {filled} FROM articles WHERE {{site}}")[0]
    for table in ("images", "quotes", "tags", "links", "videos"):
        # Word for word: what our rules find of indirect speech is no field of the city's.
        only = "kind <> 'indirect'" if table == "quotes" else "true"
        counts[table] = theirs.count(
            f"SELECT count(DISTINCT article_id) FROM {table} WHERE {only} AND {{article}}"
        )
    # Of the pictures, not of the articles.
    pictures = theirs.rows(
        "SELECT count(*) AS n, count(caption) AS captions, count(credit) AS credits FROM images "
        "WHERE {article}"
    )[0]
    shares = _shares(counts, articles)
    shares["image_captions"] = _share(pictures["captions"], pictures["n"])
    shares["image_credits"] = _share(pictures["credits"], pictures["n"])
    return {name: shares[name] for name in FILLED_FIELDS}


def _shares(counts: dict[str, int], whole: int) -> dict[str, float]:
    return {name: _share(count, whole) for name, count in counts.items()}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _run(row: dict[str, Any]) -> dict[str, Any]:
    for name in ("warnings", "failures"):
        row[name] = json.loads(row[name]) if row[name] else []
    return row
