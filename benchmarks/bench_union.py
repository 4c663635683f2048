"""The union of many forks: from cold against git alone, and with nothing changed against starting up.

    python benchmarks/bench_union.py [--articles 10000] [--forks 100] [--rounds 5]

Each fork holds the whole commons and owns its share, in which one article differs from the reader's copy. The
reference lists what each fork owns with one ``git ls-tree -r`` a fork and runs one ``git cat-file --batch`` over
all of it into /dev/null. Ours checks names and owners, and has every blob in Python's hands. Beside that stands
what it costs until every file is parsed and kept in a fresh index, and in one that knows the reader's own clone.
CPU of all processes, medians of interleaved rounds; what a look at the reader's own clone costs is taken off.
"""

import argparse
import json
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus
from measure import Case, hello, memory_folder, ratio, rounds, show

from newsrepo.gitstore.ledger import Ledger, Seen, save
from newsrepo.ids import Oid
from newsrepo.porcelain.workspace import Workspace

BIN = Path(sysconfig.get_path("scripts"))
ROOTS = ("articles", "comments", "ratings", "filters", "challenges", "statements")


def git(where: Path, *args: str, data: bytes | None = None) -> str:
    done = subprocess.run(
        ["git", *args], cwd=where, check=True, env=corpus.GIT_ENV, input=data, stdout=subprocess.PIPE
    )
    return done.stdout.decode()


def make(base: Path, articles: int) -> Path:
    """A reader's clone with all of the commons, and a store with the tip of every other contingent's fork."""
    commons = base / "commons"
    made = corpus.write_commons(commons, articles)
    for contingent in corpus.CONTINGENTS:
        path = commons / f"contingents/{contingent}.yaml"
        path.write_text(path.read_text() + f"home: https://{contingent}.example/news\n")
    git(commons, "commit", "-qam", "Pins")
    git(commons, "config", "newsrepo.contingent", corpus.CONTINGENTS[0])
    state = commons / ".git/newsrepo"
    state.mkdir()
    store = state / "homes.git"
    git(base, "init", "-q", "--bare", "--template=", str(store))
    git(store, "fetch", "-q", str(commons), "HEAD:refs/newsrepo/own")
    base_commit = git(commons, "rev-parse", "HEAD").strip()
    lines = []
    for contingent in corpus.CONTINGENTS[1:]:
        piece = next(p for p in made if p.id.startswith(f"{contingent}/"))
        text = piece.markdown().decode() + f"\nRevised by {contingent}.\n"
        lines.append(
            f"commit refs/newsrepo/homes/{contingent}\ncommitter Bench <bench@example.org> 1795000000 +0000\n"
            f"data 1\nx\nfrom {base_commit}\nM 100644 inline articles/{piece.id}/index.md\n"
            f"data {len(text.encode())}\n{text}\n"
        )
    git(store, "fast-import", "--quiet", data="".join(lines).encode())
    git(store, "repack", "-adq")
    homes = {}
    rows = git(
        store, "for-each-ref", "--format=%(refname:lstrip=3) %(objectname) %(tree)", "refs/newsrepo/homes"
    )
    pins = dict(
        reversed(row.split("\t"))
        for row in git(
            commons, "ls-tree", "HEAD", "contingents/", "--format=%(objectname)%x09%(path)"
        ).splitlines()
    )
    for row in rows.splitlines():
        who, commit, tree = row.split(" ")
        pin = Oid(pins[f"contingents/{who}.yaml"])
        homes[who] = Seen(
            url=f"https://{who}.example/news", branch="", accepted=(pin,), pinned=pin,
            commit=Oid(commit), tree=Oid(tree), committed=1795000000,
        )  # fmt: skip
    save(state / "homes.json", Ledger(homes))
    return commons


def reference(commons: Path) -> None:
    """List what each home owns and read it, with git alone."""
    store = commons / ".git/newsrepo/homes.git"
    homes = json.loads((commons / ".git/newsrepo/homes.json").read_text())["homes"]
    ids = commons.parent / "ids"
    with ids.open("wb") as out:
        for who, seen in homes.items():
            paths = [f"{root}/{who}" for root in ROOTS] + [f"contingents/{who}.yaml"]
            subprocess.run(
                ["git", "ls-tree", "-r", "--format=%(objectname)", seen["tree"], "--", *paths],
                cwd=store, env=corpus.GIT_ENV, check=True, stdout=out,
            )  # fmt: skip
    with ids.open("rb") as given:
        subprocess.run(
            ["git", "cat-file", "--batch", "--buffer"],
            cwd=store, env=corpus.GIT_ENV, check=True, stdin=given, stdout=subprocess.DEVNULL,
        )  # fmt: skip


def forget(commons: Path) -> None:
    """Leave nothing of what was remembered but what was fetched."""
    for path in (commons / ".git/newsrepo").iterdir():
        if not path.name.startswith("homes"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def read(commons: Path) -> None:
    """Every blob of every home, by owner."""
    union = Workspace.discover(commons).snapshot()
    oids = [entry.oid for listing in union.listed(union.homes) for entry in listing.entries]
    assert sum(blob.data is not None for blob in union._blobs.read(oids)) == len(oids)  # noqa: SLF001 - the reading alone is measured
    assert len(oids) > 100


def whole(commons: Path) -> None:
    """All of the union, parsed."""
    view = Workspace.discover(commons).here
    assert len({work.source for work in view.works.values()}) == len(view.homes) + 1


def unchanged(commons: Path) -> None:
    """The union as it was: what it is made of, and from which tips."""
    view = Workspace.discover(commons).here
    assert view.source_of("newsrepo.yaml") == ""
    assert view.tip_of(view.homes[0].owner) == view.homes[0].tip


def nothing(commons: Path) -> None:
    """What this script itself costs, which is not git's."""


def start(commons: Path) -> None:
    """What a reader of the own clone alone pays: loading all of ours, and one look at the working tree."""
    import newsrepo.commons
    import newsrepo.gitstore.homestore
    import newsrepo.porcelain.together  # noqa: F401 - loaded is all

    assert Workspace.discover(commons).snapshot(alone=True).key


def alone(commons: Path) -> None:
    """The reader's own clone, parsed."""
    work = Workspace.discover(commons)
    assert work.commons(work.snapshot(alone=True)).works


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--forks", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--child", choices=["reference", "read", "whole", "unchanged", "start", "nothing"])
    parser.add_argument("--commons", type=Path)
    options = parser.parse_args()
    if options.child:
        globals()[options.child](options.commons)
        return
    corpus.CONTINGENTS = [f"c{n:03}" for n in range(options.forks + 1)]
    base = memory_folder() / "newsrepo-bench-union"
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir()
    try:
        print(f"making {options.articles} articles and {options.forks} forks", file=sys.stderr)
        measure(make(base, options.articles), options.rounds)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def measure(commons: Path, count: int) -> None:
    """Time each in turn. Where git alone is compared, what the own clone alone costs is taken off."""

    def child(name: str, *before: Callable[[Path], None], called: str = "", kept: bool = False) -> Case:
        def prepare() -> None:
            if not kept:
                forget(commons)
            for step in before:
                step(commons)

        command = [sys.executable, __file__, "--child", name, "--commons", str(commons)]
        return Case(called or name, command, commons, before=prepare)

    def verb(name: str, *args: str) -> Case:
        return Case(f"{name}, nothing changed", [str(BIN / "newsrepo"), name, *args], commons)

    empty = child("nothing")
    plain, bare, blobs = child("start", alone), child("reference"), child("read", alone)
    cold, known = child("whole"), child("whole", alone, called="whole, own clone known")
    works = Workspace.discover(commons).here.works
    wanted = next(work.id for work in works.values() if work.source)
    one_git = Case("one git call", ["git", "config", "--get", "newsrepo.contingent"], commons)
    typer = hello(commons.parent)
    again = child("unchanged", called="union, nothing changed", kept=True)
    verbs = [verb("show", wanted), verb("find", "--limit", "5"), verb("build", "c000/all")]
    first, second = [empty, plain, bare, blobs, cold, known], [one_git, typer, again, *verbs]
    rounds(first, count)
    for case in verbs * 2:
        subprocess.run(case.command, cwd=commons, check=True, capture_output=True)
    rounds(second, count)
    show([*first, *second])
    for case in (blobs, known, cold):
        ratio(f"{case.name} / git alone", case.cpu - plain.cpu, bare.cpu - empty.cpu, 1.5)
    for case in (again, *verbs):
        ratio(
            f"{case.name} / (1.5 typer hello-world + one git call)",
            case.cpu,
            1.5 * typer.cpu + one_git.cpu,
            1,
        )


if __name__ == "__main__":
    main()
