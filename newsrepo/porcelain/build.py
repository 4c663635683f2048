"""``build``: one edition or several, and the quick answer when nothing changed since the last run."""

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from newsrepo.errors import UnableError, UsageError
from newsrepo.porcelain.memo import Built, Editions, Failed, Memo
from newsrepo.porcelain.outputs import refuse_directory, refuse_foreign
from newsrepo.porcelain.sealing import Sign, Signer
from newsrepo.porcelain.templates import FOLDER, Look, folder_of, own_theme, speaks_for, stamp_of, unused
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.editions.build import EditionResult
    from newsrepo.editions.shards import Share
    from newsrepo.gitstore.snapshot import Snapshot

Progress = Callable[[int, int], None]
DEFAULT_OUT = "site"
WANTING = frozenset({"no-search", "no-opinion-map", "no-print-edition", "no-glyph"})
"""What an edition lacks for want of something to install, by rule. No file here tells when that is there."""


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
    only: str = "",
    today: date | None = None,
    force: bool = False,
    home: Path | None = None,
    progress: Progress | None = None,
    shard: str = "",
    sign: Sign | None = None,
    look: Look = Look.OWN,
) -> Editions:
    """Build the editions of ``filters``, or of every filter.

    One filter is built into ``out`` itself (default ``site/C/NAME``); several, or ``every``, into
    ``out/C/NAME`` with a page that lists them at ``out/index.html`` (default ``site``). Relative paths
    start from ``start``. ``only`` narrows the commons to what one contingent's own ref says. ``shard`` is
    ``K/N`` to make that part of the pages alone; ``look`` says whether templates of this clone lay out the
    editions of its own contingent; with ``sign`` every manifest is signed. ``clock`` is today:
    the edition's day only where there is no commit to take it from. Raises UsageError for a filter that is
    not there and for an output directory that is not ours to write into; nothing there is touched. Of several
    editions one that cannot be made never stops the others: it is among ``failed``; a single one raises.
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
    share = _share(shard)
    if share is not None and sign is not None:
        raise UsageError(
            "--sign signs whole editions, not a part of one",
            "sign what the parts make: build --merge … --sign",
        )
    target = _target(work, names, out, start, rooted)
    refuse_directory(target, work.repository, home)
    how = repr((shard, sign, look.value, stamp_of(work, look)))
    memo = Memo.open(work, names, target, at=at, only=only, today=today, how=how)
    if not force and (known := memo.recall()) is not None:
        return known
    signer = Signer.of(work, sign, start) if sign is not None else None
    snapshot = work.snapshot(at=at, only=only)
    view = work.commons(snapshot)
    chosen = _chosen(names, view)
    day, day_from = edition_day(snapshot, today, clock)
    outs = {f: target.joinpath(*f.split("/")) if rooted else target for f in chosen}
    refuse_foreign(outs.values(), shelf=target if rooted else None)
    results, failed = _make(
        work, view, outs, target if rooted else None, day, jobs, force, progress, share, look
    )
    if every:
        failed += _unreadable(view)
    if signer is not None:
        signer.seal([*(r.out for r in results), *([target] if rooted else [])])
    result = Editions(
        day=str(day),
        day_from=day_from,
        editions=tuple(_told(r, view) for r in results),
        root=str(target) if rooted else "",
        nothing_to_do=False,
        failed=tuple(sorted(failed)),
    )
    if day_from != "clock" and not failed and not any(w.rule in WANTING for r in results for w in r.warnings):
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
    share: "Share | None",
    look: Look,
) -> "tuple[list[EditionResult], list[Failed]]":
    from newsrepo.filters import FilterError
    from newsrepo.porcelain.assembly import assembled
    from newsrepo.porcelain.grounds import gather

    assembly, notes = assembled(work, view)
    grounds = gather(work, view, day, assembly)
    state = work.repository.state_dir / "editions"
    mine = speaks_for(work) if folder_of(work, look) is not None else ""
    notes += unused(work, look)
    results: list[EditionResult] = []
    failed: list[Failed] = []
    for name, out in outs.items():
        theme = None
        try:
            if name.partition("/")[0] == mine:
                theme = own_theme(work, look)
            result = grounds.edition(
                name,
                out,
                state=state,
                share=share,
                theme=theme,
                jobs=jobs,
                force=force,
                progress=progress,
            )
            results.append(replace(result, warnings=(*notes, *result.warnings)))
        except UnableError as error:
            own_fault = isinstance(error, FilterError) or error.message.startswith(f"{FOLDER}/")
            if root is None or not own_fault:
                raise
            source = view.source_of(f"filters/{name}.yaml")
            failed.append(Failed(name, error.message, error.hint, source))
    if root is not None:
        built = {result.filter: result.out for result in results}
        grounds.root(built, root, state=state, share=share)
    return results, failed


def _unreadable(view: "Commons") -> list[Failed]:
    """The filters whose files are no filters."""
    from newsrepo.ids import Kind

    return [
        Failed(
            file.place.id.removeprefix("filter:"),
            f"{path!r} cannot be read",
            "`newsrepo check` says why",
            view.source_of(path),
        )
        for path, file in view.files.items()
        if file.place.kind is Kind.FILTER and file.place.id.removeprefix("filter:") not in view.filters
    ]


def _told(result: "EditionResult", view: "Commons") -> Built:
    return Built(
        filter=result.filter,
        source=view.source_of(f"filters/{result.filter}.yaml"),
        tips=tuple(home.label for home in view.homes),
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


def _share(shard: str) -> "Share | None":
    if not shard:
        return None
    from newsrepo.editions.shards import Share

    return Share.parse(shard)


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
    return [named_filter(name, view) for name in names]


def edition_day(snapshot: "Snapshot", today: date | None, clock: date) -> tuple[date, str]:
    """The day of an edition and what it was taken from: the day given, the commit's, else the clock's.

    Only a repository without a commit falls back to the clock; its edition says that it is unverifiable.
    """
    if today is not None:
        return today, "option"
    if snapshot.tip is not None:
        return snapshot.tip.committed.date(), "commit"
    return clock, "clock"
