"""Values in a site's file of facts that have a form of their own, each checked by a function."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import available_timezones

from scraper import urls
from scraper.platforms import facts
from scraper.platforms.facts import FactError

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_COOKIE = re.compile(r"[\x21-\x2b\x2d-\x3a\x3c-\x7e]*")


def key(value: Any) -> str:
    """What `--site` takes."""
    text = facts.text(value)
    if not _KEY.fullmatch(text):
        reason = f"{text!r} is no key: lower-case letters, digits and hyphens, at most 60"
        raise FactError((), reason)
    return text


def origin(value: Any) -> str:
    """Scheme and host."""
    url = urls.canonical(facts.text(value))
    if url is None or urls.path(url) != "/":
        raise FactError((), f"{value!r} is not scheme and host alone, such as https://www.stadt.de")
    return urls.origin(url)


def zone(value: Any) -> str:
    """An IANA time zone."""
    name = facts.text(value)
    if name not in available_timezones():
        reason = f"{name!r} is no time zone; an IANA name such as Europe/Berlin is needed"
        raise FactError((), reason)
    return name


def rendition(value: Any) -> str:
    """A pattern for the size in the address of a picture."""
    source = facts.pattern(value)
    if not {"width", "height"} <= set(re.compile(source).groupindex):
        raise FactError((), "the pattern needs groups (?P<width>…) and (?P<height>…)")
    return source


def hosts(value: Any) -> frozenset[str]:
    """Host names, in lower case."""
    names = facts.words(value)
    for host in names:
        if "/" in host or "." not in host:
            raise FactError((), f"{host!r} is no host name such as presse.stadt.de")
    return frozenset(host.lower() for host in names)


def root_path(value: Any) -> str:
    """A path from the root."""
    path = facts.text(value)
    if not path.startswith("/"):
        raise FactError((), f"{path!r} is no path: it begins with /, such as /presse/")
    return path


def template(value: Any) -> str:
    """An address with a place for the id of a release."""
    url = facts.text(value)
    if not url.startswith(("https://", "http://")) or "{id}" not in url:
        raise FactError((), f"{url!r} is no address with {{id}} in the place of the release's id")
    return url


def language(value: Any) -> str:
    """A language, as BCP 47 names it."""
    name = facts.text(value)
    if not _LANGUAGE.fullmatch(name):
        raise FactError((), f"{name!r} is no name of a language such as de or de-AT")
    return name


def cookies(value: Any) -> tuple[tuple[str, str], ...]:
    """Cookies that a header can carry."""
    found = facts.pairs(value)
    for name, text in found:
        if not name or not _COOKIE.fullmatch(name) or not _COOKIE.fullmatch(text) or "=" in name:
            raise FactError((name,), "a cookie is ASCII without spaces, commas and semicolons")
    return found
