"""The form for a double click on a German machine."""

import csv
import io
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest

from scraper.archive import Archive
from scraper.export import TABLES, ExportRequest, export
from scraper.export.delimited import EXCEL_CELL_CHARS, german_time, write_excel
from tests.archive.corpus import article, store
from tests.export import hostile

TABLE = TABLES["tags"]
MOMENT = "2025-07-07T12:52:00+02:00"


def read(data: bytes):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def cells(*texts):
    """What becomes of texts, and the figures."""
    file = io.BytesIO()
    figures = write_excel(file, TABLE, [(1, 0, text, "u", "t", MOMENT, "k", "n") for text in texts])
    return [row["tag"] for row in read(file.getvalue())], figures


def test_semicolons_a_mark_and_german_times(lasting, written):
    data = written(lasting, "articles", "a.csv", excel=True).read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid;url;site;")
    rows = read(data)
    names = list(rows[0])
    for name in ("published", "modified", "first_seen", "last_seen", "gone_at"):
        assert names[names.index(name) + 1] == f"{name}_de"
    assert [name for name in names if not name.endswith("_de")] == TABLES["articles"].columns
    assert [row["published_de"] for row in rows] == [
        "01.09.2026 10:00",
        "03.09.2026",
        "02.09.2026 08:00",
        "",
    ]
    assert rows[0]["first_seen"] == "2026-10-04T12:00:00+00:00"
    assert rows[0]["first_seen_de"] == "04.10.2026 14:00"


@pytest.mark.parametrize(
    ("iso", "shown"),
    [
        (MOMENT, "07.07.2025 12:52"),
        ("2025-07-07", "07.07.2025"),
        ("2025-12-31T23:30:00+00:00", "01.01.2026 00:30"),
        ("2025-12-31T23:30:00+01:00", "31.12.2025 23:30"),
        ("gestern", "gestern"),
        ("", ""),
    ],
)
def test_german_times(iso, shown):
    assert german_time(iso) == shown


def test_a_cell_that_is_too_long_says_so():
    fits = "ä" * EXCEL_CELL_CHARS
    texts, figures = cells(fits, fits + "b", "=" + fits, "🏗" * 20_000)
    assert texts[0] == fits
    for text, start, count in (
        (texts[1], "ää", "32.768"),
        (texts[2], "'=ä", "32.768"),
        (texts[3], "🏗🏗", "20.000"),
    ):
        assert text.startswith(start)
        assert text.endswith(
            f"… [gekürzt, {count} Zeichen; der ganze Text steht in der Ausgabe ohne --excel]"
        )
        assert len(text.encode("utf-16-le")) // 2 <= EXCEL_CELL_CHARS
    assert (figures.rows, figures.cut) == (4, 3)


def test_line_ends_become_those_of_excel():
    assert cells("a\r\nb\rc\nd")[0] == ["a\nb\nc\nd"]


@pytest.mark.parametrize("text", hostile.FORMULAS)
def test_formulas_are_text(text):
    assert cells(text)[0][0].startswith("'")


def test_what_was_cut_is_reported(attacked, tmp_path):
    done = export(attacked, ExportRequest("articles", str(tmp_path / "a.csv"), excel=True))
    assert len(done.warnings) == 1
    assert "1 cells" in done.warnings[0]
    assert "32,767" in done.warnings[0]


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice: apt-get install libreoffice-calc")
def test_libreoffice_shows_umlauts_dates_and_line_ends(tmp_path):
    releases = [
        article(
            "a", "Größe: Übergänge & Öl; „ß“", "Erster Absatz.", lead="Vorspann", published=MOMENT
        ),
        article("b", '=HYPERLINK("http://x.invalid")', published="2026-03-01"),
    ]
    with Archive.open(tmp_path / "data") as archive:
        for release in releases:
            store(archive, release)
        export(archive, ExportRequest("articles", str(tmp_path / "a.csv"), excel=True))
    # Semicolon, quotes, UTF-8, from row 1, German, quoted cells too, special numbers found.
    filters = "CSV:59,34,76,1,,1031,false,true"
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [OFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "fods",
         f"--infilter={filters}", "--outdir", tmp_path, tmp_path / "a.csv"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    sheet = ET.parse(tmp_path / "a.fods").getroot()
    rows = [
        [
            cell
            for cell in row.iterfind("table:table-cell", NAMES)
            for _ in range(int(cell.get(f"{{{NAMES['table']}}}number-columns-repeated", "1")))
        ]
        for row in sheet.iterfind(".//table:table-row", NAMES)
    ]
    header = ["".join(cell.itertext()).strip() for cell in rows[0]]

    office, table = (f"{{{NAMES[name]}}}" for name in ("office", "table"))

    def shown(row, name):
        cell = row[header.index(name)]
        assert cell.get(f"{table}formula") is None
        paragraphs = ["".join(it.itertext()) for it in cell.iterfind("text:p", NAMES)]
        return cell.get(f"{office}value-type"), cell.get(f"{office}date-value") or paragraphs

    assert shown(rows[1], "title") == ("string", ["Größe: Übergänge & Öl; „ß“"])
    assert shown(rows[1], "text") == ("string", ["Vorspann", "", "Erster Absatz."])
    assert shown(rows[1], "published_de") == ("date", "2025-07-07T12:52:00")
    assert shown(rows[2], "published_de") == ("date", "2026-03-01")
    assert shown(rows[2], "title") == ("string", ["'" + releases[1].title])


@pytest.mark.parametrize("iso", ["9999-12-31T23:59:59+00:00", "no time"])
def test_what_has_no_name_here_stays_as_it_is(iso):
    assert german_time(iso) == iso
