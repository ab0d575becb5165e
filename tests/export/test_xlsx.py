"""Excel workbooks, read back as their users do."""

import io
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from scraper.errors import ArchiveError
from scraper.export import TABLES, ExportRequest, delimited, export
from scraper.export.columns import Field, Table
from scraper.export.delimited import EXCEL_CELL_CHARS
from scraper.export.xlsx import EXPLANATION, write_xlsx
from tests.export import hostile

TABLE = Table(
    "things",
    "thing",
    "",
    "",
    (
        Field("number", "integer", "How many."),
        Field("text", "string", "What is said."),
        Field("moment", "moment", "When, there."),
        Field("at", "datetime", "When."),
    ),
    (),
)


def book(rows, table=TABLE):
    file = io.BytesIO()
    figures = write_xlsx(file, table, rows)
    return load_workbook(file), figures


def texts(*values):
    """What becomes of texts."""
    sheet = book([(1, value, None, None) for value in values])[0]["things"]
    return [sheet.cell(row + 2, 2) for row in range(len(values))]


def unescaped(cell):
    """The value of a cell as Excel shows it; openpyxl leaves its escapes."""
    from openpyxl.utils.escape import unescape

    return unescape(cell.value)


def test_times_are_true_times_and_numbers_numbers():
    row = (3, "Straße", "2026-07-07T12:52:00+02:00", "2026-07-07T10:52:00+00:00")
    made, figures = book(
        [row, (None, "", "2026-07-08", "gestern"), (2**60, "x", "1850-01-01", None)]
    )
    sheet = made["things"]
    cells = [list(cells) for cells in sheet.iter_rows(values_only=True)]
    assert cells[0] == TABLE.columns
    assert cells[1] == [
        3,
        "Straße",
        pd.Timestamp(2026, 7, 7, 12, 52),
        pd.Timestamp(2026, 7, 7, 10, 52),
    ]
    assert cells[2][2:] == [pd.Timestamp(2026, 7, 8), "gestern"]
    assert cells[3][:3] == [str(2**60), "x", "1850-01-01"]
    assert all(cell.is_date for cell in (sheet["C2"], sheet["D2"], sheet["C3"]))
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D4")
    assert sheet.column_dimensions["C"].width >= 17
    assert (figures.rows, figures.cut) == (3, 0)


def test_a_sheet_explains_the_columns():
    rows = list(book([])[0][EXPLANATION].iter_rows(values_only=True))
    assert rows[0][0] == "One row per thing."
    assert ("text", "text", "What is said.") in rows
    assert [row[0] for row in rows[3:]] == TABLE.columns


@pytest.mark.parametrize("text", [*hostile.FORMULAS, "https://x.invalid", "<r><t>x</t></r>", "007"])
def test_text_is_text(text):
    (cell,) = texts(text)
    assert (cell.data_type, unescaped(cell)) == (
        "s",
        text.replace("\r\n", "\n").replace("\r", "\n"),
    )
    assert cell.hyperlink is None


@settings(max_examples=25)
@given(st.text(st.characters(exclude_characters="\r", codec="utf-8"), min_size=1))
def test_every_character_comes_back(text):
    (cell,) = texts(text)
    assert unescaped(cell) == text


def test_half_a_character_does_no_harm():
    assert texts("a\ud83d")[0].value == "a?"


def test_what_is_too_long_is_cut_and_says_so():
    long = ["ä" * EXCEL_CELL_CHARS, "b" * (EXCEL_CELL_CHARS + 1), "🏗" * 20_000, "<r>" * 11_000]
    made, figures = book([(1, text, None, None) for text in long])
    cells = [made["things"].cell(row, 2).value for row in range(2, 6)]
    assert cells[0] == long[0]
    for cell in cells[1:]:
        assert cell.endswith("der ganze Text steht in .csv und .jsonl]")
        assert len(cell.encode("utf-16-le")) // 2 <= EXCEL_CELL_CHARS
    assert figures.cut == 3
    assert "3 cells" in made[EXPLANATION]["A2"].value


def test_more_rows_than_a_sheet_holds_go_on_in_another(monkeypatch):
    monkeypatch.setattr(delimited, "EXCEL_ROWS", 4)
    made, figures = book([(n, "x", None, None) for n in range(7)])
    assert made.sheetnames == ["things", "things 2", "things 3", EXPLANATION]
    assert [made[name].max_row for name in made.sheetnames[:3]] == [4, 4, 2]
    assert figures.rows == 7
    assert made[EXPLANATION]["A2"].value == "7 rows, in 3 sheets."


def test_a_failure_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def failing():
        yield (1, "x", None, None)
        raise ArchiveError("damaged")

    file = io.BytesIO()
    with pytest.raises(ArchiveError):
        write_xlsx(file, TABLE, failing())
    assert (file.getvalue(), list(tmp_path.iterdir())) == (b"", [])


def test_a_full_disk_is_an_error_of_the_disk():
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_xlsx(Full(), TABLE, [(1, "x", None, None)])


@pytest.mark.parametrize("what", ["articles", "quotes", "revisions", "captures"])
def test_every_table_of_hostile_releases_opens(attacked, written, what):
    path = written(attacked, what, "a.xlsx")
    assert list(pd.read_excel(path)) == TABLES[what].columns
    with zipfile.ZipFile(path) as file:
        sheet = file.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet


def test_what_was_cut_is_told(attacked, tmp_path):
    done = export(attacked, ExportRequest("articles", str(tmp_path / "a.xlsx")))
    assert ["1 cells" in warning for warning in done.warnings] == [True]
