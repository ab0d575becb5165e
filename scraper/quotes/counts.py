"""What is counted over a gold file, for both kinds of speech, and the shares that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Counts:
    """Counts over a gold file, and what went wrong."""

    passages: int = 0
    found: int = 0
    matched: int = 0
    speakers: int = 0
    roles: int = 0
    wrong: int = 0
    errors: list[str] = field(default_factory=list)

    def rates(self, names: Sequence[str], wanted: int) -> dict[str, float | int]:
        """Six shares by name; a share of nothing is 1 (0 for wrong speakers).

        Args:
            names: of precision, recall, F1, right speakers, right roles, wrong speakers.
            wanted: how many the gold file has.
        """
        precision, recall = _share(self.matched, self.found), _share(self.matched, wanted)
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        rates = (
            precision,
            recall,
            f1,
            _share(self.speakers, self.matched),
            _share(self.roles, self.matched),
            self.wrong / self.matched if self.matched else 0.0,
        )
        return {name: round(rate, 4) for name, rate in zip(names, rates, strict=True)}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
