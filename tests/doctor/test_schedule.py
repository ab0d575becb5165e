"""Whether crawls are scheduled, as `doctor` sees it: with a `crontab` that keeps a file."""

import shutil
from datetime import timedelta

import pytest

from scraper.doctor.schedule import check_schedule
from scraper.schedule import Job, install, parse_every
from tests.health.chronicle import FIRST_RUN, SITE, Chronicle, release

CRONTAB = """\
#!/bin/sh
case "$1" in
-l) if [ -f '{store}' ]; then '{cat}' '{store}'; else echo "no crontab for me" >&2; exit 1; fi ;;
-) '{cat}' > '{store}' ;;
esac
"""


@pytest.fixture
def crontab(tmp_path, monkeypatch):
    """All that PATH has."""
    folder = tmp_path / "programs"
    folder.mkdir()
    program = folder / "crontab"
    program.write_text(CRONTAB.format(store=tmp_path / "crontab.txt", cat=shutil.which("cat")))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.fixture
def chronicle(tmp_path):
    opened = Chronicle(tmp_path / "data")
    with opened.archive:
        yield opened


def look(chronicle, days=0.1):
    now = FIRST_RUN + timedelta(days=days)
    return check_schedule(chronicle.directory, chronicle.archive, SITE, now)


@pytest.mark.usefixtures("crontab")
def test_a_schedule_that_works_one_that_is_late_and_none(chronicle):
    chronicle.run(0, [release(-1)])
    check = look(chronicle)
    assert check.status == "note"
    assert "schedule install" in check.advice
    install(Job.checked(chronicle.directory, SITE.key), parse_every("6h"), "cron")
    check = look(chronicle)
    assert check.status == "ok"
    assert check.detail.startswith("every 6h, by cron")
    check = look(chronicle, days=2)
    assert check.status == "note"
    assert "longer ago than twice the interval" in check.advice


@pytest.mark.usefixtures("crontab")
def test_the_replica_needs_none(chronicle):
    chronicle.run(0, [release(-1)], source="demo")
    assert look(chronicle).status == "ok"


@pytest.mark.usefixtures("crontab")
def test_an_archive_that_cannot_be_looked_at_is_left_alone(tmp_path):
    path = tmp_path / "newsroom.db"
    path.write_bytes(b"an archive of other times")
    check = check_schedule(tmp_path, None, SITE, FIRST_RUN)
    assert (check.status, check.advice) == ("note", None)
    assert path.read_bytes() == b"an archive of other times"
