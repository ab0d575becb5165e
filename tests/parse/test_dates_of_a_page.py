"""When a page says it was published and changed."""

import pytest

from tests.support.release import page, read


@pytest.mark.parametrize(
    ("time", "published"),
    [
        ("<time datetime='24:00'>Mo 7. Juli 2025 24:00 Uhr</time>", "2025-07-08T00:00:00+02:00"),
        ("<time>Mo 7. Juli 2025, 24 Uhr</time>", "2025-07-08T00:00:00+02:00"),
        ("<time datetime='24:00'>Mo 7. Juli 2025</time>", "2025-07-08T00:00:00+02:00"),
        ("<time>31.12.2025 24.00 Uhr</time>", "2026-01-01T00:00:00+01:00"),
        ("<time>Sa 25. Oktober 2025 24:00 Uhr</time>", "2025-10-26T00:00:00+02:00"),
        ("<time>Mo 7. Juli 2025 0:00 Uhr</time>", "2025-07-07T00:00:00+02:00"),
        ("<time>Mo 7. Juli 2025 24:30 Uhr</time>", "2025-07-07"),
    ],
)
def test_the_end_of_a_day_is_the_next_midnight(time, published):
    assert read(page("<p>Text.</p>", time=time)).published == published
