"""The persons in memory are those of the archive, whatever a crawl has changed."""

from dataclasses import replace
from random import Random

import pytest

from scraper.archive import Archive
from scraper.archive.persons import named, people
from scraper.browse import everybody
from scraper.browse.cache import Cache
from scraper.browse.people import person
from scraper.records import Quote
from tests.archive.corpus import store
from tests.archive.several import GUEST, MAYOR, RELEASES, several

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
    random, cache = Random(seed), Cache()
    assert cache.everybody(reader).rows == people(reader)
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
        found = cache.everybody(reader)
        assert found.rows == people(reader)
        for name in ("kim", "mull", "a"):
            assert found.named(name) == named(people(reader), name)
        for row in found.rows:
            assert person(cache, reader, row["name"], city=row["site"]).total == row["quotations"]


def test_only_who_spoke_in_what_changed_is_read_again(archive, reader, monkeypatch):
    cache, asked = Cache(), []
    cache.everybody(reader)
    monkeypatch.setattr(
        everybody,
        "people",
        lambda *given, **named: (asked.append(named), people(*given, **named))[1],
    )
    assert cache.everybody(reader) is cache.everybody(reader)
    release = next(one for one in RELEASES if GUEST in one.quotes)
    store(archive, replace(release, kicker="Neu", quotes=(GUEST, MAYOR)))
    cache.everybody(reader)
    assert [sorted(one["names"]) for one in asked] == [["Alex Fern", "Kim Beispiel"]]
