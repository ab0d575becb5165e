"""Caption and credit in one line, told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.parse.captions import said_by_lines, split_credit, tidy_credit, without_credit
from scraper.sites.guess import unknown_site

SITE = unknown_site("")


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("Am Hof. Foto: Jo Doe", "Am Hof.", "Jo Doe"),
        ("Am Hof (Foto: Jo Doe)", "Am Hof", "Jo Doe"),
        ("Am Hof. (Foto: Jo Doe/Agentur)", "Am Hof.", "Jo Doe/Agentur"),
        ("Am Hof | Bild: Jo Doe", "Am Hof", "Jo Doe"),
        ("Am Hof. © Jo Doe", "Am Hof.", "Jo Doe"),
        ("Am Hof.. Bildrechte: Jo Doe", "Am Hof.", "Jo Doe"),
        ("Am Hof. Quelle: dpa", "Am Hof.", "dpa"),
        ("Fotos: Jo Doe", None, "Jo Doe"),
        ("© Jo Doe", None, "Jo Doe"),
        ("Das Foto zeigt den Hof.", "Das Foto zeigt den Hof.", None),
        ("Das Bild im Saal hängt schief", "Das Bild im Saal hängt schief", None),
    ],
)
def test_split(line, caption, credit):
    assert split_credit(line, SITE) == (caption, credit)


@pytest.mark.parametrize(
    ("printed", "credit"),
    [("© Jo Doe", "Jo Doe"), ("(Foto: Jo Doe)", "Jo Doe"), ("Bild: © Jo Doe", "Jo Doe")],
)
def test_labels_are_not_the_credit(printed, credit):
    assert tidy_credit(printed, SITE) == credit


def test_a_credit_repeated_at_the_end_is_not_the_caption():
    assert without_credit("Am Hof. / Jo Doe", "Jo Doe") == "Am Hof."
    assert without_credit("Am Hof. Foto: Jo Doe", "Jo Doe") == "Am Hof."
    assert without_credit("Jo Doe", "Jo Doe") is None


@pytest.mark.parametrize(
    "html",
    [
        "<figcaption>Am Hof. <span class=copyright>© Jo Doe</span></figcaption>",
        "<figcaption><p>Am Hof.</p><small>Jo Doe</small></figcaption>",
        "<figcaption><button>Bild vergrößern</button>Am Hof.<br>Foto: Jo Doe</figcaption>",
        "<div class=credit>Jo Doe</div><figcaption>Am Hof.</figcaption>",
        "<figcaption>Am Hof. / Jo Doe <cite>Jo Doe</cite></figcaption>",
    ],
)
def test_an_element_about_one_picture(html):
    node = LexborHTMLParser(f"<figure>{html}</figure>").css_first("figure")
    said = said_by_lines(node, SITE)
    assert (said.caption, said.credit) == ("Am Hof.", "Jo Doe")


def test_what_is_small_alone_is_the_caption():
    node = LexborHTMLParser("<figure><small>Am Hof.</small></figure>").css_first("figure")
    assert said_by_lines(node, SITE).caption == "Am Hof."


@given(st.text(max_size=300))
def test_any_line_is_split_without_an_error(line):
    caption, credit = split_credit(line, SITE)
    assert caption is None or caption.strip()
    assert credit is None or credit.strip()
