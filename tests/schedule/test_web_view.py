"""`schedule install --browse`: the web view as a service."""

import json
import re
import shlex
import shutil
import subprocess
import sys

import bcrypt
import pytest

from scraper.archive import Archive
from scraper.schedule import Job, WebViewJob, install, parse_every, remove_web_view, web_view
from scraper.schedule.job import try_command
from tests.browse.serving import get
from tests.schedule.test_systemd import SIX_HOURS, files, needs_systemd, verify


@pytest.fixture(autouse=True)
def trial(monkeypatch):
    """The command is not tried at each install: it takes a process each time."""
    tried = []
    monkeypatch.setattr(web_view, "try_command", tried.append)
    return tried


@pytest.fixture
def archive(tmp_path):
    Archive.open(tmp_path / "data").close()
    passwords = tmp_path / "passwords"
    passwords.write_text(f"anna:{bcrypt.hashpw(b'x', bcrypt.gensalt(4)).decode()}\n")
    passwords.chmod(0o600)
    return tmp_path / "data"


@needs_systemd
def test_systemd_accepts_the_service(tmp_path):
    units = tmp_path / "units"
    units.mkdir()
    job = WebViewJob(tmp_path / '100% "it\'s" $HOME', ("--auth=a%b$c",), "http://127.0.0.1:1/")
    (units / job.unit).write_text(job.text)
    assert verify(units, tmp_path) == ""
    (units / job.unit).write_text(job.text.replace("RestartSec=", "RestartSecs="))
    assert "RestartSecs" in verify(units, tmp_path)


def test_install_show_remove(newsroom, systemctl, archive, tmp_path):
    notes = systemctl()
    before = files(tmp_path / "config") if (tmp_path / "config").exists() else {}
    options = [
        "--auth",
        "passwords",
        "--root-path",
        "/archiv",
        "--forwarded-allow-ips",
        "127.0.0.1",
    ]
    code, out, err = newsroom("schedule", "install", "--browse", *options, "--port", 8123, "--sql")
    assert (code, err) == (0, "")
    assert "The web view is at http://127.0.0.1:8123/" in out
    (unit,) = (tmp_path / "config" / "systemd" / "user").glob("newsroom.browse-*.service")
    asked = notes.read_text().splitlines()
    assert [f"--user enable {unit.name}", f"--user restart {unit.name}"] == asked[2:4]
    shown = json.loads(newsroom("schedule", "show", "--json")[1])
    assert (shown["installed"], shown["hints"]) == (False, [])
    words = shlex.split(shown["web_view"]["command"])
    assert words[:7] == [sys.executable, "-P", "-m", "scraper", "--data", str(archive), "browse"]
    assert {f"--auth={tmp_path / 'passwords'}", "--root-path=/archiv", "--sql"} < set(words)
    # Again with other options, it replaces the first.
    assert newsroom("schedule", "install", "--browse", "--port", 8124)[0] == 0
    web_view = json.loads(newsroom("schedule", "show", "--json")[1])["web_view"]
    assert (web_view["address"], "--auth" in web_view["command"]) == (
        "http://127.0.0.1:8124/",
        False,
    )
    assert "web view was stopped" in newsroom("schedule", "remove", "--browse")[1]
    assert f"--user disable --now {unit.name}" in notes.read_text()
    assert files(tmp_path / "config") == before
    assert "No web view" in newsroom("schedule", "remove", "--browse")[1]


def test_crawls_and_web_view_come_and_go_apart(newsroom, systemctl, archive):
    def there():
        shown = json.loads(newsroom("schedule", "show", "--json")[1])
        return shown["installed"], shown["web_view"] is not None

    install(Job(archive, "all", interpreter="/bin/true"), SIX_HOURS, "systemd")
    assert there() == (True, False)
    newsroom("schedule", "install", "--browse")
    assert there() == (True, True)
    newsroom("schedule", "remove", "--browse")
    assert there() == (True, False)
    newsroom("schedule", "install", "--browse")
    newsroom("schedule", "remove", "--site", "dortmund")
    assert there() == (True, True)
    newsroom("schedule", "remove")
    assert there() == (False, False)


def test_a_newsroom_of_that_name_has_another_unit(tmp_path):
    assert f"newsroom-{Job(tmp_path, 'browse').key}.service" != WebViewJob(tmp_path).unit


def test_the_service_runs(newsroom, systemctl, archive, trial):
    newsroom("schedule", "install", "--browse", "--auth", "passwords", "--port", 8125)
    command = json.loads(newsroom("schedule", "show", "--json")[1])["web_view"]["command"]
    words = [word.replace("8125", "0") for word in shlex.split(command)]
    try_command(trial[0])
    assert trial[0] == shlex.split(command)
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = re.search(r"http://\S+", process.stdout.readline())[0]
            assert get(address, "/").status == 401
        finally:
            process.terminate()
        assert process.wait(30) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--browse", "--every", "6h"], "--every: --browse has the web view run"),
        (["--browse", "--site", "dortmund"], "--site: --browse has"),
        (["--auth", "passwords", "--sql"], "--sql --auth is for the web view: give --browse"),
        (["--browse", "--backend", "cron"], "a service of systemd"),
        (["--browse", "--port", "0"], "--port 0 would be another one"),
        (["--browse", "--auth", "none"], "there is no file"),
        (["--browse", "--root-path", "x"], "not the beginning of a path"),
        (["--browse", "--host", "192.0.2.77"], "cannot listen on 192.0.2.77"),
    ],
)
def test_what_would_not_run_is_not_installed(
    newsroom, systemctl, archive, tmp_path, arguments, words
):
    code, _out, err = newsroom("schedule", "install", *arguments)
    assert (code, words in " ".join(err.split())) == (2, True), err
    assert not (tmp_path / "config").exists()


def test_without_an_archive(newsroom, systemctl):
    assert newsroom("schedule", "install", "--browse")[0] == 7


def test_without_systemd(newsroom, systemctl, pretended_crontab, archive):
    systemctl("show-environment")
    code, _out, err = newsroom("schedule", "install", "--browse")
    assert (code, "No systemd user manager" in err) == (2, True)
    assert pretended_crontab.read() is None


def test_what_keeps_it_from_running_is_said(newsroom, systemctl, archive):
    newsroom("schedule", "install", "--browse")
    for refused, hint in (("is-active", "journalctl --user -u"), ("show-env", "log in again")):
        systemctl(refused)
        assert hint in " ".join(newsroom("schedule", "show")[2].split())


def test_what_systemd_refuses_leaves_nothing(newsroom, systemctl, archive, tmp_path):
    systemctl("restart")
    code, _out, err = newsroom("schedule", "install", "--browse")
    assert (code, "refuses: Job failed. Nothing was scheduled" in " ".join(err.split())) == (
        2,
        True,
    )
    assert files(tmp_path / "config") == {}
    assert not remove_web_view(archive)


def test_a_web_view_beside_cron(newsroom, systemctl, pretended_crontab, archive):
    install(Job(archive, "all", interpreter="/bin/true"), parse_every("6h"), "cron")
    newsroom("schedule", "install", "--browse")
    out = newsroom("schedule", "remove")[1]
    assert "Removed from cron." in out
    assert "web view was stopped" in out
    assert pretended_crontab.read() is None
    assert shutil.which("crontab")
