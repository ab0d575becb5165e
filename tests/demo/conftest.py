"""A small replica, and the archive of a crawl of it."""

import pytest

from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from tests.support.replica import crawl


@pytest.fixture(scope="module")
def replica():
    with ReplicaServer(Newsroom(6), navigation_bytes=200) as server:
        yield server


@pytest.fixture(scope="module")
def demo(replica, tmp_path_factory):
    """The archive of a crawl of the replica; its text may be read, not changed."""
    directory = tmp_path_factory.mktemp("demo")
    crawl(directory, replica.base_url)
    return directory
