"""``demo``: a small living network made of the sample commons, with all that goes on between contingents.

Every repository stands under one folder and is reached by its path. The same sample gives the same commits.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

import newsrepo
from newsrepo import records
from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.craft import Commit, bare, clone, craft
from newsrepo.gitstore.files import read_plain
from newsrepo.gitstore.repository import Repository
from newsrepo.gitstore.snapshot import RECORD_ROOTS
from newsrepo.ids import Kind
from newsrepo.porcelain.genesis import genesis
from newsrepo.porcelain.sync import sync
from newsrepo.porcelain.workspace import CONTINGENT_KEY, GENESIS_KEY, Workspace
from newsrepo.records import types as t
from newsrepo.tally.evidence import Signed
from newsrepo.tally.files import Files as StatementFiles
from newsrepo.tally.origins import find_genesis, frozen_rolls

HOSTED = ("distaff", "tally")
BRANCHES = ("jisr", "lamp")
FORKS = ("commonpress", "exchange")
NEWCOMER = "wharf"

DROPPED = "articles/commonpress/2025/little-red-songbook/"
CARRIED = "articles/lamp/2025/dock-strike-1889/index.md"
REQUESTED = "articles/tally/2025/matchwomen-count/index.md"

_DAY = 86400
_START = 1_751_328_000
"""2025-07-01: when the sample's contingents found their commons."""
_NOW = 1_795_132_800
"""2026-11-20: when they last published."""

_CHARTER, _ROLL = "newsrepo.yaml", "statements/roll.yaml"

Files = dict[str, bytes]


class Repo(msgspec.Struct, frozen=True):
    """One repository of the network: where, and what it is there for."""

    path: str
    what: str


class Network(msgspec.Struct, frozen=True):
    """What was made, and what to try, in this order, in the clone ``reader``."""

    root: str
    repositories: tuple[Repo, ...]
    reader: str
    commands: tuple[str, ...]


def find_sample() -> Path:
    """Where the sample commons lies: inside the installed package, or beside it in a checkout."""
    package = Path(newsrepo.__file__).parent
    for folder in (package / "_sample", package.parent):
        if (folder / "newsrepo.yaml").is_file():
            return folder
    raise UnableError("the sample's files are missing", "install newsrepo again")


def read_sample(folder: Path) -> Files:
    """Every file of the sample by path."""
    found: Files = {}
    for root in RECORD_ROOTS:
        if (folder / root).is_file():
            found[root] = read_plain(folder / root)
        for where, _, names in os.walk(folder / root):
            for name in names:
                path = Path(where) / name
                found[path.relative_to(folder).as_posix()] = read_plain(path)
    return dict(sorted(found.items()))


def demo(folder: Path) -> Network:
    """Make the network in a new folder. Raises UsageError where something stands already."""
    root = Path(os.path.abspath(folder))
    if os.path.lexists(root) and not (root.is_dir() and not any(root.iterdir())):
        raise UsageError(f"{str(folder)!r} is there already", "name a folder that does not exist yet")
    plot = _Plot(read_sample(find_sample()), root)
    for name, refs in plot.published.items():
        bare(root / f"{name}.git", plot.commits, refs)
    main = plot.published["commons"]
    exchange = plot.published["exchange"]
    clones = root / "clones"
    for where, refs, branch, origin, who in (
        ("reader", main, "main", "commons", ""),
        ("lamp", main, "lamp", "commons", "lamp"),
        ("exchange", exchange, "main", "exchange", "exchange"),
        ("pull-1", {**main, "refs/heads/pull-1": plot.pull}, "pull-1", "commons", ""),
    ):
        clone(clones / where, plot.commits, refs, branch=branch, origin=str(root / f"{origin}.git"))
        repository = Repository.discover(clones / where)
        repository.set_config(GENESIS_KEY, plot.genesis)
        if who:
            repository.set_config(CONTINGENT_KEY, who)
    _sync(clones / "reader")
    craft(root / "commonpress.git", plot.commits, {"refs/heads/main": plot.rewritten})
    return Network(
        str(root),
        (
            Repo(
                "commons.git",
                "the commons: its main branch hosts distaff and tally; lamp and jisr keep branches",
            ),
            Repo("exchange.git", "a fork, home of exchange; its copy of an article by lamp was edited"),
            Repo(
                "commonpress.git",
                "a fork, home of commonpress; its history was rewritten after the first sync",
            ),
            Repo("clones/reader", "a reader's clone of the commons, synced once"),
            Repo("clones/lamp", "where lamp writes, on its branch"),
            Repo("clones/exchange", "where exchange writes"),
            Repo("clones/pull-1", "a stranger's pull request, checked out: it edits what is not theirs"),
        ),
        str(clones / "reader"),
        (
            "newsrepo sync --allow-local",
            "newsrepo contingents",
            "newsrepo audit",
            "newsrepo versions lamp/2025/matchwomen-1888",
            "newsrepo -C ../pull-1 check --since origin/main --author wharf-reader",
        ),
    )


class _Plot:
    """The commits of the whole network, and which of them each repository publishes."""

    def __init__(self, sample: Files, root: Path) -> None:
        self.commits: list[Commit] = []
        homes = {c: (f"{root}/{c}.git", "main") for c in FORKS}
        homes |= {c: (f"{root}/commons.git", c) for c in BRANCHES}
        homes |= dict.fromkeys(HOSTED, (f"{root}/commons.git", "main"))
        self.genesis, first = _beginning(sample)
        shared = _shared(sample, homes) | {_ROLL: first}
        own = {c: _owned(sample, c) for c in homes}
        earlier = _earlier(sample)

        start = self._add("Found the commons", "Ink and Bread", _START, shared, None)
        hosted: Files = {_ROLL: sample[_ROLL]}
        for c in HOSTED:
            hosted |= own[c]
        main = self._add("What distaff and tally publish", "Ink and Bread", _NOW - 9 * _DAY, hosted, start)

        heads = {}
        for day, c in enumerate((*BRANCHES, "exchange")):
            before = {path: earlier.get(path, data) for path, data in own[c].items()}
            changed = {path: data for path, data in own[c].items() if before[path] != data}
            heads[c] = self._add(f"What {c} publishes", c, _NOW - (8 - day) * _DAY, before, main)
            if changed:
                heads[c] = self._add("Revised", c, _NOW - (4 - day) * _DAY, changed, heads[c])
        edited = own["lamp"][CARRIED].replace(b"The company said no.", b"The company asked for time.")
        carried = self._add(
            "A copy to quote from", "exchange", _NOW - _DAY, {CARRIED: edited}, heads["exchange"]
        )

        whole = self._add(
            "What commonpress publishes", "commonpress", _NOW - 3 * _DAY, own["commonpress"], main
        )
        fewer = {p: d for p, d in own["commonpress"].items() if not p.startswith(DROPPED)}
        self.rewritten = self._add("What commonpress publishes", "commonpress", _NOW - 2 * _DAY, fewer, main)
        self.pull = self._add("Put the figures right", NEWCOMER, _NOW - _DAY // 2, _request(sample), main)

        refs = {f"refs/heads/{c}": heads[c] for c in BRANCHES}
        self.published: Mapping[str, Mapping[str, int]] = {
            "commons": {"refs/heads/main": main, **refs, "refs/pull/1/head": self.pull},
            "exchange": {"refs/heads/main": carried},
            "commonpress": {"refs/heads/main": whole},
        }

    def _add(self, message: str, author: str, when: int, files: Files, parent: int | None) -> int:
        name = author if author == "Ink and Bread" else f"{author} desk"
        email = f"{'commons' if author == 'Ink and Bread' else author}@example.org"
        self.commits.append(Commit(message, name, email, when, files, parent))
        return len(self.commits) - 1


def _beginning(sample: Files) -> tuple[str, bytes]:
    """The genesis that the sample's votes name, and the roll of that time, which a vote has changed since."""
    charter, roll = sample[_CHARTER], sample[_ROLL]
    openings = tuple(Signed(data, None) for path, data in sample.items() if path.endswith("/opening.yaml"))
    rolls = [roll, *frozen_rolls([StatementFiles("", openings)])]
    for opening in openings:
        record = records.parse(Kind.OPENING, opening.data or b"", "").record
        found = find_genesis(record.commons, [charter], rolls) if isinstance(record, t.Opening) else None
        if found is not None:
            return genesis(*found), found[1]
    return genesis(charter, roll), roll


def _shared(sample: Files, homes: Mapping[str, tuple[str, str]]) -> Files:
    """Charter, roll and the address book, in which each home is one of the demo's repositories."""
    found = {path: sample[path] for path in (_CHARTER, _ROLL)}
    for contingent, (home, branch) in sorted(homes.items()):
        path = f"contingents/{contingent}.yaml"
        record = records.parse(Kind.CONTINGENT, sample[path], path).record
        if not isinstance(record, t.Contingent):
            raise UnableError(f"{path} of the sample cannot be read", "install newsrepo again")
        found[path] = records.write(replace(record, home=home, branch=branch))
    return found


def _owned(sample: Files, contingent: str) -> Files:
    found = {}
    for path, data in sample.items():
        place = records.place(path)
        if (
            isinstance(place, records.Place)
            and place.owner == contingent
            and place.kind is not Kind.CONTINGENT
        ):
            found[path] = data
    return found


def _earlier(sample: Files) -> Files:
    """The first text of each article that was revised since, as others keep it beside their own."""
    found: Files = {}
    for path, data in sample.items():
        if not path.endswith("/index.md"):
            continue
        record = records.parse(Kind.ARTICLE, data, path).record
        for source in record.based_on if isinstance(record, t.Article) else ():
            original = f"articles/{source.article}/index.md"
            kept = path.replace("index.md", f"sources/{source.version}.md")
            if original in sample and kept in sample and records.blob_id(sample[original]) != source.version:
                found.setdefault(original, sample[kept])
    return found


def _request(sample: Files) -> Files:
    """What the stranger's pull request holds: a newcomer, their comment, and an edit of another's work."""
    line = b"It does not need to be doubled."
    text = sample[REQUESTED]
    about = records.blob_id(text)
    newcomer = t.Contingent(
        name="Wharf Readers",
        about="A reading circle that meets where the ships used to. New here; we have a question.",
        lang="en",
        promises=(t.Promise.CREDIT,),
    )
    comment = (
        f"---\non: tally/2025/matchwomen-count\nversion: {about}\ndate: 2026-11-19\nauthors:\n"
        "  - Wharf Readers\nlang: en\nkind: question\n---\n\n"
        "You give 666 members for that October. Is that the union's own return, or the registrar's?\n"
    )
    return {
        REQUESTED: text.replace(line, b"It may well have been larger."),
        f"contingents/{NEWCOMER}.yaml": records.write(newcomer),
        f"comments/{NEWCOMER}/2026/whose-count.md": comment.encode(),
    }


def _sync(folder: Path) -> None:
    """Let the reader see every home once, as it was before one of them was rewritten."""
    with Repository.discover(folder) as repository:
        sync(Workspace(repository), now=datetime.fromtimestamp(_NOW, UTC), local=True)
