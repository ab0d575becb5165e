"""Values that options take as they are: those that Typer makes, for every option."""

import pytest
import typer

from scraper.cli.app import app
from scraper.cli.plain_values import take_plain_values
from tests.test_docs import VERBS

COMMAND = typer.main.get_command(app)
GIVEN = (
    "word", "", "5", "-1", "0", "007", "1e3", "٣", "9" * 20, "true", "date", "a\0b"
)  # fmt: skip


def outcome(maker, value, parameter, context):
    try:
        made = maker.coerce(value, param=parameter, ctx=context)
    except (typer.BadParameter, ValueError) as error:
        return type(error), str(error)
    return type(made), made


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_they_are_what_typer_makes(verb, tmp_path):
    command = VERBS[verb] if verb else COMMAND
    context = typer.Context(command, info_name=verb)
    parameters = command.get_params(context)
    if not hasattr(parameters[0], "get_runtime_param"):
        pytest.skip("this version of Typer makes values without pydantic")
    usual = [parameter.get_runtime_param() for parameter in parameters]
    take_plain_values(parameters)
    take_plain_values(parameters)  # twice is once
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    for maker, parameter in zip(usual, parameters, strict=True):
        is_list = parameter.multiple or parameter.nargs == -1
        values = [*GIVEN, str(closed), str(tmp_path), *_choices(parameter)]
        values = [(value,) for value in values] + [("a", "b"), ()] if is_list else values
        for value in [*values, None, parameter.get_default(context)]:
            plain = outcome(parameter.get_runtime_param(), value, parameter, context)
            assert plain == outcome(maker, value, parameter, context), (parameter.name, value)


def _choices(parameter):
    return [str(one.value) for one in parameter.type_descriptor.choices or ()]
