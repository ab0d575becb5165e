"""What is taken from httpx and httpcore: their public names, and interfaces without a state."""

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import httpcore
import httpx
import pytest

from scraper import fetch

ROOT = Path(fetch.__file__).parent
MODULES = [f"scraper.fetch.{module.name}" for module in pkgutil.iter_modules(fetch.__path__)]
FOREIGN = ("httpx", "httpcore", "h11")


@pytest.mark.parametrize("name", MODULES)
def test_no_private_name_of_the_http_libraries_is_used(name):
    """A release of theirs may change it without notice, and no page could be fetched any more."""
    tree = ast.parse(Path(ROOT / f"{name.rpartition('.')[2]}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and re.match(r"_(?!_)", node.attr):
            assert isinstance(node.value, ast.Name), ast.unparse(node)
            assert node.value.id in {"self", "zlib"}, ast.unparse(node)  # zlib's for types alone
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(FOREIGN):
            assert not any(part.startswith("_") for part in (node.module or "").split("."))


@pytest.mark.parametrize("name", MODULES)
def test_of_the_http_libraries_only_interfaces_are_derived_from(name):
    """Of a class with a state, we would have to know which attributes are its own."""
    module = importlib.import_module(name)
    for _, found in inspect.getmembers(module, inspect.isclass):
        if found.__module__ == name:
            for base in found.__mro__[1:]:
                if base.__module__.startswith(FOREIGN) and not issubclass(base, Exception):
                    assert "__init__" not in vars(base), (found, base)


def test_the_names_that_are_used_are_public():
    for names, library in (
        ("ConnectionPool HTTPProxy SOCKSProxy NetworkBackend NetworkStream Request", httpcore),
        ("Request Response Headers Cookies Timeout URL SyncByteStream", httpx),
    ):
        assert set(names.split()) <= set(library.__all__)
