"""A page as its visitors see it: hidden and struck-out text, fallbacks, emoji, quotation marks."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.markup.shown import as_shown
from tests.support.release import URL, body_of, page, read

SEEN = "Mehr beim Amt."


def text(content):
    return body_of(read(page(content)))


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden",
        "HIDDEN",
        'hidden=""',
        'hidden="hidden"',
        'hidden="false"',
        "popover",
        'style="display:none"',
        'style="DISPLAY : None ;"',
        'style="color:red;display:none!important"',
        'style="display:none !important; display:block"',
        'style="display:block;display:none"',
        'style="/* weg */ display: /* x */ none"',
        'style="visibility:hidden"',
        'style="visibility: collapse"',
        'style="position:absolute;left:-9999px"',
        'style="position:absolute; clip: rect(0, 0, 0, 0)"',
        'style="clip-path: inset(50%)"',
        'class="visually-hidden"',
        'class="x Visually-Hidden-Focusable y"',
        'class="sr-only"',
        'class="screen-reader-text"',
        'class="visuallyhidden"',
        'class="show-for-sr"',
        'class="element-invisible"',
        'class="sr_only"',
        'class="srOnly"',
        'class="u-visually-hidden"',
        'class="govuk-visually-hidden"',
        'class="visually-hidden__text"',
        'class="hide-visually"',
        'class="tw-sr-only"',
        'class="screen-reader"',
        'class="ui-helper-hidden-accessible"',
        'class="a11y-hidden"',
        'class="assistive-text"',
        'style="content-visibility: hidden"',
        'style="position:absolute;width:1px;height:1px;overflow:hidden"',
        'class="text-decoration-line-through"',
        'class="line-through"',
        "role=deletion",
        'style="text-decoration: line-through"',
    ],
)
@pytest.mark.parametrize(
    "where",
    [
        "<p>{seen} <span {a}>Vermerk <b>4711</b> <a href=/x>X</a></span></p>",
        "<p>{seen}</p><div {a}><p>Vermerk</p><ul><li><a href=/x>X</a></ul></div>",
        "<div {a}><div hidden>Vermerk</div>Entwurf</div><p>{seen}</p>",
        "<p>{seen}<a {a} href=/x>Vermerk</a></p>",
    ],
)
def test_what_is_hidden_is_neither_text_nor_link(attributes, where):
    article = read(page(where.format(a=attributes, seen=SEEN)))
    assert body_of(article) == SEEN
    assert article.links == ()


@pytest.mark.parametrize(
    "markup",
    [
        "<dialog><p>Vermerk</p></dialog><p>{}</p>",
        "<DIALOG id=x><a href=/x>X</a></DIALOG><p>{}</p>",
        "<template><p>Vermerk</p><a href=/x>X</a></template><p>{}</p>",
        "<noscript><p>Vermerk</p><a href=/x>X</a></noscript><p>{}</p>",
        "<p>{}<noscript>Bitte <a href=/x>JavaScript</a> einschalten</noscript></p>",
        "<video controls><source src=/v.mp4>Nicht <a href=/x>X</a></video><p>{}</p>",
        "<p>{}<audio>Kein Ton. <a href=/x>X</a></audio></p>",
        "<object data=/plan.pdf><p>Keine PDF-Anzeige. <a href=/x>X</a></p></object><p>{}</p>",
        "<iframe src=/karte><p>Kein Rahmen. <a href=/x>X</a></p></iframe><p>{}</p>",
        "<canvas>Kein Bild. <a href=/x>X</a></canvas><p>{}</p>",
        "<p>{}<datalist><option>Vermerk</datalist></p>",
        "<p>{}<span aria-hidden=true>→</span></p>",
        "<p>{}<i class='material-icons' aria-hidden='true'>arrow_forward</i></p>",
        "<p>{}<span role=tooltip aria-hidden=true>Erklärung</span></p>",
    ],
)
def test_what_is_shown_only_in_place_of_something_else(markup):
    article = read(page(markup.format(SEEN)))
    assert body_of(article) == SEEN
    assert article.links == ()


@pytest.mark.parametrize(
    "markup",
    [
        "<p>{}</p>",
        "<dialog open><p>{}</p></dialog>",
        "<details><summary></summary><p>{}</p></details>",
        "<div hidden=until-found><p>{}</p></div>",
        '<div style="display:block"><p>{}</p></div>',
        '<div style="display:none;display:block"><p>{}</p></div>',
        '<div style="x-display:none"><p>{}</p></div>',
        '<div style="background:url(x;display:none"><p hidden></p></div><p>{}</p>',
        '<div style="visibility:hidden">Weg <p style="visibility:visible">{}</p> weg</div>',
        "<div aria-hidden=true><p>{}</p></div>",
        "<div aria-hidden=false><p>{}</p></div>",
        "<div class=overflow-hidden><p>{}</p></div>",
        "<div class=src-only><p>{}</p></div>",
        "<div class=not-visually-hidden><p>{}</p></div>",
        "<div class=un-sr-only><p>{}</p></div>",
        "<div class='screen-readers-guide through'><p>{}</p></div>",
        "<div style='position:absolute;width:1px'><p>{}</p></div>",
        "<object><p>{}</p></object>",
        '<p style="position:absolute;left:10px">{}</p>',
        "<p><ins>{}</ins></p>",
    ],
)
def test_what_is_shown_is_read(markup):
    assert text(markup.format(SEEN)) == SEEN


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("um <s>18 Uhr</s> 19 Uhr", "um 19 Uhr"),
        ("kostet <del>5</del> <ins>7</ins> Euro", "kostet 7 Euro"),
        ("kostet <strike>5</strike>7 Euro", "kostet 7 Euro"),
        ("am <DEL cite=/x datetime=2025-07-08>Montag, <b>7.</b></DEL> Dienstag", "am Dienstag"),
        ("in <s>der <a href=/x>Aula</a></s> der Halle", "in der Halle"),
        ("<strong>frei</strong> <small>heute</small>", "frei heute"),
    ],
)
def test_words_struck_out_are_withdrawn(markup, shown):
    article = read(page(f"<p>{markup}.</p>"))
    assert body_of(article) == f"{shown}."
    assert article.links == ()


def test_a_struck_paragraph_or_heading_is_withdrawn():
    assert text(f"<del><p>Alt.</p></del><h3><s>Alt</s> Neu</h3><p>{SEEN}</p>") == f"Neu\n\n{SEEN}"


def test_hidden_words_within_headline_and_teaser():
    title = '<span class="sr-only">Meldung:</span> Neuer <s>Wald</s> Park'
    article = read(page(f"<p>{SEEN}</p>").replace("<h1>Neuer Park</h1>", f"<h1>{title}</h1>"))
    assert article.title == "Neuer Park"


def test_teasers_and_the_number_count_though_they_are_hidden():
    slider = (
        '<dtm-teaserslider id="more-news"><dtm-teaser hidden>'
        '<a href="/newsroom/nachrichten/b.html"></a><h3 slot="headline">Anderes</h3>'
        '<p slot="date">Di 1. Juli 2025</p></dtm-teaser>'
        "</dtm-teaserslider>"
    )
    number = '<dtm-bookmark-button bookmark-id="0a1b"></dtm-bookmark-button>'
    article = read(page(f"<div hidden>Weg<div>{slider} weg</div>{number}</div><p>{SEEN}</p>"))
    assert [related.title for related in article.related] == ["Anderes"]
    assert article.content_id == "0a1b"
    assert body_of(article) == SEEN


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ('Wir feiern <img src=/e/1f389.svg class=emoji alt="🎉">!', "Wir feiern 🎉!"),
        ('Wir feiern <img src=/1f389.png alt="🎉"> heute', "Wir feiern 🎉 heute"),
        ('Gut <img class="wp-smiley" src=/s.gif alt=":-)">', "Gut :-)"),
        ('Die <img draggable=false class=twemoji alt="👩‍🚒" src=/f.svg> kam', "Die 👩‍🚒 kam"),
        ('Ich <IMG CLASS="Emoji" ALT="❤️" SRC=/h.png> es', "Ich ❤️ es"),
        ('Wir <span class=emoji><img src=/x.png alt="🎉"></span> feiern', "Wir 🎉 feiern"),
        ('Die <b><i><img src=/x.png alt="👩‍🚒"></i></b> kam', "Die 👩‍🚒 kam"),
        ('Gut<img class=emoji src=/leer.png alt="">.', "Gut."),
        ("Gut<img class=emoji src=/leer.png>.", "Gut."),
    ],
)
def test_an_emoji_shown_as_a_picture_is_part_of_its_sentence(markup, shown):
    article = read(page(f"<p>{markup}</p>"))
    assert body_of(article) == shown
    assert article.images == ()


def test_a_picture_is_no_emoji():
    article = read(page('<p>Text.</p><img src=/b/a.jpg alt="©"><img src=/b/b.jpg alt="5">'))
    assert [image.alt for image in article.images][1:] == ["5"]


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("Er sagte: <q>Wir bauen.</q> Dann", "Er sagte: „Wir bauen.“ Dann"),
        ("<Q CITE=/x>Wir <b>bauen</b></Q>", "„Wir bauen“"),
        ("<q>Er rief <q>Halt</q> laut</q>", "„Er rief ‚Halt‘ laut“"),
        ("<q>„Wir bauen.“</q>", "„Wir bauen.“"),
        ("„<q>Wir bauen.</q>“", "„Wir bauen.“"),
        ('<q lang="en-GB">We build.</q>', "“We build.”"),
        ('<span lang="fr">dit <q>oui</q></span>', "dit «oui»"),
        ("<q> </q>Leer", "Leer"),
        ("<q hidden>Weg</q>Da", "Da"),
    ],
)
def test_short_quotations_have_their_marks(markup, shown):
    assert text(f"<p>{markup}</p>") == shown


def test_a_hidden_main_before_the_release():
    markup = page(f"<p>{SEEN}</p>", before="<main hidden><p>Wir nutzen Cookies.</p></main>")
    assert body_of(read(markup)) == SEEN


DEEP = {
    "hidden": "<div hidden>",
    "aria": "<div aria-hidden=true>",
    "q": "<q>",
    "visible": "<div style='visibility:hidden'><div style='visibility:visible'>",
    "noscript": "<noscript>",
    "foreign": "<div hidden><dtm-teaser>",
}


@pytest.mark.parametrize("kind", DEEP)
def test_deep_and_wide_pages_are_read(kind):
    content = (
        DEEP[kind] * (400 // DEEP[kind].count("<")) + "<i> </i>" * 1_000
    )  # as much as `cost` lets pass
    assert read(page(f"<p>{SEEN}</p>{content}")).url == URL


def test_a_picture_of_its_own_stays_one_whatever_its_alternative_says():
    tree = LexborHTMLParser("<figure><img src=/a.jpg alt='🏗️'></figure><p>Los <img alt='🎉'> jetzt")
    as_shown(tree, "no-such-element")
    assert tree.css_first("figure img") is not None
    assert tree.css_first("p").text() == "Los 🎉 jetzt"
