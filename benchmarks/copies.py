"""Near-copies: how well, how fast: `python benchmarks/copies.py [--articles 20000]`.

Precision and recall over the labelled pairs in `tests/archive/copies`, of what the archive does and
of MinHash alone (datasketch, 128 permutations); milliseconds a text for each; and what storing a
release costs more in an archive of that many than in one of a tenth, as a ratio: at most 1.2.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import time
from pathlib import Path

from datasketch import MinHash

from scraper.archive.copies_schema import STATEMENTS
from scraper.archive.copy_index import note_copies
from scraper.archive.likeness import Likeness, are_copies, likeness, sketch

PAIRS = Path(__file__).parents[1] / "tests" / "archive" / "copies" / "pairs.jsonl"
LAST = 500


def text(release: dict[str, str]) -> str:
    """What is compared of a release."""
    return f"{release['title']}\n{release['text']}"


def minhash(one: Likeness) -> MinHash:
    """The same shingles, hashed by datasketch."""
    made = MinHash(num_perm=128)
    made.update_batch(list(one.shingles))
    return made


def scores(name: str, told: list[bool], labels: list[bool]) -> None:
    """Print precision and recall."""
    right = sum(a and b for a, b in zip(told, labels, strict=True))
    print(f"  {right / sum(told):.3f} {right / sum(labels):.3f}  {name}")


def quality(pairs: list[dict]) -> None:
    """Print how well and how fast both ways are."""
    likes = [(likeness(text(pair["a"])), likeness(text(pair["b"]))) for pair in pairs]
    labels = [pair["copy"] for pair in pairs]
    print("precision, recall")
    scores("sketch, shingles and figures", [are_copies(a, b) for a, b in likes], labels)
    hashed = [(minhash(a), minhash(b)) for a, b in likes]
    for least in (0.3, 0.4, 0.5, 0.6):
        told = [a.jaccard(b) >= least for a, b in hashed]
        scores(f"MinHash alone, Jaccard at least {least}", told, labels)
    for name, make in (("sketch", lambda one: sketch(one.shingles)), ("MinHash", minhash)):
        start = time.process_time()
        for one, _other in likes:
            make(one)
        print(f"  {1000 * (time.process_time() - start) / len(likes):.3f} ms a text, {name}")


def cost(articles: int) -> float:
    """Milliseconds that each of the last releases of an archive takes."""
    random.seed(1)
    words = [f"wort{number}" for number in range(5_000)]
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, site TEXT, title TEXT, text TEXT)")
    for sql in STATEMENTS:
        db.execute(sql)
    closing = " ".join(random.choices(words, k=30))  # every release has it
    body = ""
    for number in range(1, articles + 1):
        if number % 50:  # every fiftieth is a copy of the one before
            body = " ".join(random.choices(words, k=200))
        row = (number, f"city{number % 30}", f"Titel {number}", f"{body} {closing}")
        db.execute("INSERT INTO articles VALUES (?, ?, ?, ?)", row)
        if number == articles - LAST:
            start = time.process_time()
        note_copies(db, [number])
    return 1000 * (time.process_time() - start) / LAST


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    given = parser.parse_args()
    quality([json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()])
    small, large = cost(given.articles // 10), cost(given.articles)
    print(
        f"{small:.2f} ms a release in {given.articles // 10:,}, {large:.2f} in {given.articles:,}"
    )
    print(f"ratio {large / small:.2f} (at most 1.2)")


if __name__ == "__main__":
    main()
