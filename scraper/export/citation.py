"""A citation of a release or of a quotation: who, what, when, where, and the evidence for it."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from scraper.archive.read import read_article
from scraper.export.city import city

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.archive import Archive
    from scraper.records import Quote

_ANCHOR_DIGITS = 12


def citation(archive: Archive, article_id: int) -> dict[str, Any]:
    """What a citation of a release says.

    Returns:
        `city office title day url captured_on sha256`, and `text`: all of it in one line. `office`
        is who publishes it, None if the page does not say; `day` is None if it has no date;
        `captured_on` and `sha256` are those of the page that shows the latest version.

    Raises:
        ArchiveError: the release cannot be read.
    """
    article = read_article(archive, article_id)
    pages = archive.rows(
        "SELECT c.fetched_at, c.sha256 FROM articles a JOIN captures c ON c.id = a.capture_id "
        "WHERE a.id = ?",
        (article_id,),
    )
    facts = {
        "city": city(archive, article.site).name,
        "office": article.issuer,
        "title": article.title,
        "day": (article.published or "")[:10] or None,
        "url": article.url,
        "captured_on": pages[0]["fetched_at"] if pages else None,
        "sha256": pages[0]["sha256"] if pages else None,
    }
    return facts | {"text": _line(facts)}


def _line(facts: dict[str, Any]) -> str:
    who = ", ".join(filter(None, (facts["city"], facts["office"])))
    evidence = ""
    if facts["captured_on"]:
        evidence = f" (captured on {facts['captured_on']}, SHA-256 {facts['sha256']})"
    return f"{who}: “{facts['title']}”, {facts['day'] or 'no date'}. {facts['url']}{evidence}"


def anchors(quotes: Sequence[Quote]) -> list[str]:
    """Names of the places of quotations on a page; each keeps its name wherever it moves."""
    found: list[str] = []
    times: Counter[str] = Counter()
    for quote in quotes:
        plain = f"{quote.speaker or ''}\0{quote.text}".encode("utf-8", "surrogatepass")
        name = f"zitat-{hashlib.sha256(plain).hexdigest()[:_ANCHOR_DIGITS]}"
        times[name] += 1
        found.append(name if times[name] == 1 else f"{name}-{times[name]}")
    return found


def quotation(facts: dict[str, Any], quote: Quote, anchor: str) -> str:
    """A citation of one quotation in one line.

    Args:
        facts: from `citation`.
        quote: of the same release.
        anchor: from `anchors`.
    """
    who = ", ".join(filter(None, (quote.speaker, quote.role))) or "–"
    said = quote.text if quote.kind == "indirect" else f"“{quote.text}”"
    return f"{who}: {said} In: {facts['text']} #{anchor}"


def citations(archive: Archive, article_id: int) -> dict[str, Any]:
    """Citations of a release and of its quotations.

    Returns:
        As `citation`, and `quotes`: of each `anchor text`.
    """
    facts = citation(archive, article_id)
    quotes = read_article(archive, article_id).quotes
    return facts | {
        "quotes": [
            {"anchor": anchor, "text": quotation(facts, quote, anchor)}
            for anchor, quote in zip(anchors(quotes), quotes, strict=True)
        ]
    }
