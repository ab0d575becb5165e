import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import urls
from scraper.sites import get_site


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("HTTPS://WWW.Dortmund.de:443/a", "https://www.dortmund.de/a"),
        ("https://www.dortmund.de", "https://www.dortmund.de/"),
        ("https://d.de/ä", "https://d.de/%C3%A4"),
        ("https://d.de/%c3%a4", "https://d.de/%C3%A4"),
        ("https://d.de/%61bc", "https://d.de/abc"),
        ("https://d.de/a%2fb", "https://d.de/a%2Fb"),
        ("https://d.de/a b", "https://d.de/a%20b"),
        ("https://d.de/a/../b/./c", "https://d.de/b/c"),
        ("https://d.de/„lassen-sie-uns.html", "https://d.de/%E2%80%9Elassen-sie-uns.html"),
        ("https://d.de/4,1-mio.-euro.html", "https://d.de/4,1-mio.-euro.html"),
        ("https://d.de/a#top", "https://d.de/a"),
        ("https://d.de/a?utm_source=x&b=1&fbclid=2", "https://d.de/a?b=1"),
        (" https://d.de/a\n", "https://d.de/a"),
        ("https://bücher.de/", "https://xn--bcher-kva.de/"),
        ("http://d.de:8080/", "http://d.de:8080/"),
        ("http://[::1]:80/x", "http://[::1]/x"),
    ],
)
def test_one_form_for_every_spelling(spelling, expected):
    assert urls.canonical(spelling) == expected


@pytest.mark.parametrize(
    "text", ["", "mailto:a@b.de", "javascript:alert(1)", "http://", "http://[::1", "ftp://d.de/x"]
)
def test_what_is_no_web_address_is_none(text):
    assert urls.canonical(text) is None


def test_relative_addresses_are_resolved():
    base = "https://www.dortmund.de/newsroom/nachrichten/x.html"
    assert urls.canonical("../y.html", base) == "https://www.dortmund.de/newsroom/y.html"
    assert urls.canonical("/z", base) == "https://www.dortmund.de/z"
    assert urls.canonical("//other.de/z", base) == "https://other.de/z"


@given(st.text(max_size=40), st.text(max_size=20))
def test_canonical_is_idempotent_and_ascii(path, query):
    found = urls.canonical(f"https://www.dortmund.de/{path}?{query}")
    if found is not None:
        assert urls.canonical(found) == found
        assert found.isascii()


@given(st.text(max_size=60))
def test_canonical_never_raises(text):
    urls.canonical(text)
    urls.canonical(text, "https://www.dortmund.de/a/b.html")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/amt/seite.jsp;jsessionid=0A1B2C3D?id=7", "/amt/seite.jsp?id=7"),
        ("/amt/seite.jsp;JSESSIONID=0A1B.worker3", "/amt/seite.jsp"),
        ("/amt;jsessionid=0A1B/seite.jsp;v=1.0?id=7", "/amt/seite.jsp;v=1.0?id=7"),
        ("/amt/seite.jsp%3Bjsessionid=0A1B?id=7", "/amt/seite.jsp?id=7"),
        ("/seite?id=7;jsessionid=0A1B&x=1", "/seite?id=7&x=1"),
        ("/(S(lit3py55t21z5v55vlm25s55))/seite.aspx", "/seite.aspx"),
        ("/seite?PHPSESSID=0a1b&id=7", "/seite?id=7"),
        ("/seite?id=7&phpsessid=0a1b", "/seite?id=7"),
        ("/seite?sid=0A1B2C3D&id=7", "/seite?id=7"),
        ("/seite?sid=0a1b2c3d4e5f60718293a4b5c6d7e8f9", "/seite"),
        ("/seite?utm_source=x&UTM_Medium=y&id=7", "/seite?id=7"),
        ("/seite?utm%5Fsource=x", "/seite"),
        ("/seite?fbclid=x&gclid=y&msclkid=z&mc_cid=1&mc_eid=2&_ga=1.2&_gl=3", "/seite"),
        ("/seite?_token=0a1b&csrf_token=2c3d&__RequestVerificationToken=x&id=7", "/seite?id=7"),
        ("/b/park.jpg?v=1751870000", "/b/park.jpg"),
        ("/b/park.jpg?v=2.1", "/b/park.jpg"),
        ("/b/park.webp?ts=17518&t=99", "/b/park.webp"),
        ("/b/park.jpg?1751870000", "/b/park.jpg"),
        ("/b/park.jpg?20250708", "/b/park.jpg"),
        ("/b/park.jpg?v1.2", "/b/park.jpg"),
        ("/seite?sid=482910573846", "/seite"),
        ("/b/park.jpg?w=800&rev=0a1b2c3d", "/b/park.jpg?w=800"),
        ("/plan.pdf?v=1751870000", "/plan.pdf"),
        ("/seite?_=1751870000000&nocache=1&rnd=0.4711&id=7", "/seite?id=7"),
        ("/seite?ts=1751870000&id=7", "/seite?id=7"),
        ("/seite?_t=1751870000&s=0a1b2c3d4e5f60718293a4b5c6d7e8f9", "/seite"),
        ("/seite?__cf_chl_tk=x&at_medium=y&ns_campaign=z", "/seite"),
    ],
)
def test_what_differs_at_each_visit_is_dropped(url, expected):
    found = urls.canonical(url, "https://www.dortmund.de/a.html")
    assert found == f"https://www.dortmund.de{expected}"
    assert urls.canonical(found) == found


@pytest.mark.parametrize(
    "url",
    [
        "/seite?sid=4711",
        "/seite?sid=rathaus",
        "/seite?session=ratssitzung-2025",
        "/watch?v=dQw4w9WgXcQ",
        "/watch/?v=1751870000123456",
        "/watch?v=abc&t=90",
        "/seite?s=haushalt-2025",
        "/seite?time=1751870000",
        "/seite?v=2",
        "/seite?id=7&cHash=0a1b2c3d",
        "/b/park.jpg?itok=0a1b2c3d&h=4e5f",
        "/bild.php?id=3&v=2",
        "/seite;v=1.0",
        "/(S)/seite",
        "/seite?token=0a1b2c3d4e5f",
        "/seite?1751870000",
    ],
)
def test_what_says_which_page_it_is_stays(url):
    assert urls.canonical(url, "https://www.dortmund.de/a.html") == f"https://www.dortmund.de{url}"


@pytest.mark.parametrize(
    "query",
    [
        "?id=7&token=0a1b2c3d4e5f",
        "?token=4e5f6071&id=7",
        "?id=7&X-Amz-Signature=0a1b2c&X-Amz-Date=20250801T100000Z",
        "?id=7&sig=0a1b2c3d%2F4&Expires=1751870000",
    ],
)
def test_addresses_are_compared_without_their_signatures(query):
    assert (
        urls.unsigned(f"https://example.org/plan.pdf{query}") == "https://example.org/plan.pdf?id=7"
    )
    assert (
        urls.unsigned("https://example.org/x?token=rathaus")
        == "https://example.org/x?token=rathaus"
    )


@pytest.mark.parametrize(
    "piece", ["a1", "0", "1.", ";jsessionid=", "/(S(aaaaaaaa", "&sid=0a", "%3B"]
)
def test_addresses_as_long_as_they_may_be_are_read(piece):
    for front in ("https://a.de/b.jpg?v=", "https://a.de/?sid=", "https://a.de/"):
        urls.unsigned(urls.canonical(front + piece * 7_000) or "")
        urls.unsigned(urls.canonical(front + piece * (7_000 // len(piece))) or "")


OLD_PAGE = "/de/leben_in_dortmund/nachrichtenportal/alle_nachrichten/nachricht.jsp"


class TestSite:
    site = get_site("dortmund")

    @pytest.mark.parametrize("section", site.sections)
    def test_each_section_holds_articles(self, section):
        assert (
            self.site.article_url(f"{section}a.html") == f"https://www.dortmund.de{section}a.html"
        )

    @pytest.mark.parametrize(
        "url",
        [
            "/newsroom/nachrichten/",
            "/newsroom/nachrichten/?customContentTags=abc",
            "/newsroom/veranstaltungen/a.html",
            "https://www.example.org/newsroom/nachrichten/a.html",
            "/newsroom/nachrichten/a.pdf",
        ],
    )
    def test_other_pages_are_no_articles(self, url):
        assert self.site.article_url(url) is None

    def test_aliases_and_queries_lead_to_one_address(self):
        expected = "https://www.dortmund.de/newsroom/nachrichten/a.html"
        for spelling in (
            "http://application.dortmund.de/newsroom/nachrichten/a.html",
            "https://dortmund.de/newsroom/nachrichten/a.html?theme=dark#top",
            "/newsroom/nachrichten/a.html",
        ):
            assert self.site.article_url(spelling) == expected

    def test_a_mirror_becomes_an_alias(self):
        mirrored = self.site.mirrored("http://127.0.0.1:8000")
        found = mirrored.article_url("http://127.0.0.1:8000/newsroom/nachrichten/a.html")
        assert found == "https://www.dortmund.de/newsroom/nachrichten/a.html"

    @pytest.mark.parametrize(
        "spelling",
        [
            "?nid=715084",
            "?noref=1&nid=715084&print=true#top",
            ";jsessionid=0A1B.worker3?nid=715084",
            "?nid=715084;jsessionid=0A1B",
            "?utm_source=x&nid=715084",
        ],
    )
    @pytest.mark.parametrize("host", ["https://www.dortmund.de", "http://dortmund.de:80", ""])
    def test_the_address_before_the_relaunch_is_one_number(self, host, spelling):
        found = self.site.article_url(f"{host}{OLD_PAGE}{spelling}")
        assert found == f"https://www.dortmund.de{OLD_PAGE}?nid=715084"
        assert self.site.article_url(found) == found
        assert self.site.is_retired(found)
        assert self.site.listed_url(found) is None  # nothing a crawl could fetch

    @pytest.mark.parametrize("query", ["", "?nid=", "?id=715084", "?nid=../x", "?nid=%2e"])
    def test_without_its_number_it_is_no_article(self, query):
        assert self.site.article_url(f"{OLD_PAGE}{query}") is None

    def test_an_address_in_use_is_listed(self):
        url = "https://www.dortmund.de/newsroom/nachrichten/a.html"
        assert self.site.listed_url(url) == url
        assert not self.site.is_retired(url)
