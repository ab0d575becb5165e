from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.search.query import parse_query
from scraper.archive.search.snippet import END, START, Highlighter, snippet

WORDS = st.lists(
    st.sampled_from(
        "Schule Schulen Grundschule Poetry-Slam 12.500 Straße – „die“ Bäume. 𝒮 ı\u0307".split()
    )
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8),
    max_size=60,
).map(" ".join)


@given(WORDS, st.sampled_from(["Schule", '"Schule Straße"', "Poetryslam", "Bau* OR Baum", "12500"]))
def test_a_snippet_is_a_passage_of_the_text_with_marks_in_pairs(text, query):
    marker = Highlighter(parse_query(query))
    hits = marker.hits(text, marker.words(text))
    shown = snippet(text, hits)
    assert shown.count(START) == shown.count(END)
    bare = shown.replace(START, "").replace(END, "").removeprefix("… ").removesuffix(" …")
    assert bare in text
    for hit in hits:
        assert 0 <= hit.start < hit.end <= len(text)


def test_marks_in_the_text_itself_are_dropped():
    marker = Highlighter(parse_query("Haus"))
    text = f"Ein {START}großes Haus{END} am See"
    assert snippet(text, marker.hits(text, marker.words(text))) == (
        f"Ein großes {START}Haus{END} am See"
    )
