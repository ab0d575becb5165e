"""What searching and storing cost: `python benchmarks/archive.py [--articles 100000] [--sites 30]`.

Ratios, each with its bar:

- search median and p95 / those of a plain FTS5 index over the same text, `ORDER BY rank LIMIT 20`,
  in the same process and for the same words (at most 2 and 1)
- the same searches narrowed to one of the sites / over all of them (median at most 1.2)
- size of all that searching adds to the file / size of the text (at most 3.5)
- storing a page in an archive of that size / storing one in an archive of 1,000 (at most 1.3)
- opening the archive / opening the one of 1,000 (1)

`--data DIR` makes the archive there, or uses the one there. With more sites than one the releases
are of so many invented ones, in turns.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.archive import Archive, Store
from scraper.archive.search.articles import search
from scraper.archive.search.filters import Filters
from scraper.decide.outcome import decide
from scraper.demo.newsroom import Newsroom
from scraper.quotes import with_quotes
from scraper.records import Capture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scraper.records import Article

NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
SMALL = 1_000
PAGES = 400
QUERIES = (
    """
Grundschule|Schule Eving|Schulhof|Straßenbahn|Sanierung Hörde|Museumsnacht|Poetry-Slam|Freibad
Kanalsanierung Umleitung|Bürgermeisterin|Oberbürgermeister Abendroth|Jugendamt|Feuerwehr
Fahrradstraße Brackel|Kunstrasenplatz|Delegationsreise|Bürgerempfang Mengede|Impfaktion
Wohnungslosenhilfe|Energieberatung kostenlos|"enge Zusammenarbeit"|"Süße Früchte"|Theaterfest
Elterncafé|Yıldırımoğlu|Bauarbeiten Januar|Kita FABIDO|Baugebiet Sonnenquartier|Anmeldung
Klimaschutz|Photovoltaik|Lindenhof Grundschule|Vollsperrung Busse|Gäste Bühnen Programm
Stadt Dortmund|Kinder Jugendliche|Familien|Euro|Millionen Euro|Bezirksvertretung|Parkplätze
Literaturfest Aplerbeck|Innovationslabor|Bilanz Anfragen|Spielplatz Emschertal|Mehrwegbecher
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


def store(archive: Archive, articles: Iterable[Article]) -> list[float]:
    """Store pages as a crawl does; returns the seconds of each, parsing left out."""
    keeper = Store(archive)
    seconds = []
    for article in articles:
        body = b"<html><p>" + article.text.encode() + b"</html>"
        decision = decide(None, article, NOW)
        start = time.perf_counter()
        capture = keeper.add_capture(Capture(article.url, body, NOW))
        keeper.apply(decision, article, None, capture, NOW)
        seconds.append(time.perf_counter() - start)
    return seconds


def fill(archive: Archive, articles: Iterator[Article], count: int) -> None:
    """Store many pages fast: a thousand per transaction, without waiting for the disk."""
    archive.db.execute("PRAGMA synchronous = OFF")
    done = 0
    while done < count:
        step = min(1_000, count - done)
        with archive.transaction():
            store(archive, (next(articles) for _ in range(step)))
        done += step
    archive.db.execute("PRAGMA synchronous = FULL")


def size_of_search(archive: Archive) -> tuple[int, int]:
    """Bytes of all tables and indexes that searching needs, and of the text."""
    names = "article_stems articles_fts compounds quote_stems quotes_fts unstemmed words"
    names += " sqlite_autoindex_c"
    like = " OR ".join(f"name LIKE '{name}%'" for name in names.split())
    size = archive.rows(f"SELECT sum(pgsize) AS n FROM dbstat WHERE ({like})")[0]["n"]
    text = archive.rows("SELECT sum(length(CAST(text AS BLOB))) AS n FROM articles")[0]["n"]
    return int(size), int(text)


def plain_index(archive: Archive) -> sqlite3.Connection:
    """A plain FTS5 index over the same text, in a file of its own."""
    path = archive.path.with_name("plain.db")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE VIRTUAL TABLE plain USING fts5 (title, kicker, text)")
    connection.execute("ATTACH ? AS archive", [str(archive.path)])
    connection.execute(
        "INSERT INTO plain (rowid, title, kicker, text) "
        "SELECT id, title, kicker, text FROM archive.articles ORDER BY id"
    )
    connection.execute("INSERT INTO plain (plain) VALUES ('optimize')")
    connection.execute("DETACH archive")
    return connection


def plain_search(connection: sqlite3.Connection, query: str) -> int:
    """The same words in a plain index."""
    words = re.findall(r'"[^"]*"|[^\W_]+', query)
    match = " ".join(f'"{word.strip(chr(34))}"' for word in words)
    sql = "SELECT rowid, title FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT 20"
    return len(connection.execute(sql, [match]).fetchall())


def timings(run: Callable[[str], object]) -> list[float]:
    """The best of three runs of each query, in milliseconds."""
    took = []
    for query in QUERIES:
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            run(query)
            best = min(best, time.perf_counter() - start)
        took.append(best * 1000)
    return took


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return statistics.quantiles(values, n=100)[94]


def page_costs(archives: list[Archive], articles: Iterator[Article]) -> list[float]:
    """Mean milliseconds for storing a page in each archive.

    Each page is stored in one archive after the other, in turns, so that whatever else the
    machine does meets all of them. The slowest hundredth, the disk's own, is left out.
    """
    seconds: list[list[float]] = [[] for _ in archives]
    for number in range(PAGES):
        article = next(articles)
        order = range(len(archives)) if number % 2 else reversed(range(len(archives)))
        for which in order:
            seconds[which] += store(archives[which], [article])
    kept = PAGES - PAGES // 100
    return [1000 * statistics.mean(sorted(each)[:kept]) for each in seconds]


def opening(archive: Archive) -> float:
    """Milliseconds for opening an archive that is there: the best of twenty."""
    best = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        Archive.open_existing(archive.path.parent).close()
        best = min(best, time.perf_counter() - start)
    return 1000 * best


def of_sites(articles: Iterator[Article], count: int) -> Iterator[Article]:
    """The same releases, as those of several sites in turns."""
    if count == 1:
        return articles
    return (
        replace(article, site=f"city-{number % count:03}")
        for number, article in enumerate(articles)
    )


def storing(few: Archive, archive: Archive, articles: Iterator[Article], size: int) -> None:
    """Print what a page costs in both archives, and what opening them does."""
    page_costs([few, archive], articles)  # caches warm up
    small, large = page_costs([few, archive], articles)
    print(f"storing a page: {small:.2f} ms at {SMALL:,}, {large:.2f} ms at {size:,}")
    print(f"store ratio {large / small:.2f} (at most 1.3)")
    small, large = opening(few), opening(archive)
    print(f"opening: {small:.2f} ms, {large:.2f} ms; ratio {large / small:.2f}")


def searching(archive: Archive, *, queries: bool, sites: int) -> None:
    """Print what searches cost, beside plain ones."""
    plain = plain_index(archive)
    theirs = timings(lambda query: plain_search(plain, query))
    ours = timings(lambda query: search(archive, query, Filters()))
    plain.close()
    if queries:
        for query, one, other in zip(QUERIES, ours, theirs, strict=True):
            print(f"  {one:8.1f} {other:8.1f} ms  {query}")
    median, plain_median = statistics.median(ours), statistics.median(theirs)
    print(
        f"search median {median:.1f} ms, p95 {p95(ours):.1f} ms; plain "
        f"{plain_median:.1f} ms, p95 {p95(theirs):.1f} ms"
    )
    print(f"search ratio: median {median / plain_median:.2f} (at most 2), ", end="")
    print(f"p95 {p95(ours) / p95(theirs):.2f} (at most 1)")
    if sites > 1:
        one_site = timings(lambda query: search(archive, query, Filters(sites=("city-001",))))
        print(
            f"narrowed to one of {sites} sites: median {statistics.median(one_site):.1f} ms, "
            f"p95 {p95(one_site):.1f} ms; ratio {statistics.median(one_site) / median:.2f} "
            f"(at most 1.2), p95 {p95(one_site) / p95(ours):.2f}"
        )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--sites", type=int, default=1)
    parser.add_argument("--data", type=Path, help="make the archive here, or use the one there")
    parser.add_argument("--queries", action="store_true", help="show each query")
    given = parser.parse_args()
    newsroom = Newsroom(SMALL + given.articles + 2 * PAGES)
    articles = of_sites(map(with_quotes, newsroom), given.sites)
    with (
        tempfile.TemporaryDirectory() as directory,
        Archive.open(Path(directory, "small")) as few,
        Archive.open(given.data or Path(directory, "large")) as archive,
    ):
        start = time.perf_counter()
        fill(few, articles, SMALL)
        there = archive.rows("SELECT count(*) AS n FROM articles")[0]["n"]
        fill(archive, islice(articles, there, None), max(0, given.articles - there))
        print(f"filled in {time.perf_counter() - start:.0f} s")
        storing(few, archive, articles, given.articles)
        size, text = size_of_search(archive)
        print(f"index {size / 1e6:.1f} MB, text {text / 1e6:.1f} MB")
        print(f"size ratio {size / text:.2f} (at most 3.5)")
        searching(archive, queries=given.queries, sites=given.sites)


if __name__ == "__main__":
    main()
