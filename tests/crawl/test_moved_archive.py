"""The archive is moved, deleted or replaced while a crawl is at work."""

from __future__ import annotations

import shutil

import pytest

from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.verify import verify
from tests.support.small import FOLDER

PAGES = 4


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def crawled(newsroom, small, data, act, at=2):
    """A crawl during which something happens as soon as the server is asked for a page."""
    small.put(*(f"{number}.html" for number in range(PAGES)))
    answer, asked = small.server.script, []

    def script(ask):
        if ask.path.startswith(FOLDER):
            asked.append(ask.path)
            if len(asked) == at:
                act()
        return answer(ask)

    small.server.script = script
    code, _out, err = newsroom("--data", data, "crawl", "--base-url", small.url)
    small.server.script = answer
    assert "Traceback" not in err
    assert "was moved, deleted or replaced" in " ".join(err.split())
    assert len(asked) == at  # it ended at once
    return code


def articles(directory):
    with Archive.open_existing(directory) as archive:
        assert verify(archive)["problems"] == []
        return archive.rows("SELECT count(*) AS n FROM articles")[0]["n"]


@pytest.mark.parametrize("at", [1, 2])
def test_a_renamed_directory(newsroom, small, data, tmp_path, at):
    elsewhere = tmp_path / "elsewhere"
    assert crawled(newsroom, small, data, lambda: data.rename(elsewhere), at) == 7
    assert not data.exists()
    assert newsroom("--data", elsewhere, "crawl", "--base-url", small.url)[0] == 0
    assert articles(elsewhere) == PAGES


def test_a_deleted_database(newsroom, small, data):
    assert crawled(newsroom, small, data, (data / DATABASE_NAME).unlink) == 7
    assert not (data / DATABASE_NAME).exists()


def test_a_deleted_directory(newsroom, small, data):
    assert crawled(newsroom, small, data, lambda: shutil.rmtree(data)) == 7
    assert not data.exists()


def test_a_database_that_was_replaced(newsroom, small, data):
    other = data / "other.db"
    other.parent.mkdir()
    other.write_bytes(b"not ours")

    def replace():
        other.replace(data / DATABASE_NAME)

    assert crawled(newsroom, small, data, replace) == 7
    assert (data / DATABASE_NAME).read_bytes() == b"not ours"
