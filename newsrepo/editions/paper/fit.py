"""How much goes on so many pages: pure search, with the pages counted by whoever sets them.

A *plan* says of each story, in the order of the filter, how much room its text gets: None is all of it. What
the plan does not reach is left out.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate

Plan = tuple[int | None, ...]
Count = Callable[[Plan], int]
"""The pages that a plan fills."""

LEAST = 450
"""The least room that a shortened story is worth, in narrow letters: its first paragraph or two."""

STEPS = 5
"""How finely a shortened story is measured: to one part in two to this power."""


def newspaper(sizes: Sequence[int], pages: int, count: Count, room: int) -> Plan:
    """As many whole stories as fit, first those that the filter puts first, and the next one shortened.

    No page holds more than ``room``: so many stories that they surely fill too many are never tried.
    """
    reach = sum(total <= pages * room for total in accumulate(sizes))

    def fits(whole: int) -> bool:
        return count((None,) * whole) <= pages

    whole = _most(reach, fits)
    plan: Plan = (None,) * whole
    return plan if whole == len(sizes) else _extended(plan, sizes[whole], pages, count)


def leaflet(sizes: Sequence[int], pages: int, count: Count, most: int) -> Plan:
    """The first ``most`` stories, each with an equal beginning, the first with half as much again.

    Fewer of them when even their beginnings are too much.
    """

    def shares(stories: int, room: int) -> Plan:
        rooms = [room * 3 // 2, *[room] * (stories - 1)][:stories]
        return tuple(None if size <= mine else mine for size, mine in zip(sizes, rooms, strict=False))

    stories = _most(min(most, len(sizes)), lambda n: count(shares(n, LEAST)) <= pages)
    if not stories:
        return _extended((), sizes[0], pages, count) if sizes else ()
    longest = max(sizes[:stories])
    steps = 1 << STEPS
    spread = max(longest - LEAST, 0)
    best = _most(steps, lambda n: count(shares(stories, LEAST + spread * n // steps)) <= pages)
    plan = shares(stories, LEAST + spread * best // steps)
    # What is left of the sheet goes to stories beyond, while everything before them stands there whole.
    while len(plan) < len(sizes) and set(plan) == {None}:
        longer = _extended(plan, sizes[len(plan)], pages, count)
        if longer == plan:
            break
        plan = longer
    return plan


def _extended(plan: Plan, size: int, pages: int, count: Count) -> Plan:
    """``plan`` and as much of one more story, which is so long, as there is room for."""
    if size <= LEAST:
        longer = (*plan, None)
        return longer if count(longer) <= pages else plan
    steps = 1 << STEPS
    rooms = [LEAST + (size - LEAST) * n // steps for n in range(steps)]
    found = _most(steps, lambda n: count((*plan, rooms[n - 1])) <= pages)
    return (*plan, rooms[found - 1]) if found else plan


def _most(highest: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to ``highest`` that fits, where what is less always does; 0 if none."""
    low, high = 0, highest
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low
