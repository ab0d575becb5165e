"""The gate for indirect speech: no figure over the held-out half falls below baseline or bars.

To pin a better baseline:
    python -m scraper.quotes.evaluate tests/fixtures/quotes/indirect-test.jsonl --kind indirect \
        --pin tests/fixtures/quotes/indirect-baseline.json
It refuses when a figure fell; `--allow-lower` lowers the baseline, and says so in the history.
"""

import json
from pathlib import Path

import pytest

from scraper.quotes.evaluate import fallen
from scraper.quotes.indirect_evaluate import evaluate, load

GOLD = Path(__file__).parent.parent / "fixtures" / "quotes"
BARS = {
    "sentence_precision": 0.92,
    "sentence_recall": 0.85,
    "sentence_f1": 0.88,
    "speaker_accuracy": 0.90,
    "wrong_speaker_rate": 0.05,
}


def test_no_figure_falls():
    figures = evaluate(load(GOLD / "indirect-test.jsonl")).figures()
    baseline = json.loads((GOLD / "indirect-baseline.json").read_text(encoding="utf-8"))
    assert fallen(figures, baseline) == []
    assert fallen(figures, BARS) == []
    sizes = ("passages", "sentences")
    assert [figures[name] for name in sizes] == [baseline[name] for name in sizes]


@pytest.mark.parametrize(
    "name", ["indirect-dev", *(f"indirect-dev{number}" for number in range(2, 8))]
)
def test_the_development_half_holds_the_bars(name):
    assert fallen(evaluate(load(GOLD / f"{name}.jsonl")).figures(), BARS) == []


def test_the_gold_set_is_large_enough():
    passages = sentences = without = 0
    for name in ("indirect-dev.jsonl", "indirect-test.jsonl"):
        for passage in load(GOLD / name):
            passages += 1
            sentences += sum(not entry.optional for entry in passage.indirect)
            without += not passage.indirect
    assert passages >= 300
    assert sentences >= 300
    assert without >= 50
