"""What a run costs: the new and the due, not the archive. And what it does not believe."""

from datetime import date, timedelta
from statistics import median

import pytest

from scraper.archive import Archive, begin_run
from scraper.decide.revisit import RevisitPolicy
from scraper.demo.faults import Faults
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import CrawlRunning
from tests.support.loopback import Answer
from tests.support.replica import START, Watcher, crawl, rows
from tests.support.small import FOLDER, ORIGIN, page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Meter(Watcher):
    """Counts the steps of SQLite's virtual machine, in tens, from page to page."""

    def __init__(self):
        super().__init__()
        self._steps = 0
        self.by_page = []

    def watch(self, archive):
        archive.db.conn.set_progress_handler(self._step, 10)
        return archive

    def _step(self):
        self._steps += 1
        return 0

    def page(self, *args):
        super().page(*args)
        self.by_page.append(self._steps)
        self._steps = 0


def names(directory, where="true"):
    found = rows(directory, f"SELECT url FROM articles WHERE {where} ORDER BY url")
    return [row["url"].rpartition("/")[2] for row in found]


def test_a_new_page_costs_the_database_as_much_in_a_large_archive(tmp_path, monkeypatch):
    meter, open_archive = Meter(), Archive.open
    monkeypatch.setattr(Archive, "open", lambda directory: meter.watch(open_archive(directory)))
    with ReplicaServer(Newsroom(300), navigation_bytes=200) as server:
        crawl(tmp_path, server.base_url, watcher=meter)
    early, late = median(meter.by_page[20:50]), median(meter.by_page[-30:])
    assert 20 < late < 1.3 * early


class TestListing:
    @pytest.mark.parametrize("size", [30, 250])
    def test_nothing_new_takes_two_requests_whatever_the_archive_holds(self, size, tmp_path):
        with ReplicaServer(Newsroom(size), navigation_bytes=200) as server:
            crawl(tmp_path, server.base_url)
            asked = len(server.requests)
            report = crawl(tmp_path, server.base_url, after=HOUR)
            requests = server.requests[asked:]
        assert (report.exit_code, report.new, report.unchanged) == (0, 0, 0)
        assert [path for _method, path, _status in requests if path != "/robots.txt"] == [
            "/api/search/proxy/search",
            "/newsroom/",
        ]

    def test_what_is_new_is_found(self, small, tmp_path):
        small.put(*(f"{n:03}.html" for n in range(40)))
        crawl(tmp_path, small.url)
        small.fetched()
        small.put("neu.html")
        assert crawl(tmp_path, small.url, after=HOUR).new == 1
        assert small.fetched() == [("neu.html", 200)]

    def test_a_front_page_of_news_means_a_gap(self, tmp_path):
        """The search lists old articles first, the front page shows only new ones."""
        with ReplicaServer(Newsroom(200), navigation_bytes=200) as server:
            server.faults = Faults(unsorted_search=True)
            for n in range(60):
                server.delete(n)
            assert crawl(tmp_path, server.base_url).new == 140
            for n in range(60):
                server.restore(n)
            assert crawl(tmp_path, server.base_url, after=HOUR).new == 60

    def test_a_source_that_breaks_means_a_complete_walk(self, tmp_path):
        with ReplicaServer(Newsroom(30), navigation_bytes=200) as server:
            crawl(tmp_path, server.base_url)
            server.faults = Faults(search_status=500)
            report = crawl(tmp_path, server.base_url, after=HOUR)
            assert any("sitemap" in path for _method, path, _status in server.requests)
        assert report.exit_code == 0
        assert rows(tmp_path, "SELECT listing FROM runs") == [{"listing": "complete"}] * 2

    def test_once_a_week_everything_is_listed_again(self, small, tmp_path):
        small.put("a.html")
        for after in (0, 1, 6, 8, 9):
            crawl(tmp_path, small.url, after=after * DAY)
        listings = [row["listing"] for row in rows(tmp_path, "SELECT listing FROM runs")]
        assert listings == ["complete", "newest", "newest", "complete", "newest"]

    def test_a_listing_since_a_day_does_not_stand_for_all(self, small, tmp_path):
        small.put("alt.html", published="2020-01-01T10:00:00+01:00")
        small.put("neu.html")
        crawl(tmp_path, small.url, since=date(2026, 1, 1))
        assert names(tmp_path) == ["neu.html"]
        crawl(tmp_path, small.url, after=HOUR)
        assert names(tmp_path) == ["alt.html", "neu.html"]
        listings = rows(tmp_path, "SELECT listing, listing_since AS since FROM runs")
        assert listings == [
            {"listing": "complete", "since": "2026-01-01"},
            {"listing": "complete", "since": None},
        ]

    def test_an_interrupted_listing_is_walked_again(self, small, tmp_path):
        small.put(*(f"{n:03}.html" for n in range(150)))
        watcher = Watcher()
        watcher.listed = lambda _source, _found: watcher.stop.set()
        crawl(tmp_path, small.url, watcher=watcher)
        assert rows(tmp_path, "SELECT listing FROM runs") == [{"listing": None}]
        assert crawl(tmp_path, small.url, after=HOUR).new == 150


class TestConditionalRequests:
    @pytest.fixture
    def known(self, small, tmp_path):
        small.validators = True
        small.put("a.html")
        crawl(tmp_path, small.url)
        small.fetched()
        return small

    def test_every_fifth_check_is_a_full_one(self, known, tmp_path):
        for number in range(1, 11):
            report = crawl(tmp_path, known.url, after=number * 100 * DAY)
            assert (report.unchanged, report.changed) == (1, 0)
        statuses = [status for _name, status in known.fetched()]
        assert statuses == ([304] * 4 + [200]) * 2

    def test_a_wrong_304_hides_an_edit_for_four_checks_at_most(self, known, tmp_path):
        known.always_304 = True
        known.put("a.html", text="Heimlich geändert.")
        changed = [
            crawl(tmp_path, known.url, after=number * 100 * DAY).changed for number in range(1, 6)
        ]
        assert changed == [0, 0, 0, 0, 1]

    def test_an_edit_is_seen_at_once_by_an_honest_server(self, known, tmp_path):
        known.put("a.html", text="Geändert.")
        assert crawl(tmp_path, known.url, after=100 * DAY).changed == 1

    def test_full_believes_no_304(self, known, tmp_path):
        known.always_304 = True
        known.put("a.html", text="Heimlich geändert.")
        assert crawl(tmp_path, known.url, after=HOUR, full=True).changed == 1

    def test_a_check_by_304_is_a_check(self, known, tmp_path):
        crawl(tmp_path, known.url, after=100 * DAY)
        (row,) = rows(tmp_path, "SELECT last_seen FROM revisions")
        assert row["last_seen"] == (START + 100 * DAY).isoformat()
        crawl(tmp_path, known.url, after=100 * DAY + HOUR)
        assert [status for _name, status in known.fetched()] == [304]

    def test_a_page_that_was_missing_is_asked_for_whole(self, known, tmp_path):
        page = known.pages.pop(FOLDER + "a.html")
        known.put("b.html")
        crawl(tmp_path, known.url, after=100 * DAY)
        known.pages[FOLDER + "a.html"] = page
        crawl(tmp_path, known.url, after=200 * DAY)
        asked = [status for name, status in known.fetched() if name == "a.html"]
        assert asked == [404, 200]


class TestRechecks:
    def test_the_young_are_looked_at_often_and_the_old_seldom(self, small, tmp_path):
        small.put("jung.html", published="2026-10-04T13:00:00+02:00")
        small.put("alt.html", published="2020-10-04T13:00:00+02:00")
        crawl(tmp_path, small.url)
        small.fetched()
        crawl(tmp_path, small.url, after=2 * HOUR)
        assert small.fetched() == []
        crawl(tmp_path, small.url, after=4 * HOUR)
        assert small.fetched() == [("jung.html", 200)]
        crawl(tmp_path, small.url, after=91 * DAY)
        assert sorted(small.fetched()) == [("alt.html", 200), ("jung.html", 200)]

    def test_an_edited_article_is_watched_again(self, small, tmp_path):
        small.put("alt.html", published="2020-10-04T13:00:00+02:00")
        crawl(tmp_path, small.url)
        small.put("alt.html", published="2020-10-04T13:00:00+02:00", text="Neu.")
        assert crawl(tmp_path, small.url, after=91 * DAY).changed == 1
        small.fetched()
        crawl(tmp_path, small.url, after=91 * DAY + 4 * HOUR)
        assert small.fetched() == [("alt.html", 200)]

    def test_the_schedule_is_the_users(self, small, tmp_path):
        small.put("alt.html", published="2020-10-04T13:00:00+02:00")
        crawl(tmp_path, small.url, policy=RevisitPolicy(longest=DAY))
        small.fetched()
        crawl(tmp_path, small.url, after=25 * HOUR)
        assert small.fetched() == [("alt.html", 200)]

    def test_what_keeps_failing_is_tried_less_often(self, small, tmp_path):
        small.put("gut.html")
        small.pages[FOLDER + "kaputt.html"] = Answer(403)
        codes = [crawl(tmp_path, small.url, after=n * timedelta(minutes=1)).exit_code
                 for n in range(6)]  # fmt: skip
        assert codes == [3, 3, 3, 3, 0, 0]
        assert crawl(tmp_path, small.url, after=4 * HOUR).exit_code == 3

    def test_what_fails_comes_last(self, small, tmp_path):
        small.pages[FOLDER + "kaputt.html"] = Answer(403)
        crawl(tmp_path, small.url)
        small.put("neu.html")
        small.fetched()
        crawl(tmp_path, small.url, after=HOUR)
        assert small.fetched() == [("neu.html", 200), ("kaputt.html", 403)]


class TestVanishing:
    @pytest.fixture
    def ten(self, small, tmp_path):
        small.put(*(f"{n}.html" for n in range(10)))
        crawl(tmp_path, small.url)
        return small

    def take_off(self, small, *numbers):
        for number in numbers:
            del small.pages[f"{FOLDER}{number}.html"]

    def test_a_page_or_two_are_believed_at_the_second_look(self, ten, tmp_path):
        self.take_off(ten, 3, 4)
        assert crawl(tmp_path, ten.url, after=100 * DAY).missing == 2
        report = crawl(tmp_path, ten.url, after=101 * DAY)
        assert (report.exit_code, report.gone) == (0, 2)
        assert names(tmp_path, "gone_at IS NOT NULL") == ["3.html", "4.html"]

    def test_many_at_once_are_an_outage_and_change_nothing(self, ten, tmp_path):
        self.take_off(ten, *range(5))
        before = rows(tmp_path, "SELECT url, missing_since, last_checked FROM candidates")
        for number in (100, 101, 102):
            report = crawl(tmp_path, ten.url, after=number * DAY, full=True)
            assert (report.exit_code, report.missing, report.gone) == (5, 0, 0)
            assert "5 of 10 known articles are missing at once" in report.outage
        after = rows(tmp_path, "SELECT url, missing_since, last_checked FROM candidates")
        assert after[:5] == before[:5]
        assert names(tmp_path, "gone_at IS NULL") == [f"{n}.html" for n in range(10)]

    def test_an_outage_at_the_second_look_takes_nothing_either(self, ten, tmp_path):
        self.take_off(ten, 0)
        crawl(tmp_path, ten.url, after=100 * DAY, full=True)
        self.take_off(ten, *range(1, 9))
        assert crawl(tmp_path, ten.url, after=101 * DAY, full=True).exit_code == 5
        assert names(tmp_path, "gone_at IS NOT NULL") == []

    def test_accepted_by_the_user_they_are_gone(self, ten, tmp_path):
        self.take_off(ten, *range(5))
        for number in (100, 101):
            report = crawl(tmp_path, ten.url, after=number * DAY, full=True, accept_gone=True)
            assert report.exit_code == 0
        assert len(names(tmp_path, "gone_at IS NOT NULL")) == 5

    def test_new_articles_of_such_a_run_are_kept(self, ten, tmp_path):
        self.take_off(ten, *range(9))
        ten.put("neu.html")
        report = crawl(tmp_path, ten.url, after=100 * DAY, full=True)
        assert (report.exit_code, report.new) == (5, 1)

    def test_a_dead_site_is_not_asked_for_every_page(self, small, tmp_path):
        small.put(*(f"{n}.html" for n in range(80)))
        crawl(tmp_path, small.url)
        listed = dict(small.pages)
        small.pages = {path: Answer(404) for path in listed}
        small.fetched()
        report = crawl(tmp_path, small.url, after=100 * DAY, full=True)
        assert (report.exit_code, len(small.fetched())) == (5, 50)
        assert "missing" in report.ended_early

    def test_an_address_that_leads_to_another_release_has_vanished(self, ten, tmp_path):
        ten.put("neu.html", title="Etwas ganz anderes", published="2026-09-01T08:00:00+02:00")
        crawl(tmp_path, ten.url, after=100 * DAY)
        self.take_off(ten, 3)
        ten.moved = {FOLDER + "3.html": FOLDER + "neu.html"}
        assert crawl(tmp_path, ten.url, after=200 * DAY).missing == 1
        assert crawl(tmp_path, ten.url, after=201 * DAY).gone == 1
        assert names(tmp_path, "gone_at IS NOT NULL") == ["3.html"]
        assert len(names(tmp_path)) == 11

    def test_also_if_that_one_was_not_known(self, ten, tmp_path):
        self.take_off(ten, 3)
        ten.pages["/newsroom/presse-mitteilungen/neu.html"] = page(
            "/newsroom/presse-mitteilungen/neu.html",
            title="Etwas ganz anderes",
            published="2026-09-01T08:00:00+02:00",
        )
        ten.moved = {FOLDER + "3.html": "/newsroom/presse-mitteilungen/neu.html"}
        assert crawl(tmp_path, ten.url, after=200 * DAY).missing == 1
        report = crawl(tmp_path, ten.url, after=201 * DAY)
        assert (report.gone, report.new) == (1, 1)
        assert names(tmp_path, "gone_at IS NOT NULL") == ["3.html"]

    def test_gone_and_listed_again_is_looked_at_at_once(self, ten, tmp_path):
        page = ten.pages[FOLDER + "3.html"]
        self.take_off(ten, 3)
        for number in (100, 101):
            crawl(tmp_path, ten.url, after=number * DAY)
        ten.pages[FOLDER + "3.html"] = page
        report = crawl(tmp_path, ten.url, after=101 * DAY + timedelta(minutes=1))
        assert report.unchanged == 1
        kinds = rows(
            tmp_path,
            "SELECT e.kind FROM events e JOIN articles a ON a.id = e.article_id "
            f"WHERE a.url = '{ORIGIN}{FOLDER}3.html' ORDER BY e.id",
        )
        assert [row["kind"] for row in kinds] == ["new", "gone", "back"]


class TestLease:
    def lease(self, directory, host, seen):
        with Archive.open(directory) as archive:
            run_id = begin_run(archive, "dortmund", "demo", START)
            with archive.transaction() as db:
                db.execute(
                    "UPDATE runs SET host = ?, seen_at = ? WHERE id = ?",
                    [host, seen.isoformat(), run_id],
                )

    def test_a_run_on_another_machine_is_respected(self, small, tmp_path):
        self.lease(tmp_path, "elsewhere", START)
        small.put("a.html")
        with pytest.raises(CrawlRunning, match=r"since 2026-10-04T12:00:00\+00:00 .* elsewhere"):
            crawl(tmp_path, small.url, after=timedelta(minutes=10))
        assert small.fetched() == []

    def test_until_its_lease_has_run_out(self, small, tmp_path):
        self.lease(tmp_path, "elsewhere", START)
        small.put("a.html")
        assert crawl(tmp_path, small.url, after=timedelta(minutes=16)).new == 1

    def test_a_dead_run_of_this_machine_holds_nothing(self, small, tmp_path):
        with Archive.open(tmp_path) as archive:
            begin_run(archive, "dortmund", "demo", START)
        small.put("a.html")
        assert crawl(tmp_path, small.url).new == 1
