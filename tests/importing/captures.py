"""Pages as other tools capture them, written by warcio and not by our own code."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.archive import Archive
from scraper.importing import ImportReport, ImportRequest, run_import

NOW = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
ORIGIN = "https://www.dortmund.de"
OLD_PAGE = f"{ORIGIN}/de/leben_in_dortmund/nachrichtenportal/alle_nachrichten/nachricht.jsp"
SECTION = f"{ORIGIN}/newsroom/nachrichten-dortmund.de"


def old_page(
    number: int, text: str = "Der Brunnen am Markt läuft wieder.", head: str = ""
) -> bytes:
    """A release of the site before its relaunch."""
    return (
        f"<html><head><meta charset=utf-8><title>Meldung {number}</title>{head}</head><body>"
        f"<div class=content><h1>Meldung {number}</h1><p>Nachricht vom 17.05.2022</p>"
        f"<p>{text} Und weil das kurz ist, steht hier noch ein zweiter Satz.</p></div></body>"
    ).encode()


def new_page(slug: str, text: str = "Die Brücke ist offen.") -> bytes:
    """A release of the site as it is now."""
    return (
        f"<html><head><link rel=canonical href='{SECTION}/{slug}.html'></head><body><main>"
        f"<section id=Einleitungstext class=introduction><h1>Titel {slug}</h1>"
        "<time datetime='12:52'>Mo 7. Juli 2025</time></section><dtm-text-image>"
        f"<div slot=content><p>{text}</p></div></dtm-text-image></main></body></html>"
    ).encode()


def stamp(minute: int) -> str:
    """A WARC-Date in 2022."""
    return f"2022-05-18T12:{minute:02}:00Z"


class Warc:
    """A WARC file in the making."""

    def __init__(self, *, compressed: bool = True, version: str = "1.0") -> None:
        self.buffer = io.BytesIO()
        self._writer = WARCWriter(self.buffer, gzip=compressed, warc_version=f"WARC/{version}")

    def response(
        self,
        url: str,
        body: bytes,
        date: str,
        status: str = "200 OK",
        headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),),
    ) -> Warc:
        head = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=head,
            warc_headers_dict={"WARC-Date": date},
        )
        self._writer.write_record(record)
        return self

    def record(self, kind: str, url: str, body: bytes, date: str, content_type: str) -> Warc:
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            warc_content_type=content_type,
            warc_headers_dict={"WARC-Date": date},
        )
        self._writer.write_record(record)
        return self

    def revisit(self, url: str, digest: str, refers_to: str, refers_at: str, date: str) -> Warc:
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = self._writer.create_revisit_record(
            url, digest, refers_to, refers_at, head, {"WARC-Date": date}
        )
        self._writer.write_record(record)
        return self

    def info(self) -> Warc:
        self._writer.write_record(
            self._writer.create_warcinfo_record("a.warc.gz", {"software": "another tool"})
        )
        return self

    def save(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.buffer.getvalue())
        return path

    def save_wacz(self, path: Path) -> Path:
        """As Browsertrix packs it: stored, with a list of pages and a description beside it."""
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/rec-0.warc.gz", self.buffer.getvalue())
            archive.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0"}\n')
            archive.writestr("datapackage.json", json.dumps({"profile": "data-package"}))
            archive.writestr("indexes/index.cdx.gz", gzip.compress(b""), zipfile.ZIP_DEFLATED)
        return path


def chunked(body: bytes, size: int = 100) -> bytes:
    """The transfer coding of HTTP/1.1."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def deflated(body: bytes) -> bytes:
    return zlib.compress(body)


def bring_in(directory: Path, *paths: Path, **options: object) -> ImportReport:
    """One import, with a clock of our own."""
    request = ImportRequest(directory, paths, "dortmund", bool(options.pop("dry_run", False)))
    return run_import(request, lambda: NOW, **options)  # type: ignore[arg-type]


def rows(directory: Path, sql: str) -> list[dict[str, object]]:
    with Archive.open_existing(directory) as archive:
        return archive.rows(sql)


def lives(directory: Path) -> dict[str, list[tuple[object, ...]]]:
    """Versions of each article, in words: number, from, to, words, events."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for row in rows(
        directory,
        "SELECT a.url, r.number, r.first_seen, r.last_seen, r.fingerprint, "
        "json_extract(r.record, '$.text') AS text FROM revisions r "
        "JOIN articles a ON a.id = r.article_id ORDER BY a.url, r.number",
    ):
        found.setdefault(str(row.pop("url")), []).append(tuple(row.values()))
    for row in rows(
        directory,
        "SELECT a.url, e.at, e.kind FROM events e JOIN articles a ON a.id = e.article_id "
        "ORDER BY a.url, e.at, e.kind",
    ):
        found[str(row.pop("url"))].append(tuple(row.values()))
    for row in rows(directory, "SELECT url, first_seen, last_seen, text, gone_at FROM articles"):
        found[str(row.pop("url"))].append(tuple(row.values()))
    return found
