"""Cases 27, 33, 99, 100 and 104-108: stores, locks, directories and programs that are not as they should be."""

import hashlib
import json
import os
import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from bad_input_desk import (
    GOOD,
    PROGRAM,
    Fifo,
    Grove,
    Link,
    clone_of,
    lay,
    more,
    newsrepo,
    pages,
    picture_of,
    spawn,
)
from hermetic import commit_all, put, run_git

from newsrepo.editions.journal import STAGE
from newsrepo.gitstore.files import Lock

ARTICLE = "articles/abc/2026/good/index.md"


def test_a_thousand_million_zeros(commons: Path) -> None:
    """Case 27: a huge picture in a fork is judged by its size alone; it is never held in memory.

    Sixty-four megabytes stand for a thousand: were they read whole, this would show as well.
    """
    grove = Grove(commons)
    zeros = run_git(
        commons, "-c", "core.bigFileThreshold=1m", "-c", "core.looseCompression=1",
        "hash-object", "-w", "--stdin", data=bytes(64 << 20),
    )  # fmt: skip
    fork = grove.graft("articles/abc/2026/good", ("100644", b"huge.jpg", zeros))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = newsrepo(commons, "check", "--json", "--at", fork)
    assert said.code == 1
    assert "media-too-large" in {f["rule"] for f in said.findings}
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 48 << 10, f"{grown} KiB more than before"


@pytest.mark.parametrize("harm", ["corrupt", "missing", "empty"])
@pytest.mark.parametrize("verb", [("check",), ("build", "abc/daily", "-o", "../out"), ("show", GOOD)])
def test_a_corrupted_object(commons: Path, harm: str, verb: tuple[str, ...], tmp_path: Path) -> None:
    """Case 33: exit 3 with the id of the object and what to do; nothing half made is left."""
    oid = run_git(commons, "rev-parse", f"HEAD:{ARTICLE}")
    target = commons / ".git/objects" / oid[:2] / oid[2:]
    data = target.read_bytes()
    target.chmod(0o644)
    if harm == "missing":
        target.unlink()
    else:
        target.write_bytes(b"" if harm == "empty" else data[:20] + b"\0" * 8 + data[28:])
    said = (
        newsrepo(commons, *verb, "--at", "main")
        if verb[0] != "show"
        else newsrepo(commons, "find", "--at", "main")
    )
    assert said.code == 3, said.out + said.err
    assert oid in said.err
    assert "hint:" in said.err
    assert not (tmp_path / "out/index.html").exists()


def test_a_missing_tree(commons: Path) -> None:
    oid = run_git(commons, "rev-parse", "HEAD:articles")
    (commons / ".git/objects" / oid[:2] / oid[2:]).unlink()
    said = newsrepo(commons, "check", "--at", "main")
    assert said.code == 3
    assert oid in said.err


def test_a_stale_lock_of_git(commons: Path, tmp_path: Path) -> None:
    """Case 99: we never write git's index, so that its lock neither stops us nor is touched."""
    lock = commons / ".git/index.lock"
    lock.write_bytes(b"")
    stamp = os.lstat(lock).st_mtime_ns
    for verb in (["check"], ["find"], ["build", "abc/daily", "-o", str(tmp_path / "out")], ["show", GOOD]):
        assert newsrepo(commons, *verb).code == 0
    assert newsrepo(commons, "check", "--staged").code == 0
    assert os.lstat(lock).st_mtime_ns == stamp


def test_a_second_build_at_once(commons: Path, tmp_path: Path) -> None:
    """Case 100: exit 75, naming the process that is at work; afterwards it goes."""
    out = tmp_path / "out"
    build = ("build", "abc/daily", "-o", str(out))
    assert newsrepo(commons, *build).code == 0
    (lock,) = (commons / ".git/newsrepo").rglob("editions/*.lock")
    before = pages(out)
    put(commons, {"articles/abc/2026/new/index.md": more("New")})
    with Lock(lock):
        said = newsrepo(commons, *build)
        assert said.code == 75
        assert f"process {os.getpid()}" in said.err
        assert "hint:" in said.err
        assert pages(out) == before
    assert newsrepo(commons, *build).code == 0


def test_a_second_writer_at_once(commons: Path) -> None:
    """Case 100 for verbs that write records."""
    lock = commons / ".git/newsrepo/write.lock"
    lock.parent.mkdir(exist_ok=True)
    before = picture_of(commons)
    with Lock(lock):
        said = newsrepo(commons, "rate", GOOD, "newsworthy=3", "--rater", "abc/ann")
        assert said.code == 75, said.err
        assert f"process {os.getpid()}" in said.err
    assert picture_of(commons) == before
    assert newsrepo(commons, "rate", GOOD, "newsworthy=3", "--rater", "abc/ann").code == 0


FOREIGN = {
    "the home directory": "../home",
    "the repository": ".",
    "its parent": "..",
    "git's folder": ".git",
    "git's objects": ".git/objects",
    "the records": "articles",
    "a folder among the records": "articles/abc/new",
    "a folder with other files": "../other",
    "a file": "../other/letter.txt",
    "the root": "/",
    "a link to a folder with other files": "../link",
}


@pytest.mark.parametrize("what", FOREIGN)
@pytest.mark.parametrize("every", [False, True])
def test_a_directory_that_is_not_ours(commons: Path, tmp_path: Path, what: str, every: bool) -> None:
    """Case 104: exit 2, and not a file is touched."""
    put(tmp_path, {"other/letter.txt": "Dear Bo", "home/diary.txt": "Dear me", "other/index.html": "mine"})
    (tmp_path / "link").symlink_to("other")
    before = picture_of(tmp_path)
    git = {p for p in (commons / ".git").rglob("*") if "newsrepo" not in p.parts}
    said = newsrepo(commons, "build", *(["--all"] if every else ["abc/daily"]), "-o", FOREIGN[what])
    assert said.code == 2, said.out + said.err
    assert "hint:" in said.err
    assert picture_of(tmp_path) == before
    assert {p for p in (commons / ".git").rglob("*") if "newsrepo" not in p.parts} == git


def test_not_a_repository(tmp_path: Path) -> None:
    """Case 105."""
    for verb in (["check"], ["find"], ["show", GOOD], ["build", "--all"]):
        said = newsrepo(tmp_path, *verb)
        assert (said.code, said.out) == (3, "")
        assert said.err.startswith("error: ")
        assert len(said.err.splitlines()) == 2


def test_a_bare_repository(commons: Path, tmp_path: Path) -> None:
    """Case 105."""
    run_git(tmp_path, "clone", "--quiet", "--bare", str(commons), "bare.git")
    for verb in (["check"], ["find"], ["show", GOOD], ["build", "--all"]):
        said = newsrepo(tmp_path / "bare.git", *verb)
        assert (said.code, said.out) == (3, "")
        assert "bare" in said.err
        assert len(said.err.splitlines()) == 2


def test_an_empty_repository(empty_repository: Path, tmp_path: Path) -> None:
    """Case 105: without a commit, and without a file."""
    root = clone_of(empty_repository, tmp_path / "repo")
    assert newsrepo(root, "check").code == 1  # there is no charter, and that is said
    assert "missing-charter" in newsrepo(root, "check").out
    assert newsrepo(root, "find").code == 1
    assert newsrepo(root, "show", GOOD).code == 2
    said = newsrepo(root, "build", "--all")
    assert said.code == 2
    assert "hint:" in said.err
    said = newsrepo(root, "check", "--at", "HEAD")
    assert said.code in {2, 3}
    assert said.err.startswith("error: ")
    assert newsrepo(root, "check", "--staged").code == 1


def test_a_detached_head(commons: Path, tmp_path: Path) -> None:
    """Case 105: nothing needs a branch."""
    run_git(commons, "checkout", "--quiet", "--detach")
    assert newsrepo(commons, "check").code == 0
    assert newsrepo(commons, "build", "abc/daily", "-o", str(tmp_path / "out")).code == 0


def test_a_shallow_clone(commons: Path, tmp_path: Path) -> None:
    """Case 105: what is cut off is told apart from what does not exist, and an edition says so."""
    version = run_git(commons, "rev-parse", f"HEAD:{ARTICLE}")
    put(commons, {ARTICLE: more("The strike ends, revised")})
    put(
        commons,
        {
            "ratings/abc/ann/2026-04.yaml": (
                f"ratings:\n  - {{article: {GOOD}, version: {version}, date: 2026-04-21, values: {{newsworthy: 3}}}}\n"
            )
        },
    )
    commit_all(commons)
    assert newsrepo(commons, "check").code == 0
    run_git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{commons}", "shallow")
    said = newsrepo(tmp_path / "shallow", "check", "--json")
    assert said.code == 0
    assert [f["rule"] for f in said.findings] == ["shallow-history"]
    assert newsrepo(tmp_path / "shallow", "build", "abc/daily", "-o", str(tmp_path / "out")).code == 0
    assert "shallow" in (tmp_path / "out/manifest.json").read_text()


def test_a_hostile_configuration(commons: Path, tmp_path: Path) -> None:
    """Case 106: not one program that a repository's own settings name is run by any verb."""
    marker, trap, hooks = tmp_path / "marker", tmp_path / "trap", tmp_path / "hooks"
    trap.write_text(f'#!/bin/sh\necho "$0 $*" >> {marker}\ncat\n')
    trap.chmod(0o755)
    hooks.mkdir()
    for hook in (
        "post-index-change",
        "post-checkout",
        "reference-transaction",
        "fsmonitor-watchman",
        "pre-commit",
    ):
        (hooks / hook).symlink_to(trap)
    lay(commons, {".gitattributes": "* filter=evil diff=evil\n"})
    for key in (
        "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass", "diff.external",
        "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "gpg.program",
        "credential.helper", "core.alternateRefsCommand", "uploadpack.packObjectsHook", "pager.log",
    ):  # fmt: skip
        run_git(commons, "config", key, str(trap))
    run_git(commons, "config", "core.hooksPath", str(hooks))
    run_git(commons, "config", "alias.ls-files", f"!{trap}")
    for verb in (
        ["check"], ["check", "--at", "main"], ["check", "--staged"], ["find", "strike"], ["show", GOOD],
        ["build", "--all", "-o", str(tmp_path / "out")], ["rate", GOOD, "newsworthy=3", "--rater", "abc/ann"],
        ["new", "article", "A new one", "--as", "abc", "--body", "-"],
    ):  # fmt: skip
        newsrepo(commons, *verb)
    assert (tmp_path / "out/index.html").exists()
    assert not marker.exists(), marker.read_text()


@pytest.mark.parametrize("version", [None, "git version 1.9.5", "git version 2.24.0", "something else", ""])
@pytest.mark.parametrize(
    "verb", [("check", "--at", "main"), ("build", "abc/daily", "--at", "main", "-o", "../out")]
)
def test_git_missing_or_too_old(
    commons: Path, tmp_path: Path, version: str | None, verb: tuple[str, ...]
) -> None:
    """Case 107: exit 3 and the version that is needed."""
    programs = tmp_path / "bin"
    programs.mkdir()
    if version is not None:
        (programs / "git").write_text(f"#!/bin/sh\necho '{version}'\n")
        (programs / "git").chmod(0o755)
    said = spawn(commons, *verb, PATH=str(programs))
    assert (said.code, said.out) == (3, "")
    assert "git" in said.err
    assert "hint:" in said.err
    assert "2." in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "verb", [("check",), ("check", "--json"), ("find",), ("find", "--json"), ("find", "--csv")]
)
def test_piped_to_head(with_files: Callable[..., Path], verb: tuple[str, ...]) -> None:
    """Case 108: a reader that has seen enough leaves no traceback and no word."""
    root = with_files(
        {f"articles/abc/2026/long-{n}/index.md": more("x" * 150, "[x](//y)") for n in range(450)}
    )
    with subprocess.Popen(
        [*PROGRAM, *verb], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read().decode()
        code = process.wait(timeout=30)
    assert "Traceback" not in err
    assert "Broken pipe" not in err
    assert code != 4
    assert code in {0, 1, 141}


def planted(out: Path, moves: list[tuple[str, str]], deletes: list[str], staged: dict[str, str]) -> None:
    """An edition's directory as a hostile branch may hold it: with a journal that an earlier run seems to have left."""
    body = msgspec.msgpack.encode({"moves": moves, "deletes": deletes})
    put(out, {f"{STAGE}/{name}": text for name, text in staged.items()})
    put(out, {f"{STAGE}/journal": hashlib.sha256(body).digest() + body})


@pytest.mark.parametrize(
    ("moves", "deletes"),
    [
        ([("0", "../../.git/hooks/post-commit")], []),
        ([("0", "x/../../../.git/hooks/post-commit")], []),
        ([("0", "{root}/.git/hooks/post-commit")], []),
        ([("../../../diary.txt", "index.html")], []),
        ([], ["../../../diary.txt"]),
        ([], ["{root}/../diary.txt"]),
        ([("0", "a\0b")], []),
        ([(1, 2)], [3]),
    ],
)
def test_a_planted_journal_reaches_nothing_outside(
    commons: Path, tmp_path: Path, moves: list[tuple[str, str]], deletes: list[str]
) -> None:
    """Cases 102 and 104: what seems to be left of a killed run may come from a fork; it is judged like one."""
    out, diary = commons / "site/abc", tmp_path / "diary.txt"
    diary.write_text("Dear me")
    hook = commons / ".git/hooks/post-commit"
    assert newsrepo(commons, "build", "abc/daily", "-o", str(out)).code == 0
    clean = pages(out)
    planted(
        out,
        [(a, b.format(root=commons) if isinstance(b, str) else b) for a, b in moves],
        [d.format(root=commons) if isinstance(d, str) else d for d in deletes],
        {"0": "#!/bin/sh\ntouch marker\n"},
    )
    assert newsrepo(commons, "build", "abc/daily", "-o", str(out), "--force").code == 0
    assert diary.read_text() == "Dear me"
    assert not hook.exists()
    assert pages(out) == clean


def test_a_stage_that_is_a_link(commons: Path, tmp_path: Path) -> None:
    """Case 104: a link in place of the stage is not followed."""
    out, home = tmp_path / "out", tmp_path / "elsewhere"
    put(home, {"diary.txt": "Dear me", "0": "mine", "journal": "mine"})
    assert newsrepo(commons, "build", "abc/daily", "-o", str(out)).code == 0
    clean, before = pages(out), picture_of(home)
    (out / STAGE).symlink_to(home)
    assert newsrepo(commons, "build", "abc/daily", "-o", str(out), "--force").code == 0
    assert picture_of(home) == before
    assert pages(out) == clean


def test_a_folder_of_an_edition_that_is_a_link(commons: Path, tmp_path: Path) -> None:
    """Case 104: a manifest from elsewhere lists files; none is deleted through a link."""
    out, home = tmp_path / "out", tmp_path / "elsewhere"
    put(home, {"diary.txt": "Dear me", "deep/diary.txt": "Dear me"})
    assert newsrepo(commons, "build", "abc/daily", "-o", str(out)).code == 0
    clean, before = pages(out), picture_of(home)
    (out / "mine").symlink_to(home)
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["files"] |= {"mine/diary.txt": "0" * 64, "mine/deep/diary.txt": "0" * 64}
    (out / "manifest.json").write_text(json.dumps(manifest))
    assert newsrepo(commons, "build", "abc/daily", "-o", str(out), "--force").code == 0
    assert picture_of(home) == before
    assert {p: d for p, d in pages(out).items() if not p.startswith("mine")} == clean


@pytest.mark.parametrize(
    "ref",
    [
        "--output=marker",
        "-x",
        "a..b",
        "x.lock",
        "@{1}",
        "a\u202eb",
        "a\x1b[2J",
        "a b",
        "main:x",
        "",
        "../x",
        "x" * 300,
    ],
)
@pytest.mark.parametrize("verb", [("check",), ("find",), ("build", "abc/daily", "-o", "../out")])
def test_odd_refs(commons: Path, tmp_path: Path, verb: tuple[str, ...], ref: str) -> None:
    """Cases 7-9 for refs named on the command line: refused, or not found, before they could be an option."""
    before = picture_of(commons)
    said = newsrepo(commons, *verb, f"--at={ref}")
    if ref:
        assert (said.code, said.out) in {(2, ""), (3, "")}
        assert said.err.startswith("error: ")
    assert picture_of(commons) == before
    assert not list(tmp_path.rglob("marker*"))


@pytest.mark.parametrize("name", ["../x", "con", "A", "a b", "-x", "a/b", "a\u202eb", "x" * 300, "a\x1b[2J"])
@pytest.mark.parametrize(
    "verb", [("new", "article", "A title", "--body", "README"), ("new", "filter", "daily", "--title", "x")]
)
def test_odd_contingents(commons: Path, verb: tuple[str, ...], name: str) -> None:
    """Case 10."""
    put(commons, {"README": "Words.\n"})
    before = picture_of(commons)
    said = newsrepo(commons, *verb, f"--as={name}")
    assert (said.code, said.out) == (2, "")
    assert picture_of(commons) == before


@pytest.mark.parametrize("name", ["manifest.json", f"{STAGE}/journal", "index.html", "style.css", "articles"])
def test_an_endless_file_in_an_edition(commons: Path, tmp_path: Path, name: str) -> None:
    """Case 104: a link to a device in the output directory is not read."""
    out = tmp_path / "out"
    assert newsrepo(commons, "build", "abc/daily", "-o", str(out)).code == 0
    clean = pages(out)
    target = out / name
    target.parent.mkdir(exist_ok=True)
    if target.is_dir():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    target.symlink_to("/dev/zero")
    (commons / ".git/newsrepo").rename(tmp_path / "forgotten")
    said = newsrepo(commons, "build", "abc/daily", "-o", str(out))
    if name == "manifest.json":
        assert said.code == 2, "without a manifest of ours the directory is not ours"
    else:
        assert said.code == 0, said.err
        assert pages(out) == clean


@pytest.mark.parametrize("month", ["link", "device", "pipe", "folder"])
def test_a_month_that_is_no_file(commons: Path, tmp_path: Path, month: str) -> None:
    """Cases 18 and 19 for what is about to be written: nothing is read through a link, and there is no waiting."""
    secret = tmp_path / "secret"
    secret.write_text("Dear me: a secret")
    path = "ratings/abc/ann/2026-05.yaml"
    if month == "folder":
        (commons / path).mkdir(parents=True)
    else:
        lay(commons, {path: {"link": Link(str(secret)), "device": Link("/dev/zero"), "pipe": Fifo()}[month]})
    said = newsrepo(commons, "rate", GOOD, "newsworthy=3", "--rater", "abc/ann", "--today", "2026-05-02")
    assert said.code in {2, 3}, said.err
    assert "hint:" in said.err
    assert "secret" not in said.err
    assert secret.read_text() == "Dear me: a secret"


def test_builds_from_two_clones_into_one_directory(commons: Path, tmp_path: Path) -> None:
    """Case 100 where the second run is of another clone: one of them builds, and the edition is whole."""
    put(commons, {f"articles/abc/2026/n-{n}/index.md": more(f"Text {n}", f"Words {n}.") for n in range(40)})
    commit_all(commons)
    roots = (commons, clone_of(commons, tmp_path / "other"))
    assert newsrepo(commons, "build", "abc/daily", "-o", str(tmp_path / "clean")).code == 0
    out = tmp_path / "out"
    for _ in range(3):
        shutil.rmtree(out, ignore_errors=True)
        both = [
            subprocess.Popen(
                [*PROGRAM, "build", "abc/daily", "-o", str(out), "--force"],
                cwd=root,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for root in roots
        ]
        codes = sorted(process.wait(timeout=60) for process in both)
        assert codes in ([0, 0], [0, 75])
        assert pages(out) == pages(tmp_path / "clean")
