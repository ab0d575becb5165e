"""How well searching finds what people mean: queries with judged answers.

    python -m tests.archive.relevance.measure                   the figures
    python -m tests.archive.relevance.measure --errors          and each query that falls short
    python -m tests.archive.relevance.measure --lower-baseline  pin today's figures, even if worse

The corpus is `tests/fixtures/relevance/releases.jsonl`, invented, among 300 articles of the
replica. Each query names the releases that answer it, and for the replica a pattern that the text
of an answer fits. A third of the queries (`"part": "test"`) is not looked at while tuning:
`--errors` shows them only with `--all`.

Recall@10 is the share of the answers among the first ten results (of at most ten that can be
there); precision@5 the share of answers among the first five results, or among all if there are
fewer. A query without an answer has recall 1, and precision 1 if nothing is found.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from scraper.archive import Archive, Store
from scraper.archive.search.articles import search
from scraper.archive.search.filters import Filters
from scraper.decide.outcome import decide
from scraper.demo.newsroom import Newsroom
from scraper.records import Article, Block, Capture, Section, article_text

FIXTURES = Path(__file__).parents[2] / "fixtures" / "relevance"
BASELINE = FIXTURES / "baseline.json"
REPLICA = 300
NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
PLACE = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/"


def read(name: str) -> list[dict]:
    lines = (FIXTURES / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def release(record: dict) -> Article:
    """An invented release as an article."""
    sections = (Section(None, (Block("paragraph", record["body"]),)),)
    return Article(
        url=f"{PLACE}{record['id']}.html",
        site="dortmund",
        title=record["title"],
        kicker=record["kicker"],
        lead=record["lead"],
        published="2026-09-01",
        sections=sections,
        text=article_text(record["lead"], sections),
    )


def store(archive: Archive, article: Article) -> int:
    """Store an article as a crawl does; returns its id."""
    keeper = Store(archive)
    stored = keeper.find(article.url)
    decision = decide(stored, article, NOW)
    page = Capture(article.url, b"<p>", NOW)
    capture = keeper.add_capture(page) if decision.is_event else None
    return keeper.apply(decision, article, stored, capture, NOW)


def fill(archive: Archive) -> dict[int, Article]:
    """Store the corpus; returns its articles by id."""
    articles = [release(record) for record in read("releases.jsonl")]
    articles += Newsroom(REPLICA)
    with archive.transaction():
        return {store(archive, article): article for article in articles}


def relevant(query: dict, corpus: dict[int, Article]) -> set[int]:
    """Ids of the articles that answer a query."""
    pattern = query["replica"]
    found = set()
    for number, article in corpus.items():
        name = article.url.removeprefix(PLACE).removesuffix(".html")
        if name in query["relevant"]:
            found.add(number)
        elif pattern and re.search(r"-\d+$", name):
            title_only = pattern.startswith("TITLE:")
            text = article.title if title_only else whole(article)
            if re.search(pattern.removeprefix("TITLE:"), text):
                found.add(number)
    return found


def whole(article: Article) -> str:
    return "\n".join(filter(None, (article.title, article.kicker, article.text)))


def judge(archive: Archive, corpus: dict[int, Article], query: dict) -> tuple[float, float, list]:
    """Recall@10, precision@5 and the ids found."""
    wanted = relevant(query, corpus)
    found = [row["id"] for row in search(archive, query["query"], Filters(), limit=10)]
    recall = len(wanted & set(found)) / min(10, len(wanted)) if wanted else 1.0
    first = found[:5]
    if not first:
        return recall, float(not wanted), found
    return recall, len(wanted & set(first)) / len(first), found


def measure(archive: Archive, corpus: dict[int, Article]) -> dict[str, dict[str, float]]:
    """The figures of the queries looked at when tuning, and of those not looked at."""
    queries = read("queries.jsonl")
    figures = {}
    for part in ("tune", "test"):
        judged = [judge(archive, corpus, query) for query in queries if query["part"] == part]
        figures[part] = {
            "queries": len(judged),
            "recall_at_10": round(sum(one[0] for one in judged) / len(judged), 4),
            "precision_at_5": round(sum(one[1] for one in judged) / len(judged), 4),
        }
    return figures


def show_errors(archive: Archive, corpus: dict[int, Article], parts: set[str]) -> None:
    for query in read("queries.jsonl"):
        if query["part"] not in parts:
            continue
        recall, precision, found = judge(archive, corpus, query)
        if recall < 1 or precision < 1:
            print(
                f"{query['kind']}: {query['query']}  recall {recall:.2f} precision {precision:.2f}"
            )
            wanted = relevant(query, corpus)
            for number in [*found[:6], *(wanted - set(found))][:12]:
                mark = "+" if number in wanted else "-"
                place = "" if number in found else " (missed)"
                print(f"   {mark} {corpus[number].title}{place}")


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as directory, Archive.open(Path(directory)) as archive:
        corpus = fill(archive)
        if "--errors" in arguments:
            show_errors(archive, corpus, {"tune", "test"} if "--all" in arguments else {"tune"})
        figures = measure(archive, corpus)
    print(json.dumps(figures, indent=2))
    if "--lower-baseline" in arguments:
        BASELINE.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
