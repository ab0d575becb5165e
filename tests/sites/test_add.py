"""`sites add URL`, then `crawl`: newsrooms that nobody has described, from address to archive."""

import json

import pytest

from tests.support.further_standins import FURTHER, Months
from tests.support.loopback import Answer
from tests.support.replica import rows
from tests.support.standins import KINDS, Interface


def stored(directory):
    """Each release by its title: day, quotations, caption and credit, text."""
    found = rows(
        directory,
        """SELECT a.title, a.published, a.text, i.caption, i.credit,
        (SELECT group_concat(q.text, '|') FROM quotes q WHERE q.article_id = a.id) AS quotes
        FROM articles a LEFT JOIN images i ON i.article_id = a.id AND i.position = 0""",
    )
    return {row["title"]: row for row in found}


def check_all(directory, releases):
    found = stored(directory)
    assert set(found) == {each.title for each in releases}
    for each in releases:
        row = found[each.title]
        assert row["published"][:10] == each.day.isoformat()
        assert row["quotes"] == each.quotation
        assert (row["caption"], row["credit"]) == (each.caption, each.credit)
        assert row["text"].split("\n\n")[-len(each.paragraphs) :] == list(each.paragraphs)


@pytest.mark.parametrize("kind", {**KINDS, **FURTHER})
def test_a_newsroom_is_added_and_crawled(newsroom, loopback, tmp_path, kind):
    there = {**KINDS, **FURTHER}[kind](loopback)
    code, out, err = newsroom(
        "sites", "add", there.url + there.page, "--key", "musterheim", "--yes"
    )
    assert code == 0, out + err
    assert "newsroom crawl --site musterheim" in out
    assert len(loopback.paths()) <= 15
    code, out, err = newsroom("crawl")  # the archive follows it
    assert code == 0, out + err
    check_all(tmp_path / "data", there.releases)
    asked = len(loopback.paths())
    assert newsroom("crawl", "--site", "musterheim")[0] == 0
    assert len(loopback.paths()) - asked <= 3


def test_an_archive_by_months_is_found(newsroom, loopback):
    there = Months(loopback)
    _code, out, _err = newsroom("sites", "add", there.url + there.page, "--json", "--yes")
    (source,) = [each for each in json.loads(out)["sources"] if each.get("complete")]
    assert source["url"] == "/aktuelles/{year}/{month}/"
    assert source["since"] == min(r.day for r in there.releases).year


def test_a_look_is_twenty_requests_at_the_most(newsroom, loopback):
    """A site of which everything seems to list something, and nothing does."""

    def endless(ask):
        links = "".join(f'<a href="/presse-{n}/">Presse {n}</a>' for n in range(50))
        feeds = "".join(
            f'<link rel="alternate" type="application/rss+xml" href="/feed-{n}">' for n in range(50)
        )
        years = "".join(f'<a href="/a-{k}/{y}/">{y}</a>' for k in range(9) for y in (2025, 2026))
        lists = "".join(f'<i data-src="/api/liste-{n}"></i>' for n in range(50))
        page = f"<html><head>{feeds}</head><body>{ask.path}{links}{years}{lists}".encode()
        return Answer(200, {"Content-Type": "text/html"}, page)

    loopback.script = endless
    newsroom("sites", "add", loopback.url, "--key", "m", "--yes")
    assert len(loopback.asks) <= 20


@pytest.mark.parametrize("kind", KINDS)
def test_a_newsroom_behind_a_mirror(newsroom, loopback, tmp_path, kind):
    there = KINDS[kind](loopback)
    there.url = "https://www.musterheim.example"
    mirror = ("--base-url", loopback.url)
    code, out, err = newsroom("sites", "add", there.url + there.page, "--json", "--yes", *mirror)
    assert code == 0, out + err
    told = json.loads(out)
    assert (told["key"], told["written"], told["known"]) == ("musterheim", True, False)
    assert any(source.get("complete") for source in told["sources"])
    assert {tuple(each["missing"]) for each in told["releases"]} == {()}
    code, out, err = newsroom("crawl", *mirror)
    assert code == 0, out + err
    check_all(tmp_path / "data", there.releases)
    urls = rows(tmp_path / "data", "SELECT url FROM articles")
    assert all(row["url"].startswith(there.url) for row in urls)


@pytest.mark.parametrize("kind", KINDS)
def test_the_front_page_is_enough(newsroom, loopback, tmp_path, kind):
    there = KINDS[kind](loopback)
    code, out, err = newsroom("sites", "add", there.url, "--key", "m", "--yes")
    assert code == 0, out + err
    code, out, err = newsroom("crawl")
    assert code == 0, out + err
    check_all(tmp_path / "data", there.releases)


def test_a_sitemap_alone_is_enough(newsroom, loopback, tmp_path):
    there = KINDS["query"](loopback)
    whole = loopback.script
    loopback.script = lambda ask: Answer(404) if ask.path == "/aktuelles/" else whole(ask)
    code, out, err = newsroom("sites", "add", there.url, "--key", "m", "--yes")
    assert code == 0, out + err
    code, out, err = newsroom("crawl")
    assert code == 0, out + err
    check_all(tmp_path / "data", there.releases)


def test_an_interface_is_twenty_five_lines(newsroom, loopback, tmp_path):
    there = Interface(loopback)
    text = there.file()
    assert len(text.splitlines()) <= 25
    (tmp_path / "musterheim.toml").write_text(text)
    code, out, err = newsroom("sites", "check", "musterheim.toml", "--live")
    assert code == 0, out + err
    code, out, err = newsroom("crawl", "--site", "musterheim.toml")
    assert code == 0, out + err
    check_all(tmp_path / "data", there.releases)
    (tmp_path / "musterheim.toml").unlink()  # the archive has kept it
    asked = len(loopback.paths())
    assert newsroom("crawl")[0] == 0
    assert len(loopback.paths()) - asked <= 3
    code, out, _err = newsroom("reparse", "--json")
    assert (code, json.loads(out)["changed"]) == (0, 0)


def test_placeholder_times_are_no_times(newsroom, loopback, tmp_path):
    there = KINDS["drupal"](loopback)
    newsroom("sites", "add", there.url + there.page, "--key", "m", "--yes")
    assert 'marker = ".' in (tmp_path / "data" / "sites" / "m.toml").read_text()
    newsroom("crawl", "--limit", "3")
    assert {len(row["published"]) for row in stored(tmp_path / "data").values()} == {10}


class TestNothingFound:
    def add(self, newsroom, loopback, body=b"<h1>Ein Anfang</h1>", *more):
        answer = Answer(200, {"Content-Type": "text/html"}, body)
        loopback.script = lambda ask: answer if ask.path == "/" else Answer(404)
        return newsroom("sites", "add", loopback.url, "--key", "leer", *more)

    def test_the_file_has_lines_to_fill_in(self, newsroom, loopback, tmp_path):
        code, out, err = self.add(newsroom, loopback, b"<h1>Ein Anfang</h1>", "--yes")
        assert code == 3
        assert "No list of releases was found" in err
        assert "sites check leer --live" in out
        text = (tmp_path / "data" / "sites" / "leer.toml").read_text()
        assert '# method = "feed"' in text
        code, _out, err = newsroom("crawl", "--site", "leer")
        assert (code, "needs at least one source" in err) == (2, True)
        code, out, _err = newsroom("sites", "--json")
        (row,) = [row for row in json.loads(out) if row["key"] == "leer"]
        assert (code, row["followed"], "at least one source" in row["error"]) == (0, False, True)

    def test_without_a_terminal_nothing_is_written_unasked(self, newsroom, loopback, tmp_path):
        code, _out, err = self.add(newsroom, loopback)
        assert (code, "--yes" in err) == (2, True)
        assert not (tmp_path / "data").exists()

    def test_rules_that_forbid_are_obeyed(self, newsroom, loopback, tmp_path):
        loopback.robots = Answer(200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /")
        code, _out, err = self.add(newsroom, loopback, b"", "--yes")
        assert (code, "robots.txt forbids" in err) == (4, True)
        assert loopback.paths() == []

    def test_a_file_that_is_there_stays(self, newsroom, loopback, tmp_path):
        self.add(newsroom, loopback, b"<h1>x</h1>", "--yes")
        code, _out, err = self.add(newsroom, loopback, b"<h1>x</h1>", "--yes")
        assert (code, "is there already" in err) == (2, True)


def test_a_newsroom_with_a_feed_alone_says_that_it_is_incomplete(newsroom, loopback, tmp_path):
    there = KINDS["typo3"](loopback)
    (tmp_path / "f.toml").write_text(
        f"""name = "F"
url = "{there.url}"
platform = "typo3-news"
[article]
sections = ["/presse/detail/"]
[[sources]]
method = "feed"
url = "/presse/rss.xml"
"""
    )
    for _run in range(2):
        code, out, _err = newsroom("crawl", "--site", "f.toml", "--json")
        report = json.loads(out)
        assert (code, report["found"]) == (0, 10)
        assert "names every release" in " ".join(report["warnings"])
    _code, out, _err = newsroom("stats", "--json")
    (row,) = json.loads(out)["sites"]
    assert (row["key"], row["complete"], row["articles"]) == ("f", False, 10)


def test_a_known_newsroom_needs_no_look(newsroom, tmp_path):
    code, out, _err = newsroom("sites", "add", "https://www.stadt-koeln.de/", "--yes")
    assert (code, "known already" in out) == (0, True)
    _code, out, _err = newsroom("sites", "--json")
    assert [row["key"] for row in json.loads(out) if row["followed"]] == ["koeln"]
    assert newsroom("sites", "drop", "koeln")[0] == 0
    _code, out, _err = newsroom("sites", "--json")
    assert not any(row["followed"] for row in json.loads(out))
    code, _out, err = newsroom("sites", "drop", "koeln")
    assert (code, "does not follow" in err) == (2, True)


def test_the_file_of_a_site_is_shown(newsroom):
    code, out, _err = newsroom("sites", "show", "krefeld")
    assert (code, 'platform = "drupal"' in out) == (0, True)
    assert newsroom("sites", "show", "nirgendwo")[0] == 2


def test_a_file_with_a_mistake_is_told(newsroom, tmp_path):
    (tmp_path / "x.toml").write_text('name = "X"\nurll = "https://x.example"\n')
    code, out, _err = newsroom("sites", "check", "x.toml", "--json")
    (check,) = json.loads(out)["checks"]
    assert (code, check["status"]) == (2, "trouble")
    assert "Is 'url' meant?" in check["detail"]
