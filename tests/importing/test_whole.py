"""A page cut off is never an edit: what records say, what is missing, what others have."""

import gzip
import io
import os

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.markup.ending import has_end_tag
from tests.importing.captures import SECTION, Warc, bring_in, chunked, lives, new_page, rows, stamp

HTML = ("Content-Type", "text/html; charset=utf-8")
URL = f"{SECTION}/a.html"
LONG = "".join(f"Absatz {number} über die Brücke. " for number in range(60))


def page(text=LONG, slug="a"):
    return new_page(slug, text)


def cut(slug="a"):
    """Half of the words of the page."""
    whole = page(slug=slug)
    return whole[: whole.index(b"Absatz 40 ")]


def warc(*captures, url=URL):
    found = Warc()
    for minute, body in captures:
        found.response(url, body, stamp(minute))
    return found


def response(body, minute, headers=(HTML,), record_headers=()):
    """A record with heads of our own, compressed."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    record = writer.create_warc_record(
        URL,
        "response",
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=StatusAndHeaders("200 OK", list(headers), protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": stamp(minute), **dict(record_headers)},
    )
    writer.write_record(record)
    return buffer.getvalue()


def bring(tmp_path, *parts):
    path = tmp_path / "c.warc.gz"
    path.write_bytes(b"".join(parts))
    return bring_in(tmp_path / "a", path)


def one_version(directory):
    found = rows(directory, "SELECT kind FROM events")
    return [row["kind"] for row in found] == ["new"]


@pytest.mark.parametrize("why", ["length", "time", "disconnect", "unspecified"])
def test_a_record_that_says_it_is_truncated_is_no_version(tmp_path, why):
    truncated = response(cut(), 1, record_headers=[("WARC-Truncated", why)])
    report = bring(tmp_path, response(page(), 0), truncated, response(page(), 2))
    assert (report.new, report.changed, report.unchanged, report.failed) == (1, 0, 1, 1)
    assert f"WARC-Truncated: {why}" in report.failures[0][1]
    assert report.exit_code == 3
    assert one_version(tmp_path / "a")


def test_the_first_segment_of_a_page_is_no_version(tmp_path):
    segment = response(cut(), 1, record_headers=[("WARC-Segment-Number", "1")])
    report = bring(tmp_path, response(page(), 0), segment)
    assert (report.new, report.failed) == (1, 1)
    assert "first part" in report.failures[0][1]


def test_a_revisit_may_leave_out_its_body(tmp_path):
    first = Warc().response(URL, page(), stamp(0))
    again = gzip.decompress(
        Warc().revisit(URL, "sha1:X", URL, stamp(0), stamp(1)).buffer.getvalue()
    ).replace(b"WARC-Type: revisit", b"WARC-Type: revisit\r\nWARC-Truncated: length")
    report = bring(tmp_path, first.buffer.getvalue(), gzip.compress(again))
    assert (report.new, report.unchanged, report.failed) == (1, 1, 0)


LENGTHS = {
    "shorter": (cut(), [str(len(page()))], False),
    "as long as it says": (page(), [str(len(page()))], True),
    "longer": (page(), [str(len(page()) - 50)], True),
    "no number": (page(), ["many"], True),
    "said twice": (page(), ["99999999", str(len(page()))], True),
}


@pytest.mark.parametrize("kind", LENGTHS)
def test_a_body_shorter_than_its_content_length_is_no_version(tmp_path, kind):
    body, lengths, is_whole = LENGTHS[kind]
    headers = (HTML, *(("Content-Length", length) for length in lengths))
    report = bring(tmp_path, response(body, 0, headers))
    assert (report.new, report.failed) == (is_whole, not is_whole)
    if not is_whole:
        assert "the page was cut off" in report.failures[0][1]


def test_chunks_have_a_length_of_their_own(tmp_path):
    headers = (HTML, ("Transfer-Encoding", "Chunked"), ("Content-Length", "9999999"))
    report = bring(tmp_path, response(chunked(page()), 0, headers))
    assert (report.new, report.failed) == (1, 0)


def test_a_body_that_a_tool_has_unpacked_is_longer_than_it_says(tmp_path):
    length = str(len(gzip.compress(page())))
    headers = (HTML, ("Content-Encoding", "gzip"), ("Content-Length", length))
    report = bring(tmp_path, response(page(), 0, headers))
    assert (report.new, report.failed) == (1, 0)


@pytest.mark.parametrize("broken", [0, 1, 2])
@pytest.mark.parametrize("packed", [True, False])
def test_a_page_that_breaks_off_is_no_version_wherever_it_stands(tmp_path, broken, packed):
    bodies = [cut() if number == broken else page() for number in range(3)]
    coding = (("Content-Encoding", "gzip"),) if packed else ()
    parts = [
        response(gzip.compress(body) if packed else body, minute, (HTML, *coding))
        for minute, body in enumerate(bodies)
    ]
    report = bring(tmp_path, *parts)
    assert (report.new, report.changed, report.unchanged, report.failed) == (1, 0, 1, 1)
    assert "it breaks off" in report.failures[0][1]
    assert one_version(tmp_path / "a")


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_the_archive_knows_counts_too(tmp_path, dry_run):
    bring_in(tmp_path / "a", warc((5, page())).save(tmp_path / "1.warc.gz"))
    before = lives(tmp_path / "a")
    later = warc((1, cut()), (9, cut())).save(tmp_path / "2.warc.gz")
    report = bring_in(tmp_path / "a", later, dry_run=dry_run)
    assert (report.changed, report.failed) == (0, 2)
    assert lives(tmp_path / "a") == before


def test_a_revisit_of_a_page_that_breaks_off_is_no_version(tmp_path):
    found = warc((0, page()), (1, cut()))
    found.revisit(URL, "sha1:X", URL, stamp(1), stamp(2))
    report = bring_in(tmp_path / "a", found.save(tmp_path / "1.warc.gz"))
    assert (report.changed, report.failed) == (0, 2)


def test_a_page_that_never_has_an_end_tag_is_whole(tmp_path):
    def bare(text):
        return page(text).replace(b"</body></html>", b"")

    captures = warc((0, bare("Eins.")), (1, bare("Zwei.")), (2, bare("Zwei.")))
    report = bring_in(tmp_path / "a", captures.save(tmp_path / "1.warc.gz"))
    assert (report.new, report.changed, report.unchanged, report.failed) == (1, 1, 1, 0)
    again = bring_in(tmp_path / "a", tmp_path / "1.warc.gz")
    assert (again.unchanged, again.failed) == (3, 0)


@pytest.mark.parametrize(("others_have", "failed"), [(True, 1), (False, 0)])
def test_a_page_captured_once_is_held_against_those_around_it(tmp_path, others_have, failed):
    found = Warc()
    for minute, slug in enumerate("bcade"):
        body = page(slug=slug)
        if slug == "a":  # nothing is open at its end
            body = body.replace(b"</main></body></html>", b"</main>")
        if not others_have:
            body = body.replace(b"</body></html>", b"")
        found.response(f"{SECTION}/{slug}.html", body, stamp(minute))
    report = bring_in(tmp_path / "a", found.save(tmp_path / "1.warc.gz"))
    assert (report.new, report.failed) == (5 - failed, failed)


def in_half(form):
    """A page that ends in the middle of something."""
    whole = page()
    behind = {
        "an element": b"Absatz 40 ",
        "a tag": b"</div>",
        "a character": "ü".encode(),
        "a list": b"</dtm-text-image>",
    }
    end = whole.index(behind[form], whole.index(b"Absatz 30 ") if form == "a character" else 0)
    more = {"a tag": 3, "a character": 1, "a list": 0}.get(form, 0)
    return whole[: end + more] + (b"<ul><li>Eins" if form == "a list" else b"")


@pytest.mark.parametrize("form", ["an element", "a tag", "a character", "a list"])
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_page_all_by_itself_that_ends_in_the_middle_is_listed(tmp_path, form, dry_run):
    path = warc((0, in_half(form))).save(tmp_path / "1.warc.gz")
    report = bring_in(tmp_path / "a", path, dry_run=dry_run)
    assert (report.new, report.failed, report.exit_code) == (0, 1, 3)
    assert "still open at its end" in report.failures[0][1]
    if not dry_run:  # a whole one comes in later
        again = bring_in(tmp_path / "a", warc((5, page())).save(tmp_path / "2.warc.gz"))
        assert (again.new, again.failed) == (1, 0)


@pytest.mark.parametrize("comment", ["<!-- Statistik", "<script>var a = 1", "<textarea>"])
def test_a_comment_or_script_without_end_is_the_middle(tmp_path, comment):
    body = page().replace(b"</body></html>", comment.encode())
    report = bring_in(tmp_path / "a", warc((0, body)).save(tmp_path / "1.warc.gz"))
    assert (report.new, report.failed) == (0, 1)


def test_two_saved_files_of_which_one_is_cut_short(tmp_path):
    folder = tmp_path / "seiten"
    folder.mkdir()
    for slug, body in (("b", page(slug="b")), ("a", cut())):
        (folder / f"{slug}.html").write_bytes(body)
        os.utime(folder / f"{slug}.html", (1_650_000_000, 1_650_000_000))
    report = bring_in(tmp_path / "a", folder)
    assert (report.new, report.failed) == (1, 1)
    assert report.failures[0][0].endswith("a.html")


@pytest.mark.parametrize("many", [2, 3])
def test_several_captures_that_end_in_the_middle_differently_are_no_versions(tmp_path, many):
    captures = [(minute, page()[: -200 - 99 * minute]) for minute in range(many)]
    report = bring_in(tmp_path / "a", warc(*captures).save(tmp_path / "1.warc.gz"))
    assert (report.new, report.failed) == (0, many)


def test_pages_that_all_end_alike_are_their_sites_way(tmp_path):
    found = Warc()
    for minute, slug in enumerate("abcd"):
        body = page(slug=slug).replace(b"</main></body></html>", b"<div>Stadt Dortmund, 2022")
        found.response(f"{SECTION}/{slug}.html", body, stamp(minute))
    report = bring_in(tmp_path / "a", found.save(tmp_path / "1.warc.gz"))
    assert (report.new, report.failed) == (4, 0)


@pytest.mark.parametrize(
    "end", ["", "</main>", "</main></body>", "</main><p>Ende", "</main><ul><li>Eins</ul>"]
)
def test_end_tags_that_may_be_left_out_are_not_missed(tmp_path, end):
    body = page().replace(b"</main></body></html>", (end or "</main></html>").encode())
    report = bring_in(tmp_path / "a", warc((0, body)).save(tmp_path / "1.warc.gz"))
    assert (report.new, report.failed) == (1, 0)


def test_each_page_is_read_a_few_times_at_most(tmp_path, monkeypatch):
    """However many captures without an end tag there are of a page, or of a folder."""
    from scraper.importing import warcs

    reads = []
    load = warcs.Loader.__call__
    monkeypatch.setattr(
        warcs.Loader, "__call__", lambda self: reads.append(self.offset) or load(self)
    )
    found = Warc()
    for number in range(40):
        body = page(f"Fassung {number}.").replace(b"</body></html>", b"")
        found.response(URL, body, f"2022-05-18T12:00:{number:02}Z")
        found.response(f"{SECTION}/{number}.html", body, f"2022-05-18T13:00:{number:02}Z")
    report = bring_in(tmp_path / "a", found.save(tmp_path / "1.warc.gz"), dry_run=True)
    assert report.failed == 0
    assert len(reads) <= 4 * 80


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        (b"<p>x</p></body></html>", True),
        (b"<p>x</p></HTML >\n<!-- " + b"x" * 9_000 + b" -->", True),
        ("<p>ü</p></html>".encode("utf-16"), True),
        (b"<p>x</p></htm", False),
        (b"", False),
    ],
)
def test_end_tags_in_any_form(body, whole):
    assert has_end_tag(body) is whole
