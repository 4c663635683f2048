"""Declares the axis that imported votes are given on, in the file of the contingent that owns it."""

from pathlib import Path

from msgspec.structs import replace

from newsrepo import records
from newsrepo.errors import UsageError
from newsrepo.gitstore.files import read_plain
from newsrepo.ids import ContingentId, Kind, is_name
from newsrepo.importers.polis import AXIS
from newsrepo.porcelain.workspace import write_files
from newsrepo.records import types as t


def declare(root: Path, owner: ContingentId, axis: str, *, dry_run: bool) -> tuple[str, ...]:
    """Let ``owner``'s file declare ``axis``, and make that file if there is none. Returns what was written.

    The caller holds the lock on writing. Raises UsageError where the name is none, where an axis of it means
    something else, and where the file cannot be added to without losing something.
    """
    if not is_name(axis):
        raise UsageError(
            f"--axis: {axis!r} is no name", "write it like agree: a to z, digits, single hyphens"
        )
    path = f"contingents/{owner}.yaml"
    try:
        data = read_plain(root / path)
    except FileNotFoundError:
        data = records.write(t.Contingent(name=owner, axes={axis: AXIS}))
        if not dry_run:
            write_files(root, {path: data})
        return (path,)
    record = records.parse(Kind.CONTINGENT, data, path).record
    if not isinstance(record, t.Contingent):
        raise UsageError(f"{path!r} cannot be read", f"`newsrepo check {path}` says why")
    known = record.axes.get(axis)
    if known is not None:
        if (known.min, known.max, known.neutral) != (AXIS.min, AXIS.max, AXIS.neutral):
            raise UsageError(
                f"the axis {owner}/{axis} goes from {known.min} to {known.max}, votes from -1 to 1",
                "name another one with --axis",
            )
        return ()
    if not dry_run:
        write_files(root, {path: _added(record, data, axis, path)}, new=False)
    return (path,)


def _added(record: t.Contingent, data: bytes, axis: str, path: str) -> bytes:
    """The file with the axis in it. One that is not in canonical form (it may hold comments) is added to at
    its end where that is possible."""
    whole = records.write(replace(record, axes={**record.axes, axis: AXIS}))
    if records.is_canonical(Kind.CONTINGENT, data, path):
        return whole
    added = records.write(t.Contingent(name="x", axes={axis: AXIS})).partition(b"\n")[2]
    longer = data.rstrip(b"\n") + b"\n" + added
    if (
        records.parse(Kind.CONTINGENT, longer, path).record
        == records.parse(Kind.CONTINGENT, whole, path).record
    ):
        return longer
    raise UsageError(
        f"{path!r} does not declare the axis {axis!r}, and is not in the form that can be added to",
        f"add under axes: {axis}: {{title: {AXIS.title}, min: -1, max: 1, neutral: 0, "
        f"low: {AXIS.low}, high: {AXIS.high}}}",
    )
