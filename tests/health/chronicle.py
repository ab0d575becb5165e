"""An invented newsroom's archive, written day by day with the archive's own tools."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from scraper.archive import Archive, Frontier, Pending, Store, begin_run, end_run
from scraper.crawl.report import RunReport, figures
from scraper.decide.outcome import decide
from scraper.decide.revisit import RevisitPolicy
from scraper.health.checkup import RunFacts, check_up
from scraper.health.verdict import Verdict, judge_run
from scraper.records import Article, Block, Candidate, Capture, Image, Section, article_text
from scraper.sites import get_site

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.health.checkup import Checkup

SITE = get_site("dortmund")
FIRST_RUN = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEFORE = 200  # releases of the days before the first run, one a day
PLACE = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/"


def release(day: int, **fields) -> Article:
    """The release of a day; day 0 is that of the first run, the days before it are negative."""
    at = FIRST_RUN + timedelta(days=day, hours=-2)
    lead = f"Am Tag {day} beginnt der Umbau der Halle."
    sections = (
        Section("Worum es geht", (Block("paragraph", f"Es wird gebaut, Folge {day}. " * 8),)),
    )
    made = Article(
        url=f"{PLACE}folge-{day}.html",
        site="dortmund",
        content_id=f"id-{day}",
        page_id=str(day),
        title=f"Umbau, Folge {day}",
        kicker="Bauen",
        lead=lead,
        description=lead,
        published=at.isoformat(),
        published_raw="vorhin",
        sections=sections,
        images=(Image(f"{PLACE}bild-{day}.webp", "Halle", "Die Halle", "Stadt Dortmund"),),
        tags=("Bauen",),
        district="Eving" if day % 3 else None,
    )
    made = replace(made, **fields)
    return replace(made, text=article_text(made.lead, made.sections))


def page_of(article: Article, hidden: str = "") -> bytes:
    """What the page looked like; nobody parses it here."""
    return f"<h1>{article.title}</h1><p>{article.text}</p>{hidden}</html>".encode()


class Chronicle:
    """An archive that gets a run whenever a test says so."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.archive = Archive.open(directory)
        self.store = Store(self.archive)
        self._frontier = Frontier(self.archive, SITE.key, 0, RevisitPolicy())

    def run(
        self,
        day: float,
        articles: list[Article] = (),
        unreadable: list[str] = (),
        source: str = "live",
        hidden: str = "",
        killed: bool = False,
    ) -> Verdict:
        """A run on a day that finds these articles and fails to read these addresses.

        Args:
            day: when, in days after the first run.
            articles: found.
            unreadable: addresses whose pages are no articles.
            source: of the run.
            killed: it stores its pages and does not come to its end.
            hidden: markup on the pages that the records lack; `{day}` is the page's id.
        """
        started = FIRST_RUN + timedelta(days=day)
        run_id = begin_run(self.archive, SITE.key, source, started)
        now = started + timedelta(minutes=5)
        for article in articles:
            self._listed(article.url, started, date.fromisoformat(article.published[:10]))
            stored = self.store.find(article.url)
            page = Capture(article.url, page_of(article, hidden.format(day=article.page_id)), now)
            decision = decide(stored, article, started)
            capture = self.store.add_capture(page) if decision.is_event else None
            article_id = self.store.apply(decision, article, stored, capture, now)
            pending = Pending(article.url, started)
            self._frontier.succeeded(pending, article_id, article, now)
        for url in unreadable:
            self._listed(url, started, None)
            capture = self.store.add_capture(Capture(url, b"<p>Umbau</p>", now))
            message = f"{url} could not be parsed: it is not an article page."
            self.store.keep_error(capture, url, message)
            self._frontier.failed(Pending(url, started), message, now)
        if killed:
            return Verdict()
        run = RunFacts(
            started, news=len(articles), stored=len(articles), unparsable=len(unreadable)
        )
        verdict = judge_run(self.archive, SITE, run, now)
        report = RunReport(SITE.key, exit_code=0, findings=verdict.findings)
        end_run(self.archive, run_id, now, figures(report))
        return verdict

    def look(self, day: float) -> Checkup:
        """What a look at the archive shows, without a run."""
        return check_up(self.archive, SITE, FIRST_RUN + timedelta(days=day))

    def listed(self, url: str, day: int) -> None:
        """An address that the listing names, with a day of publication; nobody fetches it."""
        moment = FIRST_RUN + timedelta(days=day)
        self._listed(url, moment, moment.date())

    def _listed(self, url: str, started: datetime, day: date | None) -> None:
        self._frontier.add([Candidate(url, url, "search", day)], started)
