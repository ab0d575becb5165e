"""What a suggestion costs: `python benchmarks/suggest.py [--articles 100000] [--words 500000]`.

The replica's releases have few words of their own, so its archive is given as many invented
compounds as a real one of that size has. For misspelt words, the median and the slowest processor
time of one suggestion, each with a connection of its own; the bar is 50 ms. And how much faster
that is than comparing the word with all words.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

from archive import fill
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from scraper.archive import Archive
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.search.filters import Filters
from scraper.archive.search.german import fold_word
from scraper.archive.search.suggest import suggestion
from scraper.demo.newsroom import Newsroom

BAR_MS = 50
MISSPELT = (
    "Grundshule Strassenbanh Vollspeerung Buergermeistrin Feuerwher Kindertagestätte Museumsnach "
    "Kanalsannierung Bezirksvertertung Photovoltaig Radschnelweg Sprotstätten Klimaschuz Spielplazt"
).split()


def add_words(archive: Archive, count: int) -> None:
    """Invented compounds of two of the archive's words."""
    chance = random.Random(1)
    known = [row["shown"] for row in archive.rows("SELECT shown FROM words")]
    pairs = ((chance.choice(known), chance.choice(known)) for _number in range(count))
    made = ((fold_word(a + b), a + b.lower()) for a, b in pairs)
    with archive.transaction() as db:
        db.conn.executemany(
            "INSERT INTO words VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            ((word, word[::-1], shown) for word, shown in made),
        )


def measure(directory: Path) -> None:
    """Print what suggestions cost."""
    took = []
    for query in MISSPELT:
        with Archive.open_existing(directory) as archive:
            before = time.process_time()
            found = suggestion(archive, query, Filters())
            took.append((time.process_time() - before) * 1000)
        print(f"{took[-1]:7.1f} ms  {query} → {found}")
    with Archive.open_existing(directory) as archive:
        before = time.process_time()
        words = [row["word"] for row in archive.rows("SELECT word FROM words")]
        extract(fold_word(MISSPELT[0]), words, scorer=OSA.distance, score_cutoff=2, limit=8)
        whole = (time.process_time() - before) * 1000
    median = statistics.median(took)
    print(
        f"{len(words):,} words: median {median:.1f} ms, slowest {max(took):.1f} ms (bar {BAR_MS}); "
        f"over all words {whole / median:.0f} times as long"
    )


def main() -> None:
    """Make an archive if need be, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=500_000)
    parser.add_argument("--data", type=Path, help="keep the archive here, and take it if it is")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = arguments.data or Path(temporary)
        if not (directory / DATABASE_NAME).exists():
            with Archive.open(directory) as archive:
                fill(archive, iter(Newsroom(arguments.articles)), arguments.articles)
                add_words(archive, arguments.words)
        measure(directory)


if __name__ == "__main__":
    main()
