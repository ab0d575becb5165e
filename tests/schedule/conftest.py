"""Schedulers to install into: crontab, real and pretended, and a systemctl that takes notes."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

from scraper import cli
from scraper.schedule import Job

USER = "nobody"  # whose crontab the tests of the real program use

_PRETENDED = """\
#!/bin/sh
PATH=/usr/bin:/bin
case "$1" in
-l) if [ -f '{store}' ]; then cat '{store}'; else echo "no crontab for me" >&2; exit 1; fi ;;
-r) rm '{store}' ;;
-) cat > '{store}' ;;
esac
"""
_SYSTEMCTL = """\
#!/bin/sh
echo "$*" >> '{notes}'
case "$*" in
*list-timers*) echo '[{{"next":1791194460000000,"left":1,"last":0,"passed":0,"unit":"x"}}]' ;;
*{refused}*) echo "Job failed." >&2; exit 1 ;;
esac
"""


class CrontabProgram:
    """What a test does to a crontab beside the code under test."""

    def __init__(self, program):
        self._program = program

    def _run(self, option, given=b""):
        return subprocess.run([self._program, option], input=given, capture_output=True)

    def read(self):
        """The text, None when there is no crontab."""
        ended = self._run("-l")
        return ended.stdout if ended.returncode == 0 else None

    def write(self, text):
        assert self._run("-", text).returncode == 0

    def remove(self):
        self._run("-r")


def program(directory, name, script):
    path = directory / name
    path.write_text(script)
    path.chmod(0o755)
    return path


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A directory that is all of PATH."""
    directory = tmp_path / "programs"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "state"))
    return directory


@pytest.fixture
def pretended_crontab(programs, tmp_path):
    """A `crontab` that keeps a file."""
    return CrontabProgram(
        program(programs, "crontab", _PRETENDED.format(store=tmp_path / "crontab.txt"))
    )


@pytest.fixture
def real_crontab(request):
    """The system's `crontab`, for a user who has none; one test at a time."""
    real = shutil.which("crontab")
    if real is None or os.geteuid() != 0:
        pytest.skip("the real crontab is tried as root, on Debian's cron: apt-get install cron")
    programs = request.getfixturevalue("programs")
    with FileLock(Path(tempfile.gettempdir()) / "newsroom-archive-crontab.lock"):
        crontab = CrontabProgram(
            program(programs, "crontab", f'#!/bin/sh\nexec {real} -u {USER} "$@"\n')
        )
        if crontab.read() is not None:
            pytest.skip(f"the user {USER} has a crontab here")
        try:
            yield crontab
        finally:
            crontab.remove()


@pytest.fixture(params=["pretended", "real"])
def crontab(request):
    return request.getfixturevalue(f"{request.param}_crontab")


@pytest.fixture
def systemctl(programs, tmp_path):
    """A `systemctl` that takes notes; call it with a verb that it shall refuse."""

    def put(refused="no such verb"):
        notes = tmp_path / "notes.txt"
        notes.write_text("")
        program(programs, "systemctl", _SYSTEMCTL.format(notes=notes, refused=refused))
        return notes

    put()
    return put


@pytest.fixture
def job(tmp_path):
    """A job that does nothing, should a cron daemon get hold of it."""
    return Job(tmp_path / "data", "dortmund", "mail@example.org", interpreter="/bin/true")


@pytest.fixture
def newsroom(monkeypatch, capfd, tmp_path):
    """Calls the command in an empty directory; returns exit code, standard output and error."""
    monkeypatch.chdir(tmp_path)
    for name in ("NEWSROOM_DATA", "NEWSROOM_CONTACT"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["newsroom", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        code = ended.value.code
        return 0 if code is None else code, out, err

    return call
