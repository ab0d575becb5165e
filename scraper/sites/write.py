"""A site's file of facts as text: what was found out, with a comment wherever it is a guess."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class FoundSource:
    """A source, as it goes into a file."""

    facts: Mapping[str, object]
    """Keys and values of the table, in order."""
    comment: str = ""
    """How it was found, and what it names."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written about a site."""

    name: str
    url: str
    day: date
    """When it was looked at."""
    seen: str
    """The address that was looked at."""
    platform: str | None = None
    aliases: tuple[str, ...] = ()
    article: Mapping[str, object] = field(default_factory=dict)
    sources: tuple[FoundSource, ...] = ()
    layout: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """What could not be found out, each as a sentence."""


def draft_file(draft: Draft) -> str:
    """The text of the file. Where facts are missing, lines to fill in stand in comments."""
    lines = [
        f"# Written by `newsroom sites add {draft.seen}`",
        f"# on {draft.day.isoformat()}, from the shape of its pages: have a look at the guesses.",
        "# Every key is described in docs/newsrooms.md.",
        f"name = {toml(draft.name)}",
        f"url = {toml(draft.url)}",
    ]
    if draft.aliases:
        lines.append(f"aliases = {toml(list(draft.aliases))}")
    if draft.platform:
        lines.append(f"platform = {toml(draft.platform)}  # by its fingerprint")
    else:
        lines.append('# platform = "…"  # no known one; pages are read generically')
    how = {"how": "address", "source": "newsroom sites add"}
    lines.append(f"verified = {_inline(how, day=draft.day)}")
    lines += ["", *_comments(draft.missing)]
    lines += _article(draft)
    for source in draft.sources:
        lines += ["", *_comments([source.comment]), "[[sources]]", *_pairs(source.facts)]
    if not draft.sources:
        lines += ["", *_NO_SOURCES]
    if draft.layout:
        lines += ["", "[layout]", *_pairs(draft.layout)]
    return "\n".join(lines) + "\n"


_NO_SOURCES = (
    "# Fill in at least one of these, without the #:",
    "# [[sources]]",
    '# method = "feed"            # RSS or Atom',
    '# url = "/presse/rss.xml"',
    "# [[sources]]",
    '# method = "listing"         # pages with an element for each release',
    '# url = "/presse?page={page}"',
    '# entry = "li.meldung"       # CSS selector of these elements',
    "# complete = true            # if it names every release there is",
    "# [[sources]]",
    '# method = "sitemap"',
    '# url = "/sitemap.xml"',
)


def _article(draft: Draft) -> list[str]:
    if draft.article:
        return ["# What the address of a release looks like.", "[article]", *_pairs(draft.article)]
    return [
        "# What the address of a release looks like: fill in, without the #.",
        "# [article]",
        "# path = '^/presse/.+'        # pattern of its path",
        '# query = ["id"]              # parameters that tell one release from another',
    ]


def _pairs(table: Mapping[str, object]) -> list[str]:
    return [f"{key} = {toml(value)}" for key, value in table.items()]


def _comments(texts: Iterable[str]) -> list[str]:
    return [f"# {' '.join(text.split())}" for text in texts if text]


def _inline(table: Mapping[str, str], day: date) -> str:
    pairs = ", ".join(f"{key} = {toml(value)}" for key, value in table.items())
    return f"{{ {pairs}, day = {day.isoformat()} }}"


def toml(value: object) -> str:
    """A value in TOML; patterns as literal strings, so that backslashes stay single."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml(each) for each in value)}]"
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{key} = {toml(each)}" for key, each in value.items())
        return f"{{ {pairs} }}"
    text = str(value)
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    # JSON's escapes are TOML's, but for characters that TOML wants escaped, too.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
