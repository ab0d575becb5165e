"""The verb for assistants: mcp."""

import typer

from scraper.cli.app import app


@app.command()
def mcp(context: typer.Context) -> None:
    """Tools for assistants (MCP), over standard input and output."""
    from scraper.archive import Archive
    from scraper.assistants.server import make_server

    Archive.open_existing(context.obj).close()  # a wrong directory is told at once
    make_server(context.obj).run("stdio")
