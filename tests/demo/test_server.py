import gzip
import threading
from contextlib import contextmanager, suppress
from email.utils import parsedate_to_datetime

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.demo import server as server_module
from scraper.demo.faults import Faults
from scraper.demo.newsroom import NEWS, OLD_NEWS, PRESS, Newsroom
from scraper.demo.render import render_article
from scraper.demo.server import ReplicaServer, serve
from scraper.urls import path as path_of

SEARCH = "/api/search/proxy/search"


@contextmanager
def replica(count=60, **faults):
    newsroom = Newsroom(count)
    with (
        ReplicaServer(newsroom, faults=Faults(**faults), navigation_bytes=2000) as server,
        httpx.Client(
            base_url=server.base_url, follow_redirects=True, trust_env=False, verify=False
        ) as client,
    ):
        client.server = server
        client.get("/robots.txt")  # gets the cookie
        yield client


@pytest.fixture
def client():
    with replica() as client:
        yield client


def article_url(client, n=0):
    return path_of(client.server.article(n).url)


def search(client, **payload):
    return client.post(SEARCH, json={"query": "*", **payload})


@pytest.mark.parametrize("path", ["/robots.txt", "/newsroom/", "/sitemap.xml", "article"])
def test_cookie_is_needed_everywhere(path):
    with ReplicaServer(Newsroom(3), navigation_bytes=100) as server:
        url = server.base_url + (path_of(server.article(0).url) if path == "article" else path)
        first = httpx.get(url, trust_env=False, verify=False)
        assert first.status_code == 302
        assert first.headers["location"] == url
        cookie = first.headers["set-cookie"].split(";")[0]
        assert httpx.get(url, trust_env=False, headers={"Cookie": cookie}).status_code == 200
        assert httpx.get(url, trust_env=False, headers={"Cookie": "a=b"}).status_code == 302


def test_search_redirects_with_307():
    with ReplicaServer(Newsroom(3), navigation_bytes=100) as server:
        answer = httpx.post(server.base_url + SEARCH, json={}, trust_env=False, verify=False)
        assert answer.status_code == 307
        with httpx.Client(follow_redirects=True, trust_env=False, verify=False) as client:
            assert client.post(server.base_url + SEARCH, json={}).json()["hits"]["hits"]


def test_every_article_is_served(client):
    for n in range(60):
        article = client.server.article(n)
        answer = client.get(path_of(article.url))
        assert answer.headers["content-type"] == "text/html; charset=UTF-8"
        assert article.title in LexborHTMLParser(answer.content).css_first("h1").text()


def test_page_is_the_rendered_record(client):
    answer = client.get(article_url(client))
    before, after = answer.content.split(b"window.NAVIGATION_STRUCTURE = ")
    page = render_article(client.server.article(0), navigation=b"#")
    assert page.startswith(before)
    assert page.endswith(after.split(b"</script>", 1)[1])


def test_coded_and_plain_body_are_the_same(client):
    coded = client.get(article_url(client))
    plain = client.get(article_url(client), headers={"Accept-Encoding": "identity"})
    assert coded.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert coded.content == plain.content


def test_raw_gzip_is_valid(client):
    with client.stream("GET", article_url(client)) as answer:
        wire = b"".join(answer.iter_raw())
    assert gzip.decompress(wire).startswith(b"\n<!DOCTYPE html>")


def test_head_and_other_methods(client):
    head = client.head(article_url(client))
    assert head.status_code == 200
    assert int(head.headers["content-length"]) > 1000
    assert head.content == b""
    assert client.post("/newsroom/").status_code == 405
    assert client.get(SEARCH).status_code == 405
    assert client.get("/nirgendwo.html").status_code == 404


def test_validators(client):
    first = client.get(article_url(client))
    for name, value in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
    ):
        assert client.get(article_url(client), headers={name: value}).status_code == 304
    client.server.edit(0, text="Neu.")
    for name, value in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
        ("If-Modified-Since", "gestern"),
        ("If-Modified-Since", "Mon, 20 Nov 9999999999 12:00:00 +0000"),
    ):
        assert client.get(article_url(client), headers={name: value}).status_code == 200


def test_raw_spelling_of_an_address(client):
    newsroom = client.server.site.newsroom
    n = next(n for n in range(60) if "„" in newsroom.head(n).path)
    assert client.get(newsroom.head(n).path).status_code == 200


def test_newsroom_page_has_fifteen_cards_and_the_list_none(client):
    tree = LexborHTMLParser(client.get("/newsroom/").content)
    links = [node.attributes["href"] for node in tree.css("dtm-teaser a[slot=link]")]
    assert links == [client.server.site.newsroom.head(n).path for n in range(15)]
    tree = LexborHTMLParser(client.get("/newsroom/nachrichten/").content)
    assert not tree.css("dtm-teaser")
    assert tree.css("[search-api-url]")


def test_sitemap_names_every_article(client):
    index = LexborHTMLParser(client.get("/sitemap.xml").content)
    files = [path_of(node.text()) for node in index.css("loc")]
    assert len(files) == 2
    assert b"<loc>https://www.dortmund.de/newsroom/</loc>" in client.get(files[0]).content
    answer = client.get(files[1])
    assert answer.headers["content-type"] == "application/gzip"
    text = gzip.decompress(answer.content).decode()
    assert all(article.url in text for article in client.server.site.newsroom)
    assert client.get("/sitemap-newsroom-1.xml.gz").status_code == 404


def test_robots(client):
    assert "Disallow: /suche/" in client.get("/robots.txt").text
    client.server.faults = Faults(forbid_robots=True)
    assert "Disallow: /\n" in client.get("/robots.txt").text
    client.server.faults = Faults(robots_status=503)
    assert client.get("/robots.txt").status_code == 503


def test_pictures_are_served(client):
    image = next(a for a in client.server.site.newsroom if a.images).images[0]
    assert client.get(path_of(image.src)).content.startswith(b"RIFF")


def is_article(url):
    return url.endswith(".html") and url.startswith((NEWS, OLD_NEWS, PRESS))


@pytest.mark.parametrize("count", [0, 1, 4, 5, 59, 60])
@pytest.mark.parametrize("shuffled", [False, True])
def test_search_finds_every_article_once(count, shuffled):
    with replica(count, unsorted_search=shuffled) as client:
        found, start = [], 0
        while page := search(client, **{"from": start, "size": 7}).json()["hits"]["hits"]:
            found += [hit["_source"]["website_url"] for hit in page]
            start += len(page)
    paths = [head.path for head in map(Newsroom(count).head, range(count))]
    news = [url for url in found if is_article(url)]
    assert len(set(found)) == len(found)
    assert sorted(news) == sorted(paths)
    assert (news == paths) is (not shuffled or count < 2)


def test_search_mixes_documents(client):
    hits = search(client, size=60).json()["hits"]["hits"]
    sources = [hit["_source"] for hit in hits]
    assert {source["type"] for source in sources} == {"news", "node", "eventdatetime"}
    assert any(not url["website_url"].isascii() for url in sources)
    tags = [tag for source in sources for tag in source["contentTags"]]
    assert any(tag["parentValues"] == ["Stadtbezirke"] for tag in tags)
    event = next(source for source in sources if source["type"] == "eventdatetime")
    assert event["content"][1]["data"].endswith(("00.000000+0200", "00.000000+0100"))
    article = client.server.article(0)
    news = next(s for s in sources if s["website_url"] == client.server.site.head(0).path)
    assert news["id"] == f"{article.content_id}-de-DE"


def test_search_pages_and_its_limit():
    with replica(20_000) as client:
        page = search(client, **{"from": 9900, "size": 100})
        assert len(page.json()["hits"]["hits"]) == 100
        assert page.json()["hits"]["total"] == {"value": 10_000, "relation": "gte"}
        assert search(client, **{"from": 9901, "size": 100}).status_code == 500
        assert len(search(client).json()["hits"]["hits"]) == 10


@pytest.mark.parametrize("body", [b"", b"[]", b'{"from": -1}', b'{"size": "x"}'])
def test_search_refuses_nonsense(client, body):
    assert client.post(SEARCH, content=body).status_code == 400


def test_edit_delete_restore(client):
    original = client.server.article(3)
    edited = client.server.edit(3, text="Der Termin fällt aus & wird nachgeholt.")
    assert edited.text != original.text
    assert "fällt aus &amp; wird" in client.get(article_url(client, 3)).text
    client.server.delete(3)
    assert client.get(path_of(original.url)).status_code == 404
    assert path_of(original.url) not in client.get("/newsroom/").text
    urls = [h["_source"]["website_url"] for h in search(client, size=200).json()["hits"]["hits"]]
    assert client.server.site.newsroom.head(3).path not in urls
    assert sum(map(is_article, urls)) == 59
    assert original.url not in {item.url for item in client.server.article(0).related}
    client.server.restore(3)
    assert client.server.article(3) == original
    assert client.get(path_of(original.url)).status_code == 200


def test_replaced_article_keeps_its_address(client):
    with pytest.raises(ValueError, match="URL"):
        client.server.replace(1, client.server.article(2))


def test_touched_templates_change_the_page_but_not_the_content(client):
    before, page = client.server.article(1), client.get(article_url(client, 1))
    client.server.touch_templates()
    after, touched = client.server.article(1), client.get(article_url(client, 1))
    assert touched.headers["etag"] != page.headers["etag"]
    assert b"Stand 1" in touched.content
    assert after.related != before.related
    assert (after.text, after.images, after.links) == (before.text, before.images, before.links)


def test_unavailable_first(client):
    client.server.faults = Faults(unavailable_first=True)
    for url in (article_url(client), "/newsroom/"):
        assert [client.get(url).status_code for _ in range(3)] == [503, 200, 200]
    assert [search(client).status_code for _ in range(2)] == [503, 200]


def test_too_many(client):
    client.server.faults = Faults(too_many_every=1, retry_after_seconds=7)
    answer = client.get("/newsroom/")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    client.server.faults = Faults(too_many_every=1, retry_after_as_date=True)
    assert parsedate_to_datetime(client.get("/newsroom/").headers["retry-after"]).year > 2000


def test_every_third_fails(client):
    client.server.faults = Faults(fail_every=3)
    statuses = [client.get("/newsroom/").status_code for _ in range(6)]
    assert sorted(statuses) == [200] * 4 + [500] * 2


@pytest.mark.parametrize("fault", ["truncate_every", "drop_every"])
def test_broken_connections(client, fault):
    client.server.faults = Faults(**{fault: 1})
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(article_url(client))
    client.server.faults = Faults()
    assert client.get(article_url(client)).status_code == 200


def test_redirect_loop_and_foreign_host(client):
    client.server.faults = Faults(redirect_to_host="other.example")
    answer = client.get(article_url(client), follow_redirects=False)
    assert answer.headers["location"].startswith("http://other.example/newsroom/")
    client.server.faults = Faults(redirect_loop=True)
    with pytest.raises(httpx.TooManyRedirects):
        client.get("/robots.txt")


def test_broken_sources(client):
    client.server.faults = Faults(search_status=502, sitemap_missing=True)
    assert search(client).status_code == 502
    assert client.get("/sitemap.xml").status_code == 404
    assert client.get("/newsroom/").status_code == 200


@pytest.mark.parametrize("bomb", [False, True])
def test_endless_body(client, bomb):
    client.server.faults = Faults(endless_bytes=10**12, gzip_bomb=bomb)
    read = 0
    with client.stream("GET", article_url(client)) as answer:
        for piece in answer.iter_bytes():
            read += len(piece)
            if read > 3_000_000:
                break
    assert read > 3_000_000


def test_endless_body_ends(client):
    client.server.faults = Faults(endless_bytes=2_500_000, gzip_bomb=True)
    assert client.get(article_url(client)).content.endswith(b" " * 2_500_000)


def test_drifted_layout(client):
    client.server.faults = Faults(drifted=True)
    tree = LexborHTMLParser(client.get(article_url(client)).content)
    assert not tree.css("dtm-text-image, #Einleitungstext, h1")


def test_slow_answers_wait_for_their_time(client, monkeypatch):
    waited = []
    monkeypatch.setattr(client.server.stopping, "wait", waited.append)
    client.server.faults = Faults(slow_seconds=2.5)
    client.get("/newsroom/")
    assert waited == [2.5]


def test_stopping_wakes_slow_answers(monkeypatch):
    with ReplicaServer(Newsroom(1), faults=Faults(slow_seconds=60, cookie_dance=False)) as server:
        waiting, wait = threading.Event(), server.stopping.wait

        def noted(seconds):
            waiting.set()
            return wait(seconds)

        def ask():
            with suppress(httpx.HTTPError):
                httpx.get(server.base_url, trust_env=False, verify=False, timeout=60)

        monkeypatch.setattr(server.stopping, "wait", noted)
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        assert waiting.wait(10)
        assert thread.is_alive()
    thread.join(timeout=10)
    assert not thread.is_alive(), "the answer was not woken"


def test_log_of_requests():
    with ReplicaServer(Newsroom(2), navigation_bytes=100) as server:
        with httpx.Client(
            base_url=server.base_url, follow_redirects=True, trust_env=False
        ) as client:
            client.get("/newsroom/?seite=2")
        assert server.requests == [
            ("GET", "/newsroom/?seite=2", 302),
            ("GET", "/newsroom/?seite=2", 200),
        ]


def test_many_clients_at_once():
    with ReplicaServer(Newsroom(30), navigation_bytes=1000) as server:
        failures = []

        def read(n):
            with httpx.Client(follow_redirects=True, trust_env=False, verify=False) as client:
                for other in range(10):
                    url = server.base_url + path_of(server.article((n + other) % 30).url)
                    if client.get(url).status_code != 200:
                        failures.append(url)

        threads = [threading.Thread(target=read, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len([r for r in server.requests if r[2] == 200]) == 80


def test_requests_that_are_too_large_or_have_no_length(client):
    assert client.post(SEARCH, content=b" " * 1_000_001).status_code == 413
    assert client.post(SEARCH, content=iter([b"{}"])).status_code == 411


def test_serve_until_interrupted(monkeypatch):
    class Interrupted(threading.Event):
        def wait(self, timeout=None):
            raise KeyboardInterrupt

    seen = []

    def ready(server):
        seen.append(
            httpx.get(server.base_url + "/robots.txt", trust_env=False, verify=False).status_code
        )
        monkeypatch.setattr(server_module, "Event", Interrupted)

    serve(Newsroom(1), ready)
    assert seen == [302]
