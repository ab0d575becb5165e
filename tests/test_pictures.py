"""The script that takes the pictures of the README still makes what it photographs."""

import importlib.util
from functools import partial
from pathlib import Path

from scraper.demo.server import ReplicaServer

SCRIPT = Path(__file__).parents[1] / "docs" / "screenshots.py"


def test_the_archive_that_is_photographed(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("screenshots", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "ReplicaServer", partial(ReplicaServer, navigation_bytes=200))
    script.make_archive(tmp_path, 20)
    found = script.pages(tmp_path)
    assert {"start", "search", "release", "changes", "edited"} <= set(found)
    with script.web_view(tmp_path) as address:
        assert address.startswith("http://127.0.0.1:")
