"""A site that turns the crawler away, with status 200: noticed, reported, stored nowhere."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from scraper.errors import RobotsForbid, SiteUnreachable
from tests.hostile.newsroom import (
    ARTICLES,
    HTML,
    JSON,
    SEARCH,
    VICTIM,
    check_messages,
    check_sound,
    crawl,
    expected,
    stored,
)
from tests.markup.test_blockpage import BLOCK_PAGES
from tests.support.loopback import Answer
from tests.support.replica import rows

LATER = timedelta(days=100)
CHALLENGE = Answer(200, HTML, BLOCK_PAGES["cloudflare"][0].encode())
ERRORS = "SELECT url, error FROM captures WHERE error IS NOT NULL"
ARTICLE_ROWS = "SELECT url, title, text, fingerprint FROM articles ORDER BY id"


@pytest.mark.parametrize("kind", BLOCK_PAGES)
def test_one_block_page_is_a_failed_page(newsroom, tmp_path, kind):
    markup, what = BLOCK_PAGES[kind]
    newsroom.put(ARTICLES[VICTIM], Answer(200, HTML, markup.encode()))
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, report.failed, report.ended_early) == (3, 1, None)
    assert what in report.failures[0][1]
    assert stored(tmp_path) == expected(ARTICLES[VICTIM])
    check_messages(report)
    check_sound(tmp_path)


def test_a_known_release_is_not_overwritten(newsroom, tmp_path):
    crawl(newsroom, tmp_path)
    before = rows(tmp_path, ARTICLE_ROWS)
    for article in ARTICLES:
        newsroom.put(article, CHALLENGE)
    report = crawl(newsroom, tmp_path, after=LATER, full=True)
    assert report.exit_code == 4
    assert report.changed == 0
    assert rows(tmp_path, ARTICLE_ROWS) == before
    check_sound(tmp_path)


def test_five_in_a_row_end_the_run_with_one_kept_as_an_example(newsroom, tmp_path):
    for article in ARTICLES:
        newsroom.put(article, CHALLENGE)
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, report.failed, report.new) == (4, 5, 0)
    assert "5 block pages in a row (a challenge by Cloudflare)" in (report.ended_early or "")
    assert "turns the crawler away" in report.warnings[-1]
    assert "a challenge by Cloudflare" in report.warnings[-1]
    kept = rows(tmp_path, ERRORS)
    assert [row["url"] for row in kept] == [report.failures[0][0]]
    assert "block page" in str(kept[0]["error"])
    assert stored(tmp_path) == {}
    check_messages(report)
    check_sound(tmp_path)
    for article in ARTICLES:  # the site has let us in again
        newsroom.put(article, newsroom.well[article.url])
    again = crawl(newsroom, tmp_path, after=timedelta(hours=1))
    assert again.exit_code == 0
    assert stored(tmp_path) == expected()


def test_a_challenge_that_says_403_ends_the_run_just_so(newsroom, tmp_path):
    for article in ARTICLES:
        newsroom.put(article, dataclasses.replace(CHALLENGE, status=403))
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, report.failed, report.new) == (4, 5, 0)
    assert "a challenge by Cloudflare, HTTP 403" in (report.ended_early or "")


def test_a_plain_403_is_a_failed_page(newsroom, tmp_path):
    for article in ARTICLES:
        newsroom.put(article, Answer(403, HTML, b"<h1>Nicht hier</h1>"))
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, report.failed, report.ended_early) == (3, len(ARTICLES), None)


def test_block_pages_here_and_there_do_not_end_the_run(newsroom, tmp_path):
    for article in ARTICLES[::2]:
        newsroom.put(article, CHALLENGE)
    report = crawl(newsroom, tmp_path)
    assert (report.exit_code, report.failed, report.ended_early) == (3, 3, None)
    assert stored(tmp_path) == expected(*ARTICLES[::2])


@pytest.mark.parametrize("where", ["/newsroom/", SEARCH, "/sitemap.xml"])
def test_a_listing_that_is_blocked_costs_a_warning(newsroom, tmp_path, where):
    newsroom.put(where, CHALLENGE)
    report = crawl(newsroom, tmp_path)
    assert report.exit_code == 0
    assert [w for w in report.warnings if "block page (a challenge by Cloudflare)" in w]
    assert stored(tmp_path) == expected()
    check_messages(report)


def test_all_listings_blocked_means_that_the_site_turns_us_away(newsroom, tmp_path):
    for where in ("/newsroom/", SEARCH, "/sitemap.xml"):
        newsroom.put(where, CHALLENGE)
    with pytest.raises(SiteUnreachable, match=r"turns the crawler away.*Nothing was changed"):
        crawl(newsroom, tmp_path)
    assert rows(tmp_path, "SELECT exit_code FROM runs") == [{"exit_code": 4}]
    assert stored(tmp_path) == {}


def test_json_that_is_no_answer_is_still_a_change_of_the_interface(newsroom, tmp_path):
    newsroom.put(SEARCH, Answer(200, JSON, b'{"message": "captcha"}'))
    report = crawl(newsroom, tmp_path)
    assert report.exit_code == 0
    assert any("Elasticsearch" in warning for warning in report.warnings)


def test_blocked_rules_forbid_everything(newsroom, tmp_path):
    newsroom.robots = CHALLENGE
    with pytest.raises(RobotsForbid, match=r"block page \(a challenge by Cloudflare\)"):
        crawl(newsroom, tmp_path)
    assert stored(tmp_path) == {}
