"""Write what the documentation shows as it is now: `python -m tests.refresh_docs`.

Output in console blocks that are run, and the tables of docs/schema.md. The result is a proposal:
read `git diff` before it is committed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.support import console, schema_page

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Refresh all pages."""
    page = ROOT / "docs" / "schema.md"
    page.write_text(schema_page.with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
    with tempfile.TemporaryDirectory() as directory:
        crawled = Path(directory, "crawled")
        crawled.mkdir()
        printed = console.demo(crawled)
        for page in [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]:
            here = Path(directory, page.stem)
            here.mkdir()
            shell = console.opened(here, crawled, page.name)
            text = page.read_text(encoding="utf-8")
            page.write_text(console.as_it_runs(text, shell.with_demo(printed)), encoding="utf-8")


if __name__ == "__main__":
    main()
