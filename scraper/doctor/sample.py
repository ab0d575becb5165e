"""Releases that were read to try a draft of a file of facts, and what they tell about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.discovery.shape import Form
    from scraper.records import Article

SAMPLE = 3
"""So many releases are read."""
FIELDS = ("title", "published", "text", "images", "caption", "credit", "quotes")
"""What a release may have; of which the first three are never missing."""
NEEDED = ("title", "published", "text")


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


def type_marker(types: list[frozenset[str]], others: frozenset[str]) -> str:
    """A class that names the type of the page, on all releases and not on the list.

    Args:
        types: classes of this kind on each release.
        others: those on the list.
    """
    common = frozenset.intersection(*types) - others if types else frozenset[str]()
    return f".{min(common, key=lambda name: (len(name), name))}" if common else ""
