"""Verbs that answer from the archive: search, show, history, query, quotes, stats, verify."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import completing
from scraper.cli.app import app
from scraper.cli.evidence import check_package
from scraper.cli.free_words import QueryCommand
from scraper.cli.options import (
    ChangedSince,
    Cities,
    Json,
    Reference,
    Since,
    Until,
    cities,
    day,
    say_unknown,
)
from scraper.cli.tables import AsCsv, AsExcel, Output, destination, write
from scraper.errors import ArchiveError, UsageError

_FIRST_HITS = 20
_MOST = 10**9


class Sort(StrEnum):
    """Order of search results."""

    relevance = "relevance"
    date = "date"


class Kind(StrEnum):
    """How something was said."""

    prose = "prose"
    block = "block"
    indirect = "indirect"


@app.command(name="search", cls=QueryCommand)
def search_articles(
    context: typer.Context,
    query: Annotated[
        list[str] | None,
        typer.Argument(help='Words that must all occur; "…" is a phrase, -word leaves out.'),
    ] = None,
    quote: Annotated[
        str | None,
        typer.Option(help="A sentence, or a part of one; else the releases closest to it."),
    ] = None,
    since: Since = None,
    until: Until = None,
    tag: Annotated[
        str | None, typer.Option(autocompletion=completing.tags, help="Only with this tag.")
    ] = None,
    district: Annotated[
        str | None, typer.Option(autocompletion=completing.districts, help="Only of this district.")
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(autocompletion=completing.speakers, help="Only where this person speaks."),
    ] = None,
    site: Cities = None,
    changed_since: ChangedSince = None,
    attachments: Annotated[
        bool,
        typer.Option(
            "--attachments/--no-attachments", help="Whether attached files are searched, too."
        ),
    ] = True,
    sort: Annotated[Sort, typer.Option(help="Order of the results.")] = Sort.relevance,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=10**9,
            help="At most so many results: 20, of a table all.",
            show_default=False,
        ),
    ] = None,
    copies: Annotated[
        bool,
        typer.Option(
            "--copies", help="Only what other cities published, too; without words, all of it."
        ),
    ] = False,
    count: Annotated[bool, typer.Option("--count", help="Only how many there are.")] = False,
    as_csv: AsCsv = False,
    as_excel: AsExcel = False,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Search the articles."""
    from scraper.archive import Archive
    from scraper.archive.cities import has_several
    from scraper.archive.search.articles import row_as_json
    from scraper.archive.search.filters import Filters
    from scraper.archive.search.found import find
    from scraper.console.articles import print_hits, print_instead
    from scraper.console.base import err, print_empty, print_json

    filters = Filters(
        day("--since", since),
        day("--until", until),
        tag,
        district,
        speaker,
        changed_since=day("--changed-since", changed_since),
        attachments=attachments,
        copies=copies,
    )
    words = " ".join(query or ())
    if not (words.strip() or quote or site or replace(filters, attachments=True) != Filters()):
        raise UsageError("Give words to look for, or something to narrow by, such as --tag.")
    wanted = destination(as_csv=as_csv, as_excel=as_excel, as_json=as_json, output=output)
    limit = limit or (_MOST if wanted else _FIRST_HITS)
    with Archive.open_existing(context.obj) as archive:
        filters = replace(filters, sites=cities(archive, site))
        several = has_several(archive)
        found = find(archive, words, quote, filters, sort=sort.value, limit=0 if count else limit)
        if not found.total:
            say_unknown(archive, filters)
        if not (found.total or found.closest) and archive.is_empty():
            print_empty()
    rows = found.closest or found.rows
    if count:
        print_json(found.total)
    elif wanted:
        from scraper.export.results import hits

        write(hits(rows, [row_as_json(row) for row in rows]), wanted)
        if len(rows) < found.total:
            err.print(f"{len(rows):,} of {found.total:,}")
    elif as_json:
        print_json([row_as_json(row) for row in rows])
        err.print(f"{len(rows):,} of {found.total or len(rows):,}")
    else:
        print_hits(rows, found.total or len(rows), with_city=several)
    print_instead(found)


@app.command()
def changes(
    context: typer.Context,
    since: Annotated[
        str, typer.Option("--since", help="First day on which something happened.")
    ] = "7d",
    until: Annotated[
        str | None, typer.Option("--until", help="Last day on which something happened.")
    ] = None,
    tag: Annotated[
        str | None,
        typer.Option(autocompletion=completing.tags, help="Only of releases with this tag."),
    ] = None,
    district: Annotated[
        str | None, typer.Option(autocompletion=completing.districts, help="Only of this district.")
    ] = None,
    site: Cities = None,
    limit: Annotated[int | None, typer.Option(min=1, max=10**9, help="At most so many.")] = None,
    as_csv: AsCsv = False,
    as_excel: AsExcel = False,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """What was edited, moved or taken down, and when."""
    from scraper.archive import Archive
    from scraper.archive.changes import changes as find
    from scraper.archive.cities import has_several
    from scraper.archive.search.filters import Filters
    from scraper.console.articles import print_changes
    from scraper.console.base import print_empty, print_json

    wanted = destination(as_csv=as_csv, as_excel=as_excel, as_json=as_json, output=output)
    filters = Filters(day("--since", since), day("--until", until), tag, district)
    with Archive.open_existing(context.obj) as archive:
        filters = replace(filters, sites=cities(archive, site))
        several = has_several(archive)
        rows = find(archive, filters, limit=limit)
        if not rows:
            say_unknown(archive, filters)
        if not rows and archive.is_empty():
            print_empty()
    if wanted:
        from scraper.export.results import result

        flat = [{**row, "fields": ", ".join(row["fields"])} for row in rows]
        write(result("changes", flat, rows), wanted)
    elif as_json:
        print_json(rows)
    else:
        print_changes(rows, with_city=several)


@app.command()
def show(
    context: typer.Context,
    reference: Annotated[list[str], typer.Argument(metavar="ID_URL_OR_TITLE")],
    site: Cities = None,
    version: Annotated[
        int | None,
        typer.Option(min=1, max=10**9, help="The version of that number, as history counts them."),
    ] = None,
    as_json: Json = False,
    raw: Annotated[bool, typer.Option("--raw", help="The page as captured.")] = False,
    cite: Annotated[
        bool, typer.Option("--cite", help="Ready citations of it and of its quotations.")
    ] = False,
) -> None:
    """Show one article, by number, address or title.

    A content id or a part of a title will do; several that fit are listed.
    """
    from scraper.archive import Archive
    from scraper.archive.copies import copies_of, with_differences
    from scraper.archive.read import read_article, read_capture
    from scraper.archive.titles import find_named
    from scraper.console.articles import print_article, print_citations
    from scraper.console.base import print_json
    from scraper.console.copies import print_copies
    from scraper.export.citation import citations
    from scraper.records import to_json

    if raw and (as_json or cite):
        raise UsageError("--raw goes with neither --json nor --cite.")
    if cite and version is not None:
        raise UsageError("--cite is of the present version. Leave --version away.")
    with Archive.open_existing(context.obj) as archive:
        article_id = find_named(archive, " ".join(reference), cities(archive, site))
        if cite:
            print_citations(citations(archive, article_id), as_json=as_json)
            return
        if raw:
            sys.stdout.buffer.write(read_capture(archive, article_id, version).body)
            return
        article = read_article(archive, article_id, version)
        facts = archive.rows("SELECT * FROM articles WHERE id = ?", (article_id,))[0]
        copies = copies_of(archive, [article_id]).get(article_id, [])
        copies = with_differences(archive, article_id, copies)
    if as_json:
        print_json({**to_json(article), "copies": copies})
    else:
        print_article(article, facts)
        print_copies(copies)


@app.command()
def stats(context: typer.Context, site: Cities = None, as_json: Json = False) -> None:
    """Counts per month, fill rate per field, last runs."""
    from scraper.archive import Archive
    from scraper.archive.read import statistics
    from scraper.console.base import print_json
    from scraper.console.reports import print_statistics

    with Archive.open_existing(context.obj) as archive:
        figures = statistics(archive, cities(archive, site))
    if as_json:
        print_json(figures)
    else:
        print_statistics(figures)


@app.command()
def quotes(
    context: typer.Context,
    query: Annotated[
        str | None, typer.Argument(help="Words of the quotation, the speaker or the office.")
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(autocompletion=completing.speakers, help="Any part of the speaker's name."),
    ] = None,
    kind: Annotated[
        list[Kind] | None,
        typer.Option(
            help="Only these: quotations in the text (prose) or set apart (block), or indirect "
            "speech; may be given several times."
        ),
    ] = None,
    since: Since = None,
    until: Until = None,
    site: Cities = None,
    limit: Annotated[int | None, typer.Option(min=1, max=10**9, help="At most so many.")] = None,
    as_csv: AsCsv = False,
    as_excel: AsExcel = False,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Who said what, when."""
    from scraper.archive import Archive
    from scraper.archive.cities import has_several
    from scraper.archive.search.filters import Filters
    from scraper.archive.search.quotations import search_quotes
    from scraper.console.articles import print_quotes
    from scraper.console.base import print_empty, print_json

    wanted = destination(as_csv=as_csv, as_excel=as_excel, as_json=as_json, output=output)
    with Archive.open_existing(context.obj) as archive:
        several = has_several(archive)
        rows = search_quotes(
            archive,
            query,
            speaker=speaker,
            kinds=[one.value for one in kind or ()],
            since=day("--since", since),
            until=day("--until", until),
            sites=cities(archive, site),
            limit=limit,
        )
        if not rows:
            say_unknown(archive, Filters(speaker=speaker))
        if not rows and archive.is_empty():
            print_empty()
    if wanted:
        from scraper.export.results import result

        write(result("quotes", rows), wanted)
    elif as_json:
        print_json(rows)
    else:
        print_quotes(rows, with_city=several)


@app.command()
def history(
    context: typer.Context,
    reference: Reference,
    site: Cities = None,
    diff: Annotated[bool, typer.Option("--diff", help="What changed, word by word.")] = False,
    as_json: Json = False,
) -> None:
    """The versions of an article and what happened to it."""
    from scraper.archive import Archive
    from scraper.archive.history import history as life_of
    from scraper.archive.read import find_article_id
    from scraper.console.articles import print_history
    from scraper.console.base import print_json

    with Archive.open_existing(context.obj) as archive:
        life = life_of(archive, find_article_id(archive, reference, cities(archive, site)))
    if as_json:
        print_json(life)
    else:
        print_history(life, with_changes=diff)


@app.command()
def verify(
    context: typer.Context,
    package: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE.wacz]", help="Check this package, not the archive."),
    ] = None,
    ca: Annotated[
        Path | None, typer.Option(help="FILE.wacz: certificates (PEM) whose time stamps you trust.")
    ] = None,
    head: Annotated[
        str | None,
        typer.Option(help="Digest of the chain of runs that you have noted: is it still in it?"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check that file, keys, pages, records, digests and index agree."""
    from scraper.archive import Archive
    from scraper.archive.verify import verify as check
    from scraper.cli.pipes import ending_with
    from scraper.console.base import print_json
    from scraper.console.reports import print_findings

    if package is not None:
        findings = check_package(package, ca)
    else:
        with Archive.open_to_check(context.obj) as archive:
            findings = check(archive, datetime.now(UTC), head)
    code = ArchiveError.exit_code if findings["problems"] else 0
    with ending_with(code):
        if as_json:
            print_json(findings)
        else:
            print_findings(findings)
    raise typer.Exit(code)
