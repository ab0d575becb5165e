"""Small archives for tests."""

from __future__ import annotations

from dataclasses import replace

from scraper.archive import Archive, Store
from scraper.decide.outcome import decide
from scraper.records import Article, Block, Capture, Quote, Section, article_text
from tests.conftest import NOW

PLACE = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/"


def article(name: str, title: str, body: str = "", **fields) -> Article:
    sections = (Section(None, (Block("paragraph", body),)),) if body else ()
    made = Article(
        url=f"{PLACE}{name}.html", site="dortmund", title=title, sections=sections, **fields
    )
    return replace(made, text=article_text(made.lead, sections))


def store(archive: Archive, made: Article) -> int:
    """Store an article as a crawl does; returns its id."""
    keeper = Store(archive)
    stored = keeper.find(made.url)
    decision = decide(stored, made, NOW)
    page = Capture(made.url, b"<p>", NOW)
    capture = keeper.add_capture(page) if decision.is_event else None
    return keeper.apply(decision, made, stored, capture, NOW)


SAID = Quote("Wir pflanzen neue Bäume", "Änne Großjohann-Kalouti", "Leiterin des Grünflächenamts")
RELEASES = (
    article(
        "grundschule",
        "Neubau einer Grundschule",
        "Die Bagger rollen an der Märkischen Straße. 200 Kinder warten.",
        lead="Es geht los.",
        kicker="Bildung",
        published="2026-09-01T10:00:00+02:00",
        district="Hörde",
        tags=("Bauen & Wohnen", "Hörde"),
    ),
    article(
        "schulen",
        "Schulen öffnen später",
        "Der Unterricht der Schulen beginnt um 9 Uhr.",
        published="2026-09-03",
        district="Eving",
        tags=("Eving",),
    ),
    article(
        "baeume",
        "Bäume für die Nordstadt",
        "Am Poetry-Slam-Haus stehen 12.500 neue Linden.",
        published="2026-09-02T08:00:00+02:00",
        quotes=(SAID, Quote("Das freut mich", "Özgür Yıldız", None)),
    ),
    article(
        "feuer",
        "Feuerwehr löscht Brand",
        "Verletzt wurde niemand. Das Schulbauprogramm geht weiter.",
        published=None,
    ),
)


def filled(archive: Archive) -> Archive:
    for release in RELEASES:
        store(archive, release)
    return archive
