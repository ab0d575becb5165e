"""The page for people inside a data package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scraper.export.tables import Row

_HEAD = """# {title}

{description}

- Published: {start} to {end}
- State of the archive: {as_of}
- Made by: {generator}
{more}
## Files

Each file in `data/` is CSV: UTF-8, separated by commas, line ends within cells kept in quotes.
`datapackage.json` says the same as this page for programs, with types, keys and the SHA-256 of each
file; `frictionless validate` checks it. An empty cell means that the page has none.

In Python: `pandas.read_csv("data/articles.csv")`. In R: `readr::read_csv("data/articles.csv")`. In
DuckDB: `SELECT * FROM 'data/articles.csv'`. Excel: Data, From Text/CSV, UTF-8.

| file | rows | one row per |
| --- | ---: | --- |
{files}

## How complete it is

Of the whole archive, by city and month of publication:

{completeness}

## Rights

{licence}

## Columns
{columns}"""


def readme(descriptor: dict[str, Any], completeness: list[Row]) -> str:
    """Markdown that says what is in a package.

    Args:
        descriptor: its `datapackage.json`.
        completeness: rows of `scraper.export.columns.COMPLETENESS`.
    """
    resources = descriptor["resources"]
    fields = resources[-1]["schema"]["fields"]
    header = [field["name"] for field in fields]
    aligned = ["---:" if field["type"] == "integer" else "---" for field in fields]
    more = [f"- Source: {_joined(source)}" for source in descriptor["sources"]]
    more += [f"- Only: {name} {value}" for name, value in descriptor["selection"].items()]
    return _HEAD.format(
        title=_plain(descriptor["title"]),
        description=descriptor["description"],
        start=descriptor["temporal"]["start"] or "unknown",
        end=descriptor["temporal"]["end"] or "unknown",
        as_of=descriptor["asOf"] or "empty",
        generator=descriptor["generator"],
        more="".join(f"{_plain(line)}\n" for line in more),
        files="\n".join(_file(resource) for resource in resources),
        completeness=_table(header, aligned, completeness),
        licence=descriptor["licenseNote"],
        columns="".join(_columns(resource) for resource in resources),
    )


def _joined(source: dict[str, str]) -> str:
    return ", ".join(filter(None, (source["title"], source.get("path"))))


def _file(resource: dict[str, Any]) -> str:
    described = resource["description"].removeprefix("One row per ").removesuffix(".")
    return f"| `{resource['path']}` | {resource['rows']:,} | {described} |"


def _table(header: list[str], aligned: list[str], found: list[Row]) -> str:
    lines = [header, aligned, *found]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _columns(resource: dict[str, Any]) -> str:
    lines = [f"\n### {resource['name']}\n\n"]
    lines += [
        f"- `{field['name']}` ({field['type']}): {field['description']}\n"
        for field in resource["schema"]["fields"]
    ]
    return "".join(lines)


def _plain(text: str) -> str:
    return " ".join(text.split())
