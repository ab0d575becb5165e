"""Sitemaps: in one pass, bounded, and tolerant of what generators get wrong."""

import gzip
import time
import tracemalloc
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discovery import Listing, sitemap_steps
from scraper.errors import ParseError
from scraper.sites import get_site
from tests.conftest import capture_of

SITE = get_site("dortmund")
URL = "https://www.dortmund.de/sitemap.xml"
SECTION = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def entry(slug="a", more=""):
    return f"<url><loc>{SECTION}{slug}.html</loc>{more}</url>"


def urlset(*entries):
    return f"{HEAD}<urlset {NS}>\n{''.join(entries)}\n</urlset>"


def index(*locations):
    inner = "".join(f"<sitemap><loc>{location}</loc></sitemap>" for location in locations)
    return f"{HEAD}<sitemapindex {NS}>{inner}</sitemapindex>"


def read(body, since=None, url=URL) -> Listing:
    step = sitemap_steps(SITE, since=since)[0]
    return step.read(capture_of(body, url, "application/xml"))


def slugs(listing):
    return [candidate.url.removeprefix(SECTION)[:-5] for candidate in listing.candidates]


def requests(listing):
    return [step.request.url for step in listing.steps]


# --- where they are --------------------------------------------------------------------------


def test_the_usual_place_is_asked_and_may_be_empty():
    (step,) = sitemap_steps(SITE)
    assert (step.source, step.request.url, step.request.payload) == ("sitemap", URL, None)
    assert step.optional


def test_sitemaps_that_robots_names_are_asked_too_each_once():
    named = [
        "https://www.dortmund.de/news.xml.gz",
        "/other.xml",
        "https://application.dortmund.de/sitemap.xml",
        "https://www.dortmund.de:8443/sitemap.xml",
        "https://www.example.org/sitemap.xml",
        "file:///etc/passwd",
        "/other.xml#x",
    ]
    found = [step.request.url for step in sitemap_steps(SITE, named)]
    assert found[:3] == [
        URL,
        "https://www.dortmund.de/news.xml.gz",
        "https://www.dortmund.de/other.xml",
    ]
    assert set(found[3:]) <= {URL}


def test_of_very_many_named_sitemaps_only_some_are_asked():
    assert len(sitemap_steps(SITE, (f"/{number}.xml" for number in range(10_000)))) == 100


# --- entries ---------------------------------------------------------------------------------


def test_articles_are_candidates_and_other_pages_are_not():
    body = urlset(
        entry("a"),
        "<url><loc>https://www.dortmund.de/kontakt/</loc></url>",
        "<url><loc>https://www.example.org/newsroom/nachrichten/x.html</loc></url>",
        entry("b"),
        entry("a"),
        "<url><loc></loc></url><url/>",
    )
    listing = read(body)
    assert slugs(listing) == ["a", "b"]
    assert {candidate.source for candidate in listing.candidates} == {"sitemap"}
    assert (listing.steps, listing.warnings) == ((), ())


@pytest.mark.parametrize(
    "location",
    [
        f"{SECTION}gr%C3%B6%C3%9Fe.html",
        f"{SECTION}größe.html",
        f"\n  {SECTION}größe.html\t\n",
        f"<![CDATA[{SECTION}größe.html]]>",
        f"<![CDATA[{SECTION}]]>gr&#246;<!-- x -->&#xdf;e.html",
        f"{SECTION}größe.html?a=1&amp;b=2",
        f"{SECTION}größe.html?a=1&b=2",
        f"<![CDATA[{SECTION}größe.html?a=1&b=2]]>",
        f"{SECTION}größe.html".replace("www.", "application."),
        "/newsroom/nachrichten-dortmund.de/größe.html",
    ],
)
def test_every_spelling_of_a_location_is_understood(location):
    listing = read(f"{HEAD}<urlset {NS}><url><loc>{location}</loc></url></urlset>")
    assert [c.url for c in listing.candidates] == [f"{SECTION}gr%C3%B6%C3%9Fe.html"]
    assert "<" not in listing.candidates[0].original


EXTENSIONS = f"""<image:image><image:loc>{SECTION}image.html</image:loc></image:image>
<video:video><loc>{SECTION}video.html</loc></video:video><image:loc>{SECTION}x.html</image:loc>"""


@pytest.mark.parametrize(
    "body",
    [
        urlset(entry()),
        f"<urlset>{entry()}</urlset>",
        f"\n\n {urlset(entry())}",
        "\ufeff" + urlset(entry()),
        urlset(entry()).replace("\n", "\r\n"),
        f"{HEAD}<!-- made by hand -->{urlset(entry())[len(HEAD) :]}",
        f"{HEAD}<?xml-stylesheet href='s.xsl'?>{urlset(entry())[len(HEAD) :]}",
        f'{HEAD}<!DOCTYPE urlset SYSTEM "sitemap.dtd">{urlset(entry())[len(HEAD) :]}',
        f"<s:urlset xmlns:s='x'><s:url><s:loc>{SECTION}a.html</s:loc></s:url></s:urlset>",
        f"<ns0:urlset><ns0:url><ns0:loc>{SECTION}a.html</ns0:loc></ns0:url></ns0:urlset>",
        urlset(f"<url><lastmod/><priority/><loc>{SECTION}a.html</loc></url>"),
        urlset(f"<url><xhtml:link rel='alternate' href='x'/><loc>{SECTION}a.html</loc></url>"),
        urlset(entry("a", EXTENSIONS)),
        urlset(f"<url>{EXTENSIONS}<loc>{SECTION}a.html</loc></url>"),
        f"<urlset><!-- {'x' * 5000} -->{entry()}</urlset>",
        urlset("<url><loc>https://www.dortmund.de/?a=1&b=2&</loc></url>", entry()),
    ],
)
def test_prologues_prefixes_and_extensions_do_no_harm(body):
    assert slugs(read(body)) == ["a"]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_declared_charset_is_heeded(charset):
    body = urlset(entry("größe")).replace("UTF-8", charset.removesuffix("-sig"))
    assert slugs(read(body.encode(charset))) == ["gr%C3%B6%C3%9Fe"]


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ("2025-12-31", False),
        ("2026-01-01", True),
        ("2026-01-01T00:00:00+01:00", True),
        ("2024-06-01T10:00Z", False),
        ("  2024-06-01\n", False),
        ("gestern", True),
        ("", True),
    ],
)
def test_since_passes_over_what_was_last_changed_before(changed, kept):
    body = urlset(entry("a", f"<lastmod>{changed}</lastmod>"), entry("b"))
    assert slugs(read(body, date(2026, 1, 1))) == (["a", "b"] if kept else ["b"])
    assert slugs(read(body)) == ["a", "b"]


# --- indexes ---------------------------------------------------------------------------------


def test_an_index_leads_to_its_sitemaps_each_once():
    one, two = "https://www.dortmund.de/1.xml", "https://www.dortmund.de/2.xml.gz?page=1"
    listing = read(index(one, two, one, "/1.xml", "https://www.example.org/3.xml", "", "mailto:x"))
    assert requests(listing) == [one, two]
    assert listing.candidates == ()
    assert all(step.optional for step in listing.steps)


def test_the_sitemaps_of_an_index_are_read_as_sitemaps():
    (step,) = read(index("/1.xml")).steps
    assert slugs(step.read(capture_of(urlset(entry()), URL))) == ["a"]


def test_since_passes_over_sitemaps_that_were_last_changed_before():
    body = index("/1.xml", "/2.xml").replace(
        "1.xml</loc>", "1.xml</loc><lastmod>2020-01-01</lastmod>"
    )
    assert requests(read(body, date(2026, 1, 1))) == ["https://www.dortmund.de/2.xml"]
    assert len(read(body).steps) == 2


def test_since_holds_in_the_sitemaps_of_an_index_too():
    (step,) = read(index("/1.xml"), date(2026, 1, 1)).steps
    body = urlset(entry("a", "<lastmod>2020-01-01</lastmod>"), entry("b"))
    assert slugs(step.read(capture_of(body, URL))) == ["b"]


def test_an_index_of_indexes_is_not_followed_further():
    (step,) = read(index("/1.xml")).steps
    listing = step.read(capture_of(index("/2.xml"), "https://www.dortmund.de/1.xml"))
    assert listing.steps == ()
    assert "names more sitemaps than can be right" in listing.warnings[0]


def test_an_index_that_names_itself_ends():
    steps, count = list(sitemap_steps(SITE)), 0
    while steps:
        count += 1
        assert count < 10
        steps.extend(steps.pop().read(capture_of(index(URL, "/1.xml"), URL)).steps)


def test_of_an_index_of_very_many_sitemaps_only_some_are_asked():
    listing = read(index(*(f"/{number}.xml" for number in range(5_000))))
    assert len(listing.steps) == 100
    assert len(listing.warnings) == 1


def test_an_index_of_exactly_as_many_as_there_may_be_is_right():
    listing = read(index(*(f"/{number}.xml" for number in range(100))))
    assert (len(listing.steps), listing.warnings) == (100, ())


# --- compressed ------------------------------------------------------------------------------


def test_a_compressed_sitemap_is_unpacked():
    assert slugs(read(gzip.compress(urlset(entry()).encode()))) == ["a"]


def test_archives_that_follow_one_another_are_one_sitemap():
    body = urlset(*(entry(str(number)) for number in range(20))).encode()
    packed = gzip.compress(body[:500]) + gzip.compress(body[500:])
    assert len(slugs(read(packed))) == 20
    assert len(slugs(read(packed + b"\0\0\0"))) == 20


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda packed: packed[: len(packed) // 2], "end too early"),
        (lambda packed: packed[:10] + b"\xff" * 50, "are damaged"),
        (lambda packed: packed[:2], "end too early"),
    ],
)
def test_a_damaged_archive_is_a_parse_error(damage, reason):
    with pytest.raises(ParseError, match=reason):
        read(damage(gzip.compress(urlset(entry()).encode())))


def test_a_bomb_is_a_parse_error_at_bounded_memory():
    bomb = gzip.compress(bytes(100_000_000), compresslevel=1)
    tracemalloc.start()
    try:
        with pytest.raises(ParseError, match="unpacks to more than a sitemap may be"):
            read(bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 250_000_000


def test_a_bomb_within_an_archive_is_not_unpacked():
    with pytest.raises(ParseError, match="no sitemap"):
        read(gzip.compress(gzip.compress(urlset(entry()).encode())))


def test_very_many_tiny_archives_are_a_parse_error():
    with pytest.raises(ParseError, match="more than a sitemap may be"):
        read(gzip.compress(b"") * 100_000)


# --- no sitemap ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "",
        "  ",
        "<!DOCTYPE html><html><body><urlset><url></url></urlset></body></html>",
        "<html><a href='/sitemap.xml'>&nbsp;</a>",
        "<rss><channel><item><link>x</link></item></channel></rss>",
        "User-agent: *",
        "\0\0\0",
        '{"urlset": []}',
        HEAD,
        HEAD.replace("UTF-8", "klingon") + "<urlset/>",
    ],
)
def test_what_is_no_sitemap_is_a_parse_error(body):
    with pytest.raises(ParseError, match="there is no sitemap") as caught:
        read(body)
    assert URL in str(caught.value)


def test_an_empty_sitemap_is_one():
    assert read(urlset()) == Listing()


@pytest.mark.parametrize("rest", ["<url><loc>https://www", "</url>", "&nbsp;", "\0"])
def test_damage_costs_what_follows_it_and_a_warning(rest):
    listing = read(urlset(entry()).replace("</urlset>", rest + "</urlset>" + entry("z")))
    assert slugs(listing) == ["a"]
    assert len(listing.warnings) == 1
    assert URL in listing.warnings[0]
    assert "read only in part: its XML is damaged" in listing.warnings[0]


def test_damage_before_the_first_entry_is_a_parse_error():
    with pytest.raises(ParseError, match="its XML is damaged"):
        read(f"<urlset></x>{entry()}</urlset>")


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY % x SYSTEM "http://127.0.0.1/">',
    ],
)
def test_entities_are_not_expanded(declaration):
    body = (
        f"<!DOCTYPE urlset [{declaration}]><urlset><url><loc>{SECTION}a.html</loc></url></urlset>"
    )
    with pytest.raises(ParseError, match="declares XML entities"):
        read(body)


# --- size ------------------------------------------------------------------------------------


@pytest.mark.parametrize("element", ["<div>", "<url>", "<a><b>", "<url><loc>"])
def test_elements_nested_without_end_cost_neither_time_nor_memory(element):
    body = b"<urlset>" + element.encode() * 500_000
    started = time.process_time()
    with pytest.raises(ParseError, match="nested deeper"):
        read(body)
    assert time.process_time() - started < 1.0


def test_a_very_long_listing_is_read_in_a_second_at_little_memory():
    body = urlset(*(entry(str(number)) for number in range(20_000))).encode()
    others = b"<url><loc>https://www.dortmund.de/kontakt/1.html</loc></url>" * 80_000
    body = body.replace(b"</urlset>", others + b"</urlset>")
    started = time.process_time()
    listing = read(body)
    assert time.process_time() - started < 5.0
    assert len(listing.candidates) == 20_000


def test_memory_does_not_grow_with_what_is_no_article():
    body = urlset(*["<url><loc>https://www.dortmund.de/kontakt/1.html</loc></url>"] * 20_000)
    capture = capture_of(body, URL)
    tracemalloc.start()
    try:
        assert sitemap_steps(SITE)[0].read(capture).candidates == ()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * len(body)


PIECES = st.sampled_from(
    [
        "<urlset>",
        "<url>",
        "<loc>",
        f"{SECTION}a.html",
        "</loc>",
        "</url>",
        "<lastmod>2025-01-01</lastmod>",
        "</urlset>",
        "<sitemapindex>",
        "<sitemap>",
        "</sitemap>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "&amp;",
        "<x:",
        "<!DOCTYPE ",
        "<?xml ?>",
    ]
)


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=12).map("".join)))
def test_anything_is_a_listing_or_a_parse_error(body):
    with suppress(ParseError):
        assert isinstance(read(body, date(2026, 1, 1)), Listing)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_behind_the_root_are_a_listing_or_a_parse_error(body):
    with suppress(ParseError):
        read(b"<urlset>" + body)


# --- what generators get wrong ---------------------------------------------------------------


@pytest.mark.parametrize(
    "mistake",
    [
        "<lastmod>2025&nbsp;</lastmod>",
        "<x>Gr&uuml;n &ndash; &hellip;</x>",
        "<x>&nonsense; &NotEqualTilde;</x>",
        "<x>a & b &amp; c &; &#; &#x; &#xg;</x>",
        "<x>&#0;&#x1f;&#xd800;&#1114112;&#228;&#xE4;</x>",
        "<x>\x0b\x1f</x>",
        "<x><![CDATA[a & b &nbsp; ]] > ]]></x>",
        "<x><![CDATA[&]]></x><y>&nbsp;</y>",
        "<!-- & &nbsp; -->",
    ],
)
def test_a_mistake_costs_no_entry(mistake):
    listing = read(urlset(entry("a"), entry("b", mistake), entry("c")))
    assert slugs(listing) == ["a", "b", "c"]
    assert not listing.warnings


def test_entities_in_an_address_are_read():
    listing = read(urlset(entry("gr&uuml;n"), entry("rot"), entry("a&#45;b")))
    assert slugs(listing) == ["gr%C3%BCn", "rot", "a-b"]


def test_an_odd_byte_costs_one_entry_at_most():
    body = urlset(entry("a"), entry("b", "<x>ODD</x>"), entry("gODDn"), entry("c"))
    assert slugs(read(body.encode().replace(b"ODD", b"\xfc"))) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "front", ["\ufeff", "\n", "\r\n \t", "\ufeff\n\n", "\n\ufeff", "\ufeff\ufeff"]
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("packed", [False, True])
def test_marks_and_line_breaks_before_the_declaration(front, charset, packed):
    head = HEAD.replace("UTF-8", "UTF-16") if "16" in charset else HEAD
    for markup in (urlset(entry()).replace(HEAD, head), index(f"{URL}?2").replace(HEAD, head)):
        body = (front + markup).encode(charset)
        if "16" in charset and "\ufeff" not in front[:1]:
            body = "\ufeff".encode(charset) + body
        listing = read(gzip.compress(body) if packed else body)
        assert slugs(listing) or requests(listing)
        assert not listing.warnings


def test_another_charset_that_is_declared_is_read():
    body = urlset(entry("grün"), entry("rot")).replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert slugs(read(body)) == ["gr%C3%BCn", "rot"]


@pytest.mark.parametrize("declared", ["UTF-16", "ISO-8859-1", "windows-1252"])
def test_what_is_utf_8_is_read_as_such_whatever_is_declared(declared):
    body = urlset(entry("grün"), entry("rot")).replace("UTF-8", declared)
    assert slugs(read(body)) == ["gr%C3%BCn", "rot"]


@pytest.mark.parametrize("front", ["<!-- made at 12:00 -->\n", "<br />\n<b>Notice</b>: x in y\n"])
def test_what_a_server_writes_before_the_declaration_is_passed_over(front):
    assert slugs(read(front + urlset(entry("a"), entry("b&AMP;c")))) == ["a", "b&c"]


def test_comments_and_odd_bytes_in_a_list_of_addresses_cost_their_line():
    lines = ["# made at 12:00", f"{SECTION}a.html", f"{SECTION}gODDn.html", f"{SECTION}b.html"]
    body = "\n".join(lines).encode().replace(b"ODD", b"\xfc")
    assert slugs(read(body)) == ["a", "b"]


@pytest.mark.parametrize("front", ["", "\ufeff", "\n\n", "\ufeff\r\n"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\n\n"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_list_of_addresses_is_a_sitemap(front, line_break, packed):
    lines = [f"{SECTION}a.html", f"  {SECTION}b.html?x=1&y=2  ", "https://www.dortmund.de/amt/"]
    body = (front + line_break.join(lines)).encode()
    listing = read(gzip.compress(body) if packed else body, url=URL.replace("xml", "txt"))
    assert slugs(listing) == ["a", "b"]


@pytest.mark.parametrize("body", ["Not found", "{}", "", f"Siehe {SECTION}a.html", "# http://x"])
def test_other_text_is_no_sitemap(body):
    with pytest.raises(ParseError, match="no sitemap"):
        read(body)


@pytest.mark.parametrize(
    "piece", ["&", "&#", "&a", "<![CDATA[", "<![CDATA[]", "]]", "&nbsp;", "&#0;"]
)
def test_a_long_sitemap_of_mistakes_is_read(piece):
    body = urlset(entry("a")).replace("</urlset>", piece * 200_000 + "</urlset>")
    with suppress(ParseError):
        assert slugs(read(body)) == ["a"]


def test_of_an_index_the_part_that_changed_last_comes_first():
    body = index("/1.xml", "/2.xml", "/3.xml", "/4.xml")
    for number, day in ((1, "2026-01-31"), (2, "2026-09-30T08:00:00+02:00"), (4, "2026-05-31")):
        end = f"{number}.xml</loc>"
        body = body.replace(end, f"{end}<lastmod>{day}</lastmod>")
    assert [url[-5] for url in requests(read(body))] == ["2", "4", "1", "3"]
