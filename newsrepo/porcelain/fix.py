"""``check --fix``: write what can be written without deciding anything for anybody, and say what was done.

Mended are faults of form in files of the clone's own contingent, and texts that its works cite are copied
beside them where this clone has them. Nobody else's file is touched, nothing is committed, and a second run
finds nothing to do.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext

import msgspec

from newsrepo.commons.model import Work
from newsrepo.credit import Texts
from newsrepo.credit.dropped import lacking
from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import Lock, read_plain
from newsrepo.ids import ContingentId, Kind, Oid
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.check import Checked
from newsrepo.porcelain.cited import Versions
from newsrepo.porcelain.workspace import Workspace, write_files
from newsrepo.records import Place, blob_id, parse, place
from newsrepo.records.mending import MENDS, Done, mend
from newsrepo.records.text import MAX_TEXT

KEPT = frozenset(["dropped-credit", "unkept-source"])
"""The rules that a copy of a cited text satisfies."""

MENDABLE = KEPT | MENDS.keys()

_ROUNDS = 10
"""How often what came to light by mending is looked at. Each round mends something, or is the last."""


class Wrote(msgspec.Struct, frozen=True):
    """A file before and after; ``old`` is None for a new one. ``done`` says what was done to it."""

    path: str
    old: bytes | None
    new: bytes
    done: tuple[Done, ...]


class Left(msgspec.Struct, frozen=True):
    """A finding in a file of ours that a mend exists for, and why it was not made."""

    finding: Finding
    why: str


class Fixed(msgspec.Struct, frozen=True):
    """What was written, or with ``dry`` would be; what was left, and what is for others to mend."""

    written: tuple[Wrote, ...]
    left: tuple[Left, ...]
    theirs: tuple[Finding, ...]
    dry: bool

    def diff(self) -> Iterator[str]:
        """The changes as a unified diff, a line at a time, as the files hold them."""
        from difflib import unified_diff

        for wrote in self.written:
            old = "/dev/null" if wrote.old is None else f"a/{wrote.path}"
            for line in unified_diff(_lines(wrote.old or b""), _lines(wrote.new), old, f"b/{wrote.path}"):
                yield line.removesuffix("\n")
                if not line.endswith("\n"):
                    yield "\\ No newline at end of file"


def _lines(data: bytes) -> list[str]:
    """The lines of a file with their ends; nothing but LF ends one, so that all that is odd shows."""
    *whole, last = data.decode("utf-8", "replace").split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def fix(work: Workspace, checked: Checked, *, dry: bool) -> Fixed:
    """Mend of ``checked`` what is safe to mend, in the working tree; with ``dry`` only say what it would be.

    Raises UsageError when another ref or the staging area was checked, or nothing says whose clone this is,
    and LockedError while something else writes here. Each file is written whole or not at all.
    """
    if checked.source:
        raise UsageError(
            f"--fix mends the working tree, and {checked.source!r} was checked",
            "leave out --at and --staged",
        )
    owner = work.contingent()
    with nullcontext() if dry else Lock(work.repository.state_dir / "write.lock"):
        mending = _Mending(work, owner)
        fixed = mending.run(checked.findings, dry=dry)
        if not dry:
            mending.write(fixed.written)
    return fixed


class _Mending:
    """One run: the files as they would be so far, and what was said of them."""

    def __init__(self, work: Workspace, owner: ContingentId) -> None:
        self._work = work
        self._owner = owner
        self._base = work.snapshot()
        self._view = work.commons(self._base)
        self._old: dict[str, Oid] = {entry.path: entry.oid for entry in self._base.entries}
        self._new: dict[str, bytes] = {}
        self._done: dict[str, list[Done]] = {}
        self._left: dict[tuple[str, str], Left] = {}
        self._touched: set[str] = set()

    def run(self, findings: Iterable[Finding], *, dry: bool) -> Fixed:
        """Mend round by round: a file that can be read again may show what else it lacks."""
        asked = [f for f in findings if f.rule in MENDABLE and f.severity is not Severity.NOTE]
        ours = [f for f in asked if self._is_ours(f)]
        for _ in range(_ROUNDS):
            self._touched.clear()
            self._round(ours)
            if not self._touched:
                break
            ours = [f for f in self._look_again() if f.rule in MENDABLE and self._is_ours(f)]
        return Fixed(
            tuple(self._wrote(path) for path in sorted(self._new)),
            tuple(self._left[key] for key in sorted(self._left) if not self._is_done(*key)),
            tuple(f for f in asked if not self._is_ours(f)),
            dry,
        )

    def write(self, written: Iterable[Wrote]) -> None:
        """Put the files in place. Raises UnableError when one was changed while we were thinking."""
        new, old = {}, {}
        for wrote in written:
            if wrote.old is None:
                new[wrote.path] = wrote.new
            elif read_plain(self._work.root / wrote.path) == wrote.old:
                old[wrote.path] = wrote.new
            else:
                raise UnableError(f"{wrote.path!r} changed meanwhile", "nothing was written; run it again")
        write_files(self._work.root, new)
        write_files(self._work.root, old, new=False)

    def _is_ours(self, finding: Finding) -> bool:
        found = place(finding.location.path)
        return not finding.location.source and isinstance(found, Place) and found.owner == self._owner

    def _look_again(self) -> tuple[Finding, ...]:
        """What is found now in what was mended, and in the articles that it belongs to."""
        from newsrepo import checks
        from newsrepo.gitstore.overlay import OverlaySnapshot

        algorithm = self._work.repository.algorithm
        self._view = self._work.commons(OverlaySnapshot(self._base, self._new, algorithm))
        return checks.run(self._view, sorted({path.partition("/sources/")[0] for path in self._touched}))

    def _round(self, findings: Iterable[Finding]) -> None:
        by_path: dict[str, dict[str, Finding]] = {}
        for finding in findings:
            by_path.setdefault(finding.location.path, {}).setdefault(finding.rule, finding)
        for path, asked in sorted(by_path.items()):
            if asked.keys() & MENDS.keys():
                self._in_place(path, asked)
            if asked.keys() & KEPT:
                self._beside(path, asked)

    def _in_place(self, path: str, asked: Mapping[str, Finding]) -> None:
        """Edits within one file."""
        file = self._view.files.get(path)
        if file is None:
            return
        bound = self._bound(file.place)
        if bound:
            for rule in asked.keys() & MENDS.keys():
                self._leave(asked[rule], bound)
            return
        ((_, data),) = self._view.texts([file.oid])
        made = mend(file.place.kind, data, path, asked.keys(), self._hashes(file.place, asked))
        for refused in made.refused:
            self._leave(asked[refused.rule], refused.why)
        if made.done:
            self._put(path, made.data, made.done)

    def _bound(self, this: Place) -> str:
        """Why the bytes of a file must stay as they are, odd or not; empty when they need not."""
        path, files = this.path, self._view.files
        if f"{path}.sig" in files:
            return "its exact bytes are signed"
        folder = path.rpartition("/")[0]
        if this.kind is Kind.STATEMENT and f"{folder}/opening.yaml" in files:
            return "the vote on it is open, and binds its exact text"
        if this.kind is Kind.CHALLENGE and any(other.startswith(f"{folder}/answers/") for other in files):
            return "it has been answered, and answers bind its exact text"
        return ""

    def _hashes(self, this: Place, asked: Mapping[str, Finding]) -> dict[str, str]:
        """The SHA-256 of the media beside an article, of those that are what their name says."""
        if this.kind is not Kind.ARTICLE or "media-hash" not in asked:
            return {}
        folder = this.path.rpartition("/")[0]
        beside = [p for p, f in self._view.files.items() if f.place.kind is Kind.MEDIA and _in(p, folder)]
        return {
            path.rpartition("/")[2]: facts.sha256
            for path, facts, faults in self._view.look_at(beside)
            if facts is not None and not faults
        }

    def _beside(self, path: str, asked: Mapping[str, Finding]) -> None:
        """Copies of cited texts, put beside the article that cites them."""
        work = next((w for w in self._view.works.values() if w.path == path), None)
        if work is None:
            return
        if "unkept-source" in asked:
            for source in work.based_on:
                if not self._keep(work, Oid(source.version), "unkept-source"):
                    self._leave(asked["unkept-source"], f"the text of {source.article} is not at hand")
        if "dropped-credit" in asked:
            kept = self._kept()
            texts = Texts(self._view.works, frozenset().union(*kept.values()), self._view.texts)
            for version in lacking(work, texts, kept.get(work.id, frozenset())):
                self._keep(work, version, "dropped-credit")

    def _kept(self) -> dict[str, set[Oid]]:
        """The kept sources by article."""
        found: dict[str, set[Oid]] = {}
        for file in self._view.files.values():
            if file.place.kind is Kind.SOURCE:
                found.setdefault(file.place.id.rpartition("/")[0], set()).add(file.oid)
        return found

    def _keep(self, work: Work, version: Oid, why: str) -> bool:
        """Keep a text beside a work, if it is at hand, is an article, and is the one that its id names."""
        path = f"{work.path.rpartition('/')[0]}/sources/{version}.md"
        if path in self._view.files or path in self._new:
            return True
        data = Versions(self._work, self._view, work.id).read(version)
        if data is None or blob_id(data, len(version)) != version:
            return False
        if parse(Kind.ARTICLE, data, path).record is None:
            return False
        self._put(path, data, (Done(why, "kept a copy of the text that is cited"),))
        return True

    def _put(self, path: str, data: bytes, done: Iterable[Done]) -> None:
        self._new[path] = data
        self._done.setdefault(path, []).extend(done)
        self._touched.add(path)

    def _leave(self, finding: Finding, why: str) -> None:
        self._left.setdefault((finding.location.path, finding.rule), Left(finding, why))

    def _is_done(self, path: str, rule: str) -> bool:
        """Whether a later round could do what an earlier one could not."""
        return any(done.rule == rule for done in self._done.get(path, ()))

    def _wrote(self, path: str) -> Wrote:
        old = None
        if path in self._old:
            (blob,) = self._base.read([self._old[path]], MAX_TEXT)
            old = blob.data
        return Wrote(path, old, self._new[path], tuple(self._done[path]))


def _in(path: str, folder: str) -> bool:
    return path.rpartition("/")[0] == folder
