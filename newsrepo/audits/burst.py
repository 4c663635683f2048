"""``rating-burst``: a rater rated far more in a week than the raters of other contingents in their busiest.

The measure is the number of works of a rater's busiest seven days. It is held against the median m of that
number among the raters of all *other* contingents, and their median absolute deviation s; each contingent's
raters together weigh one contingent there, so that whoever invents raters, fast or slow ones, shifts neither
for anybody. Reported is more than m + 10 * s and more than 3 * m, and never less than 50 works.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from newsrepo.audits.model import Charge, Network, Proof

if TYPE_CHECKING:
    from newsrepo.ids import RaterId

DAYS = 7
FEWEST = 50
"""So many works in a week anybody may rate."""
DEVIATIONS = 10
TIMES = 3
OTHERS = 3
"""With raters in fewer other contingents there is nothing to hold a rater against."""
MOST = 100
"""How many raters of one contingent are told one by one."""


def find(network: Network) -> list[Charge]:
    """One charge for each rater; of one contingent's at most so many, and the number of the rest."""
    busiest = {rater: busiest_week(days) for rater, days in network.rated.items() if days}
    by: dict[str, list[RaterId]] = {}
    for rater in sorted(busiest):
        by.setdefault(rater.partition("/")[0], []).append(rater)
    shares = {name: _shares([busiest[r][0] for r in raters]) for name, raters in by.items()}
    everybody: Counter[int] = Counter()
    for share in shares.values():
        everybody.update(share)
    found: list[Charge] = []
    for contingent, raters in by.items():
        fast = [rater for rater in raters if busiest[rater][0] >= FEWEST]
        if not fast or len(by) - 1 < OTHERS:
            continue
        others = everybody - shares[contingent]
        middle = weighted_median(others)
        apart: Counter[int] = Counter()
        for count, weight in others.items():
            apart[abs(count - middle)] += weight
        spread = weighted_median(apart)
        limit = max(FEWEST - 1, TIMES * middle, middle + DEVIATIONS * spread)
        over = [rater for rater in fast if busiest[rater][0] > limit]
        for rater in sorted(over, key=lambda r: (-busiest[r][0], r))[:MOST]:
            count, begin = busiest[rater]
            found.append(
                Charge(
                    "rating-burst",
                    contingent,
                    f"{rater} rated {count} works in {DAYS} days; the raters of {len(by) - 1} other "
                    f"contingents rate {middle} in their busiest (deviation {spread}); {limit} is the limit",
                    "all raters of a contingent weigh together what it is trusted with; "
                    "to hear it without this one, give it 0 in the filter's `trust`",
                    (
                        Proof("rater", rater),
                        Proof("from", str(date.fromordinal(begin))),
                        Proof("works", str(count)),
                        Proof("median of others", str(middle)),
                        Proof("median absolute deviation", str(spread)),
                        Proof("limit", str(limit)),
                    ),
                )
            )
        if len(over) > MOST:
            found.append(Charge("rating-burst", contingent, f"{len(over) - MOST} more raters did so", "", ()))
    return found


def busiest_week(days: Iterable[int]) -> tuple[int, int]:
    """The most of these days (as ordinals, one for each work) that fall into one week, and where it begins.

    Of equal weeks the first. Raises ValueError for no days at all.
    """
    ordered = sorted(days)
    weeks = ((bisect_left(ordered, day + DAYS) - at, -day) for at, day in enumerate(ordered))
    count, begin = max(weeks)
    return count, -begin


_WHOLE = 10**12


def _shares(counts: Iterable[int]) -> Counter[int]:
    """How much each count weighs when all of a contingent's raters together weigh the same as any other's."""
    told = Counter(counts)
    each = _WHOLE // told.total()
    return Counter({count: each * raters for count, raters in told.items()})


def weighted_median(weights: Mapping[int, int]) -> int:
    """The least value at which half of the weight is reached. Raises ValueError where nothing weighs."""
    total = sum(weights.values())
    reached = 0
    for value, weight in sorted(weights.items()):
        reached += weight
        if weight and 2 * reached >= total:
            return value
    raise ValueError("nothing weighs")
