from __future__ import annotations

from datetime import date

import pytest

from scraper.archive.search.quotations import search_quotes
from scraper.errors import UsageError
from scraper.records import Quote
from tests.archive.corpus import SAID, article, store


def speakers(rows):
    return [row["speaker"] for row in rows]


def test_all_quotations_newest_first(lasting):
    rows = search_quotes(lasting)
    assert speakers(rows) == ["Änne Großjohann-Kalouti", "Özgür Yıldız"]
    assert set(rows[0]) == set(
        "id article_id text speaker role kind published title url start_offset end_offset"
        " site site_name".split()
    )


@pytest.mark.parametrize("name", ["kalouti", "KALOUTI", "grossjohann", "Aenne", "anne kalouti"])
def test_any_part_of_a_name(lasting, name):
    assert speakers(search_quotes(lasting, speaker=name)) == ["Änne Großjohann-Kalouti"]


@pytest.mark.parametrize(
    "query", ["Baum", "pflanzt", "Grünflächenamt", "gruenflaechen", "Großjohann", '"neue Bäume"']
)
def test_words_speaker_and_office_are_searched(lasting, query):
    assert speakers(search_quotes(lasting, query)) == ["Änne Großjohann-Kalouti"]


def test_query_and_filters_together(lasting):
    assert search_quotes(lasting, "Baum", speaker="yildiz") == []
    assert search_quotes(lasting, "Baum", since=date(2026, 9, 3)) == []
    assert len(search_quotes(lasting, until=date(2026, 9, 2))) == 2
    assert len(search_quotes(lasting, limit=1)) == 1
    assert len(search_quotes(lasting, " ", limit=1)) == 1


@pytest.mark.parametrize(("query", "speaker"), [("title:Baum", None), ("-", None), (None, "?")])
def test_what_cannot_be_looked_for_is_said(lasting, query, speaker):
    with pytest.raises(UsageError):
        search_quotes(lasting, query, speaker=speaker)


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        ((), ["prose", "indirect", "block", "prose", "prose"]),
        (("prose",), ["prose", "prose", "prose"]),
        (("indirect",), ["indirect"]),
        (("block", "indirect"), ["indirect", "block"]),
    ],
)
def test_kinds(archive, kinds, found):
    said = (
        SAID,
        Quote("Die Bäume seien gesund.", SAID.speaker, None, "indirect", 30, 53),
        Quote("Bäume tun gut.", "Bo Reck", None, "block"),
    )
    store(archive, article("mehr", "Mehr", published="2026-10-01", quotes=said))
    assert [row["kind"] for row in search_quotes(archive, kinds=kinds)] == found
    both = search_quotes(archive, "Baum", speaker="kalouti", kinds=kinds)
    wanted = {"prose", "indirect"} & set(kinds or ("prose", "indirect"))
    assert {row["kind"] for row in both} == wanted
