"""The verb browse: the archive as a site."""

import signal
import sys
from typing import Annotated

import typer

from scraper.cli.app import app

_READY = "The archive is at {url} until you press Ctrl-C."
_OPEN = (
    "Anybody who can reach this machine at {host} can now read the whole archive, without a "
    "password and without encryption. The texts and pictures are other people's work: to publish "
    "them may need their consent. Leave --host away to keep the web view to yourself."
)


@app.command()
def browse(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = 8001,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than this machine's open it to all.")
    ] = "127.0.0.1",
    sql: Annotated[
        bool, typer.Option("--sql", help="Let visitors run SQL of their own; it only reads.")
    ] = False,
    root_path: Annotated[
        str, typer.Option(help="What its paths begin with behind a reverse proxy: /archive.")
    ] = "",
    forwarded_allow_ips: Annotated[
        str, typer.Option(help="Proxies whose X-Forwarded-Proto, -Host and -For are believed.")
    ] = "",
    open_it: Annotated[bool, typer.Option("--open", help="Open it in your browser.")] = False,
) -> None:
    """Show the archive in a browser: look, search and compare."""
    from scraper.browse.server import is_loopback, serve
    from scraper.console.base import print_note, say

    if not is_loopback(host):
        print_note(_OPEN.format(host=host))
    # A service manager's wish to end is as good as Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    def ready(url: str) -> None:
        say(_READY.format(url=url))
        sys.stdout.flush()
        if open_it:
            import webbrowser

            webbrowser.open(url)

    serve(
        context.obj,
        host,
        port,
        ready,
        sql=sql,
        root_path=root_path,
        trusted=forwarded_allow_ips,
    )
