"""Fetching homes from real servers: what becomes of each, and that none of them matters to the others."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import hostile
import pytest
from hermetic import commit_all, put, run_git
from servers import Server, dead_address, files_server, git_server, silent_server, stub

from newsrepo.errors import LockedError, UnableError
from newsrepo.gitstore import ledger
from newsrepo.gitstore.addresses import Address
from newsrepo.gitstore.far import Limits
from newsrepo.gitstore.homestore import HOMES, LIMITS, HomeStore
from newsrepo.gitstore.ledger import Trouble
from newsrepo.gitstore.outcomes import Fetched, Outcome, Wanted
from newsrepo.gitstore.refs import read_refs
from newsrepo.gitstore.repository import Repository
from newsrepo.gitstore.snapshot import Tip
from newsrepo.ids import ContingentId, Oid

ABC, LMN = ContingentId("abc"), ContingentId("lmn")
ARTICLE = "articles/abc/2026/x/index.md"


class World:
    """A clone with its store, and a folder of repositories that a server hands out."""

    def __init__(self, clone: Path, served: Path, server: Server) -> None:
        self.clone, self.served, self.server = clone, served, server
        self.repository = Repository.discover(clone)
        self.store = HomeStore.create(self.repository)

    def fork(self, name: str) -> Path:
        """A fork of the clone with a commit of its own."""
        path = self.served / name
        run_git(self.served, "clone", "--quiet", "--no-hardlinks", str(self.clone), name)
        put(path, {f"articles/{name}/2026/new/index.md": f"news of {name}\n"})
        commit_all(path)
        return path

    def wanted(self, name: str, branch: str = "main") -> Wanted:
        return Wanted(name, Address(self.server.url(name), branch))

    def fetch(self, *wanted: Wanted | str, limits: Limits = LIMITS, jobs: int = 4) -> Sequence[Fetched]:
        asked = [self.wanted(w) if isinstance(w, str) else w for w in wanted]
        with self.store.lock(wait=5):  # a killed run's child may hold it until it has become git
            return self.store.fetch(asked, limits=limits, local=True, jobs=jobs)

    def one(self, wanted: Wanted | str, limits: Limits = LIMITS) -> Fetched:
        return self.fetch(wanted, limits=limits)[0]

    def leftovers(self) -> list[str]:
        return [
            str(p) for p in self.store.path.rglob("*")
            if p.name.startswith(("tmp_", ".tmp-")) or p.suffix in (".keep", ".lock")
        ]  # fmt: skip


@pytest.fixture
def world(make_repo: Callable[..., Path], tmp_path: Path) -> Iterator[World]:
    clone = make_repo({ARTICLE: "one\n"}, name="clone")
    served = tmp_path / "served"
    served.mkdir()
    with git_server(served) as server:
        world = World(clone, served, server)
        yield world
        world.store.close()


def head(path: Path) -> str:
    return run_git(path, "rev-parse", "HEAD")


def test_nothing_fetched_yet(make_repo: Callable[..., Path]) -> None:
    repository = Repository.discover(make_repo({}))
    assert HomeStore.open(repository) is None
    assert not (repository.common_dir / "newsrepo").exists()
    made = HomeStore.create(repository)
    assert made.tips() == {}
    assert made.seen(ABC) == ()
    assert made.cited() == frozenset()
    assert HomeStore.open(repository) is not None


def test_new_unchanged_forward_rewritten_withheld(world: World) -> None:
    fork = world.fork("abc")
    first = head(fork)
    done = world.one("abc")
    assert (done.outcome, done.before, done.trouble) == (Outcome.NEW, None, None)
    assert done.tip is not None
    assert done.tip.commit == first
    assert world.one("abc").outcome is Outcome.UNCHANGED

    put(fork, {"articles/abc/2026/more/index.md": "more\n"})
    second = commit_all(fork)
    done = world.one("abc")
    assert (done.outcome, done.before) == (Outcome.FORWARD, first)

    run_git(fork, "commit", "--quiet", "--amend", "--message", "Said otherwise")
    third = head(fork)
    done = world.one("abc")
    assert (done.outcome, done.before) == (Outcome.REWRITTEN, second)
    assert done.trouble is not None
    assert done.trouble.rule == "rewritten-home"
    assert f"{second[:12]}..{third[:12]}" in done.trouble.message
    assert world.store.seen(ABC) == tuple(sorted([first, second, third]))

    run_git(fork, "checkout", "--quiet", "--detach")
    run_git(fork, "branch", "--delete", "--force", "main")
    done = world.one("abc")
    assert done.outcome is Outcome.WITHHELD
    assert done.tip is not None
    assert done.tip.commit == third
    assert done.trouble is not None
    assert 'no branch "main"' in done.trouble.message

    shutil.rmtree(fork)
    done = world.one("abc")
    assert (done.outcome, done.tip and done.tip.commit) == (Outcome.WITHHELD, third)
    for kept in (first, second, third):
        tip = world.store.tip(Oid(kept))
        assert {e.path for e in world.store.at("abc", tip).entries} >= {ARTICLE}


def test_what_the_caller_knew_decides_although_the_store_is_ahead(world: World) -> None:
    """A kill between refs and ledger leaves the store ahead of the ledger: nothing goes unreported."""
    fork = world.fork("abc")
    first = Oid(head(fork))
    world.one("abc")
    run_git(fork, "commit", "--quiet", "--amend", "--message", "Said otherwise")
    world.one("abc")
    again = world.one(Wanted("abc", world.wanted("abc").address, first))
    assert (again.outcome, again.before) == (Outcome.REWRITTEN, first)


def test_a_store_that_was_deleted_is_filled_again(world: World) -> None:
    known = Oid(head(world.fork("abc")))
    world.one("abc")
    shutil.rmtree(world.store.path)
    world.store = HomeStore.create(world.repository)
    assert world.one(Wanted("abc", world.wanted("abc").address, known)).outcome is Outcome.UNCHANGED
    assert world.store.tips()[ABC].commit == known


def test_the_default_branch(world: World) -> None:
    fork = world.fork("abc")
    run_git(fork, "checkout", "--quiet", "-b", "Zeitung/2026")
    put(fork, {"articles/abc/2026/z/index.md": "z\n"})
    tip = commit_all(fork)
    named = Wanted("lmn", world.wanted("abc", "Zeitung/2026").address)
    done, also = world.fetch(world.wanted("abc", ""), named)
    assert done.tip == also.tip
    assert done.tip is not None
    assert done.tip.commit == tip


def test_an_address_is_asked_once_for_all_who_share_it(world: World) -> None:
    world.fork("abc")
    shared = world.wanted("abc").address
    told: list[Address] = []
    with world.store.lock():
        done = world.store.fetch(
            [Wanted("abc", shared), Wanted("lmn", shared)], local=True, progress=lambda a, _: told.append(a)
        )
    assert [d.outcome for d in done] == [Outcome.NEW, Outcome.NEW]
    assert told == [shared]
    assert len([r for r in world.server.requests if "info/refs" in r]) == 2  # what is there, then that
    assert set(world.store.tips()) == {ABC, LMN}


def test_what_all_share_is_not_sent_again(world: World) -> None:
    put(world.clone, {f"articles/abc/2026/a{n}/index.md": os.urandom(4000).hex() for n in range(50)})
    commit_all(world.clone)
    world.fork("abc")
    world.one("abc")
    sizes = sorted(p.stat().st_size for p in (world.store.path / "objects" / "pack").glob("*.pack"))
    assert sizes[0] < 3000 < 100_000 < sizes[-1]  # the fork's own, and the user's own, which came from here


def test_nothing_of_theirs_enters_the_users_repository(world: World) -> None:
    fork = world.fork("abc")
    run_git(fork, "tag", "v1")
    before = {
        p: p.read_bytes()
        for p in (world.clone / ".git").rglob("*")
        if p.is_file() and "newsrepo" not in p.parts
    }
    world.one("abc")
    after = {
        p: p.read_bytes()
        for p in (world.clone / ".git").rglob("*")
        if p.is_file() and "newsrepo" not in p.parts
    }
    assert before == after
    assert set(read_refs(world.store.path, "refs/")) == {
        "refs/newsrepo/homes/abc",
        f"refs/newsrepo/seen/abc/{head(fork)}",
        "refs/newsrepo/own/head",
    }


def test_the_store_stands_on_its_own_and_reads_the_users_objects_too(world: World) -> None:
    world.fork("abc")
    world.one("abc")
    run_git(world.store.path, "fsck", "--connectivity-only", "--no-dangling")
    put(world.clone, {"articles/abc/2026/draft/index.md": "draft\n"})
    commit_all(world.clone)
    draft = Oid(run_git(world.clone, "rev-parse", "HEAD:articles/abc/2026/draft/index.md"))
    assert next(iter(world.store.objects.read([draft]))).data == b"draft\n"


@pytest.mark.parametrize("name", ["a:b", 'a"b', "a b\\c", '"quoted', "zwei\nzeilen:"])
def test_paths_that_git_must_quote(name: str, make_repo: Callable[..., Path]) -> None:
    root, home = make_repo({ARTICLE: "one\n"}, name=name), make_repo({"a": "b"}, name="home")
    with Repository.discover(root) as repository, HomeStore.create(repository) as store:
        oid = Oid(run_git(root, "rev-parse", f"HEAD:{ARTICLE}"))
        assert next(iter(store.objects.read([oid]))).data == b"one\n"
        with store.lock():
            assert (
                store.fetch([Wanted("abc", Address(str(home), "main"))], local=True)[0].outcome is Outcome.NEW
            )


@pytest.mark.parametrize("name", sorted(hostile.REFUSED))
def test_forks_that_git_refuses(name: str, world: World) -> None:
    make, word = hostile.REFUSED[name]
    make(world.served / "mal")
    world.fork("abc")
    bad, good = world.fetch("mal", "abc")
    assert (bad.outcome, bad.tip) == (Outcome.UNSOUND, None)
    assert bad.trouble is not None
    assert bad.trouble.rule == "unsound-home"
    assert word in bad.trouble.message
    assert good.outcome is Outcome.NEW
    assert set(world.store.tips()) == {ABC}


@pytest.mark.parametrize("name", sorted(hostile.ODD))
def test_forks_that_git_lets_in(name: str, world: World, tmp_path: Path) -> None:
    make, rules = hostile.ODD[name]
    make(world.served / "mal")
    done = world.one("mal")
    assert done.outcome is Outcome.NEW
    assert done.tip is not None
    begun = time.monotonic()
    snapshot = world.store.at("mal@1", done.tip)
    assert [f.rule for f in snapshot.findings] == list(rules)
    assert time.monotonic() - begun < 20
    for finding in snapshot.findings:
        assert "\n" not in str(finding.location) + finding.message
        assert "\x1b" not in str(finding.location) + finding.message
        assert finding.location.source == "mal@1"
    assert not list(tmp_path.rglob("marker"))
    assert not any("modules" in r for r in world.server.requests)


def test_a_replace_ref_is_not_fetched(world: World) -> None:
    hostile.replaced(world.served / "mal")
    done = world.one("mal")
    assert done.tip is not None
    snapshot = world.store.at("mal@1", done.tip)
    assert [b.data for b in snapshot.read([e.oid for e in snapshot.entries])] == [b"what was said\n"]
    assert not [r for r in read_refs(world.store.path, "refs/") if "replace" in r]


def test_a_thousand_million_zeros(world: World) -> None:
    hostile.blob_bomb(world.served / "mal", 200_000_000)
    done = world.one("mal", Limits(memory_bytes=512 << 20))
    assert done.outcome is Outcome.NEW
    assert done.tip is not None
    snapshot = world.store.at("mal@1", done.tip)
    (blob,) = snapshot.read([e.oid for e in snapshot.entries], limit=1 << 20)
    assert (blob.size, blob.data) == (200_000_000, None)


@pytest.mark.parametrize("limits", [Limits(pack_bytes=1 << 20), Limits(memory_bytes=16 << 20)])
def test_more_than_the_limits_allow(world: World, limits: Limits) -> None:
    fork = world.fork("abc")
    old = world.one("abc").tip
    run_git(
        fork, "pull", "--quiet", "--rebase=false", "--allow-unrelated-histories", _noise(world.served), "main"
    )
    done = world.one("abc", limits)
    assert (done.outcome, done.tip) == (Outcome.OVER_LIMIT, old)
    assert done.trouble is not None
    assert done.trouble.rule == "fetch-too-large"
    assert world.leftovers() == []
    assert world.one("abc").outcome is Outcome.FORWARD


def _noise(folder: Path) -> str:
    hostile.noise(folder / "noise", 4 << 20)
    return str(folder / "noise")


def test_silent_dead_and_odd_servers_keep_nobody_waiting(world: World, tmp_path: Path) -> None:
    world.fork("abc")
    hostile.git_folder(tmp_path / "files" / "dumb")
    run_git(tmp_path / "files" / "dumb", "update-server-info")

    def teapot(handler: object) -> None:
        handler.send_response(503)  # type: ignore[attr-defined]  # a request handler
        handler.end_headers()  # type: ignore[attr-defined]  # the same

    with silent_server() as silent, files_server(tmp_path / "files") as plain, stub(teapot) as broken:
        wanted = [
            Wanted("silent", Address(f"{silent}x", "main")),
            Wanted("dead", Address(f"{dead_address()}x", "main")),
            Wanted("none", Address(world.server.url("none"))),
            Wanted("plain", Address(plain.url("dumb"), "main")),
            Wanted("broken", Address(broken.url("x"), "main")),
            Wanted("bad", Address("ext::sh -c touch% marker")),
            world.wanted("abc"),
        ]
        begun = time.monotonic()
        done = {d.name: d for d in world.fetch(*wanted, limits=Limits(seconds=2))}
    assert time.monotonic() - begun < 8
    assert {name: (d.outcome, d.trouble.rule if d.trouble else "") for name, d in done.items()} == {
        "silent": (Outcome.TIMEOUT, "fetch-timeout"),
        "dead": (Outcome.UNREACHABLE, "unreachable-home"),
        "none": (Outcome.WITHHELD, "withheld-home"),
        "plain": (Outcome.UNSOUND, "unsound-home"),
        "broken": (Outcome.UNREACHABLE, "unreachable-home"),
        "bad": (Outcome.REFUSED, "bad-address"),
        "abc": (Outcome.NEW, ""),
    }
    assert not list(tmp_path.rglob("marker"))


def test_a_server_that_turns_into_plain_files_gets_nothing_in(world: World, tmp_path: Path) -> None:
    """It answers what it has as servers do and hands out the objects past the check; those are thrown out."""
    commit = hostile.git_folder(world.served / "mal")
    run_git(world.served / "mal", "update-server-info")
    real, asked = world.server, []

    def turning(handler: object) -> None:
        import urllib.request

        path = handler.path  # type: ignore[attr-defined]  # a request handler
        asked.append(path)
        smart = "git-upload-pack" in path and len([p for p in asked if "info/refs" in p]) == 1
        if smart or handler.command == "POST":  # type: ignore[attr-defined]  # the same
            size = int(handler.headers.get("Content-Length", "0"))  # type: ignore[attr-defined]  # the same
            body = handler.rfile.read(size) or None  # type: ignore[attr-defined]  # the same
            headers = {k: v for k, v in handler.headers.items() if k != "Host"}  # type: ignore[attr-defined]  # the same
            request = urllib.request.Request(real.url(path.lstrip("/")), data=body, headers=headers)
            with urllib.request.urlopen(request) as answer:
                kind, data = answer.headers["Content-Type"], answer.read()
        else:
            file = world.served / path.partition("?")[0].lstrip("/")
            kind, data = "text/plain", file.read_bytes() if file.is_file() else b""
        handler.send_response(200 if data else 404)  # type: ignore[attr-defined]  # the same
        handler.send_header("Content-Type", kind)  # type: ignore[attr-defined]  # the same
        handler.send_header("Content-Length", str(len(data)))  # type: ignore[attr-defined]  # the same
        handler.end_headers()  # type: ignore[attr-defined]  # the same
        handler.wfile.write(data)  # type: ignore[attr-defined]  # the same

    with stub(turning) as server:
        done = world.one(Wanted("mal", Address(server.url("mal"), "main")))
    assert any("/objects/" in path for path in asked)
    assert (done.outcome, done.tip) == (Outcome.UNSOUND, None)
    with pytest.raises(UnableError, match="missing"):
        world.store.tip(Oid(commit))
    assert world.one("mal").outcome is Outcome.UNSOUND


def test_a_visit_leaves_no_ref(world: World) -> None:
    fork = world.fork("abc")
    with world.store.lock():
        tip = world.store.visit(world.wanted("abc").address, local=True)
        assert isinstance(tip, Tip)
        assert tip.commit == head(fork)
        why = world.store.visit(world.wanted("abc", "other").address, local=True)
        assert isinstance(why, Trouble)
        assert why.rule == "withheld-home"
    assert world.store.at("abc", tip).entries
    assert set(read_refs(world.store.path, "refs/")) == {"refs/newsrepo/own/head"}


def test_texts_by_id(world: World) -> None:
    fork = world.fork("abc")
    old = Oid(run_git(fork, "rev-parse", "HEAD:articles/abc/2026/new/index.md"))
    put(fork, {"articles/abc/2026/new/index.md": "said otherwise\n"})
    run_git(fork, "commit", "--quiet", "--amend", "--all", "--message", "Said otherwise")
    address, nowhere = world.wanted("abc").address, Oid("0" * 39 + "1")
    with world.store.lock():
        got, trouble = world.store.fetch_blobs(address, [nowhere, old, old], local=True)
        assert (got, trouble) == ((old,), None)
        commit = Oid(head(fork))
        assert world.store.fetch_blobs(address, [commit], local=True) == ((), None)
        refused, why = world.store.fetch_blobs(address, [old])
    assert world.store.cited() == {old}
    assert next(iter(world.store.objects.read([old]))).data == b"news of abc\n"
    assert refused == ()
    assert why is not None
    assert why.rule == "bad-address"


def test_no_history_comes_in_as_a_text(world: World, tmp_path: Path) -> None:
    """A citation may name whatever it likes: by way of plain files it would come in unchecked, and stay."""
    commit = Oid(hostile.git_folder(tmp_path / "files" / "mal"))
    run_git(tmp_path / "files" / "mal", "update-server-info")
    with files_server(tmp_path / "files") as server, world.store.lock():
        got, trouble = world.store.fetch_blobs(Address(server.url("mal")), [commit], local=True)
    assert got == ()
    assert trouble is not None
    assert trouble.rule == "unsound-home"
    with pytest.raises(UnableError, match="missing"):
        world.store.tip(commit)


def test_what_a_killed_run_could_not_throw_out_goes_at_the_next(world: World, tmp_path: Path) -> None:
    world.fork("abc")
    tip = world.one("abc").tip
    assert tip is not None
    commit = Oid(hostile.git_folder(tmp_path / "mal"))
    shutil.copytree(tmp_path / "mal" / "objects", world.store.path / "objects", dirs_exist_ok=True)
    assert world.store.tip(commit)
    world.store.close()
    assert world.one("abc").outcome is Outcome.UNCHANGED
    with pytest.raises(UnableError, match="missing"):
        world.store.tip(commit)
    assert world.store.at("abc", tip).entries


def test_packing_loses_nothing(world: World) -> None:
    fork = world.fork("abc")
    tips = []
    for n in range(16):
        put(fork, {f"articles/abc/2026/n{n}/index.md": f"{n}\n"})
        run_git(fork, "add", "--all")
        run_git(fork, "commit", "--quiet", "--amend", "--message", f"take {n}")
        tips.append(world.one("abc").tip)
    cited = Oid(run_git(fork, "rev-parse", "HEAD:articles/abc/2026/new/index.md"))
    with world.store.lock():
        world.store.fetch_blobs(world.wanted("abc").address, [cited], local=True)
        before = (dict(world.store.tips()), world.store.seen(ABC), world.store.cited())
        world.store.pack()
    assert len(list((world.store.path / "objects" / "pack").glob("*.pack"))) < 8
    assert not (world.store.path / HOMES / "abc").exists()
    assert (dict(world.store.tips()), world.store.seen(ABC), world.store.cited()) == before
    for tip in tips:
        assert tip is not None
        assert world.store.at("x", tip).entries
    run_git(world.store.path, "fsck", "--connectivity-only", "--no-dangling")


def test_tips_from_the_ledger_start_no_process(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.fork("abc")
    tip = world.one("abc").tip
    assert tip is not None
    asked = world.store.tips()
    seen = ledger.Seen("u", "", commit=tip.commit, tree=tip.tree, committed=int(tip.committed.timestamp()))
    ledger.save(world.repository.state_dir / ledger.NAME, ledger.Ledger({"abc": seen}))
    monkeypatch.setenv("PATH", "")
    opened = HomeStore.open(world.repository)
    assert opened is not None
    assert opened.tips() == asked == {ABC: tip}


def test_a_commons_with_the_longer_ids(tmp_path: Path) -> None:
    for name, algorithm in (("clone", "sha256"), ("home", "sha256"), ("old", "sha1")):
        (tmp_path / name).mkdir()
        run_git(tmp_path / name, "init", "--quiet", "--initial-branch=main", f"--object-format={algorithm}")
        put(tmp_path / name, {f"articles/abc/2026/{name}/index.md": name})
        commit_all(tmp_path / name)
    repository = Repository.discover(tmp_path / "clone")
    with HomeStore.create(repository) as store, store.lock():
        good, bad = store.fetch(
            [Wanted("abc", Address(str(tmp_path / "home"))), Wanted("lmn", Address(str(tmp_path / "old")))],
            local=True,
        )
        assert (good.outcome, bad.outcome) == (Outcome.NEW, Outcome.UNSOUND)
        assert bad.trouble is not None
        assert "another hash" in bad.trouble.message
        assert good.tip is not None
        assert [e.path for e in store.at("abc", good.tip).entries] == ["articles/abc/2026/home/index.md"]
        text = Oid(run_git(tmp_path / "home", "rev-parse", "HEAD:articles/abc/2026/home/index.md"))
        got = store.fetch_blobs(Address(str(tmp_path / "home")), [text, Oid("1" * 40)], local=True)
        assert got == ((text,), None)


def test_refs_loose_and_packed(world: World) -> None:
    world.fork("abc")
    world.one("abc")
    loose = read_refs(world.store.path, "refs/newsrepo/")
    run_git(world.store.path, "pack-refs", "--all")
    assert read_refs(world.store.path, "refs/newsrepo/") == loose
    other = next(iter(read_refs(world.store.path, "refs/newsrepo/own/").values()))
    run_git(world.store.path, "update-ref", "refs/newsrepo/homes/abc", other)
    run_git(world.store.path, "symbolic-ref", "refs/newsrepo/homes/link", "refs/newsrepo/homes/abc")
    (world.store.path / "refs/newsrepo/homes/odd").write_text("no id\n")
    assert read_refs(world.store.path, HOMES) == {"refs/newsrepo/homes/abc": other}
    assert read_refs(world.store.path, "refs/newsrepo/none/") == {}


def test_a_store_that_somebody_has_seen_to_is_ours_again(world: World, tmp_path: Path) -> None:
    fork = world.fork("abc")
    evil, url = tmp_path / "evil", str(fork)
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/marker\nexec git-upload-pack {fork}\n")
    evil.chmod(0o755)
    store = world.store.path
    before = (store / "config").read_bytes()
    run_git(store, "config", f"remote.{url}.uploadpack", str(evil))
    run_git(store, "config", "core.alternateRefsCommand", str(evil))
    (store / "objects/info/alternates").write_text(f"{world.clone}/.git/objects\n")
    (store / "shallow").write_text(head(fork) + "\n")
    assert world.one(Wanted("abc", Address(url, "main"))).outcome is Outcome.NEW
    assert not (tmp_path / "marker").exists()
    assert (store / "config").read_bytes() == before
    assert not (store / "shallow").exists()
    assert not (store / "objects/info/alternates").exists()


def test_one_at_a_time(world: World) -> None:
    other = HomeStore.create(world.repository)
    with world.store.lock():
        with pytest.raises(LockedError, match=f"process {os.getpid()} "), other.lock():
            pass
        with pytest.raises(RuntimeError, match="under its lock"):
            other.fetch([])


def test_a_damaged_object_names_itself_and_the_way_out(world: World) -> None:
    world.fork("abc")
    world.one("abc")
    tip = world.store.tips()[ABC]
    world.store.close()
    for pack in (world.store.path / "objects" / "pack").glob("*.pack"):
        pack.chmod(0o644)
        data = bytearray(pack.read_bytes())
        data[12:-20] = bytes(len(data) - 32)
        pack.write_bytes(bytes(data))
    with pytest.raises(UnableError) as error:
        world.store.tip(tip.commit)
    assert tip.commit in error.value.message
    assert "newsrepo sync" in error.value.hint


KILLED = """
import sys
from pathlib import Path
from newsrepo.gitstore.addresses import Address
from newsrepo.gitstore.homestore import HomeStore
from newsrepo.gitstore.outcomes import Wanted
from newsrepo.gitstore.repository import Repository
store = HomeStore.create(Repository.discover(Path(sys.argv[1])))
with store.lock():
    print("go", flush=True)
    store.fetch([Wanted(n, Address(sys.argv[2] + n, "main")) for n in sys.argv[3:]], local=True)
    store.pack()
"""


def test_killed_at_any_moment(world: World) -> None:
    """However far it came, the next run needs no help, and everything that a ref names is whole."""
    names = [f"n{n}" for n in range(4)]
    for name in names:
        put(world.fork(name), {f"articles/{name}/2026/big/index.md": os.urandom(200_000).hex()})
        commit_all(world.served / name)
    for after in (0, 0.01, 0.03, 0.05, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25):
        shutil.rmtree(world.store.path)
        command = [sys.executable, "-c", KILLED, str(world.clone), world.server.url(""), *names]
        with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(after)
            os.killpg(process.pid, signal.SIGKILL)
        store = HomeStore.create(world.repository)
        world.store = store
        for tip in store.tips().values():
            assert store.at("x", tip).entries
        done = world.fetch(*names)
        assert {d.outcome for d in done} <= {Outcome.NEW, Outcome.UNCHANGED}
        assert world.leftovers() == []
        run_git(store.path, "fsck", "--connectivity-only", "--no-dangling")
        store.close()


def test_interrupted_it_ends_all_that_it_started(world: World) -> None:
    with silent_server() as silent:

        def interrupt(address: Address, _: object) -> None:
            raise KeyboardInterrupt

        world.fork("abc")
        begun = time.monotonic()
        with world.store.lock(), pytest.raises(KeyboardInterrupt):
            world.store.fetch(
                [Wanted("silent", Address(f"{silent}x")), world.wanted("abc")], local=True, progress=interrupt
            )
        assert time.monotonic() - begun < 5
    assert threading.active_count() < 10


def test_a_home_that_was_cut_off_spoils_nothing(world: World, make_repo: Callable[..., Path]) -> None:
    """Git itself would take it, and then refuse every other home."""
    source = make_repo({"a": "1\n"}, name="source")
    put(source, {"a": "2\n"})
    commit_all(source)
    run_git(world.served, "clone", "--quiet", "--depth=1", f"file://{source}", "cut")
    done = world.one("cut")
    assert (done.outcome, done.tip) == (Outcome.UNSOUND, None)
    assert done.trouble is not None
    assert "does not send all" in done.trouble.message
    assert not (world.store.path / "shallow").exists()
    run_git(world.served, "clone", "--quiet", f"file://{source}", "whole")
    assert world.one("whole").outcome is Outcome.NEW
    assert world.one("cut").outcome is Outcome.NEW  # the other sent what it lacked
