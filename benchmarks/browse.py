"""How long the web view takes: `python benchmarks/browse.py [--articles 100000] [--cities 30]`.

A real server process on loopback, asked over one connection as a browser does. For each page the
first answer, and median and slowest of the next ones; the bar is a median of 100 ms. The start
page is measured once more with a release edited before each request, as a crawl does, and some
forty searches are asked once each: then nothing that is remembered helps. The same searches are
asked of one city alone, too, in turns: at most 1.2 times as long. `--data DIR` makes the archive
there, or uses the one there.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from archive import QUERIES
from filling import NOW, fill_in_bulk
from releases import Releases

from scraper.archive import Archive, Store, begin_run, end_run
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.followed import follow
from scraper.archive.read import read_article
from scraper.decide.outcome import decide
from scraper.records import Capture
from scraper.sites import SITES, get_site

if TYPE_CHECKING:
    from collections.abc import Iterator

BAR_MS = 100
BAR_NARROWED = 1.2
CITIES = SITES.keys()
REQUESTS = 11
EDITED, GONE = 400, 200  # releases


def make_archive(directory: Path, articles: int, cities: int) -> None:
    """An archive of that size, some releases of it edited, some gone."""
    keys = tuple(CITIES)[:cities]
    with Archive.open(directory) as archive:
        for key in keys:
            follow(archive, get_site(key), NOW)
        run = begin_run(archive, keys[0], "demo", NOW)
    fill_in_bulk(directory, Releases(articles, keys), articles)
    with Archive.open(directory) as archive:
        edit(archive, articles)
        end_run(archive, run, NOW + timedelta(hours=1), {"exit_code": 0, "new": articles})


def edit(archive: Archive, articles: int) -> None:
    """Edit and remove releases all over the archive, as crawls do."""
    keeper = Store(archive)
    with archive.transaction():
        for number in range(1, articles, max(1, articles // (EDITED + GONE))):
            article = read_article(archive, number)
            stored = keeper.find(article.url)
            later = NOW + timedelta(days=1 + number % 30)
            if number % 3 == 0:
                keeper.mark_gone(stored, later)
                continue
            words = article.text.split(" ")
            words[len(words) // 2 :] = ["Nachtrag:", *words[len(words) // 2 :]]
            changed = replace(article, text=" ".join(words), title=f"{article.title} – neu")
            capture = keeper.add_capture(Capture(article.url, b"<p>", later))
            keeper.apply(decide(stored, changed, later), changed, stored, capture, later)


def pages(archive: Archive) -> dict[str, str]:
    """What is asked for, by name."""

    def one(sql: str) -> str:
        return str(next(iter(archive.rows(sql)[0].values())))

    person = one(
        "SELECT speaker FROM quotes WHERE speaker IS NOT NULL AND kind <> 'indirect' "
        "GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    edited = one("SELECT article_id FROM events WHERE kind = 'changed' ORDER BY id DESC LIMIT 1")
    tag = quote(one("SELECT tag FROM tags GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"))
    day = one("SELECT max(published) FROM articles")
    city = one("SELECT site FROM articles LIMIT 1")
    return {
        "cities": "/cities",
        "city": f"/cities/{city}",
        "search, one city": f"/search?q=Feuerwehr&site={city}",
        "list, city": f"/search?site={city}",
        "compare": "/compare?q=Feuerwehr",
        "compare, months": "/compare?q=Feuerwehr&by=month",
        "start": "/",
        "search, rare word": "/search?q=Grundschule",
        "search, frequent word": "/search?q=Feuerwehr",
        "search, two words": "/search?q=Kinder+Jugendliche",
        "search, nearly all": "/search?q=Stadt+Dortmund",
        "search, phrase": "/search?q=%22enge+Zusammenarbeit%22",
        "search and tag": f"/search?q=Feuerwehr&tag={tag}",
        "search and year": f"/search?q=Feuerwehr&date={day[:4]}",
        "search, newest first": "/search?q=Feuerwehr&sort=date",
        "search, page 5": "/search?q=Feuerwehr&page=5",
        "list, all": "/search",
        "list, month": f"/search?date={day[:7]}",
        "list, tag": f"/search?tag={tag}",
        "list, speaker": f"/search?speaker={quote(person)}",
        "release": "/release/1000",
        "release, edited": f"/release/{edited}",
        "people": "/people",
        "people, name": "/people?q=mann",
        "person, most quoted": f"/people/{quote(person, safe='')}",
        "changes": "/changes",
        "feed": "/search.atom?q=Feuerwehr",
        "missing": "/nowhere",
    }


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """The address of a server process for an archive."""
    command = [sys.executable, "-m", "scraper", "--data", str(directory), "browse", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            yield next(word for word in line.split() if word.startswith("http://"))
        finally:
            process.terminate()


def ask(connection: http.client.HTTPConnection, path: str) -> float:
    """Milliseconds until an answer is there, whole."""
    start = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Language": "de"})
    response = connection.getresponse()
    response.read()
    if response.status not in {200, 404}:
        raise SystemExit(f"{path}: HTTP {response.status}")
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--cities", type=int, default=30)
    parser.add_argument("--data", type=Path, help="make the archive here, or use the one there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = given.data or Path(temporary)
        if not (directory / DATABASE_NAME).exists():
            make_archive(directory, given.articles, given.cities)
        with Archive.open(directory) as archive:
            asked = pages(archive)
            start = time.perf_counter()
            with served(directory) as address:
                print(f"ready in {time.perf_counter() - start:.1f} s")
                connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
                medians = measure(connection, asked)
                queries, narrowed = searches(connection, archive)
                writing = while_writing(connection, archive)
                connection.close()
    slowest = max(medians, key=medians.get)
    print(
        f"{len(queries)} searches never asked before: median {statistics.median(queries):.0f} ms, "
        f"slowest {max(queries):.0f} ms"
    )
    ratio = statistics.median(narrowed) / statistics.median(queries)
    print(f"narrowed to one city {ratio:.2f} times as long (at most {BAR_NARROWED})")
    print(f"start page after each write: median {writing:.0f} ms")
    print(f"slowest median {medians[slowest]:.0f} ms, {slowest} (at most {BAR_MS})")
    print(f"median of all pages {statistics.median(medians.values()):.0f} ms")


def searches(
    connection: http.client.HTTPConnection, archive: Archive
) -> tuple[list[float], list[float]]:
    """Milliseconds of searches never asked before: over all, and of one city alone.

    Half of them are asked of the city first: what SQLite has read helps whichever comes second.
    """
    city = archive.rows("SELECT site FROM articles LIMIT 1")[0]["site"]
    took: tuple[list[float], list[float]] = ([], [])
    for number, query in enumerate(QUERIES):
        ways = [(took[0], ""), (took[1], f"&site={city}")]
        for times, more in ways if number % 2 else reversed(ways):
            times.append(ask(connection, f"/search?q={quote(query)}{more}"))
    return took


def measure(connection: http.client.HTTPConnection, asked: dict[str, str]) -> dict[str, float]:
    """The median of each page."""
    medians = {}
    for name, path in asked.items():
        first, *rest = (ask(connection, path) for _ in range(REQUESTS + 1))
        medians[name] = statistics.median(rest)
        print(f"  {first:7.1f} {medians[name]:7.1f} {max(rest):7.1f} ms  {name}")
    return medians


def while_writing(connection: http.client.HTTPConnection, archive: Archive) -> float:
    """The median of the start page if a release is edited before each request."""
    took = []
    keeper = Store(archive)
    for number in range(2, 2 + REQUESTS):
        article = read_article(archive, number)
        stored = keeper.find(article.url)
        changed = replace(article, kicker=f"Nachtrag {number} {time.time()}")
        capture = keeper.add_capture(Capture(article.url, b"<p>", NOW))
        keeper.apply(decide(stored, changed, NOW), changed, stored, capture, NOW)
        took.append(ask(connection, "/"))
    return statistics.median(took)


if __name__ == "__main__":
    main()
