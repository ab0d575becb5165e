"""Score indirect speech over a gold file: `python -m scraper.quotes.evaluate FILE --kind indirect`.

A gold file has one passage per line: `{"text", "indirect": [{"text", "at", "speaker", "role"}]}`,
`at` being the offsets of the sentence. `at_alts`, `speaker_alts` and `role_alts` hold other right
readings; an entry that is marked `"optional": true` counts in no figure, found or missed. The
figures:

    sentence_precision  sentences found that are in the gold file, of all found
    sentence_recall     sentences of the gold file that were found, of all of them
    sentence_f1         their harmonic mean
    speaker_accuracy    matched sentences whose speaker is right (null where null is)
    role_accuracy       matched sentences whose role is right
    wrong_speaker_rate  matched sentences with a name where null or another name is right
    passages, sentences size of the gold file; optional sentences are not counted

A sentence matches once, when it overlaps by at least half of the union, or begins within three
characters of the gold one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.quotes import find_quotes
from scraper.quotes.counts import Counts
from scraper.quotes.gold import read_gold
from scraper.quotes.indirect import read_indirect
from scraper.quotes.reading import read
from scraper.quotes.spans import find_spans
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scraper.records import Quote

RATES = (
    "sentence_precision",
    "sentence_recall",
    "sentence_f1",
    "speaker_accuracy",
    "role_accuracy",
    "wrong_speaker_rate",
)
"""Names of the figures between 0 and 1; the last one is better when lower."""

_NEAR = 3  # characters by which a beginning may differ


@dataclass(frozen=True, slots=True)
class Reported:
    """One sentence as it should be found."""

    places: tuple[tuple[int, int], ...]
    speakers: tuple[str | None, ...]
    roles: tuple[str | None, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of a gold file."""

    text: str
    indirect: tuple[Reported, ...]


@dataclass(slots=True)
class Score(Counts):
    """Counts over a gold file, and what went wrong."""

    sentences: int = 0

    def figures(self) -> dict[str, float | int]:
        """The object that `--json` prints."""
        sizes = {"passages": self.passages, "sentences": self.sentences}
        return self.rates(RATES, self.sentences) | sizes


def load(path: Path) -> list[Passage]:
    """The passages of a gold file.

    Raises:
        UsageError: the file cannot be read, or a line is no passage; the message names the line.
    """
    shape = '{"text", "indirect": [{"text", "at", "speaker", "role"}]}'
    return read_gold(path, _passage, shape)


def _passage(data: dict[str, Any]) -> Passage:
    text = data["text"]
    if not isinstance(text, str):
        raise TypeError("text must be a string")
    entries = []
    for entry in data["indirect"]:
        start, end = entry["at"]
        if text[start:end] != entry["text"]:
            raise ValueError(f"at does not hold {entry['text']!r}")
        entries.append(
            Reported(
                tuple((int(first), int(last)) for first, last in _readings(entry, "at")),
                tuple(_readings(entry, "speaker")),
                tuple(_readings(entry, "role")),
                bool(entry.get("optional", False)),
            )
        )
    return Passage(text, tuple(entries))


def _readings(entry: dict[str, Any], name: str) -> list[Any]:
    return [entry.get(name), *entry.get(f"{name}_alts", [])]


def evaluate(passages: Sequence[Passage]) -> Score:
    """Run the engine over the passages and count."""
    score = Score()
    for passage in passages:
        score.passages += 1
        quotes = find_quotes(passage.text, indirect=True)
        _count(score, passage, [quote for quote in quotes if quote.kind == "indirect"])
    return score


def _count(score: Score, passage: Passage, quotes: Sequence[Quote]) -> None:
    missing = list(passage.indirect)
    score.sentences += sum(not gold.optional for gold in missing)
    for quote in quotes:
        gold = next((gold for gold in missing if _matches(gold, quote)), None)
        if gold is not None:
            missing.remove(gold)
            if gold.optional:
                continue
        score.found += 1
        if gold is None:
            score.errors.append(
                f"found by {_rule(passage, quote)}, but not in the gold file: {quote.text!r}\n"
                f"{passage.text}"
            )
        else:
            _count_speaker(score, passage, gold, quote)
    score.errors.extend(
        f"missed: {passage.text[slice(*gold.places[0])]!r}\n{passage.text}"
        for gold in missing
        if not gold.optional
    )


def _rule(passage: Passage, quote: Quote) -> str:
    """Identifier of the rule that found a sentence."""
    reading = read(passage.text, find_spans(passage.text))
    starts = {
        reading.tokens.starts[found.region.first]: found.rule
        for found in read_indirect(reading, find_quotes(passage.text))
    }
    return starts.get(quote.start or 0, "an unknown rule")


def _matches(gold: Reported, quote: Quote) -> bool:
    start, end = quote.start or 0, quote.end or 0
    for first, last in gold.places:
        common = min(end, last) - max(start, first)
        union = max(end, last) - min(start, first)
        if common > 0 and (2 * common >= union or abs(start - first) <= _NEAR):
            return True
    return False


def _count_speaker(score: Score, passage: Passage, gold: Reported, quote: Quote) -> None:
    score.matched += 1
    if _is_one(quote.speaker, gold.speakers):
        score.speakers += 1
    else:
        score.wrong += quote.speaker is not None
        score.errors.append(
            f"speaker {quote.speaker!r} instead of {gold.speakers[0]!r} by "
            f"{_rule(passage, quote)}: {quote.text!r}\n"
            f"{passage.text}"
        )
    if _is_one(quote.role, gold.roles):
        score.roles += 1
    else:
        score.errors.append(
            f"role {quote.role!r} instead of {gold.roles[0]!r}: {quote.text!r}\n{passage.text}"
        )


def _is_one(found: str | None, right: Sequence[str | None]) -> bool:
    folded = fold(found) if found else None
    return any(folded == (fold(one) if one else None) for one in right)
