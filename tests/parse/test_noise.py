"""What a server writes anew for each visitor makes no version of a release."""

import pytest

from scraper.decide.fingerprint import fingerprint
from tests.support.release import page, read

NOISE = [
    '<a href="/amt/seite.jsp;jsessionid={0}?id=7">Amt</a>',
    '<a href="/amt/seite.jsp?id=7;jsessionid={0}">Amt</a>',
    '<a href="/amt/?PHPSESSID={0}">Amt</a>',
    '<a href="/amt/?sid={0}">Amt</a>',
    '<a href="/amt/?id=7&amp;utm_campaign={0}&amp;fbclid={0}">Amt</a>',
    '<a href="/amt/?_token={0}">Amt</a>',
    '<a href="/plan.pdf?token={0}">Plan</a>',
    '<a href="/plan.pdf?v=1751{1}">Plan</a>',
    '<a href="/amt/?_=17518700{1}">Amt</a>',
    '<img src="/b/park.jpg?v=1751{1}" alt="Park">',
    '<img src="/b/park.jpg;jsessionid={0}?ts=1751{1}" alt="Park">',
    "<span hidden>{0}</span>",
    '<span style="display:none">{0}</span>',
    '<div class="sr-only">Stand: {1}</div>',
    '<input type="hidden" name="token" value="{0}">',
    '<script>var token = "{0}";</script>',
    "<template>{0}</template>",
    "<!-- {0} -->",
]


@pytest.mark.parametrize("markup", NOISE)
def test_two_visits_read_the_same(markup):
    first, second = (
        read(page(f"<p>Text {markup}.</p>".format(token, number)))
        for token, number in (("0a1b2c3d4e5f", "870123"), ("6f5e4d3c2b1a", "991456"))
    )
    assert fingerprint(first) == fingerprint(second)
    assert first.images == second.images


def test_another_page_behind_a_link_is_an_edit():
    pages = (read(page(f'<p><a href="/amt/?id={number}">Amt</a></p>')) for number in (7, 8))
    assert len({fingerprint(article) for article in pages}) == 2
