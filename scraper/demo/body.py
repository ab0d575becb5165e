"""Markup of an article's running text: components with headings, text, inline links, buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from scraper.demo.page import address

if TYPE_CHECKING:
    from scraper.records import Article, Block, Link, Section

_LONGEST = 7  # blocks in one component; the next one goes on without a heading
_MARKED = re.compile(
    r"(?P<strong>\b\d[\d.,]* (?:Millionen Euro|Prozent|[A-ZÄÖÜ]\w+))"
    r"|(?P<english>\b(?:Workshop|Poetry-Slam|Finetuning|Open Air)\b)"
)
_INLINE = ("paragraph", "list_item")


@dataclass(slots=True)
class Component:
    """One `dtm-text-image` with text."""

    heading: str | None
    blocks: tuple[Block, ...]
    inline: dict[int, list[tuple[int, Link]]] = field(default_factory=dict)
    """Links in the text: block number → (offset, link) in order."""
    buttons: list[Link] = field(default_factory=list)
    """Call-to-action links below the text."""


def components(article: Article) -> tuple[list[Component], tuple[Link, ...]]:
    """The components of an article, never none, and the files attached at its end."""
    parts = [part for section in article.sections for part in _split(section)]
    if not parts:
        parts = [Component(None, ())]
    links = list(article.links)
    attached: list[Link] = []
    if "/presse-mitteilungen/" in article.url:
        while links and links[-1].kind == "download":
            attached.insert(0, links.pop())
    _place(links, parts)
    return parts, tuple(attached)


def _split(section: Section) -> list[Component]:
    """A long section takes several components: the later ones have no heading."""
    parts, heading, blocks = [], section.heading, section.blocks
    while len(blocks) > _LONGEST and blocks[_LONGEST - 1].kind == "paragraph":
        parts.append(Component(heading, blocks[:_LONGEST]))
        heading, blocks = None, blocks[_LONGEST:]
    parts.append(Component(heading, blocks))
    return parts


def _place(links: list[Link], parts: list[Component]) -> None:
    """Give every link a place so that the page names them in the order of the record.

    A link whose text occurs behind the link before it stands there; the others become buttons of
    the last component before the next link in the text.
    """
    where = (0, 0, 0)  # component, block, offset behind the last link
    waiting: list[Link] = []
    for link in links:
        start = (where[0] + 1, 0, 0) if waiting else where
        found = _find(link.text, parts, start)
        if found is None:
            waiting.append(link)
            continue
        number, block, offset = found
        parts[max(0, number - 1)].buttons += waiting
        waiting = []
        parts[number].inline.setdefault(block, []).append((offset, link))
        where = (number, block, offset + len(link.text))
    parts[-1].buttons += waiting


def _find(
    text: str, parts: list[Component], start: tuple[int, int, int]
) -> tuple[int, int, int] | None:
    for number in range(start[0], len(parts)):
        for position, block in enumerate(parts[number].blocks):
            if block.kind not in _INLINE or (number, position) < start[:2]:
                continue
            offset = block.text.find(text, start[2] if (number, position) == start[:2] else 0)
            if offset >= 0:
                return number, position, offset
    return None


def component_markup(part: Component) -> str:
    """Headline, content and buttons of a component: what its element holds."""
    out = ""
    if part.heading is not None:
        out += f'<h2 slot="headline" >{escape(part.heading)}</h2>\n'
    if part.blocks:
        out += f'<div slot="content" >\n{_content(part)}\n</div>\n'
    if part.buttons:
        out += f'<div slot="cta">\n{"".join(map(_button, part.buttons))}</div>\n'
    return out


def _button(link: Link) -> str:
    return (
        '<dtm-anchor text-button text-button-variant="primary" >'
        f'<a href="{escape(address(link.url, relative=link.kind == "download"))}" target="_blank" >'
        f"{escape(link.text)}</a></dtm-anchor>\n"
    )


def attachments(links: tuple[Link, ...]) -> str:
    """The section of a press release that lists its files."""
    if not links:
        return ""
    items = "".join(
        f'<li><a href="{escape(address(link.url))}" target="_blank">{escape(link.text)}</a></li>\n'
        for link in links
    )
    return (
        '<dtm-text-image\nid="anhaenge"\nimage-alignment="full"\n>\n'
        f'<h2 slot="headline" >Anhänge</h2>\n<div slot="content" >\n<ul>\n{items}</ul>\n</div>\n'
        "</dtm-text-image>\n"
    )


def _content(part: Component) -> str:
    out = []
    numbered = enumerate(part.blocks)
    for kind, group in groupby(numbered, key=lambda pair: pair[1].kind):
        blocks = [(block.text, part.inline.get(number, [])) for number, block in group]
        if kind == "paragraph":
            out += [f"<p>{_inline(text, links)}</p>" for text, links in blocks]
        elif kind == "subheading":
            out += [f"<h3>{escape(text)}</h3>" for text, _ in blocks]
        elif kind == "list_item":
            items = "".join(f"<li>{_inline(text, links)}</li>\n" for text, links in blocks)
            out.append(f"<ul>\n{items}</ul>")
        else:
            out.append(_table([text for text, _ in blocks]))
    return "".join(out)


def _table(rows: list[str]) -> str:
    """A table; the first of several rows is its head."""
    lines = []
    for number, row in enumerate(rows):
        tag = "th" if number == 0 and len(rows) > 1 else "td"
        cells = "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row.split(" | "))
        lines.append(f"<tr>{cells}</tr>\n")
    return f"<table>\n<tbody>\n{''.join(lines)}</tbody>\n</table>"


def _inline(text: str, links: list[tuple[int, Link]]) -> str:
    out, last = [], 0
    for offset, link in links:
        out.append(_mark(text[last:offset]))
        out.append(f'<a href="{escape(address(link.url))}">{escape(link.text)}</a>')
        last = offset + len(link.text)
    out.append(_mark(text[last:]))
    return "".join(out)


def _mark(text: str) -> str:
    """Figures in bold type and foreign words with their language, as the editors do."""
    out, last = [], 0
    for match in _MARKED.finditer(text):
        out.append(escape(text[last : match.start()]))
        word = escape(match[0])
        strong = match.lastgroup == "strong"
        out.append(f"<strong>{word}</strong>" if strong else f'<span lang="en">{word}</span>')
        last = match.end()
    out.append(escape(text[last:]))
    return "".join(out)
