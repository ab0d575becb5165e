"""`--data` and `--site` may stand before or after the verb."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.cli.anywhere import in_order

WORDS = st.sampled_from(
    ["search", "sites", "add", "Schule", "--data", "--data=a", "--site", "--site=b", "--limit", "3"]
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("search Schule --data a", "--data a search Schule"),
        ("search --data=a Schule --json", "--data=a search Schule --json"),
        ("--site b crawl --full", "crawl --full --site b"),
        ("--data a --site=b schedule show", "--data a schedule show --site=b"),
        ("crawl --site b --data a", "--data a crawl --site b"),
        ("search -- --data a", "search -- --data a"),
        ("--site b search -- --data", "search --site b -- --data"),
        ("search Schule --data", "--data"),
    ],
)
def test_where_they_belong(typed, read):
    assert in_order(typed.split()) == read.split()


@given(st.lists(WORDS, max_size=8))
def test_nothing_is_lost_and_order_is_final(words):
    ordered = in_order(words)
    if ordered != ["--data"]:
        assert Counter(ordered) == Counter(words)
    assert in_order(ordered) == ordered


def test_behind_the_verb(newsroom, tmp_path):
    code, _out, err = newsroom("stats", "--data", str(tmp_path / "none"))
    assert code != 0
    assert str(tmp_path / "none") in err.replace("\n", "")


def test_a_value_that_is_missing(newsroom):
    code, _out, err = newsroom("stats", "--data")
    assert code == 2
    assert "requires an argument" in err


def test_h_is_help(newsroom):
    code, out, _err = newsroom("search", "-h")
    assert code == 0
    assert "Search the articles" in out


def test_the_newsroom_may_come_from_the_environment(newsroom, monkeypatch):
    monkeypatch.setenv("NEWSROOM_SITE", "nowhere")
    code, _out, err = newsroom("crawl", "--dry-run")
    assert code == 2
    assert "nowhere" in err
