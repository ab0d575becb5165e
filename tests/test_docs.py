"""The documentation is true: every verb and option stands in it, its commands parse."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer

from scraper import __version__, cli
from scraper.errors import NewsroomError
from tests.refresh import with_newsrooms
from tests.support.schema_page import stated, with_tables

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("docs/*.md"))}
ALL = "\n\n".join([README, *PAGES.values()])
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
COMMAND = typer.main.get_command(cli.app)
VERBS = {
    f"{name} {part}".strip(): inner
    for name, command in COMMAND.commands.items()  # type: ignore[attr-defined]
    for part, inner in getattr(command, "commands", {"": command}).items()
}
OPTIONS = [
    (verb, option)
    for verb, command in VERBS.items()
    for parameter in command.params
    for option in parameter.opts
    if option.startswith("--") and option != "--help"
]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented(verb):
    assert re.search(rf"`{verb}\b|newsroom (--data \S+ )?{verb}\b", ALL)


def about(verb):
    """What the pages say of a verb: its tables and their rows, its commands, its paragraphs.

    A table belongs to the verb in its head, a row of any other to the verb it begins with, and a
    paragraph to each verb it names.
    """
    named = re.compile(rf"`(newsroom )?{verb}\b")
    called = re.compile(rf"newsroom (--data \S+ )?{verb}\b.*")
    for block in re.split(r"\n\s*\n", ALL):
        yield from (found[0] for found in called.finditer(block))
        head, *rows = block.strip().splitlines()
        if not head.startswith("|"):
            if named.search(block):
                yield block
        elif named.search(head):
            yield block
        else:
            yield from (row for row in rows if named.match(row.removeprefix("| ")))


@pytest.mark.parametrize(("verb", "option"), OPTIONS)
def test_every_option_is_documented_where_its_verb_is(verb, option):
    assert any(re.search(rf"{option}(?![\w-])", text) for text in about(verb))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_option_has_a_help_text(verb):
    assert VERBS[verb].help
    for parameter in VERBS[verb].params:
        if any(name.startswith("--") for name in parameter.opts):
            assert parameter.help, parameter.opts


def test_the_two_set_up_commands_stand_where_ci_reads_them():
    for command in (
        "python -m pip install . && newsroom demo",
        'python -m pip install -e ".[test]" && python -m pytest',
        "uv run newsroom demo",
    ):
        assert f"`{command}`" in README


@pytest.mark.parametrize("line", re.findall(r"^\$ newsroom (.+?)(?:\s{2,}.*)?$", ALL, re.M))
def test_commands_in_the_documentation_parse(line):
    words = shlex.split(line.split(" # ")[0].split("|")[0].strip())
    if words[0] == "--data":
        del words[:2]
    verb = next(" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in VERBS)
    rest = words[len(verb.split()) :]
    context = VERBS[verb].make_context(verb, rest, resilient_parsing=False)
    assert set(context.params) <= {parameter.name for parameter in VERBS[verb].params}


def test_documented_exit_codes_are_those_of_the_errors():
    def codes(kind):
        yield kind.exit_code
        for child in kind.__subclasses__():
            yield from codes(child)

    documented = {int(code) for code in re.findall(r"^\| (\d) \|", PAGES["exit-codes.md"], re.M)}
    assert set(codes(NewsroomError)) | {0} == documented


def test_the_readme_is_short_and_leads_to_every_page():
    assert len(README.splitlines()) <= 160
    for name in PAGES.keys() - {"index.md"}:  # the front page of the site, as the README is here
        assert f"](docs/{name})" in README, name


def test_links_between_pages_lead_somewhere():
    for folder, text in [(ROOT, README), *((ROOT / "docs", text) for text in PAGES.values())]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", text):
            assert (folder / target).exists(), target


def test_extras_are_installed_by_a_name_that_works_in_any_directory():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "scraper").rglob("*.py")]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    named = re.findall(r"pip install [\"']?(\S*?)\[(\w+)\]", "\n".join([*sources, *PAGES.values()]))
    assert {name for name, _ in named} == {"newsroom-archive"}
    assert {extra for _, extra in named} <= set(extras)


def test_every_table_and_column_of_an_archive_is_documented():
    page = PAGES["schema.md"]
    assert with_tables(page) == page, "python -m tests.refresh_docs"
    for table, columns in stated(page).items():
        assert columns, table
        assert all(columns.values()), (table, columns)


def test_a_column_that_is_not_documented_is_found_out():
    page = PAGES["schema.md"]
    row = next(line for line in page.splitlines() if line.startswith("| `fingerprint` |"))
    assert with_tables(page.replace(f"{row}\n", "", 1)) != page.replace(f"{row}\n", "", 1)


def test_the_site_is_built_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path):
    pytest.importorskip("mkdocs")
    pytest.importorskip("material")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert {path.stem for path in tmp_path.glob("*.html")} == {
        *(Path(name).stem for name in PAGES),
        "404",
    }
    for path in [*tmp_path.glob("*.html"), *tmp_path.rglob("*.css")]:
        text = path.read_text(encoding="utf-8")
        for tag in re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*>", text):
            assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", tag), (path, tag)
        assert not re.search(r"url\([\"']?(?:https?:)?//|@import", text), path


def test_the_table_of_newsrooms_is_that_of_their_files():
    assert with_newsrooms(README) == README


def test_contributing_is_short_and_names_every_dependency():
    assert len(CONTRIBUTING.splitlines()) <= 100
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = project.split("dependencies = [", 1)[1].split("]", 1)[0]
    for name in re.findall(r'"([A-Za-z0-9-]+)', block):
        assert name in CONTRIBUTING, name


def test_the_changelog_names_this_version_or_what_comes_next():
    assert "## [Unreleased]" in CHANGELOG or f"## [{__version__}]" in CHANGELOG


def test_there_is_no_lock_file_with_a_registry_in_it():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8")
    assert "uv.lock" in ignored
