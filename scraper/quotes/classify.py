"""Is a quoted string speech, and how is it built into its sentence?

Half of all quoted strings are names, titles, slogans or scare quotes. What tells them apart is the
grammar around them: a name stands behind a noun (`das Projekt Q`), speech stands alone, behind a
colon, before a verb with a subject (`Q, freut sich Moll`), or begins in lower case (`seien Q`).
Strings of one to three words count as speech only where the grammar leaves no doubt.

Here is only which table of rules is asked; the rules are in `rules`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.quotes.rules.colon import COLON
from scraper.quotes.rules.inside import INSIDE
from scraper.quotes.rules.joined import JOINED
from scraper.quotes.rules.opening import OPENING
from scraper.quotes.rules.rule import first_speech
from scraper.quotes.rules.tags import TAGS, is_tagged

if TYPE_CHECKING:
    from scraper.quotes.rules.rule import SpeechRule, Table
    from scraper.quotes.rules.scene import Scene


def classify(scene: Scene) -> SpeechRule | None:
    """The rule that tells whether a quoted string is speech; None when it has no words."""
    if scene.here.words == 0:
        return None
    joins = scene.here.number and scene.tokens.words[scene.here.token - 1] in {",", "und", ":"}
    if joins and (joined := first_speech(JOINED, scene)):
        return joined
    return first_speech(_table(scene), scene)


def _table(scene: Scene) -> Table[SpeechRule]:
    """The rules for the place that a quoted string has in its sentence."""
    if scene.opening:
        return TAGS if is_tagged(scene) else OPENING
    return COLON if scene.tokens.words[scene.here.token - 1] == ":" else INSIDE
