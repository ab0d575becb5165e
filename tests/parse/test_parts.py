"""Pages on which the parts of a release stand twice."""

import pytest

from tests.support.release import LEAD, body_of, introduction, page, read

TEXT = "Im Herbst werden Bäume gepflanzt."
COOKIES = "<p>Wir nutzen Cookies.</p><button>Ja</button>"
WORDLESS = introduction(time="<time></time>", title="")


@pytest.mark.parametrize(
    "before",
    [
        f"<main hidden>{COOKIES}</main>",
        f"<main>{COOKIES}</main>",
        f"<main aria-label=Hinweis>{COOKIES}<h1>Cookies</h1></main>",
        f'<main style="display:none"><h1>Cookies</h1>{COOKIES}</main>',
        "<main></main>",
        f"<main>{WORDLESS}{COOKIES}</main>",
        f"<main hidden>{introduction(title='Hinweis')}{COOKIES}</main>",
        f"<main>{introduction(title='Hinweis', time='')}{COOKIES}</main>",
    ],
)
def test_the_main_with_the_headline_is_the_release(before):
    article = read(page(f"<p>{TEXT}</p>", before=before))
    assert article.title == "Neuer Park"
    assert article.published == "2025-07-07T12:52:00+02:00"
    assert article.lead == LEAD
    assert body_of(article) == TEXT


def test_a_main_behind_the_release_is_not_of_it():
    markup = page(f"<p>{TEXT}</p>").replace("</body>", f"<main>{COOKIES}</main></body>")
    assert body_of(read(markup)) == TEXT


@pytest.mark.parametrize(
    "other",
    [
        introduction(),
        WORDLESS,
        '<section><div id="Einleitungstext"></div></section>',
        introduction().replace("<h1>", "<h2>").replace("</h1>", "</h2>"),
        f"<div hidden>{introduction(title='Hinweis')}</div>",
        f'<div class="visually-hidden">{introduction()}</div>',
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_second_introduction_is_no_text(other, first):
    own = introduction()
    markup = page(f"<p>{TEXT}</p>")
    article = read(markup.replace(own, other + own if first else own + other, 1))
    assert article.title == "Neuer Park"
    assert article.kicker == "Grün"
    assert article.published == "2025-07-07T12:52:00+02:00"
    assert body_of(article) == TEXT


def test_an_introduction_without_a_headline_before_the_own_one_is_a_notice():
    own, markup = introduction(), page(f"<p>{TEXT}</p>")
    notice = '<section><div id="Einleitungstext"><p>Diese Seite nutzt Cookies.</p></div></section>'
    article = read(markup.replace(own, notice + own, 1))
    assert (article.title, body_of(article)) == ("Neuer Park", TEXT)
