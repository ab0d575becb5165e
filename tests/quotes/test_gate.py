"""The gate: no figure over the held-out half falls below the pinned baseline, or below the bars.

To pin a better baseline:
    python -m scraper.quotes.evaluate tests/fixtures/quotes/test.jsonl \
        --pin tests/fixtures/quotes/baseline.json
It refuses when a figure fell; `--allow-lower` lowers the baseline, and says so in the history.
"""

import json
from pathlib import Path

import pytest

from scraper.quotes.evaluate import evaluate, fallen, load

GOLD = Path(__file__).parent.parent / "fixtures" / "quotes"
BARS = {
    "span_f1": 0.95,
    "speaker_accuracy": 0.92,
    "role_accuracy": 0.85,
    "wrong_speaker_rate": 0.03,
}


def test_no_figure_falls():
    figures = evaluate(load(GOLD / "test.jsonl")).figures()
    baseline = json.loads((GOLD / "baseline.json").read_text(encoding="utf-8"))
    assert fallen(figures, baseline) == []
    assert fallen(figures, BARS) == []
    assert (figures["passages"], figures["quotes"]) == (baseline["passages"], baseline["quotes"])


@pytest.mark.parametrize("name", ["dev", *(f"dev{number}" for number in range(2, 44))])
def test_the_development_halves_hold_the_bars(name):
    assert fallen(evaluate(load(GOLD / f"{name}.jsonl")).figures(), BARS) == []


def test_the_gold_set_is_large_enough():
    passages = non_quotes = without = 0
    for name in ("dev.jsonl", "test.jsonl"):
        for line in (GOLD / name).read_text(encoding="utf-8").splitlines():
            data = json.loads(line)
            passages += 1
            non_quotes += len(data["non_quotes"])
            without += not data["quotes"]
    assert passages >= 150
    assert non_quotes >= 120
    assert without >= 15
