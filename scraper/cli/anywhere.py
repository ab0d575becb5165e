"""Options that may stand before or after the verb: `--data` and `--site`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.cli.plain_values import PlainGroup

if TYPE_CHECKING:
    import typer

_GLOBAL = "--data"
_OF_VERBS = "--site"


class AnywhereGroup(PlainGroup):
    """A group that reads `--data` behind a verb, too, and `--site` before one."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the options where they belong; as `click.Group.parse_args` otherwise."""
        return super().parse_args(ctx, in_order(args))


def in_order(args: list[str]) -> list[str]:
    """Arguments with `--data` first, and a `--site` that stood before the verb behind it.

    Args:
        args: as typed, without the program's name. What stands behind `--` is left alone.
    """
    end = args.index("--") if "--" in args else len(args)
    given, rest = args[:end], args[end:]
    first: list[str] = []
    verb: list[str] = []
    last: list[str] = []
    position = 0
    while position < len(given):
        word = given[position]
        name, is_joined, _value = word.partition("=")
        has_value = not given[position + 1 : position + 2] or not given[position + 1].startswith(
            "-"
        )
        size = 2 if has_value and not is_joined else 1
        option = given[position : position + size]
        if name == _GLOBAL:
            if not is_joined and len(option) < 2:
                return option  # which is told to need a value
            first += option
        elif name == _OF_VERBS and not verb:
            last += option
        else:
            verb.append(word)
            size = 1
        position += size
    return [*first, *verb, *last, *rest]
