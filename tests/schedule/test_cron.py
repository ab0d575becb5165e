"""The crontab: what we add goes away again, and nobody else's byte is ever touched."""

import json
import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scraper.errors import UsageError
from scraper.schedule import Job, install, parse_every, remove, status
from scraper.schedule.cron import cron_line, find_block, with_block, without_block
from scraper.schedule.every import Every

NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
SIX_HOURS = parse_every("6h")
LINE = b"17 2,8,14,20 * * * true"
USER_LINES = st.sampled_from(
    [
        b"MAILTO=somebody@example.org",
        b"* * * * * echo 100\\% % standard input",
        b"  # a comment",
        b"",
        b"\t",
        b'PATH="/a b"',
        b"@daily /usr/bin/true",
        "5 4 * * sun Grüße".encode(),
        "5 4 * * sun Grüße".encode("latin-1"),
        b"# >>> newsroom-archive other-00000000 every 6h >>>",
        b"# <<< newsroom-archive other-00000000 <<<",
        b"# >>> newsroom-archive b every 6h",
        b"# <<< newsroom-archive",
    ]
) | st.binary(max_size=12)
CRONTABS = st.builds(
    lambda lines, end, last: end.join(lines) + last,
    st.lists(USER_LINES, max_size=6),
    st.sampled_from([b"\n", b"\r\n"]),
    st.sampled_from([b"", b"\n", b"\r\n", b"\r"]),
)
EVERY = st.sampled_from(["30m", "6h", "1d", "7d"]).map(parse_every)


class TestText:
    """Pure functions on the bytes of a crontab."""

    @given(CRONTABS, EVERY, EVERY)
    def test_remove_gives_back_what_install_found(self, text, every, other):
        once = with_block(text, "a-1", every, LINE)
        assert once.startswith(text)
        assert b"every %b" % str(every).encode() in once
        twice = with_block(once, "a-1", other, b"1 * * * * false")
        assert twice.startswith(text)
        assert twice.count(b"newsroom-archive a-1") == 2
        assert with_block(twice, "a-1", every, LINE) == once
        assert without_block(once, "a-1") == without_block(twice, "a-1") == text
        assert without_block(text, "a-1") == text

    @given(CRONTABS, st.permutations(["a-1", "b-2", "c-3"]), st.permutations(["a-1", "b-2", "c-3"]))
    def test_archives_side_by_side_go_in_any_order(self, text, coming, going):
        changed = text
        for key in coming:
            changed = with_block(changed, key, SIX_HOURS, LINE)
            assert changed.startswith(text)
        for key in going:
            assert find_block(changed, key)
            changed = without_block(changed, key)
        assert changed == text

    @given(CRONTABS, CRONTABS, EVERY)
    def test_lines_added_behind_ours_stay(self, text, more, every):
        added = with_block(text, "a-1", SIX_HOURS, LINE) + more
        whole = text if text.endswith(b"\n") or not text or not more else text + b"\n"
        assert without_block(added, "a-1") == whole + more
        assert without_block(with_block(added, "a-1", every, LINE), "a-1") == whole + more

    @given(CRONTABS, st.data())
    def test_markers_that_somebody_broke_are_left_alone(self, text, data):
        lines = with_block(text, "a-1", SIX_HOURS, LINE).splitlines(keepends=True)
        ours = [number for number, line in enumerate(lines) if b"newsroom-archive a-1" in line]
        assume(len(ours) == 2)  # a text without line end may have run into ours
        broken = list(lines)
        if data.draw(st.booleans()):
            del broken[data.draw(st.sampled_from(ours))]
        else:
            broken.insert(ours[1], b"1 2 3 4 5 a line of the user's\n")
        for change in (
            lambda: with_block(b"".join(broken), "a-1", SIX_HOURS, LINE),
            lambda: without_block(b"".join(broken), "a-1"),
        ):
            with pytest.raises(UsageError, match="crontab -e"):
                change()

    def test_two_blocks_of_one_archive_are_left_alone(self):
        block = with_block(b"", "a-1", SIX_HOURS, LINE)
        with pytest.raises(UsageError, match="Nothing was changed"):
            without_block(block + block, "a-1")


class TestLine:
    """What cron and its shell make of the line."""

    @pytest.mark.parametrize("char", ["a", "ü", "%", "'"])
    def test_a_line_that_cron_cannot_take_is_refused(self, char):
        jobs = [Job(Path("/" + char * length), "dortmund") for length in range(1, 1000)]
        taken = []
        for job in jobs:  # the hour depends on the path, so one may fit that is longer
            try:
                taken.append(len(cron_line(job, SIX_HOURS)))
            except UsageError:
                continue
        assert 998 - 10 < max(taken) <= 998
        with pytest.raises(UsageError, match=r"above 998 characters.* --data"):
            cron_line(jobs[-1], SIX_HOURS)

    @given(
        st.text(
            st.characters(exclude_characters="\\", exclude_categories=["Cc", "Cs"]), min_size=1
        ),
        EVERY,
    )
    def test_the_command_arrives_word_by_word(self, name, every):
        job = Job.checked(f"/data/{name}", "dortmund", "https://example.org/100%")
        line = cron_line(job, every).decode()
        assert "\n" not in line
        command = line.split(" ", 5)[5]
        assert "%" not in command.replace("\\%", "")
        assert shlex.split(command.replace("\\%", "%")) == job.arguments

    def test_a_shell_passes_every_word_on(self, tmp_path):
        told = tmp_path / "told.txt"
        spy = tmp_path / "a 'spy' & $co 100%"
        spy.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > \'{told}\'\n')
        spy.chmod(0o755)
        job = Job(tmp_path / "$HOME `x` \"y\" 'z' 100% ; #", "dortmund", "a%b$c", str(spy))
        command = cron_line(job, SIX_HOURS).decode().split(" ", 5)[5].replace("\\%", "%")
        subprocess.run(["/bin/sh", "-c", command], check=True)
        assert told.read_text().splitlines() == job.arguments[1:]

    @pytest.mark.parametrize(("every", "near"), [("7h", "6h.*8h"), ("45m", "30m.*1h")])
    def test_what_cron_cannot_keep_is_refused(self, job, every, near):
        with pytest.raises(UsageError, match=rf"every {every}.*{near}"):
            cron_line(job, parse_every(every))

    def test_a_backslash_is_refused(self, tmp_path):
        with pytest.raises(UsageError, match="backslash"):
            cron_line(Job(tmp_path / "a\\b", "dortmund"), SIX_HOURS)


class TestProgram:
    """The program `crontab`, Debian's own and one that we pretend."""

    @pytest.mark.parametrize(
        "text",
        [
            b"MAILTO=a@example.org\n# backup\n0 3 * * * /usr/bin/true 100\\%\n",
            b"# only a comment\r\n1 2 * * * true\r\n",
            b"# both \\r and\r\n1 2 * * * printf '\\r'\n",
            b"# \x01\x7f\x80\xff\t\x1b[1m \x00\n",
            b"\n\n  # space around\n\n",
            "# Grüße\n".encode("latin-1"),
            b"# DO NOT EDIT THIS FILE - edit the master.\n# (a)\n# (b)\n1 2 * * * x\n",
        ],
    )
    def test_other_lines_are_never_touched(self, crontab, job, text):
        crontab.write(text)
        for every in ("6h", "30m", "1d", "7d"):
            assert install(job, parse_every(every), "auto") == "cron"
            installed = crontab.read()
            assert installed.startswith(text)
            assert installed.count(b"newsroom-archive") == 2
            assert b"every %b " % every.encode() in installed
        assert remove(job) == ["cron"]
        assert crontab.read() == text
        assert remove(job) == []

    def test_where_there_was_no_crontab_there_is_none_again(self, crontab, job):
        install(job, SIX_HOURS, "cron")
        assert crontab.read().count(b"\n") == 3
        remove(job)
        assert crontab.read() is None

    def test_two_archives_side_by_side(self, crontab, job, tmp_path):
        other = Job(tmp_path / "other", "dortmund", interpreter="/bin/true")
        crontab.write(b"1 2 * * * true\n")
        install(job, SIX_HOURS, "cron")
        install(other, parse_every("1d"), "cron")
        assert [str(status(each, NOW).found.every) for each in (job, other)] == ["6h", "1d"]
        remove(job)
        assert status(job, NOW).found is None
        assert str(status(other, NOW).found.every) == "1d"
        remove(other)
        assert crontab.read() == b"1 2 * * * true\n"

    def test_what_is_refused_changes_nothing(self, crontab, job):
        crontab.write(b"1 2 * * * true\n")
        with pytest.raises(UsageError, match="7h"):
            install(job, parse_every("7h"), "auto")
        assert crontab.read() == b"1 2 * * * true\n"

    def test_what_debian_refuses_is_passed_on(self, real_crontab, job, monkeypatch):
        monkeypatch.setattr("scraper.schedule.cron._LONGEST_LINE", 10_000)
        long = Job(job.directory.joinpath(*["x" * 200] * 6), "dortmund", interpreter="/bin/true")
        real_crontab.write(b"1 2 * * * true\n")
        with pytest.raises(UsageError, match=r"refuses: .*The crontab is as it was"):
            install(long, SIX_HOURS, "cron")
        assert real_crontab.read() == b"1 2 * * * true\n"

    def test_a_last_line_without_end(self, pretended_crontab, job):
        pretended_crontab.write(b"1 2 * * * true")
        install(job, SIX_HOURS, "cron")
        assert pretended_crontab.read().startswith(b"1 2 * * * true\n# >>>")
        remove(job)
        assert pretended_crontab.read() == b"1 2 * * * true"

    def test_debian_does_not_take_a_last_line_without_end_back(self, real_crontab, job):
        real_crontab.write(b"1 2 * * * true\n")
        store = real_crontab.store
        store.write_bytes(store.read_bytes().removesuffix(b"\n"))
        assert real_crontab.read() == b"1 2 * * * true"
        install(job, SIX_HOURS, "cron")
        assert remove(job) == ["cron"]
        assert real_crontab.read() == b"1 2 * * * true\n"

    def test_a_line_edited_by_hand_is_said(self, pretended_crontab, job):
        install(job, SIX_HOURS, "cron")
        assert status(job, NOW).hints == []
        line = cron_line(job, SIX_HOURS)
        for instead, known in ((b"5 4 * * * x", True), (b"*/5 * * * * x", False), (b"x", False)):
            text = with_block(b"", job.key, SIX_HOURS, line).replace(line, instead)
            pretended_crontab.write(text)
            edited = status(job, NOW)
            assert "edited by hand" in edited.hints[0]
            assert (edited.found.next_run is not None) == known

    @pytest.mark.parametrize("verb", ["install", "remove", "show"])
    def test_a_crontab_that_cannot_be_read_is_not_taken_for_empty(self, programs, job, verb):
        script = programs / "crontab"
        script.write_text(
            '#!/bin/sh\n[ "$1" = - ] && exit 0\necho "spool is on fire" >&2; exit 1\n'
        )
        script.chmod(0o755)
        call = {
            "install": lambda: install(job, SIX_HOURS, "cron"),
            "remove": lambda: remove(job),
            "show": lambda: status(job, NOW),
        }[verb]
        with pytest.raises(UsageError, match="spool is on fire"):
            call()

    def test_who_may_not_use_cron_has_nothing_in_it(self, programs, job):
        script = programs / "crontab"
        script.write_text(
            '#!/bin/sh\necho "You (x) are not allowed to use this program (crontab)" >&2; exit 1\n'
        )
        script.chmod(0o755)
        assert status(job, NOW).found is None
        assert remove(job) == []
        with pytest.raises(UsageError, match="not allowed"):
            install(job, SIX_HOURS, "cron")

    def test_a_program_that_does_not_start(self, programs, job):
        (programs / "crontab").write_text("#!/nowhere/sh\n")
        (programs / "crontab").chmod(0o755)
        with pytest.raises(UsageError, match=r"could not be run.*docs/schedule\.md"):
            install(job, SIX_HOURS, "cron")


def test_the_same_archive_gets_the_same_minute(job):
    assert cron_line(job, SIX_HOURS) == cron_line(job, SIX_HOURS)
    others = {Job(job.directory / str(n), "dortmund").offset % 59 for n in range(200)}
    assert len(others) > 40


def test_how_things_stand_as_json(pretended_crontab, job):
    document = json.loads(json.dumps(status(job, NOW).as_json()))
    assert (document["installed"], document["every"], document["runs"]) == (False, None, [])
    install(job, Every(360), "cron")
    document = json.loads(json.dumps(status(job, NOW).as_json()))
    assert (document["installed"], document["every"], document["backend"]) == (True, "6h", "cron")
    assert NOW.isoformat() < document["next_run"]
    assert document["command"] == shlex.join(job.arguments)
