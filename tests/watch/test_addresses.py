"""Addresses are kept apart from the archive, for their owner alone, and shown without secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import ArchiveError, UsageError
from scraper.watch import addresses

SECRETS = [
    ("mailto://ich:geheim@mail.example.org:587?to=du@example.org", "mailto://mail.example.org/…"),
    ("ntfy://mein-thema", "ntfy://…"),
    ("ntfys://ntfy.example.org/thema", "ntfys://ntfy.example.org/…"),
    ("tgram://123456789:ABCdef_ghi/12315544", "tgram://…"),
    ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "slack://…"),
    ("JSON://u:p@127.0.0.1:8080/weg?x=y", "json://127.0.0.1/…"),
    ("json://[::1]:8080/weg", "json://[::1]/…"),
    ("json://localhost", "json://localhost/…"),
    ("env:NTFY_ADDRESS", "env:NTFY_ADDRESS"),
]


@pytest.mark.parametrize(("address", "shown"), SECRETS)
def test_no_secret_is_shown(address, shown):
    assert addresses.masked(addresses.checked(address)) == shown


@given(st.text(max_size=40), st.text(min_size=8, max_size=20, alphabet="abcXYZ789"))
def test_whatever_is_in_the_place_of_a_secret_is_not_shown(place, secret):
    for address in (f"x://{secret}", f"x://{secret}@{place}", f"x://{place}/{secret}?k={secret}"):
        assert secret not in addresses.masked(address)


@pytest.mark.parametrize("typed", ["", "du@example.org", "env:", "env:A B", "://x", "mailto:"])
def test_what_is_no_address_is_said_without_repeating_it(typed):
    with pytest.raises(UsageError) as refused:
        addresses.checked(typed)
    assert not typed or typed not in str(refused.value).replace("env:NAME", "").replace(
        "mailto://user", ""
    )


def test_reasons_lose_what_they_have_of_an_address():
    address = "json://ich:pass%20wort@127.0.0.1:8080/geheimer-weg?token=abc123"
    said = "403 for ich with pass wort (pass%20wort) at 127.0.0.1/geheimer-weg, abc123"
    assert addresses.without_secrets(said, address) == "403 for … with … (…) at 127.0.0.1/…, …"


def test_addresses_are_kept_for_their_owner(tmp_path):
    names = addresses.keep(tmp_path, ["ntfy://thema", "env:ZIEL"])
    more = addresses.keep(tmp_path, ["ntfy://anderes"])
    assert names[1] is None
    kept = addresses.kept_in(tmp_path)
    assert kept == {names[0]: "ntfy://thema", more[0]: "ntfy://anderes"}
    assert (tmp_path / addresses.FILE_NAME).stat().st_mode & 0o077 == 0
    addresses.forget(tmp_path, names)
    assert addresses.kept_in(tmp_path) == {more[0]: "ntfy://anderes"}
    assert (tmp_path / addresses.FILE_NAME).stat().st_mode & 0o077 == 0


def test_a_damaged_file_is_said(tmp_path):
    (tmp_path / addresses.FILE_NAME).write_text("{")
    with pytest.raises(ArchiveError, match="not JSON"):
        addresses.kept_in(tmp_path)


def test_an_address_in_the_environment(monkeypatch):
    monkeypatch.delenv("ZIEL", raising=False)
    with pytest.raises(addresses.NoAddress, match="ZIEL"):
        addresses.address_of("env:ZIEL", None, {})
    monkeypatch.setenv("ZIEL", "ntfy://thema")
    assert addresses.address_of("env:ZIEL", None, {}) == "ntfy://thema"
