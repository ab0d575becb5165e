"""What a request may cost: seconds, snippets, threads; and what becomes of foreign SQL."""

import http.client
import json
import sqlite3
import threading
from contextlib import closing
from types import SimpleNamespace
from urllib.parse import quote, urlsplit

import pytest

from scraper.archive import Archive
from scraper.archive.search import articles
from scraper.archive.search.filters import Filters
from scraper.browse import database, limits, views
from scraper.browse.limits import LimitError, Work
from scraper.export.feed import write_feed
from scraper.export.request import FeedOptions
from tests.archive.corpus import article, filled, store
from tests.browse.serving import get, web_view

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
COSTLY = "SELECT instr(zeroblob(2e7 / 4), zeroblob(1e6) || 'x')"


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("limits")
    with Archive.open(directory) as archive:
        filled(archive)
        for number in range(30):
            store(archive, article(f"markt{number}", f"Wochenmarkt {number}", "Markt am Markt."))
    return directory


@pytest.fixture(scope="module")
def with_sql(directory):
    with web_view(directory, sql=True) as address:
        yield address


@pytest.fixture
def snippets(monkeypatch):
    """The texts that snippets were made of."""
    made = []

    def counted(text, hits):
        made.append(text)
        return real(text, hits)

    real = articles.make_snippet
    monkeypatch.setattr(articles, "make_snippet", counted)
    return made


def test_snippets_are_made_of_what_is_shown(directory, snippets):
    with Archive.open_existing(directory) as archive:
        found = articles.search(archive, "Markt", Filters(), limit=30)
        snippets.clear()
        assert articles.search(archive, "Markt", Filters(), limit=5, offset=20) == found[20:25]
    assert len(snippets) == 5


@pytest.mark.parametrize("changes", [False, True])
def test_a_feed_makes_no_snippets(directory, snippets, changes):
    with Archive.open_existing(directory) as archive:
        write_feed(
            SimpleNamespace(write=len), archive, Filters(), FeedOptions("Markt", changes=changes)
        )
    assert snippets == []


def test_what_takes_too_long_is_ended():
    with closing(sqlite3.connect(":memory:")) as connection:
        with (
            pytest.raises(LimitError, match="took longer"),
            Work("page", seconds=0.01).on(connection),
        ):
            connection.execute(ENDLESS)
        assert connection.execute("SELECT 1").fetchone() == (1,)  # it is good for the next one


def test_a_page_that_takes_too_long_is_a_page(directory, monkeypatch):
    monkeypatch.setattr(
        views.results, "find", lambda _cache, archive, _chosen: archive.rows(ENDLESS)
    )
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    with web_view(directory) as address:
        answer = get(address, "/search?q=Markt")
        monkeypatch.setattr(limits, "SECONDS", 60)
        assert get(address, "/").status == 200
    assert answer.status == 503
    assert "That takes too long" in answer.text


def test_the_work_ends_when_the_visitor_goes(directory, monkeypatch):
    begun, ended = threading.Event(), threading.Event()

    def find(_cache, archive, _chosen):
        begun.set()
        try:
            archive.rows(ENDLESS)
        finally:
            ended.set()

    monkeypatch.setattr(views.results, "find", find)
    monkeypatch.setattr(limits, "SECONDS", 3600.0)
    with web_view(directory) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc)
        connection.request("GET", "/search?q=Markt")
        assert begun.wait(30)
        connection.close()
        assert ended.wait(30)


def test_searches_leave_room_for_other_pages(directory, monkeypatch):
    let_go, running = threading.Event(), threading.Semaphore(0)

    def find(_cache, _archive, _chosen):
        running.release()
        let_go.wait(60)
        raise LimitError("done")

    monkeypatch.setattr(views.results, "find", find)
    with web_view(directory) as address:
        visitors = [
            threading.Thread(target=get, args=(address, f"/search?q={number}"))
            for number in range(2 * limits.THREADS)
        ]
        for visitor in visitors:
            visitor.start()
        try:
            for _ in range(limits.LANES["search"]):
                assert running.acquire(timeout=30)
            assert get(address, "/").status == 200
            assert not running.acquire(blocking=False)
        finally:
            let_go.set()
            for visitor in visitors:
                visitor.join(60)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select zeroblob(100000000)", "too big"),
        ("select zeroblob(7000000) from articles", "more than 16 MB"),
        ("select no_such_column from articles", "no such column"),
        ("select * from pragma_database_list, (select load_extension('x'))", "not authorized"),
    ],
)
def test_foreign_sql_has_limits(with_sql, sql, said):
    answer = get(with_sql, f"/newsroom.json?sql={quote(sql)}")
    assert answer.status == 400
    assert said in json.loads(answer.text)["error"]


@pytest.mark.parametrize("place", ["newsroom.json?sql=", "newsroom/articles.json?_where="])
def test_a_single_costly_function_ends(with_sql, monkeypatch, place):
    monkeypatch.setattr(database, "_START_SECONDS", 0.5)
    sql = COSTLY if place.endswith("sql=") else f"({COSTLY}) = 1"
    answer = get(with_sql, f"/{place}{quote(sql)}")
    assert answer.status == 400
    assert "took too long" in answer.text


def test_foreign_sql_gives_what_it_should(with_sql):
    sql = "select id, title, title, x'00ff' as b, :word as w from articles order by id"
    answer = json.loads(
        get(with_sql, f"/newsroom.json?sql={quote(sql)};&word=da&_shape=arrays").text
    )
    assert answer["columns"] == ["id", "title", "title", "b", "w"]
    first = answer["rows"][0]
    assert first[1] == first[2] == "Neubau einer Grundschule"
    assert first[3:] == [{"$base64": True, "encoded": "AP8="}, "da"]
    page = get(with_sql, f"/newsroom?sql={quote(sql)}&word=da")
    assert page.status == 200
    assert "Neubau einer Grundschule" in page.text
    table = get(with_sql, f"/newsroom/articles.json?_where={quote('id = 2')}&_shape=array")
    assert [row["id"] for row in json.loads(table.text)] == [2]
    series = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1500) "
    long = json.loads(get(with_sql, f"/newsroom.json?sql={quote(series + 'select i from n')}").text)
    assert (len(long["rows"]), long["truncated"]) == (1000, True)


def test_a_build_of_sqlite_without_limits_does(monkeypatch, tmp_path):
    plain = SimpleNamespace(execute=lambda _sql: None)
    monkeypatch.setattr(database, "connect_read_only", lambda _path, **_options: plain)
    source = database.ReadOnlyDatabase(None, str(tmp_path), is_public=False)
    assert source.connect() is plain
