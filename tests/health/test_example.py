"""Pages that show what has changed."""

from datetime import timedelta

import pytest

from scraper.health.example import KEPT, keep_example
from scraper.records import Capture
from tests.conftest import NOW

PLACE = "https://www.dortmund.de/newsroom/nachrichten/"


def page(name, body=b"<p>"):
    return Capture(f"{PLACE}{name}", body, NOW)


def test_the_newest_stay(tmp_path):
    for number in range(KEPT + 3):
        keep_example(tmp_path, page(f"{number}.html"), NOW + timedelta(minutes=number))
    names = sorted(path.name for path in (tmp_path / "drift").iterdir())
    assert len(names) == KEPT
    assert names[0] == "20261004T120300Z-3.html"


def test_a_page_that_lies_there_is_not_written_again_unless_it_has_changed(tmp_path):
    first = keep_example(tmp_path, page("a.html"), NOW)
    assert keep_example(tmp_path, page("a.html"), NOW + timedelta(days=1)) == first
    other = keep_example(tmp_path, page("a.html", b"<b>"), NOW + timedelta(days=2))
    assert other != first
    assert (first.read_bytes(), other.read_bytes()) == (b"<p>", b"<b>")


@pytest.mark.parametrize(
    "name",
    ["%2e%2e%2f%2e%2e%2fx.html", "", "%E2%80%9Elassen-sie.html", "a%00b%1b[31m.html", "x" * 400],
)
def test_no_address_leads_out_of_the_directory(tmp_path, name):
    path = keep_example(tmp_path, page(name), NOW)
    assert path.parent == tmp_path / "drift"
    assert path.read_bytes() == b"<p>"
    assert path.name.isascii()
    assert path.name.isprintable()
    assert len(path.name) < 120
    assert list(path.parent.iterdir()) == [path]
