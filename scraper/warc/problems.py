"""What a check of an archive has found wrong: each of a few, or one sentence for many of a kind."""

from __future__ import annotations

from dataclasses import dataclass, field

_NAMED = 12
"""So many of one kind are named one by one."""
_EXAMPLES = 3


@dataclass
class _Kind:
    count: int = 0
    sentences: list[str] = field(default_factory=list)


class Problems:
    """Collects problems by kind, so that memory does not grow with their number."""

    def __init__(self) -> None:
        self._kinds: dict[str, _Kind] = {}

    def add(self, kind: str, sentence: str) -> None:
        """Note a problem.

        Args:
            kind: what many of its kind have in common, as it can follow a number, such as
                "captures in a.warc.gz that cannot be read".
            sentence: what is wrong.
        """
        found = self._kinds.setdefault(kind, _Kind())
        found.count += 1
        if len(found.sentences) < _NAMED:
            found.sentences.append(sentence)

    def has_kind(self, words: str) -> bool:
        """Whether a kind of problem was noted that has these words in its name."""
        return any(words in kind for kind in self._kinds)

    def sentences(self) -> list[str]:
        """A sentence for each problem; where a kind has many, one for all with some examples."""
        lines: list[str] = []
        for kind, found in self._kinds.items():
            if found.count <= _NAMED:
                lines += found.sentences
                continue
            examples = " ".join(found.sentences[:_EXAMPLES])
            lines.append(f"{found.count:,} {kind}. The first of them: {examples}")
        return lines
