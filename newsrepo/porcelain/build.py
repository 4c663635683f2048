"""``build``: one edition or several, and the quick answer when nothing changed since the last run.

What the last run saw is kept in a small file beside the index. While every input and every output it
names is as it was, nothing heavier than this module is imported.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from newsrepo import __version__
from newsrepo.editions.stamp import directory_stamp
from newsrepo.errors import UnableError, UsageError
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.editions.build import EditionResult
    from newsrepo.gitstore.snapshot import Snapshot

Progress = Callable[[int, int], None]
DEFAULT_OUT = "site"


class Built(NamedTuple):
    """One edition as it stands now. ``warnings`` are findings in words, each a dict of its fields."""

    filter: str
    out: str
    items: int
    pages: int
    written: int
    deleted: int
    unchanged: int
    warnings: tuple[dict[str, Any], ...]


class Editions(NamedTuple):
    """What ``build`` did. ``nothing_to_do``: everything was as the last run left it."""

    day: str
    day_from: str
    editions: tuple[Built, ...]
    root: str
    nothing_to_do: bool


def build(
    work: Workspace,
    filters: Sequence[str],
    *,
    every: bool,
    out: Path | None,
    start: Path,
    jobs: int,
    clock: date,
    at: str = "",
    today: date | None = None,
    force: bool = False,
    home: Path | None = None,
    progress: Progress | None = None,
) -> Editions:
    """Build the editions of ``filters``, or of every filter.

    One filter is built into ``out`` itself (default ``site/C/NAME``); several, or ``every``, into
    ``out/C/NAME`` with a page that lists them at ``out/index.html`` (default ``site``). Relative paths
    start from ``start``. Raises UsageError for a filter that is not there and for an output directory
    that is not ours to write into; nothing there is touched. ``clock`` is today: the edition's day only
    where there is no commit to take it from.
    """
    names = tuple(dict.fromkeys(name.removeprefix("filter:") for name in filters))
    if bool(names) == every:
        raise UsageError(
            "name the filters to build, or say --all"
            if not every
            else "--all and single filters exclude each other",
            "such as `newsrepo build abc/daily`",
        )
    rooted = every or len(names) > 1
    target = _target(work, names, out, start, rooted)
    refuse_directory(target, work.root, home)
    memo = _Memo.open(work, names, target, at=at, today=today)
    if not force and (known := memo.recall()) is not None:
        return known
    snapshot = work.snapshot(at=at)
    view = work.commons(snapshot)
    chosen = _chosen(names, view)
    day, day_from = _day(snapshot, today, clock)
    outs = {f: target.joinpath(*f.split("/")) if rooted else target for f in chosen}
    refuse_foreign(outs.values(), shelf=target if rooted else None)
    results = _make(work, view, outs, target if rooted else None, day, jobs, force, progress)
    result = Editions(
        day=str(day),
        day_from=day_from,
        editions=tuple(_told(r) for r in results),
        root=str(target) if rooted else "",
        nothing_to_do=False,
    )
    if day_from != "clock":
        memo.keep(result, target)
    return result


def _make(
    work: Workspace,
    view: "Commons",
    outs: dict[Any, Path],
    root: Path | None,
    day: date,
    jobs: int,
    force: bool,
    progress: Progress | None,
) -> "list[EditionResult]":
    from newsrepo.editions.build import build_edition, build_root

    results: list[EditionResult] = []
    for name, out in outs.items():
        results.append(
            build_edition(
                view,
                name,
                out,
                today=day,
                state=work.repository.state_dir / "editions",
                shallow=work.repository.shallow,
                jobs=jobs,
                force=force,
                progress=progress,
            )
        )
    if root is not None:
        build_root(view, outs, root, today=day, state=work.repository.state_dir / "editions")
    return results


def _told(result: "EditionResult") -> Built:
    return Built(
        filter=result.filter,
        out=str(result.out),
        items=result.items,
        pages=result.pages,
        written=result.written,
        deleted=result.deleted,
        unchanged=result.unchanged,
        warnings=tuple(
            {
                "rule": f.rule,
                "path": f.location.path,
                "line": f.location.line,
                "col": f.location.col,
                "source": f.location.source,
                "severity": f.severity.value,
                "message": f.message,
                "hint": f.hint,
            }
            for f in result.warnings
        ),
    )


def _target(work: Workspace, names: Sequence[str], out: Path | None, start: Path, rooted: bool) -> Path:
    if out is None:
        base = work.root / DEFAULT_OUT
        return base if rooted else base.joinpath(*_parts(names[0]))
    return Path(os.path.abspath(start / out))


def _parts(name: str) -> list[str]:
    from newsrepo.ids import IdError, filter_id

    try:
        return filter_id(name).split("/")
    except IdError as error:
        raise UsageError(str(error), "a filter is named like abc/daily") from None


def _chosen(names: Sequence[str], view: "Commons") -> list[Any]:
    from newsrepo.porcelain.find import named_filter

    if not names:
        if not view.filters:
            raise UsageError("there is no filter to build", "write one with `newsrepo new filter`")
        return sorted(view.filters)
    return [named_filter(name, view.filters) for name in names]


def _day(snapshot: "Snapshot", today: date | None, clock: date) -> tuple[date, str]:
    """The day of an edition and what it was taken from: the day given, the commit's, else the clock's.

    Only a repository without a commit falls back to the clock; its edition says that it is unverifiable.
    """
    if today is not None:
        return today, "option"
    if snapshot.tip is not None:
        return snapshot.tip.committed.date(), "commit"
    return clock, "clock"


def refuse_directory(out: Path, root: Path, home: Path | None) -> None:
    """Raise UsageError for directories that hold more than an edition ever should."""
    real = os.path.realpath(out)
    inside = os.path.realpath(root)
    if real == os.path.realpath(os.sep) or os.path.dirname(real) == real:
        what = "the root of the file system"
    elif home is not None and real == os.path.realpath(home):
        what = "your home directory"
    elif real == inside or inside.startswith(real.rstrip(os.sep) + os.sep):
        what = "the repository itself" if real == inside else "a directory around the repository"
    elif real.startswith(os.path.join(inside, ".git") + os.sep) or real == os.path.join(inside, ".git"):
        what = "git's own directory"
    else:
        from newsrepo.gitstore.snapshot import RECORD_ROOTS

        first = os.path.relpath(real, inside).split(os.sep)[0]
        if first not in RECORD_ROOTS:
            return
        what = "among the records"
    raise UsageError(f"will not build into {str(out)!r}: it is {what}", "choose an empty directory: -o DIR")


def refuse_foreign(outs: Iterable[Path], *, shelf: Path | None = None) -> None:
    """Raise UsageError for a directory that holds something other than an edition of ours.

    ``shelf`` may also hold nothing but editions, each in C/NAME.
    """
    from newsrepo.editions.publish import is_ours

    foreign = [out for out in outs if not is_ours(out)]
    if shelf is not None and not is_ours(shelf) and not _only_editions(shelf, is_ours):
        foreign.append(shelf)
    for out in foreign:
        raise UsageError(
            f"will not build into {str(out)!r}: it is not empty and no edition stands in it",
            "choose an empty directory (-o DIR); nothing was deleted",
        )


def _only_editions(shelf: Path, is_ours: Callable[[Path], bool]) -> bool:
    try:
        owners = sorted(os.scandir(shelf), key=lambda entry: entry.name)
        return all(
            owner.is_dir(follow_symlinks=False)
            and all(
                edition.is_dir(follow_symlinks=False) and is_ours(Path(edition.path))
                for edition in os.scandir(owner.path)
            )
            for owner in owners
        )
    except OSError:
        return False


class _Memo:
    """What the last run with the same arguments saw and made; a damaged one counts as none."""

    def __init__(self, path: Path, inputs: list[str] | None) -> None:
        self._path = path
        self._inputs = inputs

    @classmethod
    def open(
        cls, work: Workspace, names: Sequence[str], target: Path, *, at: str, today: date | None
    ) -> "_Memo":
        repository = work.repository
        if at:
            tip = repository.tip(at)
            stamp = f"commit:{tip.commit}" if tip else ""
        else:
            now = repository.worktree_stamp()
            stamp = "" if now.racy else now.value
        what = json.dumps([list(names), str(target), at, str(today or "")])
        name = hashlib.sha256(what.encode("utf-8", "surrogateescape")).hexdigest()[:24]
        inputs = [what, stamp, __version__, _program()] if stamp else None
        return cls(repository.state_dir / "builds" / f"{name}.json", inputs)

    def recall(self) -> Editions | None:
        """The last run's result, when neither what it read nor what it wrote has changed since."""
        if self._inputs is None:
            return None
        try:
            data = self._path.read_bytes()
            digest, _, body = data.partition(b"\n")
            if hashlib.sha256(body).hexdigest().encode() != digest:
                return None
            state = json.loads(body)
        except (OSError, ValueError):
            return None
        if state["inputs"] != self._inputs:
            return None
        if not state["stamp"] or directory_stamp(state["target"]) != state["stamp"]:
            return None
        editions = tuple(
            Built(
                **{**e, "warnings": tuple(e["warnings"]), "written": 0, "deleted": 0, "unchanged": e["pages"]}
            )
            for e in state["editions"]
        )
        return Editions(state["day"], state["day_from"], editions, state["root"], nothing_to_do=True)

    def keep(self, result: Editions, target: Path) -> None:
        """Remember a run. Losing this costs the next run time and nothing else."""
        if self._inputs is None:
            return
        state = {
            "inputs": self._inputs,
            "day": result.day,
            "day_from": result.day_from,
            "root": result.root,
            "editions": [e._asdict() for e in result.editions],
            "target": str(target),
            "stamp": directory_stamp(str(target)),
        }
        body = json.dumps(state, sort_keys=True).encode()
        from newsrepo.gitstore.files import write_atomic

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._path, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        except (OSError, UnableError):
            return


def _program() -> str:
    """The program's own files by time and size, so that a changed program builds anew."""
    import newsrepo

    base = os.path.dirname(os.path.abspath(newsrepo.__file__))
    roots = [base, os.path.join(os.path.dirname(base), "templates")]
    found = []
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(f for f in folders if f != "__pycache__")
            for name in sorted(files):
                stat = os.stat(os.path.join(folder, name))
                found.append(f"{folder}/{name} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(found).encode("utf-8", "surrogateescape")).hexdigest()
