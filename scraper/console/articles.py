"""Articles, hits and histories to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from scraper import urls
from scraper.console.base import err, out, print_json, print_note, say
from scraper.text import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.search.found import Found
    from scraper.archive.search.snippet import Snippet
    from scraper.records import Article, Attachment


INDIRECT = "Indirect speech"
"""What stands before a sentence that reports what somebody said, in place of quotation marks."""


def highlighted(snippet: Snippet) -> Text:
    """A snippet of a search, its hits in bold."""
    text = Text()
    for part, is_hit in snippet.parts():
        text.append(one_line(part), style="bold" if is_hit else "")
    return text


def place_in_file(attachment: dict[str, Any]) -> str:
    """Where in an attached file a passage stands: `im Anhang, Seite 3 (Lageplan)`.

    A file that does not tell its pages is named alone.
    """
    name = one_line(attachment["title"] or urls.readable(attachment["url"]))
    page = "" if attachment["page"] is None else f", Seite {attachment['page']}"
    return f"im Anhang{page} ({name})"


def print_citations(found: dict[str, Any], *, as_json: bool) -> None:
    """Citations of a release and of its quotations, a line each."""
    if as_json:
        print_json(found)
        return
    for text in (found["text"], *(quote["text"] for quote in found["quotes"])):
        say(one_line(text))


def print_hits(rows: list[dict[str, Any]], total: int, *, with_city: bool = False) -> None:
    """Hits of a search: number, day, title, address, snippet; and how many there are in all."""
    for row in rows:
        head = Text(f"{row['id']:>5}  {(row['published'] or '')[:10]:<10}  ")
        head.append(_city(row, with_city=with_city))
        head.append(one_line(row["title"]), style="bold")
        if not row["online"]:
            head.append("  (no longer online)")
        out.print(head, soft_wrap=True)
        say(f"       {one_line(urls.readable(row['url']))}")
        line = Text("       ")
        if row["attachment"]:
            line.append(f"{place_in_file(row['attachment'])}: ")
        if row["snippet"].text:
            out.print(line.append_text(highlighted(row["snippet"])), soft_wrap=True)
        for copy in row.get("copies", ()):
            say(f"       also: {copied(copy)}")
    if rows:
        more = "" if len(rows) >= total else f"; --limit {total} shows all"
        say(f"{len(rows):,} of {total:,}{more}")
    else:
        say("Nothing found.")


def print_instead(found: Found) -> None:
    """What helps where a search finds nothing, on standard error."""
    if found.closest:
        best = max(row["overlap"] for row in found.closest)
        print_note(
            "No release has these words side by side. Those that have most of them are shown, the "
            f"closest first; it has {best:.0%} of the pairs of neighbouring words."
        )
    elif found.suggestion:
        err.print(Text(f"Meinten Sie: {one_line(found.suggestion)}?"), soft_wrap=True)


def _city(row: dict[str, Any], *, with_city: bool) -> str:
    """The name of a row's city, to stand before a title."""
    return f"{one_line(row['site_name'])}: " if with_city else ""


def copied(copy: dict[str, Any]) -> str:
    """A near-copy in one line: city, day, title, number, how much is the same."""
    day = (copy["published"] or "undated")[:10]
    same = f"{copy['similarity']:.0%} the same"
    return f"{one_line(copy['site_name'])}, {day}: {one_line(copy['title'])} ({copy['id']}, {same})"


_CHANGES = {
    "changed": "edited",
    "moved": "moved",
    "gone": "gone",
    "withdrawn": "withdrawn",
    "back": "back",
    "corrected": "corrected",
    "attachment": "new file",
}


def print_changes(rows: list[dict[str, Any]], *, with_city: bool = False) -> None:
    """What happened to releases: time, what, title, address, and what is known of it."""
    for row in rows:
        head = Text(f"{row['at'][:16].replace('T', ' ')}  {_CHANGES[row['kind']]:<9}  ")
        head.append(_city(row, with_city=with_city))
        head.append(one_line(row["title"]), style="bold")
        out.print(head, soft_wrap=True)
        say(f"       {one_line(urls.readable(row['url']))} ({row['article_id']})")
        fields = ", ".join(row["fields"])
        if row["kind"] == "corrected":
            by = urls.readable(row["detail"] or "")
            known = f"by {by}" + (f"; differing in {fields}" if fields else "")
        else:
            known = fields or row["detail"]
        if known:
            say(f"       {one_line(known)}")
    if not rows:
        say("Nothing happened in that time.")


def print_article(article: Article, facts: dict[str, Any]) -> None:
    """One article to read, with what the archive knows about it."""
    _print_head(article, facts)
    for paragraph in [article.lead or "", *_paragraphs(article)]:
        if paragraph:
            say()
            say(paragraph)
    say()
    _print_parts(article)
    if article.tags:
        say(f"Tags: {one_line(', '.join(article.tags))}")
    if article.contact:
        say(f"Contact: {one_line(article.contact)}")
    say(f"Seen: first {facts['first_seen']}, last {facts['last_seen']}")


def _print_head(article: Article, facts: dict[str, Any]) -> None:
    if article.kicker:
        say(one_line(article.kicker))
    out.print(Text(one_line(article.title), style="bold"), soft_wrap=True)
    if article.subtitle:
        say(one_line(article.subtitle))
    say(f"{article.published or 'no date'}  {urls.readable(article.url)}")
    if article.issuer:
        say(f"Published by: {one_line(article.issuer)}")
    if article.corrects:
        say(f"Corrects: {one_line(urls.readable(article.corrects))}")
    if facts["gone_at"]:
        say(f"No longer online since {facts['gone_at']}.")


def _print_parts(article: Article) -> None:
    """Pictures, quotations, links and files, a line each."""
    for image in article.images:
        words = " · ".join(filter(None, (image.caption or image.alt, image.credit)))
        say(f"Picture: {words or image.src}")
    for quote in article.quotes:
        indirect = quote.kind == "indirect"
        said = f"{INDIRECT}: {quote.text}" if indirect else f"Quote: „{quote.text}“"
        say(f"{said} ({_who(quote.speaker, quote.role)})")
    for link in article.links:
        say(f"Link: {one_line(link.text)} <{one_line(urls.readable(link.url))}>")
    for file in article.attachments:
        if file.sha256 or file.reason:
            say(f"Attachment: {_file(file)}")


def _file(file: Attachment) -> str:
    """An attached file in one line: name, type, size, pages, and why it has no text."""
    known = [
        file.media_type,
        f"{file.size:,} bytes" if file.size is not None else None,
        f"{file.pages:,} pages" if file.pages is not None else None,
        file.reason,
    ]
    name = file.title or urls.readable(file.url)
    return f"{one_line(name)} ({one_line(', '.join(filter(None, known)))})"


def _paragraphs(article: Article) -> Iterable[str]:
    marks = {"list_item": "• ", "subheading": "", "paragraph": "", "table_row": ""}
    for section in article.sections:
        if section.heading:
            yield section.heading
        for block in section.blocks:
            yield marks[block.kind] + block.text


def _who(speaker: str | None, role: str | None) -> str:
    return ", ".join(filter(None, (speaker, role))) or "speaker unknown"


def print_quotes(rows: Iterable[dict[str, Any]], *, with_city: bool = False) -> None:
    """Quotations: day, speaker and office, words, title of the release.

    Indirect speech is called so and has no quotation marks: it is nobody's own words.
    """
    count = 0
    for row in rows:
        count += 1
        who = _who(row["speaker"], row["role"])
        head = Text(f"{(row['published'] or '')[:10]:<10}  ")
        head.append(_city(row, with_city=with_city))
        head.append(one_line(who), style="bold")
        out.print(head, soft_wrap=True)
        words = one_line(row["text"])
        indirect = row["kind"] == "indirect"
        say(f"            {INDIRECT}: {words}" if indirect else f"            „{words}“")
        say(f"            {one_line(row['title'])} ({row['article_id']})")
    if not count:
        say("Nothing found.")


_EVENTS = {
    "new": "first seen",
    "changed": "edited by the city",
    "moved": "moved; before at",
    "gone": "no longer online",
    "withdrawn": "no longer online; its address",
    "back": "online again",
    "reparsed": "read again by us, differing in",
    "corrected": "corrected by",
    "attachment": "another file at",
}


def print_history(life: dict[str, Any], *, with_changes: bool) -> None:
    """What happened to an article; with changes, word by word."""
    out.print(Text(one_line(life["title"]), style="bold"), soft_wrap=True)
    say(urls.readable(life["url"]))
    since = f" since {life['gone_at']}" if life["gone_at"] else ""
    say("online" if life["online"] else f"no longer online{since}")
    pairs = [("Corrects", pair) for pair in [life["corrects"]] if pair]
    pairs += [("Corrected by", pair) for pair in life["corrected_by"]]
    for label, pair in pairs:
        day = (pair["published"] or "")[:10]
        say(f"{label} ({pair['id']}, {day}): {one_line(urls.readable(pair['url']))}")
        _print_changes_of(pair["changes"] if with_changes else ())
    say()
    for event in life["events"]:
        what = f"{_EVENTS.get(event['kind'], event['kind'])} {event['detail'] or ''}".strip()
        say(f"{event['at']}  {what}")
    say()
    for version in life["versions"]:
        seen = f"seen from {version['first_seen']} to {version['last_seen']}"
        fields = ", ".join(change["field"] for change in version["changes"])
        say(f"Version {version['number']}: {seen}" + (f"; changed: {fields}" if fields else ""))
        evidence = version["evidence"]
        if evidence and evidence["warc_file"]:
            say(
                f"  {evidence['warc_file']} at byte {evidence['warc_offset']:,}, "
                f"SHA-256 {evidence['sha256']}"
            )
        if evidence and evidence["web_archive"]:
            say(f"  from a web archive: {one_line(evidence['web_archive'])}")
        _print_changes_of(version["changes"] if with_changes else ())


def _print_changes_of(changes: Iterable[dict[str, Any]]) -> None:
    """Field by field, what differs."""
    for change in changes:
        say(f"  {change['field']}:")
        out.print(Text("    ").append_text(marked_words(change["words"])), soft_wrap=True)


_STYLES = {"equal": "", "delete": "red strike", "insert": "green bold"}
_SIGNS = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}
_CONTEXT_CHARS = 60


def marked_words(pieces: Iterable[dict[str, str]]) -> Text:
    """A word-level diff in one line: marked by signs, so that it can be read without colours."""
    line = Text()
    for piece in pieces:
        kind, text = piece["kind"], piece["text"]
        if kind == "equal" and len(text) > 2 * _CONTEXT_CHARS:
            text = f"{text[:_CONTEXT_CHARS]} … {text[-_CONTEXT_CHARS:]}"
        opening, closing = _SIGNS[kind]
        line.append(printable(f"{opening}{text}{closing}").replace("\n", " "), style=_STYLES[kind])
    return line
