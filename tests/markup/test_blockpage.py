"""Block pages are told from releases, also from releases that write about such things."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.demo.newsroom import Newsroom
from scraper.demo.render import render_article
from scraper.errors import BlockPage
from scraper.extract.extract import extract
from scraper.markup.blockpage import block_reason, recognise
from scraper.markup.tree import parse_html
from scraper.sites import get_site
from tests.conftest import FIXTURES, capture_of
from tests.support.strategies import articles

SITE = get_site("dortmund")


def page(head: str, body: str) -> str:
    return f"<!DOCTYPE html><html lang=de><head>{head}</head><body>{body}</body></html>"


def house(title: str, text: str) -> str:
    """A notice in the frame of the city's own pages, with a headline where a release has it."""
    return page(
        f"<title>{title} | dortmund.de</title>",
        '<main><section class="dtm-default-layout__introduction">'
        f'<div class="container heading" id="Einleitungstext"><h1>{title}</h1></div></section>'
        f'<dtm-text-image id="Text"><div slot="content"><p>{text}</p></div></dtm-text-image>'
        "</main>",
    )


BLOCK_PAGES = {
    "cloudflare": (
        page(
            "<title>Just a moment...</title>",
            '<div class="main-wrapper"><h1>www.dortmund.de</h1><p>Einen Augenblick, wir sehen nach.'
            "</p><noscript>Ohne Skripte geht es nicht.</noscript></div><script>window._cf_chl_opt="
            '{cZone:"x"};var a=document.createElement("script");a.src='
            '"/cdn-cgi/challenge-platform/h/b/x.js";</script>',
        ),
        "Cloudflare",
    ),
    "cloudflare, blocked": (
        page(
            "<title>Attention Required! | Cloudflare</title>",
            '<div id="cf-wrapper"><h1>Sorry, you cannot pass</h1><p>Ray ID: 12</p></div>',
        ),
        "Cloudflare",
    ),
    "akamai": (
        (
            "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You"
            " may not see http&#58;&#47;&#47;www&#46;dortmund&#46;de.<P>Reference&#32;&#35;18&#46;"
            "</BODY></HTML>"
        ),
        "Akamai",
    ),
    "imperva": (
        page(
            '<META NAME="robots" CONTENT="noindex,nofollow">',
            '<iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=1&edet=12" width="100%">'
            "Request unsuccessful. Incapsula incident ID: 12-34</iframe>",
        ),
        "Imperva",
    ),
    "hcaptcha": (
        page(
            "<title>dortmund.de</title>",
            '<main><div id="Einleitungstext"><h1>Eine kurze Frage</h1></div><form method=post>'
            '<div class="h-captcha" data-sitekey="x"></div><button>Weiter</button></form></main>',
        ),
        "captcha",
    ),
    "recaptcha": (
        page(
            '<script src="https://www.google.com/recaptcha/api.js" async></script>',
            "<h1>Noch ein Schritt</h1><form action=/weiter><button>Weiter</button></form>",
        ),
        "captcha",
    ),
    "friendly captcha": (
        house("Einen Moment bitte", '<span class="frc-captcha" data-sitekey="x"></span>'),
        "captcha",
    ),
    "myra": (
        page(
            "<title>Sicherheitsprüfung</title>",
            "<h1>Bitte bestätigen Sie, dass Sie kein Roboter sind</h1><p>Geschützt durch Myra.</p>",
        ),
        "test for robots",
    ),
    "link11": (
        page(
            "<title>www.dortmund.de</title>",
            "<h2>DDoS-Schutz</h2><p>Ihr Browser wird gerade überprüft. Vorgang 81.</p>",
        ),
        "test for robots",
    ),
    "firewall": (
        page(
            "<title>Request Rejected</title>",
            "The requested URL was rejected. Ask whoever runs this. Your support ID is: 123",
        ),
        "firewall",
    ),
    "datadome": (
        page("<title>dortmund.de</title>", "<script src='https://ct.captcha-delivery.com/c.js'>"),
        "DataDome",
    ),
    "aws": (
        page("", "<div id=c></div><script>window.gokuProps={key:1};</script>"),
        "AWS",
    ),
    "maintenance": (
        page("<title>Wartungsarbeiten</title>", "<h1>Wartungsarbeiten</h1><p>Gleich zurück!</p>"),
        "maintenance",
    ),
    "maintenance in the house's frame": (
        house("Wartungsarbeiten", "Unsere Website ist heute bis 18 Uhr nicht erreichbar."),
        "maintenance",
    ),
    "login": (
        page(
            "<title>Portal</title>",
            "<main><h1>Hallo</h1><form><input name=u><input type=password name=p></form></main>",
        ),
        "log in",
    ),
    "login in words": (house("Anmeldung erforderlich", "Hier geht es zur Kennung."), "log in"),
    "empty": (
        page(
            "<title>dortmund.de</title>",
            "<main></main><script>document.cookie='t='+btoa(1);location.reload()</script>",
        ),
        "script that wants to run",
    ),
    "javascript": (
        page("", "<noscript>Bitte aktivieren Sie JavaScript, um fortzufahren.</noscript>"),
        "JavaScript",
    ),
}


@pytest.mark.parametrize("kind", BLOCK_PAGES)
def test_a_block_page_is_recognised_and_never_an_article(kind):
    markup, what = BLOCK_PAGES[kind]
    with pytest.raises(BlockPage) as caught:
        extract(capture_of(markup), SITE)
    assert what in caught.value.kind
    assert caught.value.url in str(caught.value)
    assert "Open the address in a browser" in str(caught.value)
    assert what in (recognise(capture_of(markup), SITE) or "")


ABOUT = {
    "Wartungsarbeiten": "Die Ampel an der Hansastraße wird am Montag gewartet.",
    "Just a moment: Ausstellung im U": "Ein Augenblick dauert dort drei Stunden.",
    "Bitte bestätigen Sie, dass Sie kein Roboter sind": "Ein Abend über Captchas.",
    "Attention Required! | Cloudflare": "Was Fehlermeldungen erzählen: eine Lesung.",
    "Access Denied": "Reference #18 heißt das neue Stück des Schauspiels.",
    "Wartungsarbeiten an der Website": "Am Sonntag ist unsere Website nicht erreichbar.",
    "Anmeldung zum Ferienprogramm beginnt": "Ab Montag, 9 Uhr.",
    "Zugriff verweigert": "Aktivieren Sie JavaScript: ein Kurs der Volkshochschule.",
}


@pytest.mark.parametrize("title", ABOUT)
@pytest.mark.parametrize("bare", [False, True])
def test_a_release_that_writes_about_such_things_is_a_release(title, bare):
    article = dataclasses.replace(Newsroom(3).article(1), title=title, lead=ABOUT[title])
    if bare:  # neither date nor id, tags or teasers
        article = dataclasses.replace(
            article, published=None, content_id=None, tags=(), related=(), images=()
        )
    markup = render_article(article, navigation=b"[]")
    form = b'<form><div class="g-recaptcha"></div><input type="password"></form></footer>'
    for body in (markup, markup.replace(b"</footer>", form)):
        capture = capture_of(body)
        assert block_reason(parse_html(capture), SITE, capture.url) is None
        assert extract(capture, SITE).title == title


def test_a_release_of_the_older_layout_may_have_a_heading_like_that_of_a_form():
    text = "<h2>Anmeldung</h2><p>Wer teilnehmen möchte, ruft bis Freitag an.</p>"
    markup = page(
        "<title>Ferien im Park</title>",
        f"<div><h1>Ferien im Park</h1><p>Nachricht vom 17.05.2022</p><p>Los!</p>{text}</div>",
    )
    capture = capture_of(markup)
    assert block_reason(parse_html(capture), SITE, capture.url) is None
    without = capture_of(markup.replace("Nachricht vom 17.05.2022", ""))
    assert block_reason(parse_html(without), SITE, without.url) == "a form to log in"


def test_a_short_page_without_any_mark_is_still_no_block_page_if_nothing_in_it_says_so():
    capture = capture_of(house("Wartungsarbeiten an der Ampel Hansastraße", "Am Montag ab 8 Uhr."))
    assert extract(capture, SITE).title == "Wartungsarbeiten an der Ampel Hansastraße"


@pytest.mark.parametrize(
    "path", sorted((FIXTURES / "dortmund").glob("*.html")), ids=lambda p: p.stem
)
def test_no_saved_page_is_a_block_page(path):
    capture = capture_of(path.read_bytes())
    assert block_reason(parse_html(capture), SITE, capture.url) is None


@settings(deadline=None, max_examples=60)
@given(articles(), st.sampled_from(sorted(ABOUT)))
def test_no_article_of_the_replica_is_a_block_page(article, title):
    for one in (article, dataclasses.replace(article, title=title)):
        capture = capture_of(render_article(one, navigation=b"[]"))
        assert block_reason(parse_html(capture), SITE, capture.url) is None


@pytest.mark.parametrize(
    "body", [b"", b"User-agent: *", b'{"hits": {}}', b'<?xml version="1.0"?><urlset/>', b"\x1f\x8b"]
)
def test_what_is_no_web_page_is_no_block_page(body):
    assert recognise(capture_of(body), SITE) is None


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("window.awsWafCookieDomainList = [];window.gokuProps = {'context':'LONG'};", "AWS"),
        ("window._cf_chl_opt={cvId:'3',md:'LONG'}", "Cloudflare"),
        ("var x='LONG'; var u='/_Incapsula_Resource?SWJIYLWA=1'", "Imperva"),
    ],
)
def test_a_challenge_of_nothing_but_a_long_script_is_known(script, kind):
    """Long scripts of releases are not parsed; those of a gatekeeper must be."""
    text = script.replace("LONG", "A1b2C3d4" * 400)
    body = f"<html><head><title></title> <script>{text}</script></head><body><div></div></body>"
    with pytest.raises(BlockPage, match=kind):
        extract(capture_of(body), SITE)
    assert kind in (recognise(capture_of(body), SITE) or "")
