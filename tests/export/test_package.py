"""The data package: frictionless accepts it, and it says how complete the archive is."""

import hashlib
import io
import json
import shutil
import zipfile

import pandas as pd
import pytest
from frictionless import Package, validate

from scraper.archive import Archive, Store
from scraper.archive.search.filters import Filters
from scraper.export import TABLES
from scraper.export.columns import COMPLETENESS
from scraper.export.package import LICENCE_NOTE, write_package
from scraper.records import Capture
from tests.archive.corpus import PLACE, RELEASES, article, filled, store
from tests.conftest import NOW
from tests.export import hostile

NAMES = [*TABLES, "completeness"]


@pytest.fixture(scope="module")
def package(lasting, tmp_path_factory):
    """A package of four releases."""
    path = tmp_path_factory.mktemp("package") / "dortmund.zip"
    with path.open("wb") as file:
        assert write_package(file, lasting, Filters()) == len(RELEASES)
    return path


def descriptor_of(path):
    with zipfile.ZipFile(path) as bundle:
        return json.loads(bundle.read("datapackage.json"))


def test_frictionless_accepts_it(package):
    report = validate(str(package))
    assert report.valid, report.flatten(["type", "message"])
    assert report.stats["tasks"] == len(NAMES)


def test_frictionless_accepts_an_empty_archive(tmp_path):
    path = tmp_path / "x.zip"
    with Archive.open(tmp_path) as archive:
        path.write_bytes(packed(archive))
    report = validate(str(path))
    assert report.valid, report.flatten(["type", "message"])


def test_frictionless_accepts_hostile_text(tmp_path):
    path = tmp_path / "x.zip"
    with Archive.open(tmp_path) as archive, path.open("wb") as file:
        for release in hostile.releases()[:-1]:
            store(archive, release)
        write_package(file, archive, Filters())
    report = validate(str(path))
    assert report.valid, report.flatten(["type", "message"])


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        (b'"Eving"', b'"Iving"', "hash-count"),
        (b'\r\n1,0,"Bauen', b'\r\n9,0,"Bauen', "foreign-key"),
        (b'"2026-10-04T12:00:00+00:00"', b'"gestern"', "type-error"),
    ],
)
def test_frictionless_refuses_what_was_tampered_with(package, tmp_path, before, after, error):
    path = tmp_path / "x.zip"
    found = 0
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            found += data.count(before)
            target.writestr(name, data.replace(before, after))
    assert found
    kinds = {kind for (kind,) in validate(str(path)).flatten(["type"])}
    assert error in kinds


def test_the_descriptor_says_what_is_in_it(package):
    found = descriptor_of(package)
    assert [resource["name"] for resource in found["resources"]] == NAMES
    assert found["profile"] == "tabular-data-package"
    assert found["counts"]["quotes"] == 2
    assert found["temporal"] == {"start": "2026-09-01", "end": "2026-09-03"}
    assert found["sources"][0]["path"] == "https://www.dortmund.de/newsroom/"
    assert found["licenseNote"] == LICENCE_NOTE
    assert found["asOf"] == "2026-10-04T12:00:00+00:00"
    with zipfile.ZipFile(package) as bundle:
        for resource in found["resources"]:
            data = bundle.read(resource["path"])
            assert resource["bytes"] == len(data)
            assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
            table = TABLES.get(resource["name"], COMPLETENESS)
            schema = resource["schema"]
            assert [field["name"] for field in schema["fields"]] == table.columns
            assert all(field["description"] for field in schema["fields"])
            frame = pd.read_csv(io.BytesIO(data))
            assert len(frame) == resource["rows"]
            assert not frame.duplicated(schema["primaryKey"]).any()


def test_the_page_for_people_names_every_file_and_column(package):
    with zipfile.ZipFile(package) as bundle:
        page = bundle.read("README.md").decode()
    for name in NAMES:
        assert f"`data/{name}.csv`" in page
        for field in TABLES.get(name, COMPLETENESS).fields:
            assert f"- `{field.name}` (" in page
            assert field.description in page
    assert LICENCE_NOTE in page
    assert "| 2026-09 | 3 | 3 | 3 | 0 | 0 | 0 |" in page


class Pipe(bytearray):
    """Takes bytes and nothing else."""

    def write(self, data):
        self.extend(data)
        return len(data)

    def flush(self):
        pass


def packed(archive, filters=None, **options):
    pipe = Pipe()
    write_package(pipe, archive, filters or Filters(), **options)
    return bytes(pipe)


def test_the_same_archive_gives_the_same_bytes(lasting, tmp_path):
    shutil.copy(lasting.path, tmp_path)
    lasting.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(lasting.path, tmp_path)
    with Archive.open(tmp_path) as copy:
        assert packed(copy) == packed(lasting)
    with zipfile.ZipFile(io.BytesIO(packed(lasting))) as bundle:
        assert {info.date_time[0] for info in bundle.infolist()} == {1980}


def test_cells_are_harmless_unless_raw(attacked):
    for raw in (False, True):
        data = packed(attacked, Filters(until=NOW.date()), raw=raw)
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            cells = bundle.read("data/tags.csv").decode()
            notes = json.loads(bundle.read("datapackage.json"))["description"]
        assert ('"=cmd|' in cells) is raw
        assert ("apostrophe" in notes) is not raw


def test_filters_keep_the_keys_whole(lasting, tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(packed(lasting, Filters(speaker="kalouti")))
    found = descriptor_of(path)
    assert (found["counts"]["articles"], found["counts"]["captures"]) == (1, 1)
    assert found["counts"]["quotes"] == 2  # all of the release
    assert found["selection"] == {"speaker": "kalouti"}
    assert found["completeness"]["listed"] == len(RELEASES)
    assert Package(str(path)).validate().valid


def test_evidence_of_what_was_chosen_comes_along(tmp_path):
    """Its pictures, and the response that a revisit refers to."""
    with Archive.open(tmp_path) as archive:
        filled(archive)
        with archive.transaction() as db:
            db.execute(
                "INSERT INTO captures (id, url, fetched_at, status, headers, sha256, size, "
                "refers_to) VALUES (10, 'x', '2026-10-04T12:00:00+00:00', 200, '[]', 'a', 1, NULL)"
                ", (11, 'x', '2026-10-04T12:00:00+00:00', 200, '[]', 'a', 1, 10)"
            )
            db.execute(
                "INSERT INTO images (article_id, position, src, role, credit_parts) "
                "VALUES (1, 0, 'x', 'lead', '[]')"
            )
            db.execute(
                "INSERT INTO pictures (src, site, capture_id, tried_at) VALUES (?, ?, 11, 0)",
                ["x", "dortmund"],
            )
        path = tmp_path / "x.zip"
        path.write_bytes(packed(archive, Filters(tag="Hörde")))
    with zipfile.ZipFile(path) as bundle:
        captures = pd.read_csv(bundle.open("data/captures.csv"))
        images = pd.read_csv(bundle.open("data/images.csv"))
    assert (captures["id"].tolist(), images["capture_id"].tolist()) == ([1, 10, 11], [11])
    assert validate(str(path)).valid


def test_all_tables_are_of_one_moment(tmp_path):
    class Busy(Pipe):
        """While it takes the second table, a crawl stores another release."""

        def write(self, data):
            if b"data/images.csv" in data:
                with Archive.open(tmp_path) as other:
                    store(other, article("spaet", "Zu spät", tags=("spät",)))
            return super().write(data)

    with Archive.open(tmp_path) as archive:
        filled(archive)
    with Archive.open_existing(tmp_path) as archive:
        busy = Busy()
        write_package(busy, archive, Filters())
        path = tmp_path / "x.zip"
        path.write_bytes(busy)
        counts = descriptor_of(path)["counts"]
        assert (counts["articles"], counts["events"], counts["tags"]) == (4, 4, 3)
        assert len(archive.rows("SELECT id FROM articles")) == 5


def test_completeness_per_month(tmp_path):
    missing = "2026-10-04T12:00:00+00:00"
    known = [
        ("broken", "2026-08-04", 2, "timeout", None, None, None),
        ("absent", "2026-08-05", 0, None, missing, None, None),
        ("unread", "2026-08-06", 1, "no headline", None, None, None),
        ("new", "2026-08-07", 0, None, None, None, None),
        ("undated", None, 0, None, None, None, None),
        ("baeume", "2026-08-08", 3, "timeout", None, None, 3),
        ("alias", "2026-08-09", 0, None, None, RELEASES[2].url, 3),
    ]
    with Archive.open(tmp_path) as archive:
        filled(archive)
        Store(archive).add_capture(Capture(f"{PLACE}unread.html", b"<p>", NOW))
        with archive.transaction() as db:
            db.conn.executemany(
                "INSERT INTO candidates (url, site, original, source, first_listed, published, "
                "failures, error, missing_since, alias_of, article_id) "
                "VALUES (?1, 'dortmund', ?1, 'search', '', ?2, ?3, ?4, ?5, ?6, ?7)",
                [(f"{PLACE}{name}.html", *rest) for name, *rest in known],
            )
        data = packed(archive)
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        frame = pd.read_csv(bundle.open("data/completeness.csv"), index_col="month")
        totals = json.loads(bundle.read("datapackage.json"))["completeness"]
    assert list(frame) == ("listed captured parsed failed missing waiting site site_name".split())
    assert set(frame.pop("site")) == {"dortmund"}
    assert set(frame.pop("site_name")) == {"dortmund"}
    assert {month: list(counts) for month, *counts in frame.itertuples()} == {
        "2026-08": [4, 1, 0, 2, 1, 1],
        "2026-09": [3, 3, 3, 0, 0, 0],
        "unknown": [2, 1, 1, 0, 0, 1],
    }
    assert totals == frame.sum().to_dict()


def test_invented_releases_are_called_so(tmp_path):
    with Archive.open(tmp_path) as archive:
        assert "invented" not in packed_description(archive)
        with archive.transaction() as db:
            db.execute(
                "INSERT INTO runs (site, source, version, process, started_at) "
                "VALUES ('dortmund', 'demo', '0', 1, '2026-10-04T12:00:00+00:00')"
            )
        assert "invented" in packed_description(archive)


def packed_description(archive):
    with zipfile.ZipFile(io.BytesIO(packed(archive))) as bundle:
        return json.loads(bundle.read("datapackage.json"))["description"]


def test_a_city_this_version_does_not_know(tmp_path):
    with Archive.open(tmp_path) as archive:
        filled(archive)
        with archive.transaction() as db:
            db.execute("UPDATE articles SET site = 'atlantis'")
        with zipfile.ZipFile(io.BytesIO(packed(archive))) as bundle:
            found = json.loads(bundle.read("datapackage.json"))
    assert found["sources"] == [{"title": "atlantis"}]
