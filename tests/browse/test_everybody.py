"""The persons in memory are those of the archive, whatever a crawl has changed."""

import threading
from dataclasses import replace
from random import Random

import pytest

from scraper.archive import Archive
from scraper.archive.persons import named, people
from scraper.browse import cache, everybody
from scraper.browse.ahead import ReadAhead
from scraper.browse.cache import Cache
from scraper.browse.people import person
from scraper.records import Quote
from tests.archive.corpus import filled, store
from tests.archive.several import GUEST, MAYOR, RELEASES, several
from tests.browse.serving import get, web_view

NAMES = ("Kim Beispiel", "KIM BEISPIEL", "Alex Fern", "Toni Muster", "Müller", "Mueller", None)
ROLES = ("Oberbürgermeister der Stadt Köln", "Ministerin des Landes", "Amtsleiter", None)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path) as made:
        yield several(made)


@pytest.fixture
def reader(archive, tmp_path):
    """The same archive by a connection of its own, as the web view has it."""
    with Archive.open_existing(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("most", [0, 500], ids=["all again", "what changed"])
@pytest.mark.parametrize("seed", range(3))
def test_after_each_change_they_are_what_the_archive_says(archive, reader, monkeypatch, most, seed):
    monkeypatch.setattr(everybody, "_REREAD_AT_MOST", most)
    random, kept = Random(seed), Cache()
    assert kept.everybody(reader).rows == people(reader)
    for number in range(8):
        quotes = tuple(
            Quote(
                f"Satz {number} {place}", random.choice(NAMES), random.choice(ROLES),
                random.choice(("prose", "indirect")),
            )
            for place in range(random.randrange(4))
        )  # fmt: skip
        release = random.choice(RELEASES)
        store(archive, replace(release, kicker=f"{seed} {number}", quotes=quotes))
        if number == 4:
            archive.db.execute("DELETE FROM articles WHERE id = 1")
        found = kept.everybody(reader)
        assert found.rows == people(reader)
        for name in ("kim", "mull", "a"):
            assert found.named(name) == named(people(reader), name)
        for row in found.rows:
            assert person(kept, reader, row["name"], city=row["site"]).total == row["quotations"]


def test_only_who_spoke_in_what_changed_is_read_again(archive, reader, monkeypatch):
    kept, asked = Cache(), []
    kept.everybody(reader)
    monkeypatch.setattr(
        everybody,
        "people",
        lambda *given, **named: (asked.append(named), people(*given, **named))[1],
    )
    assert kept.everybody(reader) is kept.everybody(reader)
    release = next(one for one in RELEASES if GUEST in one.quotes)
    store(archive, replace(release, kicker="Neu", quotes=(GUEST, MAYOR)))
    kept.everybody(reader)
    assert [sorted(one["names"]) for one in asked] == [["Alex Fern", "Kim Beispiel"]]


class TestAhead:
    """The persons are read before somebody asks."""

    def test_nobody_waits_for_them(self, archive, tmp_path, monkeypatch):
        is_read, calls = threading.Event(), []

        def read(*given):
            calls.append(given)
            found = everybody.read_everybody(*given)
            is_read.set()
            return found

        monkeypatch.setattr(cache, "read_everybody", read)
        with web_view(tmp_path) as address:
            assert is_read.wait(30)
            assert "Kim Beispiel" in get(address, "/people").text
        assert len(calls) == 1

    def test_of_one_city_there_is_nothing_to_read(self, tmp_path, monkeypatch):
        monkeypatch.setattr(cache, "read_everybody", lambda *_: pytest.fail("not needed"))
        with Archive.open(tmp_path) as made:
            filled(made)
        ahead = ReadAhead(made.path, Cache())
        ahead.close()
        assert not ahead._thread.is_alive()

    def test_it_ends_with_the_server(self, archive, monkeypatch):
        begun = threading.Event()

        def for_ever(archive, *_given):
            begun.set()
            sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            return archive.rows(f"{sql} SELECT count(*) FROM n")

        monkeypatch.setattr(cache, "read_everybody", for_ever)
        ahead = ReadAhead(archive.path, Cache())
        assert begun.wait(30)
        ahead.close()
        assert not ahead._thread.is_alive()

    def test_an_archive_that_cannot_be_read_is_told_to_whoever_asks(self, tmp_path):
        ReadAhead(tmp_path / "none.db", Cache()).close()
