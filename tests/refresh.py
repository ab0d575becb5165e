"""Write the expected records beside the saved pages: `python -m tests.refresh`.

The result is a proposal. Somebody has to read the difference before it is committed.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from scraper.extract.extract import extract
from scraper.records import Capture, to_json
from scraper.sites import get_site

FIXTURES = Path(__file__).parent / "fixtures"
BASE = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/"


def record_of(page: Path) -> dict[str, object]:
    """The record of a saved page, as JSON holds it."""
    capture = Capture(
        f"{BASE}{page.stem}.html", page.read_bytes(), datetime(2026, 10, 4, tzinfo=UTC)
    )
    record = to_json(extract(capture, get_site(page.parent.name)))
    # Prose quotations have their own gold set; here they would only hide changes of the parser.
    record["quotes"] = [quote for quote in record["quotes"] if quote["kind"] == "block"]
    return record


def main() -> None:
    """Refresh every site's fixtures."""
    for page in sorted(FIXTURES.glob("*/*.html")):
        text = json.dumps(record_of(page), ensure_ascii=False, indent=1)
        page.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
