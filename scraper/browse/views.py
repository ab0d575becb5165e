"""One function per address: reads the archive in a thread, then renders a template."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from datasette.utils.asgi import NotFound, Response

from scraper.browse import captures as captures
from scraper.browse import files, results
from scraper.browse.changes import KINDS, changes
from scraper.browse.cities import city_rows
from scraper.browse.compare import comparison, comparison_csv, counted
from scraper.browse.headers import SANDBOX_POLICY
from scraper.browse.limits import LimitedArchive
from scraper.browse.people import people, person
from scraper.browse.release import release
from scraper.browse.selection import Selection
from scraper.browse.start import start
from scraper.browse.watches import watch_rows
from scraper.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from scraper.archive import Archive
    from scraper.browse.site import WebView

    _MakeFeed = Callable[[Archive, Selection, str], bytes]

_T = TypeVar("_T")


async def read(datasette: Any, find: Callable[[Archive, WebView], _T]) -> _T:
    """Run something that reads the archive in one of Datasette's threads."""
    site: WebView = datasette.newsroom

    def run(connection: sqlite3.Connection) -> _T:
        return find(LimitedArchive(connection, site.path), site)

    found: _T = await datasette.get_database("newsroom").execute_fn(run)
    return found


async def _page(datasette: Any, request: Any, name: str, context: dict[str, Any]) -> Any:
    html = await datasette.render_template(f"newsroom/{name}.html", context, request)
    return Response.html(html, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})


async def start_page(datasette: Any, request: Any) -> Any:
    """Newest releases, timeline, state."""
    found = await read(datasette, lambda archive, site: start(site.cache, archive))
    return await _page(datasette, request, "start", {"start": found, "city": None})


async def cities_page(datasette: Any, request: Any) -> Any:
    """All cities."""
    found = await read(datasette, lambda archive, site: city_rows(site.cache, archive))
    return await _page(datasette, request, "cities", {"rows": found})


async def city_page(datasette: Any, request: Any) -> Any:
    """One city: newest releases, timeline, state."""
    key = unquote(request.url_vars["key"])
    rows = await read(datasette, lambda archive, site: city_rows(site.cache, archive))
    city = next((row for row in rows if row.key == key), None)
    if city is None:
        raise NotFound("There is no such city in the archive.")
    found = await read(datasette, lambda archive, site: start(site.cache, archive, key))
    return await _page(datasette, request, "start", {"start": found, "city": city})


async def compare_page(datasette: Any, request: Any) -> Any:
    """A subject compared across cities."""
    query, by = request.args.get("q", "").strip(), request.args.get("by", "") or "site"
    found, error = None, ""
    try:
        way = counted(by)
        if query:
            found = await read(
                datasette, lambda archive, site: comparison(site.cache, archive, query, way)
            )
    except UsageError as wrong:
        error = str(wrong)
    context = {"found": found, "q": query, "by": by, "error": error}
    response = await _page(datasette, request, "compare", context)
    response.status = 400 if error else 200
    return response


async def compare_csv(datasette: Any, request: Any) -> Any:
    """The rows of a comparison."""
    query, by = request.args.get("q", "").strip(), counted(request.args.get("by", "") or "site")
    body = await read(
        datasette, lambda archive, site: comparison_csv(site.cache, archive, query, by)
    )
    headers = {
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="compare-{by}.csv"',
    }
    return Response(body, headers=headers, content_type="text/csv; charset=utf-8")


async def search_page(datasette: Any, request: Any) -> Any:
    """Results and facets."""
    try:
        selection = Selection.of(_parameters(request))
    except UsageError as error:
        return await _search(datasette, request, Selection(), None, str(error))
    try:
        found = await read(
            datasette, lambda archive, site: results.find(site.cache, archive, selection)
        )
    except UsageError as error:
        return await _search(datasette, request, selection, None, str(error))
    return await _search(datasette, request, selection, found, "")


async def _search(
    datasette: Any,
    request: Any,
    selection: Selection,
    found: results.Results | None,
    error: str,
) -> Any:
    context = {"selection": selection, "results": found, "error": error}
    response = await _page(datasette, request, "search", context)
    if error:
        response.status = 400
    return response


async def search_csv(datasette: Any, request: Any, send: Any) -> None:
    """All results of a search as CSV, the newest first, in pieces as they are read."""
    selection = Selection.of(_parameters(request))
    columns, gone, ids = await _selected(datasette, selection)
    headers = {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": f'attachment; filename="{files.file_name(selection, "csv")}"',
        "cache-control": "no-cache",
    }
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})
    await _send(send, files.csv_header())
    lines = partial(files.csv_lines, columns=columns, gone=gone)
    for at in range(0, len(ids), files.CSV_BATCH):
        await _send(send, await _rows(datasette, lines, ids[at : at + files.CSV_BATCH]))
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _selected(datasette: Any, selection: Selection) -> Any:
    """What is needed to read the results of a search: facts, who has gone, the ids."""

    def begin(archive: Archive, site: WebView) -> Any:
        columns = site.cache.columns(archive)
        ids = results.select(site.cache, archive, columns, selection)
        return columns, files.gone_since(archive), ids

    return await read(datasette, begin)


async def search_workbook(datasette: Any, request: Any) -> Any:
    """All results of a search as an Excel workbook, the newest first."""
    selection = Selection.of(_parameters(request))
    columns, gone, ids = await _selected(datasette, selection)
    if len(ids) > files.MOST_IN_A_WORKBOOK:
        raise UsageError(
            f"{len(ids):,} releases are too many for a workbook made here: narrow the search "
            "down, load CSV, or use `newsroom export articles -o FILE.xlsx`."
        )
    rows: list[Any] = []
    some = partial(files.result_rows, columns=columns, gone=gone)
    for at in range(0, len(ids), files.CSV_BATCH):
        rows += await _rows(datasette, some, ids[at : at + files.CSV_BATCH])
    body = await asyncio.to_thread(files.workbook, rows)
    headers = {
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{files.file_name(selection, "xlsx")}"',
    }
    return Response(body, headers=headers, content_type=_WORKBOOK)


_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def _rows(datasette: Any, make: Callable[..., _T], ids: list[int]) -> _T:
    return await read(datasette, lambda archive, _site: make(archive, ids=ids))


async def _send(send: Any, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def search_feed(datasette: Any, request: Any) -> Any:
    """The newest results of a search as an Atom feed."""
    return await _feed(datasette, request, files.search_feed)


async def changes_feed(datasette: Any, request: Any) -> Any:
    """What was edited, moved, removed, as an Atom feed."""
    return await _feed(datasette, request, files.changes_feed)


async def _feed(datasette: Any, request: Any, make: _MakeFeed) -> Any:
    selection = Selection.of(_parameters(request))
    address = datasette.absolute_url(request, datasette.urls.path(request.full_path))

    def find(archive: Archive, site: WebView) -> bytes:
        version = site.cache.columns(archive).version
        return site.cache.kept(version, address, lambda: make(archive, selection, address))

    body = await read(datasette, find)
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": SANDBOX_POLICY}
    return Response(body, headers=headers, content_type="application/atom+xml; charset=utf-8")


async def release_page(datasette: Any, request: Any) -> Any:
    """One release."""
    number = int(request.url_vars["id"])
    found = await read(datasette, lambda archive, site: release(site.cache, archive, number))
    if found is None:
        raise NotFound(f"There is no release {number}.")
    return await _page(datasette, request, "release", {"release": found, "article": found.article})


async def release_picture(datasette: Any, request: Any) -> Any:
    """A picture of a release, if the archive holds it."""
    number, position = int(request.url_vars["id"]), int(request.url_vars["position"])
    found = await read(
        datasette, lambda archive, _site: captures.picture(archive, number, position)
    )
    kind = captures.media_type(found) if found else None
    if found is None or kind is None:
        raise NotFound("The archive does not hold this picture.")
    headers = {"Content-Security-Policy": SANDBOX_POLICY, "Cache-Control": "max-age=3600"}
    return Response(found.body, headers=headers, content_type=kind)


async def release_file(datasette: Any, request: Any) -> Any:
    """An attached file: to keep, not to open here."""
    number, position = int(request.url_vars["id"]), int(request.url_vars["position"])
    found = await read(
        datasette, lambda archive, _site: captures.attachment(archive, number, position)
    )
    if found is None:
        raise NotFound("The archive does not hold this file.")
    capture, name = found
    headers = {
        "Content-Security-Policy": SANDBOX_POLICY,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-cache",
    }
    return Response(capture.body, headers=headers, content_type="application/octet-stream")


async def capture_page(datasette: Any, request: Any) -> Any:
    """A page as it was captured: to keep, not to open here."""
    number = int(request.url_vars["id"])
    found = await read(datasette, lambda archive, _site: captures.page(archive, number))
    if found is None:
        raise NotFound(f"There is no page {number}.")
    moment = f"{found.fetched_at:%Y%m%dT%H%M%SZ}"
    headers = {
        "Content-Security-Policy": SANDBOX_POLICY,
        "Content-Disposition": f'attachment; filename="capture-{number}-{moment}.html"',
        "Cache-Control": "no-cache",
    }
    return Response(found.body, headers=headers, content_type="application/octet-stream")


async def people_page(datasette: Any, request: Any) -> Any:
    """Everybody who is quoted."""
    name, page = request.args.get("q", "").strip(), _number(request)
    try:
        found = await read(datasette, lambda archive, site: people(site.cache, archive, name, page))
    except UsageError as error:
        context = {"people": None, "name": name, "page": 1, "error": str(error)}
        response = await _page(datasette, request, "people", context)
        response.status = 400
        return response
    context = {"people": found, "name": name, "page": page, "error": ""}
    return await _page(datasette, request, "people", context)


async def person_page(datasette: Any, request: Any) -> Any:
    """One person."""
    name, page = unquote(request.url_vars["name"]), _number(request)
    city = request.args.get("site", "")
    found = await read(
        datasette, lambda archive, site: person(site.cache, archive, name, page, city)
    )
    if found is None:
        raise NotFound("Nobody of that name is quoted.")
    return await _page(datasette, request, "person", {"person": found, "page": page, "city": city})


async def watches_page(datasette: Any, request: Any) -> Any:
    """What is watched, and how telling goes."""
    found = await read(datasette, lambda archive, _site: watch_rows(archive))
    return await _page(datasette, request, "watches", {"rows": found})


async def changes_page(datasette: Any, request: Any) -> Any:
    """What was edited or removed."""
    kind, page = request.args.get("kind", ""), _number(request)
    city = request.args.get("site", "")
    if kind not in KINDS:
        raise UsageError(f"There is no kind {kind[:80]!r} of change: edited, removed or corrected.")
    found = await read(
        datasette, lambda archive, site: changes(site.cache, archive, kind, page, city)
    )
    context = {"changes": found, "kind": kind, "page": page, "city": city}
    return await _page(datasette, request, "changes", context)


async def no_page() -> Any:
    """What is not shown to strangers."""
    raise NotFound("There is no such page.")


def _parameters(request: Any) -> dict[str, str]:
    return {name: request.args.get(name) for name in request.args}


def _number(request: Any) -> int:
    """The page asked for.

    Raises:
        UsageError: it is not a page number.
    """
    return Selection.of({"page": request.args.get("page", "")}).page
