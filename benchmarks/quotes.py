"""How long quotations take: `python benchmarks/quotes.py`.

Prints milliseconds for an article of about 400 words, the ratio when a text doubles (2 is linear),
what quotations cost beside the bare HTML parser on a page of usual size, and seconds for hostile
megabytes. The bars: ratios near 2, at most 1 x the bare parser, 1 s per megabyte, and for a
megabyte of distinct names no more than for one of prose thick with quotations.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.quotes import find_quotes

GOLD = Path(__file__).parent.parent / "tests" / "fixtures" / "quotes" / "dev.jsonl"
MEGABYTE = 1_000_000
HOSTILE = (
    "„", "“", '"', "»", "«", "‚", "‹", ",,", "''", "„“", '"a" ', "„a b c d.“ ", "„“”\"»«‚‘,,''",
    "„ ", "“ ", '" ', "»«", "„A b c d“, sagt Anna Moll. ", "Dr. ", "Anna ", "Leiter der ", "A. ",
    "Leiter der Anna ", "„x“\n\n", "\n\n", "er ", "die Leiterin ", "„Wir b c d.“ Er war da. ",
    "„Wir b c d.“ Die Leiterin war da. ", "‚a ", "und der ", ", Leiter ", "Anna von ", "( ",
)  # fmt: skip

# Many persons: `{}` is a surname that no other one has.
CROWDS = (
    "Karl {} ging. Die Leiterin kam. ", "Frau {} kam. ", "Anna {} ging. Die Autorin kam. ",
    "Der achtjährige Jan kam. Karl {} ging. ", "„Wir b c d.“, sagte {}. ",
    "Anna {} sagte, das sei gut. ", "Es sei gut. Das sagte Karl {}. ", "Er habe {} gesehen. ",
)  # fmt: skip


def article(words: int) -> str:
    """Passages of the gold set, joined to about that many words."""
    passages = [json.loads(line)["text"] for line in GOLD.read_text(encoding="utf-8").splitlines()]
    text: list[str] = []
    count = 0
    while count < words:
        passage = passages[len(text) % len(passages)]
        text.append(passage)
        count += len(passage.split())
    return "\n\n".join(text)


def seconds(text: str, repeats: int, *, indirect: bool = False) -> float:
    """Best of three runs, per call."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for _ in range(repeats):
            find_quotes(text, indirect=indirect)
        best = min(best, (time.process_time() - start) / repeats)
    return best


def crowd(pattern: str) -> str:
    """A megabyte of a pattern, with another surname each time."""
    count = MEGABYTE // len(pattern)
    names = (
        "M" + "".join(chr(97 + int(digit)) for digit in str(number)) for number in range(count)
    )
    return "„Wir sind da.“ " + "".join(pattern.format(name) for name in names)


def beside_the_parser() -> None:
    """Print the cost of the quotations of a page beside that of parsing it, taken in turns."""
    page = min(Newsroom(60), key=lambda one: abs(len(one.text.split()) - 261))
    body = render_article(page)
    best = dict.fromkeys(("parser", "quotations", "with indirect speech"), float("inf"))
    for _ in range(15):
        for name, function in (
            ("parser", lambda: LexborHTMLParser(body)),
            ("quotations", lambda: find_quotes(page.text, headline=page.title)),
            (
                "with indirect speech",
                lambda: find_quotes(page.text, headline=page.title, indirect=True),
            ),
        ):
            start = time.process_time()
            for _ in range(30):
                function()
            best[name] = min(best[name], (time.process_time() - start) / 30)
    print(f"page of {len(body):,} bytes, {len(page.text.split())} words:")
    for name in ("quotations", "with indirect speech"):
        ratio = best[name] / best["parser"]
        print(f"  {name}: {best[name] * 1000:.3f} ms, {ratio:.2f} x the bare parser")


def main() -> None:
    """Print the figures."""
    beside_the_parser()
    typical = article(400)
    took = seconds(typical, 200)
    print(
        f"article of {len(typical.split())} words: {took * 1000:.3f} ms, {1 / took:.0f} per second"
    )
    both = seconds(typical, 200, indirect=True)
    print(f"the same with indirect speech: {both * 1000:.3f} ms")
    passages = [json.loads(line)["text"] for line in GOLD.read_text(encoding="utf-8").splitlines()]
    start = time.process_time()
    for passage in passages:
        find_quotes(passage)
    took = (time.process_time() - start) / len(passages)
    print(f"passage of the gold set, on average: {took * 1000:.3f} ms")
    previous = 0.0
    for words in (500, 1_000, 2_000, 4_000, 8_000):
        took = seconds(article(words), 5)
        ratio = f", ratio {took / previous:.2f}" if previous else ""
        print(f"{words:>7} words: {took * 1000:8.2f} ms{ratio}")
        previous = took
    for pattern in HOSTILE:
        text = (pattern * (MEGABYTE // len(pattern) + 1))[:MEGABYTE]
        start = time.process_time()
        find_quotes(text)
        print(f"1 MB of {pattern!r:>42}: {time.process_time() - start:.2f} s")
    prose = article(3_000)
    prose = (f"{prose}\n\n" * (MEGABYTE // len(prose) + 1))[:MEGABYTE]
    start = time.process_time()
    find_quotes(prose, indirect=True)
    print(f"1 MB of prose thick with quotations: {time.process_time() - start:.2f} s")
    for pattern in CROWDS:
        text = crowd(pattern)
        start = time.process_time()
        find_quotes(text, indirect=True)
        print(f"1 MB of {pattern!r:>42}: {time.process_time() - start:.2f} s")


if __name__ == "__main__":
    main()
