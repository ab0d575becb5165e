"""A small archive of several cities for tests: the same names, tags and ids in more than one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from scraper.archive import Archive
from scraper.archive.followed import follow
from scraper.records import Article, Quote
from scraper.sites import get_site
from tests.archive.corpus import article, store
from tests.conftest import NOW

MAYOR = Quote("Das ist gut für alle", "Kim Beispiel", "Oberbürgermeisterin")
NAMESAKE = Quote("Wir bauen weiter", "Kim Beispiel", "Leiter des Tiefbauamts")
MINISTER = Quote("Das Land hilft", "Toni Muster", "Ministerin für Schule des Landes")
GUEST = Quote("Ich bin gern hier", "Alex Fern", "Oberbürgermeister der Stadt Köln")
AT_HOME = Quote("Wir feiern", "Alex Fern", "Oberbürgermeister")


def of(key: str, name: str, title: str, body: str, **fields) -> Article:
    """A release of a city."""
    made = article(name, title, body, **fields)
    return replace(made, site=key, url=f"https://{key}.example/{name}.html")


RELEASES = (
    of(
        "dortmund", "steuer", "Grundsteuer bleibt stabil", "Der Rat hat die Steuer beschlossen.",
        published="2026-08-03", tags=("Finanzen",), district="Hörde", quotes=(MAYOR, MINISTER),
        content_id="a1",
    ),
    of(
        "dortmund", "markt", "Markt im Park", "Am Samstag ist Markt.", published="2026-09-10",
        tags=("Freizeit",), quotes=(GUEST,), content_id="both",
    ),
    of(
        "koeln", "steuer", "Grundsteuer steigt", "Die Steuer steigt um ein Prozent.",
        published="2026-08-20", tags=("Finanzen", "Rat"), quotes=(NAMESAKE, AT_HOME),
        content_id="both",
    ),
    of(
        "koeln", "dom", "Führung am Abend", "Die Führung beginnt um 18 Uhr.",
        published="2026-08-21", tags=("Kultur",), quotes=(MINISTER,),
    ),
    of(
        "aachen", "bad", "Freibad öffnet", "Das Bad öffnet am Montag.", published="2026-09-01",
        tags=("Freizeit",),
    ),
)  # fmt: skip


def several(archive: Archive) -> Archive:
    """Fill an archive with five releases of three cities; a fourth is followed and has none."""
    for number, key in enumerate(("dortmund", "koeln", "aachen", "essen")):
        follow(archive, get_site(key), NOW + timedelta(seconds=number))
    for release in RELEASES:
        store(archive, release)
    return archive
