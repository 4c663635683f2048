"""``rate``: what a rater gives one version on one day, kept in that month's file in canonical form."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from newsrepo import records
from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import read_plain, unable
from newsrepo.ids import ArticleId, AxisId, Kind, RaterId
from newsrepo.porcelain.init import valid
from newsrepo.porcelain.missing import no_article
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace, full_version, write_files
from newsrepo.records import types as t
from newsrepo.records.scalars import Day


class Rated(msgspec.Struct, frozen=True):
    """What now stands: the rater's values of that version, and the file they stand in."""

    rater: RaterId
    article: ArticleId
    version: str
    title: str
    date: str
    values: Mapping[str, int]
    note: str
    path: str
    replaced: bool


def rate(
    work: Workspace, *, article: str, values: Sequence[str], rater: str = "", note: str = "", today: date
) -> Rated:
    """Rate the version of ``article`` (``ID`` or ``ID@VERSION``) that stands now.

    ``values`` are texts ``AXIS=NUMBER``; ``AXIS=`` takes a value back. Values this rater gave the same
    version before stand, unless given anew: a later rating replaces the earlier one as a whole, so
    they are written again. Raises UsageError for anything that could not be meant, UnableError where
    the month's file has faults.
    """
    from newsrepo.gitstore.files import Lock

    who = work.rater(rater)
    view = work.here
    target, _, wanted = article.partition("@")
    found = view.works.get(ArticleId(target))
    if found is None:
        raise no_article(work, view, target)
    version = full_version(target, wanted, found.version)
    marks = parse_values(values, view.axes)
    contingent, _, name = who.partition("/")
    path = f"ratings/{contingent}/{name}/{today:%Y-%m}.yaml"
    with Lock(work.repository.state_dir / "write.lock"):
        old = _read(work, path)
        earlier: dict[str, int] = {
            given.axis: given.value
            for given in view.ratings.given(found.id)
            if given.rater == who and given.version == version and given.day <= today
        }
        new, replaced = merge(old, target, version, Day(today), earlier, marks, note)
        write_files(work.root, {path: valid(Kind.RATINGS, new, path)}, new=False)
    stands = next(r for r in new.ratings if (r.article, r.version, r.date) == (target, version, Day(today)))
    return Rated(
        who, found.id, version, found.title, str(today), stands.values, stands.note or "", path, replaced
    )


def parse_values(values: Sequence[str], axes: Mapping[AxisId, t.Axis]) -> dict[str, int | None]:
    """``AXIS=NUMBER`` texts as marks in the axes' ranges; None takes one back. Raises UsageError."""
    if not values:
        raise UsageError("no value given", f"write AXIS=NUMBER, such as {_example(axes)}")
    marks: dict[str, int | None] = {}
    for text in values:
        name, equals, number = text.partition("=")
        if not equals:
            raise UsageError(f"{text!r} is not of the form AXIS=NUMBER", f"such as {_example(axes)}")
        axis = axes.get(AxisId(name))
        if axis is None:
            raise UsageError(
                f"no such axis: {name!r}", near(name, axes) or f"known: {', '.join(sorted(axes))}"
            )
        if name in marks:
            raise UsageError(f"axis {name!r} is given twice")
        marks[name] = _mark(name, axis, number) if number else None
    return marks


def _mark(name: str, axis: t.Axis, text: str) -> int:
    digits = text.removeprefix("-")
    value = int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None
    if value is None or not axis.min <= value <= axis.max:
        raise UsageError(
            f"{name}={text} is not a whole number from {axis.min} to {axis.max}",
            f"{axis.min}: {axis.low} {axis.max}: {axis.high}",
        )
    return value


def merge(
    old: t.Ratings,
    article: str,
    version: str,
    day: Day,
    earlier: Mapping[str, int],
    marks: Mapping[str, int | None],
    note: str,
) -> tuple[t.Ratings, bool]:
    """The month's ratings with one rating put in, and whether it took the place of one of the same day."""
    same = [r for r in old.ratings if (r.article, r.version, r.date) == (article, version, day)]
    kept = [r for r in old.ratings if (r.article, r.version, r.date) != (article, version, day)]
    values: dict[str, int] = dict(earlier)
    for rating in same:
        values.update(rating.values)
        note = note or rating.note or ""
    for axis, mark in marks.items():
        if mark is None:
            values.pop(axis, None)
        else:
            values[axis] = mark
    if not values:
        raise UsageError(
            "this would leave a rating without a value",
            "to take a whole rating back, delete its line in the month's file",
        )
    rating = t.Rating(
        article=article, version=version, date=day, values=dict(sorted(values.items())), note=note or None
    )
    ordered = sorted([*kept, rating], key=lambda r: (r.article, str(r.date), r.version))
    return t.Ratings(ratings=tuple(ordered)), bool(same)


def _read(work: Workspace, path: str) -> t.Ratings:
    try:
        data = read_plain(work.root / path)
    except FileNotFoundError:
        return t.Ratings()
    except OSError as error:
        raise unable("read", path, error, "nothing was written") from error
    parsed = records.parse(Kind.RATINGS, data, path)
    faults = [f for f in parsed.findings if f.severity == "error"]
    if faults or not isinstance(parsed.record, t.Ratings):
        where = f"{faults[0].location}: {faults[0].message}" if faults else path
        raise UnableError(f"the month's file has faults: {where}", "repair it first; nothing was written")
    return parsed.record


def _example(axes: Mapping[AxisId, t.Axis]) -> str:
    name = min(axes, default=AxisId("newsworthy"))
    return f"{name}={axes[name].max if name in axes else 3}"
