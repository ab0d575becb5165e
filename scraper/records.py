"""The records that travel through the pipeline, and their one way to and from JSON.

Every record is frozen: a stage makes a new one instead of changing what another stage holds.
Text fields hold folded text (see `scraper.text.fold`), URLs are absolute and percent-encoded
(see `scraper.urls.canonical`), times are ISO 8601 strings with the offset of the city's time zone.
`None` means that the page has none; an empty string never stands for "none".
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import date, datetime

BlockKind = Literal["paragraph", "list_item", "table_row", "subheading"]
ImageRole = Literal["lead", "body", "portrait"]
QuoteKind = Literal["prose", "block", "indirect"]
LinkKind = Literal["internal", "external", "download"]
Precision = Literal["minute", "day"]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of running text."""

    kind: BlockKind
    """What the text is: a `table_row` joins its cells by " | ", a `subheading` is below h2."""
    text: str
    """Folded text, never empty."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it, up to the next heading of the same level."""

    heading: str | None
    """Text of the h2; None for what stands before the first one."""
    blocks: tuple[Block, ...] = ()
    """In the order of the page."""


@dataclass(frozen=True, slots=True)
class Image:
    """One picture, however many renditions and captions of it the page holds."""

    src: str
    """Absolute URL of the largest rendition the page names."""
    alt: str | None = None
    """Text alternative; None when missing or empty."""
    caption: str | None = None
    """What is said about the picture, without the credit."""
    credit: str | None = None
    """Who made or owns it, as printed, without the leading label: `Stadt Dortmund / Jo Doe`."""
    credit_parts: tuple[str, ...] = ()
    """The credit, split at its slashes."""
    role: ImageRole = "body"
    """`lead` opens the release, `portrait` belongs to a quotation block, `body` is the rest."""
    width: int | None = None
    """Pixels of `src`; None when the page does not say."""
    height: int | None = None
    """Pixels of `src`; None when the page does not say."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that the release puts into somebody's mouth."""

    text: str
    """The words without their outer marks."""
    speaker: str | None = None
    """Full name, or the organisation that speaks; None when the release leaves it open."""
    role: str | None = None
    """Office as printed, without name, title and article."""
    kind: QuoteKind = "prose"
    """`block` is a quotation set apart with a portrait, `prose` stands in the running text;
    `indirect` is a sentence of the release that reports what somebody said: not their words."""
    start: int | None = None
    """Offset into the article's `text`, in characters: `text[start:end]` is the quotation.
    None for a block, whose words are not part of the text."""
    end: int | None = None
    """Offset behind the last character; None for a block."""


@dataclass(frozen=True, slots=True)
class Video:
    """An embedded video."""

    url: str
    """Address of the player."""
    title: str | None = None
    """Title the page gives to the player."""
    caption: str | None = None
    """Text below the player."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link from the release's own content."""

    url: str
    """Absolute target; `mailto:`, `tel:` and anchors on the same page are left out."""
    text: str
    """Link text; the file name when the link has none."""
    kind: LinkKind
    """`download` is a file, `internal` a page of the city, `external` anything else."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a release."""

    url: str
    """Absolute address."""
    title: str | None = None
    """What the page calls it."""
    media_type: str | None = None
    """Its type as RFC 6838 names it; told by the address until the file was fetched."""
    size: int | None = None
    """Bytes; None unless it was fetched."""
    sha256: str | None = None
    """Digest of the file; None unless it was fetched."""
    text: str | None = None
    """Text of the file, its pages joined by blank lines; None unless it is kept."""
    pages: int | None = None
    """Number of its pages; None unless it was read."""
    reason: str | None = None
    """Why there is no text, or no file; None if there is, or it was not asked for."""


@dataclass(frozen=True, slots=True)
class Related:
    """A teaser that the page shows for another release."""

    url: str
    """Canonical URL of the other release."""
    title: str
    """Its headline as the teaser prints it."""
    published: str | None = None
    """ISO date; teasers show no time of day."""
    district: str | None = None
    """City district the teaser names."""


@dataclass(frozen=True, slots=True)
class Article:
    """One release as one page showed it at one time."""

    url: str
    """Canonical URL."""
    site: str
    """Key of the site, such as `dortmund`."""
    content_id: str | None = None
    """UUID the content management system gives the release; survives a change of address."""
    page_id: str | None = None
    """Number of the page in the content management system."""
    title: str = ""
    """Headline without the name of the site. A page without one is not an article."""
    kicker: str | None = None
    """Topline above the headline."""
    lead: str | None = None
    """Opening paragraph that is set apart from the text."""
    description: str | None = None
    """Summary for search engines; not part of the visible text."""
    published: str | None = None
    """When the city says it published: ISO date-time with offset, or a date if no time is given."""
    published_raw: str | None = None
    """The date as printed."""
    modified: str | None = None
    """When the city says it last changed the release."""
    sections: tuple[Section, ...] = ()
    """The body."""
    text: str = ""
    """Lead, headings and blocks, joined by blank lines."""
    images: tuple[Image, ...] = ()
    """In the order of the page, each picture once."""
    quotes: tuple[Quote, ...] = ()
    """Quotations and indirect speech in the order of the text, then quotation blocks."""
    videos: tuple[Video, ...] = ()
    """In the order of the page."""
    links: tuple[Link, ...] = ()
    """In the order of the page, each target once."""
    tags: tuple[str, ...] = ()
    """Subject headings of the city."""
    district: str | None = None
    """City district the release is filed under."""
    related: tuple[Related, ...] = ()
    """Teasers below the release. Not its content: nothing of them counts as text or change."""
    subtitle: str | None = None
    """Headline below the headline."""
    issuer: str | None = None
    """Who publishes it, where a newsroom serves several offices or houses."""
    contact: str | None = None
    """Whom the press may ask, as printed."""
    published_precision: Precision | None = None
    """`minute` if `published` states a time of day, `day` if not; None if there is no date."""
    attachments: tuple[Attachment, ...] = ()
    """Files to download, in the order of the page; they stand among the links, too."""
    corrects: str | None = None
    """Canonical URL of the release that this one corrects."""
    language: str | None = None
    """Language of the text, as BCP 47 names it."""
    layout: str | None = None
    """Name of the layout the page was read by; `generic` if nobody has described it."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One response as it came: everything the parser may look at."""

    url: str
    """Canonical URL that was asked for in the end, after redirects."""
    body: bytes
    """Content of the response, transfer and content coding removed, charset untouched."""
    fetched_at: datetime
    """When it was fetched, with time zone."""
    status: int = 200
    """HTTP status."""
    headers: tuple[tuple[str, str], ...] = ()
    """Response headers in order, names in lower case."""

    def header(self, name: str) -> str | None:
        """First header of that name (lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, as they went over the wire: what evidence is made of."""

    url: str
    """Canonical URL that was asked for."""
    at: datetime
    """When the answer had come, with time zone."""
    request: bytes
    """Head and body as sent; empty if nobody knows, as of pages from elsewhere."""
    head: bytes
    """Status line and headers as received, up to the empty line."""
    body: bytes
    """As received: transfer coding removed, content coding kept."""
    source: str | None = None
    """Address in a web archive it was taken from, with `#bytes=A-B` for a part of a WARC file; None
    if it came from the site, or nobody knows."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A URL worth fetching, and what the listing said about it."""

    url: str
    """Canonical URL."""
    original: str
    """The address as the listing spelled it."""
    source: str
    """Where it was listed: name or method of the source, `search` for an interface like
    Elasticsearch's, `teaser` below another release, or a `page` that leads to it."""
    published: date | None = None
    """Day of publication according to the listing."""
    district: str | None = None
    """City district according to the listing."""
    fetch_url: str | None = None
    """Where the release is to be had, such as an interface's answer; None: at `url`."""
    listed: tuple[tuple[str, str], ...] = ()
    """What else the listing said that the site's layouts ask for: `title`, `date`, `summary`, …"""


@dataclass(frozen=True, slots=True)
class Request:
    """What discovery wants to be fetched next."""

    url: str
    """Canonical URL."""
    payload: dict[str, Any] | None = field(default=None, hash=False)
    """JSON to POST; None for a GET."""


def article_text(lead: str | None, sections: tuple[Section, ...]) -> str:
    """Lead, headings and blocks joined by blank lines: the `text` of an article."""
    parts = [lead] if lead else []
    for section in sections:
        if section.heading:
            parts.append(section.heading)
        parts.extend(block.text for block in section.blocks)
    return "\n\n".join(parts)


def to_json(record: Any) -> dict[str, Any]:
    """The JSON object of a record: its fields in order, tuples as arrays."""
    return {name: _plain(getattr(record, name)) for name in _field_names(type(record))}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return to_json(value) if dataclasses.is_dataclass(value) else value


_NAMES: dict[type, tuple[str, ...]] = {}


def _field_names(kind: Any) -> tuple[str, ...]:
    names = _NAMES.get(kind)
    if names is None:
        names = _NAMES[kind] = tuple(field.name for field in dataclasses.fields(kind))
    return names


def article_from_json(data: dict[str, Any]) -> Article:
    """The article that `to_json` wrote; unknown fields of a later version are ignored."""
    nested = {
        "images": Image,
        "quotes": Quote,
        "videos": Video,
        "links": Link,
        "attachments": Attachment,
        "related": Related,
    }
    values: dict[str, Any] = {}
    for f in dataclasses.fields(Article):
        if f.name not in data:
            continue
        value = data[f.name]
        if f.name in nested:
            value = tuple(_record(nested[f.name], item) for item in value)
        elif f.name == "sections":
            value = tuple(
                Section(s["heading"], tuple(_record(Block, block) for block in s["blocks"]))
                for s in value
            )
        elif isinstance(value, list):
            value = tuple(value)
        values[f.name] = value
    return Article(**values)


def _record(kind: Any, data: dict[str, Any]) -> Any:
    names = _field_names(kind)
    return kind(
        **{
            key: tuple(value) if isinstance(value, list) else value
            for key, value in data.items()
            if key in names
        }
    )
