"""Repeatable random numbers: the same key always gives the same ones."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class SeededRandom:
    """Random choices from an integer key, the same on every machine and Python version.

    Only `Random.random` is used: it is the one method whose sequence Python guarantees.
    """

    __slots__ = ("fraction",)

    def __init__(self, key: int) -> None:
        self.fraction = random.Random(key).random  # noqa: S311 - invented texts, not secrets

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[int(self.fraction() * len(choices))]

    def pick_some(self, choices: Sequence[T], number: int) -> list[T]:
        """That many different choices, or all of them if there are fewer."""
        left = list(choices)
        return [left.pop(int(self.fraction() * len(left))) for _ in range(min(number, len(left)))]

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.fraction() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """True in that share of cases (0 to 1)."""
        return self.fraction() < share

    def identifier(self) -> str:
        """A UUID of version 4."""
        first = f"{int(self.fraction() * 2**48):012x}"
        second = f"{int(self.fraction() * 2**48):012x}"
        third = f"{int(self.fraction() * 2**24):06x}"
        return f"{first[:8]}-{first[8:]}-4{second[:3]}-a{second[3:6]}-{second[6:]}{third}"
