"""``rate``: what a rater gives one version on one day, kept in that month's file in canonical form."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from newsrepo import records
from newsrepo.commons.model import Work
from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import read_plain, unable
from newsrepo.ids import ArticleId, AxisId, Kind, Oid, RaterId
from newsrepo.porcelain.init import valid
from newsrepo.porcelain.missing import no_article
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace, full_version, write_files
from newsrepo.records import types as t
from newsrepo.records.scalars import Day
from newsrepo.records.text import MAX_TEXT

FEW = 400
"""So many ratings fit into a month's file, however long their notes are."""


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
    before: t.Rating | None = None
    """The rating of the same day whose place it took."""


def rate(
    work: Workspace, *, article: str, values: Sequence[str], rater: str = "", note: str = "", today: date
) -> Rated:
    """Rate the version of ``article`` (``ID`` or ``ID@VERSION``) that stands now.

    ``values`` are texts ``AXIS=NUMBER``; ``AXIS=`` takes a value back. Values this rater gave the same
    version before stand, unless given anew: a later rating replaces the earlier one as a whole, so
    they are written again. Raises UsageError for anything that could not be meant, UnableError where
    the month's file has faults.
    """
    who = work.rater(rater)
    view = work.here
    target, _, wanted = article.partition("@")
    found = view.works.get(ArticleId(target))
    if found is None:
        raise no_article(work, view, target)
    version = seen_version(work, found, wanted)
    marks = parse_values(values, view.axes)
    earlier: dict[str, int] = {
        given.axis: given.value
        for given in view.ratings.given(found.id)
        if given.rater == who and given.version == version and given.day <= today
    }
    return put(
        work,
        who,
        (Mark(found.id, version, marks, note, earlier),),
        titles={found.id: found.title},
        today=today,
    )[0]


def seen_version(work: Workspace, found: Work, wanted: str) -> Oid:
    """The version of a work that ``wanted`` means; empty: the one that stands now.

    Raises UsageError for a short id of another, and for one that is nowhere in this clone or any home.
    """
    version = Oid(full_version(found.id, wanted, found.version))
    if version != found.version:
        from newsrepo.porcelain.check import History

        if not History(work, work.here.snapshot).known([version]):
            raise UsageError(
                f"no version {version[:12]}… of {found.id} ever stood here",
                f"name one that `newsrepo versions {found.id}` lists",
            )
    return version


class Mark(msgspec.Struct, frozen=True):
    """What is to be written of one version; ``earlier`` are this rater's values of it that stand so far."""

    article: ArticleId
    version: str
    values: Mapping[str, int | None]
    note: str = ""
    earlier: Mapping[str, int] = {}


def month_path(rater: RaterId, today: date) -> str:
    """The file that a rater's ratings of this day stand in."""
    return f"ratings/{rater}/{today:%Y-%m}.yaml"


def put(
    work: Workspace,
    who: RaterId,
    marks: Sequence[Mark],
    *,
    titles: Mapping[ArticleId, str],
    today: date,
    dry: bool = False,
) -> tuple[Rated, ...]:
    """Write all these ratings into the month's file, whole or not at all; with ``dry`` not at all.

    Raises as ``rate`` does.
    """
    from newsrepo.gitstore.files import Lock

    path, day = month_path(who, today), Day(today)
    with Lock(work.repository.state_dir / "write.lock"):
        old = _read(work, path)
        month, replaced = merge_all(old, day, marks)
        data = checked(month, path)
        if not dry:
            write_files(work.root, {path: data}, new=False)
    stands = {(r.article, r.version): r for r in month.ratings if r.date == day}
    stood = {(r.article, r.version): r for r in old.ratings if r.date == day}
    return tuple(
        Rated(
            rater=who,
            article=mark.article,
            version=mark.version,
            title=titles[mark.article],
            date=str(today),
            values=stands[mark.article, mark.version].values,
            note=stands[mark.article, mark.version].note or "",
            path=path,
            replaced=before,
            before=stood.get((mark.article, mark.version)),
        )
        for mark, before in zip(marks, replaced, strict=True)
    )


def checked(month: t.Ratings, path: str) -> bytes:
    """The month's canonical bytes. Raises UsageError; of a file grown too large with how many ratings fit."""
    try:
        data = valid(Kind.RATINGS, month, path)
    except UsageError:
        if len(month.ratings) <= FEW or (size := len(records.write(month))) <= MAX_TEXT:
            raise
        room = len(month.ratings) * MAX_TEXT // size
        raise UsageError(
            f"{path} would hold {len(month.ratings)} ratings and be larger than 1 MiB; nothing was written",
            f"a month's file has room for about {room} such ratings of one rater: leave some for next month",
        ) from None
    return data


def take_back(work: Workspace, given: Rated) -> None:
    """Undo a rating: its line goes, or is again what it replaced; with its last line goes the file.

    Raises UsageError where the line no longer says what was written: somebody changed it meanwhile.
    """
    from newsrepo.gitstore.files import Lock

    with Lock(work.repository.state_dir / "write.lock"):
        month = _read(work, given.path)
        kept = tuple(r for r in month.ratings if not _is(r, given))
        if len(kept) != len(month.ratings) - 1:
            raise UsageError(
                f"the rating of {given.article} was changed meanwhile",
                f"see {given.path}; nothing was written",
            )
        if given.before is not None:
            kept = tuple(sorted((*kept, given.before), key=lambda r: (r.article, str(r.date), r.version)))
        if kept:
            new = t.Ratings(ratings=kept)
            write_files(work.root, {given.path: valid(Kind.RATINGS, new, given.path)}, new=False)
            return
        try:
            (work.root / given.path).unlink()
        except OSError as error:
            raise unable("remove", given.path, error, "the rating still stands") from error


def _is(rating: t.Rating, given: Rated) -> bool:
    return (rating.article, rating.version, str(rating.date), rating.values, rating.note or "") == (
        given.article,
        given.version,
        given.date,
        given.values,
        given.note,
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
        marks[name] = mark_of(name, axis, number) if number else None
    return marks


def mark_of(name: str, axis: t.Axis, text: str) -> int:
    """``text`` as a whole number in the axis's range. Raises UsageError that says what its ends mean."""
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
    new, (replaced,) = merge_all(old, day, [Mark(ArticleId(article), version, marks, note, earlier)])
    return new, replaced


def merge_all(old: t.Ratings, day: Day, marks: Sequence[Mark]) -> tuple[t.Ratings, tuple[bool, ...]]:
    """The month's ratings with all these put in, and of each whether it replaced one of the same day.

    Raises UsageError for one that would be left without a value.
    """
    standing = {(r.article, str(r.date), r.version): r for r in old.ratings}
    replaced = []
    for mark in marks:
        key = (mark.article, str(day), mark.version)
        same = standing.get(key)
        standing[key] = _joined(same, mark, day)
        replaced.append(same is not None)
    return t.Ratings(ratings=tuple(standing[key] for key in sorted(standing))), tuple(replaced)


def _joined(same: t.Rating | None, mark: Mark, day: Day) -> t.Rating:
    values: dict[str, int] = {**mark.earlier, **(same.values if same is not None else {})}
    for axis, value in mark.values.items():
        if value is None:
            values.pop(axis, None)
        else:
            values[axis] = value
    if not values:
        raise UsageError(
            "this would leave a rating without a value",
            "to take a whole rating back, delete its line in the month's file",
        )
    note = mark.note or (same.note if same is not None else None) or None
    return t.Rating(
        article=mark.article, version=mark.version, date=day, values=dict(sorted(values.items())), note=note
    )


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
