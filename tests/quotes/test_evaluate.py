"""The score: what counts, what is optional, and what a bad file says."""

import json
import subprocess
import sys

import pytest

from scraper.quotes.evaluate import fallen, main

TEXT = "„Wir bauen bis zum Herbst“, sagt Kämmerin Jana Moll. „Das wird gut werden.“"
FIRST = {"text": "Wir bauen bis zum Herbst", "speaker": "Jana Moll", "role": "Kämmerin"}
SECOND = {"text": "Das wird gut werden.", "speaker": "Jana Moll", "role": "Kämmerin"}


@pytest.fixture
def gold(tmp_path):
    def write(*quotes, text=TEXT):
        path = tmp_path / "gold.jsonl"
        line = json.dumps({"text": text, "quotes": quotes, "non_quotes": []})
        path.write_text(line + "\n\n", encoding="utf-8")
        return str(path)

    return write


def figures(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_figures(gold, capsys):
    assert figures(capsys, gold(FIRST, SECOND)) == {
        "span_precision": 1.0,
        "span_recall": 1.0,
        "span_f1": 1.0,
        "speaker_accuracy": 1.0,
        "role_accuracy": 1.0,
        "wrong_speaker_rate": 0.0,
        "passages": 1,
        "quotes": 2,
    }


def test_a_quotation_too_many_costs_precision(gold, capsys):
    found = figures(capsys, gold(FIRST))
    assert (found["span_precision"], found["span_recall"]) == (0.5, 1.0)


def test_a_missed_one_costs_recall(gold, capsys):
    found = figures(capsys, gold(FIRST, SECOND, {**FIRST, "text": "Nie gesagt."}))
    assert (found["span_precision"], found["span_recall"]) == (1.0, 0.6667)


def test_a_fragment_counts_nowhere(gold, capsys):
    found = figures(capsys, gold(FIRST, {**SECOND, "speaker": "X", "fragment": True}))
    assert (found["span_f1"], found["speaker_accuracy"], found["quotes"]) == (1.0, 1.0, 1)
    missed = figures(capsys, gold(FIRST, SECOND, {**FIRST, "text": "Nie.", "fragment": True}))
    assert missed["span_recall"] == 1.0


def test_a_name_where_none_is_right_is_wrong(gold, capsys):
    found = figures(capsys, gold({**FIRST, "speaker": None, "role": None}, SECOND))
    assert (found["wrong_speaker_rate"], found["speaker_accuracy"]) == (0.5, 0.5)
    assert found["role_accuracy"] == 0.5


def test_none_where_a_name_is_right_is_a_miss_but_not_wrong(gold, capsys):
    text = "„Wir bauen bis zum Herbst“, war zu hören."
    found = figures(capsys, gold(FIRST, text=text))
    assert (found["wrong_speaker_rate"], found["speaker_accuracy"]) == (0.0, 0.0)


def test_white_space_is_folded(gold, capsys):
    found = figures(capsys, gold(FIRST, SECOND, text=TEXT.replace("bis zum", "bis  zum")))
    assert found["span_f1"] == 1.0


def test_errors_show_each_miss_with_its_passage(gold, capsys):
    path = gold({**FIRST, "speaker": "Kurt Lau", "role": None})
    assert main([path, "--errors"]) == 0
    printed = capsys.readouterr().out
    assert "speaker 'Jana Moll' instead of 'Kurt Lau'" in printed
    assert "role 'Kämmerin' instead of None" in printed
    assert "found, but not in the gold file: 'Das wird gut werden.'" in printed
    assert TEXT in printed
    assert "span_f1" in printed
    assert main([path, "--errors", "--json"]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["passages"] == 1
    assert TEXT in output.err


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "{}",
        '{"text": "a"}',
        '{"text": 1, "quotes": []}',
        '{"text": "", "quotes": [1]}',
        '{"text": "a", "quotes": [{"text": null}]}',
        "[" * 5000,
        '"x"',
        "null",
    ],
)
def test_a_bad_line_is_named(tmp_path, capsys, line):
    path = tmp_path / "gold.jsonl"
    path.write_text(f'{{"text": "a", "quotes": []}}\n{line}\n', encoding="utf-8")
    assert main([str(path)]) == 2
    assert f"{path}, line 2 is not a passage" in capsys.readouterr().err


def test_errors_name_the_rule(gold, capsys):
    text = f"{TEXT} Das „Boot am Fluss“ ist neu."
    other = {**FIRST, "speaker": "Ina Lau", "role": "Rektorin"}
    boat = {"text": "Boot am Fluss", "speaker": None, "role": None}
    path = gold(other, boat, {**boat, "text": "Nie gesagt."}, text=text)
    assert main([path, "--errors"]) == 0
    shown = capsys.readouterr().out
    assert "after.subject: speaker 'Jana Moll' instead of 'Ina Lau'" in shown
    assert "after.subject: role 'Kämmerin' instead of 'Rektorin'" in shown
    assert "opening.sentence: found, but not in the gold file: 'Das wird gut werden.'" in shown
    assert "inside.short: missed: 'Boot am Fluss'" in shown
    assert "marks: missed: 'Nie gesagt.'" in shown


def test_a_missing_empty_or_binary_file_is_named(tmp_path, capsys):
    assert main([str(tmp_path / "none.jsonl")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    assert main([str(tmp_path / "empty.jsonl")]) == 2
    assert "holds no passage" in capsys.readouterr().err
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    assert main([str(tmp_path / "binary.jsonl")]) == 2
    assert "not UTF-8" in capsys.readouterr().err


def test_the_command(gold):
    result = subprocess.run(
        [sys.executable, "-m", "scraper.quotes.evaluate", gold(FIRST, SECOND), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["quotes"] == 2


def test_a_rise_of_wrong_speakers_is_a_fall():
    before = {"span_f1": 0.9, "wrong_speaker_rate": 0.01}
    assert fallen({"span_f1": 0.91, "wrong_speaker_rate": 0.01}, before) == []
    assert fallen({"span_f1": 0.89, "wrong_speaker_rate": 0.02}, before) == [
        "span_f1: 0.89, was 0.9",
        "wrong_speaker_rate: 0.02, was 0.01",
    ]


def test_the_baseline_is_lowered_only_on_demand(gold, tmp_path, capsys):
    pinned = tmp_path / "baseline.json"
    assert main([gold(FIRST, SECOND), "--pin", str(pinned)]) == 0
    assert json.loads(pinned.read_text(encoding="utf-8"))["span_f1"] == 1.0
    assert main([gold(FIRST), "--pin", str(pinned)]) == 2
    assert "figures fell" in capsys.readouterr().err
    assert json.loads(pinned.read_text(encoding="utf-8"))["span_f1"] == 1.0
    assert main([gold(FIRST), "--pin", str(pinned), "--allow-lower"]) == 0
    assert json.loads(pinned.read_text(encoding="utf-8"))["span_f1"] < 1.0
