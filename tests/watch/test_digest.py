"""Messages: plain text that fits, calls nobody, and cannot forge a line."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.search.filters import Filters
from scraper.watch.digest import MOST, digest, harmless
from scraper.watch.news import News
from scraper.watch.saved import Watch
from scraper.watch.sending import Letter, send

WATCH = Watch(1, "schule", "Schule", Filters(), False, "2026-10-01", None, 0, "")
NEWS = News(
    1, 1, "new", "2026-10-01", "Titel", "https://www.example.org/a", "2026-09-01", "x", "Stadt",
    "Ein Satz.", "has Schule",
)  # fmt: skip


@given(st.text())
def test_foreign_text_stays_on_its_line_and_calls_nobody(text):
    made = harmless(f"@everyone {text}<!channel>")
    assert "\n" not in made
    assert "@everyone" not in made
    assert "<!" not in made


@given(st.integers(1, 50), st.integers(0, 3_000), st.text(max_size=300))
def test_a_message_is_as_long_as_its_target_takes(count, most, title):
    made = digest(WATCH, [replace(NEWS, title=title)] * count, count)
    body = made.body(most)
    assert not most or len(body) <= most
    if not most:
        assert body.count("Why: ") >= min(count, MOST)
        assert ("more, see" in body) == (count > MOST)


def test_what_is_left_out_for_length_is_counted():
    body = digest(WATCH, [NEWS] * 30, 30).body(300)
    shown = body.count("Why: ")
    assert 0 < shown < MOST
    assert f"… and {30 - shown} more" in body


def test_a_letter_does_not_show_its_address():
    assert "geheim" not in repr(Letter("json://geheim", digest(WATCH, [NEWS], 1)))


def test_what_does_not_answer_is_ended(loopback):
    loopback.script = None  # the handler fails before it answers
    letter = Letter(f"json://{loopback.address}/x", digest(WATCH, [NEWS], 1))
    (reason,) = send([letter])
    assert reason
    assert "Traceback" not in reason
