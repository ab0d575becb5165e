"""PDF files for tests: born digital, scanned, encrypted, broken, hostile."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import AccessPermission


def pdf(*pages: str, password: str | None = None) -> bytes:
    """A file with a text on each page; the same text makes the same bytes."""
    made = FPDF()
    made.set_creation_date(datetime(2026, 10, 1, tzinfo=UTC))
    if password:
        made.set_encryption("owner", password, permissions=AccessPermission.none())
    for text in pages:
        made.add_page()
        made.set_font("helvetica", size=11)
        made.multi_cell(0, 6, text)
    return bytes(made.output())


def scan(pages: int = 2) -> bytes:
    """Pages that hold a drawing and no text."""
    made = FPDF()
    for _ in range(pages):
        made.add_page()
        made.rect(20, 20, 100, 60, style="F")
    return bytes(made.output())


def endless(kids: int = 1) -> bytes:
    """A tree of pages whose root is its own child, and that claims a billion pages."""
    return _objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + b"2 0 R " * kids + b"] /Count 1000000000 >>",
    )


def bomb(megabytes: int) -> bytes:
    """A page whose contents grow to so many megabytes of operators."""
    data = b"q Q " * 256
    packed = zlib.compress(data * (megabytes << 10), 9)
    return _objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >> stream\n%s\nendstream" % (len(packed), packed),
    )


def _objects(*bodies: bytes) -> bytes:
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj %s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(bodies) + 1
    trailer = b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF" % (count, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer
