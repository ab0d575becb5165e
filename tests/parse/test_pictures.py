"""Pictures: which addresses count as renditions, and which of them is the largest."""

import pytest

from tests.support.release import page, read

SITE = "https://www.dortmund.de"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def sources(markup):
    return [image.src.removeprefix(SITE) for image in read(page(markup)).images]


@pytest.mark.parametrize(
    "attributes",
    [
        f'srcset="{PIXEL}" data-srcset="/b/park.webp 920w"',
        f'src="{PIXEL}" data-src="/b/park.webp"',
        f'src="{PIXEL}" data-lazy-src="/b/park.webp"',
        f'src="{PIXEL}" srcset="{PIXEL} 1w, /b/park.webp 920w"',
        'src="#" data-original="/b/park.webp"',
        'srcset="/b/klein.webp 480w, /b/park.webp 920w, /b/mittel.webp 640w"',
        'srcset="/b/klein.webp 480w,/b/park.webp 920w"',
        'src="/b/park.webp" srcset="/b/klein.webp 480w, /b/park.webp 920w"',
        'src="/b/klein.webp" srcset="/b/park.webp 2x"',
        'src="/b/klein.webp" width="300" height="200" srcset="/b/klein.webp, /b/park.webp 1.5x"',
        'SRC="/b/klein.webp" SRCSET="/b/park.webp 3X, /b/park.webp 3x"',
    ],
)
@pytest.mark.parametrize("outer", ["{}", "<figure>{}</figure>", "<p>Vorher.</p><p>{}</p>"])
def test_the_largest_rendition(attributes, outer):
    assert sources(outer.format(f'<img {attributes} alt="Park">')) == ["/b/park.webp"]


def test_addresses_with_commas_stay_whole():
    found = sources('<img srcset="/b/w=480,h=320/park.jpg 480w, /b/w=920,h=600/park.jpg 920w">')
    assert found == ["/b/w=920,h=600/park.jpg"]


def test_the_sources_of_a_picture_count():
    markup = (
        f'<picture><source srcset="/b/park.avif 1600w"><source data-srcset="/b/park.webp 1200w">'
        f'<img src="{PIXEL}" alt="Park"></picture>'
    )
    assert sources(markup) == ["/b/park.avif"]


def test_a_picture_without_an_address_is_none():
    assert sources(f'<img src="{PIXEL}"><img src=""><img alt="x"><img srcset="{PIXEL}, ">') == []


@pytest.mark.parametrize("lazy", ["<img {}>", "<picture><img {}></picture>\n", "<p><img {}>"])
def test_what_noscript_shows_is_the_picture_before_it(lazy):
    lazy = lazy.format(f'class="lazy" src="{PIXEL}" alt="Park"')
    article = read(page(f'{lazy}<noscript><img src="/b/park.jpg" alt="Park"></noscript>'))
    assert [(image.src, image.alt) for image in article.images] == [(f"{SITE}/b/park.jpg", "Park")]


def test_a_counter_in_noscript_is_no_picture():
    assert sources('<p>Text.</p><noscript><img src="//zaehler.example.org/?id=1"></noscript>') == []
