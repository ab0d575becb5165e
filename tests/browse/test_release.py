from hypothesis import HealthCheck, given, settings

from scraper.browse.edits import edits
from scraper.browse.release import body
from scraper.quotes import with_quotes
from scraper.records import Article, Block, Quote, Section, article_text, to_json
from tests.support.strategies import articles


def text_of(paragraphs):
    return "\n\n".join("".join(run.text for run in each.runs) for each in paragraphs)


# The strategy is rich, and the machine may be busy.
LAW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LAW
@given(articles())
def test_the_paragraphs_are_the_text(article):
    assert text_of(body(with_quotes(article))) == article.text


@LAW
@given(articles())
def test_quotations_are_marked_where_they_stand(article):
    article = with_quotes(article)
    said = {}
    for paragraph in body(article):
        for run in paragraph.runs:
            if run.quote is not None:
                said.setdefault(run.quote, []).append(run.text)
    for number, parts in said.items():
        quote = article.quotes[number]
        said = article.text[quote.start : quote.end].replace("\n\n", "")
        # A sentence of indirect speech may have a quotation in it, which is marked as such.
        assert "".join(parts) in said or quote.kind == "indirect"
        assert all(part in said for part in parts)


def made(text, *quotes):
    sections = (Section(None, tuple(Block("paragraph", part) for part in text.split("|"))),)
    return Article("u", "s", title="t", sections=sections, quotes=quotes,
                   text=article_text(None, sections))  # fmt: skip


def test_a_quotation_over_two_paragraphs_opens_once():
    first, second = body(made("Er sagt: „Ja|und nein“, dann", Quote("x", start=10, end=22)))
    assert [(run.text, run.quote, run.opens) for run in first.runs] == [
        ("Er sagt: „", None, False),
        ("Ja", 0, True),
    ]
    assert [(run.text, run.quote, run.opens) for run in second.runs] == [
        ("und nein", 0, False),
        ("“, dann", None, False),
    ]


def test_a_quotation_within_indirect_speech_stays_a_quotation():
    quotes = (Quote("x", kind="indirect", start=4, end=30), Quote("knapp", start=14, end=19))
    (only,) = body(made("Ja. Geld sei „knapp“, sagt er. So.", *quotes))
    assert [(run.text, run.quote, run.opens, run.indirect) for run in only.runs] == [
        ("Ja. ", None, False, False),
        ("Geld sei „", 0, True, True),
        ("knapp", 1, True, False),
        ("“, sagt er.", 0, False, True),
        (" So.", None, False, False),
    ]


def test_indirect_speech_is_found_in_any_paragraph():
    said = [Quote("x", kind="indirect", start=at, end=at + 2) for at in (0, 2, 6, 10)]
    first, second, third = body(made("abcd|ef|ghij", *said))
    runs = [[(run.text, run.quote) for run in each.runs] for each in (first, second, third)]
    assert runs == [[("ab", 0), ("cd", 1)], [("ef", 2)], [("gh", 3), ("ij", None)]]


def test_offsets_that_do_not_fit_mark_nothing_twice():
    wild = (Quote("a", start=2, end=9), Quote("b", start=4, end=6), Quote("c", start=90, end=99),
            Quote("d", start=8, end=3))  # fmt: skip
    (only,) = body(made("0123456789", *wild))
    assert text_of([only]) == "0123456789"


def test_offsets_of_quotations_are_no_edit():
    before = to_json(made("Er sagt „Ja“", Quote("Ja", start=9, end=11)))
    after = to_json(made("Heute: Er sagt „Ja“", Quote("Ja", start=16, end=18)))
    assert [change["field"] for change in edits(before, after)] == ["text"]
    other = to_json(made("Er sagt „Ja“", Quote("Ja", "Cem Ostheider", start=9, end=11)))
    assert [change["field"] for change in edits(before, other)] == ["quotes"]


def test_indirect_speech_is_no_edit():
    before = to_json(made("Das Geld sei da, sagt er."))
    after = to_json(made("Das Geld sei da, sagt er.", Quote("x", kind="indirect")))
    assert edits(before, after) == []
