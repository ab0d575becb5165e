"""Saved pages: where their address and their time come from, and what a web archive has put in."""

import os
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive import Archive
from scraper.archive.read import read_capture
from scraper.extract.extract import extract
from scraper.markup.wayback import as_captured, captured_at, original_address, parse_stamp
from scraper.records import Capture
from scraper.sites import get_site
from tests.importing.captures import OLD_PAGE, SECTION, bring_in, new_page, old_page, rows

SITE = get_site("dortmund")
MODIFIED = datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)
CAPTURED = datetime(2022, 5, 18, 12, 34, 56, tzinfo=UTC)
URL = f"{OLD_PAGE}?nid=1"


def save(path, body):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    os.utime(path, (MODIFIED.timestamp(), MODIFIED.timestamp()))
    return path


def imported(tmp_path, path):
    """Address and time of the only page."""
    report = bring_in(tmp_path / "archive", path)
    assert (report.new, report.failures) == (1, [])
    capture = rows(tmp_path / "archive", "SELECT url, fetched_at FROM captures")[0]
    return capture["url"], datetime.fromisoformat(capture["fetched_at"]), report.undated


HEADS = {
    "canonical": (f"<link rel=canonical href='{URL}&x=2'>", b"", MODIFIED),
    "saved from": ("", f"<!-- saved from url=(0042){URL} -->\n".encode(), MODIFIED),
    "base": (f"<base href='{URL}'>", b"", MODIFIED),
    "archived": (
        f"<link rel=canonical href='https://web.archive.org/web/20220518123456/{URL}'>",
        b"",
        CAPTURED,
    ),
    "saved from an archive": (
        "",
        f"<!-- saved from url=(0099)https://web.archive.org/web/20220518123456/{URL} -->".encode(),
        CAPTURED,
    ),
    "canonical of the portal": (
        "<link rel=canonical href='https://www.dortmund.de/'>",
        f"<!-- saved from url=(0042){URL} -->".encode(),
        MODIFIED,
    ),
    "SingleFile": (
        "",
        b"<!--\n Page saved with SingleFile \n url: %s \n saved date: Wed May 18 2022 14:34:56 "
        b"GMT+0200 (Central European Summer Time)\n-->" % URL.encode(),
        CAPTURED,
    ),
}


@pytest.mark.parametrize("case", HEADS)
def test_the_page_says_where_it_came_from(tmp_path, case):
    head, before, moment = HEADS[case]
    path = save(tmp_path / "f" / "page.html", before + old_page(1, head=head))
    assert imported(tmp_path, tmp_path / "f") == (URL, moment, int(moment == MODIFIED))
    assert path.exists()


NAME = "de/leben_in_dortmund/nachrichtenportal/alle_nachrichten/nachricht.jsp"
PATHS = [
    (f"www.dortmund.de/{NAME}?nid=1", MODIFIED),
    (f"www.dortmund.de/{NAME}?nid=1.html", MODIFIED),
    (f"www.dortmund.de/{NAME}@nid=1.html", MODIFIED),
    (f"dortmund.de+80/{NAME}%3Fnid=1", MODIFIED),
    (f"websites/www.dortmund.de/20220518123456/{NAME}?nid=1", CAPTURED),
    (f"web.archive.org/web/20220518123456id_/https:/www.dortmund.de/{NAME}?nid=1", CAPTURED),
    (f"20220518123456/https:/www.dortmund.de/{NAME}?nid=1", CAPTURED),
]


@pytest.mark.parametrize(("name", "moment"), PATHS)
def test_the_folders_say_where_it_came_from(tmp_path, name, moment):
    save(tmp_path / name, old_page(1))
    assert imported(tmp_path, tmp_path)[:2] == (URL, moment)


def test_a_page_in_use_from_its_folders(tmp_path):
    save(tmp_path / "www.dortmund.de/newsroom/nachrichten-dortmund.de/a.html", new_page("a"))
    assert imported(tmp_path, tmp_path)[0] == f"{SECTION}/a.html"


def test_what_has_no_address_or_another_ones_is_counted(tmp_path):
    save(tmp_path / "f" / "a.html", old_page(1))
    save(tmp_path / "f" / "b.html", old_page(1, head="<base href='https://www.example.org/'>"))
    save(tmp_path / "f" / "c.css", b"p {}")
    report = bring_in(tmp_path / "archive", tmp_path / "f")
    assert report.skipped == {
        "a page that does not say its address": 1,
        "not an article of the site": 1,
        "not HTML": 1,
    }
    assert (report.failed, report.exit_code) == (0, 0)


def played_back(body):
    """A page as the Wayback Machine shows it: addresses rewritten, toolbar and banner added."""
    prefix = b"https://web.archive.org/web/20220518123456/"
    body = body.replace(b'href="https://', b'href="' + prefix + b"https://")
    body = body.replace(b"href='https://", b"href='" + prefix + b"https://")
    body = body.replace(
        b'src="/media', b'src="/web/20220518123456im_/https://www.dortmund.de/media'
    )
    toolbar = (
        b"<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp'><h1>Leiste</h1><img src='/x.png'>"
        b"<a href='/web/2022/x'>Zeit</a></div><!-- END WAYBACK TOOLBAR INSERT -->"
    )
    body = body.replace(b"<body>", b"<body>" + toolbar, 1)
    return (
        body
        + b"<!--\n     FILE ARCHIVED ON 12:34:56 May 18, 2022 AND RETRIEVED FROM THE ARCHIVE -->"
    )


def rich_page():
    body = old_page(1, head=f'<link rel=canonical href="{URL}">')
    picture = (
        b'<p><img src="/media/b.jpg"></p><p>Bild (Bildlizenz/Fotograf/Grafiker): Jo Doe</p>'
        b'<p>Siehe <a href="https://www.example.org/a">dort</a>.</p></div>'
    )
    return body.replace(b"</div>", picture, 1)


def test_a_page_that_a_web_archive_showed_reads_as_it_was(tmp_path):
    shown, own = played_back(rich_page()), rich_page()
    assert extract(Capture(URL, shown, CAPTURED), SITE) == extract(
        Capture(URL, own, CAPTURED), SITE
    )
    path = save(tmp_path / "page.html", shown)
    assert imported(tmp_path, path) == (URL, CAPTURED, 0)
    with Archive.open_existing(tmp_path / "archive") as archive:
        assert read_capture(archive, 1).body == shown  # kept as it came
    article = rows(tmp_path / "archive", "SELECT text FROM articles")[0]
    assert "Leiste" not in article["text"]
    assert rows(tmp_path / "archive", "SELECT url FROM links") == [
        {"url": "https://www.example.org/a"}
    ]
    assert rows(tmp_path / "archive", "SELECT src, credit FROM images") == [
        {"src": "https://www.dortmund.de/media/b.jpg", "credit": "Jo Doe"}
    ]


def test_a_link_to_a_web_archive_is_the_city_s_own():
    body = b"<a href='https://web.archive.org/web/20220518123456/https://www.example.org/'>x</a>"
    assert as_captured(body) is body


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://web.archive.org/web/20220518123456id_/https://a.de/x?y=1", "https://a.de/x?y=1"),
        ("/data/web/20220518123456/https:/a.de/x", "https://a.de/x"),
        ("https://web.archive.org/web/20220518123456/http://a.de/", "http://a.de/"),
        ("https://web.archive.org/web/20220518123456/a.de/x", "https://a.de/x"),
        (
            "https://a.org/web/20240101000000/https://b.org/20220518123456/https://a.de/x",
            "https://a.de/x",
        ),
    ],
)
def test_addresses_of_archives(address, expected):
    assert original_address(address) == (expected, CAPTURED)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.de/x",
        "https://a.de/20221318123456/https://b.de/",
        "https://a.de/news/20220518123456/page.html",
        "/backup/20220518123456/www.a.de/page.html",
        "",
    ],
)
def test_other_addresses_stay(address):
    assert original_address(address) == (address, None)


def test_times_that_are_none():
    assert parse_stamp("20220230000000") is None
    assert captured_at(b"FILE ARCHIVED ON 99:00:00 May 18, 2022") is None
    assert captured_at(b"") is None


def mhtml(body, **headers):
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("x")
    message.make_related()
    message.add_related(body, "text", "html", cte="quoted-printable")
    message.add_related(b"GIF89a", "image", "gif")
    return message.as_bytes()


def test_a_page_saved_as_mhtml(tmp_path):
    data = mhtml(
        old_page(1),
        Snapshot_Content_Location=URL,
        Date="Wed, 18 May 2022 14:34:56 +0200",
    )
    assert imported(tmp_path, save(tmp_path / "p.mhtml", data)) == (URL, CAPTURED, 0)
    assert rows(tmp_path / "archive", "SELECT title FROM articles") == [{"title": "Meldung 1"}]


@pytest.mark.parametrize(
    "stated",
    [
        b"Date: Mon, 20 Nov 9999999999 12:00:00 +0000",
        b"Date: Wed, 18 May 2022 14:34:56 +99999999999999",
        b"Date: Fri, 31 Dec 9999 23:59:59 -0100",
    ],
)
def test_mhtml_with_an_impossible_date_is_read_as_one_without(tmp_path, stated):
    data = stated + b"\n" + mhtml(old_page(1), Snapshot_Content_Location=URL)
    assert imported(tmp_path, save(tmp_path / "p.mhtml", data)) == (URL, MODIFIED, 1)


@pytest.mark.parametrize("data", [b"", b"Content-Type: text/plain\n\nnothing", b"\xff\xfe\x00"])
def test_mhtml_without_a_page_is_listed(tmp_path, data):
    report = bring_in(tmp_path / "archive", save(tmp_path / "p.mht", data))
    assert report.failures == [(str(tmp_path / "p.mht"), "there is no page in it")]


def test_evidence_of_a_file_is_a_resource_record(tmp_path):
    path = save(tmp_path / "p.html", old_page(1, head=f"<link rel=canonical href='{URL}'>"))
    imported(tmp_path, path)
    [warc] = (tmp_path / "archive" / "warc").glob("*.warc.gz")
    with warc.open("rb") as file:
        kinds = [(r.rec_type, r.rec_headers.get_header("WARC-Date")) for r in ArchiveIterator(file)]
    assert kinds[1] == ("resource", "2020-02-03T04:05:06.000000Z")


def test_a_file_that_is_no_page_at_all(tmp_path):
    report = bring_in(tmp_path / "archive", save(tmp_path / "p.bin", b"\x00\x01"))
    assert report.failures == [
        (str(tmp_path / "p.bin"), "it is neither a WARC file nor a saved page")
    ]
