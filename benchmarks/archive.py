"""What storing, searching and crawling cost: `python benchmarks/archive.py [--articles 100000]`.

Ratios, each with its bar, of processor time in one process:

- storing a page / storing one in an archive of 1,000 (at most 1.3)
- opening the archive / opening the one of 1,000 (1)
- crawling a newsroom with nothing new, and one with twenty releases / the same in the archive of
  1,000 (1)
- size of all that searching adds to the file / size of the text (at most 3.5)
- search median and p95 / those of a plain FTS5 index over the same text, `ORDER BY rank LIMIT 20`,
  for the same words (at most 2 and 1)
- the same searches narrowed to one of the sites / over all of them (median at most 1.2)
- start page and facets / those of the archive given with `--beside` (at most 1.5)

`--sites` invented cities publish in turns. `--data DIR` makes the archive there, or uses the one
there. The first releases are stored as a crawl does, the others in bulk (see `filling`), after
having compared both ways on a small archive.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from filling import NOW, fill_in_bulk, list_all, page, same_tables
from many import described, ours, served
from releases import Releases

from scraper.archive import Archive, Store
from scraper.archive.search.articles import search
from scraper.archive.search.filters import Filters
from scraper.browse.cache import Cache
from scraper.browse.results import find
from scraper.browse.selection import Selection
from scraper.browse.start import start
from scraper.decide.outcome import decide
from scraper.records import Capture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scraper.records import Article

SMALL = 1_000
STORED = 200  # of the releases, one by one
PAGES = 400
CRAWLED = 20
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
    """Store pages as a crawl does; returns the processor time of each, parsing left out."""
    keeper = Store(archive)
    seconds = []
    for article in articles:
        decision = decide(None, article, NOW)
        began = time.process_time()
        capture = keeper.add_capture(Capture(article.url, page(article), NOW))
        keeper.apply(decision, article, None, capture, NOW)
        seconds.append(time.process_time() - began)
    return seconds


def fill(archive: Archive, articles: Iterator[Article], count: int) -> None:
    """Store many pages without waiting for the disk, a thousand per transaction."""
    archive.db.execute("PRAGMA synchronous = OFF")
    for first in range(0, count, 1_000):
        with archive.transaction():
            store(archive, islice(articles, min(1_000, count - first)))
    archive.db.execute("PRAGMA synchronous = FULL")


def make(directory: Path, releases: Releases, count: int) -> None:
    """An archive of that size, unless it is there; its first releases are stored one by one."""
    with Archive.open(directory) as archive:
        there = archive.rows("SELECT count(*) AS n FROM articles")[0]["n"]
        if there < STORED:
            store(archive, map(releases.article, range(there, min(STORED, count))))
            list_all(archive)
    fill_in_bulk(directory, releases, count)


def compare_ways() -> None:
    """Fill one archive by the store and one in bulk, and compare all tables."""
    releases = Releases(SMALL, ["city-000", "city-001", "city-002"])
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder, "stored"), Path(folder, "bulk")
        with Archive.open(one) as archive:
            store(archive, map(releases.article, range(STORED)))
            list_all(archive)
        fill_in_bulk(other, releases, STORED)
        with Archive.open(one) as stored, Archive.open(other) as filled:
            differing = same_tables(stored, filled)
    assert not differing, differing


def size_of_search(archive: Archive) -> tuple[int, int]:
    """Bytes of all tables and indexes that searching needs, and of the text."""
    names = "article_stems articles_fts compounds quote_stems quotes_fts unstemmed words"
    names += " sqlite_autoindex_c"
    like = " OR ".join(f"name LIKE '{name}%'" for name in names.split())
    size = archive.rows(f"SELECT sum(pgsize) AS n FROM dbstat WHERE ({like})")[0]["n"]
    text = archive.rows("SELECT sum(length(CAST(text AS BLOB))) AS n FROM articles")[0]["n"]
    return int(size), int(text)


def plain_index(archive: Archive) -> sqlite3.Connection:
    """A plain FTS5 index over the same text, in a file of its own, beside the archive."""
    connection = sqlite3.connect(archive.path.with_name("plain.db"), isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS plain USING fts5 (title, kicker, text)")
    last = connection.execute("SELECT coalesce(max(rowid), 0) FROM plain").fetchone()[0]
    if last:
        return connection
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


def best(run: Callable[[], object], times: int = 3) -> float:
    """Milliseconds of processor time, the least of several runs."""
    least = float("inf")
    for _ in range(times):
        began = time.process_time()
        run()
        least = min(least, time.process_time() - began)
    return 1000 * least


def timings(*ways: Callable[[str], object]) -> list[list[float]]:
    """Each query in each way: the best of three runs, in milliseconds."""
    return [[best(lambda run=run, query=query: run(query)) for query in QUERIES] for run in ways]  # type: ignore[misc]


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return statistics.quantiles(values, n=100)[94]


def page_costs(archives: list[Archive], articles: list[Article]) -> list[float]:
    """Mean milliseconds for storing a page in each archive.

    Each page is stored in one archive after the other, in turns, so that whatever else the
    machine does meets all of them. The slowest hundredth, the disk's own, is left out.
    """
    seconds: list[list[float]] = [[] for _ in archives]
    for number, article in enumerate(articles):
        order = range(len(archives)) if number % 2 else reversed(range(len(archives)))
        for which in order:
            seconds[which] += store(archives[which], [article])
    kept = len(articles) - len(articles) // 100
    return [1000 * statistics.mean(sorted(each)[:kept]) for each in seconds]


def storing(few: Archive, archive: Archive, releases: Releases, size: int) -> None:
    """Print what a page costs in both archives, and what opening them does."""
    first = size + archive.rows("SELECT max(id) AS n FROM articles")[0]["n"]
    fresh = [releases.article(first + n) for n in range(2 * PAGES)]
    page_costs([few, archive], fresh[:PAGES])  # caches warm up
    small, large = page_costs([few, archive], fresh[PAGES:])
    print(f"storing a page: {small:.2f} ms at {SMALL:,}, {large:.2f} ms at {size:,}")
    print(f"store ratio {large / small:.2f} (at most 1.3)")
    folders = [each.path.parent for each in (few, archive)]
    small, large = (best(lambda at=at: Archive.open_existing(at).close(), 20) for at in folders)  # type: ignore[misc]
    print(f"opening: {small:.2f} ms, {large:.2f} ms; ratio {large / small:.2f}", flush=True)


def crawling(directories: list[Path]) -> None:
    """Print what a newsroom costs on a first crawl, and with nothing new."""
    costs: list[list[float]] = []
    with served(1, CRAWLED) as port, tempfile.TemporaryDirectory() as folder:
        ours(Path(folder), described(Path(folder), 1, port), 0.0, 8)  # what is imported, once
        for directory in directories:
            for old in directory.glob("sites/*"):
                old.unlink()
            if (directory / "sites").exists():
                (directory / "sites").rmdir()
            keys = described(directory, 1, port)
            began = time.process_time()
            new = ours(directory, keys, 0.0, 8)
            first = 1000 * (time.process_time() - began)
            quiet = best(lambda at=directory, keys=keys: ours(at, keys, 0.0, 8), 5)  # type: ignore[misc]
            costs.append([first, quiet])
            print(f"crawl of {new} new: {first:.0f} ms, of nothing new: {quiet:.0f} ms")
    ratios = [large / small for small, large in zip(*costs, strict=True)]
    print(f"ratio with {CRAWLED} new {ratios[0]:.2f}, with nothing new {ratios[1]:.2f}", flush=True)


def searching(archive: Archive, *, queries: bool, sites: int) -> None:
    """Print what searches cost, beside plain ones."""
    city = archive.rows("SELECT site FROM articles WHERE id = 2")[0]["site"]
    with closing(plain_index(archive)) as plain:
        theirs, ours, one_site = timings(
            lambda query: plain_search(plain, query),
            lambda query: search(archive, query, Filters()),
            lambda query: search(archive, query, Filters(sites=(city,))),
        )
    if queries:
        for query, one, other, site in zip(QUERIES, ours, theirs, one_site, strict=True):
            print(f"  {one:8.1f} {other:8.1f} {site:8.1f} ms  {query}")
    median, plain_median = statistics.median(ours), statistics.median(theirs)
    print(
        f"search median {median:.1f} ms, p95 {p95(ours):.1f} ms; plain "
        f"{plain_median:.1f} ms, p95 {p95(theirs):.1f} ms"
    )
    print(f"search ratio: median {median / plain_median:.2f} (at most 2), ", end="")
    print(f"p95 {p95(ours) / p95(theirs):.2f} (at most 1)")
    if sites > 1:
        print(
            f"narrowed to one of {sites} sites: median {statistics.median(one_site):.1f} ms, "
            f"p95 {p95(one_site):.1f} ms; ratio {statistics.median(one_site) / median:.2f} "
            f"(at most 1.2), p95 {p95(one_site) / p95(ours):.2f}",
            flush=True,
        )


def looking_around(archive: Archive) -> dict[str, float]:
    """Milliseconds of start page and facets in the web view, by name."""
    cache = Cache()
    start(cache, archive)
    costs = {"start page": best(lambda: start(cache, archive), 9)}
    city = archive.rows("SELECT site FROM articles WHERE id = 2")[0]["site"]
    costs["page of a city"] = best(lambda: start(cache, archive, city), 9)

    def ask(query: str) -> float:
        return best(lambda: find(cache, archive, Selection(q=query)), 1)

    costs["search with facets"] = statistics.median([ask(query) for query in QUERIES])
    costs["the same again"] = statistics.median([ask(query) for query in QUERIES[-20:]])
    return costs


def compare_pages(archive: Archive, beside: Path) -> None:
    """Print what the web view costs in this archive and in a smaller one."""
    with Archive.open_existing(beside) as other:
        small, large = looking_around(other), looking_around(archive)
    for name, cost in large.items():
        ratio = cost / small[name]
        print(f"{name}: {small[name]:.1f} ms, {cost:.1f} ms; ratio {ratio:.2f} (at most 1.5)")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--sites", type=int, default=1)
    parser.add_argument("--data", type=Path, help="make the archive here, or use the one there")
    parser.add_argument("--beside", type=Path, help="a smaller archive to compare pages with")
    parser.add_argument("--queries", action="store_true", help="show each query")
    given = parser.parse_args()
    releases = Releases(given.articles, [f"city-{number:03}" for number in range(given.sites)])
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        compare_ways()
        small, large = Path(folder, "small"), given.data or Path(folder, "large")
        make(small, Releases(SMALL, releases.sites), SMALL)
        make(large, releases, given.articles)
        print(f"compared and filled in {time.perf_counter() - began:.0f} s", flush=True)
        crawling([small, large])
        with Archive.open(small) as few, Archive.open(large) as archive:
            storing(few, archive, releases, given.articles)
            size, text = size_of_search(archive)
            print(f"index {size / 1e6:.1f} MB, text {text / 1e6:.1f} MB")
            print(f"size ratio {size / text:.2f} (at most 3.5)", flush=True)
            searching(archive, queries=given.queries, sites=given.sites)
            if given.beside:
                compare_pages(archive, given.beside)


if __name__ == "__main__":
    main()
