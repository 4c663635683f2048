"""The map drawn once directions and groups stand: everybody's place and group, and what is told of them."""

from collections.abc import Mapping

import numpy as np

from newsrepo.ids import AxisId
from newsrepo.records import types as t
from newsrepo.scores.opinion import bridging, drifting, grouping, telling
from newsrepo.scores.opinion.chance import NEEDED
from newsrepo.scores.opinion.lowrank import Places, place
from newsrepo.scores.opinion.matrix import Table
from newsrepo.scores.opinion.model import (
    Apart,
    Bridge,
    Chart,
    Counts,
    Divide,
    Drift,
    Group,
    Home,
    Options,
    Seen,
    Spot,
    Strength,
    Verdict,
    Weight,
)
from newsrepo.scores.opinion.settling import Settled, part, scaled, settle
from newsrepo.scores.opinion.sheet import Floats, Ints, Sheet, scale
from newsrepo.scores.opinion.usable import Usable, sift
from newsrepo.scores.opinion.voices import Voices, voices
from newsrepo.scores.opinion.wording import verdict_text

DIGITS = 3
"""To how many digits places are rounded: far coarser than what differs between machines."""

_OUT = 0.25  # of the way to the farthest out: who stands so far may say which side is the left
_SURE = 1.645  # standard errors: 19 to 1 that a rater is on this side of the line


def draw(sheet: Sheet, axes: Mapping[AxisId, t.Axis], options: Options) -> Chart:
    """See ``newsrepo.scores.opinion.chart``."""
    contingents, unit = sheet.contingents
    weight = options.weight or (Weight.RATER if len(contingents) == 1 else Weight.CONTINGENT)
    heard = voices(sheet, weight, options.say)
    usable = sift(sheet, unit, heard.own, weight, options.least)
    counts = Counts(
        raters=len(sheet.raters),
        contingents=len(contingents),
        works=len({work for work, _ in sheet.columns}),
        ratings=len(sheet.row),
        used_raters=int(usable.raters.sum()),
        used_contingents=len(np.unique(unit[usable.raters])),
        used_works=len({sheet.columns[n][0] for n in np.flatnonzero(usable.columns)}),
        used_ratings=int((usable.entries & usable.raters[sheet.row]).sum()),
    )
    head = tuple(sorted(axes))
    if usable.missing:
        verdict = Verdict(None, verdict_text(None, weight, counts, None, 0), usable.missing)
        return Chart(head, weight, verdict, counts)
    drawn = settle(sheet, usable, heard, weight)
    return _Chart(sheet, axes, options, usable, unit, heard, drawn).chart(head, weight, counts)


class _Chart:
    """Everything that is said of the raters once the directions and the groups stand."""

    def __init__(
        self,
        sheet: Sheet,
        axes: Mapping[AxisId, t.Axis],
        options: Options,
        usable: Usable,
        unit: Ints,
        heard: Voices,
        drawn: Settled,
    ) -> None:
        self.sheet = sheet
        self.axes = axes
        self.options = options
        self.usable = usable
        self.unit = unit
        self.drawn = drawn
        self.share = heard.shares(usable.raters)
        everybody = np.ones(len(sheet.raters), dtype=bool)
        self.table, self.values = part(sheet, usable, everybody, self.share)
        self.rest = drawn.centred.of(self.table, self.values)
        found = place(self.table, self.rest, drawn.model)
        self.signs = self._signs(scaled(found.mean, drawn.model), heard.own)
        self.scale = drawn.model.widths / drawn.model.widths[0] * self.signs
        self.places = Places(found.mean * self.scale, found.cov * self.scale[:, None] * self.scale)
        self.columns = [sheet.columns[n] for n in np.flatnonzero(usable.columns)]
        self.label, self.apart, self.groups = self._labels()

    def _signs(self, spots: Floats, own: Ints) -> Floats:
        """Which way each direction points: as anchors ask, else so that of all who stand well out from the
        middle the first by id lies to the left (or below)."""
        signs = np.ones(spots.shape[1])
        units = np.unique(own[self.usable.raters])
        for d in range(spots.shape[1]):
            along = spots[:, d]
            if d < len(self.options.anchors):
                name = self.options.anchors[d]
                mine = [n for n, r in enumerate(self.sheet.raters) if r == name or r.startswith(f"{name}/")]
                where = float(along[mine].mean()) if mine else 0.0
                signs[d] = -1.0 if where < 0 else 1.0
                continue
            total = np.bincount(own, weights=self.share * along, minlength=int(own.max()) + 1)[units]
            out = np.round(np.abs(total), 6)
            first = float(total[int(np.argmax(out >= _OUT * out.max()))])
            signs[d] = -1.0 if first > 0 else 1.0
        return signs

    def _labels(self) -> tuple[Ints, list[Apart | None], grouping.Groups | None]:
        """The group of each rater (-1: none), why not, and the groups as they lie now, left to right."""
        drawn, size = self.drawn, len(self.sheet.raters)
        apart: list[Apart | None] = [
            Apart.SAME if same else None if ok else Apart.FEW
            for ok, same in zip(self.usable.raters, self.usable.same, strict=True)
        ]
        fitted = np.zeros(size, dtype=bool)
        fitted[drawn.rows] = True
        if drawn.groups is None:
            label = np.where(self.usable.raters & fitted, 0, -1)
            left = self.usable.raters & ~fitted
            for n in np.flatnonzero(left):
                apart[n] = Apart.BETWEEN
            return label.astype(np.int64), apart, None
        spots = self.places.mean[:, : drawn.dimensions]
        centres = drawn.groups.centres * self.signs[: drawn.dimensions]
        order = np.lexsort(np.round(centres, 6).T[::-1])
        centres = centres[order]
        label = np.full(size, -1, dtype=np.int64)
        ok = np.flatnonzero(self.usable.raters)
        label[ok] = grouping.nearest(spots[ok], centres)
        groups = grouping.Groups(label, centres, drawn.groups.gap)
        # Who was set aside weighs nothing here, so that a brigade moves no group's middle.
        heard = np.zeros(size)
        heard[drawn.rows] = self.share[drawn.rows]
        inner = grouping.Groups(label[ok], centres, drawn.groups.gap)
        error = np.sqrt(np.einsum("nii->n", self.places.cov[ok, : drawn.dimensions, : drawn.dimensions]))
        out = grouping.between(spots[ok], error, heard[ok], inner)
        for n in ok[out]:
            apart[n] = Apart.BETWEEN
        label[ok[out]] = -1
        return label, apart, groups

    def chart(self, head: tuple[AxisId, ...], weight: Weight, counts: Counts) -> Chart:
        count = 1 if self.groups is None else len(self.groups.centres)
        seen = telling.views(self.table, self.values, self.label, count)
        strength = self._strength(count)
        none = sum(why is Apart.BETWEEN for why in self.apart)
        text = verdict_text(count, weight, counts, strength, none)
        return Chart(
            axes=head,
            weight=weight,
            verdict=Verdict(count, text, (), strength),
            counts=counts,
            raters=self._spots(),
            contingents=self._homes(count),
            groups=self._groups(count),
            divides=self._divides(seen, count),
            bridges=self._bridges(seen),
            drift=self._drift(count) if self.options.drift else (),
        )

    def _spots(self) -> tuple[Spot, ...]:
        given = np.bincount(self.table.row, minlength=self.table.rows)
        error = np.sqrt(self.places.cov[:, 0, 0])
        at = self.plane()
        return tuple(
            Spot(
                rater,
                int(self.label[n]) if self.label[n] >= 0 else None,
                *at[n],
                _rounded(error[n]),
                int(given[n]),
                self.apart[n],
            )
            for n, rater in enumerate(self.sheet.raters)
        )

    def plane(self) -> list[tuple[float, float]]:
        """The two coordinates that are drawn, rounded."""
        mean = self.places.mean
        flat = np.zeros((len(mean), 2))
        flat[:, : min(2, mean.shape[1])] = mean[:, :2]
        return [(x, y) for x, y in (np.round(flat, DIGITS) + 0.0).tolist()]

    def _homes(self, count: int) -> tuple[Home, ...]:
        ids, unit = self.sheet.contingents
        found = []
        for n, contingent in enumerate(ids):
            mine = (unit == n) & self.usable.raters
            if mine.any():
                x, y = _mean(self.places.mean[mine], self.share[mine])
                label = self.label[mine]
                each = tuple(int((label == g).sum()) for g in range(count))
                found.append(Home(contingent, x, y, int(mine.sum()), each, int((label < 0).sum())))
        return tuple(found)

    def _groups(self, count: int) -> tuple[Group, ...]:
        ids, unit = self.sheet.contingents
        found = []
        for g in range(count):
            mine = self.label == g
            if not mine.any():
                found.append(Group(g, 0.0, 0.0, 0, (), 0.0))
                continue
            x, y = _mean(self.places.mean[mine], self.share[mine])
            share = float(self.share[mine].sum() / self.share.sum())
            names = tuple(ids[n] for n in np.unique(unit[mine]))
            found.append(Group(g, x, y, int(mine.sum()), names, round(share, DIGITS)))
        return tuple(found)

    def _seen(self, seen: telling.Views, column: int) -> Seen:
        work, axis = self.columns[column]
        unit = scale(self.axes[axis])
        means = tuple(
            None if np.isnan(mean) else round(float(mean) * unit + self.axes[axis].neutral, 2) + 0.0
            for mean in seen.mean[:, column]
        )
        return Seen(work, axis, means, tuple(int(n) for n in seen.raters[:, column]))

    def _divides(self, seen: telling.Views, count: int) -> tuple[Divide, ...]:
        found = []
        for first in range(count):
            for second in range(first + 1, count):
                columns = telling.dividing(seen, first, second)[: self.options.named]
                found.append(Divide(first, second, tuple(self._seen(seen, c) for c in columns)))
        return tuple(found)

    def _bridges(self, seen: telling.Views) -> tuple[Bridge, ...]:
        low = np.array(
            [(self.axes[a].min - self.axes[a].neutral) / scale(self.axes[a]) for _, a in self.columns]
        )
        high = np.array(
            [(self.axes[a].max - self.axes[a].neutral) / scale(self.axes[a]) for _, a in self.columns]
        )
        marks = (self.values - low[self.table.col]) / (high - low)[self.table.col]
        rows = self.label[self.table.row] >= 0
        inside = Table(
            self.table.row[rows], self.table.col[rows], self.table.rows, self.table.cols, self.share
        )
        fitted = bridging.bridge(inside, marks[rows], self.places.mean[:, 0])
        columns = telling.shared(seen, fitted.intercept)[: self.options.named]
        return tuple(Bridge(round(float(fitted.intercept[c]), DIGITS), self._seen(seen, c)) for c in columns)

    def _drift(self, count: int) -> tuple[Drift, ...]:
        days = self.sheet.days[self.usable.entries]
        return drifting.by_month(
            self.table, self.rest, days, self.label, count, self.drawn.model, self.scale, DIGITS
        )

    def _strength(self, count: int) -> Strength:
        against = self.drawn.against
        settled, gap = 1.0, 0.0
        if self.groups is not None and count > 1:
            gap = max(self.groups.gap, 0.0)
            some = np.flatnonzero(self.label >= 0)
            d = self.drawn.dimensions
            inner = grouping.Groups(self.label[some], self.groups.centres, gap)
            far = grouping.margin(self.places.mean[some, :d], self.places.cov[some, :d, :d], inner)
            settled = float(np.average(far > _SURE, weights=self.share[some]))
        return Strength(
            chance=round(against.ratio, 2),
            beyond=round(against.beyond, 1),
            needed=NEEDED,
            shuffles=against.shuffles,
            dimensions=self.drawn.dimensions,
            gap=round(gap, 2),
            settled=round(settled, 2),
        )


def _mean(places: Floats, share: Floats) -> tuple[float, float]:
    middle = np.average(places, axis=0, weights=share)
    return _rounded(middle[0]), _rounded(middle[1]) if len(middle) > 1 else 0.0


def _rounded(value: float) -> float:
    return round(float(value), DIGITS) + 0.0
