"""WARC files to Parquet on one machine: what comes out, what fails, and how a run goes on."""

import gzip
import json
import re
from pathlib import Path

import duckdb
import pytest

from scraper.archive import Archive
from scraper.errors import UsageError
from scraper.lake import places
from scraper.lake.plan import Task, cut, gaps, resolved, warc_files
from scraper.lake.reading import Done, offsets_of
from tests.importing.captures import SECTION, Warc, bring_in, new_page, stamp
from tests.lake.files import OTHERS, Deadly, Failing, content, extraction
from tests.support.replica import reading


@pytest.fixture(scope="module")
def whole(source, tmp_path_factory):
    """An extraction without trouble: its report and its folder."""
    target = tmp_path_factory.mktemp("lake") / "whole"
    return extraction(source, target), target


def table(target, name):
    query = f"SELECT * FROM read_parquet('{target}/{name}/**/*.parquet', hive_partitioning = true)"
    return duckdb.sql(query).fetchall()


def test_what_comes_out(whole):
    report, target = whole
    assert (report.files, report.tasks_done, report.pages, report.failed) == (4, 4, 20, 0)
    assert report.exit_code == 0
    rows = duckdb.sql(
        "SELECT title, published_date::TEXT, site, year, warc_offset > 0 FROM "
        f"read_parquet('{target}/articles/**/*.parquet', hive_partitioning = true) ORDER BY title"
    ).fetchall()
    assert rows[0] == ("Titel meldung-0-0", "2025-07-07", "dortmund", 2025, True)
    assert len(rows) == 20
    assert len(table(target, "captures")) == 20
    spoken = duckdb.sql(
        f"SELECT DISTINCT speaker, role FROM '{target}/quotes/**/*.parquet'"
    ).fetchall()
    assert spoken == [("Anna Beispiel", "Bürgermeisterin")]


def test_manifests_name_every_file(whole):
    _report, target = whole
    named = set()
    for path in (target / "_manifest").glob("*.json"):
        done = Done(**json.loads(path.read_bytes()))
        named.update(done.files)
    assert named == set(content(target))


def test_it_is_what_an_import_reads(whole, source, tmp_path):
    _report, target = whole
    bring_in(tmp_path, source)
    with Archive.open_existing(tmp_path) as archive:
        stored = archive.rows("SELECT url, title, text, published FROM articles ORDER BY url")
    found = duckdb.sql(
        f"SELECT url, title, text, published FROM '{target}/articles/**/*.parquet' ORDER BY url"
    ).fetchall()
    assert [tuple(row.values()) for row in stored] == found


def test_the_same_again_is_the_same_byte_by_byte(whole, source, tmp_path):
    extraction(source, tmp_path / "again")
    assert content(tmp_path / "again") == content(whole[1])


def test_a_target_that_is_in_use_needs_resume(whole, source, tmp_path):
    _report, target = whole
    with pytest.raises(UsageError, match="--resume"):
        extraction(source, target)
    again = extraction(source, target, resume=True)
    assert (again.tasks, again.tasks_before, again.exit_code) == (0, 4, 0)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        extraction(source, tmp_path)


def test_another_version_is_not_mixed_in(source, tmp_path):
    extraction(source, tmp_path / "lake")
    settings = tmp_path / "lake" / "_extract.json"
    settings.write_text(settings.read_text().replace('"version": "', '"version": "0.'))
    with pytest.raises(UsageError, match="another version"):
        extraction(source, tmp_path / "lake", resume=True)


def test_a_record_that_ends_its_worker_is_set_aside_alone(source, whole, tmp_path):
    path = source / "part-1.warc.gz"
    size, changed = places.identity(str(path))
    offsets = offsets_of(Task(str(path), f"{size}-{changed}", 0, size))
    target = tmp_path / "lake"
    with reading() as workers:
        deadly = Deadly(workers, str(path), offsets[4])
        report = extraction(source, target, deadly)
    assert deadly.deaths >= 2
    assert (report.exit_code, report.failed) == (3, 1)
    assert "SIGABRT" in report.failures[0][1]
    (failed,) = json.loads((target / "_failed.json").read_bytes())
    assert failed["start"] == offsets[4]
    assert failed["end"] == offsets[5]
    assert report.pages in {19, 20}
    assert report.records == whole[0].records - 1
    again = extraction(source, target, resume=True)
    assert (again.tasks, again.exit_code) == (1, 0)
    assert sorted(table(target, "articles")) == sorted(table(whole[1], "articles"))


def test_what_fails_now_and_then_is_tried_again(source, whole, tmp_path):
    with reading() as workers:
        report = extraction(source, tmp_path / "lake", Failing(workers, every=3))
    assert report.exit_code == 0
    assert content(tmp_path / "lake") == content(whole[1])


def test_what_always_fails_is_listed(source, whole, tmp_path):
    with reading() as workers:
        report = extraction(source, tmp_path / "lake", Failing(workers, every=1))
    assert (report.exit_code, report.failed, report.tasks_done) == (3, 4, 0)
    assert all("No space left" in reason for _where, reason in report.failures)
    again = extraction(source, tmp_path / "lake", resume=True)
    assert again.exit_code == 0
    assert content(tmp_path / "lake") == content(whole[1])


def test_files_that_are_not_there_and_such_that_are_not_always(
    source, whole, tmp_path, monkeypatch
):
    troubled = iter([OSError("503 Slow Down")])
    identity = places.identity

    def now_and_then(place):
        if error := next(troubled, None):
            raise error
        return identity(place)

    monkeypatch.setattr(places, "identity", now_and_then)
    lists = tmp_path / "warc.paths"
    lists.write_text("".join(f"{source}/part-{number}.warc.gz\n" for number in (0, 1, 2, 3, 9)))
    report = extraction(lists, tmp_path / "lake")
    ((where, reason),) = report.failures
    assert (where, "No such file" in reason) == (f"{source}/part-9.warc.gz", True)
    assert (report.files, report.tasks_done, report.exit_code) == (5, 4, 3)
    assert content(tmp_path / "lake") == content(whole[1])


def test_damage_costs_the_record(tmp_path):
    first, bad, last = (
        Warc().response(f"{SECTION}/a-{n}.html", new_page(f"a-{n}"), stamp(n)).buffer.getvalue()
        for n in range(3)
    )
    broken = bytearray(bad)
    broken[len(bad) // 2] ^= 0xFF
    (tmp_path / "a.warc.gz").write_bytes(first + bytes(broken) + last)
    report = extraction(tmp_path / "a.warc.gz", tmp_path / "lake")
    assert report.exit_code == 3
    assert {row[0][-8:] for row in table(tmp_path / "lake", "articles")} >= {"a-0.html"}
    assert report.failures


def test_pages_that_cannot_be_read_are_listed(tmp_path):
    warc = Warc()
    warc.response(f"{SECTION}/a.html", new_page("a"), stamp(1))
    warc.response(f"{SECTION}/b.html", b"<html><body>nothing</body></html>", stamp(2))
    warc.response(f"{SECTION}/c.html", new_page("c"), "9999-12-31T00:00:00Z")
    warc.response(f"{SECTION}/d.html", b"", stamp(3), status="404 Not Found")
    report = extraction(warc.save(tmp_path / "a.warc.gz"), tmp_path / "lake")
    assert (report.pages, report.failed, report.exit_code) == (1, 2, 3)
    assert report.skipped == {"not answered with HTTP 200": 1}
    errors = [row for row in table(tmp_path / "lake", "captures") if row[-3] is not None]
    assert len(errors) == 1


def cut_page(slug: str, end: bytes) -> bytes:
    return new_page(slug).partition(b"</div></dtm-text-image>")[0] + end


def test_a_page_that_ends_in_the_middle_is_a_failure(tmp_path):
    warc = Warc()
    warc.response(f"{SECTION}/a.html", new_page("a"), stamp(1))
    warc.response(f"{SECTION}/b.html", cut_page("b", b"<p>Der Ausbau be"), stamp(2))
    warc.response(f"{SECTION}/c.html", cut_page("c", b"<p>Sie wird <a hre"), stamp(3))
    report = extraction(warc.save(tmp_path / "a.warc.gz"), tmp_path / "lake")
    assert (report.pages, report.failed, report.exit_code) == (1, 2, 3)
    assert all("breaks off" in reason for _where, reason in report.failures)
    assert [row[0][-6:] for row in table(tmp_path / "lake", "articles")] == ["a.html"]
    errors = [row for row in table(tmp_path / "lake", "captures") if row[-3] is not None]
    assert len(errors) == 2


def test_pages_of_a_site_that_all_end_alike_are_whole(tmp_path):
    warc = Warc()
    end = b"<p>Weitere Meldungen der Stadt im Newsroom</p>"
    for number in range(4):
        slug = f"a-{number}"
        warc.response(f"{SECTION}/{slug}.html", cut_page(slug, end), stamp(number))
    report = extraction(warc.save(tmp_path / "a.warc.gz"), tmp_path / "lake")
    assert (report.pages, report.failed, report.exit_code) == (4, 0, 0)


def test_a_large_file_is_cut_at_records(source, whole, tmp_path, monkeypatch):
    monkeypatch.setattr("scraper.lake.plan.RANGE_BYTES", 1_000)
    report = extraction(source / "part-0.warc.gz", tmp_path / "lake")
    assert report.tasks == 2
    assert (report.pages, report.exit_code) == (5, 0)


def test_it_ends_when_asked_to_and_goes_on(source, whole, tmp_path):
    stopped = extraction(source, tmp_path / "lake", stop=lambda: True)
    assert (stopped.exit_code, stopped.ended_early) == (3, "it was interrupted")
    assert extraction(source, tmp_path / "lake", resume=True).exit_code == 0
    assert content(tmp_path / "lake") == content(whole[1])


def test_lists_of_paths(source, tmp_path):
    (tmp_path / "warc.paths.gz").write_bytes(
        gzip.compress(f"{source}/part-0.warc.gz\n# a note\n\n{source}/part-1.warc.gz\n".encode())
    )
    assert list(warc_files([str(tmp_path / "warc.paths.gz")])) == [
        f"{source}/part-0.warc.gz",
        f"{source}/part-1.warc.gz",
    ]


@pytest.mark.parametrize(
    ("name", "listed_in", "meant"),
    [
        ("crawl/a.warc.gz", "https://x.org/crawl/2026/warc.paths", "https://x.org/crawl/a.warc.gz"),
        ("a.warc.gz", "s3://bucket/dir/warc.paths", "s3://bucket/dir/a.warc.gz"),
        ("https://y.org/a.warc.gz", "warc.paths", "https://y.org/a.warc.gz"),
        ("/there/a.warc.gz", "here/warc.paths", "/there/a.warc.gz"),
        ("a.warc.gz", "warc.paths", "a.warc.gz"),
    ],
)
def test_what_a_line_of_a_list_means(name, listed_in, meant):
    assert resolved(name, listed_in) == meant


def test_gaps_and_pieces():
    assert [(t.start, t.end) for t in gaps("a", [(10, 20), (30, 40)], (50, "x"))] == [
        (0, 10),
        (20, 30),
        (40, 50),
    ]
    assert gaps("a", [(0, 50)], (50, "x")) == []
    pieces = cut(Task("a", "x", 0, 50), [0, 10, 20, 30], 2)
    assert [(t.start, t.end) for t in pieces] == [(0, 20), (20, 50)]


def test_nothing_to_read_is_wrong_use(newsroom, tmp_path):
    for name in ("nowhere", ""):
        code, _out, err = newsroom("extract", str(tmp_path / name), "-o", str(tmp_path / "lake"))
        assert code == 2
        assert err.startswith("Error: ")


def test_the_verb(newsroom, source, tmp_path):
    target = tmp_path / "lake"
    code, out, _err = newsroom("extract", str(source), "-o", str(target), "--json")
    assert code == 0
    assert json.loads(out)["pages"] == 20
    code, out, _err = newsroom("extract", str(source), "-o", str(target), "--resume")
    assert code == 0
    assert "4 done before" in out
    assert OTHERS not in out


def test_reading_by_the_manifests(whole):
    _report, target = whole
    page = (Path(__file__).parents[2] / "docs" / "scale.md").read_text(encoding="utf-8")
    plain, by_manifest = re.findall(r"^```sql\n(.*?)^```$", page, re.M | re.S)
    connection = duckdb.connect()
    connection.execute(f"SET file_search_path = '{target.parent}'")
    found = connection.sql(plain.replace("'lake/", f"'{target}/")).fetchall()
    assert found == [("dortmund", 2025, 20)]
    variable, query = by_manifest.replace("'lake/", f"'{target}/").split(";\n")[:2]
    connection.execute(variable)
    assert connection.sql(query).fetchall() == [(20,)]
    (target / "articles" / "site=dortmund" / "half.parquet").write_bytes(b"PAR1")
    assert connection.sql(query).fetchall() == [(20,)]
    (target / "articles" / "site=dortmund" / "half.parquet").unlink()


def test_without_pyarrow_nothing_is_made(newsroom, source, tmp_path, monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("scraper.export.parquet.import_module", missing)
    code, _out, err = newsroom("extract", str(source), "-o", str(tmp_path / "lake"))
    assert (code, "newsroom-archive[parquet]" in err) == (2, True)
    assert not (tmp_path / "lake").exists()
