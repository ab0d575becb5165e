"""How much a full record costs: `python benchmarks/parse.py [PAGE [SITE]]`.

Measures the whole way from bytes to record against the bare HTML parser on the same bytes, in one
process, alternating; then what generic reading of the same page costs, and a page of another
platform with as much navigation as real ones have. trafilatura, which gives title and text only,
is measured beside it if it is installed (`pip install -e ".[bench]"`).
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.extract.extract import extract
from scraper.markup.tree import parse_html
from scraper.parse import parse_article
from scraper.records import Capture
from scraper.sites import get_site
from scraper.sites.guess import unknown_site

ROUNDS = 200
SITE = get_site(sys.argv[2] if len(sys.argv) > 2 else "dortmund")
FIXTURE = Path(__file__).parents[1] / "tests" / "fixtures" / "hamm" / "platz.html"


def page() -> tuple[str, bytes]:
    """The page to measure with: a file, or a release of the replica of usual length."""
    if len(sys.argv) > 1:
        return f"{SITE.origin}/page.html", Path(sys.argv[1]).read_bytes()
    article = min(Newsroom(60), key=lambda one: abs(len(one.text.split()) - 400))
    return article.url, render_article(article)


def long_page() -> bytes:
    """A page of a city on TYPO3: a short release among some 300 KB of navigation and styles."""
    links = "".join(
        f'<li class="level-{n % 4}"><a class="link" href="/bereich/seite-{n}">Seite {n}</a></li>'
        for n in range(600)
    )
    frame = f"<nav><ul>{links}</ul></nav><style>{'.x{color:red;margin:0 auto}' * 8_000}</style>"
    return FIXTURE.read_bytes().replace(b'newsdetail">', b'newsdetail">' + frame.encode(), 1)


def measure(functions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median milliseconds of processor time of each function, taken in turns."""
    times: dict[str, list[float]] = {name: [] for name in functions}
    for _round in range(ROUNDS):
        for name, function in functions.items():
            started = time.process_time()
            function()
            times[name].append((time.process_time() - started) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    """Print the table."""
    url, body = page()
    capture = Capture(url, body, datetime.now(UTC))
    tree = parse_html(capture)
    functions: dict[str, Callable[[], object]] = {
        "bare LexborHTMLParser": lambda: LexborHTMLParser(body),
        "tree, charset checked": lambda: parse_html(capture),
        "record without quotations": lambda: parse_article(tree, capture, SITE),
        "full record": lambda: extract(capture, SITE),
    }
    unknown = unknown_site(url)
    functions["generic reading"] = lambda: extract(capture, unknown)
    other, body_of_other = get_site("hamm"), long_page()
    captured = Capture(f"{other.origin}/aktuelles/x", body_of_other, datetime.now(UTC))
    functions["other page, bare"] = lambda: LexborHTMLParser(body_of_other)
    functions["other page, full record"] = lambda: extract(captured, other)
    try:
        import trafilatura
    except ImportError:
        print("trafilatura is not installed; without it:")
    else:
        functions["trafilatura, text only"] = lambda: trafilatura.bare_extraction(body)
    results = measure(functions)
    bare, other_bare = results["bare LexborHTMLParser"], results["other page, bare"]
    words = len(extract(capture, SITE).text.split())
    print(f"{len(body):,} bytes, {words} words of text, median of {ROUNDS} rounds")
    for name, milliseconds in results.items():
        base = other_bare if name.startswith("other") else bare
        print(f"{name:<28}{milliseconds:>9.3f} ms{milliseconds / base:>8.2f} x bare")


if __name__ == "__main__":
    main()
