"""`newsroom browse`: the ways it begins, fails and ends."""

import io
import re
import signal
import socket
import subprocess
import sys
import webbrowser

import pytest

from scraper import cli
from scraper.archive import Archive
from scraper.browse import server
from scraper.browse.server import is_loopback
from tests.archive.corpus import filled
from tests.browse.serving import get


@pytest.fixture
def newsroom(monkeypatch, capfd, tmp_path):
    """Calls the command; returns exit code, standard output, and error as one line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # the test's own handlers stay

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["newsroom", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        return ended.value.code or 0, out, " ".join(err.split())

    return call


def test_without_an_archive(newsroom):
    code, _out, err = newsroom("browse", "--port", 0)
    assert code == 7
    assert "There is no archive at" in err


def test_a_port_in_use(newsroom, tmp_path):
    Archive.open(tmp_path / "data").__exit__()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _out, err = newsroom("browse", "--port", taken.getsockname()[1])
    assert code == 2
    assert "another program listens there. Choose another --port" in err


def test_a_host_that_is_none(newsroom, tmp_path):
    Archive.open(tmp_path / "data").__exit__()
    code, _out, err = newsroom("browse", "--host", "192.0.2.77", "--port", 0)
    assert code == 2
    assert "cannot listen on 192.0.2.77" in err


@pytest.mark.parametrize("missing", ["datasette", "uvicorn"])
def test_without_the_extra(newsroom, monkeypatch, missing):
    monkeypatch.delitem(sys.modules, "scraper.browse.application", raising=False)
    for name in [name for name in sys.modules if name.split(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    code, _out, err = newsroom("browse")
    assert code == 2
    assert 'pip install "newsroom-archive[browse]"' in err


def test_beyond_loopback_it_says_what_that_means(newsroom, monkeypatch):
    asked = []
    monkeypatch.setattr(server, "serve", lambda *given, **named: asked.append((given, named)))
    assert newsroom("browse", "--host", "0.0.0.0")[2].startswith("Note: Anybody who can reach this")
    assert newsroom("browse", "--sql")[2] == ""
    assert [given[1:3] for given, _ in asked] == [("0.0.0.0", 8001), ("127.0.0.1", 8001)]
    assert [named["sql"] for _, named in asked] == [False, True]


def test_it_writes_a_password_that_it_is_given(newsroom, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "stdin", io.StringIO("geheim\n"))
    code, out, err = newsroom("browse", "--auth", "f", "--add-user", "anna")
    assert (code, out, err) == (0, "anna has a password in f now.\n", "")
    assert (tmp_path / "f").read_text().startswith("anna:$2b$12$")
    code, _out, err = newsroom("browse", "--add-user", "anna")
    assert (code, "needs --auth FILE" in err) == (2, True)


def test_beyond_loopback_a_password_is_not_enough(newsroom, monkeypatch):
    monkeypatch.setattr(server, "serve", lambda *_, **__: None)
    note = newsroom("browse", "--host", "0.0.0.0", "--auth", "f")[2]
    assert note.startswith("Note: Anybody who has a name and a password in f")
    assert "Nothing is encrypted" in note


def test_it_opens_the_browser_if_asked(newsroom, monkeypatch):
    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(
        server, "serve", lambda _data, _host, _port, ready, **_: ready("http://127.0.0.1:1/")
    )
    code, out, _err = newsroom("browse", "--open")
    assert (code, opened) == (0, ["http://127.0.0.1:1/"])
    assert out == "The archive is at http://127.0.0.1:1/ until you press Ctrl-C.\n"
    newsroom("browse")
    assert len(opened) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", ""])
def test_not_loopback(host):
    assert not is_loopback(host)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_0(tmp_path, end):
    with Archive.open(tmp_path) as archive:
        filled(archive)
    command = [sys.executable, "-m", "scraper", "--data", tmp_path, "browse"]
    with subprocess.Popen(
        [*command, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            address = re.search(r"http://\S+", process.stdout.readline())[0]
            assert get(address, "/").status == 200
            process.send_signal(end)
            _out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, err) == (0, "")
