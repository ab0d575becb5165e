"""The units: systemd accepts them, and after `remove` nothing is left of them."""

import os
import re
import shlex
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import UsageError
from scraper.schedule import Job, install, parse_every, remove, status
from scraper.schedule.systemd import UserTimers, unit_texts
from scraper.schedule.units import quoted, unquoted

NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
SIX_HOURS = parse_every("6h")
analyze = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(analyze is None, reason="no systemd-analyze here")


def files(directory):
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def verify(directory, tmp_path):
    """What systemd has to say about the units in a directory."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    ended = subprocess.run(
        [analyze, "verify", "--user", *map(str, sorted(directory.iterdir()))],
        env={**os.environ, "XDG_RUNTIME_DIR": str(runtime), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    said = (ended.stderr + ended.stdout).splitlines(keepends=True)
    return "".join(line for line in said if "newsroom" in line)  # not of others' units


@needs_systemd
def test_systemd_accepts_the_units(tmp_path):
    units = tmp_path / "units"
    units.mkdir()
    for number, every in enumerate(("30m", "45m", "6h", "7h", "1d", "2d", "7d")):
        job = Job(tmp_path / f'100% "it\'s" $HOME ${{x}} %h \\{number}', "dortmund", "a%b$c")
        for suffix, text in zip(
            ("service", "timer"), unit_texts(job, parse_every(every)), strict=True
        ):
            (units / f"newsroom-{job.key}.{suffix}").write_text(text)
    assert verify(units, tmp_path) == ""
    # And it would say so if it did not.
    spoilt = unit_texts(job, SIX_HOURS)[0].replace("Nice=", "Nicer=")
    (units / f"newsroom-{job.key}.service").write_text(spoilt)
    assert "Nicer" in verify(units, tmp_path)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_words_arrive_as_they_are(word):
    """As systemd.service(5) says: backslash escapes, `%%`; `:` before the command keeps `$`."""
    written = quoted(word)
    assert unquoted(f"{written} {written}") == [word, word]
    inner = re.fullmatch(r'"((?:[^"\\]|\\["\\])*)"', written)[1]
    assert not re.search("%(?!%)", inner.replace("%%", ""))
    assert re.sub(r"\\(.)", r"\1", inner).replace("%%", "%") == word


def test_what_a_machine_missed_is_made_up_for(job):
    regular = unit_texts(job, SIX_HOURS)[1]
    assert "OnCalendar=" in regular
    assert "Persistent=true" in regular
    other = unit_texts(job, parse_every("7h"))[1]
    assert "OnUnitActiveSec=420min" in other
    assert "OnActiveSec=" in other
    assert "Persistent" not in other
    assert all("RandomizedDelaySec=" in text for text in (regular, other))


@pytest.mark.parametrize("path", ["it's", 'a"b', "a\\b"])
def test_a_program_that_systemd_does_not_run(tmp_path, path):
    with pytest.raises(UsageError, match="--backend cron"):
        unit_texts(Job(tmp_path, "dortmund", interpreter=f"/{path}/python"), SIX_HOURS)


def test_install_and_remove(systemctl, job, tmp_path):
    notes = systemctl()
    config = tmp_path / "config"
    mine = config / "systemd" / "user" / "mine.timer"
    mine.parent.mkdir(parents=True)
    mine.write_text("[Timer]\n")
    before = files(config)
    assert install(job, SIX_HOURS, "auto") == "systemd"
    timer = f"newsroom-{job.key}.timer"
    assert set(files(config)) - set(before) == {
        f"systemd/user/newsroom-{job.key}.service",
        f"systemd/user/{timer}",
    }
    asked = notes.read_text().splitlines()
    assert asked[-3:] == [
        f"--user {verb}" for verb in ("daemon-reload", f"enable {timer}", f"restart {timer}")
    ]
    again = install(job, parse_every("1d"), "systemd")
    assert (again, str(status(job, NOW).found.every)) == ("systemd", "1d")
    stamp = tmp_path / "state" / "systemd" / "timers" / f"stamp-{timer}"
    stamp.parent.mkdir(parents=True)
    stamp.touch()
    notes.write_text("")
    assert remove(job) == ["systemd"]
    assert f"--user disable --now {timer}" in notes.read_text()
    assert files(config) == before
    assert not stamp.exists()
    assert remove(job) == []


def test_two_archives_side_by_side(systemctl, job, tmp_path):
    other = Job(tmp_path / "other", "dortmund", interpreter="/bin/true")
    for each, every in ((job, "6h"), (other, "1d")):
        install(each, parse_every(every), "systemd")
    remove(job)
    assert status(job, NOW).found is None
    assert str(status(other, NOW).found.every) == "1d"


@pytest.mark.parametrize("verb", ["daemon-reload", "enable", "restart"])
def test_what_systemd_refuses_leaves_nothing(systemctl, job, tmp_path, verb):
    systemctl(verb)
    with pytest.raises(UsageError, match=rf"{verb}.*refuses: Job failed. Nothing was scheduled"):
        install(job, SIX_HOURS, "systemd")
    assert files(tmp_path / "config") == {}


def test_a_schedule_that_works_is_put_back(systemctl, job, tmp_path):
    install(job, SIX_HOURS, "systemd")
    before = files(tmp_path / "config")
    timers = UserTimers()
    broken = Path(timers._paths(job)[1])
    notes = systemctl()
    # Refuses once: the new timer, not the one that is put back.
    (tmp_path / "programs" / "systemctl").write_text(
        f"#!/bin/sh\necho \"$*\" >> '{notes}'\n"
        f"read_all=$({shutil.which('cat')} '{broken}')\n"
        'case "$* $read_all" in *restart*Every=1d*) echo "Job failed." >&2; exit 1 ;; esac\n'
    )
    with pytest.raises(UsageError, match="Job failed"):
        install(job, parse_every("1d"), "systemd")
    assert files(tmp_path / "config") == before


def test_units_that_cannot_be_written(systemctl, job, tmp_path):
    (tmp_path / "config").write_text("a file")
    with pytest.raises(UsageError, match=r"could not be written.*--backend cron"):
        install(job, SIX_HOURS, "systemd")


def test_the_next_run_is_what_systemd_says(systemctl, job):
    install(job, SIX_HOURS, "auto")
    found = status(job, NOW).found
    assert found.next_run == datetime(2026, 10, 5, 10, 1, tzinfo=UTC)
    assert found.where.endswith(f"newsroom-{job.key}.timer")
    assert found.command == shlex.join(job.arguments)


def test_an_old_systemctl_does_not_say_when(systemctl, job):
    install(job, SIX_HOURS, "auto")
    systemctl("list-timers")
    Path(os.environ["PATH"], "systemctl").write_text("#!/bin/sh\necho NEXT LEFT LAST\n")
    assert status(job, NOW).found.next_run is None


@pytest.mark.parametrize(
    ("refused", "hint"),
    [("show-environment", "does not answer"), ("is-active", "systemctl --user start newsroom-")],
)
def test_a_timer_that_does_not_run_is_said(systemctl, job, refused, hint):
    install(job, SIX_HOURS, "auto")
    systemctl(refused)
    assert hint in " ".join(status(job, NOW).hints)


def test_a_timer_that_ends_with_the_session_is_said(systemctl, job, programs):
    install(job, SIX_HOURS, "auto")
    assert status(job, NOW).hints == []
    loginctl = programs / "loginctl"
    for lingers, hints in (("no", 1), ("yes", 0)):
        loginctl.write_text(f"#!/bin/sh\necho Linger={lingers}\n")
        loginctl.chmod(0o755)
        assert len(status(job, NOW).hints) == hints
        assert all("loginctl enable-linger" in hint for hint in status(job, NOW).hints)


def test_without_a_user_manager_cron_is_taken(systemctl, pretended_crontab, job):
    systemctl("show-environment")
    assert install(job, SIX_HOURS, "auto") == "cron"
    with pytest.raises(UsageError, match="No systemd user manager"):
        install(job, SIX_HOURS, "systemd")


def test_changing_the_backend_leaves_one_schedule(systemctl, pretended_crontab, job, tmp_path):
    install(job, SIX_HOURS, "cron")
    assert install(job, SIX_HOURS, "auto") == "systemd"
    assert pretended_crontab.read() is None
    assert install(job, SIX_HOURS, "cron") == "cron"
    assert files(tmp_path / "config") == {}
    assert remove(job) == ["cron"]
