"""How much work a page would make for the HTML parser, judged before it is parsed.

A browser's algorithm is quadratic in three places, and 40 KB of markup can take gigabytes:

- each start tag may look through all elements that are open;
- formatting elements (`b`, `a`) that are left open are made anew inside each block that follows
  (WHATWG HTML, "reconstruct the active formatting elements");
- each attribute is compared with those before it.

Reading the tree is quadratic in a fourth place: to ask of each element what it holds reads a text
once for each element around it. So the depths at which elements and text stand are summed up.

An end tag counts only where it ends the element opened last: comments, scripts and crossed
elements cannot hide from this count what the parser will do, they can only make a page look worse
than it is.
"""

from __future__ import annotations

import re

_MAX_TAGS = 150_000  # start and end tags; a real page has about 850
_MAX_DEPTH = 2_000
_MAX_COPIES = 1_000_000
_MAX_ATTRIBUTES = 1_000
_MAX_NESTED_TAGS = 2_100_000  # sum of their depths; a long real page has 24,000
_MAX_NESTED_BYTES = 50_000_000  # the same of the text; a long real page has 500,000
_LONG_TAG = 4_000  # bytes; shorter ones cannot hold that many attributes

_S = rb"[ \t\n\r\f]"
_ATTRIBUTE = (
    rb"[ \t\n\r\f/]*+(?:=[^ \t\n\r\f/>=]*+|[^ \t\n\r\f/>=]++)"
    rb"(?:" + _S + rb"*+=" + _S + rb"*+"
    rb"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\r\f>"'][^ \t\n\r\f>]*+|(?=>)|\Z))?+"""
)
_TAG = (
    rb"(?P<end>/?)(?P<name>[a-zA-Z][^ \t\n\r\f/>]*+)"
    rb"(?P<attributes>(?:" + _ATTRIBUTE + rb")*+)[ \t\n\r\f]*+(?P<empty>/?)[ \t\n\r\f/]*+"
)
_TOKEN = re.compile(
    rb"<(?:!--(?:-?>|.*?(?:--!?>|\Z))"
    rb"|[!?][^>]*+(?:>|\Z)"
    rb"|/(?:>|[^a-zA-Z>][^>]*+(?:>|\Z))"
    rb"|" + _TAG + rb"(?:>|\Z))",
    re.S,
)
_WHOLE_TAG = re.compile(_TAG + rb">")
_ATTRIBUTES = re.compile(_ATTRIBUTE, re.S)

# The parser compares a tag with at most as many open elements as there are tags: with so few, that
# takes a tenth of a second.
_FEW_TAGS = 10_000
_FEW_BYTES = 1_000_000
_REMEMBERED, _MOST_REMEMBERED = 200, 1 << 14  # bytes of what follows a `<`, and how many of them
_FEW_ODD, _FEW_INSIDE = 200, 100  # odd tags, and what may look like a tag in one of them
FLAT = 40
"""At most so deep may the elements of a plain page stand; those of real ones reach 27."""
# What may follow a `<`: a tag in which every `=` stands between a name and a value, every quotation
# mark around a value, and no bracket inside; or nothing that begins a tag. The first `>` of a tag
# ends it, whatever stood before.
_PLAIN = re.compile(
    rb"/?[a-zA-Z][^ \t\n\r\f>\"'=/]*+"
    rb"(?: [a-z-]++=\"[^\">]*+\")*+"  # as most are written
    rb"(?:>|(?:[ \t\n\r\f/]++"
    rb"|[^ \t\n\r\f>\"'=/]++" + _S + rb"*+=" + _S + rb"*+"
    rb"(?:\"[^\">]*+\"|'[^'>]*+'|[^ \t\n\r\f>\"'=]++)"
    rb"|[^ \t\n\r\f>\"'=/]++(?!" + _S + rb"*+=)"
    rb")*+>)"
    rb"|(?!/?[a-zA-Z])"
)
# The start tags of formatting elements, but for `a` and `nobr`, which end the one before.
_FORMATTING_TAG = re.compile(
    rb"(?=[bcefistuBCEFISTU])"
    rb"(?:b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[ \t\n\r\f/>])[^>]*+>",
    re.I,
)
_FORMATTING = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())
# Elements that never hold others, or end by themselves where the next of their kind begins.
_SHALLOW = frozenset(
    b"area base basefont bgsound br col dd dt embed frame hr image img input keygen li link meta"
    b" optgroup option p param rb rp rt rtc source tbody tfoot thead tr track wbr".split()
)
_CELLS = frozenset([b"td", b"th", b"caption"])
_RAW = frozenset(b"iframe noembed noframes script style textarea title xmp".split())
_FOREIGN = frozenset([b"svg", b"math"])
_SHAPES = frozenset(
    b"circle defs ellipse g line lineargradient path polygon polyline radialgradient rect stop"
    b" use".split()
)
_BREAKING = frozenset([b"p", b"br"])  # end tags that end a drawing, too
_UNUSUAL = _FOREIGN | {b"plaintext"}
_DRAWN = _SHAPES | {b"svg", b"title"}


def is_plain(body: bytes) -> bool:
    """Whether a page has few tags, all of them short, most well-formed, and of few kinds.

    The parser has little work with such a page, whatever it leaves open: less than `excess` has to
    find that out. Whether its elements are nested deeper than `FLAT`, which is costly to whoever
    reads the tree, is for the tree to say.
    """
    tags = body.count(b"<")
    if len(body) > _FEW_BYTES or tags > _FEW_TAGS:
        return False
    may_multiply = tags * tags // 2 > _MAX_COPIES
    pieces = body.split(b"<")[1:]
    kinds = list(map(_KINDS.__getitem__, pieces))
    different = set(kinds)
    odd = [n for n, kind in enumerate(kinds) if kind is None] if None in different else []
    if odd and not _all_short(pieces, odd):
        return False
    return not may_multiply or tags * _left_open_at_most(len(different) + len(odd)) <= _MAX_COPIES


class _Kinds(dict[bytes, bytes | None]):
    """What follows a `<`, and what it is: remembered, for the pages of a site have much in common.

    The tag itself if it opens a formatting element, nothing if it is any other plain and short
    thing, None if it may be the beginning of a tag that goes on behind the next `<`, or is long.
    """

    def __missing__(self, piece: bytes) -> bytes | None:
        plain, formatting = _PLAIN.match(piece), _FORMATTING_TAG.match(piece)
        kind: bytes | None = formatting[0] if formatting else b""
        if plain is None or plain.end() > _LONG_TAG:
            kind = None
        if len(piece) <= _REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[piece] = kind
        return kind


_KINDS = _Kinds()


def _all_short(pieces: list[bytes], odd: list[int]) -> bool:
    """Whether few tags are odd, such as `<a title="<b>">`, and each of them is short, too.

    Args:
        pieces: what follows each `<` of a page.
        odd: numbers of those that may begin a tag which goes on behind the next `<`.
    """
    if len(odd) > _FEW_ODD:
        return False
    texts = (b"<".join(pieces[number : number + _FEW_INSIDE]) for number in odd)
    tags = [_WHOLE_TAG.match(text, 0, _LONG_TAG) for text in texts]
    # A script in an attribute is none, and may not have been taken for one.
    return all(tag and b"<script" not in tag[0] and b"<style" not in tag[0] for tag in tags)


def is_shallow(body: bytes) -> bool:
    """Whether a page has so few tags that nesting them reaches no limit."""
    tags = body.count(b"<")
    return tags * tags // 2 <= _MAX_NESTED_TAGS and tags * len(body) <= _MAX_NESTED_BYTES


def _left_open_at_most(kinds: int) -> int:
    """How many formatting elements a page of plain tags has the parser make anew at one place.

    Of those that are all alike there are at most three, of `a` and of `nobr` there is one (WHATWG
    HTML, "push onto the list of active formatting elements").

    Args:
        kinds: how many different tags open formatting elements.
    """
    return 3 * kinds + 2


def excess(body: bytes) -> str | None:
    """What makes a page more costly than any honest one, in a few words; None if nothing does.

    Args:
        body: markup in UTF-8, or any charset that contains ASCII.
    """
    return _Scan(body).excess()


def _attributes(match: re.Match[bytes]) -> int:
    return sum(1 for _ in _ATTRIBUTES.finditer(match["attributes"]))


def _beyond(tags: int, depth: int, copies: int, nested_tags: int, nested_bytes: int) -> str | None:
    """Which limit is passed, in a few words; None if none is."""
    if tags > _MAX_TAGS:
        return f"it has more than {_MAX_TAGS:,} tags"
    if depth > _MAX_DEPTH:
        return f"its elements are nested more than {_MAX_DEPTH:,} deep"
    if copies > _MAX_COPIES:
        return "it leaves so many formatting elements open that they multiply"
    if nested_tags > _MAX_NESTED_TAGS:
        return "too many of its elements are nested too deep"
    if nested_bytes > _MAX_NESTED_BYTES:
        return "too much of its text is nested too deep"
    return None


class _Scan:
    """One walk over the tags of a page."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._open: list[bytes] = []
        self._depth = 0
        self._formatting = 0
        self.deepest = self.copies = 0
        self._drawings = 0  # elements of SVG or MathML that are open
        self._foreign = False  # whether some of the page may be SVG or MathML
        self._mixed = False  # whether something in it may have ended it unnoticed
        self._trusts_ends = True
        self._doubtful_until = 0

    def excess(self) -> str | None:
        # The counts stand in variables of their own: this loop is most of what a page costs.
        body, find, opened, position, tags = self._body, _TOKEN.search, self._open, 0, 0
        depth = formatting = copies = nested_tags = nested_bytes = 0
        while match := find(body, position):
            tags += 1
            start, end = match.span()
            nested_bytes += depth * (start - position)
            position = end
            is_end, name, is_empty = match.group("end", "name", "empty")
            if name is None:
                self._no_tag(match)
                continue
            if end - start > _LONG_TAG and _attributes(match) > _MAX_ATTRIBUTES:
                return f"one of its tags has more than {_MAX_ATTRIBUTES:,} attributes"
            name = name.lower()
            if self._foreign or name in _UNUSUAL or not self._trusts_ends:
                self._depth, self._formatting = depth, formatting
                position = self._tag(match, name, is_end=bool(is_end), is_empty=bool(is_empty))
                depth, formatting = self._depth, self._formatting
            elif is_end:
                if opened and opened[-1] == name and start >= self._doubtful_until:
                    opened.pop()
                    depth -= name not in _CELLS
                    formatting -= name in _FORMATTING
            elif name not in _SHALLOW:
                opened.append(name)
                depth += name not in _CELLS
                formatting += name in _FORMATTING
                if name in _RAW:
                    position = self._raw_end(name, position)
            copies += formatting
            nested_tags += depth
            if depth > self.deepest:
                self.deepest = depth
            if tags > _MAX_TAGS or depth > _MAX_DEPTH or copies > _MAX_COPIES:
                break
            if nested_tags > _MAX_NESTED_TAGS or nested_bytes > _MAX_NESTED_BYTES:
                break
        else:
            nested_bytes += depth * (len(body) - position)
        self.copies = copies
        return _beyond(tags, depth, copies, nested_tags, nested_bytes)

    def _no_tag(self, match: re.Match[bytes]) -> None:
        """A CDATA section ends elsewhere in SVG than in HTML."""
        if self._foreign and match[0].startswith(b"<![CDATA["):
            self._trusts_ends = False

    def _tag(self, match: re.Match[bytes], name: bytes, *, is_end: bool, is_empty: bool) -> int:
        """Count a tag on a page that may have SVG or MathML; returns where to go on."""
        if is_end:
            self._mixed = self._mixed or (self._foreign and name in _BREAKING)
            if self._trusts_ends and match.start() >= self._doubtful_until:
                self._end(name)
            return match.end()
        self._start(name, is_empty=is_empty)
        return self._raw_end(name, match.end()) if name in _RAW else match.end()

    def _start(self, name: bytes, *, is_empty: bool) -> None:
        if name in _FOREIGN:
            self._foreign = True
        elif self._foreign:
            inside = self._open[-1:] and self._open[-1] in _DRAWN
            if is_empty and inside and name in _SHAPES and not self._mixed:
                return
            self._mixed = self._mixed or not inside or name not in _DRAWN
        if name == b"plaintext":
            self._trusts_ends = False
        if name in _SHALLOW and not self._in_foreign():
            return
        self._open.append(name)
        self._depth += self._is_deep(name)
        self._formatting += name in _FORMATTING
        self._drawings += name in _FOREIGN

    def _end(self, name: bytes) -> None:
        if self._open and self._open[-1] == name:
            self._open.pop()
            self._depth -= self._is_deep(name)
            self._formatting -= name in _FORMATTING
            self._drawings -= name in _FOREIGN
            if name in _FOREIGN and not self._in_foreign():
                self._foreign = self._mixed

    def _in_foreign(self) -> bool:
        return self._foreign and self._drawings > 0

    def _is_deep(self, name: bytes) -> bool:
        # In HTML a cell ends the one before it; in SVG nothing does.
        return name not in _CELLS or self._foreign

    def _raw_end(self, name: bytes, start: int) -> int:
        """Where to go on behind the start tag of an element that holds no tags."""
        if self._foreign and start < self._doubtful_until:
            self._trusts_ends = False
            return start
        close, end = b"</" + name, start
        # One byte is found much faster than several, and a script may have 400 KB.
        while (end := self._body.find(b"<", end)) >= 0:
            tag = self._body[end : end + len(close)].lower()
            if tag == close:
                break
            if name == b"script" and tag.startswith(b"<script"):
                self._trusts_ends = False  # `<!--<script>` in a script hides its end tag
            end += 1
        end = end if end >= 0 else len(self._body)
        if self._foreign:
            # In SVG these hold tags after all: starts are counted, ends are not believed.
            self._doubtful_until = end
            return start
        return end
