"""Whether a file says what a release says."""

import pytest

from scraper.decide.twin import is_twin

WORDS = " ".join(f"wort{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(60))
IMPRINT = " ".join(["Pressestelle Rathaus Telefon"] * 40)


@pytest.mark.parametrize(
    ("file", "twin"),
    [
        (WORDS, True),
        (WORDS.upper().replace(" ", "\n"), True),
        (f"{IMPRINT} {WORDS}", True),
        (WORDS[: len(WORDS) // 2], False),
        (f"{WORDS} {IMPRINT * 3}", False),
        ("", False),
        (None, False),
    ],
)
def test_a_twin_has_the_words_of_the_release_and_little_else(file, twin):
    assert is_twin(WORDS, file) == twin


def test_a_few_words_prove_nothing():
    assert not is_twin("Neuer Park", "Neuer Park")
