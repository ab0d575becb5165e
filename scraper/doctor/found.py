"""What a look at a newsroom has found, and the file of facts that it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper import urls
from scraper.doctor.sample import NEEDED, Sample
from scraper.sites import read_site
from scraper.sites.write import Draft, FoundSource, draft_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from scraper.discovery.shape import Form
    from scraper.sites import Site


@dataclass
class Found:
    """What a look at a newsroom has found."""

    url: str
    origin: str
    key: str
    day: date
    name: str = ""
    platform: str | None = None
    form: Form | None = None
    marker: str = ""
    sources: list[FoundSource] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)
    """How many releases each source names, by address."""
    names: list[str] = field(default_factory=list)
    """Addresses that sources have named, newest first."""
    samples: list[Sample] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What else was noticed, each as a sentence."""
    missing: list[str] = field(default_factory=list)
    """What could not be found out, each as a sentence."""
    file: str = ""
    """The draft."""

    @property
    def is_usable(self) -> bool:
        """Whether a crawl can work with the draft."""
        return bool(self.sources) and any(
            not set(NEEDED) & set(sample.missing) for sample in self.samples
        )

    @property
    def is_complete(self) -> bool:
        """Whether one of the sources names every release."""
        return any("complete" in source.facts for source in self.sources)

    def add(self, facts: dict[str, object], names: list[str], told: str) -> None:
        """Add a source: its facts, what it names, and a word on that."""
        self.named[str(facts["url"])] = len(names)
        self.sources.append(FoundSource(facts, f"The {facts['method']} {told}."))

    def drafted(self, sources: Iterable[FoundSource]) -> Site:
        """The site as the draft would state it with these sources.

        Raises:
            UsageError: what was found makes no valid file.
        """
        return read_site(self.text(sources), "the draft", key=self.key)

    def text(self, sources: Iterable[FoundSource], layout: dict[str, object] | None = None) -> str:
        """The draft, with these sources."""
        article: dict[str, object] = {}
        if self.form:
            article["path"] = self.form.path
            if self.form.query:
                article["query"] = list(self.form.query)
            if self.marker:
                article["marker"] = self.marker
        host = urls.host(self.url)
        twin = host.removeprefix("www.") if host.startswith("www.") else ""
        draft = Draft(
            name=self.name,
            url=self.origin,
            day=self.day,
            seen=self.url,
            platform=self.platform,
            aliases=(twin,) if twin else (),
            article=article,
            sources=tuple(sources),
            layout=layout or {},
            missing=tuple(self.missing),
        )
        return draft_file(draft)

    def as_told(self, names: Iterable[str]) -> list[str]:
        """Addresses as the draft tells them from one another, each once."""
        site = self.drafted([FoundSource({"method": "feed", "url": "/"})])
        told = (site.article_url(name) for name in names)
        return list(dict.fromkeys(each for each in told if each))

    def short(self, url: str) -> str:
        """An address as a file writes it: from the root, where it lies on the site."""
        text = url.removeprefix(self.origin) if url.startswith(self.origin + "/") else url
        return text.replace("{", "{{").replace("}", "}}")
