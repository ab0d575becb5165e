"""Whatever the text: nothing is raised, offsets are exact, spans do not overlap."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.quotes import MAX_QUOTED, find_quotes
from scraper.quotes.reading import FAR, LONGEST, near
from scraper.quotes.spans import find_spans
from scraper.quotes.tokens import tokenize

MARKS = [*"„“”\"»«›‹‚‘’',.:!?–() \n\u00ad\ue000\ue001İßﬁ😀", ",,", "''", "``", "\n\n", " \n \n "]
WORDS = (
    "Dr.|Prof. Dr.|Anna Moll|Moll|Bürgermeister|die Leiterin der Schule|sagt|so|er|sie|heißt es"
    "|Motto|in der Vorlage|Das Projekt|Wir bauen hier|von der|und|Erster|1.|14|die 67-Jährige"
    "|Seine Antwort|der Stadt|Max von der|Frau|lautet sein|ist|als|, der|e. V.|ein"
).split("|")
PIECES = st.sampled_from([*MARKS, *WORDS])
MANY = st.lists(PIECES, max_size=60)
TEXTS = st.one_of(st.text(), MANY.map(" ".join), MANY.map("".join))


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.none() | TEXTS, st.lists(TEXTS, max_size=2))
def test_any_text_gives_exact_quotations(text, headline, captions):
    end = 0
    for quote in find_quotes(text, headline=headline, captions=captions):
        assert text[quote.start : quote.end] == quote.text
        assert quote.text == quote.text.strip() != ""
        assert quote.start >= end
        assert quote.kind == "prose"
        end = quote.end


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_tokens_keep_their_place(text):
    spans = find_spans(text)
    tokens = tokenize(text, spans)
    assert len(tokens.quote_tokens) == len(spans)
    assert len(tokens.sentences) == len(tokens.starts)
    assert tokens.starts == sorted(tokens.starts)
    for token, (start, word) in enumerate(zip(tokens.starts, tokens.words, strict=False)):
        end = tokens.end(token)
        assert start < end
        assert not word or "\ue001" in text or text[start:end] == word
    for first, second in pairwise(spans):
        assert first.outer_end <= second.outer_start


@settings(max_examples=50, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6).map("".join))
def test_a_hostile_text_is_cut_short(pattern):
    assert len(find_quotes(pattern * 3000)) <= MAX_QUOTED


class _Counting(list):
    """A list of mentions that counts how many of them are looked at."""

    looked = 0

    def __getitem__(self, item):
        found = super().__getitem__(item)
        _Counting.looked += len(found) if isinstance(item, slice) else 1
        return found


def test_the_mentions_looked_at_grow_in_line_with_the_text(monkeypatch):
    import scraper.quotes.reading as engine

    listed = engine.list_mentions

    def counted(tokens, register, phrases):
        listed(tokens, register, phrases)
        register.mentions = _Counting(register.mentions)

    monkeypatch.setattr(engine, "list_mentions", counted)
    looked = []
    for times in (50, 100, 200):
        _Counting.looked = 0
        find_quotes("„Wir bauen das hier.“ Er war da. Die Leiterin Anna Moll ging. " * times)
        looked.append(_Counting.looked)
    first, second, third = looked
    assert third - second < 2.2 * (second - first)


def test_a_long_text_is_read_around_its_quotations():
    far = "Der Fluss ist lang. " * 8_000
    said = "„Wir bauen das Bad“, sagt Rektorin Anna Moll."
    for text in (said, f"{said}\n\n{far}", f"{far}\n\n{said}", f"{far}\n\n{said}\n\n{far}"):
        (quote,) = find_quotes(text, headline="Das Bad")
        assert (quote.text, quote.speaker) == ("Wir bauen das Bad", "Anna Moll")
        assert text[quote.start : quote.end] == quote.text


def test_what_is_read_grows_neither_with_the_text_nor_with_its_names():
    text = "„Wir sind da.“ " + "".join(f"Karl Mo{number:x}l kam. " for number in range(60_000))
    part, spans, begin = near(text, find_spans(text))
    assert begin == 0
    assert len(spans) == 1
    assert len(part) <= 2 * FAR
    text = "„Wir sind da.“ Karl Moll kam. " * 100 + "Karl Moll kam. " * 3_000
    many = "\n\n".join([text] * 30)
    assert len(near(many, find_spans(many))[0]) <= LONGEST
