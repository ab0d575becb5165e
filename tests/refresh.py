"""Write the records beside the saved pages, and the README's table: `python -m tests.refresh`.

The result is a proposal. Somebody has to read the difference before it is committed. A page says in
a comment at its beginning where it was fetched (`<!-- url: … -->`); an answer of an interface is
called `….answer.json`. The folder is the site's key; `platforms` are read by their fingerprint,
`generic` as pages that nobody has described.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from scraper.extract.extract import extract
from scraper.markup.tree import parse_html
from scraper.records import Capture, to_json
from scraper.sites import SITES, Site, get_site
from scraper.sites.guess import guess_site, unknown_site

FIXTURES = Path(__file__).parent / "fixtures"
README = Path(__file__).parents[1] / "README.md"
BASE = "https://www.dortmund.de/newsroom/nachrichten-dortmund.de/"
ANSWER = ".answer.json"
_TABLE = re.compile(r"(<!-- newsrooms: .*? -->\n).*(<!-- end of newsrooms -->)", re.DOTALL)
_STATED = re.compile(rb"<!-- url: (\S+) -->")


def pages() -> list[Path]:
    """Every saved page and answer."""
    return sorted([*FIXTURES.glob("*/*.html"), *FIXTURES.glob(f"*/*{ANSWER}")])


def expected_file(page: Path) -> Path:
    """Where the record of a page stands."""
    return page.with_name(page.name.removesuffix(ANSWER).removesuffix(".html") + ".json")


def capture_of(page: Path) -> Capture:
    """A saved page as it was fetched."""
    body = page.read_bytes()
    stated = _STATED.search(body, 0, 400)
    url = stated[1].decode() if stated else f"{BASE}{page.stem}.html"
    if page.name.endswith(ANSWER):
        url = page.absolute().as_uri()
    return Capture(url, body, datetime(2026, 10, 4, tzinfo=UTC))


def site_of(page: Path) -> Site:
    """Whose page it is."""
    capture = capture_of(page)
    if page.parent.name == "platforms":
        return guess_site(parse_html(capture), capture.url, SITES)
    if page.parent.name == "generic":
        return unknown_site(capture.url)
    return get_site(page.parent.name)


def record_of(page: Path) -> dict[str, object]:
    """The record of a saved page, as JSON holds it."""
    record = to_json(extract(capture_of(page), site_of(page)))
    # Prose quotations have their own gold set; here they would only hide changes of the parser.
    record["quotes"] = [quote for quote in record["quotes"] if quote["kind"] == "block"]
    return record


def with_newsrooms(readme: str) -> str:
    """The README with its table of newsrooms, as the files of facts have them."""
    rows = ["", "| key | newsroom | platform | verified |", "| --- | --- | --- | --- |"]
    for site in map(get_site, SITES):
        platform = site.platform or "read generically"
        rows.append(f"| `{site.key}` | {site.name} | {platform} | {site.verified.how} |")
    return _TABLE.sub(lambda found: found[1] + "\n".join([*rows, "", found[2]]), readme)


def main() -> None:
    """Refresh every site's fixtures, and the README's table."""
    README.write_text(with_newsrooms(README.read_text(encoding="utf-8")), encoding="utf-8")
    for page in pages():
        text = json.dumps(record_of(page), ensure_ascii=False, indent=1)
        expected_file(page).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
