"""What a vector is: a genesis, files by ref, and the verdict; written to and read from one directory each."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from polls import Poll

from newsrepo.ids import Kind, Oid
from newsrepo.records import blob_id, parse
from newsrepo.records import types as t
from newsrepo.tally.chain import Chain, chain
from newsrepo.tally.count import Count
from newsrepo.tally.epoch import EpochError
from newsrepo.tally.evidence import Signed
from newsrepo.tally.files import Files
from newsrepo.tally.gather import gather
from newsrepo.tally.statement import Judgement, judge

CASES = Path(__file__).parent / "cases"
CHARTER = "newsrepo.yaml"
ROLL = "statements/roll.yaml"
HOME = "home"
"""The ref that carries what nobody disputes."""


@dataclass
class Case:
    """One vector. ``refs`` are the files that each ref carries, by label and path."""

    name: str
    about: str
    charter: bytes
    roll: bytes
    refs: dict[str, dict[str, bytes]]
    pins: tuple[str, ...] = ()
    branch: dict[str, bytes] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """The case as two files under ``folder``, with the verdict that this program gives."""
        given = {
            "about": self.about,
            "pins": list(self.pins),
            "genesis": _packed({CHARTER: self.charter, ROLL: self.roll}),
            "branch": _packed(self.branch),
            "refs": {label: _packed(tree) for label, tree in sorted(self.refs.items())},
        }
        target = folder / self.name
        target.mkdir(parents=True)
        (target / "case.json").write_bytes(_json(given))
        (target / "expected.json").write_bytes(_json(self.verdict()))

    def unpack(self, folder: Path) -> None:
        """The case as plain files under ``folder``, for looking at it with other tools."""
        trees = {"genesis": {CHARTER: self.charter, ROLL: self.roll}, "branch": self.branch}
        trees |= {f"refs/{label}": tree for label, tree in self.refs.items()}
        for name, tree in trees.items():
            for path, data in tree.items():
                target = folder / self.name / name / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)

    @classmethod
    def read(cls, folder: Path) -> "Case":
        told = json.loads((folder / "case.json").read_bytes())
        refs = {label: _unpacked(tree) for label, tree in told["refs"].items()}
        genesis = _unpacked(told["genesis"])
        pins, branch = tuple(told["pins"]), _unpacked(told["branch"])
        return cls(folder.name, told["about"], genesis[CHARTER], genesis[ROLL], refs, pins, branch)

    def verdict(self) -> dict[str, Any]:
        """What comes of it, as told in README.md."""
        return judge_all(self, gathered(self.refs).values())


def judge_all(case: Case, statements: Iterable[Files]) -> dict[str, Any]:
    """The verdict on the statements of a case, given in any order."""
    found_files = list(statements)
    try:
        found = chain(case.charter, case.roll, found_files, case.pins)
    except EpochError:
        return {"genesis": "refused"}
    by_name = sorted(found_files, key=lambda files: files.statement)
    told: dict[str, Any] = {
        "epochs": [epoch.id for epoch in found.epochs],
        "split": [one.epoch.id for one in found.split],
        "statements": {files.statement: _judgement(files, found) for files in by_name},
    }
    if case.branch:
        told["drift"] = list(found.drift(case.branch.get(CHARTER), case.branch.get(ROLL)))
    return told


def _packed(tree: Mapping[str, bytes]) -> dict[str, object]:
    """Files by path as JSON: a text, or its base64 where the bytes are no UTF-8."""
    found: dict[str, object] = {}
    for path, data in sorted(tree.items()):
        try:
            found[path] = data.decode()
        except UnicodeDecodeError:
            found[path] = {"base64": b64encode(data).decode()}
    return found


def _unpacked(tree: Mapping[str, Any]) -> dict[str, bytes]:
    return {
        path: told.encode() if isinstance(told, str) else b64decode(told["base64"], validate=True)
        for path, told in tree.items()
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


# -- making ----------------------------------------------------------------------------------------------


def case(
    title: str,
    about: str,
    poll: Poll,
    ballots: Iterable[Signed] = (),
    closings: Iterable[Signed] = (),
    *,
    openings: Iterable[Signed] | None = None,
    more: Mapping[str, Mapping[str, bytes]] | None = None,
    name: str = "",
    pins: tuple[str, ...] = (),
) -> Case:
    """A case of one poll. ``name`` is whose ballot or closing it is when the bytes do not say."""
    refs: dict[str, dict[str, bytes]] = {HOME: {f"{_folder(poll)}/statement.md": poll.text}}
    if poll.enacted is not None:
        refs[HOME][f"{_folder(poll)}/enacts/roll.yaml"] = poll.enacted
    for one in (poll.opening,) if openings is None else openings:
        put(refs, f"{_folder(poll)}/opening.yaml", one)
    for kind, found in ((Kind.BALLOT, ballots), (Kind.CLOSING, closings)):
        for one in found:
            put(refs, f"{_folder(poll)}/{kind.value}s/{_where(kind, one, name)}.yaml", one)
    for label, tree in (more or {}).items():
        refs.setdefault(label, {}).update(tree)
    return Case(title, about, poll.charter_data, poll.roll_data, refs, pins)


def _folder(poll: Poll) -> str:
    return f"statements/{poll.slug}"


def _where(kind: Kind, one: Signed, name: str) -> str:
    record = parse(kind, one.data or b"", "").record
    if isinstance(record, t.Ballot):
        return f"{record.voter}/{record.number}"
    if isinstance(record, t.Closing):
        return f"{record.teller}/{record.round}"
    return f"{name}/1"


def put(refs: dict[str, dict[str, bytes]], path: str, one: Signed) -> None:
    """Put a file and its signature into the ref it names; into one of its own when the place is taken."""
    label = one.sources[0] if one.sources else HOME
    tree = refs.setdefault(label, {})
    given = {
        key: data for key, data in ((path, one.data), (f"{path}.sig", one.signature)) if data is not None
    }
    if any(tree.get(key, data) != data for key, data in given.items()):
        raise AssertionError(f"{label}:{path} holds something else already")
    tree |= given


# -- reading ---------------------------------------------------------------------------------------------


def gathered(refs: Mapping[str, Mapping[str, bytes]]) -> dict[str, Files]:
    """The files of every statement, from all refs."""
    blobs = {Oid(blob_id(data)): data for tree in refs.values() for data in tree.values()}
    carried = [
        (path, Oid(blob_id(data)), label) for label, tree in refs.items() for path, data in tree.items()
    ]
    return gather(carried, lambda oids: (blobs[oid] for oid in oids))


def _judgement(files: Files, found: Chain) -> dict[str, Any]:
    judged: Judgement = judge(files, found)
    told: dict[str, Any] = {
        "state": judged.state.value,
        "carried": judged.carried,
        "text": "edited" if judged.edited else "as-opened",
        "openings_refused": [{"sha256": one.sha256, "reason": one.reason} for one in judged.refused],
        "openings": [_count(one) for one in judged.counts],
    }
    return told


def _count(count: Count) -> dict[str, Any]:
    votes = count.verdict.votes
    by = count.rounds.by
    return {
        "sha256": count.opened.sha256,
        "state": count.state.value,
        "result": count.verdict.sentence,
        "votes": {"yes": votes.yes, "no": votes.no, "abstain": votes.abstain, "roll": votes.roll},
        "voters": {
            line.voter: line.choice.value if line.choice is not None else "void" if line.void else "silent"
            for line in count.lines
        },
        "funnel": {step.name: step.ballots for step in count.funnel},
        "ballots_aside": [{"sha256": one.sha256, "reason": one.reason} for one in count.aside],
        "closings_aside": [{"sha256": one.sha256, "reason": one.reason} for one in count.closings_aside],
        "certified": None if by is None else {"by": by.body, "round": by.round, "list": by.list},
    }


def read_all() -> Iterator[Case]:
    for folder in sorted(CASES.iterdir()):
        yield Case.read(folder)
