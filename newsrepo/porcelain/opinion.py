"""``map``: raters placed by how they rate, over the union of everybody's homes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UsageError
from newsrepo.ids import ArticleId, AxisId, ContingentId, FilterId, Kind
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.assembly import assembled
from newsrepo.porcelain.find import named_filter
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.scores import trusted
from newsrepo.scores.opinion import Chart, Options, Say, Weight, Whose, by_book, by_roll, by_trust, chart

if TYPE_CHECKING:
    from newsrepo.commons import Commons


class Mapped(msgspec.Struct, frozen=True):
    """A chart, the commons it is of, and the titles of the works that it names."""

    commons: str
    chart: Chart
    titles: Mapping[ArticleId, str]
    since: date | None
    whose: Whose
    filter: FilterId | None = None
    silent: tuple[ContingentId, ...] = ()
    """Contingents that rate and have no say in this map; in order of id."""
    unread: tuple[Finding, ...] = ()
    """Ratings that could not be read, and so are not on the map."""


def opinion_map(
    work: Workspace,
    *,
    axes: Sequence[str] = (),
    since: date | None = None,
    weight: str = "",
    anchors: Sequence[str] = (),
    least: int = 3,
    drift: bool = False,
    filter_id: str = "",
    everyone: bool = False,
    at: str = "",
    only: str = "",
) -> Mapped:
    """Draw the map of those who have a say in it: everybody with a vote, where four of them rate at all,
    else everybody in the address book. Without ``axes`` on all of them.

    With ``everyone`` it is the whole address book anyway; with ``filter_id`` those whom the filter trusts,
    as much as it does. Raises UsageError for an axis, anchor or filter that is not there and for what does
    not go together, UnableError when the extra ``map`` is not installed.
    """
    if filter_id and (everyone or weight == Weight.RATER):
        other = "--everyone" if everyone else "--weight rater"
        raise UsageError(f"--filter and {other} exclude each other", "a filter says who weighs how much")
    view = work.commons(work.snapshot(at=at, only=only))
    chosen = [_axis(name, view) for name in axes] or sorted(view.axes)
    for anchor in anchors:
        _known_anchor(anchor, view)
    try:
        how = Weight(weight) if weight else None
    except ValueError:
        raise UsageError(f"no such weight: {weight!r}", "it is contingent or rater") from None
    chosen_filter = named_filter(filter_id.removeprefix("filter:"), view) if filter_id else None
    say = _say(work, view, chosen_filter, everyone=everyone)
    if how is None and say.whose is Whose.TRUST:
        how = Weight.CONTINGENT
    options = Options(weight=how, say=say, since=since, anchors=tuple(anchors), least=least, drift=drift)
    drawn = chart(view.ratings.spoken(), view.works, {axis: view.axes[axis] for axis in chosen}, options)
    seen = [s.work for d in drawn.divides for s in d.works] + [b.seen.work for b in drawn.bridges]
    titles = {name: view.works[name].title for name in sorted(set(seen))}
    heard = say.contingents.keys() | {rater.partition("/")[0] for rater in say.raters}
    return Mapped(
        view.charter.name,
        drawn,
        titles,
        since,
        say.whose,
        chosen_filter,
        tuple(sorted((_rating(view) & view.contingents.keys()) - heard)),
        tuple(f for f in view.findings if f.severity is Severity.ERROR and _hides(f)),
    )


def _say(work: Workspace, view: "Commons", chosen: FilterId | None, *, everyone: bool) -> Say:
    if chosen is not None:
        return by_trust(trusted(view.filters[chosen], view.contingents), view.contingents)
    voted = None if everyone else by_roll(_voters(work, view), view.contingents, _rating(view))
    return voted or by_book(view.contingents)


def _rating(view: "Commons") -> frozenset[ContingentId]:
    """The contingents that have files of ratings."""
    return frozenset(
        file.place.owner
        for file in view.files.values()
        if file.place.kind is Kind.RATINGS and file.place.owner is not None
    )


def _voters(work: Workspace, view: "Commons") -> tuple[str, ...]:
    """Who is on the roll: the one in force, or where votes cannot be counted, the one in view."""
    assembly, _ = assembled(work, view)
    roll = assembly.chain.in_force.roll if assembly else view.record("statements/roll.yaml")
    return tuple(voter.voter for voter in roll.voters) if isinstance(roll, t.Roll) else ()


def _hides(finding: Finding) -> bool:
    """Whether something at fault may hide ratings: a file of them, or a tree that is not read to its end."""
    path = finding.location.path
    return path.startswith("ratings") or finding.rule in ("too-many-entries", "too-deep")


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
