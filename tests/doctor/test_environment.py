"""What newsroom-archive runs on, fit and unfit."""

from importlib import metadata

import pytest

from scraper.doctor import environment
from scraper.doctor.check import note, ok, trouble, worst_code
from scraper.fetch.identity import DEFAULT_CONTACT
from scraper.sites import get_site


def installed(**versions):
    def version_of(name):
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    return version_of


def test_an_old_python_is_trouble():
    assert environment.check_python((3, 10, 9)).exit_code == 2
    assert environment.check_python((3, 11, 0)) == ok("python", "3.11.0")
    assert environment.check_python((4, 0, 0)).status == "ok"


@pytest.mark.parametrize(
    ("found", "status"),
    [("1.9", "trouble"), ("1.10", "ok"), ("1.10.0", "ok"), ("2", "ok"), ("1.10rc1", "ok")],
)
def test_libraries_are_compared_number_by_number(found, status):
    check = environment.check_packages(["alpha>=1.10"], installed(alpha=found))
    assert check.status == status


def test_a_missing_library_is_named_and_optional_ones_are_not():
    needs = ["alpha>=1", "beta>=2.0", 'gamma>=3; extra == "test"']
    check = environment.check_packages(needs, installed(alpha="1.0"))
    assert (check.status, check.detail, check.exit_code) == ("trouble", "beta is missing", 2)
    assert "pip install" in check.advice


def test_what_this_distribution_states_is_fulfilled():
    needs = environment.stated_requirements()
    assert any(text.startswith("httpx") for text in needs)
    assert environment.check_packages(needs).status == "ok"
    assert environment.check_packages([]).status == "note"


def test_this_environment_is_fit():
    site = get_site("dortmund")
    assert environment.check_sqlite().status == "ok"
    assert environment.check_time_zone(site) == ok("time zone", "Europe/Berlin, in summer +0200")


def test_a_missing_feature_of_sqlite_is_trouble(monkeypatch):
    monkeypatch.setitem(environment._FEATURES, "time travel", "CREATE TRAVEL")
    check = environment.check_sqlite()
    assert check.exit_code == 7
    assert check.detail.endswith("lacks time travel")


@pytest.mark.parametrize(
    ("encoding", "status"), [("UTF-8", "ok"), ("utf8", "ok"), ("ANSI_X3.4-1968", "note")]
)
def test_the_locale(encoding, status):
    assert environment.check_terminal(encoding).status == status


def test_the_contact_and_the_extra():
    assert environment.check_contact("https://example.org/us").status == "ok"
    assert "NEWSROOM_CONTACT" in environment.check_contact(DEFAULT_CONTACT).advice
    check = environment.check_second_opinion("trafilatura is not installed")
    assert (check.status, check.exit_code) == ("note", 0)
    assert "trafilatura is not installed" in check.detail


def test_the_archive_weighs_most():
    checks = [ok("a", ""), note("b", ""), trouble("c", "", "", 5)]
    assert worst_code(checks) == 5
    assert worst_code([*checks, trouble("d", "", "", 4)]) == 4
    assert worst_code([*checks, trouble("d", "", "", 7), trouble("e", "", "", 4)]) == 7
    assert worst_code(checks[:2]) == 0
