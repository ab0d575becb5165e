"""How fast the text of PDF files is read: `python benchmarks/attachments.py [FILE.pdf ...]`.

Pages per second of processor time, in this process; without files of a PDF like a city's budget
report: 40 pages of running text. Needs the extras `attachments` and `test`.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from fpdf import FPDF

from scraper.demo.newsroom import Newsroom
from scraper.extract.pdf import read_pdf

ROUNDS = 10
PAGES = 40
CHARS = 2_800
"""On each page, as in 11 points on A4."""


def report() -> bytes:
    """A file whose pages are full of text of the replica's releases."""
    text = " ".join(article.text.replace("\n", " ") for article in Newsroom(100))
    made = FPDF()
    made.set_auto_page_break(False)
    for number in range(PAGES):
        made.add_page()
        made.set_font("helvetica", size=11)
        part = text[number * CHARS : (number + 1) * CHARS]
        made.multi_cell(0, 5, part.encode("latin-1", "replace").decode("latin-1"))
    return bytes(made.output())


def measure(name: str, body: bytes) -> None:
    """Print what one file costs."""
    times = []
    for _round in range(ROUNDS):
        started = time.process_time()
        found = read_pdf(body)
        times.append(time.process_time() - started)
    pages = len(found.page_starts)
    speed = pages / statistics.median(times)
    chars = len(found.text or "")
    print(f"{name}: {pages} pages, {chars:,} characters: {speed:,.0f} pages per second")
    if found.reason:
        print(f"  {found.reason}")


def main() -> None:
    """Measure the files that were given, or the report."""
    paths = [Path(argument) for argument in sys.argv[1:]]
    for path in paths:
        measure(path.name, path.read_bytes())
    if not paths:
        measure("a report", report())


if __name__ == "__main__":
    main()
