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

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.quotes import lexicon
from scraper.quotes.context import names_words_all
from scraper.quotes.tokens import BREAK, CAPITAL, LOWER, NUMBER, PUNCTUATION, QUOTE

if TYPE_CHECKING:
    from scraper.quotes.people import Mention
    from scraper.quotes.rules.scene import Scene
    from scraper.quotes.tokens import Tokens

GAP = 8
"""Tokens that `…` may stand for."""
_LONGEST = 16  # tokens a mention may be long

_MOODS = frozenset(
    "überzeugt sicher gewiss zuversichtlich begeistert erleichtert zufrieden skeptisch "
    "stolz dankbar empört gelassen erfreut".split()
)
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
    "MOOD": lambda tokens, at: tokens.words[at] in _MOODS,
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
    """One element of a pattern as written."""

    name: str
    words: frozenset[str] | None = None
    optional: bool = False
    negated: bool = False


Step = Callable[["Scene", int, list["Mention"]], bool]
"""Whether the rest of a pattern fits from a place on; it puts the mentions it keeps in the list."""


class Pattern:
    """A compiled pattern."""

    def __init__(self, text: str) -> None:
        parts = text.split()
        middle = parts.index("Q")
        left = [_element(part) for part in reversed(parts[:middle])]
        right = [_element(part) for part in parts[middle + 1 :]]
        self.text = text
        self._first = _first_words(right)
        self.before = left[0].words if left and not (left[0].optional or left[0].negated) else None
        """Which word must stand right before the quotation; None when anything may."""
        self._left = _compile(left, ahead=False)
        self._right = _compile(right, ahead=True)
        self.fits_all = self._left is None and self._right is None
        """True for the quotation alone."""

    def first_words(self) -> frozenset[str] | None:
        """Which word must follow the quotation and a comma or dash; None when anything may."""
        return self._first

    def match(self, scene: Scene) -> list[Mention] | None:
        """The mentions that `@WHO` and the like stand for; None when the pattern does not fit."""
        kept: list[Mention] = []
        token = scene.here.token
        if self._right is not None and not self._right(scene, token + 1, kept):
            return None
        if self._left is not None and not self._left(scene, token, kept):
            return None
        return kept


def _first_words(right: list[_Element]) -> frozenset[str] | None:
    found: set[str] = set()
    for element in right:
        if element.name in {"PAUSE", "DASH"} or element.words == frozenset({","}):
            continue
        if not element.words or element.negated:
            return None
        found |= element.words
        if not element.optional:
            return frozenset(found)
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


def _compile(elements: list[_Element], *, ahead: bool) -> Step | None:
    """One function for a row of elements, each calling the next; None when nothing is asked."""
    step: Step | None = None
    for element in reversed(elements):
        if element.optional and step is None:
            continue  # nothing behind it depends on it
        one = _step(element, step, ahead=ahead)
        step = _either(one, step) if element.optional else one
    return step


def _either(one: Step, skipped: Step | None) -> Step:
    def either(scene: Scene, at: int, kept: list[Mention]) -> bool:
        size = len(kept)
        if one(scene, at, kept):
            return True
        del kept[size:]
        return skipped is None or skipped(scene, at, kept)

    return either


def _step(element: _Element, rest: Step | None, *, ahead: bool) -> Step:
    if element.name == "…":
        return _gap(rest, ahead=ahead)
    if element.name in {"^", "$"}:
        return _edge(rest, first=element.name == "^")
    if element.name in _MENTIONS:
        return _mention(_MENTIONS[element.name], rest, ahead=ahead)
    return _token(element, rest, ahead=ahead)


def _token(element: _Element, rest: Step | None, *, ahead: bool) -> Step:
    wanted, words, by = not element.negated, element.words, 1 if ahead else -1
    test = CLASSES[element.name] if words is None else None

    def token(scene: Scene, at: int, kept: list[Mention]) -> bool:
        place = at if ahead else at - 1
        if place < 0:
            return False
        fits = test(scene.tokens, place) if test else scene.tokens.words[place] in (words or ())
        return fits == wanted and (rest is None or rest(scene, at + by, kept))

    return token


def _edge(rest: Step | None, *, first: bool) -> Step:
    def edge(scene: Scene, at: int, kept: list[Mention]) -> bool:
        if first:
            fits = scene.opens(at)
        else:
            fits = at >= scene.here.last or scene.tokens.kinds[at] == BREAK
        return fits and (rest is None or rest(scene, at, kept))

    return edge


def _mention(test: Callable[[Mention], bool], rest: Step | None, *, ahead: bool) -> Step:
    def mention(scene: Scene, at: int, kept: list[Mention]) -> bool:
        between = scene.register.between
        if ahead:
            found = [m for m in between(at, at + 1) if test(m)]
        else:
            found = [m for m in between(max(0, at - _LONGEST), at) if m.last == at and test(m)]
        if not found:
            return False
        kept.append(found[-1])
        return rest is None or rest(scene, found[-1].last if ahead else found[-1].first, kept)

    return mention


def _gap(rest: Step | None, *, ahead: bool) -> Step:
    def gap(scene: Scene, at: int, kept: list[Mention]) -> bool:
        here, size = scene.here, len(kept)
        for width in range(GAP + 1):
            place = at + width if ahead else at - width
            if not here.first <= place <= here.last:
                return False
            if rest is None or rest(scene, place, kept):
                return True
            del kept[size:]
        return False

    return gap
