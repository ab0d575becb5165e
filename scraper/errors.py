"""Every error that a user can meet, and the exit code it ends in.

    NewsroomError                 (1) never raised itself
    ├── UsageError                (2) the command or an argument is wrong
    ├── PagesFailed               (3) done, but some pages failed
    ├── SiteUnreachable           (4) no page of the site can be had now
    │   └── RobotsForbid          (4) robots.txt forbids it, or could not be read
    ├── LayoutDrift               (5) pages no longer look as the parser knows them
    ├── CrawlRunning              (6) another crawl holds the archive
    ├── ArchiveError              (7) damaged, read-only, of a newer version, disk full
    ├── NoFileHandles             (7) the system lets the process open no more files
    ├── Interrupted               (3) the run was asked to end
    ├── FetchError                (3) one page could not be had
    │   ├── RedirectRefused       (3) a redirect in a loop, or out of the site
    │   ├── ResponseTooLarge      (3) more bytes than a page can have
    │   └── RetryLater            (3) the server asks to come back later
    └── ParseError                (3) one page could not be understood
        ├── OverBudget            (3) reading it took too much time or memory, or crashed
        ├── BlockPage             (3) a captcha, challenge or maintenance page in its place
        ├── PageAbsent            (3) it says that there is no such page
        └── NoSuchSource          (3) an optional listing that is not there

A message is one paragraph for people: what happened, at which URL or file, why, what to do next.
"""

from __future__ import annotations

import errno
import os
from typing import Any


class NewsroomError(Exception):
    """An error with a message for people and an exit code for programs."""

    exit_code = 1

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors come back from worker processes as they were raised there."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[NewsroomError], args: tuple[Any, ...], state: Any) -> NewsroomError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class Interrupted(NewsroomError):
    """The user or the system asked the run to end; what was stored before is safe."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("The run was interrupted. What was stored before is safe.")


class UsageError(NewsroomError):
    """The command line asks for something that cannot be."""

    exit_code = 2


class PagesFailed(NewsroomError):
    """The run is done, but some pages failed; they are kept for the next run."""

    exit_code = 3


class SiteUnreachable(NewsroomError):
    """The site as a whole cannot be reached."""

    exit_code = 4


class RobotsForbid(SiteUnreachable):
    """The site's robots.txt forbids the request, or could not be read."""


class LayoutDrift(NewsroomError):
    """The pages no longer have the layout the parser knows."""

    exit_code = 5


class CrawlRunning(NewsroomError):
    """Another crawl is at work on the same archive."""

    exit_code = 6


class ArchiveError(NewsroomError):
    """The archive cannot be read or written."""

    exit_code = 7


class NoFileHandles(NewsroomError):
    """The system lets this process open no more files; nothing is said about any of them."""

    exit_code = 7

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"No more files can be opened ({reason}). That is a limit of this system, not damage. "
            "Raise it (`ulimit -n 1024` on Linux and macOS) or end other programs, and run the "
            "same command again."
        )


def raise_if_no_handles(error: BaseException) -> None:
    """Tell apart what looks like damage and is none.

    Raises:
        NoFileHandles: the error, or one that led to it, says that no more files can be opened.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in {errno.EMFILE, errno.ENFILE}:
            raise NoFileHandles(cause.strerror or str(cause)) from error
        cause = cause.__cause__


def refuse_too_few_handles(least: int) -> None:
    """See that so many more files can be opened, before something waits for one in vain.

    Raises:
        NoFileHandles: they cannot.
    """
    opened: list[int] = []
    try:
        opened.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(least))
    except OSError as error:
        raise_if_no_handles(error)
        raise
    finally:
        for handle in opened:
            os.close(handle)


class FetchError(NewsroomError):
    """One URL could not be fetched.

    Attributes:
        url: the canonical URL that was asked for.
        reason: the cause in a few words, without the URL.
        status: HTTP status of the last answer, None when there was none.
    """

    exit_code = 3

    def __init__(self, url: str, reason: str, *, status: int | None = None) -> None:
        super().__init__(f"{url} could not be fetched: {reason}.")
        self.url = url
        self.reason = reason
        self.status = status

    @classmethod
    def answered(cls, url: str, status: int) -> FetchError:
        """The server has answered, but not with what was asked for."""
        return cls(url, f"the server answers with HTTP {status}", status=status)


class RedirectRefused(FetchError):
    """A redirect that leads in a loop, out of the site, or to a private address."""


class ResponseTooLarge(FetchError):
    """A response above the size limit, on the wire or after decoding."""


class RetryLater(FetchError):
    """The server asked to wait longer than a run can wait."""


class ParseError(NewsroomError):
    """One page could not be understood.

    Attributes:
        url: where the page was fetched.
        reason: the cause in a few words.
    """

    exit_code = 3

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url} could not be parsed: {reason}.")
        self.url = url
        self.reason = reason


class OverBudget(ParseError):
    """Reading one page took more time or memory than a page may take, or ended its process."""


class BlockPage(ParseError):
    """Instead of a page the site shows a captcha, a challenge, a refusal or a notice.

    Attributes:
        kind: what it shows, such as "a captcha".
    """

    def __init__(self, url: str, kind: str) -> None:
        super().__init__(url, f"the site shows a block page ({kind})")
        self.kind = kind
        message = (
            f"At {url} the site shows a block page ({kind}) instead of its own. Nothing was stored "
            "as an article. Open the address in a browser: if it is well there, wait some hours, "
            "take a longer --delay, or ask the city to let this crawler in."
        )
        self.args = (message,)


class PageAbsent(ParseError):
    """The page says that there is no such page, or shows another one in its place.

    Attributes:
        instead: what it shows, such as "shows “Seite nicht gefunden”".
    """

    def __init__(self, url: str, instead: str) -> None:
        super().__init__(url, f"it {instead}")
        self.instead = instead


class NoSuchSource(ParseError):
    """Where a site may have a listing stands something else: it has none."""
