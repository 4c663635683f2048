"""``unusable-key``: keys that cannot sign, wherever they stand, with the line that they stand on."""

import pytest
from signers import Signer
from support import commons

from newsrepo.checks import run
from newsrepo.signing import WEAK_POINTS, Key, KeyKind

GOOD = Signer("abc").line
WEAK = Key(KeyKind.PLAIN, min(WEAK_POINTS)).line


def found(path: str, text: str) -> list[tuple[int, str]]:
    findings = run(commons({path: text}))
    return [(f.location.line, f.message) for f in findings if f.rule == "unusable-key"]


@pytest.mark.parametrize(
    ("key", "word"),
    [(WEAK, "low order"), (GOOD[:40], "cut off"), (f"{GOOD}==", "base64"), (f"sk-{GOOD[4:]}", None)],
)
def test_on_a_roll(key: str, word: str | None) -> None:
    text = f"voters:\n  - voter: abc\n    votes: 1\n    keys:\n      - {GOOD} ann\n      - {key}\n"
    told = found("statements/roll.yaml", text)
    if word is None:  # the format itself refuses that type
        assert told == []
    else:
        assert [line for line, _ in told] == [6]
        assert word in told[0][1]


def test_in_a_contingents_file() -> None:
    assert [line for line, _ in found("contingents/abc.yaml", f"name: ABC\nkeys:\n  - {WEAK}\n")] == [3]
    assert found("contingents/abc.yaml", f"name: ABC\nkeys:\n  - {GOOD} ann@example\n") == []


def test_in_a_roll_that_a_statement_would_bring_in() -> None:
    text = f"voters:\n  - voter: abc\n    votes: 1\n    keys:\n      - {WEAK}\n"
    assert [line for line, _ in found("statements/abc/wider/enacts/roll.yaml", text)] == [5]
