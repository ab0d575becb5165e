"""The attached files of the replica's releases: small PDFs, written here, of invented text."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from scraper import urls
from scraper.demo.sentences import DOWNLOAD_PAGES

if TYPE_CHECKING:
    from scraper.records import Article

PATH = re.compile(r"/dortmund/downloads/\d{4}/(?P<number>\d{1,9})_(?P<name>[a-z]+)\.pdf")
"""Of a file: the number of its release, and what it is."""
_COLUMNS, _LINES = 88, 52


def attached_file(article: Article, path: str) -> bytes | None:
    """The file at a path; None if the release has none there.

    Args:
        article: the release.
        path: matches `PATH`.
    """
    if path not in {urls.path(link.url) for link in article.links if link.kind == "download"}:
        return None
    name = path.rpartition("_")[2].removesuffix(".pdf")
    if name == "pressemitteilung":
        return pdf([f"{article.title}\n\n{article.text}"])
    return pdf([f"{name.capitalize()}\n\n{article.title}", *DOWNLOAD_PAGES.get(name, ())])


def pdf(texts: list[str]) -> bytes:
    """A PDF of pages of plain text; what does not fit on one goes on the next.

    Args:
        texts: each begins on a page of its own; what Windows-1252 does not have becomes `?`.
    """
    pages: list[list[str]] = []
    for text in texts:
        lines = [
            line
            for paragraph in text.splitlines()
            for line in textwrap.wrap(paragraph, _COLUMNS) or [""]
        ]
        pages += [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)] or [[]]
    numbers = range(4, 4 + 2 * len(pages), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in zip(numbers, pages, strict=True):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1)
        )
        content = b"BT /F1 10 Tf 12 TL 40 790 Td\n%s\nET" % b"\n".join(map(_shown, lines))
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content))
    return _written(objects)


def _shown(line: str) -> bytes:
    plain = line.encode("cp1252", "replace")
    return b"(%s) Tj T*" % re.sub(rb"([\\()])", rb"\\\1", plain)


def _written(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end
