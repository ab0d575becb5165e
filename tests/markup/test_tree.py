"""Trees of pages: what is left out before they are made, and that nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.errors import ParseError
from scraper.markup.tree import Around, ancestors, inline_text, is_large, parse_html, short_text
from tests.conftest import capture_of

LONG = "window.a=1;" * 300
LONG_STYLE = "nav > a{color:red} " * 200


def test_nobody_parses_a_long_script():
    tree = parse_html(capture_of(f"<p>Vorher</p> <script>{LONG}</script> und nachher"))
    assert tree.css_first("script").text() == ""
    assert inline_text(tree.body) == "Vorher und nachher"


def test_nobody_parses_a_long_style_sheet():
    tree = parse_html(capture_of(f"<p>Vorher</p> <style>{LONG_STYLE}</style> und nachher"))
    assert tree.css_first("style").text() == ""
    assert inline_text(tree.body) == "Vorher und nachher"


@pytest.mark.parametrize("rule", ["a<b{}", "-->", "--!>", "]]>", "a{content:'</script>'}"])
def test_a_style_sheet_whose_end_is_in_doubt_stays(rule):
    tree = parse_html(capture_of(f"<p>Text</p><style>{LONG_STYLE}{rule}</style>"))
    assert tree.css_first("style").text() == LONG_STYLE + rule


@pytest.mark.parametrize("kind", ["application/ld+json", "APPLICATION/JSON"])
def test_data_of_any_length_stay(kind):
    tree = parse_html(capture_of(f'<script type="{kind}">{LONG}</script><p>Text'))
    assert tree.css_first("script").text() == LONG


@pytest.mark.parametrize("script", ["a < b; ", "'<script>'; ", "<!-- ", "--> ", "a </scripture "])
def test_a_script_whose_end_is_in_doubt_stays(script):
    tree = parse_html(capture_of(f"<p>Text</p><script>{LONG}{script}</script>"))
    assert tree.css_first("script").text().startswith(LONG + script)


PIECES = [
    *("<script>", "<SCRIPT async>", '<script type="application/ld+json">'),
    *("</script>", "</script>", "</scripts>", "</script", "<svg>", "</svg>", "<math>", "</math>"),
    *("<!--", "-->", "--!>", "<![CDATA[", "]]>", "<?", "</ ", "<", ">", " ", LONG, LONG, '"'),
    *(LONG_STYLE, LONG_STYLE, "<style media=print>"),
    *('<a title="', "<a title=", '">', "<a b='", "'>", "<p>Text ", "</p>", "</a>"),
    *("<textarea>", "</textarea>", "<xmp>", "</xmp>", "<iframe>", "</iframe>", "<script/>"),
    *("<script-x>", "<script:a>", "<plaintext>", "<noframes>"),
    *("<noscript>", "</noscript>", "<style>", "</style>", "<title>", "</title>", "<select>"),
]


@settings(deadline=None, max_examples=1_000)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
@example(["<![CDATA[ ", "<script>", LONG, "</script>"])  # a comment that ends with the tag
@example(["<? ", "<script>", LONG, "</script>"])
@example(["<? ", "<style>", LONG_STYLE, "</style>"])
@example(["<svg><![CDATA[ >", "<style>", LONG_STYLE, "</style>", "]]>"])
@example(["<!-- >", "<style>", LONG_STYLE, "-->", LONG_STYLE, "</style>"])
@example(['<a title=">', "<style>", LONG_STYLE, '" ', "</style>", "Text"])
@example(["<a b='>", "<script>", "'", LONG, "</script>", "Text", "'>"])
@example(["<a b='>", "<style>", "'", LONG_STYLE, "</style>", "Text", "'>"])
@example(["<script>/*>", "<style>", LONG_STYLE, "</style>", "*/</script>", "Text"])
@example(["<!-- >", "<script>", LONG, "-->", LONG, "</script>"])
@example(["<textarea><p></p>", "<script>", LONG, "</script>", "</textarea>"])
@example(["<math><a></a>", "<script/>", LONG, "</script>", "</math>"])
@example(["<p></p>", "<script-x>", LONG, "</script>"])
@example(['<a title=">', "<script>", LONG, '" ', "</script>", "Text"])  # in an attribute
@example(["<a b='>", "<script>", "'", LONG, "</script>", "Text"])
def test_what_a_reader_sees_does_not_depend_on_it(pieces):
    body = "<body>Anfang " + "".join(pieces)
    assert inline_text(parse_html(capture_of(body)).body) == inline_text(
        LexborHTMLParser(body).body
    )


BITS = st.sampled_from("<div> </div> <p> <i> </i> <br> <svg> </svg> Wort a\xa0b \n".split(" "))


@given(st.lists(BITS, max_size=40), st.integers(1, 60))
def test_a_short_text_is_the_text_of_a_small_element_and_nothing_else(bits, most):
    body = LexborHTMLParser("".join(bits)).body
    text = inline_text(body)
    expected = None if len(text) > most or is_large(body, 4 * most) else text
    assert short_text(body, most) == expected


@given(st.lists(BITS, max_size=40), st.sampled_from(["div", "svg", "p"]))
def test_around_says_what_a_walk_to_the_root_would_say(bits, tag):
    has = Around(lambda node: node.tag == tag)
    for node in LexborHTMLParser("".join(bits)).root.traverse(include_text=True):
        expected = any(around.tag == tag for around in [node, *ancestors(node)])
        assert has(node) == expected


@pytest.mark.parametrize("inner", ["Wort " * 190_000, "<p>x" * 140_000])
def test_what_stands_too_deep_is_refused_even_if_all_its_tags_are_plain(inner):
    page = "<div>" * 300 + inner
    with pytest.raises(ParseError, match="nested too deep"):
        parse_html(capture_of(page.encode()))
