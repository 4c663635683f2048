"""Adds up columns of standings by weight, exactly and fast, with nothing but whole numbers.

A column that speaks of many works becomes two long numbers, with a lane of fixed width for each. Weighing
all of its means is then one multiplication, and adding a column one addition. Lanes are too wide to overflow
(weights to 10**12, means to 10**9 either way, a million contingents). Columns that speak of few works are
added up in a loop, which takes several times as long for each.
"""

import sys
from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

DENSE = 8
"""A column is made into lanes when it speaks of at least one work in so many."""

_OFFSET = 1 << 30  # makes every mean positive
_PRESENT = 1 << 32  # in the second word: bit 96 of a lane of three words
_LOW = (1 << 32) - 1
_ONE = 1 << 40  # one contingent, above the raters
_RATERS = _ONE - 1
_COUNTS = (1 << 64) - 1


class Column(NamedTuple):
    """Standings by position of the work in the view; ``means`` in millionths."""

    works: "array[int]"
    means: "array[int]"
    raters: "array[int]"


Row = tuple[int, int, int, int, int]
"""Position, sum of weights, sum of weight times mean, raters, contingents."""


class Lanes(NamedTuple):
    """A column as two numbers: means with presence, and raters with contingents."""

    means: int
    counts: int


def lanes(column: Column, size: int) -> Lanes | None:
    """The lanes of a column over ``size`` works; None if it speaks of too few of them."""
    if len(column.works) * DENSE < size:
        return None
    means, counts = array("Q", bytes(24 * size)), array("Q", bytes(8 * size))
    for work, mean, raters in zip(*column, strict=True):
        means[3 * work] = mean + _OFFSET
        means[3 * work + 1] = _PRESENT
        counts[work] = _ONE + raters
    return Lanes(_number(means), _number(counts))


def _number(words: "array[int]") -> int:
    if sys.byteorder == "big":
        words.byteswap()
    return int.from_bytes(words.tobytes(), "little")


def _words(number: int, size: int) -> "array[int]":
    words = array("Q", number.to_bytes(8 * size, "little"))
    if sys.byteorder == "big":
        words.byteswap()
    return words


class Sum:
    """A running sum over ``size`` works."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._means = 0
        self._counts = 0
        self._weighted = [0] * size
        self._others = [0] * size  # weight, contingents and raters in one number: one addition, not three

    def add(self, column: Column, made: Lanes | None, weight: int) -> None:
        """Add a column; ``made`` is what ``lanes`` gave for it, None: in a loop."""
        if made is not None:
            self._means += made.means * weight
            self._counts += made.counts
            return
        weighted, others = self._weighted, self._others
        one = (weight << 64) + _ONE
        for work, mean, raters in zip(*column, strict=True):
            weighted[work] += weight * mean
            others[work] += one + raters

    def __iter__(self) -> Iterator[Row]:
        """The rows of works that have any raters."""
        words = _words(self._means, 3 * self._size)
        counts = _words(self._counts, self._size)
        for work, (count, other, weighted) in enumerate(
            zip(counts, self._others, self._weighted, strict=True)
        ):
            if not count and not other:
                continue
            middle = words[3 * work + 1]
            dense = middle >> 32 | words[3 * work + 2] << 32
            means = (words[3 * work] | (middle & _LOW) << 64) - _OFFSET * dense
            both = count + (other & _COUNTS)
            yield work, dense + (other >> 64), means + weighted, both & _RATERS, both >> 40


def packed(rows: Sequence[Row]) -> tuple[bytes, ...]:
    """Rows by columns; ``unpacked`` gives them back."""
    if not rows:
        return (b"",) * 6
    positions, weights, weighted, raters, contingents = zip(*rows, strict=True)
    return (
        array("I", positions).tobytes(),
        array("Q", weights).tobytes(),
        array("q", [number >> 32 for number in weighted]).tobytes(),
        array("I", [number & _LOW for number in weighted]).tobytes(),
        array("I", raters).tobytes(),
        array("I", contingents).tobytes(),
    )


def unpacked(columns: Sequence[bytes]) -> Iterator[Row]:
    """What ``packed`` was given."""
    kinds = ("I", "Q", "q", "I", "I", "I")
    arrays = [array(kind, column) for kind, column in zip(kinds, columns, strict=True)]
    for position, weight, high, low, raters, contingents in zip(*arrays, strict=True):
        yield position, weight, high << 32 | low, raters, contingents
