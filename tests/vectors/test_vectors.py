"""Every vector gives its verdict, in any order of its files, and is made anew byte for byte."""

import json
import random
from pathlib import Path

import pytest
from make import all_cases
from vectors import CASES, Case, gathered, judge_all

NAMES = sorted(folder.name for folder in CASES.iterdir())
REFUSED = [name for name in NAMES if name.endswith("-refused")]


def expected(name: str) -> dict[str, object]:
    told = json.loads((CASES / name / "expected.json").read_bytes())
    assert isinstance(told, dict)
    return told


def test_there_are_enough_of_them_and_many_refusals() -> None:
    assert len(NAMES) >= 60
    assert 100 * len(REFUSED) > 40 * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict(name: str) -> None:
    assert Case.read(CASES / name).verdict() == expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_neither_order_nor_copies_matter(name: str) -> None:
    case = Case.read(CASES / name)
    labels = [*case.refs, *(f"copy-of-{label}" for label in case.refs)]
    random.Random(name).shuffle(labels)
    case.refs = {label: case.refs[label.removeprefix("copy-of-")] for label in labels}
    assert case.verdict() == expected(name)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_called_refused_refuses_something(name: str) -> None:
    told = expected(name)
    assert told.get("genesis") == "refused" or told.get("drift") or _refusals(told)


def _refusals(told: dict[str, object]) -> list[object]:
    statements = told["statements"]
    assert isinstance(statements, dict)
    found: list[object] = []
    for one in statements.values():
        found += one["openings_refused"]
        found += ["text"] if one["text"] == "edited" else []
        for opening in one["openings"]:
            found += opening["ballots_aside"] + opening["closings_aside"]
            found += ["contested"] if opening["state"] == "contested" else []
    return found


def test_they_are_made_anew_byte_for_byte(tmp_path: Path) -> None:
    for case in all_cases():
        case.write(tmp_path)
    assert sorted(folder.name for folder in tmp_path.iterdir()) == NAMES
    for name in NAMES:
        for file in ("case.json", "expected.json"):
            assert (tmp_path / name / file).read_bytes() == (CASES / name / file).read_bytes()


@pytest.mark.parametrize("name", ["certified", "one-good-copy", "split"])
def test_the_order_of_files_in_memory_does_not_matter(name: str) -> None:
    case = Case.read(CASES / name)
    chance = random.Random(name)
    statements = gathered(case.refs)
    for _ in range(5):
        order = list(statements.values())
        chance.shuffle(order)
        assert judge_all(case, order) == expected(name)
