"""Releases that were read to try a draft of a file of facts, and what they tell about it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.markup.tree import attribute

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from scraper.discovery.shape import Form
    from scraper.records import Article

SAMPLE = 3
"""So many releases are read."""
FIELDS = ("title", "published", "text", "images", "caption", "credit", "quotes")
"""What a release may have; of which the first three are never missing."""
NEEDED = ("title", "published", "text")
_TYPE_CLASS = re.compile(
    r"(?:node--type-|page-node-type-|type-|template-|page-type-)[\w-]{0,40}(?:press|news|meldung|artic)[\w-]{0,40}",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One release that was read."""

    url: str
    record: Article | None = None
    error: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the fields of `FIELDS` that it lacks."""
        if self.record is None:
            return FIELDS
        images = self.record.images
        there = {
            "title": self.record.title,
            "published": self.record.published,
            "text": self.record.text,
            "images": images,
            "caption": any(image.caption for image in images),
            "credit": any(image.credit for image in images),
            "quotes": self.record.quotes,
        }
        return tuple(name for name in FIELDS if not there[name])


def worth(samples: list[Sample]) -> tuple[int, int]:
    """How good readings are: first what no release lacks, then everything; less is better."""
    needed = sum(name in sample.missing for sample in samples for name in NEEDED)
    return -needed, -sum(len(sample.missing) for sample in samples)


def clock_rule(samples: list[Sample]) -> dict[str, object]:
    """The rule for clocks, where all releases show the same time of day."""
    moments = [s.record.published for s in samples if s.record and s.record.published]
    times = {moment.partition("T")[2][:5] for moment in moments}
    days = {moment[:10] for moment in moments}
    if len(moments) >= SAMPLE and len(times) == 1 and times != {""} and len(days) > 1:
        return {"clock": "day only"}
    return {}


def is_open(form: Form) -> bool:
    """Whether pages that are no releases are likely to have such addresses, too."""
    return form.path.startswith(("^/[^/]+", "^/node/"))


def type_marker(trees: list[LexborHTMLParser], listing: LexborHTMLParser) -> str:
    """A class that names the type of the page, on all releases and not on the list."""
    types = [_types(tree) for tree in trees]
    common = set.intersection(*types) - _types(listing) if types else set()
    return f".{min(common, key=len)}" if common else ""


def _types(tree: LexborHTMLParser) -> set[str]:
    found: set[str] = set()
    for node in tree.css("body, article, main, section, div")[:3_000]:
        classes = attribute(node, "class") or ""
        if "teaser" not in classes:  # of another release
            found.update(name for name in classes.split() if _TYPE_CLASS.fullmatch(name))
    return found
