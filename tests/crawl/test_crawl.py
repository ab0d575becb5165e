"""The whole pipeline against the replica, a real server on loopback."""

import dataclasses
import json
from datetime import date, timedelta

import pytest

from scraper.archive import Archive
from scraper.archive.read import read_article, read_capture, statistics
from scraper.demo.faults import Faults
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import RobotsForbid, SiteUnreachable, UsageError
from scraper.extract.extract import extract
from scraper.sites import get_site
from tests.support.as_read import as_read
from tests.support.loopback import Answer, Loopback
from tests.support.replica import Watcher, articles_asked, crawl, dump, rows
from tests.support.small import SEARCH, Small

SIZE = 30
LATER = timedelta(days=200)


@pytest.fixture
def replica():
    with ReplicaServer(Newsroom(SIZE), navigation_bytes=200) as server:
        yield server


def urls_of(directory):
    return {row["url"] for row in rows(directory, "SELECT url FROM articles")}


def expected_urls(replica):
    return {replica.article(n).url for n in range(SIZE)}


def test_a_first_crawl_is_complete_and_right(replica, tmp_path):
    report = crawl(tmp_path, replica.base_url)
    assert (report.exit_code, report.new, report.failed, report.found) == (0, SIZE, 0, SIZE)
    assert urls_of(tmp_path) == expected_urls(replica)
    with Archive.open_existing(tmp_path) as archive:
        for row in archive.rows("SELECT id, url FROM articles"):
            expected = replica.article(Newsroom(SIZE).index_of(row["url"]))
            stored = read_article(archive, row["id"])
            blocks = tuple(quote for quote in stored.quotes if quote.kind == "block")
            assert dataclasses.replace(stored, quotes=blocks) == as_read(expected)


@pytest.mark.parametrize("path", [SEARCH, "/newsroom/"])
def test_a_listing_that_comes_empty_is_asked_for_again(tmp_path, path):
    with Loopback() as server:
        site = Small(server)
        site.put(*(f"{n}.html" for n in range(SIZE)))  # more than the newsroom page shows
        whole, hiccups = server.script, [Answer(200, {"Content-Type": "text/html"})]
        server.script = lambda ask: hiccups.pop() if ask.path == path and hiccups else whole(ask)
        report = crawl(tmp_path, server.url)
        asked = [ask.path for ask in server.asks].count(path)
    assert (report.exit_code, report.new, report.warnings) == (0, SIZE, [])
    assert asked == 2


def test_each_article_is_fetched_once_whatever_lists_it(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    pages = [path for _method, path, status in replica.requests if status == 200]
    articles = [path for path in pages if path.endswith(".html")]
    assert len(articles) == len(set(articles)) == SIZE


def test_the_page_behind_every_article_is_kept(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    with Archive.open_existing(tmp_path) as archive:
        for row in archive.rows("SELECT id FROM articles"):
            stored = read_article(archive, row["id"])
            again = extract(read_capture(archive, row["id"]), get_site("dortmund"))
            # The district may have come from the listing.
            assert dataclasses.replace(again, district=stored.district) == stored


def test_a_second_crawl_changes_nothing_but_last_seen(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    before = dump(tmp_path, without={"last_seen", "listed_in"})
    seen = rows(tmp_path, "SELECT min(last_seen) AS t FROM articles")[0]["t"]
    report = crawl(tmp_path, replica.base_url, after=timedelta(hours=1))
    assert (report.new, report.changed, report.unchanged) == (0, 0, 0)
    assert dump(tmp_path, without={"last_seen", "listed_in"}) == before
    assert rows(tmp_path, "SELECT min(last_seen) AS t FROM articles")[0]["t"] > seen


def test_a_full_crawl_of_unchanged_pages_adds_no_version(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    replica.touch_templates()
    report = crawl(tmp_path, replica.base_url, after=timedelta(hours=1), full=True)
    assert (report.unchanged, report.changed) == (SIZE, 0)
    assert rows(tmp_path, "SELECT count(*) AS n FROM revisions")[0]["n"] == SIZE
    assert rows(tmp_path, "SELECT count(*) AS n FROM captures")[0]["n"] == SIZE


def test_what_is_due_is_checked_again(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    assert crawl(tmp_path, replica.base_url, after=LATER).unchanged == SIZE


def test_edit_deletion_and_return_are_events(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    url = replica.edit(2, text="Der Termin ist verschoben, Näheres folgt.").url
    assert crawl(tmp_path, replica.base_url, after=LATER).changed == 1
    replica.delete(2)
    assert crawl(tmp_path, replica.base_url, after=2 * LATER).missing == 1
    assert rows(tmp_path, "SELECT count(gone_at) AS n FROM articles")[0]["n"] == 0
    assert crawl(tmp_path, replica.base_url, after=3 * LATER).gone == 1
    replica.restore(2)
    crawl(tmp_path, replica.base_url, after=4 * LATER)
    events = rows(
        tmp_path,
        "SELECT e.kind FROM events e JOIN articles a ON a.id = e.article_id "
        f"WHERE a.url = '{url}' ORDER BY e.id",
    )
    assert [event["kind"] for event in events][:4] == ["new", "changed", "gone", "back"]
    numbers = rows(tmp_path, "SELECT max(number) AS n FROM revisions")
    assert numbers[0]["n"] >= 2


def test_a_gone_article_keeps_its_text(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    before = rows(tmp_path, "SELECT url, text FROM articles ORDER BY url")
    replica.delete(1)
    for number in (1, 2):
        crawl(tmp_path, replica.base_url, after=number * LATER)
    assert rows(tmp_path, "SELECT url, text FROM articles ORDER BY url") == before


@pytest.mark.parametrize(
    "faults",
    [
        Faults(unavailable_first=True),
        Faults(fail_every=10),
        Faults(truncate_every=7),
        Faults(drop_every=7),
        Faults(too_many_every=5, retry_after_seconds=0),
        Faults(too_many_every=5, retry_after_seconds=0, retry_after_as_date=True),
        Faults(sitemap_missing=True),
        Faults(unsorted_search=True),
    ],
    ids=lambda faults: ",".join(
        field.name
        for field in dataclasses.fields(faults)
        if getattr(faults, field.name) != field.default
    ),
)
def test_a_troubled_server_is_archived_completely(replica, tmp_path, faults):
    replica.faults = faults
    report = crawl(tmp_path, replica.base_url)
    assert (report.exit_code, report.failures) == (0, [])
    assert urls_of(tmp_path) == expected_urls(replica)


def test_a_broken_source_costs_a_warning(replica, tmp_path):
    replica.faults = Faults(search_status=500)
    report = crawl(tmp_path, replica.base_url)
    assert report.exit_code == 0
    assert any("search" in warning for warning in report.warnings)
    assert urls_of(tmp_path) == expected_urls(replica)


def test_without_a_complete_source_the_run_says_so(replica, tmp_path):
    replica.faults = Faults(search_status=500, sitemap_missing=True)
    report = crawl(tmp_path, replica.base_url)
    assert report.exit_code == 3
    assert any("No complete listing" in warning for warning in report.warnings)
    # The slider of each article leads on to others.
    assert len(urls_of(tmp_path)) > 15


def test_robots_that_forbid_end_the_run(replica, tmp_path):
    replica.faults = Faults(forbid_robots=True)
    with pytest.raises(RobotsForbid):
        crawl(tmp_path, replica.base_url)
    assert urls_of(tmp_path) == set()
    assert rows(tmp_path, "SELECT exit_code FROM runs") == [{"exit_code": 4}]


def test_a_rebuilt_site_is_noticed_and_stored_nowhere(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    memory = {"last_seen", "failures", "error", "next_check", "listed_in", "tried_in"}
    before = dump(tmp_path, without=memory)
    replica.faults = Faults(drifted=True)
    report = crawl(tmp_path, replica.base_url, after=LATER, full=True)
    assert report.exit_code == 5
    assert any("rebuilt" in warning for warning in report.warnings)
    after = dump(tmp_path, without=memory)
    assert {**after, "captures": []} == {**before, "captures": []}
    kept = rows(tmp_path, "SELECT count(*) AS n FROM captures WHERE error IS NOT NULL")
    assert kept[0]["n"] == SIZE


def test_nobody_answering_is_told_apart(tmp_path):
    with ReplicaServer(Newsroom(2), navigation_bytes=200) as server:
        address = server.base_url
    with pytest.raises(SiteUnreachable, match="cannot be reached"):
        crawl(tmp_path, address)


def test_a_server_that_dies_half_way_leaves_the_rest_for_the_next_run(replica, tmp_path):
    class Killer(Watcher):
        def page(self, url, outcome, done, total):
            super().page(url, outcome, done, total)
            if done == 10:
                replica.faults = Faults(drop_every=1)

    report = crawl(tmp_path, replica.base_url, watcher=Killer(), max_tries=2)
    assert report.exit_code == 3
    assert report.new == 10
    assert "did not answer" in report.ended_early
    replica.faults = Faults()
    report = crawl(tmp_path, replica.base_url, after=timedelta(hours=1))
    assert report.exit_code == 0
    assert urls_of(tmp_path) == expected_urls(replica)


def test_an_interrupted_run_goes_on_where_it_stopped(replica, tmp_path):
    report = crawl(tmp_path, replica.base_url, watcher=Watcher(stop_after=7))
    assert (report.exit_code, report.ended_early) == (3, "it was interrupted")
    assert report.new == 7
    again = crawl(tmp_path, replica.base_url)
    assert (again.exit_code, report.new + again.new) == (0, SIZE)
    asked = articles_asked(replica)
    assert len(asked) == len(set(asked))  # what was fetched was stored, too


def test_limit_takes_the_newest(replica, tmp_path):
    assert crawl(tmp_path, replica.base_url, limit=5).new == 5
    assert urls_of(tmp_path) == {replica.article(n).url for n in range(5)}


def test_since_leaves_older_articles_out(replica, tmp_path):
    since = date.fromisoformat(replica.article(10).published[:10])
    crawl(tmp_path, replica.base_url, since=since)
    published = [row["published"] for row in rows(tmp_path, "SELECT published FROM articles")]
    expected = {
        replica.article(n).published
        for n in range(SIZE)
        if replica.article(n).published[:10] >= since.isoformat()
    }
    assert set(published) == expected


def test_since_does_not_hide_articles_from_a_later_run(replica, tmp_path):
    crawl(tmp_path, replica.base_url, since=date.fromisoformat(replica.article(3).published[:10]))
    crawl(tmp_path, replica.base_url)
    assert urls_of(tmp_path) == expected_urls(replica)


def test_a_failing_page_is_kept_with_its_error_and_tried_again(replica, tmp_path):
    broken = replica.article(4)
    replica.replace(4, dataclasses.replace(broken, title=""))
    report = crawl(tmp_path, replica.base_url)
    if report.failed:  # a page without headline is no article
        assert report.exit_code == 3
        kept = rows(tmp_path, "SELECT url, error FROM captures WHERE error IS NOT NULL")
        assert [row["url"] for row in kept] == [broken.url]
        replica.restore(4)
        assert crawl(tmp_path, replica.base_url).new == 1


def test_invented_releases_are_not_mixed_with_real_ones(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    with Archive.open(tmp_path) as archive, archive.transaction() as db:
        db.execute("UPDATE runs SET source = 'live'")
    with pytest.raises(UsageError, match="mixed"):
        crawl(tmp_path, replica.base_url)


def test_statistics_count_what_was_stored(replica, tmp_path):
    crawl(tmp_path, replica.base_url)
    with Archive.open_existing(tmp_path) as archive:
        figures = statistics(archive)
    assert figures["articles"] == SIZE == sum(month["articles"] for month in figures["months"])
    assert figures["fill_rate"]["content_id"] == 1.0
    assert 0 < figures["fill_rate"]["lead"] < 1
    assert figures["runs"][0]["new"] == SIZE
    json.dumps(figures)
