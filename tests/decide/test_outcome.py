import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.decide.fingerprint import fingerprint
from scraper.decide.outcome import Outcome, Stored, decide, is_outage
from scraper.records import Article, Block, Image, Link, Quote, Related, Section, Video

NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
ARTICLE = Article(
    url="https://www.dortmund.de/newsroom/nachrichten/a.html",
    site="dortmund",
    title="Neue Brücke",
    sections=(Section(None, (Block("paragraph", "Die Brücke ist fertig."),)),),
    text="Die Brücke ist fertig.",
)
STORED = Stored(1, ARTICLE.url, fingerprint(ARTICLE))


def test_unknown_is_new():
    decision = decide(None, ARTICLE, NOW)
    assert (decision.outcome, decision.content_changed) == (Outcome.NEW, True)


def test_same_content_is_unchanged():
    decision = decide(STORED, ARTICLE, NOW)
    assert (decision.outcome, decision.content_changed) == (Outcome.UNCHANGED, False)


def test_a_comma_is_a_change():
    edited = dataclasses.replace(
        ARTICLE, sections=(Section(None, (Block("paragraph", "Die Brücke, ist fertig."),)),)
    )
    assert decide(STORED, edited, NOW).outcome is Outcome.CHANGED


def test_another_address_is_a_move():
    moved = dataclasses.replace(ARTICLE, url=ARTICLE.url.replace("a.html", "b.html"))
    decision = decide(STORED, moved, NOW)
    assert (decision.outcome, decision.content_changed) == (Outcome.MOVED, False)


def test_missing_once_is_not_gone():
    assert decide(STORED, None, NOW).outcome is Outcome.MISSING
    same_run = dataclasses.replace(STORED, missing_since=NOW)
    assert decide(same_run, None, NOW).outcome is Outcome.MISSING
    earlier_run = dataclasses.replace(STORED, missing_since=NOW - timedelta(hours=6))
    assert decide(earlier_run, None, NOW).outcome is Outcome.GONE


def test_what_was_gone_is_back():
    gone = dataclasses.replace(STORED, gone_at="2026-10-01T00:00:00+00:00")
    decision = decide(gone, ARTICLE, NOW)
    assert (decision.outcome, decision.is_back) == (Outcome.UNCHANGED, True)


@pytest.mark.parametrize(
    "noise",
    [
        {"related": (Related("https://www.dortmund.de/newsroom/nachrichten/z.html", "Z"),)},
        {"published_raw": "Mo 7. Juli 2025"},
        {"page_id": "1"},
        {"quotes": (Quote("Die Brücke ist fertig", "Jo Doe"),)},
        {"quotes": (Quote("Die Brücke sei fertig.", "Jo Doe", None, "indirect", 0, 22),)},
    ],
)
def test_template_and_our_own_readings_make_no_version(noise):
    assert fingerprint(dataclasses.replace(ARTICLE, **noise)) == STORED.fingerprint


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Neue Brücke!"},
        {"kicker": "Verkehr"},
        {"lead": "Endlich."},
        {"description": "Kurz."},
        {"published": "2025-07-07"},
        {"images": (Image("https://x.de/a.jpg", caption="Die Brücke"),)},
        {"quotes": (Quote("Endlich ist sie da", "Jo Doe", kind="block"),)},
        {"videos": (Video("https://x.de/v"),)},
        {"tags": ("Verkehr",)},
        {"district": "Hörde"},
    ],
)
def test_every_field_of_the_city_counts(edit):
    assert fingerprint(dataclasses.replace(ARTICLE, **edit)) != STORED.fingerprint


@given(st.integers(0, 4), st.integers(0, 1_000))
def test_a_few_that_vanish_are_believed(vanished, others):
    assert not is_outage(vanished, vanished + others)


@given(st.integers(5, 1_000))
def test_a_fifth_is_believed_and_more_is_an_outage(vanished):
    assert not is_outage(vanished, vanished * 5)
    assert is_outage(vanished, vanished * 5 - 1)


def test_a_signature_in_an_address_makes_no_version():
    signed = [
        dataclasses.replace(
            ARTICLE,
            links=(Link(f"https://example.org/plan.pdf?token={token}", "Plan", "download"),),
            videos=(Video(f"https://example.org/film?expires={token}"),),
        )
        for token in ("17518700001a", "1751879999b2")
    ]
    assert fingerprint(signed[0]) == fingerprint(signed[1]) != STORED.fingerprint
