"""Into how many groups places fall, and who belongs to which: k-means from fixed starts, no chance in it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsrepo.scores.opinion.sheet import Floats, Ints

_ROUNDS = 200
_EVEN = 1500  # points of the even spread that groups are measured against
_TOUCHING = 0.1  # a gap as small as that between groups is none
_KNOWN = 0.2  # of the way to the next group: so sure must a place be to lie between
_AGAIN = 3  # how often middles are found anew
_OFF = 0.3  # of the way between two poles a third must be off the line between them
_REACH = 0.25  # of the way to the next group: the least that a group reaches


@dataclass(frozen=True)
class Groups:
    """``label`` by rater, ``centres`` by group, in order of the first coordinate; ``gap`` as in Strength."""

    label: Ints
    centres: Floats
    gap: float


def split(places: Floats, weight: Floats, count: int) -> Groups:
    """The best division into ``count`` groups, and how much clearer it is than one of an even spread."""
    label, centres = _means(places, weight, count)
    clear = _clearness(places, weight, label, centres)
    even = _even(places, weight)
    flat = np.ones(len(even))
    usual = _clearness(even, flat, *_means(even, flat, count))
    order = np.lexsort(centres.T[::-1])
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    return Groups(np.asarray(rank[label]), centres[order], (clear - usual) / (1 - usual))


def nearest(places: Floats, centres: Floats) -> Ints:
    """The group whose centre is nearest; of two alike the first."""
    found: Ints = np.argmin(_squares(places, centres), axis=1).astype(np.int64)
    return found


def between(places: Floats, error: Floats, weight: Floats, groups: Groups) -> NDArray[np.bool_]:
    """Who lies on the way from a group to another, out of the reach of both.

    A group reaches from its middle a quarter of the way to the next one's where they stand clearly apart, up
    to half of it where one runs into the other: then nobody is between. Who lies on the far side of a group,
    more decided than most, belongs to it all the same; so does a rater whose place is unsure, since few
    ratings are no middle opinion. Middles are medians, and found anew without those who
    are between, so that the undecided do not draw the groups towards them.
    """
    count = len(groups.centres)
    out = np.zeros(len(places), dtype=bool)
    if count < 2:
        return out
    reach = min(max(0.5 - (groups.gap - _TOUCHING), _REACH), 0.5)
    label = groups.label
    for _ in range(_AGAIN):
        inside = [(label == g) & ~out & (weight > 0) for g in range(count)]
        if not all(mine.any() for mine in inside):
            break
        middles = np.array([_middle(places[mine], weight[mine]) for mine in inside])
        label = nearest(places, middles)
        out = np.zeros(len(places), dtype=bool)
        for g in range(count):
            for h in range(count):
                if h != g:
                    length = float(np.sqrt(((middles[h] - middles[g]) ** 2).sum()))
                    away = _along(places, middles[g], middles[h]) > reach
                    out |= (label == g) & away & (error < _KNOWN * length)
    return out


def _along(places: Floats, here: Floats, there: Floats) -> Floats:
    """How far each place is on the way from one point to another: 0 at the one, 1 at the other."""
    way = there - here
    along: Floats = (places - here) @ way / max(float(way @ way), 1e-300)
    return along


def amid(centres: Floats) -> bool:
    """Whether any of these centres lies between two others: a middle, and no pole of its own."""
    count = len(centres)
    for g in range(count):
        for h in range(count):
            for j in range(h + 1, count):
                if g not in (h, j):
                    way = centres[j] - centres[h]
                    along = float((centres[g] - centres[h]) @ way / max(float(way @ way), 1e-300))
                    off = centres[g] - centres[h] - along * way
                    if 0 < along < 1 and float(off @ off) < _OFF**2 * float(way @ way):
                        return True
    return False


def margin(places: Floats, cov: Floats, groups: Groups) -> Floats:
    """How many standard errors each rater is from the line halfway to the nearest other group."""
    count = len(groups.centres)
    found = np.full(len(places), np.inf)
    own = groups.centres[groups.label]
    for h in range(count):
        way = groups.centres[h] - own
        length = np.sqrt((way**2).sum(axis=1))
        other = length > 0
        unit = way[other] / length[other, None]
        left = length[other] / 2 - ((places - own)[other] * unit).sum(axis=1)
        error = np.sqrt(np.maximum(np.einsum("ni,nij,nj->n", unit, cov[other], unit), 1e-12))
        found[other] = np.minimum(found[other], left / error)
    return found


def _squares(places: Floats, centres: Floats) -> Floats:
    far: Floats = np.stack([((places - centre) ** 2).sum(axis=1) for centre in centres], axis=1)
    return far


def _means(places: Floats, weight: Floats, count: int) -> tuple[Ints, Floats]:
    """Weighted k-means from two fixed starts, the better one: cut by the first direction, and far apart."""
    order = np.argsort(places[:, 0], kind="stable")
    cut = np.empty(len(places), dtype=np.int64)
    part = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    cut[order] = np.minimum((part * count).astype(np.int64), count - 1)
    best: tuple[float, Ints, Floats] | None = None
    for start in (cut, nearest(places, _far_apart(places, weight, count))):
        label = start
        for _ in range(_ROUNDS):
            centres = _centres(places, weight, label, count)
            again = nearest(places, centres)
            if np.array_equal(again, label):
                break
            label = again
        centres = _centres(places, weight, label, count)
        loss = float(weight @ _squares(places, centres).min(axis=1))
        if best is None or loss < best[0] * (1 - 1e-9):
            best = (loss, label, centres)
    if best is None:
        raise AssertionError("there are two starts")
    return best[1], best[2]


def _centres(places: Floats, weight: Floats, label: Ints, count: int) -> Floats:
    total = np.bincount(label, weights=weight, minlength=count)
    sums = np.stack(
        [np.bincount(label, weights=weight * column, minlength=count) for column in places.T], axis=1
    )
    centres = sums / np.maximum(total, 1e-300)[:, None]
    if (total == 0).any():  # a group that lost everybody begins again where the farthest rater is
        far = _squares(places, centres[total > 0]).min(axis=1)
        centres[total == 0] = places[int(np.argmax(far))]
    return centres


def _far_apart(places: Floats, weight: Floats, count: int) -> Floats:
    """Starting points each as far as can be from those before it, of what weighs anything."""
    middle = np.average(places, axis=0, weights=weight)
    far = ((places - middle) ** 2).sum(axis=1) * weight
    chosen: list[Floats] = []
    for _ in range(count):
        chosen.append(places[int(np.argmax(far))])
        far = np.minimum(far, ((places - chosen[-1]) ** 2).sum(axis=1) * weight)
    return np.array(chosen)


def _clearness(places: Floats, weight: Floats, label: Ints, centres: Floats) -> float:
    """The mean silhouette by distances to centres: 1 where groups are points, 0 where they touch."""
    far = np.sqrt(_squares(places, centres))
    own = far[np.arange(len(label)), label]
    far[np.arange(len(label)), label] = np.inf
    other = far.min(axis=1)
    return float(np.average(1 - own / np.maximum(other, 1e-12), weights=weight))


def _even(places: Floats, weight: Floats) -> Floats:
    """An even spread as wide as these places in every direction."""
    middle = np.average(places, axis=0, weights=weight)
    wide = np.sqrt(np.average((places - middle) ** 2, axis=0, weights=weight))
    count = np.arange(1, _EVEN + 1)[:, None]
    steps = np.array([0.7548776662466927, 0.5698402909980532, 0.8191725133961645, 0.6710436067037893])
    points: Floats = (count * steps[: places.shape[1]]) % 1 - 0.5  # a Kronecker sequence: even, no chance
    even: Floats = points * np.sqrt(12) * np.maximum(wide, 1e-12)
    return even


def _middle(places: Floats, weight: Floats) -> Floats:
    return np.array([_median(column, weight) for column in places.T])


def _median(values: Floats, weight: Floats) -> float:
    """The weighted median; halfway where two share it."""
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weight[order])
    half = running[-1] / 2
    low = int(np.searchsorted(running, half * (1 - 1e-12)))
    high = int(np.searchsorted(running, half * (1 + 1e-12)))
    high = min(high, len(values) - 1)
    return float((values[order[low]] + values[order[high]]) / 2)
