"""Words, sentences and quoted strings of a text, as parallel lists.

Each outermost quoted string is one token, whatever stands in it, so that the grammar around a
quotation reads like the sentence it is part of: `Q , sagt Kämmerer Nöthen .`
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from scraper.quotes.lexicon import ABBREVIATIONS, is_function_word

if TYPE_CHECKING:
    from scraper.quotes.spans import Span

LOWER, CAPITAL, NUMBER, PUNCTUATION, QUOTE, BREAK = range(6)
"""Kinds of token."""

_FILL = "\ue001"
# A token takes one blank behind it along, so that the lengths of the pieces give the offsets.
_PIECE = re.compile(
    r"(?:\d+(?:[.,:]\d+)*\w*(?:-\w+)*|\w+(?:[-'’/]\w+)*-?|[^\w\s\ue001]"
    r"|\n[^\S\n]*\n\s*|\ue001+) ?|\s+|."
)


# Titles with the feminine ending of Austria, as one token: `Mag.a`, `Dr.in`, `Bgm.ⁱⁿ`.
_GENDERED = re.compile(r"\b[A-Z]\w{1,8}(?:-Stv)?\.(?:in|a|ª|ᵃ|ⁱⁿ)(?= )")
_ENDINGS = (".in ", ".a ", "ª", "ᵃ", "ⁱⁿ")
_PIECE_GENDERED = re.compile(f"(?:{_GENDERED.pattern}) ?|{_PIECE.pattern}")


class _Kinds(dict[str, int]):
    """Kind of token by its first character, remembered."""

    def __missing__(self, char: str) -> int:
        if char.isalpha():
            kind = CAPITAL if char.isupper() else LOWER
        elif char == _FILL:
            kind = QUOTE
        elif char.isspace():
            kind = BREAK
        else:
            kind = NUMBER if char.isdigit() else PUNCTUATION
        if len(self) < 4096:
            self[char] = kind
        return kind


_KINDS = _Kinds()
_PAD_WORDS, _PAD_KINDS = [""] * 32, [BREAK] * 32
_WORDS = frozenset({LOWER, CAPITAL, NUMBER})
_ENDS = frozenset(".!?…")
_TERMINAL = (".", "!", "?", "…", ".)", "!)", "?)", ".‘", "!‘", "?‘", ".‹", ".'", ".’", "?’", "!’")


@dataclass(slots=True)
class Tokens:
    """A text cut into tokens; all lists but the last two have one entry per token.

    `words` and `kinds` are longer by 32 empty entries of kind BREAK, so that a rule may look some
    tokens ahead, or at -1, without asking where the text ends.
    """

    text: str
    """The text as given."""
    spans: list[Span]
    """The quoted strings; a token of kind QUOTE stands for each."""
    words: list[str] = field(default_factory=list)
    """The characters of the token; empty for a quoted string."""
    starts: list[int] = field(default_factory=list)
    """Offset of the first character."""
    ends: list[int] = field(default_factory=list)
    """Offset behind the last character."""
    kinds: list[int] = field(default_factory=list)
    """LOWER, CAPITAL, NUMBER, PUNCTUATION, QUOTE or BREAK."""
    sentences: list[int] = field(default_factory=list)
    """Number of the sentence."""
    sentence_starts: list[int] = field(default_factory=list)
    """Per sentence, its first token; one more entry closes the list."""
    quote_tokens: list[int] = field(default_factory=list)
    """Per quoted string, its token."""

    def sentence(self, token: int) -> tuple[int, int]:
        """First token of the sentence around a token, and the token behind its last one."""
        number = self.sentences[token]
        return self.sentence_starts[number], self.sentence_starts[number + 1]

    def slice(self, first: int, last: int) -> str:
        """The text from token `first` up to, not including, token `last`; white space folded."""
        if first >= last:
            return ""
        return " ".join(self.text[self.starts[first] : self.ends[last - 1]].split())

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
    # Comprehensions, because this is the inner loop of the whole engine.
    masked = _masked(text, spans)
    gendered = any(ending in masked for ending in _ENDINGS) and _GENDERED.search(masked)
    piece = _PIECE_GENDERED if gendered else _PIECE
    pieces = piece.findall(masked)
    ends = list(accumulate(map(len, pieces)))
    starts = [0, *ends][: len(pieces)]
    kinds = [_KINDS[piece[0]] for piece in pieces]
    # White space that is no break between paragraphs is rare: folded text has none.
    blanks = [i for i, kind in enumerate(kinds) if kind == BREAK and pieces[i].count("\n") < 2]
    if blanks:
        dropped = set(blanks)
        real = [index for index in range(len(pieces)) if index not in dropped]
        pieces, starts = [pieces[i] for i in real], [starts[i] for i in real]
        kinds = [kinds[i] for i in real]
    tokens.starts = starts
    tokens.words = words = [piece.rstrip(" ") for piece in pieces]
    tokens.ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
    tokens.kinds = kinds
    tokens.quote_tokens = [index for index, kind in enumerate(kinds) if kind == QUOTE]
    for span, index in zip(spans, tokens.quote_tokens, strict=True):
        words[index] = ""
        tokens.ends[index] = span.outer_end
    count = len(words)
    words += _PAD_WORDS
    kinds += _PAD_KINDS
    _number_sentences(tokens, count)
    return tokens


def _masked(text: str, spans: list[Span]) -> str:
    """The text with each quoted string blotted out, as long as before."""
    text = text.replace(_FILL, " ")
    pieces: list[str] = []
    position = 0
    for span in spans:
        if span.outer_start == position and pieces:
            # Two quoted strings without anything between them stay two tokens.
            pieces[-1] = pieces[-1][:-1] + " "
        pieces.append(text[position : span.outer_start])
        pieces.append(_FILL * (span.outer_end - span.outer_start))
        position = span.outer_end
    pieces.append(text[position:])
    return "".join(pieces)


def _number_sentences(tokens: Tokens, count: int) -> None:
    tokens.sentence_starts.append(0)
    quote = 0
    kinds, words = tokens.kinds, tokens.words
    for index in [i for i, kind in enumerate(kinds[:count]) if kind not in _WORDS]:
        kind = kinds[index]
        if kind == PUNCTUATION and words[index] not in _ENDS:
            continue
        if kind == QUOTE:
            over = _quote_ends_sentence(tokens, index, quote)
            quote += 1
        else:
            over = kind == BREAK or _is_end(tokens, index)
        if over and index + 1 < count:
            _close(tokens, index + 1)
    _close(tokens, count)


def _close(tokens: Tokens, end: int) -> None:
    """The sentence at hand ends before token `end`."""
    number = len(tokens.sentence_starts) - 1
    tokens.sentences.extend([number] * (end - len(tokens.sentences)))
    tokens.sentence_starts.append(end)


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
        return not (kind == QUOTE and tokens.words[index - 1] in ABBREVIATIONS)
    if kind == LOWER:
        return False
    if kind == PUNCTUATION:
        return tokens.words[index + 1] in {"(", "–", "-", "—", "•", "*"}
    if tokens.words[index] != ".":
        return True
    before = tokens.words[index - 1]
    if before in ABBREVIATIONS or (len(before) == 1 and before.isupper()):
        return is_function_word(tokens.words[index + 1].lower()) and before not in ABBREVIATIONS
    if tokens.kinds[index - 1] == NUMBER and len(before) <= 2 and before.isdigit():
        # `14. September`, but `um 20. Die Stadt` does end.
        return is_function_word(tokens.words[index + 1].lower())
    return True
