"""Errors as pages: what is wrong and what to do next, never a traceback."""

from __future__ import annotations

import inspect
import logging
import os
import sqlite3
import traceback
from typing import Any

from datasette.utils import InvalidSql
from datasette.utils.asgi import Base400, Response
from datasette.views.base import DatasetteError

from scraper.browse.limits import LimitError, current
from scraper.errors import NewsroomError, UsageError

# What Datasette raises for parameters that it cannot read: `_timelimit=x`, `_next=x`.
_OF_PARAMETERS = (ValueError, LookupError, TypeError, AttributeError, InvalidSql)
_WAITING = inspect.CORO_CREATED
_log = logging.getLogger("newsroom.browse")


async def answer(datasette: Any, request: Any, exception: Exception) -> Any:
    """The page for an error; one that is a bug goes to the log, too."""
    _close_coroutines(exception)
    work = current.get()
    current.set(None)  # a page that took too long leaves no time for the page about it
    status, title, message = 500, "internal_error", ""
    if isinstance(exception, UsageError):
        status, title, message = 400, "error_title", str(exception)
    elif isinstance(exception, LimitError):
        status, title, message = 503, "too_slow", str(exception)
    elif work and work.kind == "data" and _is_of_parameters(exception):
        status, title = 400, "error_title"
        message = f"The parameters of this address cannot be read: {exception}"
    elif isinstance(exception, (NewsroomError, sqlite3.OperationalError)):
        status, title, message = 503, "archive_error", str(exception)
    elif isinstance(exception, (Base400, DatasetteError)):
        # Datasette calls many a mistake of the visitor's an error of its own.
        status = 400 if exception.status == 500 else exception.status
        title = "not_found" if status == 404 else "error_title"
        message = "" if status == 404 else str(exception)
    else:
        _log.error("%s could not be answered", request.path, exc_info=exception)
    if datasette.newsroom.is_public:
        message = message.replace(f"{datasette.newsroom.path.absolute().parent}{os.sep}", "")
        message = message.replace(f"{datasette.newsroom.path.parent}{os.sep}", "")
    return await page(datasette, request, status, title, message)


def _close_coroutines(exception: Exception) -> None:
    """End what Datasette began beside the part that failed: it does not wait for the others then.

    Python would write a warning about each into the log.
    """
    error: BaseException | None = exception
    while error is not None:
        for frame, _line in traceback.walk_tb(error.__traceback__):
            for value in frame.f_locals.values():
                for one in value if isinstance(value, (list, tuple)) else (value,):
                    if inspect.iscoroutine(one) and inspect.getcoroutinestate(one) == _WAITING:
                        one.close()
        error = error.__cause__ or error.__context__


def _is_of_parameters(exception: Exception) -> bool:
    """Whether Datasette could not read parameters, or SQLite the statement made of them."""
    if isinstance(exception, sqlite3.OperationalError):
        return getattr(exception, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    return isinstance(exception, _OF_PARAMETERS)


async def refuse(datasette: Any, request: Any, _message: str) -> Any:
    """The page for what is not allowed."""
    return await page(datasette, request, 403, "forbidden", "")


async def page(datasette: Any, request: Any, status: int, title: str, message: str) -> Any:
    """An error page in the visitor's language; JSON where JSON was asked for.

    Args:
        datasette: the application.
        request: what was asked.
        status: HTTP status.
        title: key of the heading in `words`.
        message: a paragraph; "" for the one in `words`.
    """
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": message or title, "status": status}, status)
    context = {"title": title, "message": message, "status": status}
    html = await datasette.render_template("newsroom/error.html", context, request)
    return Response.html(html, status=status, headers={"Cache-Control": "no-cache"})
