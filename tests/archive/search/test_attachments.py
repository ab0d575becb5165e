"""Releases are found by the words of their attached files, with the page on which they stand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from scraper.archive import Archive, Store
from scraper.archive.search.articles import count_matches, matching, row_as_json, search
from scraper.archive.search.check import check_index
from scraper.archive.search.filters import Filters
from scraper.archive.search.index import rebuild
from scraper.records import Attachment, Capture
from tests.archive.corpus import RELEASES, article, store
from tests.browse.serving import get, web_view
from tests.conftest import NOW

PAGES = ("Deckblatt", "Der Haushalt der Stadt", "Schulbaumittel: 12 Millionen Euro")
PLAN = Attachment("https://www.dortmund.de/plan.pdf", "Der Haushaltsplan")
MADE = article(
    "plan",
    "Der Kämmerer legt Zahlen vor",
    "Zum Vergleich: die Feuerwehr.",
    published="2026-09-02T07:00:00+02:00",
    attachments=(PLAN,),
)


def put_file(archive, *pages, twin=0):
    """Say what is in the file, as a crawl does."""
    starts = [sum(len(page) + 2 for page in pages[:number]) for number in range(len(pages))]
    capture = Capture(PLAN.url, b"%PDF-", NOW)
    with archive.transaction() as db:
        db.execute(
            "UPDATE attachments SET text = ?, page_starts = ?, pages = ?, is_twin = ?, size = 5, "
            "capture_id = ?, sha256 = (SELECT sha256 FROM captures WHERE id = ?)",
            [
                "\n\n".join(pages),
                json.dumps(starts),
                len(pages),
                twin,
                number := Store(archive).add_capture(capture),
                number,
            ],
        )
    Store(archive).index()


@pytest.fixture
def planned(tmp_path):
    with Archive.open(tmp_path) as archive:
        for made in (*RELEASES, MADE):
            store(archive, made)
        put_file(archive, *PAGES)
        yield archive


def found(archive, query, **filters):
    return [row["id"] for row in search(archive, query, Filters(**filters))]


def test_a_release_is_found_by_its_file(planned):
    (row,) = search(planned, "Millionen", Filters())
    assert row["attachment"] == {"url": PLAN.url, "title": PLAN.title, "page": 3}
    assert "12 Millionen Euro" in row["snippet"].text
    assert row_as_json(row)["attachment"]["page"] == 3
    assert count_matches(planned, "Millionen", Filters()) == 1
    assert matching(planned, "Millionen") == [5]


def test_its_own_words_come_first(planned):
    # 1 has the word in a compound of its own text, 5 in its file.
    assert found(planned, "Schulbau") == [4, 5]
    assert [row["attachment"] is None for row in search(planned, "Schulbau", Filters())] == [
        True,
        False,
    ]
    assert count_matches(planned, "Schulbau", Filters()) == 2
    newest = search(planned, "Schulbau", Filters(), sort="date")
    assert [row["id"] for row in newest] == [5, 4]
    assert len(search(planned, "Schulbau", Filters(), limit=1)) == 1


@pytest.mark.parametrize(
    ("query", "filters", "ids"),
    [
        ("Millionen", {"attachments": False}, []),
        ("title:Millionen", {}, []),
        ("Millionen Deckblatt", {}, [5]),
        ('"Haushalt der Stadt"', {}, [5]),
        ("Millionen Feuerwehr", {}, []),  # one word in the file, one in the release
        ("Millionen -Feuerwehr", {}, []),  # the release has it
        ("Millionen -Haushalt", {}, []),  # the file has it
        ("Millionen -Planetarium", {}, [5]),
        ("Millionen", {"district": "Hörde"}, []),
    ],
)
def test_what_must_and_must_not_stand_in_it(planned, query, filters, ids):
    assert found(planned, query, **filters) == ids
    assert count_matches(planned, query, Filters(**filters)) == len(ids)
    assert [row["id"] for row in search(planned, query, Filters(**filters), sort="date")] == ids


def test_a_twin_says_nothing_of_its_own(planned):
    put_file(planned, *PAGES, twin=1)
    assert found(planned, "Millionen") == []
    assert check_index(planned) == []


def test_the_index_follows_the_files(planned):
    assert check_index(planned) == []
    with planned.transaction() as db:
        rebuild(db)
    assert found(planned, "Millionen") == [5]
    put_file(planned, "Ganz etwas zum Vogelschutz")
    assert (found(planned, "Millionen"), found(planned, "Vogelschutz")) == ([], [5])
    # An edit of the release writes its rows anew, and keeps the file's words.
    store(planned, replace(MADE, lead="Neu gefasst."))
    assert found(planned, "Vogelschutz") == [5]
    store(planned, replace(MADE, lead="Ohne Datei.", attachments=()))
    assert found(planned, "Vogelschutz") == []
    assert check_index(planned) == []


def test_words_indexed_by_hand_are_noticed(planned):
    with planned.transaction() as db:
        db.execute("UPDATE attachment_stems SET words = 'anders'")
    assert "Attachment 1: indexed with other words than it has." in check_index(planned)


def test_the_verb_and_the_web_view_say_where(planned, newsroom, tmp_path):
    out = newsroom("--data", tmp_path, "search", "Millionen")[1]
    assert "im Anhang, Seite 3 (Der Haushaltsplan): " in out
    out = newsroom("--data", tmp_path, "search", "Millionen", "--no-attachments")[1]
    assert "Nothing found" in out
    (row,) = json.loads(newsroom("--data", tmp_path, "search", "Millionen", "--json")[1])
    assert row["attachment"]["page"] == 3
    with web_view(tmp_path) as address:
        page = get(address, "/search?q=Millionen", Accept_Language="de").text
    assert "im Anhang, Seite 3:" in page


def test_a_file_that_does_not_tell_its_pages_is_named_alone(planned, newsroom, tmp_path):
    with planned.transaction() as db:
        db.execute("UPDATE attachments SET pages = NULL")
    out = newsroom("--data", tmp_path, "search", "Millionen")[1]
    assert "im Anhang (Der Haushaltsplan): " in out
    (row,) = json.loads(newsroom("--data", tmp_path, "search", "Millionen", "--json")[1])
    assert row["attachment"]["page"] is None
    with web_view(tmp_path) as address:
        page = get(address, "/search?q=Millionen", Accept_Language="de").text
    assert "im Anhang:" in page
