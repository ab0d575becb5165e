"""Words, sentences and quoted strings of a text, as parallel lists.

Each outermost quoted string is one token, whatever stands in it, so that the grammar around a
quotation reads like the sentence it is part of: `Q , sagt Kämmerer Nöthen .`
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate, chain, compress
from typing import TYPE_CHECKING

from scraper.quotes.features import BOUNDARY, FEATURES, finder, flags_of
from scraper.quotes.lexicon import ABBREVIATIONS, ARTICLES, TIMES, TITLES, is_function_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.quotes.spans import Span

LOWER, CAPITAL, NUMBER, PUNCTUATION, QUOTE, BREAK = range(6)
"""Kinds of token."""

# A token takes one blank behind it along, so that the lengths of the pieces give the offsets.
_PIECE = re.compile(
    r"(?:[Vv]er\.di(?:-\w+)*|\d+(?:[.,:]\d+)*\w*(?:-\w+)*|\w+(?:[-'’/]\w+)*-?|[^\w\s]"
    r"|\n[^\S\n]*\n\s*) ?|\s+|."
)


# Titles with the feminine ending of Austria, as one token: `Mag.a`, `Dr.in`, `Bgm.ⁱⁿ`.
_GENDERED = re.compile(r"\b[A-Z]\w{1,8}(?:-Stv)?\.(?:in|a|ª|ᵃ|ⁱⁿ)(?= )")
_PIECE_GENDERED = re.compile(f"(?:{_GENDERED.pattern}) ?|{_PIECE.pattern}")


Columns = tuple[tuple[str, ...], bytes, bytes, bytes]
"""Words, widths with the white space behind, kinds and flags of some tokens."""


class _Chunks(dict[str, "Columns | None"]):
    """The tokens of what stands between two blanks, remembered: `Moll.` is `Moll` and `.`.

    None for a chunk that begins with white space, is nothing else, or is too wide for a byte.
    """

    def __missing__(self, chunk: str) -> Columns | None:
        columns = None
        if len(chunk) < _WIDEST and chunk and not chunk.isspace():
            words, widths, kinds = _columns(_PIECE_GENDERED.findall(chunk + " "))
            columns = (tuple(words), bytes(widths), kinds, _flags(words, kinds)) if words else None
        if len(chunk) < _LONG:
            if len(self) >= _MOST:
                self.clear()
            self[chunk] = columns
        return columns


def _columns(pieces: list[str]) -> tuple[list[str], list[int], bytes]:
    """Words, widths and kinds; empty when the first piece is white space within a paragraph."""
    words: list[str] = []
    widths: list[int] = []
    kinds = bytearray()
    for piece in pieces:
        kind = _KINDS[piece[0]]
        if kind != BREAK or piece.count("\n") > 1:
            words.append(piece.rstrip(" "))
            widths.append(len(piece))
            kinds.append(kind)
        elif not widths:
            break
        else:
            widths[-1] += len(piece)
    return words, widths, bytes(kinds)


def _flags(words: Iterable[str], kinds: bytes) -> bytes:
    return bytes(
        flags_of(FEATURES[word]) | BOUNDARY * (kind == BREAK)
        for word, kind in zip(words, kinds, strict=True)
    )


_NUMBERED = frozenset({"Art", "Nr", "Abs", "Bd"})
_CLOSING = frozenset({"etc", "usw", "Mio", "Mrd"})
_ORDINAL = 3  # up to this a number before an office counts: `1. Vorsitzender`
_LONG = 40  # characters of what is not remembered
_WIDEST = 250  # characters of what a width in one byte is enough for
_MOST = 1 << 15


class _Kinds(dict[str, int]):
    """Kind of token by its first character, remembered."""

    def __missing__(self, char: str) -> int:
        if char.isalpha():
            kind = CAPITAL if char.isupper() else LOWER
        elif char.isspace():
            kind = BREAK
        else:
            kind = NUMBER if char.isdigit() else PUNCTUATION
        if len(self) < 4096:
            self[char] = kind
        return kind


_KINDS = _Kinds()
_CHUNKS = _Chunks()
_PAD_WORDS, _PAD_KINDS, _PAD_FLAGS = [""] * 32, bytes([BREAK]) * 32, bytes(32)
_BOUNDARIES = finder(BOUNDARY)
_TERMINAL = (".", "!", "?", "…", ".)", "!)", "?)", ".‘", "!‘", "?‘", ".‹", ".'", ".’", "?’", "!’")


@dataclass(slots=True)
class Tokens:
    """A text cut into tokens; all lists but the last two have one entry per token.

    `words`, `kinds`, `features` and `flags` are longer by 32 empty entries of kind BREAK, so that a
    rule may look some tokens ahead, or at -1, without asking where the text ends.
    """

    text: str
    """The text as given."""
    spans: list[Span]
    """The quoted strings; a token of kind QUOTE stands for each."""
    words: list[str] = field(default_factory=list)
    """The characters of the token; empty for a quoted string."""
    starts: list[int] = field(default_factory=list)
    """Offset of the first character."""
    kinds: bytearray = field(default_factory=bytearray)
    """LOWER, CAPITAL, NUMBER, PUNCTUATION, QUOTE or BREAK."""
    features: list[int] = field(default_factory=list)
    """What the word alone shows: bits of `features`."""
    flags: bytearray = field(default_factory=bytearray)
    """The same in short, to find tokens by: flags of `features`."""
    sentences: list[int] = field(default_factory=list)
    """Number of the sentence."""
    sentence_starts: list[int] = field(default_factory=list)
    """Per sentence, its first token; one more entry closes the list."""
    quote_tokens: list[int] = field(default_factory=list)
    """Per quoted string, its token."""

    def having(self, table: bytes, count: int) -> Iterator[int]:
        """The tokens before `count` that a table of `features.finder` is for."""
        return compress(range(count), self.flags.translate(table))

    def sentence(self, token: int) -> tuple[int, int]:
        """First token of the sentence around a token, and the token behind its last one."""
        number = self.sentences[token]
        return self.sentence_starts[number], self.sentence_starts[number + 1]

    def slice(self, first: int, last: int) -> str:
        """The text from token `first` up to, not including, token `last`; white space folded."""
        if first >= last:
            return ""
        return " ".join(self.text[self.starts[first] : self.end(last - 1)].split())

    def end(self, token: int) -> int:
        """Offset behind the last character of a token."""
        if self.kinds[token] == QUOTE:
            return self.spans[bisect_left(self.quote_tokens, token)].outer_end
        return self.starts[token] + len(self.words[token])

    def quoted(self, number: int) -> str:
        """Words of a quoted string."""
        span = self.spans[number]
        return self.text[span.start : span.end]


def ends_like_a_sentence(words: str) -> bool:
    """Whether quoted words bring their own full stop, exclamation or question mark."""
    return words.endswith(_TERMINAL)


def tokenize(text: str, spans: list[Span]) -> Tokens:
    """Cut a text; `spans` are its quoted strings in order, without overlaps."""
    tokens = Tokens(text, spans)
    position = 0
    for span in spans:
        _add(tokens, text[position : span.outer_start], position)
        tokens.quote_tokens.append(len(tokens.words))
        tokens.words.append("")
        tokens.starts.append(span.outer_start)
        tokens.kinds.append(QUOTE)
        tokens.flags.append(BOUNDARY)
        position = span.outer_end + (text[span.outer_end : span.outer_end + 1] == " ")
    _add(tokens, text[position:], position)
    count = len(tokens.words)
    tokens.words += _PAD_WORDS
    tokens.kinds += _PAD_KINDS
    tokens.features += map(FEATURES.__getitem__, tokens.words)
    tokens.flags += _PAD_FLAGS
    _number_sentences(tokens, count)
    return tokens


def _add(tokens: Tokens, text: str, start: int) -> None:
    """Add the tokens of a part of the text that nothing is quoted in."""
    if text[-1:] == " ":
        text = text[:-1]  # each chunk brings the blank behind it
    if not text:
        return
    # `map`, `chain` and joined bytes, because this is the inner loop of the whole engine.
    chunks = [None] if "\n " in text else [*map(_CHUNKS.__getitem__, text.split(" "))]
    if all(chunks):
        words, widths, kinds, flags = zip(*chunks, strict=True)
        tokens.words += chain.from_iterable(words)
        tokens.starts += accumulate(b"".join(widths), initial=start)
        tokens.kinds += b"".join(kinds)
        tokens.flags += b"".join(flags)
    else:
        # White space that is no single blank is rare: folded text has none but between paragraphs.
        first = len(text) - len(text.lstrip()) if text[:1].isspace() else 0
        first = 0 if text[:first].count("\n") > 1 else first
        found, sizes, sorts = _columns(_PIECE_GENDERED.findall(text[first:]))
        tokens.words += found
        tokens.starts += accumulate(sizes, initial=start + first)
        tokens.kinds += sorts
        tokens.flags += _flags(found, sorts)
    tokens.starts.pop()


def _number_sentences(tokens: Tokens, count: int) -> None:
    quote = begin = 0
    kinds, starts, sentences = tokens.kinds, tokens.sentence_starts, tokens.sentences
    starts.append(0)
    for index in tokens.having(_BOUNDARIES, count):
        kind = kinds[index]
        if kind == QUOTE:
            over = _quote_ends_sentence(tokens, index, quote)
            quote += 1
        else:
            over = kind == BREAK or _is_end(tokens, index)
        if over and index + 1 < count:
            sentences += [len(starts) - 1] * (index + 1 - begin)
            begin = index + 1
            starts.append(begin)
    sentences += [len(starts) - 1] * (count - begin)
    starts.append(count)


def _quote_ends_sentence(tokens: Tokens, index: int, quote: int) -> bool:
    if not ends_like_a_sentence(tokens.quoted(quote)):
        # Two quotations side by side are two utterances.
        return tokens.kinds[index + 1] == QUOTE
    kind = tokens.kinds[index + 1]
    return kind in {QUOTE, BREAK, NUMBER} or (
        kind == CAPITAL and (index == 0 or tokens.words[index - 1] != "als")
    )


def _is_end(tokens: Tokens, index: int) -> bool:
    """Whether the full stop at `index` ends a sentence."""
    kind = tokens.kinds[index + 1]
    if kind in {BREAK, QUOTE}:
        club = tokens.words[index - 3 : index] == ["e", ".", "V"]
        if kind == QUOTE and tokens.words[index - 1].isdigit():
            return tokens.words[index - 2].lower() not in ARTICLES  # `zum 8. „Abend am Fluss“`
        return club or kind == BREAK or tokens.words[index - 1] not in ABBREVIATIONS
    if kind == LOWER:
        return False
    if kind == PUNCTUATION:
        opens = tokens.words[index + 1] in {"(", "–", "-", "—", "•", "*"}
        if tokens.words[index + 1] == "-" and tokens.starts[index + 1] == tokens.starts[index] + 1:
            return False  # `K.-H. Moll`
        return opens and tokens.words[index - 1] not in TITLES  # `Mag. (FH) Moll`
    if tokens.words[index] != ".":
        return True
    before = tokens.words[index - 1]
    if before in _NUMBERED:
        return kind == CAPITAL  # `Art. 3`, but `aller Art. Der`
    if before in _CLOSING:
        return is_function_word(tokens.words[index + 1].lower())
    if before in ABBREVIATIONS or (len(before) == 1 and before.isupper()):
        return is_function_word(tokens.words[index + 1].lower()) and before not in ABBREVIATIONS
    if tokens.kinds[index - 1] == NUMBER and len(before) <= 2 and before.isdigit():
        # `14. September`, but `um 20. Die Stadt` does end.
        following = tokens.words[index + 1].lower()
        return is_function_word(following) or _is_count(tokens, index - 1, following)
    return True


def _is_count(tokens: Tokens, number: int, following: str) -> bool:
    """`Sie ist 44. Rektorin Moll …` ends; `am 3. Platz`, `bis 4. Mai`, `ist 1. Rektor` not."""
    before = tokens.words[number - 1]
    return (
        tokens.kinds[number - 1] == LOWER
        and int(tokens.words[number]) > _ORDINAL
        and following not in TIMES
        and before not in ARTICLES
        and not is_function_word(before)
    )
