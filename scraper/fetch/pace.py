"""How fast a site is asked: the delay, other crawls of the user, and what the host asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_cache_path

from scraper.archive.pauses import keep_pause, paused_until
from scraper.fetch.addresses import ServerAddresses
from scraper.fetch.pause import HostPauses
from scraper.fetch.throttle import Throttle
from scraper.fetch.turns import HostTurns

_APPLICATION = "newsroom-archive"
_FOLDER = "hosts"


_SERVERS = ServerAddresses()


def throttle_for(
    origin: str, delay_seconds: float, sleep: Callable[[float], None] = time.sleep
) -> Throttle:
    """Keeps the delay to a host and its server, together with all other crawls of this user here.

    Without a delay the host is a mirror of the user's own, and nobody waits for anybody.

    Args:
        origin: scheme and host that is asked, of the site or of its mirror.
        delay_seconds: least time between two requests.
        sleep: waits.
    """
    turns = None
    if delay_seconds > 0:
        directory = user_cache_path(_APPLICATION, appauthor=False) / _FOLDER
        turns = HostTurns(directory, urlsplit(origin).netloc, _SERVERS.of, sleep=sleep)
    return Throttle(delay_seconds, sleep=sleep, turns=turns)


def host_pauses(directory: Path, *, keep: bool) -> HostPauses:
    """What hosts have asked for with Retry-After, as an archive knows it.

    Args:
        directory: of the archive; there may be none yet.
        keep: whether what they ask for from now on is kept for the next run.
    """
    load = partial(paused_until, directory)
    if not keep:
        return HostPauses(load, server_of=_SERVERS.of)
    return HostPauses(load, partial(keep_pause, directory), server_of=_SERVERS.of)
