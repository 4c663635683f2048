"""Gathering: what belongs together, what is read how often, and what is left alone."""

from collections.abc import Iterable

from polls import Poll, equal

from newsrepo.ids import Oid
from newsrepo.records import blob_id
from newsrepo.tally.gather import gather

POLL = Poll(equal("abc", "lmn"))
ROOT = "statements/abc/peace"


class Store:
    """Blobs by id, which notes what was read."""

    def __init__(self) -> None:
        self.blobs: dict[Oid, bytes | None] = {}
        self.asked: list[Oid] = []

    def put(self, data: bytes) -> Oid:
        oid = Oid(blob_id(data))
        self.blobs[oid] = data
        return oid

    def read(self, oids: Iterable[Oid]) -> Iterable[bytes | None]:
        for oid in oids:
            self.asked.append(oid)
            yield self.blobs[oid]


def test_pairs_are_those_of_one_ref_and_read_once() -> None:
    store = Store()
    one, other = POLL.vote("abc", "y"), POLL.vote("abc", "n")
    path = f"{ROOT}/ballots/abc/1.yaml"
    carried = []
    for label, ballot in (("x@1", one), ("y@2", other), ("z@3", one)):
        carried.append((path, store.put(ballot.data or b""), label))
        carried.append((f"{path}.sig", store.put(ballot.signature or b""), label))
    files = gather(carried, store.read)["statement:abc/peace"]
    assert store.asked == [], "nothing is read before it is asked for"
    ballots = list(files.ballots())
    assert [(b.data, b.sources) for b in ballots] == [(one.data, ("x@1", "z@3")), (other.data, ("y@2",))]
    assert len(store.asked) == 4
    assert list(files.ballots()) == ballots, "each call streams anew"
    assert [line.void for line in POLL.count(ballots).lines] == ["2 different ballots with number 1", ""]


def test_lone_halves_and_files_that_are_too_large() -> None:
    store = Store()
    ballot = POLL.vote("abc", "y")
    data, signature = store.put(ballot.data or b""), store.put(ballot.signature or b"")
    large = Oid("f" * 40)
    store.blobs[large] = None
    carried = [
        (f"{ROOT}/ballots/abc/1.yaml", data, ""),
        (f"{ROOT}/ballots/abc/2.yaml.sig", signature, ""),
        (f"{ROOT}/ballots/abc/3.yaml", large, ""),
        (f"{ROOT}/ballots/abc/3.yaml.sig", signature, ""),
    ]
    files = gather(carried, store.read)["statement:abc/peace"]
    reasons = sorted(one.reason for one in POLL.count(files.ballots()).aside)
    assert reasons == ["not-canonical", "orphan-signature", "unfinished"]


def test_other_files_are_left_alone() -> None:
    carried = [
        (path, Oid("0" * 40), "") for path in ("statements/roll.yaml", "README.md", "statements/x", "a/b")
    ]
    assert gather([*carried, (f"{ROOT}/dissents/abc.md", Oid("0" * 40), "")], Store().read) == {}
    assert gather([], Store().read) == {}


def test_texts_and_what_they_enact() -> None:
    store = Store()
    carried = [
        (f"{ROOT}/statement.md", store.put(b"text"), "x"),
        (f"{ROOT}/statement.md", store.put(b"text"), "y"),
        (f"{ROOT}/statement.md", store.put(b"other"), "z"),
        (f"{ROOT}/enacts/roll.yaml", store.put(b"roll"), "z"),
        ("statements/lmn/other/opening.yaml", store.put(b"opening"), "z"),
    ]
    found = gather(carried, store.read)
    assert list(found) == ["statement:abc/peace", "statement:lmn/other"]
    assert found["statement:abc/peace"].texts == (b"other", b"text")
    assert found["statement:abc/peace"].enacts == (b"roll",)
    assert [one.data for one in found["statement:lmn/other"].openings] == [b"opening"]
