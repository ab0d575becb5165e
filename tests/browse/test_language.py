import re
from pathlib import Path
from string import Formatter

import pytest

import scraper.browse
from scraper.browse.language import LANGUAGES, preferred
from scraper.browse.words import WORDS

DE, EN = LANGUAGES["de"], LANGUAGES["en"]
TEMPLATES = Path(scraper.browse.__file__).parent / "templates" / "newsroom"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,de;q=0.5", "en"),
        ("fr, de;q=0.3, en;q=0.7", "en"),
        ("fr, de;q=0.3", "de"),
        ("fr", "en"),
        ("de;q=0", "en"),
        ("*", "en"),
        ("de;q=x,en;q=1", "en"),
        ("", "en"),
        (None, "en"),
        ("," * 5000, "en"),
    ],
)
def test_the_language_is_the_one_asked_for(header, code):
    assert preferred(header).code == code


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_the_same(key):
    german, english = WORDS[key]
    fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in WORDS[key]]
    assert german
    assert english
    assert fields[0] == fields[1]
    assert german.count("|") == english.count("|") <= 1


def test_templates_say_only_what_both_languages_know():
    used = set()
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        used |= set(re.findall(r"""\bt\(["'](\w+)["']""", text))
        used |= set(re.findall(r"""lang\.count\(["'](\w+)["']""", text))
    assert len(used) > 50
    assert used <= WORDS.keys()


def test_numbers_and_days():
    assert (DE.number(1234567), EN.number(1234567)) == ("1.234.567", "1,234,567")
    assert (DE.day("2026-10-04"), EN.day("2026-10-04")) == ("4. Oktober 2026", "4 October 2026")
    assert (DE.day("2026-05"), EN.day("2026-05")) == ("Mai 2026", "May 2026")
    assert (DE.day(None), EN.day(None)) == ("ohne Datum", "undated")
    assert DE.day("2026-13-01") == "2026-13-01"
    assert DE.count("releases", 1) == "1 Meldung"
    assert EN.count("releases", 2000) == "2,000 releases"


def test_moments_are_those_of_the_city():
    assert DE.moment("2026-10-04T12:00:00+00:00", "Europe/Berlin") == "4. Oktober 2026, 14:00"
    assert EN.moment("2026-12-31T23:30:00+00:00", "Europe/Berlin") == "1 January 2027, 00:30"
    assert EN.moment("soon", "Europe/Berlin") == "soon"
    assert DE.clock("2026-10-04T12:05:00+02:00") == "12:05 Uhr"
    assert EN.clock("2026-10-04") == ""
    assert EN.clock("2026-10-04Txx:05:00") == ""
