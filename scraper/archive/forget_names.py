"""Which releases name a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.archive.read import read_record
from scraper.errors import UsageError
from scraper.text import fold
from scraper.text.blackening import Blackening

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scraper.archive.connection import Archive

_SHORTEST_WORD = 5
_ELSEWHERE = frozenset({"related"})
"""What a record has of other releases, which are looked at by themselves."""


def releases_naming(archive: Archive, names: Collection[str]) -> list[int]:
    """The ids of the releases that name one of several persons, in any of their versions.

    A name counts as whole words, however it is spelled (`text.blackening`): in headline, text,
    quotations, captions, credits, contact, addresses and in the text of attached files.

    Args:
        archive: where.
        names: as releases spell them, such as first and last name.

    Raises:
        UsageError: a name is so short that it may be any word.
        ArchiveError: a record is damaged.
    """
    if not names:
        return []
    for name in names:
        words = fold(name).split()
        if not words or (len(words) == 1 and len(words[0]) < _SHORTEST_WORD):
            raise UsageError(
                f"{name!r} is too short for a name: it may be any word. Say it as the releases "
                "spell it, such as first and last name."
            )
    named = Blackening(names)
    found = set()
    for row in archive.each(_TEXTS):
        article_id = row["article_id"]
        if article_id in found:
            continue
        value = row["text"]
        if row["is_record"]:
            value = read_record(value, f"article {article_id}")
        if any(named.is_in(text) for text in _texts(value)):
            found.add(article_id)
    return sorted(found)


def references_naming(archive: Archive, names: Collection[str]) -> list[str]:
    """What `forget` takes along for persons: numbers of releases, addresses of pages.

    The pages are those that were never read, as `releases_naming` has no text of, and whose
    addresses name a person.
    """
    if not names:
        return []
    found = [str(number) for number in releases_naming(archive, names)]
    named = Blackening(names)
    return found + [row["url"] for row in archive.each(_UNREAD) if named.is_in(row["url"])]


_UNREAD = """
SELECT url FROM candidates WHERE article_id IS NULL
UNION SELECT url FROM captures WHERE error IS NOT NULL
AND url NOT IN (SELECT url FROM candidates WHERE article_id IS NOT NULL) ORDER BY 1
"""


def watches_naming(archive: Archive, names: Collection[str]) -> list[str]:
    """Names of the watches that look for one of several persons, or are called so."""
    named = Blackening(names)
    rows = archive.rows("SELECT name, query, speaker FROM watches ORDER BY id")
    return [r["name"] for r in rows if any(named.is_in(value or "") for value in r.values())]


_TEXTS = """
SELECT article_id, record AS text, 1 AS is_record FROM revisions
UNION ALL SELECT article_id, text, 0 FROM attachments WHERE text IS NOT NULL
"""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in _ELSEWHERE:
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
