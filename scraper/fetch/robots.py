"""robots.txt: what the site lets us ask for (RFC 9309, with protego's wildcards)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protego import Protego

if TYPE_CHECKING:
    from scraper.records import Capture

_PARSED_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
_MAX_DELAY_SECONDS = 86_400.0
_COMMENT = re.compile(r"#[^\r\n]*")
_DIRECTIVE = re.compile(
    r"^[^\S\n]*+(user.?agent|(dis)?allow|sitemap|crawl.?delay|request.?rate|visit.?time|host|noindex"
    r"|clean.?param|content.?(signal|usage))[^\S\n]*+:",
    re.I | re.M,
)


class Robots:
    """The rules of one site for one user agent."""

    def __init__(self, rules: Protego, agent: str) -> None:
        self._rules = rules
        self._agent = agent

    @classmethod
    def from_capture(cls, capture: Capture, agent: str) -> Robots:
        """The rules in an answer to the request for robots.txt.

        A 4xx means that there are no rules. Everything but a text of rules forbids for now.

        Args:
            capture: the answer.
            agent: name of the crawler as robots.txt spells it, without version.

        Raises:
            ValueError: the answer is no robots.txt; the message says what it is instead.
        """
        if 400 <= capture.status < 500 and capture.status != 429:
            return cls(Protego.parse(""), agent)
        if not 200 <= capture.status < 300:
            raise ValueError(f"the server answers with HTTP {capture.status}")
        text = capture.body[:_PARSED_BYTES].decode("utf-8-sig", "replace").replace("\r", "\n")
        rules = _COMMENT.sub("", text).strip()
        if "\0" in rules or rules.startswith("<") or (rules and not _DIRECTIVE.search(rules)):
            raise ValueError("what stands there is a web page or some other file, not rules")
        return cls(Protego.parse(text), agent)

    def allows(self, url: str) -> bool:
        """Whether a canonical URL may be fetched."""
        return bool(self._rules.can_fetch(url, self._agent))

    @property
    def crawl_delay_seconds(self) -> float:
        """Least distance between requests that the site asks for, at most a day; 0 if none."""
        delay = float(self._rules.crawl_delay(self._agent) or 0)
        rate = self._rules.request_rate(self._agent)
        spread = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return min(max(delay, spread), _MAX_DELAY_SECONDS)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Addresses of sitemaps that robots.txt names."""
        return tuple(self._rules.sitemaps)
