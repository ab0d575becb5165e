"""A name is found however a page spells it, and as many black characters stand there instead."""

import html
import json
import unicodedata
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.text.blackening import BLACK, Blackening

NAME = "Änne Grünwald-Süß"
BLACKENED = BLACK * len(NAME)
HEADLINE = "„Grüße“ & Küsse: Öffnung des Quittenmarktes"


def numbered(text, form):
    return "".join(char if char.isascii() else form.format(ord(char)) for char in text)


SPELLINGS = {
    "as it is": NAME,
    "capitals": NAME.upper(),
    "capital sharp s": "ÄNNE GRÜNWALD-SÜẞ",
    "entities": "&Auml;nne&nbsp;Gr&uuml;nwald-S&uuml;&szlig;",
    "entities twice": "&amp;Auml;nne Gr&amp;amp;uuml;nwald-Süß",
    "numbers": numbered(NAME, "&#{};"),
    "numbers of capitals": numbered("ÄNNE GRÜNWALD-SÜSS", "&#{};"),
    "numbers with zeros": numbered(NAME, "&#0{};"),
    "hexadecimal": numbered(NAME, "&#x{:X};"),
    "accents apart": unicodedata.normalize("NFD", NAME),
    "soft hyphens": "Än\u00adne Grün&shy;wald-Süß",
    "another hyphen": NAME.replace("-", "\u2011"),
    "thin spaces": "Änne&thinsp;Grünwald-Süß",
    "JSON": json.dumps(NAME)[1:-1],
    "JSON in JSON": json.dumps(json.dumps(NAME))[3:-3],
    "JSON, upper case": numbered(NAME, "\\u{:04X}"),
    "address": quote(NAME),
    "address, lower case": quote(NAME).lower(),
    "address, with +": quote_plus(NAME),
    "address in an address": quote(quote(NAME)),
    "Latin-1 address": quote(NAME.encode("latin-1")),
    "name of a file": "aenne-gruenwald-suess",
    "name of another file": "Aenne_Gruenwald-Suess",
    "mailbox": "aenne.gruenwald-suess",
    "tags": "<b>Änne</b> <i>Grünwald-Süß</i>",
    "a break": "Änne<br />Grünwald-Süß",
    "a place to break": "Änne Grün<wbr>wald-Süß",
    "lines": "Änne\n   Grünwald-Süß",
    "hidden": "".join(f"&#{ord(char)};" for char in NAME),
    "hidden, hexadecimal": "".join(f"&#x{ord(char):x};" for char in NAME),
    "hidden in an address": "".join(f"%{byte:02X}" for byte in NAME.encode()),
    "hidden in JSON": "".join(f"\\u{ord(char):04x}" for char in NAME),
}


@pytest.mark.parametrize("spelled", SPELLINGS)
@pytest.mark.parametrize("around", ["<p>{}</p>", '<a title="{}">x</a>', "/p/{}.jpg", "({}), "])
def test_a_name_is_found_in_every_spelling(spelled, around):
    named = Blackening(["Niemand Sonst", NAME])
    page = around.format(SPELLINGS[spelled])
    if "<" in SPELLINGS[spelled] and "title=" in around:
        return  # no tag stands in a tag
    assert named.is_in(page)
    found = named(page)
    assert not named.is_in(found)
    start, end = around.split("{}")
    assert (found.startswith(start), found.endswith(end)) == (True, True)
    assert 14 <= found.count(BLACK) <= len(NAME) + 5


@pytest.mark.parametrize(
    "spelled",
    [
        "as it is",
        "capitals",
        "entities",
        "numbers",
        "hexadecimal",
        "accents apart",
        "JSON",
        "lines",
    ],
)
def test_what_stands_at_a_position_still_stands_there(spelled):
    assert Blackening([NAME])(f"a {SPELLINGS[spelled]} b") in {
        f"a {BLACKENED} b",
        f"a {BLACKENED}{BLACK} b",  # SS for ß
    }


@pytest.mark.parametrize(
    "text",
    "Sänne Grünwald-Süß|Änne Grünwald-Süßen|Änne Grünwald|Änne. Grünwald-Süß|Änne|"
    "Änne – Grünwald-Süß|Anne Grunwald-Suss|Änne, Grünwald-Süß|%C3 \\u 100 % &; <".split("|"),
)
def test_what_is_another_name_stays(text):
    named = Blackening([NAME])
    assert (named.is_in(text), named(text)) == (False, text)


def test_a_page_stays_a_page_and_json_stays_json():
    named = Blackening([HEADLINE])
    page = f"<ul><li><b>{html.escape(HEADLINE[:10])}</b>{html.escape(HEADLINE[10:])}</ul>"
    assert named(page) == f"<ul><li><b>{BLACK * 10}</b>{BLACK * (len(HEADLINE) - 10)}</ul>"
    told = json.loads(named(json.dumps({"a": f"\n{HEADLINE}", "b": "ü"})))
    assert told == {"a": f"\n{BLACK * len(HEADLINE)}", "b": "ü"}


ADDRESS = "/presse/quitten-oeffnung-f%C3%BCr.html"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f'"https://a.example{ADDRESS}"', '"https://a.example/"'),
        (f"<loc>https://a.example{ADDRESS}</loc>", "<loc>https://a.example/</loc>"),
        (f"Siehe {ADDRESS}.", "Siehe /."),
        (f"{ADDRESS}#top {ADDRESS}?a=1", "/#top /?a=1"),
        ("/presse/quitten-oeffnung-für.html", "/"),
        (f"?u={quote(ADDRESS, safe='')}&t=x", "?u=/&t=x"),
        (ADDRESS.replace("/", "\\/") + '"', '/"'),
        (ADDRESS.replace("/", "\\u002f") + '"', '/"'),
        (f"{ADDRESS}.bak {ADDRESS}-2 {ADDRESS}/b", f"{ADDRESS}.bak {ADDRESS}-2 {ADDRESS}/b"),
    ],
)
def test_addresses_go_where_they_end(text, wanted):
    assert Blackening([], [ADDRESS])(text) == wanted


def test_addresses_with_queries_are_told_apart():
    gone = Blackening([], ["/presse/meldung.php?id=5"])
    assert (
        gone("/presse/meldung.php?id=5 /presse/meldung.php?id=51") == "/ /presse/meldung.php?id=51"
    )
    assert gone("/presse/meldung.php?id=5&amp;a=1") == "/presse/meldung.php?id=5&amp;a=1"


PIECES = st.sampled_from(
    "Än|ä|a|\u0308|ne| |&nbsp;|-|<b>|<|>|&|;|&uuml;|ß|\u00ad|%C3|%BC|\\u00fc|\\n|\\|.|Z|x|&#252;|"
    "\u0301|\u00a8".split("|")
)


@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from(["a x", "äne", "ss z", "u-n"]))
def test_what_was_blackened_is_not_found_again(text, phrase):
    named = Blackening([phrase])
    found = named(text)
    assert not named.is_in(found)
    assert (found == text) == (not named.is_in(text))
