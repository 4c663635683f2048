"""Whatever lies in the working tree, no verb stumbles over it, and a certified result stays what it is."""

import random
from pathlib import Path

import pytest
from polling import FOLDER, ID, Desk, newsrepo

ROUNDS = 12
VERBS = (("tally", ID), ("list",), ("show", ID), ("epochs",), ("signers", ID), ("tally", ID, "."))


@pytest.fixture(scope="module")
def certified(_opened: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A vote that was carried, and another that is open; all of it committed."""
    desk = _opened.copy(tmp_path_factory.mktemp("certified") / "repo")
    desk.vote({"abc": "yes", "lmn": "yes", "xyz": "no"})
    desk.close()
    desk.propose("lmn/other")
    desk.open("lmn/other", "lmn")
    desk.vote({"abc": "no"}, "lmn/other")
    desk.commit()
    return desk


def mutate(dice: random.Random, data: bytes, others: list[bytes]) -> bytes:
    at = dice.randrange(len(data) + 1)
    match dice.randrange(6):
        case 0:
            return data[:at] + dice.randbytes(dice.randint(1, 4)) + data[at + dice.randint(0, 3) :]
        case 1:
            return data[:at]
        case 2:
            return dice.choice(others)
        case 3:
            lines = data.split(b"\n")
            dice.shuffle(lines)
            return b"\n".join(lines)
        case 4:
            return data.replace(b"1", b"2").replace(b"yes", b"no")
        case _:
            return data[:at] + dice.choice(others)[at:]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_any_bytes_anywhere(certified: Desk, tmp_path: Path, round_: int) -> None:
    dice = random.Random(round_)
    desk = certified.copy(tmp_path / "repo")
    paths = sorted(path for path in (desk.root / "statements").rglob("*") if path.is_file())
    known = [path.read_bytes() for path in paths]
    for path in dice.sample(paths, 8):
        path.write_bytes(mutate(dice, path.read_bytes(), known))
    for path in dice.sample(paths, 3):
        odd = dice.choice(
            [f"{FOLDER}/ballots/xyz/7.yaml", f"{FOLDER}/closings/abc/1.yaml.sig", "statements/x"]
        )
        (desk.root / odd).write_bytes(path.read_bytes())
    for verb in VERBS:
        assert newsrepo(desk.root, "statement", *verb).exit_code in (0, 1, 2)
    assert newsrepo(desk.root, "check").exit_code in (0, 1)
    assert newsrepo(desk.root, "--today", "2026-06-11", "audit").exit_code in (0, 1)
    tally = desk.tally()
    assert (tally["state"], tally["carried"]) == ("certified", True)
    assert [voter["choice"] for voter in tally["counts"][0]["voters"]] == ["yes", "yes", "no"]
    assert desk.tally("lmn/other")["counts"][0]["verdict"]["no"] == 1
