"""Pages lose the teasers of erased releases, and nothing else."""

import json
from urllib.parse import quote

import pytest

from scraper.markup.redact import redact_page

URL = "https://www.example.de/presse/der-neue-hafen-fuer-alle-5.html"
TITLE = "Der neue Hafen für alle Bürger & Gäste"
PAGE = "https://www.example.de/presse/x.html"


def redact(body, kind="text/html", title=TITLE, url=URL):
    return redact_page(body, kind, PAGE, None, [url], [title])


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "utf-16"])
def test_a_link_leads_nowhere_and_the_headline_is_as_long_as_before(charset):
    shown = TITLE.replace("&", "&amp;")
    page = (
        f'<html><head><meta charset="{charset}"></head><body><p>Siehe <a '
        f'href="der-neue-hafen-fuer-alle-5.html">{shown}</a>. Mehr Größe.</p>'
        '<a href="/presse/der-neue-hafen-fuer-alle-50.html">Anderes</a></body></html>'
    )
    found = redact(page.encode(charset)).decode(charset).replace("&#9608;", "█")
    assert f'<a href="about:blank">{"█" * len(TITLE)}</a>. Mehr Größe.</p>' in found
    assert '<a href="/presse/der-neue-hafen-fuer-alle-50.html">Anderes</a>' in found


def test_json_stays_json():
    page = json.dumps({"a": TITLE, "b": URL, "c": "Größe"}).encode()
    found = json.loads(redact(page, "application/json"))
    assert found == {"a": "█" * len(TITLE), "b": "https://www.example.de/", "c": "Größe"}


@pytest.mark.parametrize("kind", ["text/html", "image/png"])
def test_what_shows_nothing_of_it_stays_byte_by_byte(kind):
    assert redact(b"<p>Etwas anderes</p>" if kind == "text/html" else TITLE.encode(), kind) is None


def test_a_headline_goes_however_the_page_spells_it():
    """Of a release that gave no way, a menu, a script and a button to share may tell."""
    spelled = TITLE.replace("ü", "&uuml;").replace(" & ", " &amp;\n ")
    told = json.dumps({"t": TITLE, "u": URL}).replace("/", "\\/")
    page = (
        f"<ul><li>{spelled}</li><li>{TITLE.upper()}</li></ul><script>{told}</script>"
        f"<a href='/share?u={quote(URL, safe='')}&t={quote(TITLE)}'>teilen</a> {URL}."
        f"<a href='{URL}?page=2'>mehr</a>"
    )
    found = redact(page.encode()).decode().replace("&#9608;", "█").lower()
    for word in ("hafen", "neue", "b&uuml;rger", "%c3"):
        assert word not in found
    assert "about:blank" in found


def test_a_short_headline_is_no_trace():
    """It may stand in any text by chance: only links and cards go."""
    assert redact(b"<p>Termine der Woche</p>", title="Termine") is None


def test_addresses_that_differ_in_their_queries_are_told_apart():
    page = b'<a href="/presse/meldung.php?id=5">A</a><a href="/presse/meldung.php?id=6">B</a>'
    found = redact(page, url="https://www.example.de/presse/meldung.php?id=5")
    assert b'"about:blank"' in found
    assert b'"/presse/meldung.php?id=6"' in found
