"""The Python interface: it gives what the command line gives."""

import subprocess
import sys
from datetime import UTC, date
from pathlib import Path

import pandas as pd
import pytest

import scraper
from scraper import Archive, parse
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import ArchiveError, ParseError, UsageError
from tests.support.replica import crawl


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("python")
    with ReplicaServer(Newsroom(60), navigation_bytes=200) as server:
        crawl(directory / "data" / "demo", server.base_url)
    return directory


@pytest.fixture
def archive(directory):
    with Archive(directory / "data" / "demo") as found:
        yield found


def test_the_public_names():
    assert scraper.__all__ == [
        "Archive",
        "Change",
        "Hit",
        "Rows",
        "StoredArticle",
        "StoredQuote",
        "__version__",
        "parse",
    ]
    for name in scraper.__all__:
        assert getattr(scraper, name) is not None
    with pytest.raises(AttributeError):
        scraper.unknown  # noqa: B018


def test_the_stub_has_the_same_names():
    stub = Path(scraper.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    for name in scraper.__all__:
        assert f" as {name}\n" in stub or f"{name}: str" in stub


def test_importing_the_package_loads_nothing_else():
    code = "import scraper, sys; print(sum(name.startswith('scraper.') for name in sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ended.stdout == b"0\n"


def test_articles_are_read_one_at_a_time(archive):
    rows = archive.articles(since=date(2026, 1, 1))
    first = next(iter(rows))
    assert first.first_seen.tzinfo == UTC
    assert first.online
    assert len(list(rows)) == len(list(rows)) > 1
    assert all(article.published >= "2026" for article in rows)


def test_filters_are_those_of_the_command_line(archive):
    assert {row.site for row in archive.articles(site="dortmund")} == {"dortmund"}
    assert list(archive.articles(site="koeln")) == []
    with pytest.raises(UsageError, match="nowhere"):
        archive.articles(site="nowhere")
    with pytest.raises(UsageError, match="not a day"):
        archive.articles(since="someday")


def test_search_and_count_agree(archive):
    hits = list(archive.search("Schule", limit=100))
    assert len(hits) == archive.count("Schule") > 3
    assert all(hit.snippet for hit in hits)


def test_tables_have_true_dates(archive):
    frame = archive.articles().to_pandas()
    assert len(frame) == 60
    assert frame.published_date.dtype.kind == "M"
    assert frame.published_utc.dt.tz is not None
    assert frame.gone_at.isna().all()
    quotes = archive.quotes(kind="indirect").to_pandas()
    assert set(quotes.kind) == {"indirect"}
    assert pd.api.types.is_integer_dtype(quotes.start.dtype)


def test_changes(archive):
    assert list(archive.changes(since="2000-01-01")) == []
    assert archive.changes().columns[:2] == ["at", "kind"]


def test_nothing_is_written(archive):
    with pytest.raises(UsageError):
        archive.sql("DELETE FROM articles")


def test_no_archive(tmp_path):
    with pytest.raises(ArchiveError, match="no archive"):
        Archive(tmp_path)


def test_a_page_on_its_own():
    page = (
        "<html><head><title>Brunnen läuft</title><meta property=og:type content=article></head>"
        "<body><main><h1>Brunnen läuft</h1><time datetime='2026-05-04'>4. Mai 2026</time>"
        "<p>Der Brunnen am Markt läuft wieder. „Das freut uns alle“, sagt Bürgermeisterin Anna "
        "Beispiel. Ein Jahr lang stand er still, nun fließt das Wasser wieder, und am Samstag wird "
        "gefeiert.</p></main></body></html>"
    )
    record = parse(page, "https://www.example.org/presse/brunnen")
    assert (record.title, record.published, record.layout) == (
        "Brunnen läuft",
        "2026-05-04",
        "generic",
    )
    assert record.quotes[0].speaker == "Anna Beispiel"
    with pytest.raises(ParseError):
        parse("<html><p>nothing</p></html>", "https://www.example.org/presse/brunnen")
