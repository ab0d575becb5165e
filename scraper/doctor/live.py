"""A look at the site itself: its rules, its listings, three of its releases. Nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from scraper.discovery import shows_newest, source_steps
from scraper.discovery.walk import address
from scraper.doctor.check import Check, note, ok, trouble
from scraper.doctor.look import Look
from scraper.errors import (
    BlockPage,
    FetchError,
    LayoutDrift,
    NoSuchSource,
    OverBudget,
    ParseError,
    RobotsForbid,
    SiteUnreachable,
)
from scraper.health.maintext import MISSED_SHARE, main_text, missed_shares
from scraper.health.observed import fields_of
from scraper.health.shares import USUAL_SHARE
from scraper.records import Request, to_json
from scraper.urls import readable

if TYPE_CHECKING:
    from scraper.fetch.client import Client
    from scraper.records import Article, Candidate, Capture
    from scraper.sites import Site, Source

SAMPLE = 3
"""So many releases are fetched."""
CORE_FIELDS = ("title", "published", "text")
"""A release without one of these is misread, unless the archive's releases mostly lack it."""
_NEARLY_ALWAYS = 0.9
_LAG_DAYS = 3
_MOST_SOURCES = 3
_NAMES = {
    "elasticsearch": "search interface",
    "listing": "newsroom page",
    "feed": "feed",
    "sitemap": "sitemap",
    "json": "JSON interface",
    "json_in_attribute": "list in the page",
    "chain": "newest release",
}
_READ_IT = (
    "Open it in a browser. If it looks as ever, its layout has changed: upgrade newsroom-archive, "
    "or adapt its file of the city."
)


def check_site(
    site: Site, client: Client, today: date, shares: Mapping[str, float]
) -> Iterator[Check]:
    """Ask the site, politely: some seven requests.

    Args:
        site: whose newsroom.
        client: fetches.
        today: the present day in the city.
        shares: how often a page of the archive has each field, 0 to 1; empty without an archive.
    """
    with Look(client) as look:
        yield from _check_with(site, look, today, shares)


def _check_with(
    site: Site, look: Look, today: date, shares: Mapping[str, float]
) -> Iterator[Check]:
    allowed = check_robots(site, look)
    yield allowed
    if allowed.status == "trouble":
        return
    found: dict[str, list[Candidate]] = {}
    asked = [source for source in site.sources if shows_newest(source)] or site.sources
    for source in asked[:_MOST_SOURCES]:
        named, check = listed_by(site, source, look, today)
        found.setdefault(source.method, []).extend(named)
        yield check
    searched = found.pop("elasticsearch", [])
    lag = check_listings_agree(searched, found.get("listing", []))
    if lag:
        yield lag
    shown = [candidate for named in found.values() for candidate in named]
    yield from _check_articles(site, look, [*shown, *searched], shares)


def check_robots(site: Site, look: Look) -> Check:
    """Whether the site's rules let its lists and its releases be fetched."""
    name = "robots.txt"
    try:
        robots = look.robots()
    except SiteUnreachable as error:
        advice = "Try again later; nothing may be fetched meanwhile."
        return trouble(name, str(error), advice, error.exit_code)
    lists = [source.url.partition("{")[0] for source in site.sources if source.method != "sitemap"]
    paths = dict.fromkeys([*lists, *site.sections])
    forbidden = [path for path in paths if not robots.allows(address(site, path))]
    if forbidden:
        return trouble(
            name,
            f"forbids {', '.join(forbidden)}",
            "The city does not want that to be crawled. Ask it; the crawl keeps away.",
            RobotsForbid.exit_code,
        )
    delay = robots.crawl_delay_seconds
    pause = f"; {delay:g} s between requests" if delay else ""
    return ok(name, f"allows the newsroom{pause}")


def listed_by(site: Site, source: Source, look: Look, today: date) -> tuple[list[Candidate], Check]:
    """What the first answer of a source names, and how it is."""
    name = source.name or _NAMES[source.method]
    steps = source_steps(site, source, today)
    try:
        found = list(look.listing(steps[0], look.fetched(steps[0].request)).candidates)
    except NoSuchSource as error:
        return [], note(name, str(error))
    except (BlockPage, FetchError, SiteUnreachable) as error:
        advice = "Try again later; a crawl makes do with the other sources."
        return [], trouble(name, str(error), advice, SiteUnreachable.exit_code)
    except ParseError as error:
        advice = "The interface or the page has changed. Upgrade newsroom-archive."
        return [], trouble(name, str(error), advice, LayoutDrift.exit_code)
    return found, _named(name, found, today)


def _named(name: str, candidates: list[Candidate], today: date) -> Check:
    if not candidates:
        advice = "Look at the newsroom in a browser. If releases stand there, this has changed."
        return trouble(name, "answers, and names no release", advice, LayoutDrift.exit_code)
    newest = _newest(candidates)
    age = f", the newest of {newest} ({(today - newest).days} days)" if newest else ""
    return ok(name, f"names {len(candidates)} releases{age}")


def _newest(candidates: list[Candidate]) -> date | None:
    return max((c.published for c in candidates if c.published), default=None)


def check_listings_agree(searched: list[Candidate], shown: list[Candidate]) -> Check | None:
    """Whether the search interface answers with an old state of things; None if it does not.

    Args:
        searched: what it names on its first page.
        shown: what the newsroom page shows.
    """
    listed, front = _newest(searched), _newest(shown)
    if listed is None or front is None or (front - listed).days <= _LAG_DAYS:
        return None
    return trouble(
        "listing",
        f"the newsroom page shows a release of {front}, the search interface none after {listed}",
        "The interface answers with an old index; crawls find what the newsroom page shows. If it "
        "stays so, run `newsroom crawl --full`.",
        LayoutDrift.exit_code,
    )


def _check_articles(
    site: Site, look: Look, candidates: list[Candidate], shares: Mapping[str, float]
) -> Iterator[Check]:
    """The newest releases; one that is odd is a note, most of them are trouble."""
    captures: list[Capture] = []
    articles: list[Article] = []
    checks: list[Check] = []
    for candidate in newest(candidates):
        try:
            capture, article = read_release(site, look, candidate)
        except (BlockPage, FetchError, SiteUnreachable) as error:
            advice = "Open it in a browser, and try again later."
            checks.append(trouble("article", str(error), advice, SiteUnreachable.exit_code))
        except ParseError as error:
            checks.append(trouble("article", str(error), _READ_IT, LayoutDrift.exit_code))
        else:
            captures.append(capture)
            articles.append(article)
            checks.append(_check_article(article, shares))
    few = 2 * sum(check.status == "trouble" for check in checks) <= len(checks)
    for check in checks:
        odd = few and check.status == "trouble"
        yield note(check.name, check.detail, check.advice) if odd else check
    if articles:
        yield _check_fields(articles, shares)
        missed = _check_missed([_main_text(look, each) for each in captures], articles)
        if missed:
            yield missed


def newest(candidates: list[Candidate]) -> list[Candidate]:
    """The releases that are read: the first that the sources name."""
    first = {candidate.url: candidate for candidate in reversed(candidates)}
    return list(reversed(first.values()))[:SAMPLE]


def read_release(site: Site, look: Look, candidate: Candidate) -> tuple[Capture, Article]:
    """A release, fetched and read.

    Raises:
        FetchError: it cannot be had.
        ParseError: it is none.
    """
    capture = look.fetched(Request(candidate.fetch_url or candidate.url))
    return capture, look.article(capture, site, dict(candidate.listed))


def _check_article(article: Article, shares: Mapping[str, float]) -> Check:
    core = (name for name in CORE_FIELDS if shares.get(name, 1.0) >= USUAL_SHARE)
    missing = [name for name in core if not getattr(article, name)]
    name = readable(article.url).rsplit("/", 1)[-1]
    if missing:
        detail = f"{name}: {', '.join(missing)} not found (layout {article.layout})"
        return trouble("article", detail, _READ_IT, LayoutDrift.exit_code)
    words = len(article.text.split())
    day = (article.published or "")[:10]
    return ok("article", f"{name}: {words} words, of {day} (layout {article.layout})")


def _check_fields(articles: list[Article], shares: Mapping[str, float]) -> Check:
    """Whether the sample lacks what nearly all pages of the archive have."""
    if not shares:
        return note("fields", "there is no archive yet to compare them with")
    counts = Counter(
        name for article in articles for name, there in fields_of(to_json(article)).items() if there
    )
    lost = [n for n, share in shares.items() if share >= _NEARLY_ALWAYS and not counts[n]]
    if not lost:
        return ok("fields", f"what nearly all pages have stands on these {len(articles)}, too")
    stated = ", ".join(f"{name} ({shares[name]:.0%} in the archive)" for name in lost)
    detail = f"none of these {len(articles)} pages has {stated}"
    if len(articles) < SAMPLE:
        return note("fields", detail, _READ_IT)
    return trouble("fields", detail, _READ_IT, LayoutDrift.exit_code)


def _main_text(look: Look, capture: Capture) -> str:
    """The main text as trafilatura sees it; empty if that takes too much."""
    try:
        return look.read(capture.url, main_text, capture)
    except OverBudget:
        return ""


def _check_missed(texts: list[str], articles: list[Article]) -> Check | None:
    """Whether text is missed, by trafilatura's opinion; None if it has none."""
    found = missed_shares(texts, articles)
    shares = [share for share in found if share is not None]
    if not shares:
        return None
    bad = sum(share > MISSED_SHARE for share in shares)
    detail = f"by trafilatura's opinion {max(shares):.0%} of a page's text is missed at most"
    if 2 * bad > len(shares):
        return trouble("main text", detail, _READ_IT, LayoutDrift.exit_code)
    return ok("main text", detail)
