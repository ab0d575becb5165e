"""What is in the tables that are exported: names, types and meanings, for every format.

CSV, Parquet, the data package and the documentation read this; nothing else says what a column is.
The order is fixed, whatever the rows hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scraper.archive.cities_schema import SITE_NAME

Type = Literal["integer", "number", "string", "date", "datetime", "moment", "object"]
"""`datetime` is an instant in UTC, `moment` what a city prints: a date, or a date and time with the
city's offset. `object` is JSON."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column."""

    name: str
    type: Type
    description: str
    """One sentence, for people who only have the file."""
    required: bool = False
    """Whether every row has a value that is not empty."""
    values: tuple[str, ...] = ()
    """All that it can be; empty if anything."""
    sql: str = ""
    """Where the value comes from; the column of that name if empty."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: a row per `row_is`, in the order of `order`."""

    name: str
    row_is: str
    """What a row stands for."""
    source: str
    """FROM clause; `a` is the release, `t` the table itself."""
    order: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    """Columns that tell the rows apart."""
    references: tuple[tuple[str, str], ...] = ()
    """Columns that hold the `id` of another table, and its name."""

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return [field.name for field in self.fields]

    def select(self, *, encoded: bool = False) -> str:
        """SELECT and FROM; conditions on `a` and `t` may follow.

        Args:
            encoded: text as its UTF-8.
        """
        own = "a" if self.name == "articles" else "t"
        terms = []
        for field in self.fields:
            term = field.sql or f"{own}.{field.name}"
            if encoded and field.type != "integer":
                term = f"CAST({term} AS BLOB)"
            terms.append(f"{term} AS {field.name}")
        return f"SELECT {', '.join(terms)} FROM {self.source}"


_ARTICLE_ID = Field("article_id", "integer", "The release it belongs to.", required=True)
_POSITION = Field(
    "position", "integer", "Place among those of the release, from 0, in page order.", required=True
)
_ARTICLE = (
    Field("article_url", "string", "Address of the release.", required=True, sql="a.url"),
    Field("article_title", "string", "Headline of the release.", required=True, sql="a.title"),
    Field(
        "article_published",
        "moment",
        "When the city says it published the release, as in articles.published.",
        sql="a.published",
    ),
    Field("site", "string", "Key of the city.", required=True, sql="a.site"),
)
_SITE_NAME = Field(
    "site_name", "string", "Name of the city.", required=True, sql=SITE_NAME.format(site="a.site")
)
_TAGS = (
    "(SELECT group_concat(tag, '; ') FROM "
    "(SELECT tag FROM tags WHERE article_id = a.id ORDER BY position))"
)

_ARTICLES = Table(
    name="articles",
    row_is="release, as last seen",
    source="articles a",
    order="a.id",
    key=("id",),
    fields=(
        Field("id", "integer", "Number of the release in this archive.", required=True),
        Field("url", "string", "Canonical address, percent-encoded.", required=True),
        Field("site", "string", "Key of the city.", required=True),
        Field(
            "content_id",
            "string",
            "Id that the city's content management system gives the release; it survives a change "
            "of address.",
        ),
        Field("page_id", "string", "Number of the page in the content management system."),
        Field("title", "string", "Headline.", required=True),
        Field("kicker", "string", "Topline above the headline."),
        Field("subtitle", "string", "Headline below the headline."),
        Field("lead", "string", "Opening paragraph that is set apart from the text."),
        Field("description", "string", "Summary for search engines; not part of the page's text."),
        Field(
            "published",
            "moment",
            "When the city says it published: ISO 8601 with the city's offset; only a date where "
            "it gives no time of day.",
        ),
        Field(
            "published_date",
            "date",
            "The day of `published`.",
        ),
        Field(
            "published_utc",
            "datetime",
            "The time of `published` in UTC; empty where the city gives no time of day.",
        ),
        Field(
            "published_precision",
            "string",
            "`minute` if `published` states a time of day, `day` if not.",
            values=("minute", "day"),
        ),
        Field("published_raw", "string", "The date as printed."),
        Field("modified", "moment", "When the city says it last changed the release."),
        Field("text", "string", "Lead, headings and paragraphs, joined by blank lines."),
        Field("district", "string", "City district the release is filed under."),
        Field("issuer", "string", "Who publishes it, where a newsroom serves several offices."),
        Field("contact", "string", "Whom the press may ask, as printed."),
        Field("language", "string", "Language of the text, as BCP 47 names it."),
        Field("layout", "string", "The layout by which the page was read."),
        Field("corrects", "string", "Address of the release that this one corrects."),
        Field("tags", "string", "Subject headings of the city, joined by `; `.", sql=_TAGS),
        Field("word_count", "integer", "Words of `text`.", required=True),
        Field("first_seen", "datetime", "When the archive first fetched it.", required=True),
        Field("last_seen", "datetime", "When it was last listed or fetched.", required=True),
        Field("gone_at", "datetime", "When it was found to have disappeared; empty if online."),
        _SITE_NAME,
    ),
)


def _child(
    name: str,
    row_is: str,
    fields: tuple[Field, ...],
    *,
    key: tuple[str, ...] = ("article_id", "position"),
    order: str = "t.article_id, t.position",
    references: tuple[tuple[str, str], ...] = (),
) -> Table:
    return Table(
        name,
        row_is,
        f"{name} t JOIN articles a ON a.id = t.article_id",
        order,
        (*fields, *_ARTICLE, _SITE_NAME),
        key,
        (("article_id", "articles"), *references),
    )


_IMAGES = _child(
    "images",
    "picture of a release",
    (
        _ARTICLE_ID,
        _POSITION,
        Field("src", "string", "Address of its largest rendition.", required=True),
        Field("alt", "string", "Text alternative."),
        Field("caption", "string", "What is said about it, without the credit."),
        Field("credit", "string", "Who made or owns it, as printed, without the leading label."),
        Field(
            "role",
            "string",
            "`lead` opens the release, `portrait` belongs to a quotation block.",
            required=True,
            values=("lead", "body", "portrait"),
        ),
        Field("width", "integer", "Pixels."),
        Field("height", "integer", "Pixels."),
        Field(
            "capture_id",
            "integer",
            "The picture itself, if it was kept.",
            sql="(SELECT p.capture_id FROM pictures p WHERE p.src = t.src)",
        ),
    ),
    references=(("capture_id", "captures"),),
)
_QUOTES = _child(
    "quotes",
    "quotation, or sentence of indirect speech",
    (
        Field("id", "integer", "Its number in this archive.", required=True),
        _ARTICLE_ID,
        _POSITION,
        Field(
            "text",
            "string",
            "The words without their outer marks; of `indirect` the sentence.",
            required=True,
        ),
        Field("speaker", "string", "Full name; empty where the release leaves it open."),
        Field("role", "string", "Office as printed, without name, title and article."),
        Field(
            "kind",
            "string",
            "`block` is set apart with a portrait, `prose` stands in the running text; "
            "`indirect` is a sentence of the release that reports what somebody said, and "
            "nobody's own words.",
            required=True,
            values=("prose", "block", "indirect"),
        ),
        Field(
            "start_offset",
            "integer",
            "Place in articles.text, in characters from 0; empty for a block.",
        ),
        Field("end_offset", "integer", "Place behind its last character; empty for a block."),
    ),
    key=("id",),
)
_TAG_ROWS = _child(
    "tags",
    "subject heading of a release",
    (_ARTICLE_ID, _POSITION, Field("tag", "string", "As the city writes it.", required=True)),
)
_LINKS = _child(
    "links",
    "link from the text of a release",
    (
        _ARTICLE_ID,
        _POSITION,
        Field("url", "string", "Absolute target.", required=True),
        Field("text", "string", "Text of the link; the file name if it has none."),
        Field(
            "kind",
            "string",
            "`download` is a file, `internal` a page of the city.",
            required=True,
            values=("internal", "external", "download"),
        ),
    ),
)
_VIDEOS = _child(
    "videos",
    "embedded video",
    (
        _ARTICLE_ID,
        _POSITION,
        Field("url", "string", "Address of the player.", required=True),
        Field("title", "string", "Title that the page gives the player."),
        Field("caption", "string", "Text below the player."),
    ),
)
_ATTACHMENTS = _child(
    "attachments",
    "file that a release has for download",
    (
        Field("id", "integer", "Its number in this archive.", required=True),
        _ARTICLE_ID,
        _POSITION,
        Field("url", "string", "Address of the file.", required=True),
        Field("title", "string", "What the page calls it."),
        Field("media_type", "string", "Its type; told by the address until it was fetched."),
        Field("size", "integer", "Bytes; empty unless it was fetched."),
        Field("sha256", "string", "SHA-256 of the file, in hexadecimal."),
        Field("text", "string", "Text of the file, its pages joined by blank lines."),
        Field("pages", "integer", "Number of its pages; empty unless it was read."),
        Field(
            "page_starts",
            "string",
            "JSON array: where in `text` each page begins, in characters from 0.",
        ),
        Field("reason", "string", "Why there is no text, or no file."),
        Field(
            "is_twin",
            "integer",
            "1 if the file says what the release says, else 0.",
            required=True,
        ),
        Field("capture_id", "integer", "The file itself, if it was kept."),
    ),
    key=("id",),
    references=(("capture_id", "captures"),),
)
_REVISIONS = _child(
    "revisions",
    "version of a release; the highest number is what `articles` shows",
    (
        Field("id", "integer", "Number of the version in this archive.", required=True),
        _ARTICLE_ID,
        Field("number", "integer", "1, 2, 3 … within the release.", required=True),
        Field("first_seen", "datetime", "First fetch that found this version.", required=True),
        Field("last_seen", "datetime", "Last fetch that found this version.", required=True),
        Field("parser", "string", "Version of newsroom-archive that read the page.", required=True),
        Field("fingerprint", "string", "Hash of the content, without teasers.", required=True),
        Field("record", "object", "Everything that was read, as JSON.", required=True),
        Field("capture_id", "integer", "The page it was read from."),
    ),
    key=("id",),
    order="t.article_id, t.number",
    references=(("capture_id", "captures"),),
)
_EVENTS = _child(
    "events",
    "thing that happened to a release",
    (
        Field("id", "integer", "In the order of happening.", required=True),
        _ARTICLE_ID,
        Field("at", "datetime", "When it was noticed.", required=True),
        Field(
            "kind",
            "string",
            "`new` first seen, `changed` edited by the city, `moved` to another address, `gone` no "
            "longer online, `withdrawn` its address shows something else, `back` online again, "
            "`corrected` by another release, `attachment` another file at the address of an "
            "attachment, `reparsed` read again by us.",
            required=True,
        ),
        Field(
            "detail",
            "string",
            "moved: the address before; corrected: the address of the "
            "correction; attachment: the file's; reparsed: the fields.",
        ),
        Field("capture_id", "integer", "The response that shows it."),
    ),
    key=("id",),
    order="t.id",
    references=(("capture_id", "captures"),),
)
_CAPTURED_FROM = (
    "coalesce((SELECT c.site FROM candidates c WHERE c.url = t.url), "
    "(SELECT a.site FROM articles a WHERE a.url = t.url), "
    "(SELECT p.site FROM pictures p WHERE p.capture_id = t.id))"
)
_CAPTURES = Table(
    name="captures",
    row_is="response of a server; the bytes are in the archive's WARC files",
    source="captures t",
    order="t.id",
    key=("id",),
    fields=(
        Field("id", "integer", "Number of the response in this archive.", required=True),
        Field("url", "string", "Address that answered.", required=True),
        Field("fetched_at", "datetime", "When.", required=True),
        Field("status", "integer", "HTTP status.", required=True),
        Field("sha256", "string", "SHA-256 of the content, in hexadecimal.", required=True),
        Field("size", "integer", "Bytes of the content.", required=True),
        Field("error", "string", "Why it could not be read; empty if it could."),
        Field("digest", "string", "WARC-Payload-Digest of the body as received."),
        Field("warc_file", "string", "WARC file it stands in; empty if in the database."),
        Field("warc_offset", "integer", "First byte of its record in that file."),
        Field("warc_length", "integer", "Bytes of its record."),
        Field("refers_to", "integer", "The capture that holds the same body, if one does."),
        Field("site", "string", "Key of the city, if it is known.", sql=_CAPTURED_FROM),
        Field(
            "site_name",
            "string",
            "Name of the city, if it is known.",
            sql=f"(SELECT {SITE_NAME.format(site='k.site')} "
            f"FROM (SELECT {_CAPTURED_FROM} AS site) k)",
        ),
    ),
    references=(("refers_to", "captures"),),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _ARTICLES,
        _IMAGES,
        _QUOTES,
        _TAG_ROWS,
        _LINKS,
        _VIDEOS,
        _ATTACHMENTS,
        _REVISIONS,
        _EVENTS,
        _CAPTURES,
    )
}
"""By name, in the order of the data package."""

_KNOWN = """(
SELECT month, count(*) AS listed, sum(captured) AS captured, sum(parsed) AS parsed,
       sum(failed) AS failed, sum(missing) AS missing,
       sum(NOT parsed AND NOT failed AND NOT missing) AS waiting, site
FROM (
  SELECT site, month, captured, parsed, NOT parsed AND troubled AS failed,
         NOT parsed AND NOT troubled AND absent AS missing
  FROM (
    SELECT coalesce(substr(a.published, 1, 7), substr(c.published, 1, 7), 'unknown') AS month,
           a.id IS NOT NULL OR EXISTS (SELECT 1 FROM captures p WHERE p.url = c.url) AS captured,
           a.id IS NOT NULL AS parsed,
           c.failures > 0 OR c.error IS NOT NULL AS troubled,
           c.missing_since IS NOT NULL AS absent, c.site
    FROM candidates c LEFT JOIN articles a ON a.id = c.article_id WHERE c.alias_of IS NULL
    UNION ALL
    SELECT coalesce(substr(a.published, 1, 7), 'unknown'), 1, 1, 0, 0, a.site FROM articles a
    WHERE NOT EXISTS (SELECT 1 FROM candidates c WHERE c.article_id = a.id AND c.alias_of IS NULL)
  )
) GROUP BY site, month) t"""

COMPLETENESS = Table(
    name="completeness",
    row_is="city and month of publication: what the archive knows of, and what it has",
    source=_KNOWN,
    order="t.site, t.month",
    key=("site", "month"),
    fields=(
        Field("month", "string", "Such as 2026-01; `unknown` where no date is.", required=True),
        Field("listed", "integer", "Releases whose address is known.", required=True),
        Field("captured", "integer", "Of these, pages that were saved.", required=True),
        Field("parsed", "integer", "Of these, releases in `articles`.", required=True),
        Field("failed", "integer", "Could not be fetched or read so far.", required=True),
        Field("missing", "integer", "The server says there is no such page.", required=True),
        Field("waiting", "integer", "Not fetched yet.", required=True),
        Field("site", "string", "Key of the city.", required=True),
        Field(
            "site_name",
            "string",
            "Name of the city.",
            required=True,
            sql=SITE_NAME.format(site="t.site"),
        ),
    ),
)
"""How complete the whole archive is; no filter narrows it down."""
