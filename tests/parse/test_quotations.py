"""Quotations in plain HTML: whose words they are, and that they stay part of the text."""

import pytest

from tests.support.release import body_of, page, read

WORDS = "Der Park ist ein Gewinn für alle, die hier wohnen."
SPOKEN = ("Maria Muster", "Bürgermeisterin")
SOURCES = [
    "Maria Muster, Bürgermeisterin",
    "— Maria Muster, Bürgermeisterin",
    "&ndash;&nbsp;Maria Muster, Bürgermeisterin",
    "<cite>Maria Muster</cite>, Bürgermeisterin",
    "— <cite>Maria Muster, Bürgermeisterin</cite>",
    "<cite>Maria Muster</cite> <span>Bürgermeisterin</span>",
    "<strong>Maria Muster</strong><br>Bürgermeisterin",
    "<p>Maria Muster</p><p>Bürgermeisterin</p>",
    "<b>Maria</b> Muster, Bürgermeisterin",
    "Maria Muster | Bürgermeisterin",
    "Maria Muster <cite>Bürgermeisterin</cite>",
    "Maria Muster<span>Bürgermeisterin</span>",
    "Maria Muster – Bürgermeisterin",
    "Maria Muster (Bürgermeisterin)",
    "Bürgermeisterin Maria Muster",
    "Dr. Maria Muster, Bürgermeisterin",
]
SHAPES = {
    "footer": "<blockquote><p>{w}</p><footer>{s}</footer></blockquote>",
    "footer first": "<blockquote><footer>{s}</footer><p>{w}</p></blockquote>",
    "bare words": "<blockquote>{w}<footer>{s}</footer></blockquote>",
    "figcaption": (
        "<figure><blockquote><p>{w}</p></blockquote><figcaption>{s}</figcaption></figure>"
    ),
    "figcaption first": (
        "<figure class=q><figcaption>{s}</figcaption><blockquote>{w}</blockquote></figure>"
    ),
    "figcaption, deeper": (
        "<div><figure>\n<blockquote cite=/x>\n<p>{w}</p>\n</blockquote>\n"
        "<figcaption>{s}</figcaption></figure></div>"
    ),
    "footer beside": "<div><blockquote><p>{w}</p></blockquote>\n<footer>{s}</footer></div>",
    "small": "<blockquote><p>{w}</p><small>{s}</small></blockquote>",
    "upper case": "<BLOCKQUOTE CLASS='x'><P>{w}</P><FOOTER>{s}</FOOTER></BLOCKQUOTE>",
}


def quoted(markup):
    article = read(page(f"<p>Vorher.</p>{markup}<p>Danach.</p>"))
    assert [quote.kind for quote in article.quotes] == ["prose"] * len(article.quotes)
    return article, [(quote.text, quote.speaker, quote.role) for quote in article.quotes]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("marks", ["„{}“", "{}", "»{}«"])
def test_the_speaker_and_the_words(source, shape, marks):
    markup = SHAPES[shape].format(w=marks.format(WORDS), s=source)
    article, quotes = quoted(markup)
    assert quotes == [(WORDS, *SPOKEN)]
    shown = f"„{WORDS}“" if marks == "{}" else marks.format(WORDS)
    first, words, name, last = body_of(article).split("\n\n")
    assert (first, words, last) == ("Vorher.", shown, "Danach.")
    assert "Maria Muster" in name


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote><p>{w}</p><cite>{s}</cite></blockquote>",
        "<blockquote>{w} <cite>{s}</cite></blockquote>",
        "<blockquote><p>{w} <cite>— {s}</cite></p></blockquote>",
        "<blockquote><p>{w}</p><p><cite>Maria Muster</cite>, Bürgermeisterin</p></blockquote>",
        "<blockquote><p>{w}</p></blockquote><cite>{s}</cite>",
        "<blockquote><p>{w}</p></blockquote><p><cite>{s}</cite></p>",
        "<blockquote><p>{w}</p><p>— {s}</p></blockquote>",
        "<blockquote>{w}<br>– {s}</blockquote>",
        "<blockquote><p>{w}</p><address>{s}</address></blockquote>",
        "<blockquote><p>{w}</p><p>{s}</p></blockquote>",
        "<blockquote><p>{w}</p><p>({s})</p></blockquote>",
        "<blockquote><p>{w}</p><p class=autor><em>{s}</em></p></blockquote>",
        "<blockquote>‚{w}‘<footer>{s}</footer></blockquote>",
        "<figure><q>{w}</q><figcaption>{s}</figcaption></figure>",
        "<figure><div><blockquote>{w}</blockquote></div><figcaption>{s}</figcaption></figure>",
        "<table><tr><td><blockquote>{w}<footer>{s}</footer></blockquote></td></tr></table>",
    ],
)
def test_other_places_of_the_speaker(markup):
    article, quotes = quoted(markup.format(w=WORDS, s="Maria Muster, Bürgermeisterin"))
    assert quotes == [(WORDS, *SPOKEN)]
    assert f"„{WORDS}“" in body_of(article)


def test_several_paragraphs_are_one_quotation():
    markup = (
        "<blockquote><p>Der Park ist neu.</p><p>Er ist <em>schön</em>.</p>"
        "<footer>Maria Muster, Bürgermeisterin</footer></blockquote>"
    )
    assert quoted(markup)[1] == [("Der Park ist neu. Er ist schön.", *SPOKEN)]


def test_marks_within_become_inner_ones():
    markup = (
        "<blockquote>Alle sagen „Ja“ zum <q>Park</q> von morgen."
        "<footer>Maria Muster, Bürgermeisterin</footer></blockquote>"
    )
    assert quoted(markup)[1] == [("Alle sagen ‚Ja‘ zum ‚Park‘ von morgen.", *SPOKEN)]


def test_two_quotations_each_have_their_own_speaker():
    markup = "".join(
        f"<figure><blockquote>{WORDS} {name}.</blockquote><figcaption>{name}</figcaption></figure>"
        for name in ("Maria Muster", "Jan Beispiel")
    )
    assert [speaker for _text, speaker, _role in quoted(markup)[1]] == [
        "Maria Muster",
        "Jan Beispiel",
    ]


def test_the_links_of_a_quotation_are_links():
    markup = (
        '<blockquote><p>Der <a href="/park/">Park</a> ist ein Gewinn für alle.</p><footer>'
        '<a href="/muster/">Maria Muster</a>, Bürgermeisterin</footer></blockquote>'
    )
    article, quotes = quoted(markup)
    assert [link.text for link in article.links] == ["Park", "Maria Muster"]
    assert quotes == [("Der Park ist ein Gewinn für alle.", *SPOKEN)]


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<blockquote><p>Nur eingerückt.</p></blockquote>", "Nur eingerückt."),
        (
            "<blockquote><p>Wie im <cite>Faust</cite> steht.</p></blockquote>",
            "Wie im Faust steht.",
        ),
        ("<blockquote><p>Amt<br>Hafenstraße 1</p></blockquote>", "Amt Hafenstraße 1"),
        (
            "<blockquote><p>Es war schön.</p><p>Neuer Park, und alle kommen.</p></blockquote>",
            "Es war schön.\n\nNeuer Park, und alle kommen.",
        ),
        ("<blockquote><footer>Maria Muster</footer></blockquote>", ""),
    ],
)
def test_what_is_only_set_in_is_text_without_marks(markup, shown):
    article = read(page(markup))
    assert body_of(article) == shown
    assert article.quotes == ()


def test_a_portrait_makes_it_a_block_as_before():
    markup = (
        '<figure><img src="/b/portrait.jpg" alt="Porträt">'
        f"<blockquote><p>{WORDS}</p></blockquote>"
        "<figcaption><strong>Maria Muster</strong><span>Bürgermeisterin</span></figcaption>"
        "</figure>"
    )
    article = read(page(markup))
    assert [(quote.kind, quote.speaker) for quote in article.quotes] == [("block", "Maria Muster")]
    assert article.images[0].role == "portrait"


@pytest.mark.parametrize("piece", ["<blockquote>", "<blockquote><footer>", "<figure><blockquote>"])
def test_deep_nesting_is_read(piece):
    content = piece * 60 + "<i>x</i>" * 1_500
    assert read(page(f"<p>Vorher.</p>{content}")).title == "Neuer Park"
