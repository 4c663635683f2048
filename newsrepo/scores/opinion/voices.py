"""How much each rater weighs: those of one contingent share its weight, whatever number of them there are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsrepo.scores.opinion.model import Weight
from newsrepo.scores.opinion.say import Say
from newsrepo.scores.opinion.sheet import Floats, Ints, Sheet


@dataclass(frozen=True)
class Voices:
    """By rater: ``own`` is the unit that it is part of, which is shuffled as one and holds up no pole alone;
    ``voice`` is that whose ``weight`` it shares, a unit having one or several. What the voices of a unit that
    are ``inherited`` weigh together is at most the unit's ``limit``.
    """

    own: Ints
    voice: Ints
    weight: Floats
    unit: Ints
    inherited: NDArray[np.bool_]
    limit: Floats

    def shares(self, among: NDArray[np.bool_]) -> Floats:
        """What each of these raters weighs."""
        size = np.bincount(self.voice[among], minlength=len(self.weight))
        weight = np.where(size > 0, self.weight, 0.0)
        handed = np.bincount(self.unit, weights=weight * self.inherited, minlength=len(self.limit))
        cut = np.minimum(1.0, self.limit / np.maximum(handed, 1e-300))
        weight = np.where(self.inherited, weight * cut[self.unit], weight)
        return np.where(among, weight[self.voice] / np.maximum(size[self.voice], 1), 0.0)


def voices(sheet: Sheet, weight: Weight, say: Say | None) -> Voices:
    """The voices of everybody on a sheet."""
    contingents, unit = sheet.contingents
    if weight is Weight.RATER:
        unit = np.arange(len(sheet.raters))
    if weight is Weight.RATER or say is None:
        count = int(unit.max()) + 1 if len(unit) else 0
        every = np.arange(count)
        return Voices(unit, unit, np.ones(count), every, np.zeros(count, dtype=bool), np.ones(count))
    # A rater whom a filter names is a voice apart, but no unit of its own.
    roots = [say.through.get(contingent, contingent) for contingent in contingents]
    units = sorted(set(roots))
    place = {name: n for n, name in enumerate(units)}
    own = np.array([place[root] for root in roots], dtype=np.int64)
    single = [(n, rater) for n, rater in enumerate(sheet.raters) if rater in say.raters]
    voice = unit.copy()
    voice[[n for n, _ in single]] = np.arange(len(single)) + len(contingents)
    given = [say.contingents.get(c, 0.0) for c in contingents] + [say.raters[r] for _, r in single]
    weights = np.array(given, dtype=np.float64)
    return Voices(
        own[unit],
        voice,
        weights / max(float(weights.max(initial=0.0)), 1e-300),
        np.append(own, own[unit[[n for n, _ in single]]]),
        np.array([c in say.through for c in contingents] + [False] * len(single), dtype=bool),
        np.array([say.limits.get(name, 1.0) for name in units])
        / max(float(weights.max(initial=0.0)), 1e-300),
    )
