"""Who spoke: one person or two of the same name, and what they said."""

import csv
import io
import json

import pytest

from scraper.archive import Archive
from scraper.archive.identity import Speaker, persons
from scraper.archive.persons import named, people, statements
from scraper.records import Quote
from tests.archive.corpus import article, store
from tests.archive.several import several


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    path = tmp_path_factory.mktemp("persons")
    with Archive.open(path) as archive:
        several(archive)
    return path


@pytest.fixture(scope="module")
def archive(directory):
    with Archive.open_existing(directory) as opened:
        yield opened


@pytest.fixture
def run(newsroom, directory):
    """The command on that archive."""
    return lambda *words: newsroom("--data", directory, *words)


@pytest.mark.parametrize(
    ("here", "there", "are_one"),
    [
        ("Oberbürgermeister", "Oberbürgermeister", False),
        ("Leiter des Jugendamts", "Leiter des Jugendamts", False),
        ("", "", False),
        ("Oberbürgermeister", "Oberbürgermeister der Stadt Dortmund", True),
        ("Dortmunder Kämmerer", "", False),
        ("", "Dortmunder Kämmerer", True),
        ("Kölner Stadtdirektorin", "Stadtdirektorin", True),
        ("Kämmerer", "Stadtkämmerer von Köln", False),
        ("Kämmerer von Köln", "Stadtkämmerer", True),
        ("Ministerin für Schule", "NRW-Ministerin", True),
        ("Bundestagsabgeordnete", "Mitglied des Bundestags", True),
        ("Ministerin für Schule", "Leiterin des Bauamts", False),
        ("Bürgermeister der Landeshauptstadt", "Bürgermeister der Landeshauptstadt", False),
        ("Regierungspräsident", "Staatssekretär", False),
        ("Künstlerin", "Künstlerin", False),
    ],
)
def test_the_same_name_in_two_cities(here, there, are_one):
    first = Speaker("dortmund", "Stadt Dortmund", (here,) if here else ())
    second = Speaker("koeln", "Freie Stadt Köln am Rhein", (there,) if there else ())
    groups = persons([first, second])
    assert (len(groups) == 1) is are_one
    assert len(persons([second, first])) == len(groups)


def test_one_person_may_link_two_others():
    mayor = Speaker("a", "Stadt Hamm", ("Bürgermeister",))
    minister = Speaker("b", "Stadt Bonn", ("Minister", "Bürgermeister in Hamm"))
    also = Speaker("c", "Stadt Ahlen", ("Landesminister",))
    other = Speaker("d", "Stadt Essen", ())
    assert persons([mayor, also, other, minister]) == [[mayor, also, minister], [other]]


def test_everybody_once_per_person(archive):
    found = [(row["name"], [city["site"] for city in row["cities"]]) for row in people(archive)]
    assert found == [
        ("Alex Fern", ["dortmund", "koeln"]),
        ("Toni Muster", ["dortmund", "koeln"]),
        ("Kim Beispiel", ["dortmund"]),
        ("Kim Beispiel", ["koeln"]),
    ]
    minister = people(archive)[1]
    assert minister["quotations"] == minister["releases"] == 2
    assert (minister["first_date"], minister["last_date"]) == ("2026-08-03", "2026-08-21")
    assert minister["roles"] == ["Ministerin für Schule des Landes"]


def test_of_a_city_only_what_is_said_there_counts(archive):
    rows = people(archive, ("koeln",))
    assert [(row["name"], row["quotations"], row["site"]) for row in rows] == [
        ("Alex Fern", 1, "koeln"), ("Kim Beispiel", 1, "koeln"), ("Toni Muster", 1, "koeln"),
    ]  # fmt: skip
    said = statements(archive, rows[0])
    assert [row["text"] for row in said] == ["Wir feiern"]


def test_statements_are_in_order_of_time(archive):
    (someone,) = named(people(archive), "muster")
    said = statements(archive, someone)
    assert [(row["published"], row["site"]) for row in said] == [
        ("2026-08-03", "dortmund"), ("2026-08-21", "koeln"),
    ]  # fmt: skip
    assert statements(archive, someone, newest_first=True) == said[::-1]


def test_spellings_are_one_name(tmp_path):
    with Archive.open(tmp_path) as archive:
        for name in ("Änne Groß", "Aenne Gross"):
            quotes = (Quote("Ja", name, "Leiterin"), Quote("Es sei so.", name, None, "indirect"))
            store(archive, article(name, "Titel", quotes=quotes))
        (row,) = people(archive)
        assert (row["quotations"], row["indirect"], row["releases"]) == (2, 2, 2)
        assert sorted(row["names"]) == ["Aenne Gross", "Änne Groß"]
        assert (row["first_date"], row["last_date"]) == (None, None)
        assert len(statements(archive, row)) == 4


def test_the_verb_lists_and_shows(run):
    code, out, err = run("people")
    assert (code, err) == (0, "")
    assert out.splitlines()[1].split()[:6] == "Alex Fern Stadt Dortmund, Stadt Köln".split()
    code, out, _err = run("people", "kim", "--site", "koeln")
    assert "Stadt Köln: Kim Beispiel, Leiter des Tiefbauamts" in out
    assert "Dortmund" not in out


def test_json_is_a_list_or_of_a_name_an_object(run):
    rows = json.loads(run("people", "--json", "--limit", "3")[1])
    assert [row["name"] for row in rows] == ["Alex Fern", "Toni Muster", "Kim Beispiel"]
    found = json.loads(run("people", "Kim", "--json")[1])
    assert [row["site"] for row in found["people"]] == ["dortmund", "koeln"]
    assert [(row["person"], row["site"]) for row in found["statements"]] == [
        (0, "dortmund"), (1, "koeln"),
    ]  # fmt: skip


def test_csv_of_both(run):
    rows = list(csv.DictReader(io.StringIO(run("people", "--csv")[1])))
    assert rows[0]["roles"] == "Oberbürgermeister der Stadt Köln; Oberbürgermeister"
    said = list(csv.DictReader(io.StringIO(run("people", "muster", "--csv")[1])))
    assert [row["site_name"] for row in said] == ["Stadt Dortmund", "Stadt Köln"]


def test_nobody_of_that_name_is_told_with_names_near(run):
    code, out, err = run("people", "Bespiel")
    assert (code, out) == (0, "Nothing found.\n")
    assert "Kim Beispiel" in err
    assert run("people", "!?")[0] == 2
    assert run("people", "--csv", "--json")[0] == 2
