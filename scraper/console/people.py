"""Who spoke, and what somebody said, to read."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from scraper.console.articles import INDIRECT
from scraper.console.base import out, print_table, say
from scraper.text import one_line


def print_people(rows: list[dict[str, Any]]) -> None:
    """A line for each: name, cities, the last office, how often, since when, last."""
    if not rows:
        say("Nothing found.")
        return
    shown = [
        {
            "name": row["name"],
            "city": ", ".join(city["site_name"] for city in row["cities"]),
            "office": next(iter(row["roles"]), ""),
            "quotations": row["quotations"],
            "indirect": row["indirect"] or "",
            "since": row["first_date"],
            "last": row["last_date"],
        }
        for row in rows
    ]
    print_table(shown, list(shown[0]))


def print_statements(rows: list[dict[str, Any]]) -> None:
    """What was said, in order of time: day, city, name and office, words, release."""
    for row in rows:
        say()
        head = Text(f"{(row['published'] or 'undated')[:10]:<10}  {one_line(row['site_name'])}: ")
        who = ", ".join(filter(None, (row["name"], row["role"])))
        head.append(one_line(who), style="bold")
        out.print(head, soft_wrap=True)
        words = one_line(row["text"])
        indirect = row["kind"] == "indirect"
        say(f"            {INDIRECT}: {words}" if indirect else f"            „{words}“")
        say(f"            {one_line(row['title'])} ({row['article_id']})")
