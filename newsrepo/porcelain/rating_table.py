"""``rate --from``: many ratings from one CSV file, all of them written or none."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from newsrepo.commons import Commons
from newsrepo.errors import NewsrepoError, UsageError
from newsrepo.gitstore.files import read_plain, unable
from newsrepo.ids import ArticleId, AxisId, RaterId
from newsrepo.porcelain.missing import no_article
from newsrepo.porcelain.rate import Mark, Rated, mark_of, month_path, put, seen_version
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records.types import Axis

ARTICLE, VERSION, NOTE = "article", "version", "note"
"""The columns that are no axes; only the first must be there."""

LIMIT = 32 << 20
"""How many bytes a table may have."""

LONGEST_NOTE = 2000


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one cell: its line (from 1), its column's name, the fact and the way out."""

    line: int
    column: str
    message: str
    hint: str


class Table(msgspec.Struct, frozen=True):
    """What came of a file. With any fault nothing is written; ``given`` is then empty."""

    rater: RaterId
    file: str
    path: str
    rows: int
    given: tuple[Rated, ...]
    faults: tuple[Fault, ...]
    written: bool


def rate_from(work: Workspace, file: Path, *, rater: str = "", today: date, dry: bool = False) -> Table:
    """Rate all that ``file`` lists. Every fault is told; with any, or with ``dry``, nothing is written.

    Raises UsageError where the file as a whole cannot be read as such a table.
    """
    who = work.rater(rater)
    view = work.here
    rows, axes = _read(file, view.axes)
    faults: list[Fault] = []
    marks: list[Mark] = []
    first: dict[tuple[str, str], int] = {}
    earlier = _standing(view, who, today)
    for line, row in rows:
        before = len(faults)
        mark = _mark(work, view, line, row, axes, faults)
        if mark is None or len(faults) > before:
            continue
        key = (str(mark.article), mark.version)
        if key in first:
            faults.append(
                Fault(
                    line,
                    ARTICLE,
                    f"{mark.article} is rated in line {first[key]} already",
                    "keep one of the two lines",
                )
            )
            continue
        first[key] = line
        marks.append(msgspec.structs.replace(mark, earlier=earlier.get(key, {})))
    if not rows:
        faults.append(Fault(2, ARTICLE, "there is nothing below the header", "one line for each article"))
    path = month_path(who, today)
    given: tuple[Rated, ...] = ()
    if not faults:
        titles = {mark.article: view.works[mark.article].title for mark in marks}
        given = put(work, who, marks, titles=titles, today=today, dry=dry)
    return Table(who, str(file), path, len(rows), given, tuple(faults), not faults and not dry)


def _read(
    file: Path, axes: Mapping[AxisId, Axis]
) -> tuple[list[tuple[int, dict[str, str]]], tuple[AxisId, ...]]:
    """The rows with the lines they begin in, and the axes that the header names."""
    try:
        data = read_plain(file, LIMIT)
    except OSError as error:
        raise unable("read", file, error, "nothing was written") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{file}:{line}: this is not UTF-8", "save the table as UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        named = _header(file, header, axes)
        begins = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(header):
                    raise UsageError(
                        f"{file}:{begins}: {len(cells)} cells in a table of {len(header)} columns",
                        "put a cell with a comma in it in quotation marks",
                    )
                rows.append((begins, dict(zip(header, map(str.strip, cells), strict=False))))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(
            f"{file}:{reader.line_num}: this is not CSV: {error}", "see the example in docs/rating.md"
        ) from None
    return rows, named


def _header(file: Path, header: list[str], axes: Mapping[AxisId, Axis]) -> tuple[AxisId, ...]:
    example = f"such as: {ARTICLE},{','.join(sorted(axes)[:2])},{NOTE}"
    if ARTICLE not in header:
        raise UsageError(f"{file}:1: there is no column {ARTICLE!r}", f"the first line names them, {example}")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise UsageError(f"{file}:1: the column {twice[0]!r} stands twice", "keep one of the two")
    named = [name for name in header if name not in (ARTICLE, VERSION, NOTE)]
    for name in named:
        if name not in axes:
            hint = near(name, axes) or f"known axes: {', '.join(sorted(axes))}"
            raise UsageError(f"{file}:1: no such axis: {name!r}", hint)
    if not named:
        raise UsageError(f"{file}:1: no column is an axis", example)
    return tuple(AxisId(name) for name in named)


def _mark(
    work: Workspace,
    view: Commons,
    line: int,
    row: Mapping[str, str],
    axes: tuple[AxisId, ...],
    faults: list[Fault],
) -> Mark | None:
    """One row as a rating; what is wrong with it is added to ``faults``."""

    def fault(column: str, error: NewsrepoError) -> None:
        faults.append(Fault(line, column, error.message, error.hint))

    target, _, short = row.get(ARTICLE, "").partition("@")
    if short and row.get(VERSION):
        fault(VERSION, UsageError("the version stands in two columns", "keep one of the two"))
    found = view.works.get(ArticleId(target))
    version = ""
    if found is None:
        fault(ARTICLE, no_article(work, view, target))
    else:
        try:
            version = seen_version(work, found, row.get(VERSION) or short)
        except UsageError as error:
            fault(VERSION if row.get(VERSION) else ARTICLE, error)
    values: dict[str, int | None] = {}
    for axis in axes:
        if text := row.get(axis, ""):
            try:
                values[axis] = mark_of(axis, view.axes[axis], text)
            except UsageError as error:
                fault(axis, error)
    if not any(row.get(axis) for axis in axes):
        fault(axes[0], UsageError("no value on any axis", "give at least one, or leave the line out"))
    note = row.get(NOTE, "")
    if len(note) > LONGEST_NOTE or not all(c.isprintable() or c == "\n" for c in note):
        fault(NOTE, UsageError(f"not a text of at most {LONGEST_NOTE} characters", "shorten it"))
    return Mark(found.id, version, values, note) if found is not None and version else None


def _standing(view: Commons, rater: RaterId, today: date) -> dict[tuple[str, str], dict[str, int]]:
    """This rater's values so far, by article and version: one rating replaces another as a whole."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for axis in sorted(view.axes):
        for given in view.ratings.of_raters(axis, frozenset([rater])):
            if given.day <= today:
                found.setdefault((given.work, given.version), {})[axis] = given.value
    return found
