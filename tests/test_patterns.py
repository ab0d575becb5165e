"""No pattern over foreign text takes longer than in proportion to the text.

Every regular expression of the package is listed here with the reason why that is so; one that is
new fails the test until somebody has thought about it. And what meets foreign text is fed a million
bytes of its own worst case, with ten seconds of processor time for each.

A backtracking engine is worse than linear where a repeat without a bound can give back what
another one takes, side by side (`\\s*,?\\s*`) or one in the other (`(\\w+\\s*)*`), and where a
search begins anew inside what a failed try has read to its end (`<!--.*?-->` behind many
beginnings).
"""

from __future__ import annotations

import ast
import resource
import signal
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

import scraper
from tests.support import worst_cases

PACKAGE = Path(scraper.__file__).parent
FUNCTIONS = frozenset(
    f"re.{name}"
    for name in "compile search match fullmatch split findall finditer sub subn".split()
)

BOUNDED = "each repeat has a bound, so that a try takes so many steps at most"
ONE_CLASS = "one repeat of one class with nothing behind it: what it takes is taken once"
ONE_PLACE = "tried at one place only, and each repeat ends where the class of the next one begins"
BEHIND_WORD = (
    "begins with a word that its repeats cannot pass over: each ends at the latest where the next"
    " try can begin"
)
POSSESSIVE = "gives nothing back, and no try reads what another has read"
SHORT = "its input has a bound"
FOLDED = "meets folded text, in which white space never repeats; all else has a bound"
EVERY_BEGINNING = "every beginning is a match: what is given back is not tried anew"
ONE_GIVEN_BACK = "tried at one place only, and no repeat gives back more than one character"
SITE = (
    "a site's file states it, so nobody has proved it linear; its input has a bound, and what"
    " repeats a repetition is refused"
)
OWN = "meets no foreign text: our own files, what the operator types, the demo's own texts"

PATTERNS: dict[str, list[str]] = {
    "importing/cdx.py:_SHA1": [BOUNDED],
    "importing/cdx.py:_WEEK": [BOUNDED],
    "importing/origin.py:_PART": [BOUNDED],
    "archive/identity.py:_WORD": [ONE_CLASS],
    "archive/likeness.py:_WORD": [ONE_CLASS],
    "archive/others.py:_INDEX": [OWN],
    "archive/others.py:_NAME": [OWN],
    "archive/raw_pages.py:_FILE_NAME": [OWN],  # names of our own files
    "archive/search/compounds.py:_FINITE": [SHORT],  # words of at most 100 letters
    "archive/search/compounds.py:_PARTICIPLE": [SHORT],
    "archive/search/filters.py:_WORD": [ONE_CLASS],
    "archive/search/german.py:UNIT": [
        "letters, hyphen, letters: the classes are disjoint, and a beginning is a match"
    ],
    "archive/search/german.py:_FEMALE": [SHORT],
    "archive/search/german.py:_HYPHEN": [BOUNDED],
    "archive/search/german.py:_LOAN_ENDINGS": [BOUNDED, BOUNDED, BOUNDED],
    "archive/search/german.py:_MARK": [ONE_CLASS],
    "archive/search/german.py:_NOT_PLAIN": [BOUNDED],
    "archive/search/german.py:_TRANSCRIBED": [BOUNDED],
    "archive/search/query.py:_ROAD": [BOUNDED],
    "archive/search/query.py:_TIED": [BOUNDED],
    "archive/search/index.py:_WORD": [BOUNDED],
    "archive/search/suggest.py:_WORD": [SHORT],  # 2,000 characters
    "archive/search/query.py:_THOUSANDS": [SHORT],
    "archive/search/query.py:_TOKEN": [SHORT],  # 2,000 characters
    "text/blackening.py:_ASCII": [
        "words and single spaces: the classes are disjoint, and a word is one"
    ],
    "text/blackening.py:_BYTE": [BOUNDED],
    "text/blackening.py:_CODED": [BOUNDED],
    "text/blackening.py:_CODED_OR_TAG": [BOUNDED],  # of many `<` in a row each ends at the next one
    "text/blackening.py:_DOTS": [BOUNDED],
    "text/blackening.py:_DROPPED": [BOUNDED],
    "text/blackening.py:_GOES_ON": [BOUNDED],
    "text/blackening.py:_HAS_CODE": [BOUNDED],
    "text/blackening.py:_JOINERS": [BOUNDED],
    "text/blackening.py:_JOINING_DOT": [BOUNDED],
    "text/blackening.py:_LETTERS_CODED": [BOUNDED],
    "text/blackening.py:_PARTED": [BOUNDED],
    "text/blackening.py:_PARTING": [BOUNDED],
    "text/blackening.py:_RUN": [ONE_CLASS],
    "text/blackening.py:_SPACE": [ONE_CLASS],
    "text/blackening.py:_UMLAUT": [ONE_CLASS],
    "browse/captures.py:_UNSAFE": [ONE_CLASS],
    "browse/files.py:_UNSAFE": [ONE_CLASS],
    "browse/tables_csv.py:_CELL": [ONE_PLACE],  # at the beginning of each cell
    "browse/passwords.py:_HASH": [OWN],  # the operator's file
    "browse/proxy.py:_HOST": [BOUNDED],  # matched whole: a header of a proxy that is trusted
    "browse/proxy.py:_ROOT": [OWN],
    "browse/language.py:_ISO_DAY": [BOUNDED],
    "browse/language.py:_WISH": [SHORT],  # 1,000 characters
    "browse/marking.py:_FIELD": [BEHIND_WORD],  # `<`, which no class of it holds
    "browse/selection.py:_DATE": [BOUNDED],
    "cli/free_words.py:_LEFT_OUT": [OWN],
    "cli/options.py:duration()": [OWN],
    "cli/plain_values.py:_NUMBER": [OWN],
    "console/base.py:_UNSEEN": [BOUNDED],
    "dates.py:_AGO": [OWN],
    "dates.py:_CLOCK": [BOUNDED],
    "dates.py:_ISO": [BOUNDED],
    "dates.py:_MIDNIGHT": [BOUNDED],
    "dates.py:_PERIOD": [OWN],
    "dates.py:_NAMED": [BEHIND_WORD],  # digits, between which only white space repeats
    "dates.py:_NUMERIC": [BOUNDED],
    "dates.py:_SHORT": [BEHIND_WORD],  # a digit, behind which white space repeats
    "dates.py:_TIME": [BEHIND_WORD],
    "dates.py:_YEAR_WITH_ZERO": [BOUNDED],
    "decide/compare.py:_PIECE": [ONE_CLASS],
    "decide/twin.py:_WORD": [ONE_CLASS],
    "demo/attached.py:PATH": [OWN],
    "demo/attached.py:_shown()": [OWN],
    "demo/body.py:_MARKED": [OWN],
    "demo/figures.py:_RENDITION": [OWN],
    "demo/newsroom.py:_NUMBER": [OWN],
    "demo/newsroom.py:_SLUG_DROPPED": [OWN],
    "demo/site.py:_PICTURE": [OWN],
    "demo/site.py:_SITEMAP_FILE": [OWN],
    "discovery/entry.py:_AGO": [SHORT],  # 200 characters
    "discovery/entry.py:_RFC_822": [SHORT],  # 100 characters
    "discovery/entry.py:_relative()": [SHORT],  # 200 characters
    "discovery/entry.py:candidate()": [SHORT],  # an address: 8,000 characters
    "discovery/interfaces.py:_ANCHOR": [SHORT],  # 2,000 characters
    "discovery/interfaces.py:_API": [BOUNDED],
    "discovery/interfaces.py:_DATE_KEYS": [BOUNDED],
    "discovery/interfaces.py:_INTERFACE": [BOUNDED],
    "discovery/interfaces.py:_LATER": [BOUNDED],
    "discovery/interfaces.py:_LINK_KEYS": [BOUNDED],
    "discovery/interfaces.py:_TITLE_KEYS": [BOUNDED],
    "discovery/interfaces.py:_TOTAL_KEYS": [BOUNDED],
    "discovery/interfaces.py:_about()": [BOUNDED],
    "discovery/interfaces.py:_date()": [BOUNDED],
    "discovery/interfaces.py:_is_address()": [BOUNDED],
    "discovery/interfaces.py:_key()": [ONE_PLACE],
    "discovery/interfaces.py:_selector()": [ONE_PLACE],
    "discovery/interfaces.py:_wordpress()": [BOUNDED],
    "discovery/listing.py:_ON_CLICK": [BEHIND_WORD],  # the quotation mark, which no class holds
    "discovery/shape.py:_FEED_WORDS": [BOUNDED],
    "discovery/shape.py:_NEWS_FOLDER": [BOUNDED],
    "discovery/listing.py:_numbered()": [SHORT],  # 40 characters
    "discovery/paging.py:_BEFORE": [SHORT],  # 200 characters
    "discovery/paging.py:_CHECK_SUM": [BOUNDED],
    "discovery/paging.py:_NEXT": [SHORT],  # 40 characters
    "discovery/paging.py:_TURN_CLASS": [BOUNDED],
    "discovery/paging.py:_second_link()": [SHORT],  # 40 characters
    "discovery/periods.py:_NUMBER": [BOUNDED],
    "discovery/periods.py:_YEAR": [BOUNDED],
    "discovery/periods.py:_months()": [BOUNDED],
    "discovery/periods.py:_names_period()": [BOUNDED, BOUNDED],
    "discovery/periods.py:_patterns()": [BOUNDED],
    "discovery/periods.py:find_archives()": [BOUNDED],
    "discovery/seen.py:_PRESS": [BOUNDED],
    "discovery/seen.py:_TYPE_CLASS": [BOUNDED],
    "discovery/seen.py:_name()": [BOUNDED],
    "discovery/shape.py:_PLAIN_CLASS": [ONE_PLACE],
    "discovery/shape.py:_STATES": [BOUNDED],
    "discovery/shape.py:_last_segment()": [SHORT, SHORT, SHORT],  # of an address: 8,000 characters
    "discovery/paging.py:_NEXT_CLASS": [BOUNDED],
    "discovery/paging.py:_pattern()": [SHORT],  # the path of an address
    "discovery/shape.py:_segment()": [BOUNDED, BOUNDED, BOUNDED],
    "discovery/shape.py:find_links()": [BOUNDED],
    "discovery/shape.py:matches()": [SHORT],  # the path of an address
    "discovery/sitemap.py:_ADDRESS_LINE": [ONE_CLASS],
    "discovery/sitemap.py:_AMPERSAND": [POSSESSIVE],
    "discovery/sitemap.py:_CONTROL": [BOUNDED],
    "discovery/sitemap.py:_DECLARED": [BOUNDED],
    "discovery/sitemap.py:_read()": [SHORT],  # the path of an address
    "doctor/environment.py:_REQUIREMENT": [OWN],
    "doctor/environment.py:_numbers()": [OWN],
    "doctor/sources.py:_NEWS": [BOUNDED],
    "doctor/sources.py:_with_pages()": [BOUNDED, BOUNDED, BOUNDED],
    "doctor/sites.py:_KEY": [OWN],
    "doctor/sites.py:_key_of()": [OWN, OWN],
    "export/atom.py:_UNFIT": [BOUNDED],
    "export/delimited.py:_C1": [BOUNDED],
    "export/delimited.py:_FORMULA": [ONE_PLACE],
    "export/delimited.py:_FORMULA_BEHIND": [BEHIND_WORD],  # a separator, which its class lacks
    "export/delimited.py:_PERHAPS_BEHIND": [BEHIND_WORD],
    "export/delimited.py:_STEERING": [BOUNDED],
    "export/feed.py:_DATE": [BOUNDED],
    "export/files.py:_OPEN_FILES": [OWN],
    "export/jsonl.py:_TO_ESCAPE": [BOUNDED],
    "extract/pdf.py:_PARTED": [ONE_CLASS],
    "fetch/cookies.py:_MAX_AGE": [ONE_CLASS],
    "fetch/head.py:_BLANK_LINE": [BOUNDED],
    "fetch/head.py:_DIGITS": [BOUNDED],
    "fetch/head.py:_ODD_SPACE": [BOUNDED],
    "fetch/head.py:_STATUS_LINE": [ONE_PLACE],
    "fetch/head.py:_TOKEN": [ONE_CLASS],
    "fetch/proxy.py:_HOST": [OWN],
    "fetch/robots.py:_COMMENT": [ONE_CLASS],
    "fetch/robots.py:_DIRECTIVE": [POSSESSIVE],  # within one line
    "fetch/robots.py:_PRODUCT_TOKEN": [ONE_CLASS],
    "fetch/robots.py:_USER_AGENT": [ONE_GIVEN_BACK],
    "health/example.py:_UNSAFE": [ONE_CLASS],
    "health/maintext.py:_SENTENCE": [ONE_CLASS],
    "health/maintext.py:_WORD": [ONE_CLASS],
    "importing/kinds.py:_ARCHIVE_NAME": [BOUNDED],
    "importing/kinds.py:_ARC_NAME": [BOUNDED],
    "importing/kinds.py:_PACKAGE_NAME": [BOUNDED],
    "importing/kinds.py:_SHADOW": [BOUNDED],
    "importing/kinds.py:_PACKED_NAME": [BOUNDED],
    "importing/kinds.py:_WARC_NAME": [BOUNDED],
    "importing/notes.py:_ISO_DATE": [BOUNDED],
    "importing/notes.py:_MAIL_DATE": [SHORT],  # of one comment, 4,000 characters
    "importing/notes.py:_MIRRORED": [SHORT],  # the first and the last 4,096 bytes
    "importing/notes.py:_MIRRORED_FILE": [SHORT],
    "importing/notes.py:_MIRRORED_FROM": [SHORT],
    "importing/notes.py:_SAVED_FROM": [SHORT],  # 4,096 bytes
    "importing/notes.py:_SINGLE_FILE": [SHORT],
    "importing/response.py:_CHUNK_SIZE": [ONE_PLACE],
    "importing/response.py:_LENGTH": [BOUNDED],
    "importing/response.py:read_response()": [BOUNDED, ONE_CLASS, BOUNDED, BEHIND_WORD],
    "importing/saved.py:_CHARSET": [BOUNDED],
    "importing/saved.py:_header()": [EVERY_BEGINNING],
    "importing/saved.py:is_html()": [POSSESSIVE],
    "markup/absence.py:_NOT_FOUND": [BOUNDED],  # and 300 characters
    "markup/absence.py:_SLUG_WORD": [ONE_CLASS],
    "markup/blockpage.py:_ARTICLE_DATA": [POSSESSIVE],
    "markup/blockpage.py:_STARTS_OVER": [BOUNDED],
    "markup/blockpage.py:_has_header_line()": [SHORT],  # 2,500 characters
    "markup/blockpage.py:_kind_of()": [
        "anchored at the beginning, or bounded; see the note at `_WORDS`"
    ],
    "markup/charset.py:_HEADER_CHARSET": [POSSESSIVE],
    "markup/charset.py:_LATIN": [ONE_PLACE],
    "markup/charset.py:_META_CHARSET": [POSSESSIVE],  # and 200 bytes before, at each place
    "markup/charset.py:_NOT_ASCII": [BOUNDED],
    "markup/charset.py:_WEB_CHARSET": [ONE_PLACE],
    "markup/cost.py:_ATTRIBUTES": [POSSESSIVE],
    "markup/cost.py:_FORMATTING_TAG": [ONE_PLACE],
    "markup/cost.py:_PLAIN": [POSSESSIVE],
    "markup/cost.py:_TOKEN": [POSSESSIVE],  # what begins like a tag ends as one, or with the page
    "markup/cost.py:_WHOLE_TAG": [POSSESSIVE],  # in 4,000 bytes
    "markup/ending.py:_END_TAG": [BEHIND_WORD],
    "markup/json_ld.py:_ESCAPE": [BOUNDED],
    "markup/json_ld.py:_LAST_COMMA": [BEHIND_WORD],  # a comma, which its repeat does not hold
    "markup/json_ld.py:_TOKEN": [POSSESSIVE],  # or once more, the blanks behind `//`
    "markup/json_ld.py:_TYPE": [ONE_PLACE],
    "markup/replay.py:_COLLECTION": [BOUNDED],
    "markup/replay.py:_FRONT": [BOUNDED],
    "markup/replay.py:_SIGN": [BOUNDED],
    "markup/replay.py:_SCHEME": [BOUNDED],
    "markup/replay.py:base_of()": [BOUNDED],
    "markup/shown.py:_CLIPPED": [BOUNDED],
    # what begins like a comment ends as one, or with the text
    "markup/shown.py:_COMMENT": [POSSESSIVE],
    "markup/shown.py:_EMOJI_NAME": [BOUNDED],
    "markup/shown.py:_FAR_OFF": [ONE_PLACE],
    "markup/shown.py:_ICON_FONT": [BOUNDED],
    "markup/shown.py:_UNSEEN_NAME": [BOUNDED],
    "markup/srcset.py:_ADDRESS": [ONE_CLASS],
    "markup/srcset.py:_DENSITY": [BOUNDED],
    "markup/srcset.py:_DESCRIPTORS": [POSSESSIVE],  # and the next try begins where this one ends
    "markup/srcset.py:_GAP": [ONE_CLASS],
    "markup/srcset.py:_WIDTH": [BOUNDED],
    "markup/tree.py:_OTHER_KIND": [ONE_PLACE],
    "markup/tree.py:_RAW": [BEHIND_WORD],
    "markup/tree.py:_UNREAD": [BEHIND_WORD],  # `<`, which no class of it holds
    "markup/tree.py:_UNREAD_END": [BOUNDED],
    "markup/wayback.py:_BANNER": [BOUNDED],
    "markup/wayback.py:_BEFORE_ADDRESS": [BEHIND_WORD],  # `/`, which no class of it holds
    "markup/wayback.py:_PLAYBACK": [BOUNDED],
    "markup/wayback.py:_REWRITTEN": [BOUNDED],
    "markup/wayback.py:_SCHEME": [BOUNDED],
    "markup/wayback.py:_STAMP": [BOUNDED],
    "parse/anywhere.py:_WORD": [ONE_CLASS],
    "parse/body.py:_is_frame_line()": [BOUNDED],
    "parse/boilerplate.py:_BYLINE": [BOUNDED],
    "parse/boilerplate.py:_CAPTION": [BOUNDED],
    "parse/boilerplate.py:_KEPT_NAMES": [BOUNDED],
    # `match`, and the one repeat without a bound is of digits
    "parse/boilerplate.py:_VIEW": [BOUNDED],
    "parse/boilerplate.py:_beginning()": [ONE_PLACE],
    "parse/boilerplate.py:_name()": [BOUNDED],  # and 400 characters
    "parse/captions.py:_CONTROL": [BOUNDED],
    "parse/captions.py:CREDIT_NAME": [BOUNDED],
    "parse/captions.py:_LABEL": [ONE_CLASS],  # behind words and repeats with a bound
    "parse/components.py:_NAME_HINT": [BOUNDED],
    "parse/components.py:_NAME_WORD": [ONE_PLACE],
    "parse/components.py:_QUOTE_HINT": [BOUNDED],
    "parse/components.py:_ROLE_HINT": [BOUNDED],
    "parse/components.py:_TITLES": [ONE_PLACE],
    "parse/found_pictures.py:_CAPTION_NAME": [BOUNDED],
    # tried once in each run of its class; 2,000 characters
    "parse/found_pictures.py:_IN_ATTRIBUTE": [BOUNDED],
    # it begins at a separator, which none of its repeats holds
    "parse/found_pictures.py:_PICTURE_NAME": [POSSESSIVE],
    # `/`, which no class of it holds; an address, 8,000 characters
    "parse/found_pictures.py:_STAND_IN": [BEHIND_WORD],
    "parse/header_line.py:header_line()": [SHORT],  # 120 characters
    "parse/headline.py:_ENDING": [FOLDED],
    "parse/headline.py:_KICKER": [BOUNDED],
    "parse/headline.py:_SEPARATOR": [FOLDED],  # and 400 characters
    "parse/headline.py:_WORD": [ONE_CLASS],
    "parse/images.py:_CREDIT_SLASH": [SHORT],  # of folded text: one space at most
    "parse/plain_page.py:_FRAME_NAME": [BEHIND_WORD],  # a separator that no class of it holds
    "parse/plain_page.py:_LEAD_NAME": [BOUNDED],
    "parse/plain_pictures.py:_PICTURE_NAME": [BOUNDED],
    "parse/published.py:_COMPACT": [BOUNDED],
    "parse/published.py:_ISO": [ONE_CLASS],  # digits; before and behind them, all has a bound
    "parse/quotations.py:_DASH": [ONE_CLASS],  # behind a repeat with a bound
    # what its repeat gives back is looked at once: it must be a mark at the end
    "parse/quotations.py:_OUTER_MARKS": [ONE_PLACE],
    "parse/quotations.py:_SEPARATOR": [FOLDED],
    "parse/quotations.py:_SINGLE_MARKS": [BOUNDED],
    "parse/quotations.py:_stated_source()": [BOUNDED],
    "parse/quotations.py:_SPEECH_BEFORE_MARKS": [BOUNDED],
    "parse/region.py:_WORD": [ONE_CLASS],
    "platforms/facts.py:_NESTED": [OWN],  # a pattern of a site's file
    "platforms/facts.py:pattern()": [OWN],  # compiled to see whether it can be
    "platforms/layout.py:dropped()": [SITE],  # of a line of at most 10,000 characters
    "platforms/layout.py:regex()": [SITE],  # of the first 10,000 characters of a value
    "platforms/layout.py:splitter()": [SITE],  # the same
    "platforms/table.py:_ATTRIBUTE": [OWN],
    "quotes/spans.py:_ANY_MARK": [BOUNDED],
    "quotes/spans.py:_BREAK": [BEHIND_WORD],  # a line end, which only its last repeat holds
    "quotes/spans.py:_MARK": [BOUNDED],
    "quotes/spans.py:_SINGLE": [BOUNDED],
    "quotes/spans.py:_SINGLE_OR_ANY": [BOUNDED],
    "quotes/tokens.py:_GENDERED": [BOUNDED],
    "quotes/tokens.py:_PIECE": [EVERY_BEGINNING],
    "quotes/tokens.py:_PIECE_GENDERED": [EVERY_BEGINNING],
    # a comma or a dash, which its one repeat does not hold
    "quotes/unpaired.py:_ANY_TAG": [BEHIND_WORD],
    "quotes/unpaired.py:_SENTENCE_END": [BOUNDED],
    "quotes/unpaired.py:_TAG": [BOUNDED],
    "quotes/unpaired.py:_WORD": [EVERY_BEGINNING],
    "schedule/cron.py:_BLOCK": [OWN],
    "schedule/cron.py:_NOT_ALLOWED": [OWN],
    "schedule/cron.py:_NO_CRONTAB": [OWN],
    "schedule/cron.py:find_block()": [OWN],
    "schedule/every.py:_EVERY": [OWN],
    "schedule/units.py:unquoted()": [OWN, OWN],
    "sites/file.py:_line_of()": [OWN, OWN],
    "sites/source.py:_DIGITS": [OWN],
    "sites/values.py:_COOKIE": [OWN],
    "sites/values.py:_KEY": [OWN],
    "sites/values.py:_LANGUAGE": [OWN],
    "sites/values.py:rendition()": [OWN],  # compiled to see its groups
    "sites/site.py:credit_pattern()": [FOLDED],
    "sites/site.py:fragment_pattern()": [SITE],  # of an address, 8,000 characters
    "sites/site.py:path_pattern()": [SITE],
    "sites/site.py:rendition_pattern()": [SITE],
    "text/__init__.py:_EMOJI": [BOUNDED],
    "text/__init__.py:_INVISIBLE": [BOUNDED],
    "text/__init__.py:_JOINERS": [ONE_CLASS],
    "text/__init__.py:_JOINING": [BOUNDED],
    "text/__init__.py:_PILE": [ONE_CLASS],
    "text/__init__.py:_SURROGATE": [BOUNDED],
    "text/__init__.py:_WORD": [
        "letters, mark, letters: the classes are disjoint, and a beginning matches"
    ],
    "urls.py:_BARE_VERSION": [BOUNDED],
    "urls.py:_CANONICAL": [SHORT],  # 8,000 characters
    "urls.py:_COOKIELESS": [BOUNDED],
    "urls.py:_EPOCH": [BOUNDED],
    "urls.py:_ESCAPED_RESERVED": [BOUNDED],
    "urls.py:_NUMBER": [ONE_PLACE],
    "urls.py:_PLAIN_PATH": [SHORT],
    "urls.py:_RANDOM": [ONE_PLACE],
    "urls.py:_SESSION_IN_PATH": [BEHIND_WORD],  # `;`, which its repeat does not hold
    "urls.py:_SIGNATURE": [ONE_PLACE],
    "urls.py:_canonical()": [BOUNDED],
    "warc/invented.py:_IN_HEAD": [BEHIND_WORD],
    "warc/records.py:_LENGTH": [BOUNDED],
    "warc/records.py:_SCHEME": [BOUNDED],
    "warc/writer.py:_PACKED_ALREADY": [BEHIND_WORD],
    "warc/writer.py:_TRANSFER_CODING": [BEHIND_WORD],
    "watch/addresses.py:_APART": [ONE_CLASS],
    "watch/addresses.py:_HOST": [OWN],
    "watch/addresses.py:_SCHEME": [OWN],
    "watch/addresses.py:_VARIABLE": [OWN],
    "watch/addresses.py:masked()": [OWN],
    "watch/digest.py:_CALL": [BOUNDED],
    "watch/saved.py:_NAME": [OWN],
    "watch/saved.py:_UNFIT": [OWN],
}


def patterns(path: Path) -> Iterator[str]:
    """Where a module states a pattern: the constant, or the function it stands in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, name = waiting.pop()
        if isinstance(node, ast.ImportFrom) and node.module == "re":
            pytest.fail(f"{path} imports names from re; write `re.compile` and the like")
        if isinstance(node, ast.FunctionDef):
            name = f"{node.name}()"
        elif isinstance(node, ast.Assign) and not name:
            name = ast.unparse(node.targets[0])
        if isinstance(node, ast.Attribute) and ast.unparse(node) in FUNCTIONS:
            yield f"{path.relative_to(PACKAGE).as_posix()}:{name}"
        waiting.extend((child, name) for child in ast.iter_child_nodes(node))


def test_every_pattern_is_listed_with_a_reason():
    found = sorted(where for path in PACKAGE.rglob("*.py") for where in patterns(path))
    listed = sorted(where for where, reasons in PATTERNS.items() for _reason in reasons)
    assert found == listed


SECONDS = 10  # of processor time, for each case; the slowest takes two
PATIENCE_SECONDS = 300  # of waiting for one, on a machine that does much else


def limited(group: str, results: Connection) -> None:
    """In a process of its own: ended by the kernel when a case takes too long."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    for name in worst_cases.GROUPS[group]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime)
        _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (spent + SECONDS, hard))
        worst_cases.run(group, name)
        results.send(name)
    results.close()


@pytest.mark.parametrize("group", worst_cases.GROUPS)
def test_a_million_bytes_of_the_worst_are_done_in_seconds(group):
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=limited, args=(group, theirs), daemon=True)
    process.start()
    theirs.close()
    done: list[str] = []
    try:
        while ours.poll(PATIENCE_SECONDS):
            done.append(ours.recv())
    except EOFError:
        pass
    finally:
        process.kill()
        process.join()
        ours.close()
        process.close()
    assert done == list(worst_cases.GROUPS[group])
