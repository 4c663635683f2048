"""Verify and count 100,000 ballots against a bare PyNaCl loop over the same signatures plus reading the files.

    python benchmarks/bench_tally.py [--ballots 100000] [--voters 5000] [--rounds 3]

Every voter casts ballots with several numbers, so that most are superseded; keys, payloads and signatures are
real. Ours reads the opening, every ballot and every signature, and prints the result; the reference reads the same
files and calls ``crypto_sign_open`` on signed bytes that were prepared before. Both run in processes of their own,
in interleaved rounds. Prints seconds of CPU (medians), the ratio with its goal, and the peak of memory.
"""

import argparse
import os
import pickle
import shutil
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from measure import Case, hello, memory_folder, ratio, rounds, show  # noqa: E402 - found by the line above

GOAL = 1.3


def make(root: Path, ballots: int, voters: int) -> None:
    """A commons with one open vote, its ballots as files, and what the bare loop needs."""
    from signers import Signer

    from newsrepo.records import types as t
    from newsrepo.records import write
    from newsrepo.records.scalars import Day, Ratio
    from newsrepo.signing import BALLOT, OPENING, signed_bytes
    from newsrepo.tally.drafts import opening_for
    from newsrepo.tally.epoch import first_epoch

    people = {f"voter-{n:05}": Signer(f"voter-{n:05}") for n in range(voters)}
    day = Day.parse("2026-06-03")
    quorum = t.Quorum(ratio=Ratio.parse("1/2"), compare=t.Compare.MORE_THAN)
    rule = t.Rule(ratio=Ratio.parse("2/3"), of=t.Base.CAST, compare=t.Compare.AT_LEAST, quorum=quorum)
    charter = t.Charter(name="Many", licenses=("CC0-1.0",), axes={}, rule=rule, tellers=("voter-00000",))
    roll = t.Roll(
        voters=tuple(t.Voter(voter=name, votes=1, keys=(who.line,)) for name, who in people.items())
    )
    epoch = first_epoch(write(charter), write(roll))
    statement = write(t.Statement(title="Much", date=day, lang="en", body="Much."))
    record = opening_for(epoch, "statement:voter-00000/much", statement, opens=day, closes=day)
    opening = write(record)
    name = sha256(opening).hexdigest()
    (root / "newsrepo.yaml").write_bytes(epoch.charter_data)
    (root / "roll.yaml").write_bytes(epoch.roll_data)
    (root / "opening.yaml").write_bytes(opening)
    (root / "opening.yaml.sig").write_bytes(people["voter-00000"].sign(opening, OPENING))
    bare = []
    for number in range(ballots):
        voter = f"voter-{number % voters:05}"
        ballot = t.Ballot(
            commons=record.commons,
            statement=record.statement,
            opening=name,
            voter=voter,
            number=1 + number // voters,
            choice=(t.Choice.YES, t.Choice.YES, t.Choice.NO, t.Choice.ABSTAIN)[number % 4],
            date=day,
        )
        data = write(ballot)
        signature = people[voter].sign(data, BALLOT)
        path = root / f"ballots/{voter}/{ballot.number}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.with_name(path.name + ".sig").write_bytes(signature)
        inner = b64decode(b"".join(signature.split(b"\n")[1:-2]))[-64:]
        bare.append((inner + signed_bytes(data, BALLOT), people[voter].key.point))
    (root / "bare.pickle").write_bytes(pickle.dumps(bare))


def files(root: Path) -> Iterator[str]:
    """Every ballot's path; its signature's ends in ``.sig``."""
    for entry in sorted(os.listdir(root / "ballots")):
        folder = f"{root}/ballots/{entry}"
        for name in os.listdir(folder):
            if name.endswith(".yaml"):
                yield f"{folder}/{name}"


def content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def reading(root: Path) -> None:
    """What both share: start, listing, the reference's own data."""
    pickle.loads((root / "bare.pickle").read_bytes())
    for _ in files(root):
        pass


def bare(root: Path) -> None:
    """The reference: read the files, verify the signatures, nothing else."""
    from nacl.bindings import crypto_sign_open

    prepared = pickle.loads((root / "bare.pickle").read_bytes())
    for path, (signed, point) in zip(files(root), prepared, strict=True):
        content(path)
        content(f"{path}.sig")
        crypto_sign_open(signed, point)


def ours(root: Path) -> None:
    """The count, from files to the sentence, as ``statement tally`` does it."""
    from newsrepo.tally.chain import chain
    from newsrepo.tally.evidence import Signed
    from newsrepo.tally.files import Files
    from newsrepo.tally.statement import judge

    opening = Signed((root / "opening.yaml").read_bytes(), (root / "opening.yaml.sig").read_bytes())
    found = Files(
        "statement:voter-00000/much",
        (opening,),
        lambda: (Signed(content(path), content(f"{path}.sig"), ("home",)) for path in files(root)),
    )
    charter, roll = (root / "newsrepo.yaml").read_bytes(), (root / "roll.yaml").read_bytes()
    print(judge(found, chain(charter, roll, [found])).sentence)


PARTS = {"reading": reading, "bare": bare, "ours": ours}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--ballots", type=int, default=100_000)
    options.add_argument("--voters", type=int, default=5_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--part", choices=PARTS)
    options.add_argument("--root", type=Path)
    given = options.parse_args()
    if given.part:
        PARTS[given.part](given.root)
        return
    root = given.root or Path(tempfile.mkdtemp(dir=memory_folder(), prefix="bench-tally-"))
    try:
        if not (root / "bare.pickle").exists():
            root.mkdir(exist_ok=True)
            make(root, given.ballots, given.voters)
        command = [sys.executable, str(Path(__file__).resolve()), "--root", str(root), "--part"]
        parts = {name: Case(name, [*command, name], root) for name in PARTS}
        rounds([*parts.values(), hello(root)], given.rounds)
        show(list(parts.values()))
        # Both start Python and list the files; only the reference unpickles what it was given beforehand.
        ratio("verify and count against bare PyNaCl plus reading", parts["ours"].cpu, parts["bare"].cpu, GOAL)
    finally:
        if given.root is None:
            shutil.rmtree(root)


if __name__ == "__main__":
    main()
