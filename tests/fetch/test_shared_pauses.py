"""A host that asks to be left alone is left alone by every crawl of the user, of any archive."""

from datetime import UTC, datetime, timedelta

import pytest

from scraper.crawl.pace import host_pauses
from scraper.fetch.shared_pauses import SharedPauses
from tests.conftest import NOW

HOST = "www.dortmund.example"


@pytest.mark.parametrize("host", [HOST, f"{HOST}:8443", "203.0.113.7", "2001:db8::7"])
def test_what_one_is_told_another_knows(tmp_path, host):
    SharedPauses(tmp_path / "hosts").keep(host, NOW)
    assert SharedPauses(tmp_path / "hosts").until(host) == NOW
    assert SharedPauses(tmp_path / "hosts").until("other.example") is None


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "::1", "[::1]:80", "a.localhost"]
)
def test_servers_on_this_machine_are_the_users_own(tmp_path, host):
    SharedPauses(tmp_path).keep(host, NOW)
    assert SharedPauses(tmp_path).until(host) is None


@pytest.mark.parametrize("content", ["", "soon", "9999-12-31T23:59:59-14:00", "\xff"])
def test_a_file_that_cannot_be_read_is_none(tmp_path, content):
    (tmp_path / f"{HOST}.pause").write_text(content, encoding="latin-1")
    assert SharedPauses(tmp_path).until(HOST) is None


def test_where_nothing_can_be_written_nothing_is_shared(tmp_path):
    (tmp_path / "hosts").write_text("in the way")
    SharedPauses(tmp_path / "hosts").keep(HOST, NOW)
    assert SharedPauses(tmp_path / "hosts").until(HOST) is None


def test_archives_meet_in_the_cache_directory(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("scraper.crawl.pace._SERVERS.of", lambda _host: None)
    host_pauses(tmp_path / "one", keep=False).note(HOST, 3600)
    assert 3500 < host_pauses(tmp_path / "two", keep=True).seconds_left(HOST) <= 3600
    assert host_pauses(tmp_path / "two", keep=True).seconds_left("other.example") == 0


def test_a_pause_of_a_wrong_clock_hides_no_other(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("scraper.crawl.pace._SERVERS.of", lambda _host: None)
    soon = datetime.now(UTC) + timedelta(hours=1)
    monkeypatch.setattr("scraper.crawl.pace.paused_until", lambda *_: soon)
    shared = SharedPauses(tmp_path / "cache" / "newsroom-archive" / "hosts")
    shared.keep(HOST, soon + timedelta(days=5000))
    assert host_pauses(tmp_path, keep=False).seconds_left(HOST) > 3500
