"""Who a text means by a name, an office or a pronoun, and whose words it quotes."""

from pathlib import Path

import pytest

from scraper.quotes import find_quotes
from scraper.quotes.evaluate import evaluate, load

WORDS = "Das ist ein gutes Zeichen für uns alle hier"
FILE = Path(__file__).parent.parent / "fixtures" / "quotes" / "patterns.txt"
PATTERNS = [
    line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
]
KINDS = [
    line
    for line in FILE.with_name("kinds.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
EXAMPLES = Path(__file__).parents[3] / "shared" / "quotes-examples.jsonl"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_first_speaker_of_a_pattern(pattern):
    text, speaker, role = pattern.rsplit(" | ", 2)
    quotes = find_quotes(text.replace("Q.", f"{WORDS}.").replace("„Q", f"„{WORDS}"))
    assert quotes
    assert (quotes[0].speaker or "-", quotes[0].role or "-") == (speaker, role)


@pytest.mark.parametrize("line", KINDS)
def test_the_last_speaker_of_each_kind(line):
    text, speaker, role = line.rsplit(" | ", 2)
    last = find_quotes(text.replace("„Q", f"„{WORDS}"))[-1]
    assert (last.speaker or "-", last.role or "-") == (speaker, role)


def test_the_examples_of_what_goes_wrong():
    if not EXAMPLES.is_file():
        pytest.skip("the examples are not part of the repository")
    figures = evaluate(load(EXAMPLES)).figures()
    assert figures["span_f1"] > 0.98
    assert figures["speaker_accuracy"] > 0.98
    assert figures["wrong_speaker_rate"] == 0


@pytest.mark.parametrize(
    "trade", "Konditor Hydrologe Kadettin Kanute Klempner Urologin Radprofi".split()
)
@pytest.mark.parametrize("verb", "behauptet mutmaßt beteuerten frohlockt wiederholt".split())
def test_trades_and_verbs_of_speech(trade, verb):
    quote = find_quotes(f"„{WORDS}“, {verb} {trade} Qrumbo Lindt.")[0]
    assert (quote.speaker, quote.role) == ("Qrumbo Lindt", trade)


@pytest.mark.parametrize(
    "text",
    [
        "Die Frage „Wem gehört die Stadt eigentlich?“ diskutieren Anna Moll und Karl Brandt.",
        "„Wem gehört die Stadt eigentlich?“, steht auf dem Schild von Anna Moll.",
        "„Wem gehört die Stadt“ Das Buch von Anna Moll ist neu.",
        "„Wem gehört die Stadt eigentlich?“ So steht es auf dem Plakat von Anna Moll.",
    ],
)
def test_what_is_no_speech(text):
    assert find_quotes(text) == ()


def test_the_patterns_are_there():
    assert len(PATTERNS) > 150
