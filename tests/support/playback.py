"""pywb on loopback, which plays WARC and WACZ files back."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PYWB = Path(sys.executable).with_name("pywb")
MANAGER = PYWB.with_name("wb-manager")


@contextlib.contextmanager
def playing(directory):
    """pywb on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(PYWB), "-b", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(
        command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def wait_for(port):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)  # another program is starting: there is nothing to wait on
        else:
            return
    raise AssertionError("pywb does not answer")


def get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()
