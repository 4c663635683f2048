"""Fingerprints of texts, few and well chosen, so that texts which share a passage share a fingerprint.

After S. Schleimer, D. Wilkerson and A. Aiken, *Winnowing: Local Algorithms for Document Fingerprinting*,
SIGMOD 2003. A gram is ``GRAM`` words in a row; of every ``WINDOW`` grams in a row at least one is kept, and
which one depends on their own words alone. So **every run of at least** ``RUN`` **words that two texts share,
at whatever places, gives both the same fingerprint**: such a run covers a whole window, and both keep the
same gram of it.

Two things differ from the paper, and leave the guarantee as it is. Every word is hashed to one byte, and the
fingerprint of a gram is these bytes in a row: eight words, 64 bits, and nothing to roll. And which gram of a
window is kept is decided by its first byte: where that is among the lowest of all the gram is always kept,
and only in windows without such a one the lowest (of equals the last). Fingerprints only propose what to
compare; whether texts share a passage is decided word by word.
"""

import sys
from array import array
from collections.abc import Sequence
from zlib import crc32

from newsrepo.credit.folding import folded

GRAM = 8
WINDOW = 9
RUN = GRAM + WINDOW - 1
"""The guarantee, in words: no shared run of this length or more goes without a shared fingerprint."""

SCHEME = "2"
"""To be raised when any text's fingerprints change, so that kept ones are made again."""

_LOW = 32
_LOW_AS_ZERO = bytes(_LOW) + bytes(range(_LOW, 256))


def picks(text: Sequence[str]) -> list[tuple[int, int]]:
    """The kept grams of a text in folded words: where each begins, rising, and its fingerprint."""
    keys = _keys(" ".join(text))
    grams = _grams(keys)
    return [(at, grams[at & 7][at >> 3]) for at in kept(keys[: 1 - GRAM])]


def _keys(text: str) -> bytes:
    """One byte for each word of a folded text: the lowest of its CRC-32."""
    sums = array("I", map(crc32, text.encode("utf-8", "surrogatepass").split()))
    return sums.tobytes()[0 if sys.byteorder == "little" else 3 :: 4]


def _grams(keys: bytes) -> "list[array[int]]":
    """Every eight bytes in a row as one number, the last byte the lowest: those from 0, 8, 16 …, then those
    from 1, 9, 17 …, and so on. Read many at once, which is several times faster than one by one."""
    found = []
    for offset in range(GRAM):
        grams = array("Q", keys[offset : offset + (len(keys) - offset) // GRAM * GRAM])
        if sys.byteorder == "little":
            grams.byteswap()
        found.append(grams)
    return found


def kept(keys: bytes) -> list[int]:
    """Positions such that every ``WINDOW`` keys in a row hold at least one, chosen by these keys alone."""
    found: list[int] = []
    start = 0
    for stretch in keys.translate(_LOW_AS_ZERO).split(b"\0"):
        size = len(stretch)
        if size >= WINDOW:
            _lowest(stretch, start, found)
        start += size + 1
        found.append(start - 1)
    found.pop()  # the end
    return found


def _lowest(keys: bytes, start: int, found: list[int]) -> None:
    """Add the last of the lowest of each window, each position once; ``start`` is that of the first."""
    picked = -1
    for first in range(len(keys) - WINDOW + 1):
        last = first + WINDOW - 1
        if picked >= first:
            if keys[last] > keys[picked]:
                continue
            picked = last
        else:
            picked = keys.rindex(min(keys[first : last + 1]), first, last + 1)
        found.append(start + picked)


def fingerprints(text: str) -> bytes:
    """The fingerprints of a Markdown text, each once, in a form to be kept; ``unpack`` reads it."""
    keys = _keys(folded(text))
    grams = _grams(keys)
    return array("Q", sorted({grams[at & 7][at >> 3] for at in kept(keys[: 1 - GRAM])})).tobytes()


def unpack(packed: bytes) -> "array[int]":
    """What ``fingerprints`` packed on this machine, rising."""
    found = array("Q")
    found.frombytes(packed)
    return found
