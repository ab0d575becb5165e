"""The filters of a search mean the same in SQL and over the columns that the web view holds."""

import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive import Archive
from scraper.archive.search.filters import conditions
from scraper.browse.columns import read_columns
from scraper.browse.selection import Selection
from scraper.errors import UsageError
from scraper.records import Quote
from tests.archive.corpus import article, store

NAMES = [
    "Hörde", "Hoerde", "HÖRDE", "Innenstadt-West", "Innenstadt West", "innenstadt  west",
    "Straße", "STRASSE", "Łódź", "Lodz", "Yıldız", "İstanbul", "O'Neill", "Bauen & Wohnen", "—",
    "Änne Großjohann-Kalouti", "Groß", "%", "_", "a" * 300,
]  # fmt: skip
PUBLISHED = [
    None, "2026-05-01", "2026-05-31", "2026-05-31T23:59:59+02:00", "2026-06-01T00:00:00+02:00",
    "2026-01-01", "2026-12-31T12:00:00+01:00", "2025-12-31", "2025-12-31T23:30:00-01:00",
    # What no parser writes, but another program may.
    "gestern", "gestern-1", "2026", "2026-05", "2026-05-99", "2026-5-1", "2026-13-01", "2026-05x",
]  # fmt: skip
DATES = ["", "2025", "2026", "2025-12", "2026-01", "2026-05", "2026-06", "2026-12"]
SITES = ["dortmund", "koeln", "Köln", "KOELN", "-", "%"]
CHOSEN = st.none() | st.sampled_from(NAMES) | st.text(max_size=4)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("filters")) as made, made.transaction():
        for number, (name, published) in enumerate(product(NAMES, PUBLISHED[:9])):
            other = NAMES[number * 3 % len(NAMES)]
            release = article(
                f"a{number}",
                f"Titel {number}",
                published=published,
                district=name if number % 5 else None,
                tags=tuple(dict.fromkeys((other, name))),
                kicker=name if number % 4 else None,
                quotes=(Quote("Ja", other, None), Quote("Nein", None, None)),
            )
            store(made, replace(release, site=SITES[number % len(SITES)]))
        for number, published in enumerate(PUBLISHED[9:], start=1):
            made.db.execute("UPDATE articles SET published = ? WHERE id = ?", [published, number])
        yield made


@pytest.fixture(scope="module")
def columns(archive):
    return read_columns(archive)


def by_sql(archive, selection):
    terms, values = conditions(archive, selection.filters)
    where = " AND ".join(["true", *terms])
    return {row["id"] for row in archive.rows(f"SELECT a.id FROM articles a WHERE {where}", values)}


@given(
    selection=st.builds(
        Selection,
        date=st.sampled_from(DATES),
        tag=CHOSEN,
        district=CHOSEN,
        speaker=CHOSEN,
        kicker=CHOSEN,
        site=st.none() | st.sampled_from(SITES) | st.text(max_size=4),
    )
)
def test_both_ways_find_the_same(archive, columns, selection):
    try:
        expected = by_sql(archive, selection)
    except UsageError as error:
        with pytest.raises(UsageError, match=f"^{re.escape(str(error))}$"):
            columns.narrowed(columns.order, selection)
        return
    assert set(columns.narrowed(columns.order, selection)) == expected


@pytest.mark.parametrize("field", ["tag", "district", "speaker", "kicker"])
@pytest.mark.parametrize("name", NAMES)
def test_each_name_by_itself(archive, columns, field, name):
    if field == "speaker" and not any(map(str.isalnum, name)):
        return
    selection = Selection(**{field: name})
    found = set(columns.narrowed(columns.order, selection))
    assert found == by_sql(archive, selection)
    assert found


@pytest.mark.parametrize("date", DATES)
def test_each_time_by_itself(archive, columns, date):
    selection = Selection(date=date)
    assert set(columns.narrowed(columns.order, selection)) == by_sql(archive, selection)


@pytest.mark.parametrize("site", SITES)
def test_each_city_by_itself(archive, columns, site):
    selection = Selection(site=site)
    found = set(columns.narrowed(columns.order, selection))
    assert found == by_sql(archive, selection)
    assert found
    assert len(found) == columns.sites[site]


class Several(Selection):
    """A selection of several cities, as the command line can make one."""

    @property
    def filters(self):
        return replace(super().filters, sites=tuple(self.site))


@pytest.mark.parametrize("sites", [("dortmund", "koeln"), ("koeln", "nowhere"), ("nowhere",)])
def test_several_cities_at_once(archive, columns, sites):
    selection = Several(site=sites, date="2026")
    assert set(columns.narrowed(columns.order, selection)) == by_sql(archive, selection)
