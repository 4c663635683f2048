"""``export ninjs``, ``export json`` and ``export parquet``: what other programs are handed."""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from newsrepo.errors import UsageError
from newsrepo.porcelain.outputs import refuse_directory
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.exports.model import Table
    from newsrepo.exports.parquet import Press
    from newsrepo.ids import ArticleId, FilterId, Oid

Progress = Callable[[int, int], None]
_AT_ONCE = 200


class Tables(msgspec.Struct, frozen=True):
    """A folder of tables that was written: of each its file, and how many rows it has."""

    form: str
    out: str
    filters: tuple[str, ...]
    tables: tuple[tuple[str, str, int], ...]
    content: str

    @property
    def rows(self) -> int:
        return sum(count for _, _, count in self.tables)


class Wire(msgspec.Struct, frozen=True):
    """News items that were written: to one file, or to a folder with a file an item.

    ``left_out`` are articles whose text cannot be shown, each with the reason.
    """

    filter: str
    day: str
    out: str
    items: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]


def export_tables(
    work: Workspace,
    form: str,
    *,
    out: Path,
    start: Path,
    filters: Sequence[str] = (),
    at: str = "",
    only: str = "",
    home: Path | None = None,
    progress: Progress | None = None,
) -> Tables:
    """Write records, ratings and scores of the whole commons into the folder ``out``, whole or not at all.

    ``form`` is ``json`` (JSON Lines) or ``parquet``. Scores are those of ``filters``, by default of all.
    Relative paths start from ``start``. Raises UsageError for a filter that is not there and a folder that is
    not ours to replace, UnableError where the extra ``analytics`` is missing or the folder cannot be written.
    """
    target = _folder(work, out, start, home)

    from newsrepo.exports.folder import replacing, seal
    from newsrepo.exports.lines import write_lines
    from newsrepo.exports.parquet import Press
    from newsrepo.exports.rows import Rows
    from newsrepo.exports.tables import FORMAT, TABLES

    snapshot = work.snapshot(at=at, only=only)
    view = work.commons(snapshot)
    chosen = _chosen(filters, view)
    rows = Rows(view, chosen)
    done = _Counter(progress, rows.expected() if progress else 0)
    told: list[tuple[str, str, int]] = []
    with replacing(target) as folder, ExitStack() as stack:
        press = stack.enter_context(Press(folder, view.key)) if form == "parquet" else None
        for table in TABLES:
            lines = folder / f"{table.name}.jsonl"
            count = write_lines(table, rows.of(table.name), lines, done.add)
            told.append((table.name, _pressed(press, table, lines), count))
        done.end()
        seal(
            folder,
            {
                "export": form,
                "format": FORMAT,
                **_made_from(view),
                "filters": list(chosen),
                "tools": {"duckdb": press.version} if press else {},
                "tables": {name: {"file": file, "rows": count} for name, file, count in told},
            },
        )
    return Tables(form, str(target), chosen, tuple(told), view.key)


def _pressed(press: "Press | None", table: "Table", lines: Path) -> str:
    """The name of a table's file, once it has its form."""
    if press is None:
        return lines.name
    made = lines.with_suffix(".parquet")
    press.write(table, lines, made)
    lines.unlink()
    return made.name


def export_ninjs(
    work: Workspace,
    name: str,
    *,
    out: Path,
    start: Path,
    clock: date,
    at: str = "",
    only: str = "",
    today: date | None = None,
    home: Path | None = None,
    progress: Progress | None = None,
) -> Wire:
    """Write every article that the edition of a filter prints as IPTC ninjs 3.3, whole or not at all.

    An ``out`` that ends in ``.jsonl`` is a file with one item a line; any other is a folder with one file an
    item. Raises as ``export_tables`` does.
    """
    one = out.suffix == ".jsonl"
    if out.suffix == ".json":
        raise UsageError(
            f"{str(out)!r} would be one item",
            "name a folder for a file an item, or a .jsonl file for one a line",
        )
    target = Path(os.path.abspath(start / out)) if one else _folder(work, out, start, home)
    if one and target.is_dir():
        raise UsageError(f"{str(out)!r} is a folder", "name the file: -o daily.jsonl")

    from newsrepo.editions.build import prepare
    from newsrepo.editions.edition import Edition
    from newsrepo.editions.ninjs.item import SCHEMA, Maker
    from newsrepo.editions.theme import default_theme
    from newsrepo.exports.folder import replacing, seal
    from newsrepo.gitstore.files import write_atomic
    from newsrepo.porcelain.assembly import assembled
    from newsrepo.porcelain.build import edition_day
    from newsrepo.porcelain.find import named_filter
    from newsrepo.porcelain.pasts import pasts

    snapshot = work.snapshot(at=at, only=only)
    view = work.commons(snapshot)
    chosen = named_filter(name, view)
    day, _ = edition_day(snapshot, today, clock)
    assembly, _ = assembled(work, view)
    past = None if work.repository.partial else pasts(work, snapshot)
    maker = Maker(Edition(prepare(view, chosen, day, past, assembly), default_theme()))
    made = list(_items(maker.works, view, maker.item, progress))
    left = tuple((work_id, item) for work_id, item in made if isinstance(item, str))
    items = [(str(work_id), item) for work_id, item in made if not isinstance(item, str)]
    if one:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, b"".join(msgspec.json.encode(item) + b"\n" for _, item in items))
        files = [(work_id, target.name) for work_id, _ in items]
    else:
        files = [(work_id, f"{work_id.replace('/', '.')}.json") for work_id, _ in items]
        with replacing(target) as folder:
            for (_, file), (_, item) in zip(files, items, strict=True):
                (folder / file).write_bytes(json.dumps(item, ensure_ascii=False, indent=1).encode() + b"\n")
            facts = {"filter": chosen, "today": day.isoformat(), "items": dict(files)}
            seal(folder, {"export": "ninjs", "format": SCHEMA, **_made_from(view), **facts})
    return Wire(chosen, day.isoformat(), str(target), tuple(files), left)


def _items(
    works: "Sequence[ArticleId]",
    view: "Commons",
    make: "Callable[[ArticleId, dict[Oid, bytes]], dict[str, Any] | str]",
    progress: Progress | None,
) -> "Iterable[tuple[ArticleId, dict[str, Any] | str]]":
    """Every item, some texts at a time."""
    for start in range(0, len(works), _AT_ONCE):
        some = works[start : start + _AT_ONCE]
        blobs = dict(view.texts(dict.fromkeys(view.works[work_id].version for work_id in some)))
        for number, work_id in enumerate(some, start + 1):
            yield work_id, make(work_id, blobs)
            if progress is not None:
                progress(number, len(works))


def _folder(work: Workspace, out: Path, start: Path, home: Path | None) -> Path:
    """The folder to write, which may be ours to replace. Raises UsageError."""
    from newsrepo.exports.folder import refuse_foreign

    target = Path(os.path.abspath(start / out))
    refuse_directory(target, work.repository, home)
    refuse_foreign(target)
    return target


def _chosen(names: Sequence[str], view: "Commons") -> "tuple[FilterId, ...]":
    from newsrepo.porcelain.find import named_filter

    if not names:
        return tuple(sorted(view.filters))
    return tuple(sorted({named_filter(name, view) for name in names}))


def _made_from(view: "Commons") -> dict[str, Any]:
    """What an export follows from: the commons by its content, and the tips that were read."""
    tip = view.snapshot.tip
    sources = [{"ref": "HEAD", "commit": tip.commit if tip else None}]
    sources += [{"ref": home.label, "commit": home.tip.commit} for home in view.homes]
    return {
        "commons": view.charter.name,
        "content": view.key,
        "uncommitted": tip is None or view.snapshot.dirty,
        "sources": sources,
    }


class _Counter:
    """Tells a bar how far it is; never more than all."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = max(total, 1)
        self._done = 0

    def add(self, more: int) -> None:
        self._done = min(self._done + more, self._total)
        if self._progress is not None:
            self._progress(self._done, self._total)

    def end(self) -> None:
        self.add(self._total)
