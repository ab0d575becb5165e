"""Whether the WARC files that an archive names are there."""

import shutil

import pytest

from scraper import warc
from scraper.archive import Archive
from scraper.doctor.directory import check_raw_pages
from tests.support.replica import crawl


@pytest.fixture
def kept(small, tmp_path):
    small.put("1.html", "2.html")
    crawl(tmp_path, small.url)
    return tmp_path


def looked_at(directory):
    with Archive.open_existing(directory) as archive:
        return check_raw_pages(directory, archive)


def test_all_files_are_there(kept):
    check = looked_at(kept)
    assert (check.status, check.detail.startswith("1 WARC file, ")) == ("ok", True)


def test_a_missing_directory_is_trouble(kept, newsroom):
    shutil.rmtree(kept / "warc")
    check = looked_at(kept)
    assert (check.status, check.exit_code) == ("trouble", 7)
    assert "is missing, and 2 pages in it" in check.detail
    code, out, _err = newsroom("--data", kept, "doctor")
    assert (code, "No trouble" in out) == (7, False)


def test_a_file_that_was_cut_is_trouble(kept):
    (path,) = warc.files(kept / "warc")
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    check = looked_at(kept)
    assert (check.status, "2 pages need" in check.detail) == ("trouble", True)


def test_a_file_that_a_crawl_is_writing_is_there(kept):
    (path,) = warc.files(kept / "warc")
    path.rename(path.with_name(path.name + warc.OPEN_SUFFIX))
    assert looked_at(kept).status == "note"
