"""A file appears when it is complete; what cannot be written is said in one sentence."""

import errno
import os
import stat
import sys
import threading

import pytest

from scraper.errors import ArchiveError, UsageError
from scraper.export.files import binary_output, text_output


def test_a_file_replaces_the_old_one_at_the_end(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"old")
    with binary_output(str(path)) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.csv"]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_old_file(tmp_path, failure):
    path = tmp_path / "x.csv"
    path.write_bytes(b"old")

    def fail():
        with binary_output(str(path)) as file:
            file.write(b"new")
            raise failure

    with pytest.raises(failure):
        fail()
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.csv"]


def test_bytes_are_on_the_disk_before_the_name(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(
        os, "fsync", lambda _handle: done.append([entry.name for entry in tmp_path.iterdir()])
    )
    with binary_output(str(tmp_path / "x.csv")) as file:
        file.write(b"new")
    assert "x.csv" not in done[0]
    assert done[1:] == [["x.csv"]]  # of the directory, after the rename


def test_permissions_of_the_old_file_stay(tmp_path):
    path = tmp_path / "x.csv"
    path.touch()
    path.chmod(0o640)
    with binary_output(str(path)) as file:
        file.write(b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_behind_a_link_the_file_is_replaced(tmp_path):
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    link.symlink_to(target)
    with binary_output(str(link)) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_named_pipe_is_written_not_replaced(tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with binary_output(str(pipe)) as file:
        file.write(b"new")
    reader.join()
    assert read == [b"new"]
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["", "no/such/x.csv", "a\0b.csv", "x" * 300 + ".csv"])
def test_a_place_that_is_none(tmp_path, name):
    with pytest.raises(UsageError), binary_output(str(tmp_path / name)) as file:
        file.write(b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_not_wrong_use(tmp_path):
    path = tmp_path / "x.csv"

    def fill():
        with binary_output(str(path)):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ArchiveError, match="Make room"):
        fill()


class Screen:
    """A terminal that remembers."""

    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text


def test_a_terminal_is_not_steered(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    with text_output("-") as sink:
        sink.write("a\x1b[31m\r\nö\u202e\n".encode())
    assert screen.text == "a\\u001b[31m\nö\\u202e\n"


def test_bytes_are_not_for_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Screen())
    with pytest.raises(UsageError, match="not for a terminal"), binary_output("-"):
        pass
