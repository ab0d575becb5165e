"""`browse --auth`: nothing is seen without a name and a password."""

import asyncio
import base64
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import bcrypt
import pytest

from scraper.archive import Archive
from scraper.browse import authorization, plugin
from scraper.browse.authorization import Busy, Keeper
from scraper.browse.passwords import PasswordFile, add_user, read_passwords
from scraper.browse.server import listening
from scraper.browse.site import WebView
from scraper.errors import UsageError
from tests.archive.corpus import filled
from tests.browse.serving import get, web_view
from tests.browse.test_public import FORWARDED

CHEAP = bcrypt.gensalt(4)
PASSWORD = "grün & geheim"


def line(name, password=PASSWORD, kind="2b"):
    return f"{name}:{bcrypt.hashpw(password.encode(), CHEAP).decode().replace('2b', kind, 1)}\n"


def written(path, *lines, mode=0o600):
    path.write_text("".join(lines), encoding="utf-8")
    path.chmod(mode)
    return path


def basic(name, password=PASSWORD):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("auth")
    with Archive.open(directory) as archive:
        filled(archive)
    return directory


@pytest.fixture(scope="module")
def closed(directory, tmp_path_factory):
    file = written(tmp_path_factory.mktemp("file") / "passwords", line("anna"), line("jürgen"))
    with web_view(directory, auth=file) as address:
        yield address


_SHOWN = SimpleNamespace(newsroom=WebView(Path(), is_public=True, shows_watches=True))


def routes():
    """An address for each of our pages, and for some of Datasette's."""
    ours = [pattern.strip("^$") for pattern, _page in plugin.register_routes(_SHOWN)]
    ours = [path for path in ours if path.startswith("/") and not path.startswith("/-/(")]
    for old, new in ((r"\.", "."), (r"(?P<id>\d{1,18})", "1"), (r"(?P<position>\d{1,9})", "0")):
        ours = [path.replace(old, new) for path in ours]
    ours = [path.replace("(?P<name>[^/]+)", "x").replace("(?P<key>[^/]+)", "x") for path in ours]
    assert not any("(" in path for path in ours), ours
    return [
        *ours,
        *"/newsroom /newsroom/articles /newsroom/articles.csv /newsroom/articles/1.json".split(),
        *"/assets/newsroom.css /-/static/app.css /-/versions.json /nowhere /favicon.ico".split(),
    ]


@pytest.mark.parametrize("path", routes())
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_page_without_a_password(closed, path, method):
    answer = get(closed, path, method)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Basic realm=")
    assert "content-security-policy" in answer.headers
    assert len(answer.body) < 100


def test_every_page_with_a_password(closed):
    for path in ("/", "/search.atom", "/newsroom/articles.csv?_size=1", "/assets/newsroom.css"):
        assert get(closed, path, Authorization=basic("anna")).status == 200
    assert get(closed, "/", Authorization=basic("jürgen")).status == 200
    assert get(closed, "/nowhere", Authorization=basic("anna")).status == 404


def test_no_cache_on_the_way_keeps_an_answer_for_others(closed):
    for path in ("/", "/assets/newsroom.css", "/-/static/app.css", "/nowhere", "/newsroom.json"):
        said = get(closed, path, Authorization=basic("anna")).headers["cache-control"]
        assert said.split(", ")[0] == "private", path
    assert get(closed, "/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "given",
    [
        basic("anna", "falsch"), basic("anna", ""), basic("niemand"), basic("", PASSWORD),
        basic("ANNA"), "Basic", "Basic %%%", "Basic " + base64.b64encode(b"anna").decode(),
        "Basic " + base64.b64encode(b"\xff:\xff").decode(), "Bearer x", "Digest x",
        basic("anna", PASSWORD + "\0"), basic("anna", "x" * 5_000), basic("anna\0", PASSWORD),
        "Basic " + "A" * 20_000,
    ],
)  # fmt: skip
def test_what_is_not_right_stays_out(closed, given):
    assert get(closed, "/", Authorization=basic("anna")).status == 200
    assert get(closed, "/", Authorization=given).status == 401


def test_a_wrong_password_is_logged_with_the_visitors_address(directory, tmp_path, caplog):
    file = written(tmp_path / "f", line("anna"))
    with web_view(directory, auth=file, trusted="127.0.0.1", root_path="/archiv") as address:
        assert get(address, "/archiv/people").status == 401
        assert not caplog.messages
        wrong = get(address, "/archiv/", Authorization=basic("anna", "x"), **FORWARDED)
        right = get(address, "/archiv/search.atom", Authorization=basic("anna"), **FORWARDED)
    assert (wrong.status, right.status) == (401, 200)
    assert 'href="https://archiv.example.org/archiv/search.atom"' in right.text
    assert caplog.messages == ["Wrong name or password from 192.0.2.7"]


def test_the_file_may_change_meanwhile(directory, tmp_path, caplog):
    file = written(tmp_path / "f", line("anna"))
    with web_view(directory, auth=file) as address:

        def status(name, password=PASSWORD):
            return get(address, "/assets/newsroom.css", Authorization=basic(name, password)).status

        assert status("anna") == 200
        written(file, line("bert"), line("anna", "another"))
        assert [status("anna"), status("anna", "another"), status("bert")] == [401, 200, 200]
        file.chmod(0o644)
        answer = get(address, "/", Authorization=basic("bert"))
        assert (answer.status, str(file) in answer.text) == (503, False)
        assert get(address, "/", Authorization=basic("bert")).status == 503
        assert ["permissions are 0644" in one for one in caplog.messages[-2:]] == [False, True]
        file.unlink()
        assert status("bert") == 503


def test_comparing_is_limited_and_what_was_right_is_remembered(monkeypatch):
    monkeypatch.setattr(authorization, "AT_ONCE", 1)
    monkeypatch.setattr(authorization, "WAITING", 1)
    go_on, compared = threading.Event(), []

    class Slow:
        def fit(self, name, _password):
            compared.append(name)
            assert go_on.wait(30)
            return True

    slow = Slow()

    class File:
        def now(self):
            return slow

    async def visits():
        keeper = Keeper(File())
        two = [asyncio.create_task(keeper.lets_in(name, "p")) for name in "ab"]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await keeper.lets_in("c", "p")
        go_on.set()
        assert await asyncio.gather(*two) == [True, True]
        assert await keeper.lets_in("a", "p")
        assert await keeper.lets_in("a", "q")

    with ThreadPoolExecutor(1) as thread:  # this one may have a loop already, of a browser's
        thread.submit(lambda: asyncio.run(visits())).result(30)
    assert sorted(compared) == ["a", "a", "b"]


@pytest.mark.parametrize("kind", ["2a", "2b", "2y"])
def test_files_of_htpasswd_are_read(tmp_path, kind):
    file = written(tmp_path / "f", "# who\n", "\n", line("anna", kind=kind))
    assert read_passwords(file).fit("anna", PASSWORD)
    assert not read_passwords(file).fit("bert", PASSWORD)


def test_bcrypt_looks_at_72_bytes_and_at_letters_however_they_are_written(tmp_path):
    file = written(tmp_path / "f", line("anna", "x" * 72), line("bert", "gr\u00fcn"))
    found = read_passwords(file)
    assert found.fit("anna", "x" * 80)
    assert found.fit("bert", "gru\u0308n")


BROKEN = {
    "nobody could get in": "# nothing\n",
    "line 2 of": line("anna") + "bert\n",
    "has no hash of bcrypt": "anna:$apr1$2345$678\n",
    "the cost of the hash is 31": line("anna").replace("$04$", "$31$"),
    "an earlier line has": line("anna") * 2,
    "too long": "#" * 1_000_001,
}


@pytest.mark.parametrize("why", BROKEN)
def test_a_broken_file_is_refused(directory, tmp_path, why):
    file = written(tmp_path / "f", BROKEN[why])
    with pytest.raises(UsageError) as refused, listening(directory, port=0, auth=file):
        pass
    assert why in str(refused.value)
    assert "$apr1$" not in str(refused.value)


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o620, 0o644, 0o777])
def test_a_file_that_others_can_read_or_change_is_refused(tmp_path, mode):
    with pytest.raises(UsageError, match="others on this machine"):
        PasswordFile(written(tmp_path / "f", line("anna"), mode=mode))


def test_what_is_no_file_of_text_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    written(tmp_path / "bytes").write_bytes(b"\xff")
    for name, why in (
        ("pipe", "is not a file"), ("", "is not a file"), ("none", "there is no file"),
        ("bytes", "no text in UTF-8"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=why):
            read_passwords(tmp_path / name)


@pytest.fixture
def cheap(monkeypatch):
    monkeypatch.setattr(bcrypt, "gensalt", lambda: CHEAP)


def test_names_are_added_and_changed(tmp_path, cheap):
    file = tmp_path / "f"
    assert not add_user(file, "anna", "eins")
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(file.read_text() + "# a note\n")
    assert not add_user(file, "J\u00fcrgen", "zwei")
    assert add_user(file, "anna", "drei")
    assert "# a note" in file.read_text().splitlines()
    found = read_passwords(file)
    assert [*found.hashes] == ["anna", "J\u00fcrgen"]
    assert found.fit("anna", "drei")
    assert not found.fit("anna", "eins")


@pytest.mark.parametrize("name", ["", "a:b", "a\nb", "#a", " a"])
def test_what_cannot_be_a_name(tmp_path, name):
    with pytest.raises(UsageError, match="cannot be a name"):
        add_user(tmp_path / "f", name, "x")


@pytest.mark.parametrize("password", ["", "a\0b", "x" * 73, "ü" * 37])
def test_what_cannot_be_a_password(tmp_path, password):
    with pytest.raises(UsageError, match="Choose"):
        add_user(tmp_path / "f", "anna", password)
    assert not (tmp_path / "f").exists()


def test_a_file_that_others_can_read_gets_no_more_names(tmp_path, cheap):
    file = written(tmp_path / "f", line("anna"), mode=0o644)
    with pytest.raises(UsageError, match="permissions are 0644"):
        add_user(file, "bert", "x")
    with pytest.raises(UsageError, match="cannot be written"):
        add_user(Path(tmp_path / "no" / "f"), "bert", "x")
