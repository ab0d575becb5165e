"""A file is either as it was or as it is to be, and nothing is left beside it."""

import errno
import os
import subprocess
import sys

import pytest

from scraper.disk.atomic import replacing, sync_directory, write_whole


def test_a_file_is_written_whole(tmp_path):
    path = tmp_path / "x.service"
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    path.chmod(0o600)
    write_whole(path, b"newer")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"newer", 0o600)
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.service"]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_the_old_file(tmp_path, monkeypatch, failing):
    path = tmp_path / "x.service"
    path.write_bytes(b"old")

    def fail(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.service"]


def test_an_error_of_the_writer_leaves_the_old_file(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"old")

    def fail():
        with replacing(path) as file:
            file.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_bytes() == b"old"


def test_the_name_is_synced_after_the_bytes(tmp_path, monkeypatch):
    done = []
    names = lambda _handle: done.append(sorted(entry.name for entry in tmp_path.iterdir()))  # noqa: E731
    monkeypatch.setattr(os, "fsync", names)
    write_whole(tmp_path / "x", b"new")
    assert "x" not in done[0]
    assert done[1:] == [["x"]]


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_cannot_sync_directories_is_no_error(tmp_path, monkeypatch, code):
    def refuse(_handle):
        raise OSError(code, "not here")

    monkeypatch.setattr(os, "fsync", refuse)
    sync_directory(tmp_path)


def test_a_disk_error_of_a_directory_is_one(tmp_path, monkeypatch):
    def fail(_handle):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output"):
        sync_directory(tmp_path)


def test_what_a_killed_process_left_behind_is_removed(tmp_path):
    left, other = tmp_path / ".newsroom-1.part", tmp_path / "newsroom-1.part"
    left.write_bytes(b"half")
    other.write_bytes(b"of somebody")
    write_whole(tmp_path / "x", b"new")
    assert {entry.name for entry in tmp_path.iterdir()} == {"x", "newsroom-1.part"}


def test_what_another_process_is_writing_stays(tmp_path):
    code = (
        "import pathlib, sys\nfrom scraper.disk.atomic import replacing\n"
        "with replacing(pathlib.Path(sys.argv[1])) as file:\n"
        "    file.write(b'other'); print('begun', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "y"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        write_whole(tmp_path / "x", b"new")
        process.communicate(b"\n")
    assert process.returncode == 0
    assert (tmp_path / "y").read_bytes() == b"other"
