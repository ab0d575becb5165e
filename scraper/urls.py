"""URLs: one canonical, percent-encoded form for each page."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from scraper.text import fold

_SAFE_IN_PATH = "/:@!$&'()*+,;=-._~"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?"
_ESCAPED_RESERVED = re.compile(r"%(?:2[Ff]|3[Ff]|23|25)")
# Most links are in canonical form already; nothing but these characters, no dot segments.
_CANONICAL = re.compile(r"https?://[a-z0-9.-]+(?=/)")
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_~.-]*)+/?|/")
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|mtm_\w+|pk_\w+|piwik_\w+)=", re.I)
_MAX_CHARACTERS = 8_000  # RFC 9110 asks servers for as much; most refuse more
_FILE_SUFFIXES = frozenset(
    "pdf doc docx odt rtf xls xlsx ods csv ppt pptx odp zip 7z gz ics txt xml json mp3 mp4 epub"
    " jpg jpeg png webp svg tif tiff eps gpx kml geojson".split()
)


def canonical(url: str, base: str | None = None) -> str | None:
    """The canonical form of an http(s) URL, or None if it is not one.

    Scheme and host in lower case (host as IDNA), default ports and the fragment dropped, the path
    and query percent-encoded as UTF-8 with upper-case digits, tracking parameters removed. What
    is escaped and unreserved is unescaped, so that every spelling of an address becomes the same.
    Idempotent. Longer than any server accepts is none.

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
    query = "&".join(
        _encode(pair, _SAFE_IN_QUERY)
        for pair in parts.query.split("&")
        if pair and not _TRACKING.match(pair)
    )
    path = _remove_dots(_encode(parts.path, _SAFE_IN_PATH)) or "/"
    found = urlunsplit((scheme, netloc, path, query, ""))
    return found if len(found) <= _MAX_CHARACTERS else None


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
    name = path(url).rsplit("/", 1)[-1].lower()
    return "." in name and name.rsplit(".", 1)[-1] in _FILE_SUFFIXES
