"""The server for assistants, over standard input and output; it only reads."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from scraper import __version__
from scraper.assistants.answers import NOTICE, Answers
from scraper.errors import NewsroomError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

TOOLS = ("search", "show", "quotes", "people", "changes", "history", "compare")
"""Names of the tools, which are methods of `Answers`."""
_INSTRUCTIONS = (
    "An archive of what cities announce: press releases with their versions, quotations and "
    "evidence. Every answer has a citation; give it with what you say. " + NOTICE
)


def make_server(directory: Path) -> Any:
    """A server with a tool for each question, not running yet.

    Args:
        directory: where the archive lies.

    Raises:
        UsageError: the library is not installed.
    """
    try:
        server_module = import_module("mcp.server.mcpserver")
        types = import_module("mcp.types")
        failure = import_module("mcp.server.mcpserver.exceptions").ToolError
    except ImportError as error:
        raise UsageError(
            "`newsroom mcp` needs the SDK of the Model Context Protocol, which is not installed: "
            '`python -m pip install "newsroom-archive[mcp]"`.'
        ) from error
    server = server_module.MCPServer(
        "newsroom-archive",
        title="Newsroom archive",
        instructions=_INSTRUCTIONS,
        version=__version__,
        log_level="ERROR",
    )
    answers = Answers(directory)
    for name in TOOLS:
        method = getattr(answers, name)
        server.tool(
            name=name,
            description=method.__doc__,
            annotations=types.ToolAnnotations(
                readOnlyHint=True, destructiveHint=False, openWorldHint=False
            ),
        )(_told(method, failure))
    return server


def _told(method: Callable[..., dict[str, Any]], failure: type[Exception]) -> Any:
    """A tool whose errors are told to the assistant in the words for people."""

    @functools.wraps(method)
    def tool(*args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            return method(*args, **kwargs)
        except NewsroomError as error:
            raise failure(str(error)) from error

    return tool
