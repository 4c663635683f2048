"""``map``: raters placed by how they rate, over the union of everybody's homes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UsageError
from newsrepo.ids import ArticleId, AxisId
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace
from newsrepo.scores.opinion import Chart, Options, Weight, chart

if TYPE_CHECKING:
    from newsrepo.commons import Commons


class Mapped(msgspec.Struct, frozen=True):
    """A chart, the commons it is of, and the titles of the works that it names."""

    commons: str
    chart: Chart
    titles: Mapping[ArticleId, str]
    since: date | None


def opinion_map(
    work: Workspace,
    *,
    axes: Sequence[str] = (),
    since: date | None = None,
    weight: str = "",
    anchors: Sequence[str] = (),
    least: int = 3,
    drift: bool = False,
    at: str = "",
    only: str = "",
) -> Mapped:
    """Draw the map of everybody who rates. Without ``axes`` on all of them.

    Contingents that this commons does not know have no say. Raises UsageError for an axis or anchor that is
    not there, UnableError when the extra ``map`` is not installed.
    """
    view = work.commons(work.snapshot(at=at, only=only))
    chosen = [_axis(name, view) for name in axes] or sorted(view.axes)
    for anchor in anchors:
        _known_anchor(anchor, view)
    try:
        how = Weight(weight) if weight else None
    except ValueError:
        raise UsageError(f"no such weight: {weight!r}", "it is contingent or rater") from None
    options = Options(weight=how, since=since, anchors=tuple(anchors), least=least, drift=drift)
    heard = (
        (rater, said) for rater, said in view.ratings.spoken() if rater.partition("/")[0] in view.contingents
    )
    drawn = chart(heard, view.works, {axis: view.axes[axis] for axis in chosen}, options)
    seen = [s.work for d in drawn.divides for s in d.works] + [b.seen.work for b in drawn.bridges]
    titles = {name: view.works[name].title for name in sorted(set(seen))}
    return Mapped(view.charter.name, drawn, titles, since)


def _axis(name: str, view: "Commons") -> AxisId:
    axis = AxisId(name)
    if axis not in view.axes:
        known = f"known: {', '.join(sorted(view.axes))}"
        raise UsageError(f"no such axis: {name!r}", near(name, view.axes) or known)
    return axis


def _known_anchor(name: str, view: "Commons") -> None:
    if name.partition("/")[0] not in view.contingents:
        raise UsageError(
            f"no such contingent or rater: {name!r}",
            near(name, view.contingents)
            or "an anchor is a contingent, such as abc, or a rater, such as abc/ann",
        )
