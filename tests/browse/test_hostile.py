"""An archive that wants to harm its reader: nothing of it runs, nothing leaves loopback."""

import csv
import io
import json
import sqlite3
from dataclasses import replace
from urllib.parse import quote

import pytest

from scraper.archive import Archive, Store
from scraper.archive.connection import DATABASE_NAME
from scraper.archive.pictures import keep_picture
from scraper.records import Block, Capture, Image, Link, Quote, Section, Video
from tests.archive.corpus import article, store
from tests.browse.serving import get, web_view
from tests.conftest import NOW

AWAY = "http://192.0.2.1/leak"
BOOM = "window.harmed=1;new Image().src='http://192.0.2.1/leak'"
PAYLOADS = (
    f"<script>{BOOM}</script>",
    f'<img src=x onerror="{BOOM}">',
    f'" onmouseover="{BOOM}" autofocus onfocus="{BOOM}" x="',
    f"'><svg/onload={BOOM}>",
    f'</title></textarea></style><iframe srcdoc="<script>{BOOM}</script>">',
    f"<link rel=stylesheet href={AWAY}><base href={AWAY}>",
    f"<meta http-equiv=refresh content=0;{AWAY}>",
    "{{ 7 * 7 }}{% raw %}${alert(1)}",
    "\x02<b>\x03 \u202e\u2066 \u0000",
)
HUGE = "Überlang" * 12_500  # 100 KB without a space
SPEAKER = f"</a>{PAYLOADS[1]} Ärger"
PAGES = (
    "/", "/search", "/search?q=schaden", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/release/1", "/release/2", "/release/3", "/people", f"/people/{quote(SPEAKER, safe='')}",
    "/changes", f"/people?q={quote(PAYLOADS[2])}", f"/{quote(PAYLOADS[0])}",
    f"/search?tag={quote(PAYLOADS[3])}",
)  # fmt: skip
DATASETTES = ("/newsroom/articles", "/newsroom/quotes", "/newsroom/articles/1")


def hostile(name, **fields):
    everything = " ".join(PAYLOADS)
    made = {
        "title": f"Schaden {everything}",
        "kicker": PAYLOADS[0],
        "lead": PAYLOADS[4],
        "district": PAYLOADS[2],
        "tags": PAYLOADS,
        "published": "2026-09-01",
        "quotes": (Quote(everything, SPEAKER, PAYLOADS[3]),),
        "images": (Image(AWAY, PAYLOADS[1], PAYLOADS[0], PAYLOADS[2], PAYLOADS),),
        "videos": (Video("javascript:" + BOOM, PAYLOADS[0], PAYLOADS[1]),),
        "links": (
            Link("javascript:" + BOOM, PAYLOADS[0], "internal"),
            Link("data:text/html,<script>x</script>", "data", "download"),
            Link(f'{AWAY}"onclick="{BOOM}', "away", "external"),
        ),
        "sections": (
            Section(PAYLOADS[0], tuple(Block("paragraph", text) for text in PAYLOADS)),
            Section(PAYLOADS[1], tuple(Block("table_row", text) for text in PAYLOADS)),
        ),
        "text": everything,
    }
    return replace(article(name, "-"), **(made | fields))


@pytest.fixture(scope="module")
def harmful(tmp_path_factory):
    directory = tmp_path_factory.mktemp("hostile")
    with Archive.open(directory) as archive:
        for name, fields in (
            ("eins", {}),
            ("zwei", {"title": HUGE, "kicker": HUGE, "lead": HUGE, "district": HUGE,
                      "tags": (HUGE,), "quotes": (Quote(HUGE, HUGE, HUGE),)}),
            ("drei", {"title": "=cmd|' /C calc'!A0"}),
        ):  # fmt: skip
            store(archive, hostile(name, **fields))
        store(archive, hostile("eins", title=f"Schaden {PAYLOADS[1]} geändert", kicker=HUGE))
        keeper = Store(archive)
        keeper.mark_gone(keeper.find(hostile("drei").url), NOW)
        archive.db.execute("UPDATE articles SET url = ? WHERE id = 3", ["javascript:" + BOOM])
        archive.db.execute("UPDATE events SET detail = ?, kind = 'moved' WHERE id = 2", [HUGE])
        archive.db.execute(
            "INSERT INTO runs (site, source, version, process, started_at, finished_at, failures) "
            "VALUES (?, 'live', '1', 1, ?, ?, ?)",
            [PAYLOADS[0], PAYLOADS[1], PAYLOADS[2], json.dumps(PAYLOADS)],
        )
    with web_view(directory) as address:
        yield address.rstrip("/"), directory


@pytest.mark.parametrize("width", [1200, 320])
def test_nothing_runs_and_nothing_leaves(harmful, visit, width):
    address, _directory = harmful
    seen = visit(width=width)
    page = seen.page
    for path in PAGES:
        page.goto(address + path)
        assert page.locator("script").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        check(page, path)
    assert [error for error in seen.errors if "responded with a status of 40" not in error] == []
    for path in DATASETTES:  # its own scripts within the page are blocked, which it complains of
        page.goto(address + path)
        check(page, path)
    assert seen.foreign == []


def check(page, path):
    """Nothing of the payloads has become an element, an attribute, or a script that runs."""
    assert page.evaluate("window.harmed") is None, path
    names = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
        ".filter(name => name.startsWith('on'))"
    )
    assert names == [], path
    assert page.locator("iframe, base, object, embed, meta[http-equiv]").count() == 0, path
    schemes = page.evaluate("[...document.querySelectorAll('a')].map(a => a.protocol)")
    assert set(schemes) <= {"http:", "https:"}, path


def test_a_huge_title_makes_no_huge_list(harmful):
    address, _directory = harmful
    for path in ("/", "/search", "/people"):
        assert len(get(address, path).body) < 100_000, path
    assert HUGE in get(address, "/release/2").text


def test_the_table_of_results_is_harmless_to_a_spreadsheet(harmful):
    address, _directory = harmful
    table = list(csv.reader(io.StringIO(get(address, "/search.csv").text)))
    assert {len(row) for row in table} == {len(table[0])}
    cells = [cell for row in table[1:] for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "-", "\t", "\r"))]


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "", "IMAGE/PNG; charset=x"])
def test_only_pixels_are_shown_as_pictures(tmp_path, kind):
    image = Image(AWAY, "alt", "caption", "credit", ("credit",))
    with Archive.open(tmp_path) as archive:
        number = store(archive, hostile("bild", images=(image,)))
        headers = (("content-type", kind),)
        capture = Capture(AWAY, b"<svg onload='x'/>", NOW, 200, headers)
        keep_picture(archive, "dortmund", AWAY, capture, None, NOW)
    with web_view(tmp_path) as address:
        answer = get(address, f"/release/{number}/picture/0")
    assert answer.status == (200 if kind.startswith("IMAGE/PNG") else 404)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_reading_changes_nothing(harmful):
    address, directory = harmful
    with sqlite3.connect(directory / DATABASE_NAME) as watcher:
        before = watcher.execute("PRAGMA data_version").fetchone()
        for path in PAGES:
            get(address, path)
            get(address, path, method="POST")
        assert watcher.execute("PRAGMA data_version").fetchone() == before
    watcher.close()
