"""A crawl asks the sources of its site: which it walks, when it stops, what it says of gaps."""

import json

import pytest

from scraper.archive import Archive
from tests.support.loopback import Answer
from tests.support.replica import rows
from tests.support.standins import Drupal, Interface, Typo3

HEAD = 'name = "F"\nplatform = "typo3-news"\n'
ARTICLE = '[article]\nsections = ["/presse/detail/"]\n'
FEED = '[[sources]]\nmethod = "feed"\nurl = "/presse/rss.xml"\n'
LIST = """[[sources]]
method = "listing"
url = "/presse/?tx_news_pi1[currentPage]={page}"
entry = ".article"
complete = true
"""


@pytest.fixture
def there(loopback):
    return Typo3(loopback)


@pytest.fixture
def crawl(newsroom, loopback, tmp_path):
    def run(sources, *options, head=HEAD):
        text = f'{head}url = "{loopback.url}"\n{ARTICLE}{sources}'
        (tmp_path / "f.toml").write_text(text)
        code, out, err = newsroom("crawl", "--site", "f.toml", "--json", *options)
        return code, json.loads(out) if out else err

    return run


def test_a_source_that_stops_short_costs_a_warning_and_the_code(crawl, there):
    code, report = crawl(LIST + "most_requests = 2\n")
    assert (code, report["found"]) == (3, 16)
    assert any("after 2 requests" in warning for warning in report["warnings"])


def test_news_beyond_what_a_feed_shows_means_a_walk(crawl, there):
    whole, there.releases = there.releases, there.releases[12:]
    assert crawl(FEED + LIST)[1]["new"] == 13
    there.releases = whole
    code, report = crawl(FEED + LIST)
    assert (code, report["new"]) == (0, 12)


def test_a_feed_alone_says_that_there_may_be_a_gap(crawl, there):
    whole, there.releases = there.releases, there.releases[12:]
    crawl(FEED)
    there.releases = whole
    before = len(there.server.paths())
    code, report = crawl(FEED)
    assert (code, report["new"]) == (0, 10)
    assert any("missed in between" in warning for warning in report["warnings"])
    assert len(there.server.paths()) - before == 1 + 10


def test_nothing_new_ends_a_list_at_its_first_page(crawl, there):
    crawl(LIST)
    before = len(there.server.paths())
    code, report = crawl(LIST)
    assert (code, report["new"], len(there.server.paths()) - before) == (0, 0, 1)


def test_a_list_whose_markup_has_changed_is_loud(crawl, there):
    crawl(FEED + LIST)
    changed = LIST.replace('".article"', '".anders"')
    code, report = crawl(FEED + changed, "--full")
    assert (code, any("it has no entry '.anders'" in w for w in report["warnings"])) == (3, True)
    code, message = crawl(changed, "--full")
    assert (code, "has probably been rebuilt" in message) == (5, True)


def test_cookies_that_a_server_wants_are_sent(crawl, there, loopback):
    answer = loopback.script

    def script(ask):
        return answer(ask) if "ris=7" in ask.headers.get("cookie", "") else Answer(403)

    loopback.script = script
    assert crawl(FEED, head=HEAD + 'cookies = { ris = "7" }\n')[1]["new"] == 10


def test_a_first_crawl_of_what_nobody_has_verified_says_so(crawl, there):
    def told(report):
        return any("never been compared" in warning for warning in report["warnings"])

    assert told(crawl(FEED)[1])
    assert not told(crawl(FEED)[1])


def test_what_the_listing_said_counts_where_the_page_is_silent(crawl, there, newsroom, tmp_path):
    detail = there._detail
    there._detail = lambda release: detail(release).replace("<time", "<i").replace("</time", "</i")
    layout = '[layout]\npublished = ["feed:date"]\n'
    code, report = crawl(FEED + layout)
    assert (code, report["new"]) == (0, 10)
    found = rows(tmp_path / "data", "SELECT published FROM articles ORDER BY published DESC")
    days = [release.day.isoformat() for release in there.releases[:10]]
    assert [row["published"][:10] for row in found] == days
    assert json.loads(newsroom("reparse", "--json")[1])["changed"] == 0


def test_an_unknown_newsroom_is_reported_and_its_pages_stay(crawl, there, newsroom, tmp_path):
    crawl(FEED)
    with Archive.open(tmp_path / "data") as archive, archive.transaction() as db:
        db.execute("UPDATE sites SET file = ''")
    code, out, _err = newsroom("reparse", "--json")
    report = json.loads(out)
    assert (code, report["failed"], report["changed"]) == (3, 10, 0)
    assert "There is no site called 'f'" in report["failures"][0][1]
    assert newsroom("history", "1")[0] == 0
    assert newsroom("show", "1")[0] == 0


def test_all_newsrooms_of_an_archive_are_crawled(newsroom, loopback, tmp_path):
    there = Interface(loopback, 12)
    (tmp_path / "a.toml").write_text(there.file())
    assert newsroom("crawl", "--site", "a.toml")[0] == 0
    (tmp_path / "b.toml").write_text(there.file().replace("/api/items", "/api/nichts"))
    assert newsroom("crawl", "--site", "b.toml")[0] == 4
    code, out, _err = newsroom("crawl", "--json")
    report = json.loads(out)
    assert (code, report["exit_code"]) == (4, 4)
    assert [(run["site"], run["exit_code"]) for run in report["runs"]] == [("a", 0), ("b", 4)]
    code, out, _err = newsroom("doctor", "--json")
    assert code == 4  # that of the worst
    assert out.index('"b"') < out.index('"a"')


def test_pages_from_0_and_a_link_to_the_next_are_walked(newsroom, loopback, tmp_path):
    there = Drupal(loopback)
    (tmp_path / "d.toml").write_text(
        f"""name = "D"
url = "{there.url}"
platform = "drupal"
[article]
path = '^/[^/]+$'
marker = ".node--type-pressemitteilung"
[[sources]]
method = "listing"
url = "/pressemitteilungen"
next = ["a[rel=next]@href"]
entry = ".views-row"
complete = true
"""
    )
    code, out, _err = newsroom("crawl", "--site", "d.toml", "--json")
    assert (code, json.loads(out)["new"]) == (0, 25)
