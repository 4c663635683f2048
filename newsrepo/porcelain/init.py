"""``init``: a new commons, valid and buildable from its first minute, with its genesis pinned."""

import os
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from newsrepo import records
from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import read_plain
from newsrepo.gitstore.repository import Repository
from newsrepo.ids import Kind, contingent_id
from newsrepo.porcelain.forge import Forge, accounts, forge_files, write_missing
from newsrepo.porcelain.genesis import genesis
from newsrepo.porcelain.workspace import CONTINGENT_KEY, GENESIS_KEY, Workspace, refuse_existing, write_files
from newsrepo.records import types as t
from newsrepo.records.scalars import Pull, Ratio, Weight

ATTRIBUTES = """\
* text=auto eol=lf
*.md text eol=lf
*.yaml text eol=lf
*.sig -text
*.png binary
*.jpg binary
*.jpeg binary
*.webp binary
*.gif binary
"""
IGNORE = "/site/\n"

AXES = {
    "newsworthy": t.Axis(
        title="Newsworthy",
        min=0,
        max=5,
        neutral=2,
        low="Nobody outside the room needs to know.",
        high="Everybody concerned should read this today.",
    ),
    "accurate": t.Axis(
        title="Accurate",
        min=0,
        max=5,
        neutral=2,
        low="Wrong in what matters.",
        high="Every claim checked against its source.",
    ),
}
LICENSES = ("CC0-1.0",)
RULE = t.Rule(
    ratio=Ratio(2, 3),
    of=t.Base.CAST,
    compare=t.Compare.AT_LEAST,
    quorum=t.Quorum(ratio=Ratio(1, 2), compare=t.Compare.MORE_THAN),
)


class Started(msgspec.Struct, frozen=True):
    """What ``init`` made: its files, those of the user's it left alone, and the commons' identity.

    ``kept`` are those that differ from what would have been written.
    """

    root: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]
    genesis: str
    contingent: str
    new_repository: bool


def init(
    folder: Path,
    *,
    name: str,
    contingent: str,
    contingent_name: str,
    lang: str = "en",
    home: str = "",
    forges: Collection[Forge] = (),
    hosts: Sequence[str] = (),
    branch: str = "",
) -> Started:
    """Start a commons called ``name`` in ``folder``, with one contingent and what it ships for ``forges``.

    ``home`` is where its repository will be, for others to fetch it. ``hosts`` are the forge accounts that
    keep the commons, and the first contingent's writers. Makes the
    folder and a git repository where there is none, and overwrites nothing. Raises UsageError for values
    that the format refuses and where a commons already stands, UnableError where git or the disk will not.
    """
    contingent = contingent_id(contingent)
    files = first_files(name, contingent, contingent_name, lang, accounts(hosts), home)
    book = {contingent: t.Contingent(name=contingent_name, writers=accounts(hosts))}
    folder = Path(os.path.abspath(folder))
    existing = _repository(folder)
    branch = branch or (existing.branch if existing else "") or "main"
    extras = forge_files(forges, book, hosts, branch, contingent)
    refuse_existing(folder, files)
    if existing is None:
        folder.mkdir(parents=True, exist_ok=True)
    repository = existing or Repository.init(folder)
    extras |= {".gitattributes": ATTRIBUTES.encode(), ".gitignore": IGNORE.encode()}
    records_written = write_files(folder, files)
    beside = write_missing(folder, extras)
    written = tuple(sorted((*records_written, *beside.written)))
    identity = genesis(files["newsrepo.yaml"], files["statements/roll.yaml"])
    repository.set_config(GENESIS_KEY, identity)
    repository.set_config(CONTINGENT_KEY, contingent)
    return Started(folder, written, beside.different, identity, contingent, existing is None)


class Pinned(msgspec.Struct, frozen=True):
    """The identity now pinned in this clone, and the one pinned before (empty: none)."""

    genesis: str
    before: str


def pin(work: Workspace) -> Pinned:
    """Pin the genesis of the charter and roll that stand in the working tree.

    Where votes have changed these since, it is the genesis from which certified votes lead to them, as far as
    the records of these votes are at hand. Raises UnableError where either file is missing or has faults, and
    where several commons claim them.
    """
    data = []
    for path, kind in (("newsrepo.yaml", Kind.CHARTER), ("statements/roll.yaml", Kind.ROLL)):
        try:
            text = read_plain(work.root / path)
        except OSError as error:
            raise UnableError(
                f"cannot read {path}: {error.strerror}", "`newsrepo init` starts a new commons"
            ) from None
        faults = [f for f in records.parse(kind, text, path).findings if f.severity == "error"]
        if faults:
            raise UnableError(f"{faults[0].location}: {faults[0].message}", faults[0].hint)
        data.append(text)
    identity = _identity(work, *data)
    before = work.repository.config(GENESIS_KEY) or ""
    work.repository.set_config(GENESIS_KEY, identity)
    return Pinned(identity, before)


def _identity(work: Workspace, charter: bytes, roll: bytes) -> str:
    from newsrepo.porcelain.statements.epochs import beginnings
    from newsrepo.porcelain.statements.gathering import gather

    found = beginnings(gather(work), charter, roll)
    if len(found) > 1:
        raise UnableError(
            f"{len(found)} commons have come to this charter and roll: {', '.join(found)}",
            f"ask somebody you trust which is yours, and pin that: git config {GENESIS_KEY} HASH",
        )
    return found[0] if found else genesis(charter, roll)


def first_files(
    name: str,
    contingent: str,
    contingent_name: str,
    lang: str,
    writers: tuple[str, ...] = (),
    home: str = "",
) -> dict[str, bytes]:
    """The records of a new commons by path. Raises UsageError for values that the format refuses."""
    daily = t.Filter(
        title=f"{contingent_name} daily"[:200],
        about=f"What {contingent_name} writes, and what it finds newsworthy."[:2000],
        trust={contingent: Weight(1_000_000)},
        select=f"by:{contingent} OR newsworthy>=3",
        order={"newsworthy": Pull.parse("1"), "fade": Pull.parse("3d")},
        limit=40,
    )
    charter = t.Charter(name=name, home=home or None, lang=lang, licenses=LICENSES, axes=AXES, rule=RULE)
    made: dict[str, tuple[Kind, t.Record]] = {
        "newsrepo.yaml": (Kind.CHARTER, charter),
        "statements/roll.yaml": (Kind.ROLL, t.Roll(voters=())),
        f"contingents/{contingent}.yaml": (
            Kind.CONTINGENT,
            t.Contingent(
                name=contingent_name,
                lang=lang,
                writers=writers,
                promises=(t.Promise.CREDIT, t.Promise.ANSWERS),
            ),
        ),
        f"filters/{contingent}/daily.yaml": (Kind.FILTER, daily),
    }
    return {path: valid(kind, record, path) for path, (kind, record) in made.items()}


def valid(kind: Kind, record: t.Record, path: str) -> bytes:
    """The canonical bytes of a record that a reader would accept. Raises UsageError saying why not."""
    try:
        data = records.write(record)
    except UnicodeEncodeError as error:
        around = error.object[max(error.start - 20, 0) : error.end + 20]
        raise UsageError(f"not UTF-8: {around!r}", "give texts in UTF-8, as your terminal should") from None
    faults = [f for f in records.parse(kind, data, path).findings if f.severity == "error"]
    if faults:
        raise UsageError("; ".join(f.message for f in faults), faults[0].hint)
    return data


def _repository(folder: Path) -> Repository | None:
    """The repository whose root ``folder`` is; None where a new one is to be made."""
    if not folder.exists():
        probe = next(p for p in folder.parents if p.exists())
    else:
        probe = folder
        if not folder.is_dir():
            raise UsageError(f"{str(folder)!r} is not a folder")
    if not any(os.path.lexists(p / ".git") for p in (probe, *probe.parents)):
        return None
    try:
        repository = Repository.discover(probe)
    except UnableError:
        if os.path.lexists(folder / ".git"):
            raise
        return None
    if os.path.realpath(repository.root) != os.path.realpath(folder):
        raise UsageError(
            f"{str(folder)!r} lies inside the git repository {str(repository.root)!r}",
            "a commons stands at the root of its repository: choose another folder, or that root",
        )
    return repository
