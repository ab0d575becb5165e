"""The pictures of releases, with `--images`: the largest rendition that a page names, once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import urls
from scraper.archive.pictures import failed_picture, keep_picture, wanted_pictures
from scraper.crawl.one_by_one import one_by_one
from scraper.errors import FetchError

if TYPE_CHECKING:
    from scraper.crawl.context import Run
    from scraper.crawl.report import Progress

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
        archive, key = self._run.archive, self._run.site.key

        def failed(src: str, reason: str) -> None:
            failed_picture(archive, key, src, reason, self._run.now())

        wanted = wanted_pictures(archive, key)
        one_by_one(self._run, wanted, self._fetch, failed, progress)

    def _fetch(self, src: str) -> str:
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
        return "picture"
