"""Links and pictures of a page that a web archive replays, as they were on the site.

Replay servers (pywb, OpenWayback, the Wayback Machine, Archive-It, ReplayWeb.page, many national
archives) put an address of their own before every other: a collection, the time of the capture and
a modifier, `http://localhost:8080/coll/20250801100000mp_/https://…`. What the Wayback Machine adds
to the markup is taken out by `scraper.markup.wayback`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from scraper.markup.srcset import parse_srcset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborHTMLParser, LexborNode

# Time and modifier (`mp_`, `im_`, `id_`), or one of them, or what archive.today puts there; the
# target has a scheme, or begins with the name of a host.
_FRONT = re.compile(
    r"/(?:(?P<stamp>\d{4,14})(?P<modifier>[a-z]{2,3}_)?|(?P<latest>[a-z]{2}_)|o/\w{4,8})/"
    r"(?P<target>(?:https?(?::|%3a)|//|mailto:|tel:)|(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?=/|$)))",
    re.I,
)
_SCHEME = re.compile(r"(https?):/{0,3}", re.I)
_COLLECTION = re.compile(r"(?:^|/)(?:web|wayback|memento|archive)$", re.I)
_CITED = frozenset(
    "web.archive.org archive.org www.archive.org archive.today archive.ph archive.is archive.li"
    " archive.vn archive.fo archive.md".split()
)
"""Hosts whose captures people link to; such a link may be the city's own."""
_SIGN = re.compile(
    rb"/(?=[hHwm/\d]|[a-zA-Z]{2}_)"  # few slashes pass this, which is soon told
    rb"(?:http|HTTP|web/|//|mailto:|(?:\d{4,14}[a-zA-Z]{2,3}|[a-zA-Z]{2})_/)"
)
"""Without one of these, nothing on a page is the address of a replay."""
BASE = "base[href]"
_MAX_FRONTS = 3
_ADDRESSES = ("href", "src", "data-src", "content", "poster", "data")
_SETS = ("srcset", "data-srcset")


def live_address(address: str, *, is_replayed: bool = True) -> str:
    """An address without what a replay server has put before it; any other as it is.

    Args:
        address: as a page states it.
        is_replayed: whether the page is known to come from a replay server. If not, a link to a
            capture in one of the large public archives is the city's own.
    """
    for _ in range(_MAX_FRONTS):
        found = _target(address)
        if found is None or not (is_replayed or _tells(address)):
            break
        address, is_replayed = found, False
    return address


def restore(tree: LexborHTMLParser, body: bytes, names: Iterable[str] = ()) -> None:
    """Give every address of a tree the form it had on the site.

    Args:
        tree: the page; it is changed.
        body: its markup as it was parsed, to see at once that there is nothing to do.
        names: further attributes that hold addresses.
    """
    if _SIGN.search(body) is None:
        return
    single = (*_ADDRESSES, *names)
    nodes = tree.css(", ".join(f"[{name}*='/']" for name in (*single, *_SETS)))
    fronted = [node for node in nodes if any(_is_fronted(value) for value in _values(node, single))]
    if not fronted:
        return
    is_replayed = any(
        node.tag != "a" or _tells(value)
        for node in fronted
        for value in _values(node, single)
        if _is_fronted(value)
    )
    for node in fronted:
        _restore(node, single, is_replayed=is_replayed)


def base_url(tree: LexborHTMLParser, url: str) -> str:
    """What a page's addresses are relative to: its first `base`, else its own address.

    Args:
        tree: the page.
        url: where it was fetched.
    """
    node = tree.css_first(BASE)
    return url if node is None else base_of(node, url)


def base_of(node: LexborNode, url: str) -> str:
    """What addresses are relative to on a page with such a `base`.

    Args:
        node: the element.
        url: where the page was fetched.
    """
    stated = re.sub(r"[\t\r\n]", "", (node.attributes.get("href") or ""))
    try:
        found = urljoin(url, stated.strip())
        return found if urlsplit(found).scheme in {"http", "https"} else url
    except ValueError:
        return url


def _restore(node: LexborNode, names: Iterable[str], *, is_replayed: bool) -> None:
    for name in names:
        value = node.attributes.get(name)
        if value and _is_fronted(value):
            node.attrs[name] = live_address(value, is_replayed=is_replayed)
    for name in _SETS:
        value = node.attributes.get(name)
        if value and _is_fronted(value):
            node.attrs[name] = ", ".join(
                f"{live_address(each.url)} {each.width}w"
                if each.width
                else f"{live_address(each.url)} {each.density:g}x"
                for each in parse_srcset(value)
            )


def _values(node: LexborNode, names: Iterable[str]) -> list[str]:
    values = node.attributes
    return [value for name in (*names, *_SETS) if (value := values.get(name))]


def _is_fronted(value: str) -> bool:
    return _FRONT.search(value) is not None and (_target(value) is not None or "," in value)


def _target(address: str) -> str | None:
    """What a replay server shows at an address; None if it is not one of a replay server."""
    address = address.strip()
    match = _FRONT.search(address, 0, _end_of_path(address))
    if match is None:
        return None
    before = address[: match.start()]
    stamp = match["stamp"] or ""
    sure = match["modifier"] or match["latest"] or len(stamp) == 14
    if match["host"] and not (match["modifier"] or _COLLECTION.search(before)):
        return None
    if not sure and not (_COLLECTION.search(before) if stamp else _host(before) in _CITED):
        return None
    target = address[match.start("target") :]
    if "%3a" in target[:8].lower():
        target = unquote(target)
    if match["host"]:
        return f"https://{target}"
    if target.startswith("//"):
        return f"https:{target}"
    return _SCHEME.sub(lambda scheme: f"{scheme[1].lower()}://", target, count=1)


def _tells(address: str) -> bool:
    """Whether an address can only come from a replay server: nobody writes such a link."""
    match = _FRONT.search(address)
    if match is None:
        return False
    return bool(match["modifier"] or match["latest"]) or _host(address) not in _CITED


def _host(address: str) -> str:
    try:
        return urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""


def _end_of_path(address: str) -> int:
    """Where query or fragment begin, less the scheme of a target that begins before."""
    ends = [at for at in (address.find("?"), address.find("#")) if at >= 0]
    return min(ends, default=len(address))
