"""``submit``: check one's own changes, commit them alone on a branch, push it, say where to ask for it."""

import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.errors import UsageError
from newsrepo.gitstore.addresses import AddressError, check_branch, parse_address, shown
from newsrepo.gitstore.files import Lock
from newsrepo.gitstore.snapshot import Snapshot
from newsrepo.ids import Kind, Oid
from newsrepo.location import Finding
from newsrepo.porcelain import requests
from newsrepo.porcelain.changes import compare
from newsrepo.porcelain.check import Checked
from newsrepo.porcelain.forge import Forge
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records.paths import place

_MAIN = ("main", "master", "trunk")
_SECONDS = 300.0
_NOUNS = {
    Kind.ARTICLE: "article",
    Kind.COMMENT: "comment",
    Kind.RATINGS: "month of ratings",
    Kind.FILTER: "filter",
    Kind.CHALLENGE: "challenge",
    Kind.ANSWER: "answer",
    Kind.CONTINGENT: "contingent",
}
_PLURAL = {noun: f"{noun}s" for noun in _NOUNS.values()} | {"month of ratings": "months of ratings"}


class Submitted(Struct, frozen=True):
    """What was submitted, or with ``dry`` would be.

    ``files`` are the paths committed (none where all of them were committed before), ``left`` counts the
    changed records of others that were let alone. ``checked`` is what ``check`` says of the files; where it
    says no nothing was done. ``address`` opens the request on the forge, ``request`` is the text to mail
    where there is no forge.
    """

    checked: Checked | None
    files: tuple[str, ...]
    left: int
    branch: str
    commit: Oid | None
    remote: str
    pushed: bool
    forge: Forge | None
    address: str
    request: str
    dry: bool

    @property
    def sound(self) -> bool:
        return self.checked is None or self.checked.sound


class _Remote(Struct, frozen=True):
    """Where the branch goes, and what it is asked into."""

    url: str
    upstream: str
    base: str


def submit(
    work: Workspace,
    *,
    message: str = "",
    branch: str = "",
    remote: str = "origin",
    push: bool = True,
    dry: bool = False,
    now: datetime,
) -> Submitted:
    """Commit what this clone's contingent changed under its own paths, drafts that are new among it.

    Nothing is committed while ``check`` finds an error in these files. They are committed on the branch that
    is checked out, or on a new one where that is the branch everybody starts from; other changes, staged or
    not, stay as they are. With ``push`` there must be the ``remote`` that ``deliver`` pushes to.
    Raises UsageError where there is nothing to submit.
    """
    from newsrepo.gitstore import committing

    owner = work.writer()
    repository = work.repository
    committing.refuse_underway(repository)
    snapshot = work.snapshot(alone=True)
    compared = compare(work, snapshot, "")
    mine = {c.path: c.now for c in compared.changes if c.owner == owner and c.place is not None}
    left = sum(c.path not in mine for c in compared.changes)
    where = _remote(work, remote) if push or repository.config(f"remote.{remote}.url") else None
    target = _branch(work, branch, where, message, mine)
    checked = _checked(work, snapshot, mine)
    text = message or _message(mine)
    if not mine and (not target or repository.branch != target):
        raise UsageError(
            f"nothing of {owner} differs from the last commit",
            f"{left} changed files are others'; they submit them" if left else "write something first",
        )
    head = repository.head()
    commit: Oid | None = None if mine else head
    well = checked is None or checked.sound
    if mine and well and not dry:
        by = committing.signer(repository)
        with Lock(repository.state_dir / "write.lock"):
            commit = committing.commit(repository, mine, target, text, by, int(now.timestamp()))
    forge, address = _asked(work, where, target)
    request = ""
    if where is not None and commit is not None and not address:
        since, files = (
            (head, mine) if mine else _since_parted(work, snapshot, f"{remote}/{where.base}", owner)
        )
        said = text if mine else message or _message(files)
        request = requests.request_text(since or "", shown(where.url), target, commit, said, files)
    return Submitted(
        checked=checked,
        files=tuple(sorted(mine)),
        left=left,
        branch=target,
        commit=commit,
        remote=shown(where.url) if where is not None else "",
        pushed=False,
        forge=forge,
        address=address,
        request=request,
        dry=dry,
    )


def deliver(
    work: Workspace, done: Submitted, remote: str, *, local: bool = False, ask: bool = False
) -> Submitted:
    """Push the branch that was committed to; ``local`` and ``ask`` as for ``gitstore.pushing``; raises so."""
    from newsrepo.gitstore.pushing import push

    if done.commit is None:
        return done
    url = _remote(work, remote).url
    push(work.repository, url, done.commit, done.branch, local=local, ask=ask, seconds=_SECONDS)
    return replace(done, pushed=True)


def _since_parted(
    work: Workspace, snapshot: Snapshot, base: str, owner: str
) -> tuple[Oid | None, Mapping[str, Oid | None]]:
    """What was committed before, for a request that names it: since when, and which of one's own files.

    That is since the branch parted from ``base``, which is a remote's branch as it was when last fetched;
    nothing where it was never fetched, or where the clone is too shallow to tell.
    """
    from newsrepo.gitstore.refs import read_refs

    repository = work.repository
    head = repository.head()
    there = read_refs(repository.common_dir, "refs/remotes/").get(f"refs/remotes/{base}")
    meeting = repository.merge_base(there, head) if there is not None and head is not None else None
    if meeting is None:
        return None, {}
    compared = compare(work, snapshot, meeting)
    mine = {c.path: c.now for c in compared.changes if c.owner == owner and c.place is not None}
    return meeting, mine


def _checked(work: Workspace, snapshot: Snapshot, paths: Collection[str]) -> Checked | None:
    """What ``check`` says of the change, as far as it is about these files."""
    if not paths:
        return None
    from newsrepo.porcelain.pull import check_change

    return check_change(work, snapshot, "", tuple(sorted(paths)))


def _remote(work: Workspace, name: str) -> _Remote:
    """Where a remote's branches go, and the repository that keeps the commons. Raises UsageError."""
    repository = work.repository
    url = repository.config(f"remote.{name}.pushurl") or repository.config(f"remote.{name}.url") or ""
    if not url:
        raise UsageError(
            f"there is no remote called {name!r}",
            "fork the commons on its forge and clone your fork, or say --no-push",
        )
    if not os.path.isabs(url):
        parse_address(url, local=True)
    charter = work.here.charter_or_none
    told = repository.config("remote.upstream.url") or (charter.home if charter is not None else "") or ""
    upstream = told if requests.spot(told) is not None else url
    return _Remote(url, upstream, repository.default_branch or "main")


def _branch(work: Workspace, given: str, where: _Remote | None, message: str, mine: Collection[str]) -> str:
    """The branch to commit on; empty where nothing is to be, and everybody's own branch is checked out.

    Raises UsageError for a name that is none, and for another branch that exists.
    """
    here = work.repository.branch
    if given:
        _check_name(given)
        if given != here and _exists(work, given):
            raise UsageError(
                f"the branch {given!r} exists, and is not the one checked out",
                f"go there first (`git switch {given}`), or give another name",
            )
        return given
    base = where.base if where is not None else work.repository.default_branch
    if here and here != base and here not in _MAIN:
        _check_name(here)
        return here
    if not mine:
        return ""
    name = f"{work.contingent()}/{_subject(message, mine)}"
    return next(n for n in _numbered(name) if not _exists(work, n))


def _check_name(name: str) -> None:
    try:
        check_branch(name)
    except AddressError as error:
        raise UsageError(f"--branch: {error.message}", error.hint) from None


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def _exists(work: Workspace, branch: str) -> bool:
    from newsrepo.gitstore.refs import read_refs

    return f"refs/heads/{branch}" in read_refs(work.repository.common_dir, "refs/heads/")


def _subject(message: str, mine: Collection[str]) -> str:
    """What a branch is called after: the message, else the first file's own name."""
    from newsrepo.porcelain.slugs import clip, slug_of

    if message:
        try:
            return clip(slug_of(message.splitlines()[0]), 60)
        except UsageError:  # no letters that a slug can hold
            pass
    first = place(min(mine))
    name = "" if isinstance(first, Finding) else first.id.rpartition("/")[2].rpartition(":")[2]
    return clip(name or "changes", 60)


def _message(mine: Mapping[str, Oid | None]) -> str:
    """A commit's message for changes that nobody described: what they are, counted."""
    found = [one for one in map(place, sorted(mine)) if not isinstance(one, Finding)]
    kinds = Counter(_NOUNS[one.kind] for one in found if one.kind in _NOUNS)
    said = ", ".join(f"{n} {noun if n == 1 else _PLURAL.get(noun, noun)}" for noun, n in kinds.items())
    return f"{'Submit' if any(mine.values()) else 'Remove'} {said or 'files'}"


def _asked(work: Workspace, where: _Remote | None, branch: str) -> tuple[Forge | None, str]:
    """The forge that the branch is on, and the page that asks for it; nothing where there is none."""
    if where is None:
        return None, ""
    there = requests.spot(where.upstream)
    if there is None:
        return None, ""
    names = {name for name in (".forgejo", ".gitlab-ci.yml", ".github") if (work.root / name).exists()}
    forge = requests.forge_of(there.host, names)
    if forge is None:
        return None, ""
    return forge, requests.address(forge, where.upstream, where.base, where.url, branch) or ""
