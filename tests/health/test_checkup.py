"""What a run is told about its health, over archives with a history."""

import dataclasses
import re
from datetime import timedelta

import pytest

from scraper.archive import begin_run
from scraper.health import maintext
from scraper.health.observed import FRESH, LATEST, fields_of
from tests.health.chronicle import FIRST_RUN, SITE, Chronicle, page_of, release


def without(field, day):
    return release(day, **({field: ()} if field in {"images", "tags"} else {field: None}))


def bare(day):
    """A release that has lost all that a page may lack, but for one picture without its words."""
    made = release(day)
    images = tuple(dataclasses.replace(i, caption=None, credit=None) for i in made.images)
    gone = dict.fromkeys("content_id kicker lead description district".split())
    return release(day, images=images, published=made.published[:10], sections=(), tags=(), **gone)


def fields(verdict):
    return {found["field"] for found in verdict.findings if found["kind"] == "field"}


def test_every_field_that_disappears_from_new_releases_is_reported(chronicle):
    verdict = chronicle.run(20, [bare(day) for day in range(1, LATEST + 1)])
    expected = (
        "content_id description district image_captions image_credits kicker lead "
        "section_headings tags text time_of_day"
    )
    assert {name for name in fields(verdict) if " " not in name} == set(expected.split())
    assert any(name.startswith("text of ") for name in fields(verdict))
    found = next(found for found in verdict.findings if found["field"] == "kicker")
    assert (found["share_before"], found["share_now"], found["pages_now"]) == (1.0, 0.0, LATEST)
    assert found["since"] == "2026-03-03"
    assert "kicker was found on 100% of the 200 pages before" in verdict.warnings[0]
    assert len(verdict.warnings) == 1


def test_new_releases_as_ever_are_no_news(chronicle):
    for day in range(1, 5):
        verdict = chronicle.run(day, [release(day)])
        assert (verdict.warnings, verdict.findings) == ([], [])


def test_small_runs_add_up_and_three_pages_without_a_picture_do_not(chronicle):
    alarms = [fields(chronicle.run(day, [without("images", day)])) for day in range(1, LATEST + 1)]
    first = next(number for number, found in enumerate(alarms, 1) if found)
    assert first == 8
    assert all("images" in found for found in alarms[first - 1 :])


def test_an_alarm_is_repeated_while_nothing_is_read_and_ends_by_itself(chronicle):
    days = range(-50, 0)
    changed = [without("kicker", day) for day in days] + [
        without("kicker", day) for day in range(-130, -50)
    ]
    assert fields(chronicle.run(1, changed)) == {"kicker"}
    for day in (1.2, 5, 1 + FRESH.days - 0.1):
        assert fields(chronicle.run(day)) == {"kicker"}
    assert not fields(chronicle.run(1 + FRESH.days + 0.1))


def test_a_run_that_read_nothing_judges_what_a_killed_one_has_stored(chronicle):
    assert not fields(chronicle.run(1, [release(1)]))
    chronicle.run(21, [without("kicker", day) for day in range(2, 22)], killed=True)
    assert fields(chronicle.run(21.1)) == {"kicker"}


def test_old_releases_that_come_late_are_no_news(chronicle):
    late = [without("kicker", day) for day in range(-260, -200)]
    verdict = chronicle.run(1, late)
    assert (verdict.warnings, verdict.findings) == ([], [])


def test_a_date_in_the_future_makes_no_release_the_newest(chronicle):
    made = without("images", 1)
    urls = [f"{made.url}-{number}.html" for number in range(11)]
    planned = [
        dataclasses.replace(made, url=url, published="2030-01-01T10:00+01:00") for url in urls
    ]
    assert fields(chronicle.run(1, planned)) == {"images"}
    # Twenty releases later they are no longer among the latest.
    assert not fields(chronicle.run(21, [release(day) for day in range(2, 22)]))


def test_what_was_imported_of_another_layout_is_no_history(chronicle):
    with chronicle.archive.transaction() as db:  # as if most had been brought by an import
        db.execute(
            "UPDATE revisions SET first_seen = '2022-01-01T00:00:00+00:00', last_seen = "
            "'2022-01-01T00:00:00+00:00', record = json_set(record, '$.videos', json('[1]')) "
            "WHERE article_id > 10"
        )
    assert not chronicle.run(20, [release(day) for day in range(1, 21)]).findings
    checkup = chronicle.look(20)
    assert (checkup.judged, checkup.earlier) == (20, 10)


def test_an_import_is_no_crawl(tmp_path):
    chronicle = Chronicle(tmp_path)
    with chronicle.archive:
        begin_run(chronicle.archive, SITE.key, "import", FIRST_RUN - timedelta(days=90))
        verdict = chronicle.run(0, [release(day) for day in range(-60, -30)])
        assert not verdict.findings  # nobody has been watching


def test_an_edited_release_counts_once(chronicle):
    made = without("images", 1)
    for number in range(12):
        verdict = chronicle.run(1 + number / 10, [dataclasses.replace(made, kicker=str(number))])
        assert not fields(verdict)


def test_pages_that_cannot_be_read_any_more_are_reported(chronicle):
    urls = [release(day).url for day in range(1, 13)]
    verdict = chronicle.run(13, [release(13)], urls)
    found = verdict.findings[0]
    assert (found["kind"], found["share_before"]) == ("parsing", 1.0)
    assert found["share_now"] < 0.1
    assert "could be read" in verdict.warnings[0]
    # Tried again in vain: still so.
    assert chronicle.run(13.2, [], urls).findings[0]["kind"] == "parsing"


def test_a_few_pages_that_never_could_be_read_alarm_nobody(chronicle):
    urls = [f"{release(0).url}-{number}.html" for number in range(4)]
    for day in (1, 2, 3):
        assert not chronicle.run(day, [], urls).findings


def test_a_first_run_that_can_read_hardly_anything_says_so_and_keeps_an_example(tmp_path):
    chronicle = Chronicle(tmp_path)
    with chronicle.archive:
        urls = [release(day).url for day in range(5)]
        verdict = chronicle.run(0, [release(-1)], urls)
        assert [found["kind"] for found in verdict.findings] == ["parsing"]
        assert "5 pages could not be read, and 1 could" in verdict.warnings[0]
        assert (tmp_path / "drift").is_dir()
        assert verdict.findings[0]["example"].endswith(".html")
        found = chronicle.run(1, [release(day) for day in range(5, 11)], urls).findings
        assert not found  # most could be read


def test_the_example_is_the_page_as_received(chronicle):
    verdict = chronicle.run(20, [without("kicker", day) for day in range(1, 21)])
    examples = list((chronicle.directory / "drift").iterdir())
    assert [path.name for path in examples] == ["20260322T120500Z-folge-20.html"]
    assert examples[0].read_bytes() == page_of(without("kicker", 20))
    assert verdict.findings[0]["example"] == str(examples[0])
    assert str(examples[0]) in verdict.warnings[0]
    chronicle.run(20.3)
    assert list((chronicle.directory / "drift").iterdir()) == examples  # not once per run


def test_an_example_that_cannot_be_written_costs_nothing_else(chronicle):
    (chronicle.directory / "drift").write_text("a file stands in the way")
    verdict = chronicle.run(20, [without("kicker", day) for day in range(1, 21)])
    assert fields(verdict) == {"kicker"}
    assert "example" not in verdict.findings[0]


# --- main text ---------------------------------------------------------------------------------


class PlainText:
    """Stands in for trafilatura: all text of a page."""

    def extract(self, html, **_options):
        return re.sub("<[^>]+>", "\n", html)


@pytest.fixture
def second_opinion(monkeypatch):
    monkeypatch.setattr(maintext, "_trafilatura", PlainText)


HIDDEN = "<p>Die Halle von Tag {day} bekommt ein neues Dach und eine neue Heizung.</p>" * 3


@pytest.mark.usefixtures("second_opinion")
def test_main_text_that_the_records_lack_is_reported_until_it_is_history(chronicle):
    assert not chronicle.run(1, [release(1)]).findings
    pages = [release(day) for day in range(2, 7)]
    verdict = chronicle.run(7, pages, hidden=HIDDEN)
    assert [found["kind"] for found in verdict.findings] == ["main_text"]
    found = verdict.findings[0]
    assert (found["misread_now"], found["pages_now"], found["misread_before"]) == (5, 5, 0)
    assert "missing from the records of 5 of the latest 5 pages" in verdict.warnings[0]
    assert "example" in found
    assert chronicle.run(7.1).findings == verdict.findings


@pytest.mark.usefixtures("second_opinion")
def test_two_misread_pages_of_five_are_no_drift(chronicle):
    chronicle.run(2, [release(1), release(2)], hidden=HIDDEN)
    assert not chronicle.run(5, [release(3), release(4), release(5)]).findings


@pytest.mark.usefixtures("second_opinion")
def test_text_that_was_never_read_is_no_news(tmp_path):
    chronicle = Chronicle(tmp_path)
    with chronicle.archive:
        chronicle.run(0, [release(day) for day in range(-30, 0)], hidden=HIDDEN)
        pages = [release(day) for day in range(1, 6)]
        assert not chronicle.run(6, pages, hidden=HIDDEN).findings


# --- silence ----------------------------------------------------------------------------------


def kinds(verdict):
    return [found["kind"] for found in verdict.findings]


def test_silence_is_reported_and_the_next_release_ends_it(chronicle):
    assert not kinds(chronicle.run(6))
    verdict = chronicle.run(8)
    assert kinds(verdict) == ["silence"]
    assert verdict.findings[0]["newest"] == "2026-03-01"
    assert "Nothing new for 9 days" in verdict.warnings[0]
    assert kinds(chronicle.run(8.2)) == ["silence"]
    assert not kinds(chronicle.run(9, [release(9)]))


def test_a_listing_that_names_what_cannot_be_had_is_not_silent(chronicle):
    chronicle.listed(f"{release(0).url}-x.html", day=7)
    assert not kinds(chronicle.run(8))


@pytest.mark.parametrize(("source", "warned"), [("live", True), ("http://127.0.0.1:1", False)])
def test_a_first_run_over_an_old_newsroom_is_no_alarm(tmp_path, source, warned):
    chronicle = Chronicle(tmp_path)
    with chronicle.archive:
        old = [release(day) for day in range(-60, -30)]
        verdict = chronicle.run(0, old, source=source)
        assert not verdict.findings
        assert bool(verdict.warnings) is warned
        assert kinds(chronicle.run(8, source=source)) == ["silence"]


def test_the_demo_is_never_silent(tmp_path):
    chronicle = Chronicle(tmp_path)
    with chronicle.archive:
        chronicle.run(0, [release(day) for day in range(-30, 0)], source="demo")
        assert chronicle.run(700, source="demo").findings == []


# --- without a run ----------------------------------------------------------------------------


def test_a_look_at_the_archive_says_the_same(chronicle):
    assert chronicle.look(1).paragraph(SITE) is None
    chronicle.run(20, [without("kicker", day) for day in range(1, 21)])
    checkup = chronicle.look(20)
    assert [found.facts["field"] for found in checkup.findings] == ["kicker"]
    assert (checkup.judged, checkup.earlier) == (20, 200)
    assert "kicker was found on 100% of the 200 pages" in checkup.paragraph(SITE)


def test_an_archive_without_a_run_has_no_health(tmp_path):
    chronicle = Chronicle(tmp_path)
    with chronicle.archive:
        assert chronicle.look(0) == type(chronicle.look(0))()


def test_indirect_speech_is_no_quotation_of_the_page():
    said = {"text": "Ja", "kind": "prose"}, {"text": "Er sei da.", "kind": "indirect"}
    record = {"sections": [], "published": None, "images": []}
    assert [fields_of(record | {"quotes": [quote]})["quotes"] for quote in said] == [True, False]
