"""robots.txt: what the site lets us ask for (RFC 9309, with protego's wildcards)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protego import Protego

from scraper.errors import FetchError

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
_USER_AGENT = re.compile(r"\s*user[ -]?agent\s*[:\s]\s*(.*)", re.I)
_PRODUCT_TOKEN = re.compile(r"[A-Za-z_-]*")  # RFC 9309, 2.2.1
# Beginnings of the records that protego reads, in its spellings. Others part no groups (2.2.4).
_RECORDS = ("allow", "dis", "dia", "site", "crawl", "request", "visit", "host:", "host ")
_ANYBODY, _SOMEBODY_ELSE = "*", "other"


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
            raise ValueError(FetchError.answered(capture.url, capture.status).reason)
        text = capture.body[:_PARSED_BYTES].decode("utf-8-sig", "replace").replace("\r", "\n")
        rules = _COMMENT.sub("", text).strip()
        if "\0" in rules or rules.startswith("<") or (rules and not _DIRECTIVE.search(rules)):
            raise ValueError("what stands there is a web page or some other file, not rules")
        return cls(Protego.parse(_with_plain_names(text, agent)), agent)

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


def _with_plain_names(text: str, agent: str) -> str:
    """robots.txt with the groups renamed to `agent`, `*` and somebody else's.

    A group is ours if its name equals ours as far as a product token goes, so that a version or a
    comment behind it does not matter; protego compares beginnings, and takes `news` for us.
    """
    lines = []
    for line in text.splitlines():
        rule = line.partition("#")[0]
        named = _USER_AGENT.match(rule)
        if named:
            lines.append(f"User-agent: {_group_name(named[1].strip(), agent)}")
        elif rule.lstrip().lower().startswith(_RECORDS):
            lines.append(rule)
    return "\n".join(lines)


def _group_name(name: str, agent: str) -> str:
    token = _PRODUCT_TOKEN.match(name.lstrip("* \"'"))
    found = token[0].lower() if token else ""
    if found == agent.lower():
        return agent
    return _ANYBODY if not found and name.lstrip("\"'").startswith("*") else _SOMEBODY_ELSE
