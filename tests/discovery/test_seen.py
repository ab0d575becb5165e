"""What a page tells about a newsroom that nobody has described."""

import json
import pickle
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discovery.interfaces import described
from scraper.discovery.seen import see
from scraper.discovery.shape import form_of
from scraper.records import Capture

URL = "https://www.stadt.example/presse/"


def seen(body, head="", url=URL):
    page = f"<!doctype html><head><title>Presse</title>{head}</head><body>{body}".encode()
    headers = (("content-type", "text/html; charset=utf-8"),)
    found = see(Capture(url, page, datetime(2026, 10, 5, tzinfo=UTC), headers=headers))
    assert pickle.loads(pickle.dumps(found)) == found  # it comes out of another process
    return found


def links(*hrefs, words="{}"):
    return "".join(f'<a href="{href}">{words.format(n)}</a>' for n, href in enumerate(hrefs, 1))


SUMS = [f"/presse/?page={n}&amp;cHash={n:08x}" for n in range(1, 5)]


class TestPagers:
    def test_a_number_makes_a_pattern(self):
        found = seen(links(*[f"?page={n}" for n in range(1, 5)])).paging
        assert (found.url, found.first) == ("/presse/?page={page}", 1)

    def test_with_a_check_sum_the_links_are_followed(self):
        found = seen(f'<nav><ul class="seiten">{links(*SUMS)}</ul></nav>').paging
        assert (found.url, found.pager) == ("", "ul.seiten")
        assert found.second.endswith("page=2&cHash=00000002")

    def test_a_link_to_the_next_page_goes_before_them(self):
        more = f'<ul class="seiten">{links(*SUMS)}<li class="next">'
        found = seen(f'{more}<a href="{SUMS[1]}">weiter</a></li></ul>').paging
        assert (found.next, found.pager) == ("li.next a@href", "ul.seiten")


class TestArchives:
    @pytest.mark.parametrize(
        ("hrefs", "words", "pattern"),
        [
            (("2026/09/", "2026/08/", "2025/12/"), "Monat", None),
            (("2026/09/", "2026/08/", "2025/12/"), "Archiv {}", "/presse/{year}/{month}/"),
            (("2026/9/", "2026/8/", "2026/7/"), "{}", "/presse/{year}/{month_number}/"),
            (("2026/mai", "2026/maerz"), "2026 {}", "/presse/{year}/{month_name}"),
            (("?jahr=2026", "?jahr=2025"), "Jahr 2026", "/presse/?jahr={year}"),
            (("?j=2026&amp;m=03", "?j=2026&amp;m=02"), "März 2026", "/presse/?j={year}&m={month}"),
            (("?jahr=2026", "?jahr=1999"), "Jahr 2026", None),
            (("2026/09/01/brand.html", "2026/08/02/fest.html"), "Archiv", None),
        ],
    )
    def test_by_what_differs_in_their_addresses(self, hrefs, words, pattern):
        found = seen(links(*hrefs, words=words)).archives
        assert (found[0].url if found else None) == pattern

    def test_the_newest_comes_first(self):
        (found,) = seen(links("2025/12/", "2026/02/", words="Archiv")).archives
        assert found.periods == ((2026, 2), (2025, 12))
        assert found.addresses[0].endswith("/2026/02/")


def test_folders_of_months_are_no_part_of_the_form():
    paths = [f"https://x.example/a/2026/09/{name}.html" for name in ("eins", "zwei", "drei")]
    form = form_of(paths)
    assert form.matches("https://x.example/a/2025/12/vier.html")
    form = form_of([f"https://x.example/a/2026/mai/{name}" for name in ("eins", "zwei")])
    assert form.matches("https://x.example/a/2025/maerz/vier")


class TestTurns:
    def test_links_to_the_release_before(self):
        body = '<a class="older" href="/presse/b">Ältere Meldung</a><a rel="next" href="c">x</a>'
        found = {turn.selector: turn.url for turn in seen(body).turns}
        assert found == {
            "a.older@href": "https://www.stadt.example/presse/b",
            "a[rel~=next]@href": "https://www.stadt.example/presse/c",
        }

    def test_other_links_are_none(self):
        assert seen('<a class="vorschau" href="/x">Rathaus</a>').turns == ()


class TestInterfaces:
    def test_wordpress(self):
        head = '<link rel="https://api.w.org/" href="https://www.stadt.example/wp-json/">'
        (found,) = seen("", head).interfaces
        assert found.kind == "wordpress"
        assert found.url == "/wp-json/wp/v2/posts?per_page=50&page={page}"

    def test_wordpress_on_the_page_of_a_category(self):
        head = """<link rel="https://api.w.org/" href="/wp-json/"><link rel="alternate"
          type="application/json" href="/wp-json/wp/v2/categories/7">"""
        assert "posts?categories=7&" in seen("", head).interfaces[0].url

    def test_wordpress_without_speaking_addresses(self):
        head = '<link rel="https://api.w.org/" href="/index.php?rest_route=/">'
        url = seen("", head).interfaces[0].url
        assert url == "/index.php?rest_route=/wp/v2/posts&per_page=50&page={page}"

    def test_json_feed(self):
        head = '<link rel="alternate" type="application/feed+json" href="/feed.json">'
        (found,) = seen("", head).interfaces
        assert (found.kind, found.facts["next"]) == ("json feed", ["json:next_url"])

    def test_a_list_in_an_attribute(self):
        items = [{"id": n, "name": f'<a href="/presse/{n}">Titel</a>'} for n in range(4)]
        value = escape(json.dumps({"data": {"alle-zeilen": items}}))
        (found,) = seen(f'<table id="liste" data-zeilen="{value}"></table>').interfaces
        assert (found.kind, found.facts["entry"]) == ("attribute", "#liste[data-zeilen]")
        assert found.facts["items"] == 'data."alle-zeilen"'
        assert found.facts["link"][0]["json"] == "name"

    def test_an_address_in_an_attribute_or_a_script(self):
        body = '<div data-src="/api/liste"></div><script>fetch("/rest/json/news?x=1")</script>'
        found = [each.url.removeprefix(URL[:-8]) for each in seen(body).interfaces]
        assert found == ["/api/liste", "/rest/json/news?x=1"]

    def test_what_the_properties_mean(self):
        items = [
            {
                "changed": "2026-10-01",
                "detail": {"url": f"/presse/{n}"},
                "publishDate": f"2026-09-0{n}",
                "headline": "Titel",
                "image": {"src": f"/bild/{n}.jpg"},
            }
            for n in range(1, 5)
        ]
        found = described(json.dumps({"count": 90, "next": "/api?p=2", "items": items}), URL)
        assert found == {
            "items": "items",
            "link": ["json:detail.url"],
            "title": ["json:headline"],
            "date": ["json:publishDate"],
            "total": "count",
            "next": ["json:next"],
        }

    @pytest.mark.parametrize("text", ["", "{", "[]", "[1,2,3]", '[{"a":1},{"a":2},{"a":3}]'])
    def test_other_json_is_no_list_of_pages(self, text):
        assert described(text, URL) is None

    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just("/presse/a"),
        lambda inner: (
            st.lists(inner, max_size=5)
            | st.dictionaries(st.sampled_from(["url", "date", "next", "total", "a b"]), inner)
        ),
        max_leaves=30,
    )

    @settings(max_examples=60)
    @given(values)
    def test_any_json_is_read_without_an_error(self, value):
        assert described(json.dumps(value), URL) is None or described(json.dumps(value), URL)
