"""``verify-edition``: make an edition anew from the tips in its manifest, and say what differs.

Nothing is fetched. The folder may come from anywhere: it is read, bounded, and never written to.
"""

import os
import tempfile
from collections.abc import Callable, Collection
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newsrepo.errors import UnableError, UsageError
from newsrepo.porcelain.rebuilding import Rebuilder
from newsrepo.porcelain.sealing import Seal, State, inspect
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.editions.differences import Difference
    from newsrepo.editions.manifest import Manifest

Progress = Callable[[int, int], None]

NAME = "manifest.json"
_MANIFEST = 256 << 20
"""Bytes of a manifest that are read."""


class Verdict(StrEnum):
    VERIFIED = "verified"
    DIFFERS = "differs"
    UNABLE = "unable"


class Checked(NamedTuple):
    """One edition, looked at. ``filter`` is empty for the page that lists several.

    ``differences`` are in order; ``reason`` and ``hint`` say why it could not be made anew, if so. What it
    was compared with is in ``against``: ``rebuilt``, or, where that could not be, its own ``manifest``.
    """

    folder: str
    filter: str
    today: str
    files: int
    sources: tuple[str, ...]
    verdict: Verdict
    against: str
    differences: "tuple[Difference, ...]"
    seal: Seal
    notes: tuple[str, ...] = ()
    reason: str = ""
    hint: str = ""


class Report(NamedTuple):
    """What became of every edition in a folder, the page that lists them last."""

    checked: tuple[Checked, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of all: one difference is a difference, whatever could not be verified."""
        all_ = {one.verdict for one in self.checked}
        return next(v for v in (Verdict.DIFFERS, Verdict.UNABLE, Verdict.VERIFIED) if v in all_)


class _Found(NamedTuple):
    folder: Path
    data: bytes
    manifest: "Manifest"
    signature: bytes | None


def verify_edition(
    work: Workspace, folder: str, *, start: Path, jobs: int = 1, progress: Progress | None = None
) -> Report:
    """Verify the edition in ``folder``, or all editions of a site. Raises UsageError where there is none."""
    place = Path(os.path.abspath(start / folder))
    try:
        top = _found(place)
    except OSError as error:
        raise UsageError(
            f"{str(place)!r} holds no edition: {NAME}: {error.strerror}", "give the folder of an edition"
        ) from None
    if isinstance(top, Checked):
        return Report((top,))
    rebuilder = Rebuilder(work)
    if top.manifest.filter is not None:
        return Report((_check(rebuilder, top, jobs, progress),))
    checked = [_listed(rebuilder, top, name, jobs, progress) for name in dict.fromkeys(top.manifest.editions)]
    return Report((*checked, _check(rebuilder, top, jobs, progress)))


def _listed(rebuilder: Rebuilder, top: _Found, name: str, jobs: int, progress: Progress | None) -> Checked:
    """One of the editions that the page above lists."""
    try:
        folder = _inside(top.folder, name)
    except UsageError as error:
        return _unreadable(top.folder, "", error.message)
    try:
        found = _found(folder)
    except OSError:
        return _unreadable(folder, name, "the page that lists the editions names it, and it is not there")
    if isinstance(found, Checked):
        return found._replace(filter=name)
    return _as_listed(_check(rebuilder, found, jobs, progress), found, name, top)


def _found(folder: Path) -> _Found | Checked:
    """The manifest in a folder and its signature, as they are; the verdict where it is no manifest.

    Raises OSError where there is none.
    """
    from newsrepo.editions.manifest import SIGNATURE, parse_manifest
    from newsrepo.gitstore.inside import read_inside
    from newsrepo.signing import MAX_ARMOURED

    data = read_inside(folder, NAME, _MANIFEST)
    manifest = parse_manifest(data)
    if manifest is None:
        return _unreadable(folder, "", "it cannot be read as a manifest of newsrepo", late=_is_later(data))
    signature: bytes | None
    try:
        signature = read_inside(folder, SIGNATURE, MAX_ARMOURED)
    except FileNotFoundError:
        signature = None
    except OSError:
        signature = b""  # a link, a device, or far too large: a signature that holds for nothing
    return _Found(folder, data, manifest, signature)


def _is_later(data: bytes) -> bool:
    """Whether bytes may well be a manifest in a form that is newer than this program."""
    import msgspec

    from newsrepo.editions.manifest import VERSION

    try:
        said = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    version = said.get("version") if isinstance(said, dict) else None
    return isinstance(version, int) and version > VERSION


def _unreadable(folder: Path, name: str, fact: str, *, late: bool = False) -> Checked:
    """The verdict on a folder whose manifest is none, or is not there; ``late``: it is of a later version."""
    from newsrepo.editions.differences import Difference, Way

    return Checked(
        folder=str(folder),
        filter=name,
        today="",
        files=0,
        sources=(),
        verdict=Verdict.UNABLE if late else Verdict.DIFFERS,
        against="manifest",
        differences=() if late else (Difference(Way.CHANGED, NAME, fact=fact),),
        seal=Seal(State.NONE),
        reason="its manifest is of a later version than this newsrepo knows" if late else "",
        hint="verify it with the newsrepo that made it" if late else "",
    )


def _inside(place: Path, name: str) -> Path:
    from newsrepo.ids import IdError, filter_id

    try:
        return place.joinpath(*filter_id(name).split("/"))
    except IdError as error:
        raise UsageError(f"it lists an edition that cannot be: {error}", "ask its publisher") from None


def _check(rebuilder: Rebuilder, found: _Found, jobs: int, progress: Progress | None) -> Checked:
    from newsrepo.editions.differences import Way, against_manifest
    from newsrepo.porcelain.editing_site import FOLDER, is_editor

    manifest = found.manifest
    seal = inspect(found.data, found.signature, rebuilder.work.here.contingents)
    bad = seal.state is State.BAD  # then these are not the bytes that somebody signed
    checked = _plain(found, seal)
    leave: frozenset[str] = frozenset(manifest.editions)
    if is_editor(found.folder / FOLDER):  # declared by its own bytes: it is no part of any edition
        leave |= {FOLDER}
    try:
        differences = _rebuilt(rebuilder, found, leave, jobs, progress)
        notes = rebuilder.notes(manifest)
    except UnableError as error:
        differences = tuple(against_manifest(found.folder, manifest, leave))
        verdict = Verdict.DIFFERS if differences or bad else Verdict.UNABLE
        return checked._replace(
            verdict=verdict,
            against="manifest",
            differences=differences,
            reason=error.message,
            hint=error.hint,
        )
    ways = {difference.way for difference in differences}
    verdict = Verdict.UNABLE if ways else Verdict.VERIFIED
    if ways - {Way.UNPROVEN} or bad:
        verdict = Verdict.DIFFERS
    reason = hint = ""
    if verdict is Verdict.UNABLE:
        reason = "all that newsrepo writes is as it should be, but other versions of tools made the rest"
        hint = "install the versions that its manifest names, and verify again"
    return checked._replace(verdict=verdict, differences=differences, notes=notes, reason=reason, hint=hint)


def _plain(found: _Found, seal: Seal) -> Checked:
    manifest = found.manifest
    return Checked(
        folder=str(found.folder),
        filter=manifest.filter or "",
        today=str(manifest.today),
        files=len(manifest.hashes),
        sources=tuple(f"{source.ref} {source.commit or ''}".strip() for source in manifest.sources),
        verdict=Verdict.UNABLE,
        against="rebuilt",
        differences=(),
        seal=seal,
    )


def _rebuilt(
    rebuilder: Rebuilder, found: _Found, leave: Collection[str], jobs: int, progress: Progress | None
) -> "tuple[Difference, ...]":
    """Everything that differs from the edition made anew. Raises UnableError where that cannot be."""
    from newsrepo.editions.differences import Difference, Way, against_rebuilt
    from newsrepo.editions.manifest import read_manifest
    from newsrepo.filters import FilterError

    said = found.manifest
    grounds = rebuilder.grounds(said)
    chosen = (said.filter,) if said.filter is not None else said.editions
    if any(name not in grounds.view.filters for name in chosen):
        return (Difference(Way.CHANGED, NAME, fact=f"these tips hold no filter {chosen[0]!r}"),)
    with tempfile.TemporaryDirectory(prefix="newsrepo-verify-") as folder:
        out = Path(folder, "edition")
        try:
            if said.filter is not None:
                grounds.edition(said.filter, out, jobs=jobs, progress=progress)
            else:
                grounds.root({name: _inside(out, name) for name in said.editions}, out)
        except FilterError as error:
            return (Difference(Way.CHANGED, NAME, fact=f"these tips make no such edition: {error.message}"),)
        made = read_manifest(out)
        assert made is not None  # noqa: S101 - it was just written
        _refuse_other_extras(said, made)
        differences = against_rebuilt(found.folder, said, out, made, leave)
        return (*_manifest(found, made), *differences)


def _refuse_other_extras(said: "Manifest", made: "Manifest") -> None:
    """Raise UnableError where one of the two lacks a part for want of an extra, and the other has it."""
    more = sorted(set(made.without) - set(said.without))
    if more:
        names = ",".join(more)
        raise UnableError(
            f"it was made with the extra '{more[0]}', which is not installed here",
            f"pip install 'newsrepo[{names}]'",
        )
    less = sorted(set(said.without) - set(made.without))
    if less:
        raise UnableError(
            f"it was made without the extra '{less[0]}', which is installed here and adds to every page",
            "verify it with a newsrepo that lacks that extra too",
        )


def _manifest(found: _Found, made: "Manifest") -> "tuple[Difference, ...]":
    """Whether the manifest itself, byte by byte, is the one that belongs to these tips."""
    from msgspec.structs import replace

    from newsrepo.editions.differences import Difference, Way, fields

    said = found.manifest
    # What tools made was compared file by file; the rest of the manifest is ours to the last byte.
    expected = replace(made, derived=said.derived)
    if found.data == expected.encode():
        return ()
    named = ", ".join(fields(said, made))
    if named:
        fact = f"these tips make another: {named}"
    elif said.files != made.files:
        fact = "the files that it lists, or their hashes, are not those that these tips make"
    else:
        fact = "it is not written as newsrepo writes it"
    return (Difference(Way.CHANGED, NAME, fact=fact),)


def _as_listed(one: Checked, found: _Found, name: str, top: _Found) -> Checked:
    """It, and whether it is the edition that the page above lists there, made of the same tips."""
    from newsrepo.editions.differences import Difference, Way

    if found.manifest.filter != name:
        fact = f"it is of {found.manifest.filter or 'several editions'}, and is listed as {name}"
    elif (found.manifest.sources, found.manifest.today) != (top.manifest.sources, top.manifest.today):
        fact = "it was not made from the same tips, on the same day, as the page that lists it"
    else:
        return one
    wrong = Difference(Way.CHANGED, NAME, fact=fact)
    return one._replace(verdict=Verdict.DIFFERS, differences=(wrong, *one.differences))
