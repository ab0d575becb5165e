"""Sending messages through apprise, in processes of their own that are ended if it takes too long.

Whatever apprise, its plug-ins and the servers do stays in there: what they print, log or raise
comes out as a reason in a few words, without what is secret in the address.
"""

from __future__ import annotations

import io
import logging
import multiprocessing
import os
import sys
import warnings
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pebble import ProcessPool

from scraper.errors import UsageError
from scraper.watch.addresses import ENVIRONMENT, masked, without_secrets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.watch.digest import Digest

SECONDS = 60.0
"""What one message may take."""

_PROCESSES = 4
_REASON_CHARS = 200
INSTALL = '`python -m pip install "newsroom-archive[watch]"`'
"""The command that installs apprise."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message and where it goes."""

    address: str = field(repr=False)
    digest: Digest


def is_installed() -> bool:
    """Whether there is an apprise to send with."""
    return find_spec("apprise") is not None


def check_address(address: str) -> None:
    """Refuse an address that apprise cannot send to; one in the environment may not be there yet.

    Raises:
        UsageError: apprise is not installed, or does not know such an address.
    """
    if not is_installed():
        raise UsageError(
            f"Messages are sent through apprise, which is not installed. Install it with {INSTALL}"
            ", or leave --to away: there is always a feed."
        )
    if address.startswith(ENVIRONMENT):
        return
    if _target(address) is None:
        raise UsageError(
            f"apprise cannot send to {masked(address)}: it does not know this kind of address, or "
            "something is missing in it. How each service is written stands in its documentation."
        )


def send(letters: Sequence[Letter], seconds: float = SECONDS) -> list[str | None]:
    """Send messages, some at once.

    Returns:
        For each message None if it was taken, else why not.
    """
    if not letters:
        return []
    if not is_installed():
        return [f"apprise is not installed: {INSTALL}"] * len(letters)
    with ProcessPool(
        max_workers=min(_PROCESSES, len(letters)),
        initializer=_keep_quiet,
        context=multiprocessing.get_context("spawn"),
    ) as pool:
        tasks: list[Future[str | None]] = [
            pool.schedule(_deliver, (one.address, one.digest), timeout=seconds) for one in letters
        ]
        return [_outcome(task, seconds) for task in tasks]


def _outcome(task: Future[str | None], seconds: float) -> str | None:
    try:
        return task.result()
    except TimeoutError:
        return f"no answer within {seconds:g} seconds"
    except Exception as error:  # noqa: BLE001 - whatever a plug-in does is a reason, no traceback
        return f"apprise has failed ({type(error).__name__})"


def _keep_quiet() -> None:
    """Nothing of what happens in this process is printed."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nothing, number)
    sys.stdout = sys.stderr = io.StringIO()


def _deliver(address: str, digest: Digest) -> str | None:
    """Send one message; returns None, or why it could not be sent."""
    import apprise

    capture = apprise.LogCapture(  # type: ignore[no-untyped-call]
        level=logging.WARNING, fmt="%(message)s"
    )
    with capture as log:
        target = _target(address)
        if target is None:
            return "apprise does not know this kind of address"
        sent = False
        with suppress(TypeError):  # how apprise itself takes what it cannot make use of
            sent = target.notify(
                title=digest.title,
                body=digest.body(target.body_maxlen),
                body_format=apprise.NotifyFormat.TEXT,
            )
        said = log.getvalue()
    if sent:
        return None
    reason = " ".join(without_secrets(said, address).split())[:_REASON_CHARS]
    return reason or "apprise could not send it and does not say why"


def _target(address: str) -> Any:
    """What apprise makes of an address; None if it cannot."""
    import apprise

    _silence()
    with warnings.catch_warnings():  # all of its plug-ins are imported now, also very old ones
        warnings.simplefilter("ignore")
        return _made(apprise, address)


def _made(apprise: Any, address: str) -> Any:
    asset = apprise.AppriseAsset(
        app_id="newsroom-archive", app_desc="newsroom-archive", async_mode=False
    )
    target = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    return target or None


@cache
def _silence() -> None:
    """Nothing is logged to standard error."""
    logger = logging.getLogger("apprise")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
