from __future__ import annotations

from scraper.archive.read import statistics
from scraper.records import Image, Quote
from tests.archive.corpus import SAID, article, store


def test_people(archive):
    again = (SAID, Quote("Gut", SAID.speaker, "Amtsleiterin"), Quote("So", None, "Sprecher"))
    store(archive, article("mehr", "Mehr", "Text.", published="2026-10-01", quotes=again))
    rows = archive.rows("SELECT * FROM people ORDER BY name")
    assert rows[-1] == {
        "name": "Özgür Yıldız",
        "roles": None,
        "quotations": 1,
        "indirect": 0,
        "first_date": "2026-09-02",
        "last_date": "2026-09-02",
        "site": "dortmund",
    }
    assert rows[0] == {
        "name": SAID.speaker,
        "roles": "Leiterin des Grünflächenamts; Amtsleiterin",
        "quotations": 3,
        "indirect": 0,
        "first_date": "2026-09-02",
        "last_date": "2026-10-01",
        "site": "dortmund",
    }


REPORTED = Quote("Das Geld sei da.", SAID.speaker, SAID.role, "indirect", 0, 16)


def test_indirect_speech_is_counted_apart(archive):
    only = Quote("Es sei genug.", "Bo Reck", None, "indirect", 0, 13)
    store(
        archive,
        article("mehr", "Mehr", published="2026-10-01", quotes=(REPORTED, SAID, REPORTED, only)),
    )
    counts = archive.rows("SELECT name, quotations, indirect FROM people ORDER BY name")
    assert counts[0] == {"name": "Bo Reck", "quotations": 0, "indirect": 1}
    assert counts[1] == {"name": SAID.speaker, "quotations": 2, "indirect": 2}
    assert archive.rows("SELECT quotes FROM articles_view WHERE title = 'Mehr'") == [{"quotes": 1}]
    assert archive.rows("SELECT quotes FROM monthly ORDER BY month") == [
        {"quotes": 2},
        {"quotes": 1},
    ]


def test_stats_count_releases_that_quote_somebody(archive):
    before = statistics(archive)["fill_rate"]["quotes"]
    store(archive, article("mehr", "Mehr", published="2026-10-01", quotes=(REPORTED,)))
    assert before == 0.25
    assert statistics(archive)["fill_rate"]["quotes"] == 0.2


def test_articles_view(archive):
    row = archive.rows("SELECT * FROM articles_view WHERE id = 1")[0]
    assert row["date"] == "2026-09-01"
    assert row["time"] == "10:00"
    assert row["tags"] == "Bauen & Wohnen; Hörde"
    assert (row["pictures"], row["quotes"], row["online"]) == (0, 0, "yes")
    assert archive.rows("SELECT time FROM articles_view WHERE id = 2")[0]["time"] is None


def test_images_view(archive):
    image = Image("https://www.dortmund.de/bild.jpg", caption="Ein Bild")
    store(archive, article("bild", "Mit Bild", published="2026-10-01", images=(image,)))
    row = archive.rows("SELECT * FROM images_view")[0]
    assert (row["title"], row["date"], row["caption"]) == ("Mit Bild", "2026-10-01", "Ein Bild")


def test_monthly(archive):
    assert archive.rows("SELECT month, articles, quotes, images FROM monthly") == [
        {"month": "2026-09", "articles": 3, "quotes": 2, "images": 0}
    ]
