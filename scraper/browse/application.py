"""Datasette around one archive: read-only, our inner tables hidden, no SQL unless asked for.

Datasette gives the tables, their facets, CSV and JSON; our pages are a plugin (see `plugin`).
"""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.search_schema import INDEXES
from scraper.browse import plugin
from scraper.browse.ahead import ReadAhead
from scraper.browse.authorization import guarded
from scraper.browse.database import ReadOnlyDatabase
from scraper.browse.headers import with_headers
from scraper.browse.limits import THREADS, limited
from scraper.browse.proxy import Proxy, checked
from scraper.browse.site import WebView
from scraper.browse.tables_csv import with_harmless_csv

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.browse.passwords import PasswordFile

NAME = "newsroom"
"""The database's name in addresses: `/newsroom/articles`."""

_NO_PROXY = Proxy()
_HERE = Path(__file__).parent
_INNER_TABLES = (
    *INDEXES,
    *INDEXES.values(),
    "unstemmed",
    "settings",
    "_sqlite_migrations",
)
_SETTINGS = {
    "allow_download": False,  # gigabytes, and what is copied while a crawl writes is no archive
    "default_cache_ttl": 0,  # a crawl may write at any time
    "num_sql_threads": THREADS,
    "suggest_facets": False,
    "sql_time_limit_ms": 2_000,
    "max_returned_rows": 1_000,
    "truncate_cells_html": 300,
}


class _Datasette(Datasette):  # type: ignore[misc]  # Datasette ships no types
    """Datasette that knows what our pages share, as the plugin needs it from the beginning."""

    def __init__(self, site: WebView, **options: Any) -> None:
        self.newsroom = site
        super().__init__(**options)


class _Closable(Database):  # type: ignore[misc]  # Datasette ships no types
    """Datasette's notes on schemas, in memory; it would leave the connections to them open."""

    def connect(self, write: bool = False) -> sqlite3.Connection:  # noqa: FBT001, FBT002
        connection: sqlite3.Connection = super().connect(write)
        self._all_file_connections.append(connection)
        return connection


def make_application(
    directory: Path,
    *,
    sql: bool = False,
    hosts: frozenset[str] = frozenset(),
    proxy: Proxy = _NO_PROXY,
    passwords: PasswordFile | None = None,
) -> tuple[Any, Callable[[], None]]:
    """The web view of the archive in a directory.

    Args:
        directory: holds the archive; an older one is upgraded first.
        sql: whether visitors may run SQL of their own; it only reads.
        hosts: names of the server that requests may use; empty for any. Then strangers may ask, and
            nothing about the machine is shown.
        proxy: what stands before it.
        passwords: of those who may see it; None lets everybody in who can reach it.

    Returns:
        The ASGI application, and a function that closes what it has opened.

    Raises:
        ArchiveError: there is no archive, or it cannot be read.
    """
    with Archive.open_existing(directory) as archive:
        site = WebView(
            archive.path, is_public=not hosts, shows_watches=bool(hosts or passwords is not None)
        )
        site.cache.columns(archive)  # the first visitor need not wait for it
    if not pm.has_plugin(plugin.NAME):
        pm.register(plugin, plugin.NAME)
        # It prints a traceback with all variables for each wrong address; ours answers instead.
        pm.unregister(name="datasette.handle_exception")
    datasette = _Datasette(
        site,
        settings=_SETTINGS | {"default_allow_sql": sql, "base_url": f"{proxy.root_path}/"},
        metadata=_metadata(),
        template_dir=str(_HERE / "templates"),
        static_mounts=[("assets", str(_HERE / "static"))],
    )
    for name in ("_memory", "_internal"):
        datasette.remove_database(name)
    path = str((directory / DATABASE_NAME).absolute())
    database = datasette.add_database(
        ReadOnlyDatabase(datasette, path, is_public=not hosts, shows_watches=site.shows_watches),
        name=NAME,
    )
    notes = _Closable(datasette, memory_name=secrets.token_hex())
    datasette.add_database(notes, name="_internal")

    ahead = ReadAhead(site.path, site.cache)

    def close() -> None:
        ahead.close()
        datasette.executor.shutdown()
        database.close()
        notes.close()

    app = checked(hosts, limited(with_harmless_csv(datasette.app(), NAME), NAME))
    if passwords is not None:
        app = guarded(app, passwords)
    return proxy.before(with_headers(app)), close


def _metadata() -> dict[str, Any]:
    tables = {name: {"hidden": True} for name in _INNER_TABLES}
    return {"title": "Newsroom archive", "databases": {NAME: {"tables": tables}}}
