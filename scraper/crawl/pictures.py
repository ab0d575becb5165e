"""The pictures of releases, with `--images`: the largest rendition that a page names, once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import urls
from scraper.archive.pictures import failed_picture, keep_picture, wanted_pictures
from scraper.errors import FetchError, Interrupted, RetryLater, RobotsForbid
from scraper.fetch.retry import TransientError

if TYPE_CHECKING:
    from scraper.crawl.context import Run
    from scraper.crawl.report import Progress

_UNREACHABLE_IN_A_ROW = 5
_ACCEPT = {"Accept": "image/avif,image/webp,image/*;q=0.9,*/*;q=0.1"}


class PictureRun:
    """Fetches the pictures that the archive lacks.

    Args:
        run: the present run; pictures on other hosts than its site's are left alone.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    def run(self, progress: Progress) -> None:
        """Fetch them, the newest first; one that fails is noted and tried again next time."""
        wanted = wanted_pictures(self._run.archive, self._run.site.key)
        unreachable = 0
        for done, src in enumerate(wanted, 1):
            if self._run.stop():
                self._run.report.ended_early = "it was interrupted"
                return
            try:
                self._fetch(src)
                outcome, unreachable = "picture", 0
            except Interrupted:
                self._run.report.ended_early = "it was interrupted"
                return
            except (FetchError, RobotsForbid) as error:
                reason = getattr(error, "reason", str(error))
                failed_picture(self._run.archive, self._run.site.key, src, reason, self._run.now())
                self._run.report.failed += 1
                self._run.report.failures.append((src, reason))
                outcome = "failed"
                if isinstance(error, RetryLater):
                    self._run.report.ended_early = "the server asks to come back later"
                    return
                unreachable = unreachable + 1 if isinstance(error, TransientError) else 0
            progress.page(src, outcome, done, len(wanted))
            if unreachable >= _UNREACHABLE_IN_A_ROW:
                self._run.report.ended_early = (
                    f"the site did not answer {_UNREACHABLE_IN_A_ROW} times in a row"
                )
                return

    def _fetch(self, src: str) -> None:
        url = self._run.site.canonical(src)
        if url is None or urls.host(url) != urls.host(self._run.site.origin):
            raise FetchError(src, "the picture lies on a host that is not the city's")
        answer = self._run.client.get(url, _ACCEPT)
        capture = answer.capture
        if capture.status != 200:
            raise FetchError.answered(src, capture.status)
        content_type = (capture.header("content-type") or "").strip().lower()
        if not content_type.startswith("image/") or not capture.body:
            kind = content_type[:80] or "nothing that says what it is"
            raise FetchError(src, f"it is no picture, but {kind}")
        kept = self._run.evidence.keep(capture, answer.exchange, answer.redirects)
        keep_picture(self._run.archive, self._run.site.key, src, capture, kept, self._run.now())
        self._run.report.pictures += 1
