from __future__ import annotations

import json

import pytest

from scraper.archive import Archive
from scraper.archive.search.articles import search
from scraper.archive.search.check import check_index
from scraper.archive.search.filters import Filters
from tests.archive.relevance.measure import BASELINE, fill, measure, read


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("relevance")) as archive:
        yield archive, fill(archive)


def test_relevance_keeps_its_bars_and_its_baseline(corpus):
    figures = measure(*corpus)
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    for part, now in figures.items():
        assert now["recall_at_10"] >= 0.95
        assert now["precision_at_5"] >= 0.85
        for name, value in baseline[part].items():
            assert now[name] >= value, f"{name} of {part} fell; see measure.py"


def test_the_queries_are_many_and_of_all_kinds():
    queries = read("queries.jsonl")
    assert len(queries) >= 70
    assert len(read("releases.jsonl")) >= 60
    assert {query["kind"] for query in queries} >= set(
        "inflection compound umlaut eszett hyphen name phrase negative number".split()
    )
    assert sum(query["part"] == "test" for query in queries) * 3 >= len(queries) - 2


def test_an_exact_title_is_the_top_hit(corpus):
    archive, articles = corpus
    missed = [
        article.title
        for article in articles.values()
        if search(archive, article.title, Filters(), limit=1)[0]["title"] != article.title
    ]
    assert missed == []


def test_the_index_of_the_corpus_is_sound(corpus):
    assert check_index(corpus[0]) == []
