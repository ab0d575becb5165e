"""Where the parts of a release stand on a page: what many sites share, as data.

A layout is read from TOML (`scraper.platforms.table`) and obeyed by `scraper.parse`. CSS selectors
are those of selectolax's lexbor engine, paths into JSON are jmespath's, patterns are Python's.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

NOTHING = "no-such-element"
MOST_MATCHED = 10_000
"""Characters of a value to which the patterns of a layout are applied: nobody proves them fast."""
"""A selector that matches nothing: what a layout does not have, or does not name."""

Clock = Literal["stated", "local", "offset is wrong", "day only"]
"""What a time of day on the page is worth.

`stated`: an offset is believed, a time without one is local. `local`: the digits are local time,
there is no offset. `offset is wrong`: the same, though an offset is printed. `day only`: the time
is a placeholder, or of no use.
"""
CLOCKS: tuple[Clock, ...] = ("stated", "local", "offset is wrong", "day only")


@dataclass(frozen=True)
class Selector:
    """One place where a field may stand. Exactly one of the first six says where."""

    css: str | None = None
    """Elements; their text, or their `attribute`."""
    meta: str | None = None
    """`content` of the `meta` of this name, property, itemprop or id."""
    json_ld: str | None = None
    """Path into the page's JSON-LD object of a type such as NewsArticle."""
    json: str | None = None
    """Path into the answer of a JSON interface; beside `css` or `meta`, into JSON found there."""
    feed: str | None = None
    """What the listing said about the release, such as `title`, `date`, `category`, `summary`."""
    address: bool = False
    """The page's own address."""
    attribute: str | None = None
    """With `css`: this attribute instead of the text."""
    without: str | None = None
    """With `css`: elements inside whose text does not count."""
    own: bool = False
    """With `css`: only the text that stands in the element itself, not in elements inside it."""
    lines: bool = False
    """With `css`: each piece of text of the element is a value of its own."""
    follow: bool = False
    """The value is `#id`: the text of that element counts."""
    hook: str | None = None
    """With `css`: name of a function in `scraper.platforms.hooks`, of text and attributes."""
    pattern: str | None = None
    """What of the value counts: the first group, or the whole match."""
    strip: tuple[str, ...] = ()
    """Prefixes and suffixes that do not belong to the value."""
    split: str | None = None
    """Pattern at which one value becomes several."""
    clock: Clock | None = None
    """With a date: what its time of day is worth; the layout's rule if None."""

    @cached_property
    def regex(self) -> re.Pattern[str] | None:
        """`pattern`, compiled."""
        return re.compile(self.pattern, re.S) if self.pattern else None

    @cached_property
    def splitter(self) -> re.Pattern[str] | None:
        """`split`, compiled."""
        return re.compile(self.split) if self.split else None


@dataclass(frozen=True)
class Pictures:
    """How the pictures of a release stand on its page."""

    each: str = ""
    """Elements around one picture each, with caption and credit; empty: found by their shape."""
    src: tuple[Selector, ...] = ()
    """Inside such an element, best first; the usual attributes of an `img` if there are none."""
    alt: tuple[Selector, ...] = ()
    """Inside such an element; the attribute of that name if there are none."""
    caption: tuple[Selector, ...] = ()
    """Inside such an element, or in those that follow it up to the next picture."""
    credit: tuple[Selector, ...] = ()
    """The same for the credit."""
    items: str | None = None
    """In a JSON answer: path to the list of pictures, whose fields the selectors above read."""
    noscript: bool = False
    """Whether pictures may stand in a `noscript`."""


@dataclass(frozen=True)
class Layout:
    """Where things stand on an article page.

    Fields of type `tuple[Selector, …]` are candidates in their order: a page may lack any of them.
    A layout with `header_words` has markup without reliable names: its parts are found by their
    shape, starting from the line that begins with these words (see `scraper.parse.plain_page`).
    """

    name: str
    """Names the layout in reports and in records."""
    about: str = ""
    """Where its facts were read and when, and what was not seen."""
    fingerprint: tuple[str, ...] = ()
    """Any of these elements tells the platform, on whatever page of it."""
    marker: tuple[str, ...] = ()
    """Any of these elements tells that a page is a release; if there are none, its title does."""
    until: date | None = None
    """The last day this layout was served; None for the one in use."""
    read_on: date | None = None
    """The day on which its facts were read."""

    content: str = NOTHING
    """The element that holds the release, and perhaps more; the page's body if it is missing."""
    introduction: str = NOTHING
    """Inside `content`: kicker, title, date. Not part of the body."""
    title: tuple[Selector, ...] = ()
    kicker: tuple[Selector, ...] = ()
    subtitle: tuple[Selector, ...] = ()
    lead: tuple[Selector, ...] = ()
    description: tuple[Selector, ...] = ()
    published: tuple[Selector, ...] = ()
    """The first that names a day decides; the time comes from the first that has one for it."""
    modified: tuple[Selector, ...] = ()
    issuer: tuple[Selector, ...] = ()
    contact: tuple[Selector, ...] = ()
    content_id: tuple[Selector, ...] = ()
    """The content management system's own id of the release."""
    page_id: tuple[Selector, ...] = ()
    """The number of the page."""
    tags: tuple[Selector, ...] = ()
    clock: Clock = "stated"
    placeholder_times: tuple[str, ...] = ()
    """Times that a date carries when nobody entered any, such as `T12:00:00Z`."""

    body: tuple[str, ...] = ()
    """Elements that hold the running text, in the order of the page; else all of `content`."""
    body_json: tuple[Selector, ...] = ()
    """In a JSON answer: the running text as HTML. A layout that has it reads JSON, not pages."""
    remove: tuple[str, ...] = ()
    """Elements that do not belong to the release."""
    stop_at: tuple[str, ...] = ()
    """Elements with which the release is over."""
    end_headings: frozenset[str] = frozenset()
    """Headings of what follows a release; none of them is part of it."""
    drop_lines: tuple[str, ...] = ()
    """Patterns of paragraphs that are no running text, such as a caption repeated at the end."""
    bold_subheadings: bool = True
    """Whether a short paragraph that is bold as a whole is a subheading."""

    pictures: Pictures = Pictures()
    found: bool = False
    """Nothing is known of the markup: headline and text are found by what pages have in common."""
    shaped: bool = False
    """Pictures and quotation blocks are recognised by `scraper.parse.components`: markup of web
    components, where any element may be either."""
    caption: str = NOTHING
    """With `shaped`: inside a picture or video, the caption."""
    credit: str = NOTHING
    """With `shaped`: inside a picture, the credit."""
    quote_blocks: str = NOTHING
    """Elements that set a quotation apart."""
    video: str = NOTHING
    video_attributes: tuple[str, str] = ("src", "title")
    """Attributes with the address of the player and with its title."""

    related: str = NOTHING
    """Teasers of other releases, below a release."""
    card: str = NOTHING
    """Teasers on the newsroom's front page."""
    related_title: str = NOTHING
    related_date: str = NOTHING

    foreign_elements: frozenset[str] = frozenset()
    """Names of elements that never belong to the release."""
    foreign_slots: frozenset[str] = frozenset()
    """Values of `slot` that never belong to the release."""
    link_slots: frozenset[str] = frozenset()
    """Values of `slot` that hold links but no text."""
    inline_elements: frozenset[str] = frozenset()
    """Names of web components that stand within a line."""
    caption_elements: frozenset[str] = frozenset({"figcaption"})
    """Names of elements that hold the caption of the picture before."""
    header_words: str | None = None
    """What stands before the date in a line of its own near the headline."""
    portal_headings: frozenset[str] = frozenset()
    """Headings that name a part of the site, not a release."""
    frame_lines: frozenset[str] = frozenset()
    """Lines, in lower case, that belong to the page's frame wherever they stand."""

    @cached_property
    def landmarks(self) -> tuple[str, ...]:
        """Selectors of whatever marks a page of this layout as a release or a listing."""
        marks = [*self.marker, self.related, self.card]
        for field in (self.published, self.content_id, self.tags):
            marks += css_of(field)
        return tuple(dict.fromkeys(mark for mark in marks if mark != NOTHING))

    @cached_property
    def shows_related(self) -> bool:
        """Whether there are teasers below a release."""
        return self.related != NOTHING

    @cached_property
    def title_css(self) -> str:
        """A selector of the elements that may be the headline."""
        return ", ".join(css_of(self.title)) or NOTHING

    @cached_property
    def published_css(self) -> str:
        """A selector of the elements whose text may be the date."""
        return ", ".join(css_of(self.published, text_only=True)) or NOTHING

    @cached_property
    def machine_read(self) -> tuple[str, ...]:
        """Selectors of what is read even where it is hidden from visitors."""
        fields = (self.tags, self.content_id, self.page_id, self.contact, self.issuer)
        own = [css for field in fields for css in css_of(field)]
        return tuple(
            css
            for css in (*self.foreign_elements, self.pictures.each, *own)
            if css and css != NOTHING
        )

    @cached_property
    def lead_css(self) -> str:
        """A selector of the elements that may be the lead."""
        return ", ".join(css_of(self.lead)) or NOTHING

    @cached_property
    def dropped(self) -> re.Pattern[str] | None:
        """`drop_lines`, compiled."""
        return (
            re.compile("|".join(f"(?:{each})" for each in self.drop_lines))
            if self.drop_lines
            else None
        )

    def __getstate__(self) -> dict[str, object]:
        """Only the facts travel to another process, not what was computed from them."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}


def css_of(selectors: tuple[Selector, ...], *, text_only: bool = False) -> list[str]:
    """The CSS selectors among some candidates.

    Args:
        selectors: the candidates.
        text_only: leave out those that read an attribute.
    """
    return [
        each.css
        for each in selectors
        if each.css and not (text_only and (each.attribute or each.json))
    ]
