"""The verb browse: the archive as a site."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli.app import app
from scraper.errors import UsageError

_READY = "The archive is at {url} until you press Ctrl-C."
_OPEN = (
    "Anybody who can reach this machine at {host} can now read the whole archive, without a "
    "password and without encryption. The texts and pictures are other people's work: to publish "
    "them may need their consent. Leave --host away to keep the web view to yourself, or ask for "
    "passwords with --auth FILE."
)
_UNENCRYPTED = (
    "Anybody who has a name and a password in {auth} and can reach this machine at {host} can now "
    "read the whole archive. Nothing is encrypted: on the way there, others can read passwords and "
    "pages. Leave --host away and put a web server with a certificate in front."
)


Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes a free one.")
]
Host = Annotated[
    str,
    typer.Option("--host", help="Address to listen on; others than this machine's open it to all."),
]
Sql = Annotated[
    bool, typer.Option("--sql", help="Let visitors run SQL of their own; it only reads.")
]
RootPath = Annotated[
    str,
    typer.Option("--root-path", help="What its paths begin with behind a reverse proxy: /archive."),
]
Trusted = Annotated[
    str,
    typer.Option(
        "--forwarded-allow-ips",
        help="Proxies whose X-Forwarded-Proto, -Host and -For are believed.",
    ),
]
Auth = Annotated[
    Path | None,
    typer.Option(
        "--auth", help="Ask for a name and a password of this file: name:hash, by bcrypt."
    ),
]


@app.command()
def browse(
    context: typer.Context,
    port: Port = 8001,
    host: Host = "127.0.0.1",
    sql: Sql = False,
    root_path: RootPath = "",
    forwarded_allow_ips: Trusted = "",
    auth: Auth = None,
    add_user: Annotated[
        str | None,
        typer.Option(help="Ask for a password, write it with this name into --auth FILE, and end."),
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in your browser.")] = False,
) -> None:
    """Show the archive in a browser: look, search and compare."""
    from scraper.browse.server import is_loopback, serve
    from scraper.console.base import print_note, say

    if add_user is not None:
        _add_user(auth, add_user)
        return
    if not is_loopback(host):
        print_note(open_to_whom(host, auth))
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
        auth=auth,
    )


def open_to_whom(host: str, auth: Path | None) -> str:
    """What it means to listen on an address that others can reach."""
    return (_UNENCRYPTED if auth else _OPEN).format(host=host, auth=auth)


def _add_user(file: Path | None, name: str) -> None:
    """Write a name and a password that is asked for into a file of passwords."""
    from scraper.browse.passwords import add_user
    from scraper.console.base import say

    if file is None:
        raise UsageError("--add-user needs --auth FILE: the file that the name is written to.")
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    was_there = add_user(file, name, password)
    say(f"{name} has {'another' if was_there else 'a'} password in {file} now.")
