"""Each way in which a site lists its releases: bytes in, candidates and next requests out."""

import dataclasses
import json
import pickle
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discovery import source_steps
from scraper.errors import ParseError
from scraper.records import Capture
from scraper.sites import read_site

TODAY = date(2026, 10, 5)
ORIGIN = "https://www.stadt.example"
HEAD = f"""
name = "Stadt"
url = "{ORIGIN}"
[article]
path = '^/presse/.+'
"""


def site_of(source, *, head=HEAD, more=""):
    return read_site(f"{head}\n[[sources]]\n{source}\n{more}", "stadt.toml", key="stadt")


def answer(body, url=f"{ORIGIN}/liste", content_type="text/html; charset=utf-8"):
    data = body.encode() if isinstance(body, str) else body
    headers = (("content-type", content_type),) if content_type else ()
    return Capture(url, data, datetime(2026, 10, 5, 9, 0, tzinfo=UTC), headers=headers)


def first(site, since=None):
    (step,) = source_steps(site, site.sources[0], TODAY, since)
    return step


def read(site, body, since=None, **about):
    step = first(site, since)
    step = pickle.loads(pickle.dumps(step))  # it is read in another process
    return step.read(answer(body, step.request.url, **about))


def walk(site, pages, since=None):
    """Follows a source over pages by their path and query; returns names and what was asked."""
    steps, asked, found = list(source_steps(site, site.sources[0], TODAY, since)), [], []
    while steps:
        step = steps.pop(0)
        where = step.request.url.removeprefix(ORIGIN)
        if step.request.payload is not None:
            where += f" {json.dumps(step.request.payload)}"
        asked.append(where)
        body = pages(where) if callable(pages) else pages.get(where)
        missing = body is None
        if missing and not step.reads_missing:
            assert step.optional, where
            continue
        capture = answer(body or "", step.request.url)
        listing = step.read(dataclasses.replace(capture, status=404) if missing else capture)
        found += listing.candidates
        steps = [*listing.steps, *steps]
    return [each.url.rpartition("/")[2] for each in found], asked


class TestFeed:
    RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Stadt</title>
      <item><title>Neue Brücke</title><link>{link}</link><pubDate>{day}</pubDate></item>
      </channel></rss>"""

    def rss(self, day="Mon, 05 Oct 2026 08:30:00 +0200", link="/presse/a"):
        return self.RSS.format(link=link, day=day)

    def one(self, body, clock="stated", **about):
        site = site_of(f'method = "feed"\nurl = "/rss"\nclock = "{clock}"')
        (found,) = read(site, body, **about).candidates
        return found

    def test_an_item_has_address_and_day(self):
        found = self.one(self.rss())
        assert (found.url, found.published) == (f"{ORIGIN}/presse/a", TODAY)
        assert found.source == "feed"

    @pytest.mark.parametrize(
        ("day", "clock", "expected"),
        [
            ("Sun, 04 Oct 2026 22:30:00 GMT", "stated", date(2026, 10, 5)),
            ("Sun, 04 Oct 2026 22:30:00 GMT", "offset is wrong", date(2026, 10, 4)),
            ("Sun, 04 Oct 2026 22:00:00 GMT", "stated", date(2026, 10, 5)),
            ("2026-10-04T23:30:00Z", "stated", date(2026, 10, 5)),
            ("4. Oktober 2026", "stated", date(2026, 10, 4)),
            ("Mon, 32 Oct 2026 08:30:00 +0200", "stated", None),
            ("irgendwann", "stated", None),
            ("Mon, 05 Oct 2626 08:30:00 +0200", "stated", None),
        ],
    )
    def test_the_day_is_the_citys_by_the_rule_for_its_clock(self, day, clock, expected):
        assert self.one(self.rss(day), clock).published == expected

    def test_atom_is_read_too(self):
        atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Stadt</title><entry>
          <id>urn:1</id><title>A</title><updated>2026-10-02T10:00:00+02:00</updated>
          <link rel="self" href="/x"/><link rel="alternate" href="/presse/a"/></entry></feed>"""
        found = self.one(atom)
        assert (found.url, found.published) == (f"{ORIGIN}/presse/a", date(2026, 10, 2))

    def test_rdf_of_old_is_read_too(self):
        rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
          xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
          <channel rdf:about="/"><title>x</title></channel>
          <item rdf:about="/presse/a"><title>A</title><link>/presse/a</link>
          <dc:date>2026-10-01</dc:date></item></rdf:RDF>"""
        assert self.one(rdf).published == date(2026, 10, 1)

    def test_the_charset_of_the_answer_is_heeded(self):
        body = self.rss(link="/presse/größe").encode("iso-8859-1")
        found = self.one(body, content_type="application/rss+xml; charset=iso-8859-1")
        assert found.url == f"{ORIGIN}/presse/gr%C3%B6%C3%9Fe"

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ("<html><title>Wartung</title></html>", "there is no feed"),
            ("", "there is no feed"),
            ("<rss version='2.0'><channel><title>x</title></channel></rss>", "feed is empty"),
            (RSS.format(link="/termine/1", day=""), "none of the 1 entries"),
        ],
    )
    def test_what_names_no_release_is_an_error(self, body, reason):
        with pytest.raises(ParseError, match=reason):
            read(site_of('method = "feed"\nurl = "/rss"'), body)

    def test_what_the_layout_asks_for_is_kept(self):
        more = '[layout]\npublished = ["feed:date", "time"]'
        site = site_of('method = "feed"\nurl = "/rss"', more=more)
        (found,) = read(site, self.rss()).candidates
        assert found.listed == (("date", "Mon, 05 Oct 2026 08:30:00 +0200"),)

    @settings(deadline=None)
    @given(st.binary(max_size=300))
    def test_any_bytes_are_a_feed_or_an_error(self, body):
        with suppress(ParseError):
            read(site_of('method = "feed"\nurl = "/rss"'), body)


def cards(*names, day="1.10.2026"):
    return "".join(f'<li class=e><a href="/presse/{n}">{n}</a> <i>{day}</i></li>' for n in names)


class TestListing:
    def test_pages_are_walked_to_an_empty_one(self):
        site = site_of('method = "listing"\nurl = "/l?page={page}"\nfirst_page = 0\nentry = ".e"')
        pages = {"/l?page=0": cards("a", "b"), "/l?page=1": cards("c"), "/l?page=2": "<p>Ende</p>"}
        assert walk(site, pages) == (["a", "b", "c"], list(pages))

    def test_a_last_page_that_comes_again_ends_the_walk(self):
        site = site_of('method = "listing"\nurl = "/l?page={page}"\nentry = ".e"')
        found, asked = walk(site, lambda url: cards("a", "b") if url.endswith("=1") else cards("c"))
        assert (found, len(asked)) == (["a", "b", "c", "c"], 3)

    def test_entries_are_skipped_in_steps(self):
        site = site_of('method = "listing"\nurl = "/l?skip={skip}"\nstep = 20\nentry = ".e"')
        pages = {"/l?skip=0": cards("a"), "/l?skip=20": cards("b"), "/l?skip=40": "<p>"}
        assert walk(site, pages) == (["a", "b"], list(pages))

    def test_a_link_to_the_next_page_is_followed(self):
        site = site_of('method = "listing"\nurl = "/l"\nentry = ".e"\nnext = ["a.next@href"]')
        pages = {"/l": cards("a") + '<a class=next href="?p=2">weiter</a>', "/l?p=2": cards("b")}
        assert walk(site, pages) == (["a", "b"], list(pages))

    def test_years_go_back_to_the_first(self):
        site = site_of('method = "listing"\nurl = "/{year}/"\nsince = 2024\nentry = ".e"')
        pages = {"/2026/": "<p>noch nichts</p>", "/2025/": cards("b"), "/2024/": cards("a")}
        assert walk(site, pages) == (["b", "a"], list(pages))

    def test_months_without_a_first_end_after_an_empty_year(self):
        site = site_of('method = "listing"\nurl = "/{year}/{month}/"\nentry = ".e"')
        found, asked = walk(site, {"/2026/10/": cards("a"), "/2026/07/": cards("b")})
        assert found == ["a", "b"]
        assert asked[:4] == ["/2026/10/", "/2026/09/", "/2026/08/", "/2026/07/"]
        assert len(asked) == 3 + 15

    def test_what_is_older_than_wanted_is_not_walked(self):
        site = site_of('method = "listing"\nurl = "/l?page={page}"\nentry = ".e"')
        pages = {"/l?page=1": cards("a"), "/l?page=2": cards("b", day="1.8.2026")}
        assert walk(site, pages, date(2026, 9, 1)) == (["a", "b"], list(pages))

    @pytest.mark.parametrize(
        "entry",
        [
            '<li class=e data-url="/presse/a">A <b>1. Oktober 2026</b></li>',
            "<div class=e onclick=\"location.href='/presse/a'\">A 1.10.2026</div>",
            '<a class=e href="/presse/a">A <time datetime="2026-10-01">gestern früh</time></a>',
            '<div class=e><a href="#top">x</a><a href="/presse/a">A</a> vor 4 Tagen</div>',
        ],
    )
    def test_an_entry_names_address_and_day_in_many_ways(self, entry):
        (found,) = read(site_of('method = "listing"\nurl = "/l"\nentry = ".e"'), entry).candidates
        assert found.url == f"{ORIGIN}/presse/a"
        assert found.published in {date(2026, 10, 1), date(2026, 10, 4)}

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("Gestern", date(2026, 10, 4)),
            ("heute, 9 Uhr", TODAY),
            ("vor 3 Stunden", TODAY),
            ("vor einer Woche", date(2026, 9, 28)),
            ("demnächst", None),
        ],
    )
    def test_relative_days_are_those_of_fetching(self, text, day):
        site = site_of('method = "listing"\nurl = "/l"\nentry = ".e"\ndate = ["i"]')
        assert read(site, cards("a", day=text)).candidates[0].published == day

    def test_today_at_every_entry_is_no_date(self):
        site = site_of('method = "listing"\nurl = "/l"\nentry = ".e"')
        found = read(site, cards(*"abcdef", day="5.10.2026")).candidates
        assert {each.published for each in found} == {None}

    @pytest.mark.parametrize(
        ("page", "reason"),
        [
            ("<h1>Wartung</h1>", "it has no entry '.e'"),
            ('<a href="/presse/a">a</a>', "it has no entry '.e'"),
            ('<p class=e><a href="/kontakt">x</a>', "none of its 1 entries"),
        ],
    )
    def test_no_entry_recognised_is_an_error(self, page, reason):
        with pytest.raises(ParseError, match=reason):
            read(site_of('method = "listing"\nurl = "/l"\nentry = ".e"'), page)

    def test_a_path_narrows_what_counts(self):
        site = site_of("method = 'listing'\nurl = '/l'\nentry = '.e'\npath = '/b$'")
        assert [c.original for c in read(site, cards("a", "b")).candidates] == ["/presse/b"]

    def test_identity_may_stand_in_the_query(self):
        head = HEAD.replace("path = '^/presse/.+'", "path = '^/pm$'\nquery = ['id']")
        site = site_of("method = 'listing'\nurl = '/l'\nentry = 'li'", head=head)
        (found,) = read(site, '<li><a href="/pm?id=7&amp;lang=de">x</a>').candidates
        assert found.url == f"{ORIGIN}/pm?id=7"


class TestJson:
    SOURCE = """method = "json"\nurl = "/api?page={page}"\nitems = "data"\n"""

    def test_items_are_read_page_by_page(self):
        site = site_of(self.SOURCE + 'link = "json:url"\ndate = "json:at"')
        item = {"url": "/presse/a", "at": "2026-10-01 12:00:00"}
        pages = {
            "/api?page=1": json.dumps({"data": [item]}),
            "/api?page=2": json.dumps({"data": [{"url": "/presse/b"}]}),
            "/api?page=3": '{"data": []}',
        }
        assert walk(site, pages) == (["a", "b"], list(pages))
        assert read(site, pages["/api?page=1"]).candidates[0].published == date(2026, 10, 1)

    def test_the_total_ends_the_walk(self):
        source = 'method = "json"\nurl = "/api?from={skip}"\nitems = "data"\ntotal = "n"'
        site = site_of(source + '\nlink = "json:url"')
        pages = {
            f"/api?from={n}": json.dumps({"n": 2, "data": [{"url": f"/presse/{n}"}]})
            for n in range(2)
        }
        assert walk(site, pages) == (["0", "1"], list(pages))

    def test_an_item_may_be_had_from_the_interface(self):
        head = HEAD.replace(
            "path = '^/presse/.+'",
            f"""path = '^/presse$'
            fragment = '/item/\\d+'
            template = '{ORIGIN}/presse#/item/{{id}}'""",
        )
        site = site_of(self.SOURCE + 'item_id = "id"\nitem_url = "/api/item/{id}"', head=head)
        (found,) = read(site, '{"data": [{"id": 7}]}').candidates
        assert found.url == f"{ORIGIN}/presse#/item/7"
        assert found.fetch_url == f"{ORIGIN}/api/item/7"

    def test_what_is_posted_may_hold_the_page(self):
        source = 'method = "json"\nurl = "/api"\nitems = "r"\nlink = "json:u"\n'
        site = site_of(source + 'payload = { page = "{page}", q = "Seite {page}" }')
        assert first(site).request.payload == {"page": 1, "q": "Seite 1"}
        body = '{"r": [{"u": "/presse/a"}]}'
        (step,) = read(site, body).steps
        assert step.request.payload == {"page": 2, "q": "Seite 2"}

    def test_search_words_are_asked_one_after_the_other(self):
        source = 'method = "json"\nurl = "/api?q={word}"\nitems = "[]"\n'
        site = site_of(source + 'parameters = { a = "Rat", b = "Bau" }')
        asked = [step.request.url for step in source_steps(site, site.sources[0], TODAY)]
        assert asked == [f"{ORIGIN}/api?q=Rat", f"{ORIGIN}/api?q=Bau"]

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ("<html>", "does not answer with JSON"),
            ("[" * 100_000, "does not answer with JSON"),
            ('{"x": 1}', "no list at 'data'"),
            ('{"data": []}', "is empty"),
            ('{"data": [{"url": "/kontakt"}, 7, null]}', "none of the 3 items"),
        ],
    )
    def test_what_names_no_release_is_an_error(self, body, reason):
        with pytest.raises(ParseError, match=reason):
            read(site_of(self.SOURCE), body)

    def test_a_list_in_an_attribute(self):
        source = """method = "json_in_attribute"\nurl = "/l"\nentry = "table"
            attribute = "data-entities"\nitems = "data"\ndate = "json:datum"
            link = [{ json = "name", pattern = 'href="([^"]+)"' }]"""
        rows = {"data": [{"name": '<a href="/presse/a">A</a>', "datum": "01.10.2026"}]}
        escaped = json.dumps(rows).replace('"', "&quot;")
        found = read(site_of(source), f'<table data-entities="{escaped}"></table>').candidates
        assert [(c.url, c.published) for c in found] == [(f"{ORIGIN}/presse/a", date(2026, 10, 1))]
        with pytest.raises(ParseError, match="no element 'table'"):
            read(site_of(source), "<p>neu gebaut</p>")


class TestChain:
    SOURCE = 'method = "chain"\nurl = "/news"\nnext = ["a.prev@href"]'

    def test_each_release_leads_to_the_one_before(self):
        pages = {
            "/news": '<a href="/presse/c">c</a>',
            "/presse/c": '<a class=prev href="b">b</a>',
            "/presse/b": '<a class=prev href="a">a</a>',
            "/presse/a": "<p>die erste</p>",
        }
        assert walk(site_of(self.SOURCE), pages) == (["c", "b", "a"], list(pages))

    def test_a_circle_ends(self):
        pages = {
            "/news": '<a href="/presse/b">b</a>',
            "/presse/b": '<a class=prev href="a">a</a>',
            "/presse/a": '<a class=prev href="b">b</a>',
        }
        assert walk(site_of(self.SOURCE), pages)[0] == ["b", "a"]

    def test_a_beginning_without_a_release_is_an_error(self):
        with pytest.raises(ParseError, match="links no release"):
            read(site_of(self.SOURCE), "<a href='/kontakt'>x</a>")


class TestSitemap:
    def test_a_path_narrows_what_counts(self):
        site = site_of("method = 'sitemap'\nurl = '/map.xml'\npath = '/2026/'")
        urls = "".join(f"<url><loc>{ORIGIN}/presse/{year}/a</loc></url>" for year in (2025, 2026))
        (found,) = read(site, f"<urlset>{urls}</urlset>", content_type="text/xml").candidates
        assert found.url == f"{ORIGIN}/presse/2026/a"


class TestFurtherPages:
    """What leads on where no number can be put into an address."""

    ENTRY = '<li><a href="/presse/{0}">{0}</a></li>'

    def page(self, names, more=""):
        return f"<ul>{''.join(self.ENTRY.format(name) for name in names)}</ul>{more}"

    def test_numbered_links_are_followed_one_by_one(self):
        site = site_of('method = "listing"\nurl = "/liste"\nentry = "li"\npager = ".seiten"')
        pager = '<p class="seiten"><a href="/liste">1</a><a href="?p=2&s=x">2</a> {}</p>'
        third = pager.format('<a href="?p=3&s=y" aria-label="Seite 3">3</a>')
        pages = {
            "/liste": self.page("ab", third),
            "/liste?p=2&s=x": self.page("cd", third),
            "/liste?p=3&s=y": self.page("ef", third),
        }
        assert walk(site, pages) == (list("abcdef"), list(pages))

    def test_an_archive_by_months_whose_pages_have_a_next_one(self):
        site = site_of(
            'method = "listing"\nurl = "/{year}/{month_name}/{month_number}"\nentry = "li"\n'
            'next = ["a.weiter@href"]\nsince = 2026'
        )
        pages = {
            "/2026/oktober/10": self.page("ab", '<a class="weiter" href="/2026/oktober/10?p=2">'),
            "/2026/oktober/10?p=2": self.page("c"),
            "/2026/september/9": self.page("d"),
        }
        found, asked = walk(site, pages)
        assert (found, len(asked)) == (list("abcd"), 11)
        assert asked[-1] == "/2026/januar/1"

    def test_a_json_answer_names_the_next_one(self):
        site = site_of('method = "json"\nurl = "/a"\nitems = "i"\nnext = ["json:weiter"]')
        pages = {
            "/a": json.dumps({"i": [{"url": "/presse/a"}], "weiter": "/a?b=2"}),
            "/a?b=2": json.dumps({"i": [{"url": "/presse/b"}], "weiter": "/a?b=2"}),
        }
        assert walk(site, pages) == (["a", "b"], ["/a", "/a?b=2"])

    def test_a_bad_request_after_the_last_page_is_its_end(self):
        site = site_of('method = "json"\nurl = "/a?page={page}"\nitems = "[]"')
        step = first(site)
        assert step.missing == frozenset()
        (after,) = step.read(answer('[{"url": "/presse/a"}]', step.request.url)).steps
        assert (after.optional, 400 in after.missing) == (True, True)
