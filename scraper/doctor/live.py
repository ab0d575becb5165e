"""A look at the site itself: its rules, its listings, three of its releases. Nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from scraper.discovery import newsroom_steps, search_steps
from scraper.doctor.check import Check, note, ok, trouble
from scraper.errors import (
    BlockPage,
    FetchError,
    LayoutDrift,
    NoSuchSource,
    ParseError,
    RobotsForbid,
    SiteUnreachable,
)
from scraper.extract.extract import extract
from scraper.health.maintext import MISSED_SHARE, main_text, missed_shares
from scraper.health.observed import fields_of
from scraper.health.shares import USUAL_SHARE
from scraper.markup.tree import parse_html
from scraper.parse.parts import locate
from scraper.records import Request, to_json
from scraper.urls import readable

if TYPE_CHECKING:
    from scraper.discovery import Step
    from scraper.fetch.client import Client
    from scraper.records import Article, Candidate, Capture
    from scraper.sites import Site

SAMPLE = 3
"""So many releases are fetched."""
CORE_FIELDS = ("title", "published", "text")
"""A release without one of these is misread, unless the archive's releases mostly lack it."""
_NEARLY_ALWAYS = 0.9
_LAG_DAYS = 3
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
    allowed = _check_robots(site, client)
    yield allowed
    if allowed.status == "trouble":
        return
    searched, search = _listed(client, search_steps(site), "search interface", today)
    shown, front = _listed(client, newsroom_steps(site), "newsroom page", today)
    yield search
    yield front
    lag = check_listings_agree(searched, shown)
    if lag:
        yield lag
    yield from _check_articles(site, client, [*shown, *searched], shares)


def _check_robots(site: Site, client: Client) -> Check:
    name = "robots.txt"
    try:
        robots = client.robots()
    except SiteUnreachable as error:
        advice = "Try again later; nothing may be fetched meanwhile."
        return trouble(name, str(error), advice, error.exit_code)
    paths = [site.newsroom_path, *site.sections, *filter(None, [site.search_path])]
    forbidden = [path for path in paths if not robots.allows(site.origin + path)]
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


def _listed(
    client: Client, steps: Sequence[Step], name: str, today: date
) -> tuple[list[Candidate], Check]:
    """What the first answer of a source names, and how it is."""
    if not steps:
        return [], note(name, "the site has none")
    try:
        found = list(steps[0].read(_fetched(client, steps[0].request)).candidates)
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
    site: Site, client: Client, candidates: list[Candidate], shares: Mapping[str, float]
) -> Iterator[Check]:
    """The newest releases; one that is odd is a note, most of them are trouble."""
    captures: list[Capture] = []
    articles: list[Article] = []
    checks: list[Check] = []
    for url in list(dict.fromkeys(candidate.url for candidate in candidates))[:SAMPLE]:
        try:
            capture = _fetched(client, Request(url))
            article = extract(capture, site)
        except (BlockPage, FetchError, SiteUnreachable) as error:
            advice = "Open it in a browser, and try again later."
            checks.append(trouble("article", str(error), advice, SiteUnreachable.exit_code))
        except ParseError as error:
            checks.append(trouble("article", str(error), _READ_IT, LayoutDrift.exit_code))
        else:
            captures.append(capture)
            articles.append(article)
            checks.append(_check_article(site, capture, article, shares))
    few = 2 * sum(check.status == "trouble" for check in checks) <= len(checks)
    for check in checks:
        odd = few and check.status == "trouble"
        yield note(check.name, check.detail, check.advice) if odd else check
    if articles:
        yield _check_fields(articles, shares)
        missed = _check_missed(captures, articles)
        if missed:
            yield missed


def _fetched(client: Client, request: Request) -> Capture:
    capture = client.send(request).capture
    if capture.status != 200:
        raise FetchError.answered(capture.url, capture.status)
    return capture


def _check_article(
    site: Site, capture: Capture, article: Article, shares: Mapping[str, float]
) -> Check:
    core = (name for name in CORE_FIELDS if shares.get(name, 1.0) >= USUAL_SHARE)
    missing = [name for name in core if not getattr(article, name)]
    name = readable(article.url).rsplit("/", 1)[-1]
    layout = _layout(site, capture)
    if missing:
        detail = f"{name}: {', '.join(missing)} not found (layout {layout})"
        return trouble("article", detail, _READ_IT, LayoutDrift.exit_code)
    words = len(article.text.split())
    day = (article.published or "")[:10]
    return ok("article", f"{name}: {words} words, of {day} (layout {layout})")


def _layout(site: Site, capture: Capture) -> str:
    parts = locate(parse_html(capture), site, capture.fetched_at.date())
    return parts.layout.name if parts else "unknown"


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


def _check_missed(captures: list[Capture], articles: list[Article]) -> Check | None:
    """Whether text is missed, by trafilatura's opinion; None if it has none."""
    found = missed_shares([main_text(capture) for capture in captures], articles)
    shares = [share for share in found if share is not None]
    if not shares:
        return None
    bad = sum(share > MISSED_SHARE for share in shares)
    detail = f"by trafilatura's opinion {max(shares):.0%} of a page's text is missed at most"
    if 2 * bad > len(shares):
        return trouble("main text", detail, _READ_IT, LayoutDrift.exit_code)
    return ok("main text", detail)
