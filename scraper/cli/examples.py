"""Examples at the end of each verb's `--help`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

EXAMPLES: dict[str, tuple[str, ...]] = {
    "mcp": ("newsroom --data archive mcp",),
    "browse": (
        "newsroom browse --port 8001",
        "newsroom browse --auth passwords --add-user anna",
        "newsroom browse --auth passwords",
    ),
    "compare": ("newsroom compare Hitzeschutz --by year -o hitze.xlsx",),
    "crawl": ("newsroom crawl --site musterheim --since 30d", "newsroom crawl --images"),
    "demo": ("newsroom demo", "newsroom demo --serve --port 8080"),
    "parse": ("newsroom parse page.html --site auto",),
    "reparse": ("newsroom reparse", "newsroom reparse --write"),
    "doctor": ("newsroom doctor --live",),
    "export": (
        "newsroom export articles -o articles.xlsx --since 2026",
        "newsroom export quotes -o - --format jsonl",
        "newsroom export dataset -o dataset.zip",
    ),
    "extract": ("newsroom extract captures.warc.gz -o lake",),
    "import": ("newsroom import captures.warc.gz",),
    "backfill": ("newsroom backfill --site musterheim --from wayback --until 2023 --dry-run",),
    "rebuild": ("newsroom --data new rebuild --from data/warc",),
    "backup": ("newsroom backup copy",),
    "restore": ("newsroom --data archive restore copy",),
    "merge": ("newsroom merge colleague", "newsroom merge colleague --dry-run"),
    "forget": (
        "newsroom forget 14 --dry-run",
        'newsroom forget --speaker "Verena Musterfrau" --dry-run',
    ),
    "districts": ("newsroom districts -o districts.csv",),
    "tags": ("newsroom tags --site musterheim",),
    "people": ("newsroom people", "newsroom people Westphal -o westphal.xlsx"),
    "query": (
        "newsroom query --tables",
        'newsroom query "SELECT tag, count(*) AS n FROM tags GROUP BY tag" -o tags.xlsx',
        "newsroom query --file tags.sql",
    ),
    "search": (
        "newsroom search Schule Umbau --since 2026-03",
        "newsroom search Schule -Kita --sort date",
        "newsroom search Radweg -o radweg.xlsx",
    ),
    "changes": ("newsroom changes --since 30d", "newsroom changes --since gestern --json"),
    "show": (
        "newsroom show 14",
        "newsroom show Neubau einer Grundschule",
        "newsroom show 14 --version 1 --raw",
    ),
    "stats": ("newsroom stats --site musterheim",),
    "quotes": ("newsroom quotes Haushalt --speaker Westphal --since 1y",),
    "history": ("newsroom history 14 --diff",),
    "verify": ("newsroom verify",),
    "watch add": ("newsroom watch add Radweg --to ntfy://radweg",),
    "watch list": ("newsroom watch list",),
    "watch run": ("newsroom watch run --dry-run",),
    "watch drop": ("newsroom watch drop Radweg",),
    "schedule show": ("newsroom schedule show",),
    "schedule install": (
        "newsroom schedule install --every 6h --images",
        "newsroom schedule install --browse --auth passwords --port 8001",
    ),
    "schedule remove": ("newsroom schedule remove",),
    "sites show": ("newsroom sites show musterheim",),
    "sites add": ("newsroom sites add https://www.musterheim.example/presse",),
    "sites check": ("newsroom sites check musterheim --live",),
    "sites drop": ("newsroom sites drop musterheim",),
}
"""Command lines by verb."""

_SYNTAX = """All words must occur, in any inflection and as parts of compounds.

\b
  "…"           words side by side
  -word         leaves out; NOT word does, too
  a OR b        either; ODER does, too
  title:word    in headlines
  word*         at beginnings of words"""


def add_examples(app: typer.Typer, above: str = "") -> None:
    """Put the examples below the help of each verb.

    Args:
        app: the verbs.
        above: the verb that they belong to, with a space behind.
    """
    for command in app.registered_commands:
        name = command.name or getattr(command.callback, "__name__", "")
        examples = EXAMPLES.get(f"{above}{name}")
        if examples:
            lines = "\n".join(f"  {line}" for line in examples)
            head = f"{_SYNTAX}\n\n" if name == "search" else ""
            word = "Example:" if len(examples) == 1 else "Examples:"
            command.epilog = f"{head}\b\n{word}\n{lines}"
    for group in app.registered_groups:
        if group.typer_instance is not None:
            add_examples(group.typer_instance, f"{group.name} ")
