"""A site's file of facts: what it may say, and a sentence of its own for each mistake."""

import pickle
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discovery import source_steps
from scraper.errors import UsageError
from scraper.platforms import platform
from scraper.sites import SITES, Registry, read_site

GOOD = """\
name = "Stadt Musterheim"
url = "https://www.musterheim.example"
aliases = ["musterheim.example"]
platform = "typo3-news"
verified = { how = "page", source = "two pages", day = 2026-10-05 }

[article]
sections = ["/presse/"]
suffix = ".html"

[[sources]]
method = "feed"
url = "/rss.xml"

[[sources]]
method = "listing"
url = "/presse/?page={page}"
first_page = 0
entry = ".teaser"
link = ["h3 a@href"]

[layout]
title = ["h1.titel", { css = "h1", without = "span", strip = [" - Musterheim"] }]
clock = "day only"

[layout.pictures]
caption = [".bildtext"]
"""


def read(text):
    return read_site(text, "musterheim.toml", key="musterheim")


def test_a_file_says_it_all():
    site = read(GOOD)
    assert (site.key, site.name, site.zone) == ("musterheim", "Stadt Musterheim", "Europe/Berlin")
    assert site.hosts == {"www.musterheim.example", "musterheim.example"}
    assert [source.method for source in site.sources] == ["feed", "listing"]
    assert site.sources[1].first_page == 0
    assert site.verified.day == date(2026, 10, 5)
    assert site.article_url("/presse/a.html?x=1") == "https://www.musterheim.example/presse/a.html"
    assert site.file == GOOD


def test_the_platform_fills_in_what_the_file_leaves_out():
    layout = read(GOOD).layouts[0]
    assert layout.body == platform("typo3-news").body
    assert layout.pictures.each == platform("typo3-news").pictures.each
    assert [each.css for each in layout.pictures.caption] == [".bildtext"]
    assert layout.clock == "day only"


def test_without_a_platform_parts_are_found():
    bare = GOOD.partition("[layout]")[0].replace('platform = "typo3-news"\n', "")
    assert read(bare).layouts[0].found
    named = bare + '[layout]\nbody = [".text"]\n'
    assert not read(named).layouts[0].found


def test_a_site_travels_to_another_process():
    site = read(GOOD)
    assert site.article_url("/presse/a.html")
    assert pickle.loads(pickle.dumps(site)) == site


def but(old, new):
    """The file with one thing changed."""
    assert old in GOOD
    return GOOD.replace(old, new, 1)


LISTING, ENTRY, BARE = 'method = "listing"', 'entry = ".teaser"', GOOD.partition("[layout]")[0]
TABLE = '{ css = "h1", without = "span", strip = [" - Musterheim"] }'
UNPLACED = BARE.replace('platform = "typo3-news"\n', "")
MISTAKES = {
    "no TOML": ("name = ", "not valid TOML"),
    "an unknown key": (but("aliases", "alias"), "line 3: alias: a site has no such key"),
    "a typing error is named": (but("aliases", "aliasses"), "Is 'aliases' meant"),
    "no name": (but('name = "Stadt Musterheim"\n', ""), "needs 'name'"),
    "no address": (but('url = "https://www.musterheim.example"\n', ""), "needs 'url'"),
    "an address with a path": (but('heim.example"', 'heim.example/a"'), "scheme and host alone"),
    "a number for a text": (but('"Stadt Musterheim"', "7"), "text is needed, not a number"),
    "empty text": (but('"Stadt Musterheim"', '" "'), "not empty text"),
    "no such platform": (but("typo3-news", "typo4"), "none of: aem"),
    "no such zone": (f'zone = "Europe/Bärlin"\n{GOOD}', "is no time zone"),
    "a bad key": (f'key = "Mein Ort"\n{GOOD}', "lower-case letters"),
    "no source": (GOOD.partition("[[sources]]")[0], "at least one source"),
    "a source without a method": (but('method = "feed"\n', ""), "needs 'method'"),
    "no such method": (but('"feed"', '"rss"'), "'rss' is none of: feed"),
    "a listing without entries": (but(f"{ENTRY}\n", ""), "needs 'entry'"),
    "a source without an address": (but('url = "/rss.xml"\n', ""), "needs 'url'"),
    "a placeholder nobody knows": (but("{page}", "{seite}"), "{seite} is no placeholder"),
    "a brace too many": (but("{page}", "{page"), "brace"),
    "an address of another kind": (but('"/rss.xml"', '"ftp://x"'), "neither an http"),
    "half a page": (but("first_page = 0", "first_page = 0.5"), "whole number"),
    "a delay for ever": (f"delay_seconds = 99999\n{GOOD}", "from 0 to 3600"),
    "a bad selector": (but("h1.titel", "h1..titel"), "'h1..titel' is not a CSS selector"),
    "a bad selector of an entry": (but('".teaser"', '"a["'), "not a CSS selector"),
    "a bad pattern": (but('suffix = ".html"', 'path = "("'), "not a valid pattern"),
    "a pattern without end": (but('suffix = ".html"', "path = '(a+)+$'"), "that repeats"),
    "a bad path into JSON": (but('"h1.titel"', '"json-ld:a["'), "not a jmespath"),
    "no such field of a feed": (but('"h1.titel"', '"feed:titel"'), "none of: title"),
    "a candidate without a place": (but(TABLE, '{ strip = ["x"] }'), "a candidate needs one of"),
    "an unknown key of a candidate": (but("without =", "with_out ="), "no such key"),
    "no such hook": (but('without = "span"', 'hook = "magic"'), "none of: text-or-tags"),
    "no such clock": (but('"day only"', '"maybe"'), "none of: stated"),
    "an unknown key of a layout": (but("clock =", "clocks ="), "a layout has no such key"),
    "an unknown key of pictures": (but("caption =", "captions ="), "pictures has no such key"),
    "not a date": (but("day = 2026-10-05", 'day = "2026-10-05"'), "a date such as"),
    "how is it verified": (but('how = "page", ', ""), "it must be said how"),
    "verified in another way": (but('how = "page"', 'how = "guess"'), "none of: page"),
    "a host with a path": (but('["musterheim.example"]', '["a.example/x"]'), "no host name"),
    "layouts beside a layout": (f'{GOOD}[[layouts]]\nplatform = "dtm"\n', "no [layout]"),
    "layouts that are a number": (f"layouts = 7\n{UNPLACED}", "[[layouts]]"),
    "a layout that is a number": (f"layout = 7\n{UNPLACED}", "[layout]"),
    "a rendition without sizes": (f"rendition = 'x(?P<w>\\d+)'\n{GOOD}", "needs groups"),
    "half a pair": (f'redirector = ["/weiter"]\n{GOOD}', "two words"),
    "a truth that is none": (but(ENTRY, f'{ENTRY}\ncomplete = "yes"'), "true or false"),
    "JSON without paths": (
        but(LISTING, 'method = "json"\nitems = "[]"').replace(ENTRY, ""),
        "in JSON a field is a path",
    ),
    "a form of a placeholder": (but("{page}", "{page!r}"), "{page!r} asks for a form"),
    "a very wide number": (but("{page}", "{page:>999999999}"), "asks for a form"),
    "a placeholder that nothing fills in": (
        but("/rss.xml", "/rss?{page}"),
        "method 'feed': {word}",
    ),
    "words that are not given": (but("{page}", "{word}"), "table 'parameters'"),
    "a first page without pages": (but("?page={page}", ""), "where the address has {page}"),
    "a year that is nowhere": (but(ENTRY, f"{ENTRY}\nsince = 2020"), "has {year}"),
    "a key of another method": (
        but('url = "/rss.xml"', 'url = "/r"\nentry = "li"'),
        "no use for it",
    ),
    "an item without an id": (
        but(LISTING, 'method = "json"\nitem_url = "/i/{id}"\nitems = "[]"')
        .replace(ENTRY, "")
        .replace('"h3 a@href"', '"json:u"'),
        "'item_id'",
    ),
    "an address of items without a place": (
        but(LISTING, 'method = "json"\nitem_url = "/i"\nitem_id = "a"\nitems = "[]"')
        .replace(ENTRY, "")
        .replace('"h3 a@href"', '"json:u"'),
        "it needs {id}",
    ),
    "a folder that is none": (but('["/presse/"]', '["presse/"]'), "begins with /"),
    "a template without an id": (but("suffix =", 'template = "/x"\nsuffix ='), "no address with"),
    "no language": (f'language = "Deutsch"\n{GOOD}', "de-AT"),
    "a cookie with a line end": (f'cookies = {{ a = "b\\n" }}\n{GOOD}', "a cookie is ASCII"),
    "a pattern of the future": (but('suffix = ".html"', "path = '[[a]]'"), "nested set"),
    "a very long value": (but('"feed"', f'"{"f" * 9_000}"'), "is none of"),
    "a file larger than any": ("#" * 1_000_001, "larger than any"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_has_a_sentence_of_its_own(mistake):
    text, sentence = MISTAKES[mistake]
    with pytest.raises(UsageError) as raised:
        read(text)
    message = str(raised.value)
    assert sentence in message
    assert message.startswith("musterheim.toml")
    assert "\n" not in message
    assert len(message) < 2_200


BUILT_IN = [SITES.get(key).file for key in ("muenster", "hagen", "dortmund", "oberhausen")]
VALUES = (
    '7 -1 true "" "x" [] {} [7] 2026-10-05 07:32:00 nan 1e400 "(" "a[" "json:[" "/{" "/{page!r}" '
    '"/{0}" "@" "h1:has(" [[]] "https://[" {css=1} {hook="x"} {css="a",split="(("} "[[a]]"'
).split()
KEY = re.compile(r"(\s*)([\w-]+)(\s*=\s*)(.*)")


@st.composite
def mangled(draw):
    """A file with a few lines gone, moved, renamed, retyped or damaged."""
    lines = draw(st.sampled_from([GOOD, *BUILT_IN])).splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(
            st.sampled_from(["drop", "double", "rename", "retype", "damage", "cut", "table"])
        )
        match = KEY.fullmatch(lines[at])
        if how == "drop" and len(lines) > 1:
            del lines[at]
        elif how == "double":
            lines.insert(draw(st.integers(0, len(lines))), lines[at])
        elif how == "rename" and match:
            lines[at] = f"{match[2][:-1]}{draw(st.sampled_from(['', 'x', '.a']))} = {match[4]}"
        elif how == "retype" and match:
            lines[at] = f"{match[2]} = {draw(st.sampled_from(VALUES))}"
        elif how in {"damage", "cut"}:
            place = draw(st.integers(0, len(lines[at])))
            more = draw(st.sampled_from("\"'[]{}()=,.#\\\0é*")) if how == "damage" else ""
            lines[at] = lines[at][:place] + more + lines[at][place + (how == "cut") :]
        elif how == "table":
            lines.insert(
                at, draw(st.sampled_from(["[layout]", "[[sources]]", "[[layouts]]", "[a]"]))
            )
    return "\n".join(lines)


@settings(max_examples=150)
@given(mangled())
def test_no_mistake_is_a_traceback(text):
    told, site = None, None
    try:
        site = read(text)
    except UsageError as error:
        told = error
    assert site or (str(told).startswith("musterheim.toml"), told.exit_code) == (True, 2)
    for source in site.sources if site else ():
        assert source_steps(site, source, date(2026, 10, 5))


def test_the_line_is_that_of_the_key_in_its_table():
    with pytest.raises(UsageError, match=r"musterheim\.toml, line 17: sources\.2\.url: "):
        read(GOOD.replace("{page}", "{seite}"))
    with pytest.raises(UsageError, match=r"line 27: layout\.pictures\.caption"):
        read(GOOD.replace('".bildtext"', '"p["'))


class TestRegistry:
    def test_it_knows_the_sites_of_the_program(self):
        assert {"dortmund", "wien", "muenster", "kanton-bern"} <= set(SITES)

    @pytest.mark.parametrize("key", list(SITES))
    def test_each_file_of_the_program_is_right(self, key):
        site = SITES.get(key)
        assert site.key == key
        assert site.sources
        assert site.verified.source

    def test_an_own_file_comes_before_that_of_the_program(self, tmp_path):
        (tmp_path / "wien.toml").write_text(GOOD, encoding="utf-8")
        assert Registry(tmp_path).get("wien").name == "Stadt Musterheim"
        assert Registry().get("wien").name == "Stadt Wien"

    def test_a_path_is_a_site_too(self, tmp_path):
        path = tmp_path / "Musterheim.toml"
        path.write_text("\ufeff" + GOOD, encoding="utf-8")
        assert Registry().get(str(path)).key == "musterheim"

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (None, "could not be read"),
            (b"name = '\xe4'", "not in UTF-8"),
            ("name = 'x'".encode("utf-16"), "not in UTF-8"),
            (b"name = 'a\0'", "not valid TOML"),
        ],
    )
    def test_a_file_that_cannot_be_read(self, tmp_path, content, sentence):
        path = tmp_path / "ort.toml"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(UsageError, match=sentence):
            Registry().get(str(path))

    def test_an_unknown_key_names_those_there_are(self):
        with pytest.raises(UsageError, match=r"no site called 'nirgendwo'.*dortmund"):
            Registry().get("nirgendwo")
        assert Registry().known("nirgendwo") is None

    @pytest.mark.parametrize(
        ("url", "key"),
        [
            ("https://www.krefeld.de/irgendwas", "krefeld"),
            ("https://dortmund.de/newsroom/", "dortmund"),
            ("https://pressemitteilungen.stadt-muenster.de/api/item/1", "muenster"),
            ("https://www.nirgendwo.example/", None),
        ],
    )
    def test_a_site_is_found_by_its_host(self, url, key):
        found = SITES.find(url)
        assert (found and found.key) == key


WUPPERTAL = "/presse/meldungen/meldungen-2026/mai/"
OBERHAUSEN = "/de/index/rathaus/aktuelle-pressemeldungen/meldungen_2026/"


@pytest.mark.parametrize(
    ("key", "url", "expected"),
    [
        (
            "kanton-bern",
            "/de/x/medienmitteilungen.html?a=1&newsID=c3aa&b=2",
            "https://www.be.ch/de/x/medienmitteilungen.html?newsID=c3aa",
        ),
        ("kanton-bern", "/de/x/medienmitteilungen.html", None),
        (
            "muenster",
            "https://www.stadt-muenster.de/aktuelles/pressemitteilungen#/item/7",
            "https://www.stadt-muenster.de/aktuelles/pressemitteilungen#/item/7",
        ),
        ("muenster", "https://www.stadt-muenster.de/aktuelles/pressemitteilungen", None),
        ("krefeld", "/eine-meldung", "https://www.krefeld.de/eine-meldung"),
        ("krefeld", "/", None),
        ("wuppertal", f"{WUPPERTAL}x.php", f"https://www.wuppertal.de{WUPPERTAL}x.php"),
        ("oberhausen", f"{OBERHAUSEN}a b.php", f"https://www.oberhausen.de{OBERHAUSEN}a%20b.php"),
        ("wien", "/presse/2026/01/02/titel", "https://presse.wien.gv.at/presse/2026/01/02/titel"),
        ("wien", "/aktuell", None),
    ],
)
def test_what_an_article_is(key, url, expected):
    site = SITES.get(key)
    assert site.article_url(url) == expected
    assert expected is None or site.article_url(expected) == expected


def test_a_link_through_a_redirector_leads_where_it_leads():
    site = SITES.get("hagen")
    link = "https://www.hagen.de/weiterleitung?url=https%3A%2F%2Fkarte.example%2Fa&sig=x"
    assert site.link_target(link) == "https://karte.example/a"
    assert site.link_target("/anderswo?url=x") == "https://www.hagen.de/anderswo?url=x"


def test_a_parameter_may_have_brackets_in_its_name():
    text = """name = "S"
url = "https://www.stadt.example"
article = { path = "^/detail$", query = ["tx_news_pi1[news]"] }
sources = [{ method = "feed", url = "/rss" }]
"""
    site = read_site(text, "s.toml", key="s")
    expected = "https://www.stadt.example/detail?tx_news_pi1%5Bnews%5D=7"
    for spelled in ("tx_news_pi1[news]=7", "cHash=1&tx_news_pi1%5Bnews%5D=7"):
        assert site.article_url(f"https://www.stadt.example/detail?{spelled}") == expected
    assert site.article_url(expected) == expected
    assert site.article_url("https://www.stadt.example/detail?cHash=1") is None
