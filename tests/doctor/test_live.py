"""A look at the site, against the replica: what it says, how much it asks, that nothing is kept."""

import dataclasses
from datetime import date

import pytest

from scraper.crawl.one_page import polite_client
from scraper.demo.faults import Faults
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.doctor.live import SAMPLE, check_listings_agree, check_site
from scraper.records import Candidate
from tests.support.loopback import Answer

TODAY = date(2026, 10, 4)
USUAL = {"published": 1.0, "tags": 0.97, "content_id": 1.0, "videos": 0.1}


@pytest.fixture
def replica():
    with ReplicaServer(Newsroom(30, seed=7), navigation_bytes=200) as server:
        yield server


def look(replica, shares=USUAL):
    site, client = polite_client("dortmund", replica.base_url, "test")
    with client:
        return list(check_site(site, client, TODAY, shares))


def named(checks, name):
    return [check for check in checks if check.name == name]


def without(replica, *numbers, **fields):
    for n in numbers:
        replica.replace(n, dataclasses.replace(replica.article(n), **fields))


def test_a_healthy_site(replica):
    checks = look(replica)
    assert {check.status for check in checks} == {"ok"}
    names = [check.name for check in checks]
    assert names[:3] == ["robots.txt", "search interface", "newsroom page"]
    assert names.count("article") == SAMPLE
    assert "the newest of 2026-10-02 (2 days)" in named(checks, "newsroom page")[0].detail
    assert all("layout dtm-2023" in check.detail for check in named(checks, "article"))
    served = [path for _method, path, status in replica.requests if status == 200]
    assert len(served) == 3 + SAMPLE


def test_rules_that_forbid_are_obeyed(replica):
    replica.faults = Faults(forbid_robots=True)
    (check,) = look(replica)
    assert (check.name, check.exit_code) == ("robots.txt", 4)
    assert "/newsroom/" in check.detail
    assert [path for _method, path, status in replica.requests if status == 200] == ["/robots.txt"]


def test_a_site_that_does_not_answer(replica):
    replica.faults = Faults(fail_every=1)
    (check,) = look(replica)
    assert check.exit_code == 4


def test_a_search_interface_that_is_down(replica):
    replica.faults = Faults(search_status=500)
    checks = look(replica)
    assert named(checks, "search interface")[0].exit_code == 4
    assert {check.status for check in named(checks, "article")} == {"ok"}


def test_another_layout_is_drift(replica):
    replica.faults = Faults(drifted=True)
    checks = named(look(replica), "article")
    assert [check.exit_code for check in checks] == [5] * SAMPLE


def test_dates_that_are_not_found_are_drift_unless_the_archive_has_none(replica):
    without(replica, 0, 1, published=None, published_raw=None)
    checks = named(look(replica), "article")
    assert [check.exit_code for check in checks] == [5, 5, 0]
    assert "published not found" in checks[0].detail
    checks = named(look(replica, {"published": 0.2}), "article")
    assert [check.exit_code for check in checks] == [0, 0, 0]


def test_one_odd_release_of_three_is_a_note(replica):
    without(replica, 1, published=None, published_raw=None)
    assert [check.status for check in named(look(replica), "article")] == ["ok", "note", "ok"]


def test_a_field_that_all_pages_of_the_archive_have_and_these_lack(replica):
    without(replica, *range(SAMPLE), content_id=None)
    (check,) = named(look(replica), "fields")
    assert check.exit_code == 5
    assert "none of these 3 pages has content_id (100% in the archive)" in check.detail
    (check,) = named(look(replica, {}), "fields")
    assert check.status == "note"


def test_a_page_that_is_listed_and_gone(replica):
    replica.faults = Faults(redirect_to_host="127.0.0.1:9")
    checks = named(look(replica), "article")
    assert [check.exit_code for check in checks] == [4] * SAMPLE


def listed(*days):
    """Releases of some days of October."""
    return [Candidate(f"https://x/{day}.html", "", "search", date(2026, 10, day)) for day in days]


def test_a_search_interface_that_lags_behind_the_newsroom_page_is_told():
    check = check_listings_agree(listed(1, 2), listed(2, 6))
    assert check.exit_code == 5
    assert "a release of 2026-10-06, the search interface none after 2026-10-02" in check.detail


@pytest.mark.parametrize(
    ("searched", "shown"),
    [((1, 2), (2, 5)), ((1, 6), (2, 6)), ((6, 7), (1, 2)), ((), (6,)), ((1,), ())],
)
def test_listings_that_agree_well_enough(searched, shown):
    assert check_listings_agree(listed(*searched), listed(*shown)) is None


def test_block_pages_are_no_drift(loopback):
    captcha = b"<html><head><title>Just a moment...</title></head><body>cf-challenge</body></html>"
    page = (
        '<dtm-teaser><a slot="link" href="/newsroom/nachrichten/a.html">A</a>'
        '<span slot="headline">A</span></dtm-teaser>'
    )

    def script(ask):
        if ask.path == "/newsroom/":
            return Answer(200, {"Content-Type": "text/html"}, page.encode())
        if ask.path.endswith(".html"):
            return Answer(200, {"Content-Type": "text/html"}, captcha)
        return Answer(404)

    loopback.script = script
    site, client = polite_client("dortmund", loopback.url, "test")
    with client:
        checks = list(check_site(site, client, TODAY, USUAL))
    assert [check.exit_code for check in named(checks, "article")] == [4]
