"""Words, paths and defaults as values of options, without the library that checks them for Typer.

Typer has pydantic make every value, which takes longer to import than Typer itself. A word is a
`str` already, and a path is made of one; whatever else is given goes Typer's own way.
"""

from __future__ import annotations

import os
import re
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Iterable

    import typer

_NUMBER = re.compile(r"[0-9]{1,18}")
_MAKERS = "get_runtime_param"
"""The method of Typer's parameters that gives what makes values; older versions have none."""


class PlainGroup(TyperGroup):
    """A group whose options, and those of its verbs, take plain values as they are."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """As `click.Group.parse_args`."""
        take_plain_values(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]
        """As `click.Group.get_command`."""
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            take_plain_values(command.get_params(ctx))
        return command


def take_plain_values(parameters: Iterable[Any]) -> None:
    """Have parameters take plain values as they are."""
    for parameter in parameters:
        usual = getattr(parameter, _MAKERS, None)
        if usual is not None and not isinstance(usual, partial):
            setattr(parameter, _MAKERS, partial(_Plain, usual))


class _Plain:
    """Makes values of one parameter, as Typer's `RuntimeParam` does."""

    def __init__(self, usual: Any) -> None:
        self._usual = usual

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value that the verb gets for what was given, or for the default."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        about = param.type_descriptor
        if about.parameter_info.parser is None:
            made = _list(value) if about.annotation == list[str] else _plain(about, value)
            if made is not None:
                return made
        return self._usual().coerce(value, param=param, ctx=ctx)


def _plain(about: Any, value: Any) -> Any:
    """A value that needs no checking, made; None for any other.

    Args:
        about: Typer's description of the parameter.
        value: from the command line, the environment, or the default.
    """
    kind, info = about.annotation, about.parameter_info
    if isinstance(kind, type) and isinstance(value, kind):  # a word, or a default
        return value if kind is not Path or _is_any_path(info, value) else None
    if not isinstance(value, str) or not isinstance(kind, type):
        return None
    if kind is Path:
        return Path(value) if _is_any_path(info, value) else None
    if kind is int and _NUMBER.fullmatch(value) and not info.clamp:
        least, most = info.min, info.max
        is_within = (least is None or least <= int(value)) and (most is None or int(value) <= most)
        return int(value) if is_within else None
    if issubclass(kind, Enum):
        return next((one for one in kind if str(one.value) == value), None)
    return None


def _list(value: Any) -> list[str] | None:
    words = isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value)
    return list(value) if words else None


def _is_any_path(info: Any, path: Any) -> bool:
    """Whether nothing is asked of a path that it has not: that there is a file, say."""
    asked = ("exists", "writable", "resolve_path", "path_type", "allow_dash")
    if any(getattr(info, name) for name in asked) or not (info.file_okay and info.dir_okay):
        return False
    if "\0" in str(path):
        return False
    return not info.readable or os.access(path, os.R_OK) or not os.access(path, os.F_OK)
