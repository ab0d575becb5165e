"""What the page of one release shows."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.copies import copies_of, with_differences
from scraper.archive.corrections import corrections
from scraper.archive.followed import registry_of
from scraper.archive.read import read_article, read_record
from scraper.browse.captures import held
from scraper.browse.edits import edits
from scraper.export.citation import anchors, citation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.archive import Archive
    from scraper.browse.cache import Cache
    from scraper.records import Article, Quote


class Run(NamedTuple):
    """A piece of a paragraph."""

    text: str
    quote: int | None
    """Number of the quotation or sentence of indirect speech it belongs to, from 0."""
    opens: bool
    """Whether that begins with it."""
    indirect: bool = False
    """Whether it is indirect speech, and nobody's own words."""


@dataclass(frozen=True)
class Paragraph:
    """One piece of the text, its quotations and its indirect speech told apart."""

    kind: str
    """`lead`, `heading`, or the kind of a block."""
    runs: tuple[Run, ...]


class Part(NamedTuple):
    """Paragraphs that belong together: neighbouring items of a list, rows of a table, or one."""

    kind: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Release:
    """One release and all that the archive knows about it."""

    id: int
    article: Article
    parts: list[Part]
    lead: Paragraph | None
    facts: dict[str, Any]
    """`id site first_seen last_seen gone_at word_count`, and `retired`: whether the address has
    been out of use since a relaunch of the city's site."""
    events: list[dict[str, Any]]
    """`id at kind detail capture_id`, oldest first."""
    versions: list[dict[str, Any]]
    """Newest first: `number first_seen last_seen parser`, of the page behind it `capture_id
    fetched_at status sha256 size url web_archive` (the host of the web archive it was taken from,
    None if it was from none), and `changes` against the one before."""
    held: set[str]
    """Addresses of its pictures that the archive holds."""
    corrections: dict[str, Any]
    """What it corrects, and what corrects it (see `scraper.archive.corrections.corrections`)."""
    files: list[dict[str, Any]]
    """Its attached files that were asked for: `position url title media_type size text pages
    reason is_twin capture_id`."""
    listed: dict[str, Any] | None
    """How it was listed: `source first_listed last_checked`."""
    citation: str
    """Ready to be copied; see `scraper.export.citation`."""
    copies: list[dict[str, Any]]
    """Near-copies in other cities, see `scraper.archive.copies`, with `changes` as of versions."""

    @property
    def anchors(self) -> list[str]:
        """Names of the places of its quotations, which stay the same in later versions."""
        return anchors(self.article.quotes)

    @property
    def quotations(self) -> list[tuple[int, Quote]]:
        """What is said word for word, and its place among the quotations of the record."""
        quotes = enumerate(self.article.quotes)
        return [(number, quote) for number, quote in quotes if quote.kind != "indirect"]

    @property
    def indirect(self) -> list[tuple[int, Quote]]:
        """The sentences of indirect speech, likewise."""
        quotes = enumerate(self.article.quotes)
        return [(number, quote) for number, quote in quotes if quote.kind == "indirect"]


def release(cache: Cache, archive: Archive, article_id: int) -> Release | None:
    """A release; None if no release has that id."""
    facts = archive.rows(
        "SELECT id, site, first_seen, last_seen, gone_at, word_count FROM articles WHERE id = ?",
        (article_id,),
    )
    if not facts:
        return None
    article = read_article(archive, article_id)
    city = registry_of(archive).known(facts[0]["site"])
    paragraphs = list(body(article))
    lead = paragraphs.pop(0) if article.lead else None
    events = archive.rows(
        "SELECT id, at, kind, detail, capture_id FROM events WHERE article_id = ? ORDER BY at, id",
        (article_id,),
    )
    return Release(
        article_id,
        article,
        list(_parts(paragraphs)),
        lead,
        facts[0] | {"retired": city is not None and city.is_retired(article.url)},
        events,
        _versions(cache, archive, article_id, max((event["id"] for event in events), default=0)),
        held(archive, [image.src for image in article.images]),
        corrections(archive, article_id),
        archive.rows(_FILES, (article_id,)),
        next(iter(archive.rows(_LISTED, (article_id,))), None),
        citation(archive, article_id)["text"],
        _copies(archive, article_id),
    )


def _copies(archive: Archive, article_id: int) -> list[dict[str, Any]]:
    """Near-copies, with what differs: of the first few only, as comparing takes its time."""
    rows = copies_of(archive, [article_id]).get(article_id, [])
    compared = with_differences(archive, article_id, rows[:_COMPARED])
    return [*compared, *({**row, "changes": []} for row in rows[_COMPARED:])]


_COMPARED = 5
_FILES = """
SELECT position, url, title, media_type, size, text, pages, reason, is_twin, capture_id
FROM attachments WHERE article_id = ? AND (capture_id IS NOT NULL OR reason IS NOT NULL)
ORDER BY position
"""
_LISTED = (
    "SELECT source, first_listed, last_checked FROM candidates WHERE article_id = ? "
    "ORDER BY first_listed, url LIMIT 1"
)


def _versions(cache: Cache, archive: Archive, article_id: int, event: int) -> list[dict[str, Any]]:
    # Comparing is slow, and its result changes with an event only.
    changes = cache.kept(
        event,
        ("versions", article_id),
        lambda: _changes(archive, article_id),
    )
    rows = archive.rows(
        "SELECT r.number, r.first_seen, r.last_seen, r.parser, c.id AS capture_id, c.fetched_at, "
        "c.status, c.sha256, c.size, c.url, "
        "(SELECT p.archive FROM provenance p WHERE p.capture_id = c.id) AS web_archive "
        "FROM revisions r LEFT JOIN captures c ON c.id = r.capture_id "
        "WHERE r.article_id = ? ORDER BY r.number DESC",
        (article_id,),
    )
    return [row | {"changes": changes.get(row["number"], [])} for row in rows]


def _changes(archive: Archive, article_id: int) -> dict[int, list[dict[str, Any]]]:
    rows = archive.rows(
        "SELECT number, record FROM revisions WHERE article_id = ? ORDER BY number", (article_id,)
    )
    records = [read_record(row["record"], f"article {article_id}") for row in rows]
    return {
        row["number"]: edits(before, after)
        for row, before, after in zip(rows[1:], records, records[1:], strict=False)
    }


def body(article: Article) -> Iterator[Paragraph]:
    """Lead, headings and blocks, as `article.text` joins them, cut where quotations begin and end.

    Quotations are found by their offsets; one that does not fit the text is left unmarked. What is
    quoted within a sentence of indirect speech is a run of its own.
    """
    said, reported = _places(article, indirect=False), _places(article, indirect=True)
    pieces = [("lead", article.lead)] if article.lead else []
    for section in article.sections:
        if section.heading:
            pieces.append(("heading", section.heading))
        pieces += [(block.kind, block.text) for block in section.blocks]
    at = 0
    for kind, text in pieces:
        direct = _runs(text, at, said)
        yield Paragraph(kind, tuple(_with_indirect(direct, at, reported) if reported else direct))
        at += len(text) + 2  # the blank line between


def _places(article: Article, *, indirect: bool) -> list[tuple[int, int, int]]:
    """Start, end and number of the quotations of a kind, in the order of the text."""
    return sorted(
        (quote.start, quote.end, number)
        for number, quote in enumerate(article.quotes)
        if quote.start is not None and quote.end is not None and quote.start < quote.end
        if (quote.kind == "indirect") == indirect
    )


def _with_indirect(
    runs: Iterator[Run], at: int, reported: list[tuple[int, int, int]]
) -> Iterator[Run]:
    """The runs of a paragraph, indirect speech cut out of those that are no quotation's."""
    opened: set[int] = set()
    for run in runs:
        if run.quote is not None:
            yield run
        else:
            end = at + len(run.text)
            near = reported[
                max(0, bisect_left(reported, (at,)) - 1) : bisect_left(reported, (end,))
            ]
            for part in _runs(run.text, at, near):
                if part.quote is None:
                    yield part
                else:
                    yield Run(part.text, part.quote, part.quote not in opened, indirect=True)
                    opened.add(part.quote)
        at += len(run.text)


def _runs(text: str, at: int, said: list[tuple[int, int, int]]) -> Iterator[Run]:
    done = 0
    for start, end, number in said:
        first, last = max(start - at, done), min(end - at, len(text))
        if first >= last:
            continue
        if first > done:
            yield Run(text[done:first], None, opens=False)
        yield Run(text[first:last], number, opens=start - at == first)
        done = last
    if done < len(text):
        yield Run(text[done:], None, opens=False)


def _parts(paragraphs: list[Paragraph]) -> Iterator[Part]:
    together: list[Paragraph] = []
    for paragraph in paragraphs:
        joins = paragraph.kind in {"list_item", "table_row"}
        if together and not (joins and together[-1].kind == paragraph.kind):
            yield Part(together[0].kind, tuple(together))
            together = []
        together.append(paragraph)
    if together:
        yield Part(together[0].kind, tuple(together))
