"""Packages import only those below them; each module is about one subject."""

import ast
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import scraper

ROOT = Path(scraper.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))


def test_imports_point_downwards(monkeypatch):
    monkeypatch.chdir(ROOT.parent)  # the contracts stand in pyproject.toml
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS


def test_only_fetch_knows_httpx():
    for module in MODULES:
        names = {alias.split(".")[0] for alias in _imported(module)}
        if module.parent.name != "fetch":
            assert "httpx" not in names, module


def _imported(module):
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_stay_readable(module):
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 450
    assert module.stem not in {"utils", "helpers", "common", "manager", "misc"}
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "says what it is about"


def test_a_city_is_one_small_file():
    files = list((ROOT / "sites").glob("*.toml"))
    assert len(files) > 15
    for file in files:
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 60, file
