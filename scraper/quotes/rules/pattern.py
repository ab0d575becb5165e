"""A small language for token patterns around a quotation: `^ Q , so @WHO`.

Blanks part the elements. `Q` is the quotation; elements left of it match backwards from it, those
right of it forwards, each right next to the one before:

    so|wie      one of these words, as printed (also marks: `,`, `–`)
    @VERB       a token of a class; the classes are listed in `CLASSES`
    @WHO        somebody who can speak, as long as the mention is; the match keeps it
    …           up to eight tokens of the same sentence
    ^  $        where the sentence begins, where it ends
    x?          may be missing
    !x          a token that is not x
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.quotes import lexicon
from scraper.quotes.context import names_words_all
from scraper.quotes.tokens import BREAK, CAPITAL, LOWER, NUMBER, PUNCTUATION, QUOTE

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.quotes.people import Mention
    from scraper.quotes.rules.scene import Scene
    from scraper.quotes.tokens import Tokens

GAP = 8
"""Tokens that `…` may stand for."""
_LONGEST = 16  # tokens a mention may be long

CLASSES: dict[str, Callable[[Tokens, int], bool]] = {
    "QUOTE": lambda tokens, at: tokens.kinds[at] == QUOTE,
    "BREAK": lambda tokens, at: tokens.kinds[at] == BREAK,
    "CAPITAL": lambda tokens, at: tokens.kinds[at] == CAPITAL,
    "LOWER": lambda tokens, at: tokens.kinds[at] == LOWER,
    "START": lambda tokens, at: tokens.kinds[at] in {CAPITAL, NUMBER},
    "NUMBER": lambda tokens, at: tokens.kinds[at] == NUMBER,
    "PHRASE": lambda tokens, at: (
        tokens.kinds[at] == CAPITAL or tokens.words[at] in {"der", "die", "ein", "eine"}
    ),
    "MARK": lambda tokens, at: tokens.kinds[at] == PUNCTUATION,
    "DASH": lambda tokens, at: tokens.words[at] in {"–", "-", "—"},
    "PAUSE": lambda tokens, at: tokens.words[at] in {",", "–", "-", "—"},
    "STOP": lambda tokens, at: tokens.words[at] in {".", "!", "?"},
    "VERB": lambda tokens, at: tokens.words[at] in lexicon.SPEECH_VERBS,
    "SAYS": lambda tokens, at: (
        tokens.words[at] in lexicon.SPEECH_VERBS and tokens.words[at] not in lexicon.NAMING_VERBS
    ),
    "CALLS": lambda tokens, at: tokens.words[at] in lexicon.FRAGMENT_VERBS,
    "NAMING": lambda tokens, at: tokens.words[at] in lexicon.NAMING_VERBS,
    "REPORTED": lambda tokens, at: tokens.words[at] in lexicon.REPORT_VERBS,
    "ARTICLE": lambda tokens, at: tokens.words[at].lower() in lexicon.DETERMINERS,
    "OWN": lambda tokens, at: tokens.words[at].startswith(("sein", "ihr", "Sein", "Ihr")),
    "SAYING": lambda tokens, at: tokens.kinds[at] == CAPITAL and names_words_all(tokens.words[at]),
    "THESE": lambda tokens, at: (
        tokens.words[at].startswith(("dies", "solch", "Dies", "Solch"))
        or tokens.words[at] in {"den", "dem"}
    ),
}
"""What `@NAME` stands for, but for `@WHO`, `@SUBJECT` and `@NAME`, which are mentions."""
_MENTIONS: dict[str, Callable[[Mention], bool]] = {
    "WHO": lambda mention: not mention.paper,
    "SUBJECT": lambda mention: not (mention.paper or mention.oblique),
    "PAPER": lambda mention: mention.paper,
    "NAME": lambda mention: mention.kind == "name",
    "PERSON": lambda mention: mention.kind in {"name", "surname", "office"},
    "SOURCE": lambda mention: mention.kind == "organisation",
}


@dataclass(frozen=True, slots=True)
class _Element:
    """One element: `step` tells from a place where it would end, or None where it does not fit."""

    name: str
    words: frozenset[str] | None = None
    optional: bool = False
    negated: bool = False

    def forward(self, scene: Scene, at: int, kept: list[Mention]) -> int | None:
        """Token behind the element when it starts at `at`."""
        if self.name == "$":
            return at if at >= scene.here.last or scene.tokens.kinds[at] == BREAK else None
        if self.name in _MENTIONS:
            found = scene.register.between(at, at + 1)
            if not found or not _MENTIONS[self.name](found[0]):
                return None
            kept.append(found[0])
            return found[0].last
        return at + 1 if self._fits(scene.tokens, at) else None

    def backward(self, scene: Scene, end: int, kept: list[Mention]) -> int | None:
        """First token of the element when it ends before `end`."""
        if self.name == "^":
            return end if scene.opens(end) else None
        if self.name in _MENTIONS:
            for mention in reversed(scene.register.between(max(0, end - _LONGEST), end)):
                if mention.last == end and _MENTIONS[self.name](mention):
                    kept.append(mention)
                    return mention.first
            return None
        return end - 1 if end > 0 and self._fits(scene.tokens, end - 1) else None

    def _fits(self, tokens: Tokens, at: int) -> bool:
        fits = tokens.words[at] in self.words if self.words else CLASSES[self.name](tokens, at)
        return fits != self.negated


class Pattern:
    """A compiled pattern."""

    def __init__(self, text: str) -> None:
        parts = text.split()
        middle = parts.index("Q")
        self.text = text
        self._left = [_element(part) for part in reversed(parts[:middle])]
        self._right = [_element(part) for part in parts[middle + 1 :]]

    def first_words(self) -> frozenset[str] | None:
        """Which word must follow the quotation and a comma or dash; None when anything may."""
        found: set[str] = set()
        for element in self._right:
            if element.name in {"PAUSE", "DASH"} or element.words == frozenset({","}):
                continue
            if not element.words or element.negated:
                return None
            found |= element.words
            if not element.optional:
                return frozenset(found)
        return None

    def match(self, scene: Scene) -> list[Mention] | None:
        """The mentions that `@WHO` and the like stand for; None when the pattern does not fit."""
        kept: list[Mention] = []
        token = scene.here.token
        right = _walk(scene, self._right, 0, token + 1, kept, ahead=True)
        if right and _walk(scene, self._left, 0, token, kept, ahead=False):
            return kept
        return None


def _element(part: str) -> _Element:
    optional, negated = part.endswith("?") and len(part) > 1, part.startswith("!") and len(part) > 1
    core = part.removesuffix("?") if optional else part
    core = core[1:] if negated else core
    if core in {"^", "$", "…"}:
        return _Element(core, None, optional, negated)
    if core.startswith("@"):
        name = core[1:]
        if name not in CLASSES and name not in _MENTIONS:
            raise ValueError(f"{part} is no class of tokens")
        return _Element(name, None, optional, negated)
    return _Element("", frozenset(core.split("|")), optional, negated)


def _walk(
    scene: Scene,
    elements: list[_Element],
    number: int,
    at: int,
    kept: list[Mention],
    *,
    ahead: bool,
) -> bool:
    """Whether the elements from `number` on fit, one next to the other, from token `at` on."""
    if number == len(elements):
        return True
    element = elements[number]
    if element.name == "…":
        return _walk_gap(scene, elements, number, at, kept, ahead=ahead)
    size = len(kept)
    step = element.forward(scene, at, kept) if ahead else element.backward(scene, at, kept)
    if step is not None and _walk(scene, elements, number + 1, step, kept, ahead=ahead):
        return True
    del kept[size:]
    return element.optional and _walk(scene, elements, number + 1, at, kept, ahead=ahead)


def _walk_gap(
    scene: Scene,
    elements: list[_Element],
    number: int,
    at: int,
    kept: list[Mention],
    *,
    ahead: bool,
) -> bool:
    for gap in range(GAP + 1):
        place = at + gap if ahead else at - gap
        if not scene.here.first <= place <= scene.here.last:
            return False
        if _walk(scene, elements, number + 1, place, kept, ahead=ahead):
            return True
    return False
