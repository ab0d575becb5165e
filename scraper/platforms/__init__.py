"""The platforms: content management systems and their templates, one layout each, as data.

`layout` says what a layout can state, `table` and `facts` read and check it, `hooks` holds what no
selector can say; the `.toml` files beside them are the platforms.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from scraper.platforms.layout import NOTHING, Clock, Layout, Pictures, Selector
from scraper.platforms.table import read_layout

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

__all__ = [
    "NOTHING",
    "Clock",
    "Layout",
    "Pictures",
    "Selector",
    "platform",
    "platform_names",
    "recognise",
]


@cache
def platform_names() -> tuple[str, ...]:
    """The names of all platforms, in alphabetical order."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name[:-5] for file in files if file.name.endswith(".toml")))


@cache
def platform(name: str) -> Layout:
    """The layout of a platform.

    Args:
        name: one of `platform_names()`.

    Raises:
        KeyError: there is none of that name.
    """
    if name not in platform_names():
        raise KeyError(name)
    text = (resources.files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
    return read_layout({"name": name, **tomllib.loads(text)})


def recognise(tree: LexborHTMLParser) -> str | None:
    """The platform whose fingerprint a page bears; None if there is none.

    Where several match, the one with the most marks on the page is meant.
    """
    best, name = 0, None
    for each in platform_names():
        marks = sum(tree.css_first(mark) is not None for mark in platform(each).fingerprint)
        if marks > best:
            best, name = marks, each
    return name
