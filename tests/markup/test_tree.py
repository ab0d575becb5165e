"""Trees of pages: what is left out before they are made, and that nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.markup.tree import inline_text, parse_html
from tests.conftest import capture_of

LONG = "window.a=1;" * 300


def test_nobody_parses_a_long_script():
    tree = parse_html(capture_of(f"<p>Vorher</p> <script>{LONG}</script> und nachher"))
    assert tree.css_first("script").text() == ""
    assert inline_text(tree.body) == "Vorher und nachher"


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
    *('<a title="', "<a title=", '">', "<a b='", "'>", "<p>Text ", "</p>", "</a>"),
    *("<textarea>", "</textarea>", "<xmp>", "</xmp>", "<iframe>", "</iframe>", "<script/>"),
    *("<script-x>", "<script:a>", "<plaintext>", "<noframes>"),
    *("<noscript>", "</noscript>", "<style>", "</style>", "<title>", "</title>", "<select>"),
]


@settings(deadline=None, max_examples=1_000)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
@example(["<![CDATA[ ", "<script>", LONG, "</script>"])  # a comment that ends with the tag
@example(["<? ", "<script>", LONG, "</script>"])
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
