"""The files that releases have for download, with `--attachments`: kept once each, PDFs read."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from scraper import urls
from scraper.archive.attachments import (
    FileCheck,
    file_failed,
    file_unchanged,
    files_without_text,
    fill_text,
    keep_attachment,
    latest_sha256,
    wanted_files,
)
from scraper.archive.evidence import Digests
from scraper.archive.read import read_capture_by_id
from scraper.crawl.answers import NOT_MODIFIED
from scraper.crawl.one_by_one import one_by_one
from scraper.crawl.page import short_validator
from scraper.dates import parse_instant
from scraper.errors import FetchError
from scraper.extract.attached import NOT_READ_BEFORE
from scraper.extract.pdf import NOT_INSTALLED, can_read

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.archive.attachments import WantedFile
    from scraper.crawl.context import Run
    from scraper.crawl.report import Progress
    from scraper.decide.revisit import RevisitPolicy
    from scraper.fetch.exchange import Response
    from scraper.records import Capture

MOST_OF_A_RUN = 500
"""So many files are asked for in one run; the others wait for the next one."""
_ACCEPT = {"Accept": "application/pdf,application/*;q=0.9,*/*;q=0.5"}
_FOREIGN = "it lies on a host that is not the city's, so it was not fetched"
_FOR_LONG = 20  # failures after which the pause is the longest
_PAGES = ("text/html", "application/xhtml")


class AttachmentRun:
    """Fetches the files that the archive lacks, and looks again at those it has.

    Args:
        run: the present run; files on other hosts than its site's are left alone.
        policy: when a file is looked at again: as a page of its release's age.
    """

    def __init__(self, run: Run, policy: RevisitPolicy) -> None:
        self._run = run
        self._policy = policy
        self._wanted: dict[str, WantedFile] = {}

    def run(self, progress: Progress) -> None:
        """Fetch them, the newest first; one that fails is noted and tried again later."""
        run = self._run
        self._read_what_is_kept()
        wanted = self._of_the_site(wanted_files(run.archive, run.site.key, run.started))
        self._wanted = {file.url: file for file in wanted[:MOST_OF_A_RUN]}
        one_by_one(run, list(self._wanted), self._fetch, self._failed, progress)
        left = len(wanted) - MOST_OF_A_RUN
        if left > 0 and not run.report.ended_early:
            run.report.warnings.append(
                f"{left:,} more attached files wait for the next run: one asks for at most "
                f"{MOST_OF_A_RUN}."
            )

    def _read_what_is_kept(self) -> None:
        """Read the files that were kept while what reads them was not there."""
        run = self._run
        reasons = list(NOT_READ_BEFORE)
        if not can_read():
            reasons.remove(NOT_INSTALLED)
            run.report.warnings.append(
                "PDF files are kept without their text: what reads them is not installed. Install "
                "the extra `attachments`; the next run reads what is kept."
            )
        for reason in reasons:
            for url, capture_id in files_without_text(run.archive, run.site.key, reason):
                if run.stop():
                    return
                read = run.reader.file(read_capture_by_id(run.archive, capture_id))
                fill_text(run.archive, url, asdict(read))

    def _of_the_site(self, wanted: list[WantedFile]) -> list[WantedFile]:
        """Those on the site's hosts; of others it is noted that they are not fetched."""
        site = self._run.site
        own = []
        for file in wanted:
            url = site.canonical(file.url)
            if url is not None and urls.host(url) in site.hosts:
                own.append(file)
            else:
                self._note_failure(file.url, _FOREIGN, _FOR_LONG)
        return own

    def _failed(self, address: str, reason: str) -> None:
        self._note_failure(address, reason, self._wanted[address].failures + 1)

    def _note_failure(self, address: str, reason: str, failures: int) -> None:
        now = self._run.now()
        later = self._policy.next_try(failures, now)
        check = FileCheck(self._run.site.key, address, now, later, failures=failures, error=reason)
        file_failed(self._run.archive, check)

    def _fetch(self, address: str) -> str:
        run, wanted = self._run, self._wanted[address]
        url = run.site.canonical(address) or address
        answer = run.client.get(url, _ACCEPT | self._condition(wanted))
        capture = answer.capture
        if capture.status == NOT_MODIFIED:
            file_unchanged(run.archive, self._check(wanted, answer))
            return "unchanged"
        _refuse_what_is_no_file(address, capture)
        digests = Digests.of(capture, answer.exchange)
        is_known = latest_sha256(run.archive, address) == digests.sha256
        if is_known and not wanted.is_new:
            file_unchanged(run.archive, self._check(wanted, answer))
            return "unchanged"
        read: dict[str, Any] = asdict(run.reader.file(capture))
        read["media_type"] = read["media_type"] or _stated_type(capture)
        kept = run.evidence.keep(capture, answer.exchange, answer.redirects, digests)
        check = self._check(wanted, answer, changed=run.now())
        keep_attachment(run.archive, check, capture, kept, read)
        run.report.attachments += 1
        return "file"

    def _condition(self, wanted: WantedFile) -> dict[str, str]:
        """Headers that ask for a file only if it has changed."""
        if wanted.is_new or self._run.options.full:
            return {}
        pairs = (("If-None-Match", wanted.etag), ("If-Modified-Since", wanted.last_modified))
        return {name: value for name, value in pairs if value}

    def _check(
        self, wanted: WantedFile, answer: Response, changed: datetime | None = None
    ) -> FileCheck:
        now = self._run.now()
        born = parse_instant(wanted.published or "") or parse_instant(wanted.first_seen) or now
        if changed is None or wanted.versions == 0:  # the first one is no change
            since = parse_instant(wanted.version_since or "") if wanted.versions > 1 else None
            changed = since
        check = FileCheck(
            self._run.site.key, wanted.url, now, self._policy.next_check(born, now, changed)
        )
        etag, modified = (
            short_validator(answer.capture.header(name)) for name in ("etag", "last-modified")
        )
        return replace(check, etag=etag, last_modified=modified)


def _refuse_what_is_no_file(address: str, capture: Capture) -> None:
    """Raise what an answer means that is no file.

    Raises:
        FetchError: it has another status, is empty, or a web page.
    """
    if capture.status != 200:
        raise FetchError.answered(address, capture.status)
    if not capture.body:
        raise FetchError(address, "it is empty")
    if _stated_type(capture).startswith(_PAGES):
        raise FetchError(address, "it is no file, but a web page")


def _stated_type(capture: Capture) -> str:
    stated = (capture.header("content-type") or "").partition(";")[0].strip().lower()
    return stated[:100] or "application/octet-stream"
