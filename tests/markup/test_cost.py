"""Pages that would cost the HTML parser hours or gigabytes are refused before it sees them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.markup.cost import _KINDS, _left_open_at_most, _Scan, excess, is_plain
from tests.conftest import FIXTURES

ATTRIBUTES = b" ".join(b"a%d" % number for number in range(5_000))
DEEP, MULTIPLY, MANY = "nested more than", "multiply", "more than 1,000 attributes"


def bold(*between: bytes, number: int = 3_000) -> bytes:
    """Blocks that each leave one more formatting element open."""
    return b"".join(b"<p><b id=%d>" % i + b"".join(between) for i in range(number))


BOMBS = {
    "a million elements": (b"<div>" * 1_000_000, DEEP),
    "end tags in comments": (b"<div><!--</div>-->" * 3_000, DEEP),
    "end tags in attributes": (b"<div title='</div>'>" * 3_000, DEEP),
    "cells in a drawing": (b"<svg>" + b"<td>" * 3_000, DEEP),
    "shapes outside a drawing": (b"<svg><div>" + b"<path/>" * 3_000, DEEP),
    "shapes behind a drawing": (b"<svg><![CDATA[]]></p>" + b"<path/>" * 3_000, DEEP),
    "elements in a drawing's title": (b"<svg><title>" + b"<div>" * 3_000, DEEP),
    "text in boxes": (b"<div>" * 60 + b"a" * 1_000_000, "too much of its text"),
    "text behind boxes": (b"<div>" * 60 + b"<p>" + b"a" * 1_000_000, "too much of its text"),
    "elements in boxes": (b"<div>" * 60 + b"<i></i>" * 20_000, "too many of its elements"),
    "a flat page": (b"<p>x" * 200_000, "more than 150,000 tags"),
    "bold text without end": (bold(), MULTIPLY),
    "ends behind a marker": (bold(b"<object></b></object>"), MULTIPLY),
    "ends in a script": (bold(b"<script><!--<script></script></b>--></script>"), MULTIPLY),
    "ends in a list of options": (bold(b"<select></b></select>"), MULTIPLY),
    "ends in character data": (b"<svg><desc>" + bold(b"<![CDATA[></b>]]>"), MULTIPLY),
    "attributes": (b"<div " + ATTRIBUTES + b">", MANY),
    "attributes of an end tag": (b"</div " + ATTRIBUTES + b">", MANY),
    "attributes in pieces": (b"<div " + ATTRIBUTES.replace(b" ", b" <") + b">", MANY),
    "attributes without end": (b"<div " + ATTRIBUTES, MANY),
    "attributes behind a bracket": (b'<div a="<script>" ' + ATTRIBUTES + b">", MANY),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused(kind):
    body, reason = BOMBS[kind]
    assert reason in (excess(body) or "")


@pytest.mark.parametrize(
    "path", sorted((FIXTURES / "dortmund").glob("*.html")), ids=lambda p: p.stem
)
def test_an_ordinary_page_is_far_from_any_limit(path):
    scan = _Scan(path.read_bytes())
    assert scan.excess() is None
    assert scan.copies < 10_000
    assert len(scan._open) < 20


def test_a_large_honest_page_is_no_bomb():
    row = b"<tr><td><a href='/x'>Wahlbezirk</a><td><b>41,2</b> %</tr>"
    list_item = b"<li><p>Haltestelle<br><img src=a.webp>"
    icon = b"<svg><title>Pfeil</title><path d='M0'/><circle r=1 /></svg>"
    article = render_article(Newsroom(2).article(1))
    assert excess(article + b"<table>" + row * 5_000 + b"</table>") is None
    assert excess(article + b"<ul>" + list_item * 5_000 + b"</ul>") is None
    assert excess(article + icon * 1_000 + b"<p>Text" * 5_000) is None


NAMES = (
    "b a i p div td table tr li select option object svg math foreignObject title desc script style"
    " template button path g ul font nobr mi annotation-xml h1 form iframe xmp plaintext"
).split()
TOKENS = st.one_of(
    st.sampled_from([f"<{name}>" for name in NAMES]),
    st.sampled_from([f"<{name} id=NUMBER>" for name in NAMES]),
    st.sampled_from([f"</{name}>" for name in NAMES]),
    st.sampled_from([f"<{name}/>" for name in NAMES]),
    st.sampled_from(
        '<!-- --> <!--> --!> " \' x <p\ta=" <p\ta=b"> > <![CDATA[ ]]> </> <?x </\tx <b\tc=\''.split(
            " "
        )
    ),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(TOKENS, max_size=60), st.integers(1, 400))
def test_what_passes_at_once_would_pass_the_scan(tokens, times):
    """Of up to 1,400 tags; of more, the scan believes no end that crosses another element."""
    body = "".join((tokens * times)[:1_400]).encode()
    assert not is_plain(body) or _Scan(body).excess() is None


@settings(deadline=None, max_examples=300)
@given(st.lists(TOKENS, max_size=20), st.integers(1, 30), st.integers(1, 9))
def test_the_tree_of_a_plain_page_is_never_larger_than_foretold(tokens, times, kinds):
    numbered = [t.replace("NUMBER", f"{n % kinds}") for n, t in enumerate(tokens * times)]
    body = "".join(numbered).encode()
    tags = body.count(b"<")
    if is_plain(body):
        kinds = list(map(_KINDS.__getitem__, body.split(b"<")[1:]))
        copies = tags * _left_open_at_most(len(set(kinds)) + kinds.count(None))
        assert measure(LexborHTMLParser(body))[1] <= 4 * tags + copies + 12


def test_as_many_kinds_of_formatting_elements_as_tags_are_left_to_the_scan():
    assert is_plain(b"<p><b>" * 3_000)
    assert is_plain(b"<p><a href=/>" * 3_000)
    assert not is_plain(bold())


@settings(deadline=None, max_examples=300)
@given(st.text("<>/=\"' abx\t!-", max_size=40).map(str.encode))
@example(b'<a title="<b>"><i b="<" ')
@example(b'x<a title="<b" ')
@example(b'<!-- <a title="<b> --> <i " ')
def test_a_plain_tag_ends_where_the_parser_ends_it(markup):
    """Attributes behind it are none: no quotation mark may have swallowed the bracket."""
    body = markup + ATTRIBUTES
    if is_plain(body):
        tree = LexborHTMLParser(body)
        assert all(len(node.attributes) < 100 for node in tree.css("*"))


def test_ordinary_pages_pass_at_once():
    for number in range(3):
        assert is_plain(render_article(Newsroom(3).article(number)))


def test_markup_in_attributes_passes_at_once_as_long_as_each_tag_is_short():
    caption = b'<p>Text<a class="lightbox" data-caption="<b>Platz</b> <i>Foto: Moll</i>">Bild</a>'
    assert is_plain(caption * 20)
    assert not is_plain(caption + b'<a title="<b>' + b"x" * 5_000 + b'">')
    assert not is_plain(caption + b"<a title='<b> " + ATTRIBUTES)
    assert not is_plain(caption * 1_000)  # to look at each would cost more than the scan


@settings(deadline=None, max_examples=300)
@given(st.lists(TOKENS, max_size=60), st.integers(1, 8))
def test_the_tree_is_never_larger_than_foretold(tokens, times):
    numbered = [t.replace("NUMBER", f"{n}") for n, t in enumerate(tokens * times)]
    body = "".join(numbered).encode()
    scan = _Scan(body)
    assert scan.excess() is None
    depth, size = measure(LexborHTMLParser(body))
    # A `td` makes a row and a table body; html, head and body are always there.
    assert size <= 4 * body.count(b"<") + scan.copies + 12
    # Between two elements that nest, one that does not can stand.
    assert depth <= 3 * scan.deepest + 10


def measure(tree):
    """Depth of a tree and number of its elements."""
    depth = size = 0
    waiting = [(tree.root, 0)]
    while waiting:
        node, level = waiting.pop()
        size, depth = size + 1, max(depth, level)
        child = node.first_child
        while child is not None:
            if not (child.tag or "-").startswith("-"):
                waiting.append((child, level + 1))
            child = child.next
    return depth, size
