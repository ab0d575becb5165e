"""The CSV of tables and statements is no formula to a spreadsheet, and otherwise as it was."""

import csv
import io
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive import Archive
from scraper.browse.tables_csv import with_harmless_csv
from scraper.export.delimited import harmless, harmless_inside
from tests.archive.corpus import article, store
from tests.browse.serving import get, web_view
from tests.support import loops

FORMULAS = {
    "eins": "=1+1",
    "zwei": "Bürgerfest;=1+1;mehr",
    "drei": 'Zitat "ja";@SUM(1)',
    "vier": "eins\n-2+3",
    "fünf": "＝1+1",
    "sechs": "a,\t+49 231",
}
LONG = "Wort, " * 40_000


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    directory = tmp_path_factory.mktemp("formulas")
    with Archive.open(directory) as archive:
        for name, lead in FORMULAS.items():
            store(archive, article(name, "-", lead=lead, kicker="Kultur"))
        store(archive, article("lang", "-", lead=LONG))
    with web_view(directory, sql=True) as found:
        yield found


def table(answer):
    assert answer.status == 200
    csv.field_size_limit(10**7)
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


ADDRESSES = (
    "/newsroom/articles.csv",
    "/newsroom/articles.csv?_size=max&_dl=on",
    "/newsroom/articles.csv?_stream=on&_size=2",
    "/newsroom/articles.csv?_labels=on",
    f"/newsroom.csv?sql={quote('SELECT * FROM articles')}",
)


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_cell_is_a_formula(address, path):
    leads = [row["lead"] for row in table(get(address, path))]
    assert sorted(leads) == sorted(
        harmless(harmless_inside(lead)) for lead in (*FORMULAS.values(), LONG)
    )


def test_names_of_columns_and_control_characters_are_harmless_too(address):
    sql = "SELECT '-5' AS a, -5 AS \"=1+1\", char(27) || '[2J' AS c"
    answer = get(address, f"/newsroom.csv?sql={quote(sql)}")
    assert answer.text == "a,'=1+1,c\r\n-5,-5,\ufffd[2J\r\n".replace("'=1+1", '"\'=1+1"')


def test_an_error_is_still_a_page(address):
    answer = get(address, "/newsroom/articles.csv?_where=nonsense")
    assert answer.status == 400
    assert answer.text.startswith("<!DOCTYPE html>")


CELLS = st.text(st.sampled_from("a=+-@;,\"\n\r\t '1ü"), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5), st.integers(1, 9))
def test_it_does_not_matter_how_the_bytes_are_cut(rows, size):
    file = io.StringIO(newline="")
    csv.writer(file).writerows([("name", "wert"), *rows])
    data = file.getvalue().encode()
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for at in range(0, len(data), size):
            await send({"type": "http.response.body", "body": data[at : at + size], "more_body": 1})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message.get("body", b""))

    loops.run(with_harmless_csv(app, "n")({"path": "/n/t.csv"}, None, send))
    found = list(csv.reader(io.StringIO(b"".join(sent).decode(), newline="")))
    safe = [[harmless(harmless_inside(cell)) for cell in row] for row in rows]
    assert found == [["name", "wert"], *safe]
