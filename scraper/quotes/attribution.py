"""Who says a quotation, as a name and an office: the mention that a rule points to, made a person.

Each construction has its own table of rules (`rules`). What they hold against one another is said
by the order in each table; a wrong speaker is worse than none, so two candidates, or none that fits
in gender, give None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.quotes import lexicon
from scraper.quotes.focus import unknown_name_before
from scraper.quotes.rules.after import AFTER
from scraper.quotes.rules.alone import ALONE, BRACKET, SIGNED
from scraper.quotes.rules.before import BEFORE
from scraper.quotes.rules.part import PART
from scraper.quotes.rules.rule import first_speaker
from scraper.quotes.tokens import BREAK

if TYPE_CHECKING:
    from scraper.quotes.context import Construction
    from scraper.quotes.people import Mention
    from scraper.quotes.resolve import Resolver
    from scraper.quotes.rules.rule import SpeakerRule, Table
    from scraper.quotes.rules.scene import Scene

_TABLES: dict[Construction, Table[SpeakerRule]] = {
    "after": AFTER,
    "before": BEFORE,
    "alone": ALONE,
    "fragment": PART,
    "signed": SIGNED,
    "bracket": BRACKET,
}
_OBJECTS = frozenset({"ihm", "ihn", "ihr", "ihnen"})
SAME = "split.same-speaker"
"""What stands for a rule when the second half of a quotation has the speaker of the first."""


@dataclass(slots=True)
class Speaker:
    """Who says a quotation."""

    name: str | None = None
    role: str | None = None
    rule: str | None = None
    """Id of the rule that pointed to the speaker, or to nobody."""


class Attribution:
    """Finds the speakers of one text, quotation by quotation in their order."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._last = Speaker()

    def speaker(self, scene: Scene, construction: Construction) -> Speaker:
        """The speaker of a quoted string that is speech."""
        if construction == "split":
            return Speaker(self._last.name, self._last.role, SAME)
        mention, rule = first_speaker(_TABLES[construction], scene)
        found = self._as_speaker(mention)
        if mention is not None and mention.kind == "pronoun" and found.name is found.role:
            found = self._as_speaker(_named_behind(scene, mention))
        found.rule = rule.id if rule else None
        self._last = found
        return found

    def _as_speaker(self, mention: Mention | None) -> Speaker:
        if mention is None:
            return Speaker()
        mention.spoke = True
        number = self._resolver.who(mention)
        if number is not None:
            person = self._resolver.register.person(number)
            return Speaker(person.name, person.role)
        if mention.kind == "organisation":
            return Speaker(mention.label, None)
        if mention.kind == "office":
            return Speaker(None, self._fuller_label(mention))
        if mention.kind == "pronoun":
            target = self._resolver.pronoun_target(mention)
            if target is not None and target.kind == "office":
                return Speaker(None, target.label)
            if target is None:
                return Speaker(None, mention.label)
        return Speaker()

    def _fuller_label(self, mention: Mention) -> str | None:
        """`Der Sprecher` is the `Sprecher der Polizei` of some sentences before."""
        if mention.label is None or mention.office in lexicon.RELATIONS:
            return None
        before = self._resolver.before_mentions(mention.first) if mention.definite else ()
        for earlier in before:
            same = earlier.kind == "office" and self._resolver.who(earlier) is None
            if same and (earlier.label or "").startswith(f"{mention.label} "):
                return earlier.label
        return mention.label


def _named_behind(scene: Scene, pronoun: Mention) -> Mention | None:
    """`…, sagte sie: „Q“ Rektorin Anna Moll hatte …`: named only in the sentence behind."""
    start = scene.tokens.sentence(scene.here.token)[1]
    if scene.tokens.kinds[start] == BREAK or unknown_name_before(scene):
        return None
    for mention in scene.register.between(start, start + 3):
        fits = scene.resolver.gender(mention) in {pronoun.gender, None}
        if mention.kind == "name" and mention.entry is not None and not mention.oblique:
            behind = scene.tokens.words[mention.last : mention.last + 8]
            fits = fits and not _OBJECTS & set(behind)  # `Rektor Moll überreichte ihm …`
            return mention if fits else None
    return None
