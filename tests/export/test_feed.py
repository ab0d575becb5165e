"""Feeds are what RFC 4287 asks for, and readers of feeds find in them what happened."""

import dataclasses
import re
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from lxml import etree, html

from scraper.archive import Archive, Store
from scraper.archive.followed import follow
from scraper.archive.search.filters import Filters
from scraper.dates import parse_date
from scraper.decide.outcome import Stored, decide
from scraper.export import FeedOptions
from scraper.export.article_html import article_html
from scraper.export.feed import write_feed
from scraper.records import Article, Block, Capture, Image, Link, Quote, Section
from scraper.sites import get_site
from tests.archive.corpus import PLACE, RELEASES, article, filled, store
from tests.conftest import NOW
from tests.export import hostile

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
ATOM = "{http://www.w3.org/2005/Atom}"


class Sink(bytearray):
    def write(self, data):
        self.extend(data)
        return len(data)


def feed_of(archive, filters=None, **options):
    """A feed as feedparser has it, after it was found valid."""
    sink = Sink()
    count = write_feed(sink, archive, filters or Filters(), FeedOptions(**options))
    root = etree.fromstring(bytes(sink), etree.XMLParser(huge_tree=True))
    assert SCHEMA.validate(root), SCHEMA.error_log
    ids = [each.text for each in root.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids) == count + 1
    times = [entry.findtext(f"{ATOM}updated") for entry in root.iter(f"{ATOM}entry")]
    if times:
        assert root.findtext(f"{ATOM}updated") in times
    for entry in root.iter(f"{ATOM}entry"):
        links = [(link.get("rel"), link.get("type")) for link in entry.iter(f"{ATOM}link")]
        assert links == [("alternate", "text/html")]
    read = feedparser.parse(bytes(sink))
    assert (read.bozo, read.version, len(read.entries)) == (False, "atom10", count)
    return read


def titles(read):
    return [entry.title for entry in read.entries]


def test_newest_first_with_what_a_reader_shows(lasting):
    read = feed_of(lasting)
    first, third = read.entries[0], read.entries[2]
    assert titles(read) == [RELEASES[number].title for number in (1, 2, 0, 3)]
    assert (read.feed.title, read.feed.language) == ("Stadt Dortmund: Mitteilungen", "de")
    assert first.published == "2026-09-03T00:00:00+02:00"
    assert first.link == RELEASES[1].url
    assert first.author == "Stadt Dortmund"
    assert [tag.term for tag in third.tags] == ["Bauen & Wohnen", "Hörde"]
    assert third.summary == "Es geht los."
    assert "Die Bagger rollen" in third.content[0].value
    assert "published" not in read.entries[3]
    assert read.entries[3].updated == "2026-10-04T12:00:00+00:00"


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2026-09-01T10:00+02:00", "2026-09-01T10:00:00+02:00"),
        ("2026-12-01", "2026-12-01T00:00:00+01:00"),
        ("2026-99-01T10:00:00+02:00", None),
        ("gestern", None),
        ("", None),
    ],
)
def test_times_are_those_of_rfc_3339(lasting, published, shown):
    db = lasting.db
    db.execute("BEGIN")
    try:
        db.execute("UPDATE articles SET published = ? WHERE id = 1", [published])
        found = next(it for it in feed_of(lasting).entries if it.title == RELEASES[0].title)
    finally:
        db.rollback()
    assert found.get("published") == shown
    assert found.updated == (shown or "2026-10-04T12:00:00+00:00")


def test_so_many_of_the_newest(lasting):
    assert titles(feed_of(lasting, limit=1)) == [RELEASES[1].title]


def test_a_search_finds_forms_and_compounds(lasting):
    read = feed_of(lasting, query="Schule")
    assert titles(read) == [RELEASES[number].title for number in (1, 0, 3)]
    assert read.feed.title == "Stadt Dortmund: Mitteilungen zu „Schule“"
    assert titles(feed_of(lasting, query="Schule", limit=1)) == [RELEASES[1].title]
    assert read.feed.id != feed_of(lasting).feed.id


def test_filters_narrow_it_down(lasting):
    assert titles(feed_of(lasting, Filters(tag="hörde"))) == [RELEASES[0].title]
    since = Filters(since=parse_date("2026-09-02"))
    assert titles(feed_of(lasting, since, query="Schule")) == [RELEASES[1].title]
    assert titles(feed_of(lasting, Filters(speaker="niemand"))) == []


def test_the_feed_may_know_its_own_address(lasting):
    read = feed_of(lasting, self_url="https://example.org/newsroom.xml")
    links = {link.rel: link.href for link in read.feed.links}
    assert links["self"] == "https://example.org/newsroom.xml"


def test_hostile_text_stays_text(attacked):
    read = feed_of(attacked, limit=1000)
    assert len(read.entries) == len(hostile.EVERY) + 1
    sink = Sink()
    write_feed(sink, attacked, Filters(), FeedOptions(limit=1000))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", sink.decode())
    root = etree.fromstring(bytes(sink), etree.XMLParser(huge_tree=True))
    allowed = {"div", "figure", "img", "figcaption", "p", "strong", "ul", "li", "a", "blockquote"}
    for content in root.iter(f"{ATOM}content"):
        tree = html.fragment_fromstring(content.text, create_parent="div")
        assert {element.tag for element in tree.iter()} <= allowed
    long = next(entry for entry in read.entries if entry.title == "Eine lange Mitteilung")
    assert len(long.content[0].value) > 1_000_000


def test_an_empty_archive_gives_an_empty_feed(tmp_path):
    with Archive.open(tmp_path) as archive:
        for changes in (False, True):
            found = feed_of(archive, changes=changes)
            assert found.entries == []
            assert "ortmund" not in str(found.feed)
            assert found.feed.author == "newsroom-archive"
            assert found.feed.id.startswith("tag:newsroom-archive.invalid,2023:")


def test_the_feed_of_an_archive_without_releases_is_of_whom_it_follows(tmp_path):
    with Archive.open(tmp_path) as archive:
        follow(archive, get_site("essen"), NOW)
        assert feed_of(archive).feed.author == get_site("essen").name


def seen(archive, made, now, before=None):
    """Store a page as a crawl does at a time; `before` is where the release was."""
    keeper = Store(archive)
    stored = keeper.find(before or made.url)
    decision = decide(stored, made, now)
    capture = keeper.add_capture(Capture(made.url, b"<p>", now)) if decision.is_event else None
    return keeper.apply(decision, made, stored, capture, now)


@pytest.fixture
def lived(tmp_path):
    """A release that was edited, moved, gone and back; and what the feeds said in between."""
    steps = [NOW + timedelta(hours=hours) for hours in range(1, 5)]
    old = article("alt", "Freibad öffnet", "Karten kosten 5 Euro.", published="2026-10-01")
    new = article("alt", "Freibad öffnet", "Karten kosten 7 Euro & mehr.", published="2026-10-01")
    moved = dataclasses.replace(new, url=f"{PLACE}neu.html")
    with Archive.open(tmp_path) as archive:
        filled(archive)
        number = seen(archive, old, NOW)
        first = feed_of(archive)
        seen(archive, new, steps[0])
        seen(archive, moved, steps[1], before=old.url)
        Store(archive).mark_gone(Stored(number, moved.url, "", None), steps[2])
        gone = feed_of(archive)
        seen(archive, moved, steps[3])
        yield archive, first, gone


def test_ids_stay_when_a_release_changes(lived):
    archive, first, _gone = lived
    last = feed_of(archive)
    assert [entry.id for entry in last.entries] == [entry.id for entry in first.entries]
    before, after = first.entries[0], last.entries[0]
    assert before.id == f"tag:www.dortmund.de,2026-10-01:{PLACE.split('.de', 1)[1]}alt.html"
    assert before.updated == "2026-10-01T00:00:00+02:00"
    assert after.updated == "2026-10-04T13:00:00+00:00"
    assert after.link.endswith("neu.html")


def test_a_release_that_is_gone_says_so(lived):
    _archive, _first, gone = lived
    assert "Nicht mehr online seit 04.10.2026 17:00" in gone.entries[0].content[0].value


def test_changes_tell_what_happened(lived):
    archive, _first, _gone = lived
    read = feed_of(archive, changes=True)
    assert [(entry.title.split(":")[0], entry.tags[0].term) for entry in read.entries] == [
        ("Wieder online", "back"),
        ("Nicht mehr online", "gone"),
        ("Verschoben", "moved"),
        ("Geändert", "changed"),
    ]
    back, gone, moved, changed = (entry.content[0].value for entry in read.entries)
    assert "<del>5</del><ins>7</ins> Euro<ins> &amp; mehr</ins>" in changed
    assert "Text" in changed
    assert f"{PLACE}alt.html" in moved
    assert f"{PLACE}neu.html" in moved
    assert "04.10.2026 17:00" in gone
    assert back
    assert read.entries[3].updated == "2026-10-04T13:00:00+00:00"
    assert read.feed.updated == "2026-10-04T16:00:00+00:00"
    assert read.entries[3].id == f"{feed_of(archive).entries[0].id}?changed=2026-10-04T13:00:00Z"


def test_an_entry_says_what_it_said(lived):
    """An event's entry stays as it was, whatever happens to the release afterwards."""
    archive, _first, _gone = lived
    before = {entry.id: entry.content for entry in feed_of(archive, changes=True).entries}
    now = NOW + timedelta(days=1)
    stored = article("dritte", "Freibad öffnet", "Karten kosten 9 Euro.", published="2026-10-01")
    seen(archive, stored, now, before=f"{PLACE}neu.html")
    after = {entry.id: entry.content for entry in feed_of(archive, changes=True).entries}
    assert len(after) == len(before) + 2
    assert {number: after[number] for number in before} == before


def test_changes_of_a_search(lived):
    archive, _first, _gone = lived
    assert len(feed_of(archive, changes=True, query="Freibad").entries) == 4
    assert feed_of(archive, changes=True, query="Grundschule").entries == []
    assert len(feed_of(archive, changes=True, limit=2).entries) == 2


def test_the_release_as_html():
    made = Article(
        url=f"{PLACE}a.html",
        site="dortmund",
        title="t",
        lead="Vorspann & mehr",
        sections=(
            Section(
                "Über <b>",
                (
                    Block("paragraph", "eins"),
                    Block("list_item", "a"),
                    Block("list_item", "b"),
                    Block("table_row", "1 | 2"),
                    Block("subheading", "klein"),
                ),
            ),
        ),
        images=(
            Image("https://www.dortmund.de/a.webp", 'alt"', "Im Bild", "Jo Doe", role="lead"),
            Image("javascript:alert(1)", role="body"),
            Image("https://www.dortmund.de/b.webp", credit="Stadt", role="body"),
        ),
        quotes=(Quote("Ja", "Jo Doe", "Leiter", "block"), Quote("nein")),
        links=(Link("https://x.invalid/a.pdf?a=1&b=2", "A", "download"),),
    )
    figure = (
        '<figure><img src="https://www.dortmund.de/{}.webp" alt="{}">'
        "<figcaption>{}</figcaption></figure>"
    )
    assert article_html(made).split("\n") == [
        figure.format("a", "alt&quot;", "Im Bild · Bild: Jo Doe"),
        "<p><strong>Vorspann &amp; mehr</strong></p>",
        "<h2>Über &lt;b&gt;</h2>",
        "<p>eins</p>",
        "<ul><li>a</li><li>b</li></ul>",
        "<table><tr><td>1</td><td>2</td></tr></table>",
        "<h3>klein</h3>",
        "<blockquote><p>„Ja“</p><p>Jo Doe, Leiter</p></blockquote>",
        figure.format("b", "", "Bild: Stadt"),
        '<ul><li><a href="https://x.invalid/a.pdf?a=1&amp;b=2">A</a></li></ul>',
    ]


def test_a_feed_of_a_city_this_version_does_not_know(tmp_path):
    with Archive.open(tmp_path) as archive:
        store(archive, RELEASES[0])
        with archive.transaction() as db:
            db.execute("UPDATE articles SET site = 'atlantis'")
        assert feed_of(archive).feed.author == "atlantis"
