"""How much of a page's main text the parser has missed, by the measure of trafilatura.

trafilatura finds the main text of any page without knowing its layout. What it finds and the record
lacks is either boilerplate or text that our selectors no longer reach. It comes with the extra
`health`; without it, this check is left out.
"""

from __future__ import annotations

import importlib
import logging
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from scraper.markup.charset import decode_html
from scraper.records import to_json
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.records import Article, Capture

MISSED_SHARE = 0.4
"""A page of which more is missing counts as misread."""
_TALKATIVE = ("trafilatura", "htmldate", "courlan", "justext")
_MOST_BYTES = 4_000_000
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_WORD = re.compile(r"\w+")
_LEAST_WORDS = 6  # shorter pieces are captions, labels and teasers
_RUN = 3  # words in a row that tell a sentence from a heap of common words


@cache
def _trafilatura() -> Any:
    """The module, or the error that importing it gives."""
    try:
        library = importlib.import_module("trafilatura")
    except ImportError as error:
        return error
    for name in _TALKATIVE:  # or what they log about odd pages would land on standard error
        logging.getLogger(name).addHandler(logging.NullHandler())
    return library


def why_unavailable() -> str | None:
    """Why there is no second opinion; None if there is."""
    library = _trafilatura()
    if not isinstance(library, ImportError):
        return None
    missing = isinstance(library, ModuleNotFoundError) and library.name == "trafilatura"
    reason = "is not installed" if missing else f"cannot be imported ({library})"
    return f"trafilatura {reason}"


def main_text(capture: Capture) -> str:
    """The main text of a page as trafilatura sees it; empty if it sees none, or is not there."""
    library = _trafilatura()
    if isinstance(library, ImportError) or len(capture.body) > _MOST_BYTES:
        return ""
    html, _charset = decode_html(capture.body, capture.header("content-type"))
    try:
        found = library.extract(
            html, include_comments=False, include_tables=True, favor_precision=True
        )
    except Exception:  # noqa: BLE001 - a second opinion must never cost the run it is about
        return ""
    return found or ""


def missed_shares(texts: Sequence[str], articles: Sequence[Article]) -> list[float | None]:
    """For each page the share of its main text that its record lacks, 0 to 1, by words.

    A sentence is missed if most of its runs of three words stand nowhere in the record: not in the
    text, nor in captions, credits, teasers or tags. Pieces of fewer than six words, and sentences
    that several of the pages have, are boilerplate and do not count.

    Args:
        texts: main texts, from `main_text`.
        articles: the records of the same pages, in the same order.

    Returns:
        None for a page whose main text has no sentence.
    """
    sentences = [list(dict.fromkeys(_sentences(text))) for text in texts]
    shared = Counter(sentence for page in sentences for sentence in page)
    own = [[sentence for sentence in page if shared[sentence] == 1] for page in sentences]
    return [_missed(page, article) for page, article in zip(own, articles, strict=True)]


def _missed(sentences: list[tuple[str, ...]], article: Article) -> float | None:
    known = {run for text in _texts(to_json(article)) for run in _runs(_words(text))}
    words = sum(map(len, sentences))
    lost = sum(len(sentence) for sentence in sentences if _is_missing(sentence, known))
    return lost / words if words else None


def _is_missing(sentence: tuple[str, ...], known: set[tuple[str, ...]]) -> bool:
    runs = _runs(sentence)
    return sum(run in known for run in runs) * 2 < len(runs)


def _sentences(text: str) -> Iterator[tuple[str, ...]]:
    for sentence in _SENTENCE.split(text):
        words = _words(sentence)
        if len(words) >= _LEAST_WORDS:
            yield words


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text).casefold()))


def _runs(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [words[at : at + _RUN] for at in range(len(words) - _RUN + 1)]


def _texts(value: Any) -> Iterator[str]:
    """All text of a record, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
