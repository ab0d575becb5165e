"""Rules that have a name: an example, a pattern over tokens, and what they yield.

A table is read from top to bottom and the first rule that fits decides: nothing adds up. Its order
is the whole precedence, so an exception stands above what it is an exception from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from scraper.quotes.people import Mention
from scraper.quotes.rules.pattern import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scraper.quotes.context import Construction
    from scraper.quotes.rules.scene import Scene

NOBODY = Mention(-1, -1, "pronoun")
"""What a rule yields that is sure that nobody known speaks: no later rule is asked."""


@dataclass(frozen=True, slots=True)
class SpeechRule:
    """Whether a quoted string is speech, and how it is built into its sentence."""

    id: str
    """Name in reports: `tag.verb`."""
    example: str
    """A passage whose last quoted string this rule decides."""
    pattern: str
    """Pattern over tokens, in the language of `pattern`."""
    yields: Construction | None
    """The construction; None when the string is a name, a title or the like."""
    when: Callable[[Scene], bool] | None = None
    """What has to hold besides."""
    decides: int = -1
    """Which quoted string of the example, when it is not the last one."""
    compiled: Pattern = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", Pattern(self.pattern))


@dataclass(frozen=True, slots=True)
class SpeakerRule:
    """Who says what is quoted."""

    id: str
    example: str
    """A passage whose last quotation this rule gives to somebody, or to nobody."""
    pattern: str
    yields: Callable[[Scene, list[Mention]], Mention | None]
    """Picks the mention, given those that the pattern kept; None leaves it to the next rule."""
    decides: int = -1
    compiled: Pattern = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", Pattern(self.pattern))


R = TypeVar("R", SpeechRule, SpeakerRule)


class Table(Generic[R]):
    """Rules in their order, found by the words on either side of the quotation."""

    def __init__(self, *rules: R) -> None:
        self.rules: tuple[R, ...] = rules
        self._behind = {word for rule in rules for word in rule.compiled.first_words() or ()}
        self._before = {word for rule in rules for word in rule.compiled.before or ()}
        self._open: dict[tuple[str, str], tuple[R, ...]] = {}

    def candidates(self, scene: Scene) -> tuple[R, ...]:
        """The rules that may fit, in their order: what else they ask is not looked at."""
        behind, before = scene.tokens.words[scene.at], scene.tokens.words[scene.here.token - 1]
        key = behind if behind in self._behind else "", before if before in self._before else ""
        found = self._open.get(key)
        if found is None:
            found = self._open[key] = tuple(_open_to(self.rules, *key))
        return found


def _open_to(rules: Iterable[R], behind: str, before: str) -> Iterator[R]:
    for rule in rules:
        first, last = rule.compiled.first_words(), rule.compiled.before
        if (first is None or behind in first) and (last is None or before in last):
            yield rule


_NONE: list[Mention] = []  # what a pattern keeps that asks for nothing; nobody changes it


def first_speech(table: Table[SpeechRule], scene: Scene) -> SpeechRule | None:
    """The first rule of a table that fits a quoted string."""
    for rule in table.candidates(scene):
        pattern, when = rule.compiled, rule.when
        fits = pattern.fits_all or pattern.match(scene) is not None
        if fits and (when is None or when(scene)):
            return rule
    return None


def first_speaker(
    table: Table[SpeakerRule], scene: Scene
) -> tuple[Mention | None, SpeakerRule | None]:
    """The mention that the first fitting rule of a table yields, and that rule."""
    for rule in table.candidates(scene):
        pattern = rule.compiled
        kept = _NONE if pattern.fits_all else pattern.match(scene)
        if kept is None:
            continue
        found = rule.yields(scene, kept)
        if found is not None:
            return (None if found is NOBODY else found), rule
    return None, None
