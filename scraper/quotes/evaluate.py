"""Score the engine over a gold file: `python -m scraper.quotes.evaluate FILE [--json] [--errors]`.

A gold file has one passage per line: `{"text", "quotes": [{"text", "speaker", "role"}],
"non_quotes": []}`, paragraphs parted by blank lines. The figures:

    span_precision      quotations found that are in the gold file, of all found
    span_recall         quotations of the gold file that were found, of all of them
    span_f1             their harmonic mean
    speaker_accuracy    matched quotations whose speaker is right (full name, or null where null is)
    role_accuracy       matched quotations whose role is right
    wrong_speaker_rate  matched quotations with a name where null or another name is right
    passages, quotes    size of the gold file; optional quotations are not counted

A quotation matches when its words are equal after folding white space; each one matches once. One
that is marked `"fragment": true` is optional: found or missed, it counts in no figure.

`--json` prints one object, `--errors` every miss with the rule that erred and its passage. `--pin
FILE` writes the figures as the baseline of the gate, and refuses if one is worse than in FILE
unless `--allow-lower` is given. `--kind indirect` scores sentences of indirect speech instead (see
`indirect_evaluate`). Exit code 2 for a file that cannot be read as a gold file, or a refused pin.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from scraper.errors import UsageError
from scraper.quotes import trace
from scraper.quotes.counts import Counts
from scraper.quotes.gold import read_gold
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.quotes import Trace


RATES = (
    "span_precision",
    "span_recall",
    "span_f1",
    "speaker_accuracy",
    "role_accuracy",
    "wrong_speaker_rate",
)
"""Names of the figures between 0 and 1; the last one is better when lower."""
_SIZES = frozenset({"passages", "quotes", "sentences"})


class Scored(Protocol):
    """What is common to the scores of both kinds of speech."""

    errors: list[str]

    def figures(self) -> dict[str, float | int]:
        """The object that `--json` prints."""


NO_STRING, NO_SPEAKER = "marks", "no rule"
"""What errors name when no quoted string was seen, and when no rule gave a speaker."""


@dataclass(frozen=True, slots=True)
class Gold:
    """One quotation as it should be found."""

    text: str
    speaker: str | None
    role: str | None
    fragment: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of a gold file."""

    text: str
    quotes: tuple[Gold, ...]


@dataclass(slots=True)
class Score(Counts):
    """Counts over a gold file, and what went wrong."""

    quotes: int = 0

    def figures(self) -> dict[str, float | int]:
        """The object that `--json` prints."""
        sizes = {"passages": self.passages, "quotes": self.quotes}
        return self.rates(RATES, self.quotes) | sizes


def load(path: Path) -> list[Passage]:
    """The passages of a gold file.

    Raises:
        UsageError: the file cannot be read, or a line is no passage; the message names the line.
    """
    return read_gold(path, _passage, '{"text", "quotes": [{"text", "speaker", "role"}]}')


def _passage(data: dict[str, Any]) -> Passage:
    quotes = tuple(
        Gold(
            fold(quote["text"]),
            quote.get("speaker"),
            quote.get("role"),
            bool(quote.get("fragment", False)),
        )
        for quote in data["quotes"]
    )
    if not isinstance(data["text"], str):
        raise TypeError("text must be a string")
    return Passage(data["text"], quotes)


def evaluate(passages: Sequence[Passage]) -> Score:
    """Run the engine over the passages and count."""
    score = Score()
    for passage in passages:
        score.passages += 1
        _count(score, passage, trace(passage.text))
    return score


def _count(score: Score, passage: Passage, traces: Sequence[Trace]) -> None:
    open_gold = list(passage.quotes)
    score.quotes += sum(not gold.fragment for gold in open_gold)
    for one in traces:
        if one.quote is None:
            continue
        words = fold(one.words)
        gold = next((gold for gold in open_gold if gold.text == words), None)
        if gold:
            open_gold.remove(gold)
            if gold.fragment:
                continue
        score.found += 1
        if gold is None:
            score.errors.append(
                f"{one.speech_rule}: found, but not in the gold file: {words!r}\n{passage.text}"
            )
        else:
            _count_speaker(score, passage, gold, one)
    rejected = {fold(one.words): one.speech_rule for one in traces if one.quote is None}
    score.errors.extend(
        f"{rejected.get(gold.text) or NO_STRING}: missed: {gold.text!r}\n{passage.text}"
        for gold in open_gold
        if not gold.fragment
    )


def _count_speaker(score: Score, passage: Passage, gold: Gold, one: Trace) -> None:
    score.matched += 1
    speaker, role = (one.quote.speaker, one.quote.role) if one.quote else (None, None)
    rule = one.speaker_rule or NO_SPEAKER
    told = f"{gold.text!r} ({one.speech_rule})\n{passage.text}"
    if _same(gold.speaker, speaker):
        score.speakers += 1
    else:
        score.wrong += speaker is not None
        score.errors.append(f"{rule}: speaker {speaker!r} instead of {gold.speaker!r}: {told}")
    if _same(gold.role, role):
        score.roles += 1
    else:
        score.errors.append(f"{rule}: role {role!r} instead of {gold.role!r}: {told}")


def _same(one: str | None, other: str | None) -> bool:
    return (fold(one) if one else None) == (fold(other) if other else None)


def fallen(figures: dict[str, float | int], baseline: dict[str, float | int]) -> list[str]:
    """One readable line for each figure that is worse than in the baseline."""
    worse = []
    for name in [name for name in figures if name not in _SIZES]:
        sign = -1 if name == "wrong_speaker_rate" else 1
        if name in baseline and sign * (figures[name] - baseline[name]) < 0:
            worse.append(f"{name}: {figures[name]}, was {baseline[name]}")
    return worse


def pin(figures: dict[str, float | int], path: Path, *, allow_lower: bool) -> None:
    """Write the figures as the new baseline.

    Raises:
        UsageError: a figure is worse than the pinned one and `allow_lower` is not set.
    """
    if path.exists() and not allow_lower:
        worse = fallen(figures, json.loads(path.read_text(encoding="utf-8")))
        if worse:
            raise UsageError(
                f"{path} is left as it is, because figures fell ({'; '.join(worse)}). "
                "Mend the rules, or give --allow-lower."
            )
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scraper.quotes.evaluate",
        description="Score quotations over a gold file.",
    )
    parser.add_argument("file", type=Path, help="gold file, one JSON object per line")
    parser.add_argument(
        "--kind",
        choices=("prose", "indirect"),
        default="prose",
        help="direct quotations, or sentences of indirect speech (see indirect_evaluate)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--errors", action="store_true", help="print each miss with its passage")
    parser.add_argument("--pin", type=Path, metavar="FILE", help="write the figures as baseline")
    parser.add_argument("--allow-lower", action="store_true", help="let --pin lower the baseline")
    options = parser.parse_args(arguments)
    try:
        score = _score(options.file, options.kind)
        if options.pin:
            pin(score.figures(), options.pin, allow_lower=options.allow_lower)
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    _report(score, as_json=options.json, errors=options.errors)
    return 0


def _score(path: Path, kind: str) -> Scored:
    if kind == "indirect":
        from scraper.quotes import indirect_evaluate

        return indirect_evaluate.evaluate(indirect_evaluate.load(path))
    return evaluate(load(path))


def _report(score: Scored, *, as_json: bool, errors: bool) -> None:
    figures = score.figures()
    if errors:
        # With --json nothing but the object goes to standard output.
        stream = sys.stderr if as_json else sys.stdout
        stream.write("".join(f"{error}\n\n" for error in score.errors))
    if as_json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        sys.stdout.write("".join(f"{name:<20}{value:>8}\n" for name, value in figures.items()))


if __name__ == "__main__":
    sys.exit(main())
