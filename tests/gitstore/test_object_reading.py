"""Reading the object store: any number, any size, from anywhere, and what is damaged is named."""

import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git

from newsrepo.errors import UnableError
from newsrepo.gitstore import Repository, objects
from newsrepo.ids import Oid


@pytest.fixture
def root(make_repo: Callable[..., Path]) -> Path:
    return make_repo({f"articles/a{n:03}.md": f"text {n}\n" * n for n in range(120)})


def loose(root: Path, oid: str) -> Path:
    return root / ".git/objects" / oid[:2] / oid[2:]


def damage(root: Path, oid: str, how: str) -> None:
    path = loose(root, oid)
    data = path.read_bytes()
    path.chmod(0o644)
    if how == "other":
        path.write_bytes(zlib.compress(b"blob 5\0other"))
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        path.write_bytes(b"\x00garbage" + data[8:])


@pytest.mark.parametrize("how", ["empty", "cut", "garbage"])
@pytest.mark.parametrize("many", [False, True])
def test_a_damaged_object_is_named_with_a_way_out(root: Path, how: str, many: bool) -> None:
    snapshot = Repository.discover(root).at("main")
    oids = [e.oid for e in snapshot.entries]
    damage(root, oids[50], how)
    with pytest.raises(UnableError, match=oids[50]) as error:
        list(snapshot.read(oids if many else [oids[50]]))
    assert error.value.exit == 3
    assert "git fsck" in error.value.hint
    # Everything else is still readable through the same snapshot.
    assert len(list(snapshot.read([o for o in oids if o != oids[50]]))) == 119
    assert len(list(snapshot.read(oids[:3]))) == 3


def test_a_damaged_pack(root: Path) -> None:
    run_git(root, "gc", "--quiet")
    (pack,) = (root / ".git/objects/pack").glob("*.pack")
    data = bytearray(pack.read_bytes())
    pack.chmod(0o644)
    for at in range(40, len(data) - 40, 7):
        data[at] ^= 0x5A
    pack.write_bytes(data)
    repository = Repository.discover(root)
    for read in (lambda: repository.at("main"), lambda: repository.at("HEAD").entries):
        with pytest.raises(UnableError) as error:
            read()
        assert "git fsck" in error.value.hint


def test_a_missing_object_is_named(root: Path) -> None:
    snapshot = Repository.discover(root).at("main")
    oids = [e.oid for e in snapshot.entries]
    loose(root, oids[7]).unlink()
    with pytest.raises(UnableError, match=f"object {oids[7]} is missing") as error:
        list(snapshot.read(oids))
    assert "refetch" in error.value.hint


@pytest.mark.parametrize("oid", ["HEAD", "main", "a" * 39, "A" * 40, "a" * 40 + "\nHEAD", "", ":/x"])
def test_only_full_ids_reach_git(root: Path, oid: str) -> None:
    store = Repository.discover(root)._objects
    for ids in ([oid], [oid] * 60):
        with pytest.raises(ValueError, match="not a full object id"):
            list(store.read([Oid(o) for o in ids]))


def test_large_ones_among_many_are_never_inflated(root: Path) -> None:
    put(root, {"articles/big1.jpg": bytes(9 << 20), "articles/big2.jpg": os.urandom(3 << 20)})
    put(root, {"articles/z.md": "last"})
    commit_all(root)
    snapshot = Repository.discover(root).at("main")
    asked = [e.oid for e in snapshot.entries] * 2
    blobs = list(snapshot.read(asked, limit=1 << 20))
    assert [b.oid for b in blobs] == asked
    assert sorted(b.size for b in blobs if b.data is None) == [3 << 20] * 2 + [9 << 20] * 2
    assert all(b.data is None or len(b.data) == b.size for b in blobs)
    assert blobs[-1].data == b"last"


def test_a_thousand_million_zeros_cost_neither_time_nor_memory(make_repo: Callable[..., Path]) -> None:
    root = make_repo({"articles/x.md": "x"})
    size = 1_000_000_000
    packer = zlib.compressobj(1)
    zeros = bytes(10_000_000)
    data = packer.compress(b"blob %d\0" % size)
    import hashlib

    sha = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    parts = [data]
    for _ in range(100):
        sha.update(zeros)
        parts.append(packer.compress(zeros))
    oid = Oid(sha.hexdigest())
    loose(root, oid).parent.mkdir(exist_ok=True)
    loose(root, oid).write_bytes(b"".join([*parts, packer.flush()]))
    read = (  # in a process of its own: what its children used is told of nobody else's
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from newsrepo.gitstore.repository import Repository\n"
        "store, oid = Repository.discover(Path(sys.argv[1])), sys.argv[2]\n"
        "(alone,) = store.at('main').read([oid])\n"
        "assert (alone.size, alone.data) == (1_000_000_000, None)\n"
        "among = store.at('main').read([oid, *[e.oid for e in store.at('main').entries]] * 30)\n"
        "assert [b.data for b in among] == [None, b'x'] * 30\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_maxrss, used.ru_utime)\n"
    )
    command = [sys.executable, "-c", read, str(root), oid]
    kilobytes, seconds = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert int(kilobytes) < 200 << 10
    assert float(seconds) < 5


def test_a_reader_that_stops_half_way_leaves_nothing_behind(root: Path) -> None:
    snapshot = Repository.discover(root).at("main")
    oids = [e.oid for e in snapshot.entries]
    for _ in range(5):
        stream = snapshot.read(oids)
        assert next(stream).oid == oids[0]
        stream.close()
    assert len(list(snapshot.read(oids))) == 120


def test_threads_share_one_store(root: Path) -> None:
    snapshot = Repository.discover(root).at("main")
    entries = snapshot.entries
    sizes = {e.oid: b.size for e, b in zip(entries, snapshot.read([e.oid for e in entries]), strict=True)}
    wrong: list[str] = []

    def work(step: int) -> None:
        for entry in entries[::step]:
            (blob,) = snapshot.read([entry.oid])
            if blob.size != sizes[entry.oid] or blob.oid != entry.oid:
                wrong.append(entry.path)

    threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2, 3, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_forked_worker_has_a_process_of_its_own(root: Path) -> None:
    repository = Repository.discover(root)
    snapshot = repository.at("main")
    oids = [e.oid for e in snapshot.entries]
    list(snapshot.read(oids[:2]))
    child = os.fork()
    if child == 0:
        good = [b.oid for b in snapshot.read(oids[2:5])] == oids[2:5]
        repository.close()
        os._exit(0 if good else 1)
    assert [b.oid for b in snapshot.read(oids[5:9])] == oids[5:9]
    assert os.waitpid(child, 0)[1] == 0
    assert [b.oid for b in snapshot.read(oids[:3])] == oids[:3]


def test_a_killed_helper_is_replaced(root: Path) -> None:
    repository = Repository.discover(root)
    snapshot = repository.at("main")
    oids = [e.oid for e in snapshot.entries]
    assert repository._objects._standing
    repository._objects._standing.process.kill()
    repository._objects._standing.process.wait()
    with pytest.raises(UnableError, match=oids[0]):
        list(snapshot.read(oids[:1]))
    assert len(list(snapshot.read(oids[:1]))) == 1


def test_more_than_one_batch(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "BATCH", 50)
    snapshot = Repository.discover(root).at("main")
    oids = [e.oid for e in snapshot.entries] * 3
    assert [b.oid for b in snapshot.read(iter(oids))] == oids
