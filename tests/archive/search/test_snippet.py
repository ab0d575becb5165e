from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.search.query import parse_query
from scraper.archive.search.snippet import Highlighter, Snippet, joined, make_snippet

WORDS = st.lists(
    st.sampled_from(
        "Schule Schulen Grundschule Poetry-Slam 12.500 Straße – „die“ Bäume. 𝒮 ı\u0307".split()
    )
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8),
    max_size=60,
).map(" ".join)


@given(WORDS, st.sampled_from(["Schule", '"Schule Straße"', "Poetryslam", "Bau* OR Baum", "12500"]))
def test_a_snippet_is_a_passage_of_the_text_with_its_hits(text, query):
    marker = Highlighter(parse_query(query))
    hits = marker.hits(text, marker.words(text))
    shown = make_snippet(text, hits)
    assert shown.text.removeprefix("… ").removesuffix(" …") in text
    assert "".join(part for part, _is_hit in shown.parts()) == shown.text
    found = [part for part, is_hit in shown.parts() if is_hit]
    assert found == [shown.text[start:end] for start, end in shown.highlights]
    assert set(found) <= {text[hit.start : hit.end] for hit in hits}
    for hit in hits:
        assert 0 <= hit.start < hit.end <= len(text)


def test_control_characters_in_the_text_mark_nothing():
    marker = Highlighter(parse_query("Haus"))
    text = "Ein \x02großes Haus\x03 am See"
    shown = make_snippet(text, marker.hits(text, marker.words(text)))
    assert list(shown.parts()) == [
        ("Ein \x02großes ", False),
        ("Haus", True),
        ("\x03 am See", False),
    ]


def test_snippets_are_joined_with_their_highlights():
    parts = (Snippet("Ein Haus", ((4, 8),)), Snippet(""), Snippet("Haus am See", ((0, 4),)))
    assert joined(parts) == Snippet("Ein Haus … Haus am See", ((4, 8), (11, 15)))
    assert joined(()) == Snippet("")


@given(WORDS, st.integers(1, 50))
def test_a_shortened_snippet_begins_like_the_whole(text, length):
    highlights = tuple((n, n + 2) for n in range(0, len(text) - 2, 3))
    whole = Snippet(text, highlights)
    short = whole.shortened(length)
    if len(text) <= length:
        assert short == whole
        return
    assert len(short.text) <= length + 2
    kept = short.text.removesuffix(" …")
    assert text.startswith(kept)
    assert short.highlights == tuple(pair for pair in highlights if pair[1] <= len(kept))
