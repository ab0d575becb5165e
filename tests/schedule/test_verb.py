"""`newsroom schedule`, as users call it, and what it says about the runs so far."""

import json
import sys
from datetime import UTC, datetime, timedelta

import pytest

from scraper.archive import Archive
from scraper.archive.followed import follow
from scraper.archive.runs import begin_run, end_run
from scraper.errors import UsageError
from scraper.schedule import Job, install, parse_every, status
from scraper.sites import SITES, get_site

NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)


def run(directory, began, exit_code=0, source="live"):
    with Archive.open(directory) as archive:
        number = begin_run(archive, "dortmund", source, began)
        end_run(archive, number, began, {"found": 7, "new": 2, "exit_code": exit_code})


def test_install_show_remove(newsroom, pretended_crontab, tmp_path):
    code, out, err = newsroom("schedule", "install", "--contact", "a@example.org")
    assert (code, err) == (0, "")
    assert "every 6h" in out
    text = pretended_crontab.read().decode()
    assert f"{sys.executable} -P -m scraper --data {tmp_path / 'data'} crawl" in text
    assert text.count("--contact=a@example.org") == 1
    code, out, err = newsroom("schedule", "show", "--json")
    shown = json.loads(out)
    assert (code, err, shown["every"], shown["backend"]) == (0, "", "6h", "cron")
    assert datetime.fromisoformat(shown["next_run"]) > datetime.now(UTC)
    code, out, err = newsroom("schedule", "show")
    assert (code, err) == (0, "")
    for word in ("every 6h", "next run", "crontab", "No run yet"):
        assert word in out
    assert newsroom("schedule", "install", "--every", "1d")[0] == 0
    assert pretended_crontab.read().count(b"newsroom-archive") == 2
    code, out, err = newsroom("schedule", "remove")
    assert (code, "cron" in out, err) == (0, True, "")
    assert pretended_crontab.read() is None
    code, out, _err = newsroom("schedule", "remove")
    assert (code, "was scheduled" in out) == (0, True)
    assert "No crawl of dortmund" in newsroom("schedule", "show")[1]


def test_all_newsrooms_are_crawled(newsroom, pretended_crontab, tmp_path):
    with Archive.open(tmp_path / "data") as archive:
        for key in ("koeln", "aachen"):
            follow(archive, get_site(key), NOW)
    assert "all newsrooms are crawled every 6h" in newsroom("schedule", "install")[1]


def test_the_command_is_one_that_runs(newsroom, pretended_crontab, tmp_path):
    """What stands in the crontab parses: it stops at the directory, which is a file."""
    (tmp_path / "file").touch()
    newsroom("--data", "file", "schedule", "install", "--contact", "a@example.org")
    words = json.loads(newsroom("--data", "file", "schedule", "show", "--json")[1])["command"]
    arguments = words.split(" -m scraper ")[1].split()
    code, _out, err = newsroom(*arguments)
    assert (code, str(tmp_path / "file") in err) == (7, True)


def test_options_of_crawls_are_scheduled(newsroom, pretended_crontab):
    options = ["--images", "--attachments", "--recheck-min", "1 h", "--workers", "3"]
    assert newsroom("schedule", "install", *options)[0] == 0
    assert (
        b"--quiet --images --attachments --recheck-min=1h --workers=3" in pretended_crontab.read()
    )
    assert newsroom("schedule", "install")[0] == 0
    assert b"--images" not in pretended_crontab.read()
    code, _out, err = newsroom("schedule", "install", "--recheck-max", "often")
    assert (code, "--recheck-max" in err) == (2, True)


def test_the_contact_comes_from_the_environment(newsroom, pretended_crontab, monkeypatch):
    assert "told no address" in newsroom("schedule", "install")[1]
    assert b"--contact" not in pretended_crontab.read()
    monkeypatch.setenv("NEWSROOM_CONTACT", "https://example.org/who")
    assert "told no address" not in newsroom("schedule", "install")[1]
    assert b"--contact=https://example.org/who" in pretended_crontab.read()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--every", "7h"), ("6h", "8h")),
        (("--every", "often"), ("often", "30m")),
        (("--every", "5m"), ("5m", "at least 30m")),
        (("--site", "atlantis"), ("atlantis", "dortmund")),
        (("--backend", "at"), ("systemd", "cron")),
        (("--backend", "systemd"), ("No systemd user manager", "docs/schedule.md")),
        (("--contact", "a\nb"), ("contact",)),
    ],
)
def test_what_is_refused_changes_nothing(newsroom, pretended_crontab, arguments, words):
    pretended_crontab.write(b"1 2 * * * true\n")
    code, out, err = newsroom("schedule", "install", *arguments)
    assert (code, out) == (2, "")
    paragraph = " ".join(err.split())
    assert paragraph.startswith("Error: ")
    assert all(word in paragraph for word in words)
    assert pretended_crontab.read() == b"1 2 * * * true\n"


def test_without_any_scheduler_the_readme_helps(newsroom, programs):
    code, _out, err = newsroom("schedule", "install")
    assert code == 2
    for word in ("crontab", "docs/schedule.md", "launchd", "-m scraper"):
        assert word in " ".join(err.split())
    assert newsroom("schedule", "show")[0] == 0
    assert newsroom("schedule", "remove")[0] == 0


def test_a_path_that_no_line_can_hold(newsroom, pretended_crontab):
    code, _out, err = newsroom("--data", "a\nb", "schedule", "install")
    assert (code, "line break" in err) == (2, True)
    assert pretended_crontab.read() is None


def test_a_program_that_would_not_be_found(pretended_crontab, job, tmp_path):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "No module named scraper" >&2; exit 1\n')
    python.chmod(0o755)
    with pytest.raises(UsageError, match=r"No module named scraper\).*pip install"):
        install(Job(job.directory, "dortmund", interpreter=str(python)), parse_every("6h"), "auto")
    assert pretended_crontab.read() is None


def test_the_trial_sees_what_the_scheduler_sees(pretended_crontab, job, tmp_path, monkeypatch):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ -z "$PYTHONPATH" ] && [ "$PWD" = / ]\n')
    python.chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    spied = Job(job.directory, "dortmund", interpreter=str(python))
    assert install(spied, parse_every("6h"), "auto") == "cron"


def test_invented_releases_are_not_scheduled(newsroom, pretended_crontab, tmp_path):
    run(tmp_path / "data", NOW, source="demo")
    code, _out, err = newsroom("schedule", "install")
    assert (code, "invented" in err) == (2, True)
    assert pretended_crontab.read() is None


class TestHints:
    """What `show` says about the runs so far."""

    @pytest.mark.parametrize(("hours", "late"), [(1, False), (12, False), (13, True)])
    def test_a_last_run_older_than_twice_the_interval(self, pretended_crontab, job, hours, late):
        install(job, parse_every("6h"), "cron")
        run(job.directory, NOW - timedelta(days=9))
        run(job.directory, NOW - timedelta(hours=hours))
        hints = status(job, NOW).hints
        assert bool(hints) == late
        assert all("twice the interval of 6h" in hint for hint in hints)

    def test_nothing_is_late_that_is_not_scheduled(self, programs, job):
        run(job.directory, NOW - timedelta(days=9))
        assert status(job, NOW).hints == []

    @pytest.mark.parametrize(("code", "bad"), [(0, 0), (3, 0), (6, 0), (4, 1), (5, 1), (7, 1)])
    def test_a_last_run_that_failed(self, programs, job, code, bad):
        run(job.directory, NOW, exit_code=code)
        hints = status(job, NOW).hints
        assert len(hints) == bad
        assert all(f"exit code {code}" in hint for hint in hints)

    @pytest.mark.parametrize(("minutes", "state", "hints"), [(14, "at work", 0), (16, "killed", 1)])
    def test_a_last_run_without_end(self, programs, job, minutes, state, hints):
        with Archive.open(job.directory) as archive:
            begin_run(archive, "dortmund", "live", NOW - timedelta(minutes=minutes))
        shown = status(job, NOW)
        assert shown.runs[0]["state"] == state
        assert len(shown.hints) == hints
        assert all("killed" in hint for hint in shown.hints)

    def test_the_state_stands_where_a_run_has_no_exit_code(self, newsroom, programs, tmp_path):
        with Archive.open(tmp_path / "data") as archive:
            begin_run(archive, "dortmund", "live", datetime(2020, 1, 1, tzinfo=UTC))
        assert "killed" in newsroom("schedule", "show")[1]

    def test_the_last_ten_runs_of_this_site(self, newsroom, programs, tmp_path):
        for day in range(12):
            run(tmp_path / "data", NOW - timedelta(days=20 - day))
        shown = json.loads(newsroom("schedule", "show", "--json")[1])
        days = [row["started_at"][:10] for row in shown["runs"]]
        assert days == [f"2026-09-{day}" for day in range(25, 15, -1)]
        assert (shown["runs"][0]["found"], shown["runs"][0]["exit_code"]) == (7, 0)
        assert "2026-09-25T12:00:00" in newsroom("schedule", "show")[1]

    def test_of_many_newsrooms_the_last_run_of_each_is_shown(self, newsroom, programs, tmp_path):
        keys = sorted({*SITES.keys()} - {"dortmund"})[:14]
        with Archive.open(tmp_path / "data") as archive:
            for number, key in enumerate(keys):
                follow(archive, get_site(key), NOW)
                code = 5 if number == 3 else 4
                end_run(archive, begin_run(archive, key, "live", NOW), NOW, {"exit_code": code})
        code, out, err = newsroom("schedule", "show")
        said = " ".join(err.split())
        assert all(key in out for key in keys)
        assert said.count("Hint:") == 2
        assert "The last runs of 13 newsrooms ended with exit code 4: `newsroom doctor`" in said
        assert f"{keys[3]}: The last run ended with exit code 5" in said

    def test_a_damaged_archive_is_a_hint(self, newsroom, programs, tmp_path):
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "newsroom.db").write_bytes(b"no database at all\n" * 100)
        code, _out, err = newsroom("schedule", "show")
        assert (code, "not a SQLite database" in err) == (0, True)
