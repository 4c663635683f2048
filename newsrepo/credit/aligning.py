"""Which items of two sequences answer each other, at a cost that hostile input cannot drive up.

Items that stand once on both sides are anchors, and what lies between two anchors is aligned in the same way.
Where nothing stands once, small stretches get an exact longest common subsequence; large ones pair the first
with the first, the second with the second, and keep the longest run of pairs that stand in order.
"""

from bisect import bisect_left
from collections.abc import Sequence

EXACT = 1 << 18
"""Two stretches are compared exactly when the product of their lengths is at most this."""

Pair = tuple[int, int]


class Meter:
    """Counts work in steps of about one comparison, and says when no more may be spent on niceties."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.spent = 0

    def take(self, steps: int) -> bool:
        """Spend ``steps`` if that many are left."""
        if self.spent + steps > self.limit:
            return False
        self.spent += steps
        return True


def align(a: Sequence[int], b: Sequence[int], meter: Meter) -> list[Pair]:
    """Pairs of positions with equal items, rising on both sides. Never takes more than the meter allows
    and a few steps for each item."""
    pairs: list[Pair] = []
    waiting = [(0, len(a), 0, len(b))]
    while waiting:
        alo, ahi, blo, bhi = waiting.pop()
        while alo < ahi and blo < bhi and a[alo] == b[blo]:
            pairs.append((alo, blo))
            alo += 1
            blo += 1
        while alo < ahi and blo < bhi and a[ahi - 1] == b[bhi - 1]:
            ahi -= 1
            bhi -= 1
            pairs.append((ahi, bhi))
        if alo == ahi or blo == bhi:
            continue
        anchors = _anchors(a, b, alo, ahi, blo, bhi) if meter.take(ahi - alo + bhi - blo) else None
        size = (ahi - alo) * (bhi - blo)
        if anchors:
            pairs += anchors
            for i, j in anchors:
                waiting.append((alo, i, blo, j))
                alo, blo = i + 1, j + 1
            waiting.append((alo, ahi, blo, bhi))
        elif size <= EXACT and meter.take(size):
            pairs += _exact(a, b, alo, ahi, blo, bhi)
        else:
            pairs += _by_turn(a, b, alo, ahi, blo, bhi)
    pairs.sort()
    return pairs


def _once(items: Sequence[int], low: int, high: int) -> dict[int, int]:
    """The position of each item that stands once in the stretch; -1 for those that stand more often."""
    found: dict[int, int] = {}
    for at in range(low, high):
        item = items[at]
        found[item] = -1 if item in found else at
    return found


def _anchors(a: Sequence[int], b: Sequence[int], alo: int, ahi: int, blo: int, bhi: int) -> list[Pair]:
    there = _once(b, blo, bhi)
    pairs = []
    for item, at in _once(a, alo, ahi).items():  # in order of first appearance, so rising in `at` but for -1
        other = there.get(item, -1)
        if at >= 0 and other >= 0:
            pairs.append((at, other))
    return _rising(pairs)


def _by_turn(a: Sequence[int], b: Sequence[int], alo: int, ahi: int, blo: int, bhi: int) -> list[Pair]:
    turns: dict[int, list[int]] = {}
    for at in range(bhi - 1, blo - 1, -1):
        turns.setdefault(b[at], []).append(at)
    pairs = []
    for at in range(alo, ahi):
        left = turns.get(a[at])
        if left:
            pairs.append((at, left.pop()))
    return _rising(pairs)


def _rising(pairs: list[Pair]) -> list[Pair]:
    """The longest run of pairs, given in order of their first, whose second rises too."""
    ends: list[int] = []  # the smallest second that a run of each length can end with
    last: list[int] = []  # and which pair that is
    before = [-1] * len(pairs)
    for number, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        if length == len(ends):
            ends.append(second)
            last.append(number)
        else:
            ends[length] = second
            last[length] = number
        before[number] = last[length - 1] if length else -1
    found = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    found.reverse()
    return found


def _exact(a: Sequence[int], b: Sequence[int], alo: int, ahi: int, blo: int, bhi: int) -> list[Pair]:
    width = bhi - blo
    row = [0] * (width + 1)
    rows = [row]  # from the end: how long a common run from here on can be
    for i in range(ahi - 1, alo - 1, -1):
        item = a[i]
        new = [0] * (width + 1)
        for j in range(width - 1, -1, -1):
            if item == b[blo + j]:
                new[j] = row[j + 1] + 1
            else:
                new[j] = row[j] if row[j] >= new[j + 1] else new[j + 1]  # noqa: FURB136 - a call is too slow
        rows.append(new)
        row = new
    rows.reverse()
    pairs = []
    i = j = 0
    while i < ahi - alo and j < width:
        if a[alo + i] == b[blo + j]:
            pairs.append((alo + i, blo + j))
            i += 1
            j += 1
        elif rows[i + 1][j] >= rows[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
