"""Filters of a search, as conditions on `articles a`.

The web view applies them to what it holds in memory, in `Columns.narrowed`: a change here is one
there, and a test compares both.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.distinct import distinct
from scraper.archive.search.german import name_key
from scraper.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from scraper.archive.connection import Archive

_WORD = re.compile(r"[^\W_]+")
_FEW = 20_000  # releases


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search down. Names match without regard to case, accents and umlauts."""

    since: date | None = None
    """First day of publication."""
    until: date | None = None
    """Last day of publication."""
    tag: str | None = None
    """One of the article's tags."""
    district: str | None = None
    speaker: str | None = None
    """Any part of the name of somebody who is quoted, or reported in indirect speech."""
    kicker: str | None = None
    """The topline, exactly as printed."""
    changed_since: date | None = None
    """First day on which something happened to it: edited, moved, taken down, put back."""
    sites: tuple[str, ...] = ()
    """Keys of the cities it may be from; empty for all. See `scraper.archive.cities`."""
    attachments: bool = True
    """Of a search: whether words of its attached files are words of a release."""
    copies: bool = False
    """Only releases of which other cities have published near-copies."""
    ids: tuple[int, ...] | None = None
    """Only these releases."""


def conditions(archive: Archive, filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """SQL conditions on `articles a`, and their values.

    Raises:
        UsageError: a name to filter by has no letter or digit.
        ArchiveError: the archive cannot be read.
    """
    sql: list[str] = []
    values: dict[str, Any] = {}
    if filters.since is not None:
        sql.append("a.published >= :since")
        values["since"] = filters.since.isoformat()
    if filters.until is not None:
        sql.append("substr(a.published, 1, 10) <= :until")
        values["until"] = filters.until.isoformat()
    if filters.copies:
        sql.append("EXISTS (SELECT 1 FROM copies c WHERE c.article_id = a.id)")
    if filters.sites:
        sql.append(site_condition(filters.sites, values))
    if filters.district is not None:
        names = spellings(archive, "articles", "district", filters.district)
        sql.append(f"a.district IN ({_bound('district', names, values)})")
    if filters.tag is not None:
        names = spellings(archive, "tags", "tag", filters.tag)
        sql.append(
            "EXISTS (SELECT 1 FROM tags t WHERE t.article_id = a.id "
            f"AND +t.tag IN ({_bound('tag', names, values)}))"
        )
    if filters.changed_since is not None:
        sql.append(
            "EXISTS (SELECT 1 FROM events h WHERE h.article_id = a.id AND h.at >= :changed_since "
            "AND h.kind NOT IN ('new', 'reparsed'))"
        )
        values["changed_since"] = filters.changed_since.isoformat()
    if filters.kicker is not None:
        sql.append("a.kicker = :kicker")
        values["kicker"] = filters.kicker
    if filters.speaker is not None:
        said = speaker_condition(filters.speaker, values)
        sql.append(f"EXISTS (SELECT 1 FROM quote_stems s WHERE s.article_id = a.id AND {said})")
    if filters.ids is not None:
        sql.append("a.id IN (SELECT value FROM json_each(:ids_chosen))")
        values["ids_chosen"] = json.dumps(filters.ids)
    return sql, values


def site_condition(sites: tuple[str, ...], values: dict[str, Any]) -> str:
    """A condition on `articles a`: it is from one of some cities.

    Args:
        sites: their keys.
        values: gets the values that the condition names.
    """
    # The plus sign keeps SQLite from going through a city's releases where a search finds few.
    return f"+a.site IN ({_bound('site', list(sites), values)})"


def few_members(archive: Archive, sites: tuple[str, ...], values: dict[str, Any]) -> str | None:
    """A condition on `f.rowid`, the id of a release: it is one of the cities', if they have few.

    It says what `site_condition` says, and spares a full-text search to read each release that
    matches, only to find that it is another city's.

    Args:
        archive: where.
        sites: keys of the cities; empty for all.
        values: those of `site_condition`.

    Returns:
        None if there is no city, or if listing their releases would take longer.
    """
    if not sites:
        return None
    theirs = f"SELECT id FROM articles WHERE site IN ({_bound('site', list(sites), values)})"
    counted = archive.rows(
        f"SELECT count(*) AS n FROM ({theirs} LIMIT :few)", values | {"few": _FEW + 1}
    )
    # The plus sign: else SQLite would search once for each of them.
    return f"+f.rowid IN ({theirs})" if counted[0]["n"] <= _FEW else None


def speaker_condition(name: str, values: dict[str, Any]) -> str:
    """A condition on `quote_stems s`: each word of a name is a part of the speaker's.

    Args:
        name: what the user typed.
        values: gets the values that the condition names.

    Raises:
        UsageError: there is no letter or digit in it.
    """
    terms = []
    for number, word in enumerate(speaker_words(name)):
        values[f"speaker{number}"] = word
        terms.append(f"instr(s.speaker_key, :speaker{number}) > 0")
    return " AND ".join(terms)


def speaker_words(name: str) -> list[str]:
    """What the `name_key` of a speaker must hold, word by word, to be meant by a name.

    Raises:
        UsageError: there is no letter or digit in it.
    """
    words = _WORD.findall(name_key(name))
    if not words:
        raise UsageError(f"There is no name of a speaker in {name[:80]!r}. Give any part of one.")
    return words[:20]


def spellings(archive: Archive, table: str, column: str, name: str) -> list[str]:
    """The values of a column that are the same name."""
    key = label_key(name)
    return [value for value in distinct(archive, table, column) if label_key(value) == key]


def label_key(name: str) -> str:
    """A tag or district for comparing: two that have the same key are one."""
    return " ".join(_WORD.findall(name_key(name)))


def _bound(prefix: str, names: list[str], values: dict[str, Any]) -> str:
    values |= {f"{prefix}{number}": name for number, name in enumerate(names)}
    return ", ".join(f":{prefix}{number}" for number in range(len(names)))
