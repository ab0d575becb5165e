import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from scraper.archive.search.snippet import Snippet
from scraper.browse.marking import differences, labelled, marked, shortened, web_address

TEXT = st.text(alphabet=st.sampled_from("<>&\"' aä\x02\x03/="), max_size=40)
PIECES = st.lists(
    st.fixed_dictionaries({"kind": st.sampled_from(["equal", "delete", "insert"]), "text": TEXT}),
    max_size=6,
)


def without(html, *tags):
    """The text of HTML that may hold these tags and no others."""
    bare = re.sub(f"</?({'|'.join(tags)})>", "", html)
    assert "<" not in bare
    assert ">" not in bare
    return unescape(bare)


@given(TEXT, st.integers(0, 40), st.integers(0, 40))
def test_a_snippet_is_escaped_and_whole(text, start, length):
    start = min(start, len(text))
    html = marked(Snippet(text, ((start, min(start + length, len(text))),)))
    assert isinstance(html, Markup)
    assert without(html, "mark") == text


def test_hits_are_marked():
    assert marked(Snippet("a <b> c", ((2, 5),))) == "a <mark>&lt;b&gt;</mark> c"


@given(PIECES)
def test_a_difference_is_escaped(pieces):
    html = differences(pieces, context=10**6)
    assert without(html, "del", "ins") == "".join(piece["text"] for piece in pieces)


def test_what_both_have_is_cut_to_what_stands_near():
    long = " ".join(f"wort{n}" for n in range(200))
    pieces = [
        {"kind": "equal", "text": long},
        {"kind": "insert", "text": "neu"},
        {"kind": "equal", "text": long},
    ]
    html = differences(pieces, context=20)
    assert html == "… wort198 wort199<ins>neu</ins>wort0 wort1 wort2 …"


def test_long_texts_are_cut_at_a_space():
    assert shortened("ein Wort", 100) == "ein Wort"
    assert shortened("ein Wort zu viel", 10) == "ein Wort …"
    assert len(shortened("x" * 100_000)) < 310
    assert shortened(None) == ""


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:x", "data:text/html,x", "//x",
     "vbscript:x", "file:///etc/passwd", "http://[", "", None],
)  # fmt: skip
def test_no_link_leads_where_a_script_could_run(url):
    assert web_address(url) is None


@pytest.mark.parametrize("url", ["https://www.dortmund.de/a", "HTTP://x"])
def test_links_to_pages_stay(url):
    assert web_address(url) == url


def test_fields_of_datasette_get_names():
    html = '<select name="_filter_column_1" class="x"><textarea id="a" name="sql"><input name="q">'
    assert labelled(html) == (
        '<select aria-label="Column" name="_filter_column_1" class="x">'
        '<textarea aria-label="SQL" id="a" name="sql"><input name="q">'
    )
    named = '<input aria-label="Mine" name="_filter_value">'
    assert labelled(named) == named
