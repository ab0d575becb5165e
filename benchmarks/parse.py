"""How much a full record costs: `python benchmarks/parse.py [PAGE]`.

Measures the whole way from bytes to record against the bare HTML parser on the same bytes, in one
process, alternating. trafilatura, which gives title and text only, is measured beside it if it is
installed (`pip install -e ".[bench]"`).
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

ROUNDS = 200
SITE = get_site("dortmund")


def page() -> tuple[str, bytes]:
    """The page to measure with: a file, or a release of the replica of usual length."""
    if len(sys.argv) > 1:
        return SITE.origin + SITE.sections[0] + "page.html", Path(sys.argv[1]).read_bytes()
    article = min(Newsroom(60), key=lambda one: abs(len(one.text.split()) - 400))
    return article.url, render_article(article)


def measure(functions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median milliseconds of each function, taken in turns so that all see the same machine."""
    times: dict[str, list[float]] = {name: [] for name in functions}
    for _round in range(ROUNDS):
        for name, function in functions.items():
            started = time.perf_counter()
            function()
            times[name].append((time.perf_counter() - started) * 1000)
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
    try:
        import trafilatura
    except ImportError:
        print("trafilatura is not installed; without it:")
    else:
        functions["trafilatura, text only"] = lambda: trafilatura.bare_extraction(body)
    results = measure(functions)
    bare = results["bare LexborHTMLParser"]
    words = len(extract(capture, SITE).text.split())
    print(f"{len(body):,} bytes, {words} words of text, median of {ROUNDS} rounds")
    for name, milliseconds in results.items():
        print(f"{name:<28}{milliseconds:>9.3f} ms{milliseconds / bare:>8.2f} x bare")


if __name__ == "__main__":
    main()
