"""docx and odt files for tests, as small as they can be."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DOCX_BREAK = '<w:r><w:br w:type="page"/></w:r>'
_ODT = "urn:oasis:names:tc:opendocument:xmlns"
ODT_TYPE = b"application/vnd.oasis.opendocument.text"


def packed(members: dict[str, str | bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", kind) as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    return file.getvalue()


def docx_of(body: str, **parts: str) -> bytes:
    """A docx file with some XML in its body; `parts` are others of `word/`."""
    members = {"[Content_Types].xml": "<Types/>", "word/document.xml": word_xml(body)}
    return packed(members | {f"word/{name}.xml": word_xml(text) for name, text in parts.items()})


def word_xml(inner: str) -> str:
    """A part of a docx file."""
    return f'<w:document xmlns:w="{WORD}"><w:body>{inner}</w:body></w:document>'


def docx(*pages: str) -> bytes:
    """A docx file with a paragraph on each page."""
    paragraphs = (f"<w:r><w:t>{escape(text)}</w:t></w:r>" for text in pages)
    return docx_of(
        "".join(f"<w:p>{part}</w:p>" for part in _DOCX_BREAK.join(paragraphs).split("\n"))
    )


def odt_of(body: str, **members: str) -> bytes:
    """An odt file with some XML in its body; `members` are other XML files of it."""
    content = (
        f'<office:document-content xmlns:office="{_ODT}:office:1.0" '
        f'xmlns:text="{_ODT}:text:1.0"><office:body><office:text>{body}</office:text>'
        "</office:body></office:document-content>"
    )
    others = {f"{name}.xml": text for name, text in members.items()}
    return packed({"mimetype": ODT_TYPE, "content.xml": content, **others})


def odt(*paragraphs: str) -> bytes:
    """An odt file."""
    return odt_of("".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs))
