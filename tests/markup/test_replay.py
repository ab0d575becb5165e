"""Addresses on pages that a web archive replays, and what relative addresses are relative to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.markup.replay import live_address
from tests.support.release import URL, page, read

FRONTS = [
    "http://localhost:8080/coll/20250801100000mp_/",
    "/coll/20250801100000mp_/",
    "/20250801100000/",
    "//localhost:8080/coll/20250801100000if_/",
    "/coll/mp_/",
    "http://localhost:8080/coll/2025mp_/",
    "https://web.archive.org/web/20250801100000/",
    "https://web.archive.org/web/20250801100000id_/",
    "//web.archive.org/web/20250801100000/",
    "/web/20250801100000im_/",
    "/web/2025/",
    "https://wayback.archive-it.org/1234/20250801100000/",
    "https://wayback.archive-it.org/all/20250801100000/",
    "https://archiv.example.de/wayback/20250801100000/",
    "https://replayweb.page/w/id-0a1b2c/20250801100000mp_/",
    "https://archive.ph/o/AbC12/",
    "https://archive.ph/20250801100000/",
]
LINKS = [
    ("https://example.org/x", "https://example.org/x"),
    ("http://example.org/x?a=1&b=/y", "http://example.org/x?a=1&b=/y"),
    ("https://www.dortmund.de/amt/", "https://www.dortmund.de/amt/"),
    ("http:/example.org/x", "http://example.org/x"),
    ("https%3A%2F%2Fexample.org%2Fx", "https://example.org/x"),
    ("//example.org/x", "https://example.org/x"),
    ("HTTPS://example.org/x#oben", "https://example.org/x"),
]
CANONICAL = '<link rel="canonical" href="{}{}">'


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize(("link", "expected"), LINKS)
def test_links_lead_to_the_site(front, link, expected):
    head = CANONICAL.format(front, URL)
    article = read(page(f'<p>Siehe <a href="{front}{link}">hier</a>.</p>', head=head))
    assert article.url == URL
    assert [link.url for link in article.links] == [expected]


@pytest.mark.parametrize("front", [*FRONTS, "https://web.archive.org/web/20250801100000im_/"])
@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{}https://www.dortmund.de/b/a.jpg">',
        '<img src="data:," data-src="{}https://www.dortmund.de/b/a.jpg">',
        '<img srcset="{0}https://x.de/b/k.jpg 1x, {0}https://www.dortmund.de/b/a.jpg 2x">',
        '<picture><source srcset="{}https://www.dortmund.de/b/a.jpg 9w"><img src="/k"></picture>',
    ],
)
def test_pictures_are_those_of_the_site(front, markup):
    article = read(page(f"<p>Text.</p>{markup.format(front)}"))
    assert [image.src for image in article.images] == ["https://www.dortmund.de/b/a.jpg"]


def test_a_mail_address_is_no_link_there_either():
    front = FRONTS[0]
    article = read(page(f'<p>An <a href="{front}mailto:presse@example.org">uns</a>.</p>'))
    assert article.links == ()


def test_the_page_may_be_read_at_the_address_of_the_replay():
    article = read(page('<p><a href="../amt/">Amt</a></p>'), FRONTS[0] + URL)
    assert article.url == URL
    assert article.links[0].url == "https://www.dortmund.de/newsroom/amt/"


def test_the_base_is_restored():
    head = '<base href="/coll/20250801100000mp_/https://www.dortmund.de/themen/">'
    article = read(page('<p><a href="plan.html">Plan</a></p>', head=head))
    assert article.links[0].url == "https://www.dortmund.de/themen/plan.html"


@pytest.mark.parametrize(
    "link",
    [
        "https://web.archive.org/web/20190801100000/https://example.org/alt",
        "https://archive.ph/20190801100000/https://example.org/alt",
    ],
)
def test_a_capture_that_the_city_cites_stays(link):
    content = f'<p>Siehe <a href="{link}">die alte Fassung</a> und <a href="/amt/">Amt</a>.</p>'
    assert read(page(content)).links[0].url == link
    replayed = content.replace('"h', f'"{FRONTS[0]}h').replace('"/amt', f'"{FRONTS[1]}{URL}/amt')
    assert read(page(replayed)).links[0].url == link


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/2025/https://example.com/",
        "https://example.org/teilen?u=/20250801100000mp_/https://example.com/",
        "https://example.org/20250801100000/plan.html",
        "https://example.org/de_/plan.html",
        "https://example.org/web/plan.html",
        "plan.html",
        "",
    ],
)
def test_other_addresses_stay(address):
    assert live_address(address) == address


@given(st.text(st.sampled_from("/0123456789mp_:htwe.?#%3A,"), max_size=80))
def test_any_text_has_a_live_address(text):
    found = live_address(text)
    assert live_address(found) in {found, live_address(live_address(found))}


@pytest.mark.parametrize(
    "piece", ["/2025", "/20250801100000mp_", "/web/", "a.", "/mp_/", "/o/abcde"]
)
def test_a_long_address_is_read(piece):
    assert live_address(piece * 100_000)


@pytest.mark.parametrize(
    ("head", "link", "expected"),
    [
        ('<base href="https://www.dortmund.de/themen/">', "plan.html", "/themen/plan.html"),
        ('<base href="/themen/">', "plan.html", "/themen/plan.html"),
        (
            '<base href="themen/">',
            "plan.html",
            "/newsroom/nachrichten-dortmund.de/themen/plan.html",
        ),
        ('<BASE HREF=" /themen/seite.html ">', "plan.html", "/themen/plan.html"),
        ('<base target="_blank"><base href="/themen/">', "plan.html", "/themen/plan.html"),
        ('<base href="/themen/"><base href="/anders/">', "plan.html", "/themen/plan.html"),
        ('<base href="/themen/">', "/plan.html", "/plan.html"),
        ('<base href="/themen/">', "?a=1", "/themen/?a=1"),
        ('<base href="">', "plan.html", "/newsroom/nachrichten-dortmund.de/plan.html"),
        ('<base href="data:x">', "plan.html", "/newsroom/nachrichten-dortmund.de/plan.html"),
        ('<base href="http://[">', "plan.html", "/newsroom/nachrichten-dortmund.de/plan.html"),
        ('<base href="https://example.org/a/">', "plan.html", "https://example.org/a/plan.html"),
        ('<base href="https://example.org/a/">', "/plan.html", "https://example.org/plan.html"),
        ('<base href="//example.org/a/">', "plan.html", "https://example.org/a/plan.html"),
        ('<base href="https://dortmund.de/a/">', "plan.html", "/a/plan.html"),
    ],
)
def test_the_base_of_relative_addresses(head, link, expected):
    markup = page(f'<p><a href="{link}">Plan</a></p><img src="{link}">', head=head)
    article = read(markup)
    assert article.links[0].url.removeprefix("https://www.dortmund.de") == expected
    assert article.images[0].src == article.links[0].url
    assert article.url == URL


def test_the_base_counts_for_canonical_address_and_teasers():
    slider = (
        '<dtm-teaserslider id="more-news"><dtm-teaser><a href="b.html"></a>'
        '<h3 slot="headline">Anderes</h3></dtm-teaser></dtm-teaserslider>'
    )
    head = '<base href="/newsroom/nachrichten/"><link rel="canonical" href="neu.html">'
    article = read(page(f"<p>Text.</p>{slider}", head=head))
    assert article.url == "https://www.dortmund.de/newsroom/nachrichten/neu.html"
    assert article.related[0].url == "https://www.dortmund.de/newsroom/nachrichten/b.html"


def test_a_place_on_the_page_is_no_link():
    head = '<base href="/themen/">'
    assert (
        read(page(f'<p><a href="{URL}#oben">Hoch</a><a href="#x">X</a></p>', head=head)).links == ()
    )
