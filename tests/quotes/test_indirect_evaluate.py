"""The score of indirect speech: what counts, what is optional, and what a bad file says."""

import json

import pytest

from scraper.quotes.evaluate import main

TEXT = "Am Montag tagte der Rat. Kämmerin Jana Moll sagte, dass das Geld reicht. Es bleibe knapp."
FIRST = {
    "text": "Kämmerin Jana Moll sagte, dass das Geld reicht.",
    "at": [25, 72],
    "speaker": "Jana Moll",
    "role": "Kämmerin",
}
SECOND = {"text": "Es bleibe knapp.", "at": [73, 89], "speaker": "Jana Moll", "role": "Kämmerin"}


@pytest.fixture
def gold(tmp_path):
    def write(*entries, text=TEXT):
        path = tmp_path / "gold.jsonl"
        path.write_text(json.dumps({"text": text, "indirect": entries}) + "\n\n", encoding="utf-8")
        return str(path)

    return write


def figures(capsys, path):
    assert main([path, "--kind", "indirect", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_figures(gold, capsys):
    assert figures(capsys, gold(FIRST, SECOND)) == {
        "sentence_precision": 1.0,
        "sentence_recall": 1.0,
        "sentence_f1": 1.0,
        "speaker_accuracy": 1.0,
        "role_accuracy": 1.0,
        "wrong_speaker_rate": 0.0,
        "passages": 1,
        "sentences": 2,
    }


def test_a_sentence_too_many_costs_precision(gold, capsys):
    found = figures(capsys, gold(FIRST))
    assert (found["sentence_precision"], found["sentence_recall"]) == (0.5, 1.0)


def test_a_missed_one_costs_recall(gold, capsys):
    other = {"text": "Am Montag tagte der Rat.", "at": [0, 24], "speaker": None, "role": None}
    found = figures(capsys, gold(other, FIRST, SECOND))
    assert (found["sentence_precision"], found["sentence_recall"]) == (1.0, 0.6667)


def test_an_optional_one_counts_nowhere(gold, capsys):
    found = figures(capsys, gold(FIRST, {**SECOND, "speaker": "X", "optional": True}))
    assert (found["sentence_f1"], found["speaker_accuracy"], found["sentences"]) == (1.0, 1.0, 1)


def test_a_place_may_be_read_in_two_ways(gold, capsys):
    shorter = {**FIRST, "text": "Geld", "at": [60, 64]}
    assert figures(capsys, gold(shorter, SECOND))["sentence_recall"] == 0.5
    either = {**shorter, "at_alts": [[25, 72]]}
    assert figures(capsys, gold(either, SECOND))["sentence_recall"] == 1.0


def test_a_speaker_may_be_read_in_two_ways(gold, capsys):
    wrong = {**FIRST, "speaker": "Kurt Lau"}
    found = figures(capsys, gold(wrong, SECOND))
    assert (found["speaker_accuracy"], found["wrong_speaker_rate"]) == (0.5, 0.5)
    found = figures(capsys, gold({**wrong, "speaker_alts": ["Jana Moll"]}, SECOND))
    assert (found["speaker_accuracy"], found["wrong_speaker_rate"]) == (1.0, 0.0)


def test_errors_name_the_rule(gold, capsys):
    path = gold({**FIRST, "speaker": "Kurt Lau"})
    assert main([path, "--kind", "indirect", "--errors"]) == 0
    printed = capsys.readouterr().out
    assert "speaker 'Jana Moll' instead of 'Kurt Lau' by verb" in printed
    assert "found by mood, but not in the gold file: 'Es bleibe knapp.'" in printed


@pytest.mark.parametrize(
    "line",
    ["[]", "{}", '{"text": 1, "indirect": []}', '{"text": "a", "indirect": [{"at": [0, 1]}]}'],
)
def test_a_bad_line_is_named(tmp_path, capsys, line):
    path = tmp_path / "gold.jsonl"
    path.write_text(line, encoding="utf-8")
    assert main([str(path), "--kind", "indirect"]) == 2
    assert "line 1 is not a passage" in capsys.readouterr().err


def test_offsets_that_do_not_fit_are_told(gold, capsys):
    assert main([gold({**FIRST, "at": [0, 3]}), "--kind", "indirect"]) == 2
    assert "at does not hold" in capsys.readouterr().err
