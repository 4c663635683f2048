"""Cases 101-103: a full disk, a kill at any moment, caches that lie. What was published stays whole."""

import os
import random
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from bad_input_desk import PROGRAM, Said, clone_of, harmless, lay, more, newsrepo, pages, picture_of
from hermetic import commit_all, run_git

from newsrepo.editions.journal import STAGE

KILLS = 20

FLIPS = 4


def texts(word: str) -> dict[str, str]:
    """Forty articles, all with the word in them, so that every page differs from one word to the next."""
    return {
        f"articles/abc/2026/{word if n % 4 == 0 else 'same'}-{n}/index.md": more(
            f"Text {n} of {word}", f"Here we say {word}.\n" * 40, f"topics: [{word}, t{n % 5}]\n"
        )
        for n in range(40)
    }


@pytest.fixture(scope="module")
def two_states(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A commons whose branches ``one`` and ``two`` differ in every page."""
    root = clone_of(base, tmp_path_factory.mktemp("states") / "repo")
    for word in ("one", "two"):
        for folder in (root / "articles/abc/2026").glob(f"{'two' if word == 'one' else 'one'}-*"):
            shutil.rmtree(folder)
        lay(root, dict(texts(word)))
        commit_all(root)
        run_git(root, "branch", word)
    return root


def clean(root: Path, ref: str, out: Path) -> dict[str, bytes]:
    """The edition of a branch, built by a clone that remembers nothing."""
    fresh = clone_of(root, out.with_name(f"{out.name}-repo"))
    shutil.rmtree(fresh / ".git/newsrepo", ignore_errors=True)
    assert newsrepo(fresh, "build", "abc/daily", "--at", ref, "-o", str(out)).code == 0
    return pages(out)


def test_killed_while_building(two_states: Path, tmp_path: Path) -> None:
    """Case 102: after a SIGKILL at any moment every page is an old or a new one, and the next build ends well."""
    root = clone_of(two_states, tmp_path / "repo")
    whole = {ref: clean(root, ref, tmp_path / f"clean-{ref}") for ref in ("one", "two")}
    known = {
        path: {edition[path] for edition in whole.values() if path in edition}
        for path in {*whole["one"], *whole["two"]}
    }
    out = tmp_path / "out"
    dice = random.Random(7)

    def build(ref: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*PROGRAM, "build", "abc/daily", "--at", ref, "-o", str(out)],
            cwd=root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    begun = time.monotonic()
    with build("one") as first:
        assert first.wait(timeout=60) == 0
    usual = time.monotonic() - begun
    killed = 0
    for number in range(3 * KILLS):
        ref = ("two", "one")[number % 2]
        begun = time.monotonic()
        with build(ref) as process:
            try:
                process.wait(timeout=usual * dice.uniform(0.3, 1.0))
                usual = time.monotonic() - begun
            except subprocess.TimeoutExpired:
                process.kill()
                killed += 1
            process.wait(timeout=60)
        for path, data in pages(out).items():
            if not path.startswith("."):
                assert data in known[path], f"{path} is torn after kill {number}"
        if number % 5 == 4:
            assert newsrepo(root, "build", "abc/daily", "--at", ref, "-o", str(out)).code == 0
            assert pages(out) == whole[ref], f"the build after kill {number} differs from a clean one"
        if killed == KILLS:
            break
    assert killed == KILLS, "the kills came too late to mean anything"
    for ref in ("one", "two"):
        assert newsrepo(root, "build", "abc/daily", "--at", ref, "-o", str(out)).code == 0
        assert pages(out) == whole[ref]
    assert not list((root / ".git").rglob("*.tmp"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ended_while_building(two_states: Path, tmp_path: Path, number: signal.Signals) -> None:
    """Case 102 for the signals that a person or a system sends: the same, and the exit code says so."""
    root, out = clone_of(two_states, tmp_path / "repo"), tmp_path / "out"
    assert newsrepo(root, "build", "abc/daily", "--at", "one", "-o", str(out)).code == 0
    before = pages(out)
    with subprocess.Popen(
        [*PROGRAM, "build", "abc/daily", "--at", "two", "-o", str(out)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        end = time.monotonic() + 30
        while not (out / STAGE).exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.001)
        process.send_signal(number)
        told, err = process.communicate(timeout=60)
    harmless(Said(process.returncode, told.decode(), err.decode()))
    assert process.returncode in {128 + number, -number, 0}
    if process.returncode:
        assert pages(out) == before
    assert newsrepo(root, "build", "abc/daily", "--at", "two", "-o", str(out)).code == 0
    assert pages(out) == clean(root, "two", tmp_path / "clean")


@pytest.mark.parametrize("limit", [1 << 10, 8 << 10])
def test_a_full_disk(two_states: Path, tmp_path: Path, limit: int) -> None:
    """Case 101: exit 3, the edition that was there is as it was, and with room again the next build ends well."""
    root, out = clone_of(two_states, tmp_path / "repo"), tmp_path / "out"
    assert newsrepo(root, "build", "abc/daily", "--at", "one", "-o", str(out)).code == 0
    before, tree = pages(out), picture_of(root)
    done = subprocess.run(
        [*PROGRAM, "build", "abc/daily", "--at", "two", "-o", str(out)],
        cwd=root,
        capture_output=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    said = Said(done.returncode, done.stdout.decode(), done.stderr.decode())
    harmless(said)
    assert said.code == 3, said.err
    assert "File too large" in said.err
    assert "hint:" in said.err
    assert pages(out) == before
    assert picture_of(root) == tree
    assert newsrepo(root, "build", "abc/daily", "--at", "two", "-o", str(out)).code == 0
    assert pages(out) == clean(root, "two", tmp_path / "clean")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_directory_that_may_not_be_written(two_states: Path, tmp_path: Path) -> None:
    """Case 101 for permissions."""
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    said = newsrepo(two_states, "build", "abc/daily", "--at", "one", "-o", str(out))
    assert said.code == 3
    assert str(out) in said.err


def answers(root: Path, out: Path) -> tuple[object, ...]:
    """All that the program says of a commons and makes of it."""
    said = [
        newsrepo(root, *verb)
        for verb in (["check"], ["find", "strike", "--json"], ["build", "abc/daily", "-o", str(out)])
    ]
    return [(s.code, s.out) for s in said], pages(out)


def test_caches_that_lie(two_states: Path, tmp_path: Path) -> None:
    """Case 103: whatever happens to a file under .git/newsrepo, the answers are those of a fresh clone."""
    root, out = clone_of(two_states, tmp_path / "repo"), tmp_path / "out"
    shutil.rmtree(root / ".git/newsrepo", ignore_errors=True)
    expected = answers(root, out)
    assert answers(root, out) == expected
    state = root / ".git/newsrepo"
    kept = tmp_path / "state"
    shutil.copytree(state, kept)
    caches = sorted(p.relative_to(kept) for p in kept.rglob("*") if p.is_file() and p.suffix != ".lock")
    assert {p.suffix for p in caches} >= {".sqlite3", ".json", ".pages"}, caches
    dice = random.Random(11)
    for path in caches:
        data = (kept / path).read_bytes()
        harmed = [b"", b"junk", data[: len(data) // 2], data + b"x"]
        for _ in range(FLIPS if data else 0):
            at = dice.randrange(len(data))
            harmed.append(data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :])
        for bad in harmed:
            shutil.rmtree(state)
            shutil.copytree(kept, state)
            (state / path).write_bytes(bad)
            assert answers(root, out) == expected, f"{path} was believed"


def test_caches_that_are_something_else(two_states: Path, tmp_path: Path) -> None:
    """Case 103: folders and links in the place of caches, and a place where none can be."""
    root, out = clone_of(two_states, tmp_path / "repo"), tmp_path / "out"
    expected = answers(root, out)
    state, secret = root / ".git/newsrepo", tmp_path / "secret"
    secret.write_text("Dear me")
    passing = (".lock", "-shm", "-wal")  # SQLite's own come and go with its connections
    for path in sorted(p for p in state.rglob("*") if p.is_file() and not p.name.endswith(passing)):
        kept = path.read_bytes()
        path.unlink()
        path.mkdir()
        _, made = answers(root, out)
        assert made == expected[1], path
        shutil.rmtree(path)
        path.symlink_to(secret)
        answers(root, out)
        assert secret.read_text() == "Dear me", path
        path.unlink()
        path.write_bytes(kept)
