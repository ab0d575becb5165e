"""Strangers as visitors: what they see of the machine, malformed requests, slow connections."""

import gc
import html
import json
import re
import socket
import threading
import warnings
from urllib.parse import quote, urlsplit

import pytest

from scraper.archive import Archive, begin_run
from scraper.archive.connection import DATABASE_NAME
from scraper.browse import connections, server
from scraper.browse.proxy import Proxy
from scraper.browse.server import listening
from scraper.errors import UsageError
from tests.archive.corpus import filled
from tests.browse.serving import get, web_view
from tests.conftest import NOW

INNER = ("databases", "versions", "threads", "plugins", "settings", "metadata", "actor", "config")


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("public")
    with Archive.open(directory) as archive:
        filled(archive)
        begin_run(archive, "dortmund", "live", NOW)
    return directory


@pytest.fixture(scope="module")
def public(directory):
    """Listens on all addresses; asked through loopback."""
    with web_view(directory, host="0.0.0.0", sql=True) as address:
        yield address.replace("0.0.0.0", "127.0.0.1")


@pytest.fixture(scope="module")
def private(directory):
    with web_view(directory) as address:
        yield address


@pytest.mark.parametrize("name", INNER)
@pytest.mark.parametrize("end", ["", ".json"])
def test_strangers_see_nothing_about_the_machine(public, name, end):
    answer = get(public, f"/-/{name}{end}")
    assert answer.status == 404
    assert get(public, "/-/static/app.css").status == 200


def test_on_this_machine_they_are_there(private, directory):
    assert str(directory) in get(private, "/-/databases.json").text
    assert json.loads(get(private, "/newsroom/runs.json?_shape=array").text)[0]["process"]


@pytest.mark.parametrize(
    "path",
    [
        "newsroom/runs.json?_shape=array",
        f"newsroom.json?_shape=array&sql={quote('select *, process as p from runs')}",
        f"newsroom/runs.json?_shape=array&_where={quote('process is null and host is null')}",
    ],
)
def test_of_a_run_strangers_see_no_process_and_no_host(public, path):
    (run,) = json.loads(get(public, f"/{path}").text)
    assert run["site"] == "dortmund"
    assert [run["process"], run["host"], run.get("p")] == [None, None, None]


def test_strangers_cannot_ask_sqlite_for_the_path(public, directory):
    answer = get(public, f"/newsroom.json?sql={quote('select * from pragma_database_list()')}")
    assert answer.status == 400
    assert str(directory) not in answer.text


def test_an_error_does_not_tell_the_path(tmp_path):
    with Archive.open(tmp_path) as archive:
        filled(archive)
    with web_view(tmp_path, host="0.0.0.0") as address:
        address = address.replace("0.0.0.0", "127.0.0.1")
        (tmp_path / DATABASE_NAME).unlink()
        answers = [get(address, path) for path in ("/", "/search?q=Schule", "/release/1")]
    assert not [answer for answer in answers if str(tmp_path) in answer.text]


@pytest.mark.parametrize(
    "path",
    [
        "newsroom/articles?_sort=nope", "newsroom/articles?_sort_desc=nope",
        "newsroom/articles?_sort=id&_sort_desc=id",
        "newsroom/articles?_size=x", "newsroom/articles?_size=-1", "newsroom/articles?_next=x,y,z",
        "newsroom/articles?_col=nope", "newsroom/articles?_nope__exact=1&_timelimit=x",
        "newsroom/articles?nope=1", "newsroom/articles?_through=x",
        "newsroom/articles?_through={}", "newsroom/articles.json?_shape=nope",
        "newsroom/articles.json?_json=title&_shape=object&_ttl=x", "newsroom/articles.nope",
        "newsroom/articles.csv?_sort=nope",
        "newsroom/articles?_facet_size=x", "newsroom/articles?tags__arraycontains=x",
        "newsroom?sql=select+1&_timelimit=x", "newsroom?sql=drop+table+articles", "newsroom?sql=",
        "newsroom/articles?id__in=[", "newsroom/articles?_search=%22&_searchmode=raw",
        "search?page=x", "search?date=x", "search?q=%FF%00", "changes?kind=x", "people?page=0",
    ],
)  # fmt: skip
def test_a_malformed_request_is_no_error_of_ours(public, path):
    assert get(public, f"/{path}").status < 500


@pytest.mark.parametrize("facet", ["_facet", "_facet_array", "_facet_date"])
@pytest.mark.parametrize("path", ["articles", "articles.json", "people"])
def test_a_facet_that_is_no_column_is_no_error_of_ours(private, path, facet):
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        answer = get(private, f"/newsroom/{path}?{facet}=nope&_facet=nope&_facet_date=nope")
        gc.collect()
    assert (answer.status, "no such column" in answer.text) == (400, True)
    assert warned == []


def test_what_cannot_be_sorted_by_is_a_bad_request(public):
    answer = get(public, "/newsroom/articles?_sort=nope")
    assert (answer.status, "Cannot sort table by nope" in answer.text) == (400, True)


def raw(address, request):
    """What the server says to some bytes, until it ends the connection."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(request)
        received = b""
        while piece := connection.recv(1 << 16):
            received += piece
        return received


@pytest.mark.parametrize(
    "host",
    [
        "[::1",
        "::1",
        "a b",
        "x/../y",
        "a:99999",
        "a:x",
        "[zz]",
        "user@host",
        "a,b",
        "[1::2::3]",
        "a:0",
    ],
)
@pytest.mark.parametrize("served", ["public", "private"])
def test_a_malformed_host_is_a_bad_request(served, host, request):
    head = f"GET /newsroom HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    address = request.getfixturevalue(served)
    assert raw(address, head.encode()).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "half", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: y",
             b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"],
)  # fmt: skip
def test_half_a_request_is_dropped(directory, monkeypatch, half):
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.2)
    monkeypatch.setattr(server, "IDLE_SECONDS", 0.3)
    with web_view(directory) as address:
        raw(address, half)  # ends, or the test does
        whole = b"GET /people HTTP/1.1\r\nHost: localhost\r\n\r\n"
        assert raw(address, whole + half[:8]).startswith(b"HTTP/1.1 200 ")
        assert get(address, "/").status == 200


def test_many_slow_connections_keep_nobody_out(directory, monkeypatch):
    """Each waits with half a request, within the time that it has."""
    monkeypatch.setattr(connections, "MOST_WAITING", 20)
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 3600.0)
    with web_view(directory) as address:
        parts = urlsplit(address)
        slow = []
        try:
            for _ in range(100):
                slow.append(socket.create_connection((parts.hostname, parts.port), timeout=30))
                slow[-1].sendall(b"GET /")
            assert get(address, "/").status == 200
            assert slow[0].recv(1) == b""  # the one that waited longest has gone
        except ConnectionResetError:
            pass
        finally:
            for connection in slow:
                connection.close()


def test_who_does_not_read_is_dropped(directory, monkeypatch):
    monkeypatch.setattr(connections, "READ_SECONDS", 0.2)
    ended = threading.Event()
    lost = connections.PatientProtocol.connection_lost

    def noted(self, exc):
        lost(self, exc)
        ended.set()

    monkeypatch.setattr(connections.PatientProtocol, "connection_lost", noted)
    with web_view(directory) as address:
        parts = urlsplit(address)
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((parts.hostname, parts.port))
            one = b"GET /-/static/app.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
            connection.sendall(one * 1000)
            assert ended.wait(30)


FORWARDED = {
    "X_Forwarded_Proto": "https",
    "X_Forwarded_Host": "archiv.example.org",
    "X_Forwarded_For": "192.0.2.7",
}  # fmt: skip
PATHS = (
    "/", "/search?q=Schule", "/people", "/changes", "/release/1", "/newsroom",
    "/newsroom/articles", "/newsroom/articles?_facet=district", "/nowhere",
)  # fmt: skip


class TestBehindAProxy:
    """`--root-path` and `--forwarded-allow-ips`."""

    @pytest.mark.parametrize("prefix", ["", "/archiv"], ids=["cut off", "kept"])
    def test_addresses_begin_with_the_root(self, directory, prefix):
        with web_view(directory, root_path="/archiv", trusted="127.0.0.1") as address:
            for path in PATHS:
                page = get(address, prefix + path, **FORWARDED).text
                links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
                links += re.findall(r'"https?://archiv.example.org(/[^"]*)"', page)
                assert len(links) > 5, path
                for link in map(html.unescape, links):
                    assert link == "/archiv" or link.startswith("/archiv/"), (path, link)
                    assert "/archiv/archiv" not in link, (path, link)
            for link in links:  # each leads somewhere, too
                assert get(address, html.unescape(link), **FORWARDED).status < 400
            feed = get(address, f"{prefix}/search.atom?q=Schule", **FORWARDED).text
            assert get(address, "/archiv").status == 200
        assert 'href="https://archiv.example.org/archiv/search.atom?q=Schule"' in feed

    def test_only_the_proxy_is_believed(self, directory):
        with web_view(directory, trusted="192.0.2.1") as address:
            feed = get(address, "/search.atom", **FORWARDED).text
        assert "archiv.example.org" not in feed
        assert f'href="{address}search.atom"' in feed

    def test_nobody_is_believed_unless_asked_for(self, private):
        feed = get(private, "/search.atom", **FORWARDED).text
        assert "archiv.example.org" not in feed

    def test_a_host_that_the_proxy_hands_on_must_be_one(self, directory):
        with web_view(directory, trusted="*") as address:
            assert get(address, "/", X_Forwarded_Host="[::1").status == 400
            assert get(address, "/", Host="archiv.example.org").status == 200
            assert get(address, "/-/databases.json").status == 404

    @pytest.mark.parametrize(
        "given",
        [("archiv", ""), ("/a b", ""), ("//evil", ""), ("/a?", ""), ("", "proxy"), ("", "1.2")],
    )
    def test_what_cannot_be_is_said(self, directory, given):
        with (
            pytest.raises(UsageError),
            listening(directory, port=0, root_path=given[0], trusted=given[1]),
        ):
            pass

    @pytest.mark.parametrize("trusted", ["*", "127.0.0.1", "::1, 10.0.0.0/8", ""])
    def test_what_can_be(self, trusted):
        assert bool(Proxy("", trusted)) == bool(trusted)
