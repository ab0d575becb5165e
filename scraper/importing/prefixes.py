"""How the addresses of a site's releases begin, as far as its file of facts says. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from scraper.sites import Site

_SPECIAL = frozenset(".^$*+?{}[]|()")
_MAY_BE_MISSING = frozenset("*?{")


def prefixes(site: Site) -> list[str]:
    """Hosts with beginnings of paths below which releases are, or were before a relaunch.

    Web archives take `www.` for nothing, so a host is named without it.
    """
    article = site.article
    paths = list(article.sections) or _beginnings(article.path or "")
    paths += [path for path, _parameter in site.retired_pages]
    shortest = [
        path
        for path in dict.fromkeys(paths)
        if not any(path != other and path.startswith(other) for other in paths)
    ]
    hosts = [urlsplit(site.origin).netloc, *sorted(site.aliases | site.other_hosts)]
    names = dict.fromkeys(host.removeprefix("www.") for host in hosts)
    return [name + path for name in names for path in shortest]


def _beginnings(pattern: str) -> list[str]:
    """How paths begin that match a pattern, up to the last slash that is certain."""
    found = [_beginning(part) for part in _alternatives(pattern)]
    return ["/"] if "/" in found else found


def _alternatives(pattern: str) -> list[str]:
    """A pattern, split at each `|` that stands outside of brackets."""
    parts, depth, at = [""], 0, 0
    while at < len(pattern):
        sign = pattern[at]
        step = 2 if sign == "\\" else 1
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        if sign == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += pattern[at : at + step]
        at += step
    return parts


def _beginning(pattern: str) -> str:
    if not pattern.startswith("^"):
        return "/"
    literal, at = "", 1
    while at < len(pattern):
        sign = pattern[at]
        if sign in _SPECIAL:
            literal = literal[:-1] if sign in _MAY_BE_MISSING else literal
            break
        if sign == "\\":
            at += 1
            sign = pattern[at : at + 1]
            if sign.isalnum():  # a class such as \d
                break
        literal += sign
        at += 1
    return literal[: literal.rfind("/") + 1] or "/"
