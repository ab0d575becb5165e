"""Near-copies across cities: how well they are told, and that they are kept true."""

import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive import Archive, copy_index
from scraper.archive.copies import copies_of, with_differences
from scraper.archive.copy_index import are_copies_current, rebuild_copies
from scraper.archive.likeness import SHARED_HASHES, are_copies, likeness, similarity, sketch
from scraper.archive.search.articles import newest
from scraper.archive.search.check import check_index
from scraper.archive.search.filters import Filters
from tests.archive.corpus import store
from tests.archive.several import of
from tests.browse.serving import get, web_view

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent / "copies" / "pairs.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
NOTICE = (
    "Der Kreis senkt vom 3. Mai an den Pegel des Sees um 40 Zentimeter, weil die Klappen geprüft "
    "werden. Spaziergänger sollen die trockenen Ufer nicht betreten, der Schlick trägt dort nicht. "
    "Für die Fische bleibt genug Tiefe, darauf achtet eine Biologin. Nach 6 Wochen ist alles voll."
)


def found(pair):
    one, other = (likeness(f"{pair[name]['title']}\n{pair[name]['text']}") for name in "ab")
    shared = len(set(sketch(one.shingles)) & set(sketch(other.shingles)))
    return shared >= SHARED_HASHES and are_copies(one, other)


@pytest.mark.parametrize("half", [0, 1], ids=["even subjects", "odd subjects"])
def test_precision_and_recall_over_labelled_pairs(half):
    pairs = [pair for number, pair in enumerate(PAIRS) if number // 10 % 2 == half]
    told = [pair for pair in pairs if found(pair)]
    right = sum(pair["copy"] for pair in told)
    assert right >= 0.98 * len(told)
    assert right >= 0.9 * sum(pair["copy"] for pair in pairs)


def test_the_pairs_are_as_many_and_as_hard_as_they_are_said_to_be():
    copies = sum(pair["copy"] for pair in PAIRS)
    hard = sum(not pair["copy"] and pair["kind"] != "other subject" for pair in PAIRS)
    assert (copies, hard, len(PAIRS)) == (104, 104, 260)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path) as made:
        yield made


def text_of(city, *, more=""):
    return NOTICE.replace("Der Kreis", f"Für {city} gilt: Der Kreis") + more


def pairs_in(archive):
    return [(row["article_id"], row["other_id"]) for row in archive.rows("SELECT * FROM copies")]


def test_a_copy_is_found_when_it_is_stored(archive):
    first = store(archive, of("koeln", "see", "See wird flacher", text_of("Köln")))
    store(archive, of("koeln", "dom", "Führung", "Etwas ganz anderes steht hier."))
    second = store(archive, of("aachen", "see", "Weniger Wasser", text_of("Aachen")))
    assert pairs_in(archive) == [(first, second), (second, first)]
    (copy,) = copies_of(archive, [first])[first]
    assert (copy["site"], copy["title"], copy["online"]) == ("aachen", "Weniger Wasser", True)
    assert 0.8 < copy["similarity"] < 1


def test_within_a_city_nothing_is_a_copy(archive):
    for number in range(2):
        store(archive, of("koeln", f"see{number}", "See wird flacher", text_of("Köln")))
    assert pairs_in(archive) == []


def test_other_numbers_are_another_release(archive):
    store(archive, of("koeln", "see", "See", text_of("Köln")))
    later = text_of("Aachen").replace("3. Mai", "9. Juni").replace("40", "25").replace("6", "8")
    store(archive, of("aachen", "see", "See", later))
    assert pairs_in(archive) == []


def test_an_edit_may_end_or_make_a_copy(archive):
    one = of("koeln", "see", "See", text_of("Köln"))
    store(archive, one)
    other = of("aachen", "see", "See", text_of("Aachen"))
    number = store(archive, other)
    assert len(pairs_in(archive)) == 2
    store(archive, of("aachen", "see", "See", "Jetzt steht hier etwas ganz anderes."))
    assert pairs_in(archive) == []
    store(archive, of("aachen", "see", "See", text_of("Aachen", more=" Nachtrag.")))
    assert (1, number) in pairs_in(archive)


def test_what_is_deleted_leaves_no_trace(archive):
    for city in ("koeln", "aachen"):
        store(archive, of(city, "see", "See", text_of(city)))
    with archive.transaction() as db:
        db.execute("DELETE FROM articles WHERE id = 1")
    assert pairs_in(archive) == []
    assert archive.rows("SELECT 1 FROM copy_hashes WHERE article_id = 1") == []


def test_looking_anew_finds_the_same(archive):
    for number, pair in enumerate(PAIRS[:40]):
        for name, city in (("a", "koeln"), ("b", "aachen")):
            store(archive, of(city, f"p{number}", pair[name]["title"], pair[name]["text"]))
    before = sorted(pairs_in(archive))
    assert before
    with archive.transaction() as db:
        rebuild_copies(db.conn)
    assert sorted(pairs_in(archive)) == before


def test_an_older_archive_gets_them_when_it_is_opened(tmp_path):
    with Archive.open(tmp_path) as archive:
        for city in ("koeln", "aachen"):
            store(archive, of(city, "see", "See", text_of(city)))
        with archive.transaction() as db:
            db.execute("DELETE FROM copies")
            db.execute("DELETE FROM settings WHERE name = 'copies'")
        assert not are_copies_current(archive.connection)
    with Archive.open(tmp_path) as archive:
        assert len(pairs_in(archive)) == 2


def test_a_hash_that_many_share_costs_no_more(archive, monkeypatch):
    monkeypatch.setattr(copy_index, "_BUCKET", 5)
    for number in range(12):
        store(archive, of("koeln", f"see{number}", "See", text_of("Köln")))
    most = archive.rows("SELECT count(*) AS n FROM copy_hashes GROUP BY hash ORDER BY n DESC")
    assert most[0]["n"] == 5
    store(archive, of("aachen", "see", "See", text_of("Aachen")))
    assert max(other for _one, other in pairs_in(archive)) == 13  # the newest are kept


def test_finding_candidates_reads_an_index_only(archive):
    sql = copy_index._LIKE_IT.format(hashes="1, 2, 3")
    plan = [row["detail"] for row in archive.rows(f"EXPLAIN QUERY PLAN {sql}", (3, "koeln", 20))]
    assert any("SEARCH copy_hashes USING PRIMARY KEY" in line for line in plan)
    assert not any(line.startswith("SCAN") and "SCAN c" not in line for line in plan)


def test_what_differs_is_shown(archive, newsroom):
    store(archive, of("koeln", "see", "See wird flacher", text_of("Köln"), published="2026-05-01"))
    store(archive, of("aachen", "see", "Weniger Wasser", text_of("Aachen", more=" Auch hier.")))
    copies = with_differences(archive, 1, copies_of(archive, [1])[1])
    assert [change["field"] for change in copies[0]["changes"]] == ["title", "text"]
    directory = archive.path.parent
    _code, out, _err = newsroom("--data", directory, "show", "1")
    assert "Also published by aachen, undated: Weniger Wasser (2, " in out
    assert "[-Köln-]{+Aachen+}" in out
    record = json.loads(newsroom("--data", directory, "show", "1", "--json")[1])
    assert record["copies"][0]["id"] == 2
    with web_view(directory) as served:
        text = get(served, "/release/1", Accept_Language="de").text
        assert "Auch veröffentlicht von" in text
        assert 'href="/release/2">Stadt Aachen: Weniger Wasser</a>' in text
        assert "<del>Köln</del><ins>Aachen</ins>" in text
        assert "Also published by" in get(served, "/release/2").text


def test_search_lists_them(archive, newsroom):
    for city in ("koeln", "aachen"):
        store(archive, of(city, "see", "See wird flacher", text_of(city), published="2026-05-01"))
    store(archive, of("koeln", "dom", "Am See", "Etwas anderes."))
    run = lambda *words: newsroom("--data", archive.path.parent, "search", *words)  # noqa: E731
    rows = json.loads(run("--copies", "--json")[1])
    assert [(row["id"], row["copies"][0]["id"]) for row in rows] == [(1, 2), (2, 1)]
    assert run("See", "--count")[1] == "3\n"
    assert run("See", "--copies", "--count")[1] == run("--copies", "--count")[1] == "2\n"
    assert len(json.loads(run("See", "--copies", "--site", "koeln", "--json")[1])) == 1
    assert "also: koeln, 2026-05-01: See wird flacher (1, " in run("Schlick", "--copies")[1]
    assert run()[0] == 2
    assert newest(archive, Filters(copies=True, sites=("essen",)), 10) == []


WORDS = st.lists(st.sampled_from("der die das 12 3.000 Rat Stadt See Wald".split()), max_size=200)


@given(one=WORDS, other=WORDS)
def test_laws_of_likeness(one, other):
    a, b = likeness(" ".join(one)), likeness(" ".join(other))
    assert 0 <= similarity(a, b) == similarity(b, a) <= 1
    assert are_copies(a, b) is are_copies(b, a)
    assert are_copies(a, a) is (len(a.shingles) >= 20)
    numbers = sketch(a.shingles)
    assert len(numbers) <= 24
    assert all(-(2**63) <= number < 2**63 for number in numbers)


@pytest.mark.parametrize(
    "text", ["", " ", "a", "\x00" * 50, "🏗" * 500, "x" * 300_000, "1 " * 9_999]
)
def test_any_text_has_a_likeness(text):
    assert not are_copies(likeness(text), likeness(""))


def test_the_tables_open_in_stock_sqlite(tmp_path):
    with Archive.open(tmp_path) as archive:
        path = archive.path
    with sqlite3.connect(path) as stock:
        assert stock.execute("SELECT count(*) FROM copies").fetchone() == (0,)
    stock.close()


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ("UPDATE copy_hashes SET hash = hash + 1 WHERE article_id = 2", 2),
        ("DELETE FROM copy_hashes WHERE article_id = 1", 1),
        ("INSERT INTO copy_hashes VALUES (7, 1)", 1),
        ("INSERT INTO copy_hashes VALUES (7, 99)", 99),
    ],
)
def test_a_sketch_that_is_not_that_of_the_text_is_noticed(archive, change, number):
    for city in ("koeln", "aachen"):
        store(archive, of(city, "see", "See", text_of(city)))
    assert check_index(archive) == []
    with sqlite3.connect(archive.path) as db:
        db.execute(change)
    db.close()
    (problem,) = check_index(archive)
    assert problem.startswith(f"Article {number}: the sketch")


def test_a_hash_that_newer_releases_have_taken_is_not_missed(archive, monkeypatch):
    monkeypatch.setattr(copy_index, "_BUCKET", 5)
    for number in range(12):
        store(archive, of("koeln", f"see{number}", "See", text_of("Köln")))
    assert check_index(archive) == []
