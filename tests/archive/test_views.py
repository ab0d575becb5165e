from __future__ import annotations

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
        "first_date": "2026-09-02",
        "last_date": "2026-09-02",
    }
    assert rows[0] == {
        "name": SAID.speaker,
        "roles": "Leiterin des Grünflächenamts; Amtsleiterin",
        "quotations": 3,
        "first_date": "2026-09-02",
        "last_date": "2026-10-01",
    }


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
