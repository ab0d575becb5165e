"""A whole article page as one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import ParseError
from scraper.markup.replay import live_address, restore
from scraper.markup.shown import as_shown
from scraper.parse import metadata
from scraper.parse.anywhere import find_anywhere
from scraper.parse.attachments import attachments
from scraper.parse.described import read_described
from scraper.parse.identity import stated_url
from scraper.parse.page import Page
from scraper.parse.parts import locate
from scraper.parse.plausible import check_images, check_sizes
from scraper.parse.published import read_moment
from scraper.parse.shaped import read_shaped
from scraper.platforms.layout import NOTHING
from scraper.records import Article, article_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborHTMLParser

    from scraper.parse.place import Parts
    from scraper.records import Capture
    from scraper.sites import Site


def parse_article(
    tree: LexborHTMLParser,
    capture: Capture,
    site: Site,
    *,
    listed: Mapping[str, str] | None = None,
) -> Article:
    """The record of an article page, without prose quotations and teasers.

    Args:
        tree: the page, from `scraper.markup.tree.parse_html`; afterwards it is the page as visitors
            see it (`scraper.markup.shown`).
        capture: where and when it was fetched.
        site: whose page.
        listed: what the listing said about the release, for candidates such as `feed:date`.

    Raises:
        ParseError: the page is no article in any layout the site has had.
    """
    for words in site.not_found:
        if words.encode() in capture.body:
            raise ParseError(capture.url, f"the page says that it does not exist: {words!r}")
    restore(tree, tree.raw_html, {layout.video_attributes[0] for layout in site.layouts})
    page = Page(tree, live_address(capture.url), listed=listed)
    page.read_ahead()
    as_shown(tree, _machine_read(site))
    parts = locate(page, site, capture.fetched_at.date()) or find_anywhere(page, site)
    if parts is None:
        title = metadata.document_title(tree, site)
        shown = f" (its title is {title!r})" if title else ""
        raise ParseError(capture.url, f"it is not an article page of {site.name}{shown}")
    return read_record(page, parts, capture, site)


def read_record(page: Page, parts: Parts, capture: Capture, site: Site) -> Article:
    """The record of a page whose parts are known.

    Raises:
        ParseError: it has no headline, or more of something than a release can have.
    """
    layout = parts.layout
    title = metadata.read_title(page, parts, site)
    if not title:
        raise ParseError(capture.url, "the page has no headline")
    published = read_moment(
        page,
        layout.published,
        layout,
        site.zone,
        (parts.date_line, parts.date_hint),
        parts.date_nearby,
    )
    tags = page.all(layout.tags)
    page_id = page.first(layout.page_id)
    url = _canonical_url(page, site, page_id)
    where = page.url  # a file has no address
    if not where.startswith("http"):
        where = url if url.startswith("http") else site.origin + "/"
    check_images(capture.url, len(parts.root.css("img")))
    read = read_described if parts.is_described else read_shaped
    content = read(page, parts, site, where)
    article = Article(
        url=url,
        site=site.key,
        content_id=page.first(layout.content_id),
        page_id=page_id,
        title=title,
        kicker=metadata.read_kicker(page, parts),
        lead=content.lead,
        description=metadata.read_description(page, layout),
        published=published.iso,
        published_raw=published.raw,
        modified=read_moment(page, layout.modified, layout, site.zone).iso,
        sections=content.sections,
        text=article_text(content.lead, content.sections),
        images=content.images,
        quotes=content.quotes,
        videos=content.videos,
        links=content.links,
        tags=tags,
        district=metadata.read_district(page.tree, tags, site, layout),
        subtitle=page.first(layout.subtitle),
        issuer=metadata.read_issuer(page, layout),
        contact=metadata.read_contact(page, layout),
        published_precision=published.precision,
        attachments=attachments(content.links),
        language=site.language,
        layout=layout.name,
    )
    check_sizes(article, capture.url)
    return article


def _machine_read(site: Site) -> str:
    """Selector of what is read even where it is hidden: teasers, tags, the content's number."""
    names = {css for layout in site.layouts for css in layout.machine_read}
    return ", ".join(sorted(names)) or NOTHING


def _canonical_url(page: Page, site: Site, page_id: str | None) -> str:
    """What the page says is its address, if that is an article's; else where it was fetched."""
    stated = stated_url(page, site, page.base(page.url))
    if stated:
        return stated
    own = site.article_url(page.url)
    if own is None and site.article.template and page_id:
        own = site.article.template.replace("{id}", page_id)
    return own or page.url
