"""Unpacking: however the bytes are cut, and never more at once than it may be."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.coding import DecodingError, EndsTooEarly, TooMuch, Unpacker, decoded

TEXTS = st.lists(st.binary(max_size=200), min_size=1, max_size=5)
MEGABYTE = 1 << 20


def cut(data, places):
    at = 0
    for place in sorted({min(place, len(data)) for place in places}):
        yield data[at:place]
        at = place
    yield data[at:]


@given(TEXTS, st.lists(st.integers(0, 1000), max_size=8), st.sampled_from([b"", b"<", b"?rest"]))
def test_members_follow_one_another_however_they_are_cut(texts, places, rest):
    packed = b"".join(map(gzip.compress, texts))
    unpacker = Unpacker("gzip")
    pieces = [piece for part in cut(packed + rest, places) for piece in unpacker.feed(part)]
    assert b"".join(pieces) == b"".join(texts)
    assert (unpacker.members, unpacker.whole_bytes) == (len(texts), len(packed))
    assert unpacker.is_whole
    assert unpacker.at_end == (len(rest) > 1)


@given(TEXTS, st.integers(1, 1000))
def test_what_is_torn_does_not_count_as_whole(texts, torn):
    members = list(map(gzip.compress, texts))
    torn = min(torn, len(members[-1]))
    unpacker = Unpacker("gzip")
    packed = b"".join(members)[:-torn]
    assert b"".join(texts).startswith(b"".join(unpacker.feed(packed)))
    assert unpacker.whole_bytes == len(b"".join(members[:-1]))
    if torn < len(members[-1]):
        with pytest.raises(EndsTooEarly):
            decoded(packed, "gzip", 1000)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate"])
@pytest.mark.parametrize("size", [MEGABYTE - 1, MEGABYTE, MEGABYTE + 258, 5 * MEGABYTE])
def test_pieces_are_bounded_and_nothing_is_left_behind(coding, size):
    text = bytes(size)
    packer = zlib.compressobj(9, zlib.DEFLATED, {"gzip": 31, "deflate": 15}.get(coding, -15))
    packed = packer.compress(text) + packer.flush()
    unpacker = Unpacker(coding.removeprefix("raw "))
    pieces = list(unpacker.feed(packed))
    assert b"".join(pieces) == text
    assert max(map(len, pieces)) <= MEGABYTE
    assert unpacker.is_whole


def test_more_members_than_may_be():
    with pytest.raises(TooMuch, match="more and more archives"):
        decoded(gzip.compress(b"") * 2_000, "gzip", 1000)


@given(st.binary(min_size=20, max_size=80))
def test_damaged_data_are_an_error(data):
    with pytest.raises(DecodingError):
        decoded(b"\x1f\x8b\x08\xff" + data[:1] + data, "gzip", 10**6)
