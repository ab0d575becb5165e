"""Commands whose arguments are words of a query, some of which begin with a hyphen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Iterable

    import typer

_LEFT_OUT = re.compile(r'-(?:[^\W\d_]{2}|["„“”«»]|\d|title:|titel:).*', re.S | re.I)


class QueryCommand(TyperCommand):
    """A command that takes `-word` for a word that is to be left out, not for options."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Read the arguments; as `click.Command.parse_args` otherwise."""
        takers = {
            name
            for parameter in self.params
            if not getattr(parameter, "is_flag", False)
            for name in parameter.opts
        }
        return super().parse_args(ctx, words_last(args, takers))


def words_last(args: list[str], takers: Iterable[str]) -> list[str]:
    """Arguments with the words that are to be left out at their end, behind `--`.

    Args:
        args: as typed, without the verb.
        takers: names of the options that take a value, which may begin with a hyphen.
    """
    takers = set(takers)
    end = args.index("--") if "--" in args else len(args)
    kept: list[str] = []
    words: list[str] = []
    for position, word in enumerate(args[:end]):
        is_value = position > 0 and args[position - 1] in takers
        (words if _LEFT_OUT.fullmatch(word) and not is_value else kept).append(word)
    rest = args[end + 1 :]
    return [*kept, "--", *words, *rest] if words or end < len(args) else kept
