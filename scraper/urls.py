"""URLs: one canonical, percent-encoded form for each page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection

_SAFE_IN_PATH = "/:@!$&'()*+,;=-._~"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?"
_ESCAPED_RESERVED = re.compile(r"%(?:2[Ff]|3[Ff]|23|25)")
# Most links are in canonical form already; nothing but these characters, no dot segments.
_CANONICAL = re.compile(r"https?://[a-z0-9.-]+(?=/)")
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_~.-]*)+/?|/")
# Names of query parameters, in lower case. Where visitors come from:
_TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid ttclid yclid igshid igsh li_fat_id epik"
    " srsltid rb_clickid wickedid mc_cid mc_eid mkt_tok vero_id oly_enc_id oly_anon_id s_kwcid"
    " ef_id wt_mc wt_zmc _ga _gl _gac _hsenc _hsmi __hstc __hssc __hsfp hsctatracking"
    " _openstat at_medium at_campaign ns_campaign ns_mchannel ns_source ns_linkname".split()
)
_TRACKING_PREFIXES = (
    "utm_",
    "mtm_",
    "pk_",
    "piwik_",
    "matomo_",
    "hsa_",
    "etcc_",
    "aspsessionid",
    "__cf_chl_",
)
# What names a visitor, or guards a form:
_SESSION = frozenset(
    "jsessionid phpsessid sessionid session_id sessid sess_id asp.net_sessionid cfid cftoken oscsid"
    " zenid csrf csrf_token csrftoken csrfmiddlewaretoken _csrf _token __requestverificationtoken"
    " authenticity_token form_token form_build_id _wpnonce nonce sesskey".split()
)
_SESSION_IF_RANDOM = frozenset("sid session s".split())
_RANDOM = re.compile(r"(?=[^\d]*\d)(?=[^a-z]*[a-z])(?:[0-9a-f-]{8,}|[0-9a-z]{24,})|\d{12,}", re.I)
# What keeps copies from being used again; some only on files, or with a time in seconds or parts.
_CACHE_BUSTERS = frozenset("_ cb nocache no_cache cachebuster cachebust rnd rand random".split())
_TIMES = frozenset("t _t ts timestamp".split())
_VERSIONS = frozenset("v ver version rev time mtime modified".split())
_EPOCH = re.compile(r"1\d{9}(?:\d{3}(?:\d{3})?)?")
_BARE_VERSION = re.compile(r"v?\d[\d._-]{0,63}")
_NUMBER = re.compile(r"(?=[^\d]*\d)[0-9a-f._-]{1,64}", re.I)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sessionid|sid)=[^/;]*", re.I)
_COOKIELESS = re.compile(r"/\((?:[A-Z]\([\w-]{8,200}\)){1,4}\)(?=/)")  # ASP.NET
# What is signed anew for each visitor. Without it, such an address leads nowhere.
_SIGNED = frozenset(
    "token access_token auth_token sig signature expires hmac hdnts policy key-pair-id".split()
)
_SIGNATURE = re.compile(r"(?=[^\d]*\d)[\w.~%+=-]{8,}")
_SIGNED_PREFIXES = ("x-amz-", "x-goog-")
_REMEMBERED = 500  # characters; longer addresses are rare
_MAX_CHARACTERS = 8_000  # RFC 9110 asks servers for as much; most refuse more
_FILE_SUFFIXES = frozenset(
    "pdf doc docx odt rtf xls xlsx ods csv ppt pptx odp zip 7z gz ics txt xml json mp3 mp4 epub"
    " jpg jpeg png gif webp avif svg tif tiff eps gpx kml geojson".split()
)


def canonical(url: str, base: str | None = None) -> str | None:
    """The canonical form of an http(s) URL, or None if it is not one.

    Scheme and host in lower case (host as IDNA), default ports and the fragment dropped, the path
    and query percent-encoded as UTF-8 with upper-case digits. What is escaped and unreserved is
    unescaped, so that every spelling of an address becomes the same. What differs at each visit is
    removed: tracking parameters, sessions, tokens of forms, cache busters. Idempotent. What is
    longer than any server accepts is not an address.

    Args:
        url: absolute, or relative to `base`. May hold raw non-ASCII characters.
        base: absolute URL of the page that holds it.
    """
    if len(url) > _MAX_CHARACTERS:
        return None
    if _PLAIN_PATH.fullmatch(url) and base:
        home = _CANONICAL.match(base)
        if home:
            return home[0] + url
    home = _CANONICAL.match(url)
    if home and _PLAIN_PATH.fullmatch(url, home.end()):
        return url
    read = _canonical if len(url) <= _REMEMBERED else _canonical.__wrapped__
    return read(url, base)


@lru_cache(maxsize=4096)
def _canonical(url: str, base: str | None) -> str | None:
    """The same for any form; a page has the same addresses several times, and so has a site."""
    try:
        # Like browsers: white space around is noise, line breaks inside are dropped.
        cleaned = re.sub(r"[\t\r\n]", "", url).strip()
        parts = urlsplit(urljoin(base, cleaned) if base else cleaned)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        return None
    if scheme not in {"http", "https"} or not host:
        return None
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[scheme]:
        netloc += f":{port}"
    path = _remove_dots(_encode(parts.path, _SAFE_IN_PATH)) or "/"
    path = _COOKIELESS.sub("", _SESSION_IN_PATH.sub("", path))
    pairs = (
        _SESSION_IN_PATH.sub("", _encode(pair, _SAFE_IN_QUERY)) for pair in parts.query.split("&")
    )
    on_file = _names_file(path)
    query = "&".join(pair for pair in pairs if pair and not _is_volatile(pair, on_file=on_file))
    found = urlunsplit((scheme, netloc, path, query, ""))
    return found if len(found) <= _MAX_CHARACTERS else None


def _is_volatile(pair: str, *, on_file: bool) -> bool:
    """Whether a query parameter differs from visit to visit, whatever it leads to.

    Args:
        pair: name and value, encoded.
        on_file: whether it stands behind a file's name; there, a number alone is a version.
    """
    name, equals, value = pair.partition("=")
    name = name.lower()
    if not equals:
        return on_file and _BARE_VERSION.fullmatch(name) is not None
    if name in _TRACKING or name in _SESSION or name.startswith(_TRACKING_PREFIXES):
        return True
    if name in _SESSION_IF_RANDOM:
        return _RANDOM.fullmatch(value) is not None
    if name in _CACHE_BUSTERS or (on_file and name in _TIMES | _VERSIONS):
        return _NUMBER.fullmatch(value) is not None
    return name in _TIMES and _EPOCH.fullmatch(value) is not None


def unsigned(url: str) -> str:
    """A canonical URL without what its server signs anew for each visitor.

    It serves to compare, and may lead nowhere.
    """
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair and not _is_signed(pair)]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), ""))


def _is_signed(pair: str) -> bool:
    name, _equals, value = pair.lower().partition("=")
    if name.startswith(_SIGNED_PREFIXES):
        return True
    return name in _SIGNED and bool(_SIGNATURE.match(value))


def _encode(text: str, safe: str) -> str:
    """Percent-encode; escapes of reserved characters stay, they mean something else unescaped."""
    out, last = [], 0
    for match in _ESCAPED_RESERVED.finditer(text):
        out.append(_quoted(text[last : match.start()], safe))
        out.append(match[0].upper())
        last = match.end()
    out.append(_quoted(text[last:], safe))
    return "".join(out)


def _quoted(text: str, safe: str) -> str:
    # A lone surrogate cannot be written as UTF-8; browsers send a replacement character.
    return quote(unquote_to_bytes(text.encode("utf-8", "replace")), safe)


def _remove_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/".join(kept)


def is_absolute(url: str) -> bool:
    """Whether an address begins with `http://` or `https://`, in any case."""
    return url[:8].lower().startswith(("http://", "https://"))


def origin(url: str) -> str:
    """Scheme, host and port: `https://www.dortmund.de`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def with_origin(url: str, new_origin: str) -> str:
    """The same path and query at another origin."""
    parts, new = urlsplit(url), urlsplit(new_origin)
    return urlunsplit((new.scheme, new.netloc, parts.path, parts.query, ""))


def host(url: str) -> str:
    """Host name without port."""
    return urlsplit(url).hostname or ""


def path(url: str) -> str:
    """Path, percent-encoded."""
    return urlsplit(url).path


def is_one_of(url: str, addresses: Collection[str]) -> bool:
    """Whether it is one of some canonical addresses, or one that has no query, with a query."""
    return url in addresses or ("?" in url and without_query(url) in addresses)


def path_and_query(url: str) -> str:
    """All behind the host, percent-encoded."""
    parts = urlsplit(url)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def without_query(url: str) -> str:
    """The URL up to its path."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def query_value(url: str, name: str) -> str | None:
    """The first value of a query parameter, if it is a plain number or word; else None."""
    for pair in urlsplit(url).query.split("&"):
        key, _equals, value = pair.partition("=")
        if key == name:
            word = value.partition(";")[0]  # a session's id may hang on it
            return word if word.isascii() and word.isalnum() else None
    return None


def readable(url: str) -> str:
    """The URL with its escapes resolved, for people."""
    return fold(unquote_to_bytes(url).decode("utf-8", "replace"))


def file_name(url: str) -> str:
    """Last part of the path, escapes resolved."""
    return readable(path(url)).rsplit("/", 1)[-1]


def is_file(url: str) -> bool:
    """Whether the address looks like a file to download rather than a page."""
    return _names_file(path(url))


def _names_file(path: str) -> bool:
    name = path.rsplit("/", 1)[-1].lower()
    return "." in name and name.rsplit(".", 1)[-1] in _FILE_SUFFIXES
