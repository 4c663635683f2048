"""The runs of words that two texts share, found from fingerprints and confirmed word by word.

Every run that holds one of the given seeds on both sides is found and drawn out as far as the words agree.
The work is bounded in proportion to the texts, whatever they repeat; when the bound is met, that is said.
"""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from newsrepo.credit.aligning import Meter
from newsrepo.credit.winnowing import GRAM

STEPS_PER_WORD = 100
STEPS = 100_000
"""The work that may be spent: so much whatever the texts, and ``STEPS_PER_WORD`` for each of their words."""


OFTEN = 16
"""A gram that one text holds more often than this is looked at last."""


class Run(Struct, frozen=True, array_like=True):
    """``size`` words in a row, from word ``one`` of the one text and word ``other`` of the other, from 0."""

    one: int
    other: int
    size: int


class Runs(Struct, frozen=True):
    """Runs in the order of the other text. ``cut``: the texts repeat themselves beyond what was looked at."""

    runs: tuple[Run, ...]
    cut: bool


Seeds = Sequence[tuple[int, int]]
"""Where grams begin, rising, and their fingerprints (``winnowing.picks``)."""


def shared_runs(
    one: Sequence[str],
    other: Sequence[str],
    seeds: tuple[Seeds, Seeds],
    least: int,
    only: Collection[int] | None = None,
) -> Runs:
    """The longest runs of at least ``least`` words that begin from seeds of both texts.

    Each word of the other text that stands in such a run, wherever in the one text, is in a run told. With
    ``only``, seeds of other fingerprints are passed over.
    """
    where: dict[int, list[int]] = {}
    values = {value for _, value in seeds[1]}
    if only is not None:
        values.intersection_update(only)
    for at, value in seeds[0]:
        if value in values:
            where.setdefault(value, []).append(at)
    meter = Meter(STEPS + STEPS_PER_WORD * (len(one) + len(other)))
    rare = {value: places for value, places in where.items() if len(places) <= OFTEN}
    found, cut = _runs(one, other, (rare, seeds[1]), least, meter)
    if len(rare) < len(where):
        # Only now, so that what one text repeats without end does not use up what its other passages need.
        more, cut = _runs(one, other, (where, seeds[1]), least, meter)
        found = sorted({*found, *more}, key=lambda run: (run.other, run.one, run.size))
    return Runs(tuple(found), cut)


def _runs(
    one: Sequence[str],
    other: Sequence[str],
    seeds: tuple[Mapping[int, Sequence[int]], Seeds],
    least: int,
    meter: Meter,
) -> tuple[list[Run], bool]:
    """The runs through seeds of the other text for which there is a place; and whether the work ran out."""
    where, seeds_there = seeds
    found: list[Run] = []
    covered = 0
    for at, value in seeds_there:
        if at + GRAM <= covered or value not in where:
            continue
        best, cut = _longest(one, other, where, (at, value), meter)
        if cut:
            return found, True
        if best is not None and best.size >= least:
            found.append(best)
            covered = best.other + best.size
    return found, False


def _longest(
    one: Sequence[str],
    other: Sequence[str],
    where: Mapping[int, Sequence[int]],
    seed: tuple[int, int],
    meter: Meter,
) -> tuple[Run | None, bool]:
    """The longest run through one seed of the other text, of equals the first; whether the work ran out."""
    here, value = seed
    best: Run | None = None
    for there in where[value]:
        low, high = _reach(one, other, there, here)
        if not meter.take(high - low + 1):
            return best, True
        if high - low >= GRAM and (best is None or high - low > best.size):
            best = Run(there + low - here, low, high - low)
    return best, False


def _reach(one: Sequence[str], other: Sequence[str], there: int, here: int) -> tuple[int, int]:
    """From where up to where in the other text the words agree around two positions."""
    step = there - here
    low = high = here
    ends = min(len(other), len(one) - step)
    while high < ends and other[high] == one[high + step]:
        high += 1
    start = max(0, -step)
    while low > start and other[low - 1] == one[low - 1 + step]:
        low -= 1
    return low, high
