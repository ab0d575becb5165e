"""Word lists for indirect speech: the files `data/indirect_*.txt`, read once."""

from __future__ import annotations

from importlib.resources import files


def read_sections(name: str) -> dict[str, list[str]]:
    """Lines of a file in `data/` by the `[section]` they stand in; `#` starts a comment."""
    text = files("scraper.quotes").joinpath("data", name).read_text(encoding="utf-8")
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        if line.startswith("["):
            lines = sections.setdefault(line.strip("[]"), [])
        elif line:
            lines.append(line)
    return sections


def words(lines: list[str]) -> list[str]:
    """The words of some lines, parted by white space."""
    return [word for line in lines for word in line.split()]
