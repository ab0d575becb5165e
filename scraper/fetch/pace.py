"""How fast a site is asked: the delay, other crawls of the user, and what the host asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_cache_path

from scraper.archive.pauses import keep_pause, paused_until
from scraper.fetch.addresses import ServerAddresses
from scraper.fetch.pause import HostPauses, is_believed
from scraper.fetch.shared_pauses import SharedPauses
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
        turns = HostTurns(_directory(), urlsplit(origin).netloc, _SERVERS.of, sleep=sleep)
    return Throttle(delay_seconds, sleep=sleep, turns=turns)


def host_pauses(directory: Path | None, *, keep: bool) -> HostPauses:
    """What hosts have asked for with Retry-After, as an archive and other crawls of the user know.

    Args:
        directory: of the archive; there may be none yet.
        keep: whether what they ask for from now on is kept in the archive for its next run.
    """
    shared = SharedPauses(_directory())

    def load(host: str) -> datetime | None:
        known = (paused_until(directory, host) if directory else None, shared.until(host))
        return max((each for each in known if each and is_believed(each)), default=None)

    def save(host: str, until: datetime) -> None:
        shared.keep(host, until)
        if directory and keep:
            keep_pause(directory, host, until)

    return HostPauses(load, save, server_of=_SERVERS.of)


def _directory() -> Path:
    """Where the crawls of a user meet."""
    return user_cache_path(_APPLICATION, appauthor=False) / _FOLDER
