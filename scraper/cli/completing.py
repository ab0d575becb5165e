"""What a shell offers behind Tab: tags, districts, speakers and cities of the archive.

Names come from other people's pages, and a shell runs what is typed: only those are offered that
mean nothing to it. Whatever goes wrong, nothing is offered and nothing is said.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST = 200
"""Names that are offered at once."""
_LONGEST = 100
_HARMLESS = frozenset(" .,&/-")
_SPOKEN = "SELECT speaker AS name FROM quotes WHERE speaker IS NOT NULL GROUP BY 1 ORDER BY 1"
_TAGS = "SELECT tag AS name FROM tags GROUP BY 1 ORDER BY count(*) DESC, 1"
_DISTRICTS = (
    "SELECT district AS name FROM articles WHERE district IS NOT NULL GROUP BY 1 ORDER BY 1"
)
_FOLLOWED = "SELECT key AS name FROM sites ORDER BY 1"


def tags(ctx: typer.Context, incomplete: str) -> list[str]:
    """Tags of the archive, the most frequent first."""
    return offered(_names(ctx, _TAGS), incomplete)


def districts(ctx: typer.Context, incomplete: str) -> list[str]:
    """Districts of the archive."""
    return offered(_names(ctx, _DISTRICTS), incomplete)


def speakers(ctx: typer.Context, incomplete: str) -> list[str]:
    """Who speaks in the archive's releases."""
    return offered(_names(ctx, _SPOKEN), incomplete)


def sites(ctx: typer.Context, incomplete: str) -> list[str]:
    """Keys of newsrooms: those of the archive, the user's own, the built-in ones."""
    from scraper.sites import Registry

    directory = _directory(ctx)
    keys = Registry(directory / "sites", {}).keys() if directory else ()
    return offered([*_names(ctx, _FOLLOWED), *keys], incomplete)


def offered(names: Iterable[str], incomplete: str) -> list[str]:
    """Those of some names that begin as typed and that no shell takes for anything else.

    Args:
        names: what there is.
        incomplete: what was typed so far; case does not matter to find, but the shell replaces it.
    """
    found = dict.fromkeys(
        name for name in names if name.startswith(incomplete) and is_harmless(name)
    )
    return [_quoted(name) for name in [*found][:MOST]]


def is_harmless(name: str) -> bool:
    """Whether a name holds nothing that a shell would act on once its spaces are quoted."""
    return (
        len(name) <= _LONGEST
        and name[:1].isalnum()
        and all(char.isalnum() or char in _HARMLESS for char in name)
    )


def _quoted(name: str) -> str:
    """As bash needs it, which puts a name on the command line as it is; others quote it."""
    if not os.environ.get("_NEWSROOM_COMPLETE", "").endswith("bash"):
        return name
    return "".join(f"\\{char}" if char in " &," else char for char in name)


def _directory(ctx: typer.Context) -> Path | None:
    found: Path | None = ctx.find_root().params.get("data")
    return found


def _names(ctx: typer.Context, sql: str) -> list[str]:
    import sqlite3

    from scraper.archive.connection import DATABASE_NAME
    from scraper.archive.read_only import connect_read_only

    directory = _directory(ctx)
    if directory is None or not (directory / DATABASE_NAME).is_file():
        return []
    try:
        connection = connect_read_only(directory / DATABASE_NAME)
        try:
            return [row[0] for row in connection.execute(sql) if isinstance(row[0], str)]
        finally:
            connection.close()
    except (sqlite3.Error, OSError):
        return []
