"""The Datasette plugin: addresses, functions for templates, permissions, errors."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from datasette import hookimpl

from scraper.archive.watches import is_any_watched
from scraper.browse import failures, views
from scraper.browse.language import preferred
from scraper.browse.marking import differences, labelled, marked, shortened, web_address
from scraper.browse.selection import turned
from scraper.browse.site import origin

if TYPE_CHECKING:
    import sqlite3

    from scraper.archive import Archive
    from scraper.browse.site import Origin, WebView

NAME = "newsroom-archive"


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """Our pages; Datasette's own stay below `/newsroom`."""
    # What it says about itself and the machine: paths, versions, threads.
    inner = [(r"^/-/(?!static/|static-plugins/).*$", views.no_page)]
    watches = [(r"^/watches$", views.watches_page)]
    return [
        *(inner if datasette.newsroom.is_public else ()),
        *(watches if datasette.newsroom.shows_watches else ()),
        (r"^/$", views.start_page),
        (r"^/search$", views.search_page),
        (r"^/search\.csv$", views.search_csv),
        (r"^/search\.xlsx$", views.search_workbook),
        (r"^/search\.atom$", views.search_feed),
        (r"^/changes\.atom$", views.changes_feed),
        (r"^/release/(?P<id>\d{1,18})$", views.release_page),
        (r"^/release/(?P<id>\d{1,18})/picture/(?P<position>\d{1,9})$", views.release_picture),
        (r"^/release/(?P<id>\d{1,18})/file/(?P<position>\d{1,9})$", views.release_file),
        (r"^/capture/(?P<id>\d{1,18})$", views.capture_page),
        (r"^/people$", views.people_page),
        (r"^/people/(?P<name>[^/]+)$", views.person_page),
        (r"^/changes$", views.changes_page),
        (r"^/cities$", views.cities_page),
        (r"^/cities/(?P<key>[^/]+)$", views.city_page),
        (r"^/compare$", views.compare_page),
        (r"^/compare\.csv$", views.compare_csv),
    ]


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Text as it stands in the archive, without a call of Python for each value."""
    conn.text_factory = str


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Filters of our templates, and what their addresses begin with."""
    env.globals["root"] = datasette.setting("base_url").rstrip("/")
    env.filters |= {
        "labelled": labelled,
        "marked": marked,
        "differences": differences,
        "shortened": shortened,
        "web_address": web_address,
        "path_part": partial(quote, safe=""),
    }


@hookimpl
def extra_template_vars(request: Any, datasette: Any) -> Any:
    """What every page needs, Datasette's own too."""

    async def needed() -> dict[str, Any]:
        language = preferred(request.headers.get("accept-language") if request else None)
        found, is_watched = await views.read(datasette, _of_every_page)
        return {
            "assets": datasette.newsroom.assets,
            "origin": found,
            "has_watches": is_watched,
            "lang": language,
            "t": language.t,
            "turned": turned,
        }

    return needed()


def _of_every_page(archive: Archive, site: WebView) -> tuple[Origin, bool]:
    return origin(archive), site.shows_watches and is_any_watched(archive)


@hookimpl
def extra_js_urls(view_name: str | None, datasette: Any) -> list[str]:
    """Datasette's tables read a setting from a script in the page, which our policy forbids."""
    return [datasette.urls.path("/assets/tables.js")] if view_name == "table" else []


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """An error as a page."""
    return failures.answer(datasette, request, exception)


@hookimpl
def forbidden(datasette: Any, request: Any, message: str) -> Any:
    """A refusal as a page."""
    return failures.refuse(datasette, request, message)
