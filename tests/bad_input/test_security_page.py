"""docs/security.md names every case, and tests that exist and say that they hold it."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/security.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+) \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)


def test_every_case_has_its_row() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 109))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_holds_it_is_there(row: tuple[str, str, str, str]) -> None:
    """A link to a test that exists; and where a test is a table of cases, this case is in it."""
    match = re.fullmatch(r"\[(test_\w+)\]\(\.\./(tests/[\w/]+\.py)\)", row[3])
    assert match, row[3]
    source = (PROJECT / match[2]).read_text("utf-8")
    assert f"\ndef {match[1]}(" in source
    if match[1] in ("test_bad_files", "test_bad_trees"):
        assert re.search(rf"^    (?:Case)?\(\n? *{row[0]},", source, re.MULTILINE)


def test_rules_that_it_names_have_a_page() -> None:
    """A page of their own, or, of why a ballot does not count, a line in docs/reasons.md."""
    known = {path.stem for path in (PROJECT / "docs/rules").glob("*.md")}
    known |= set(
        re.findall(r"^\| `([a-z0-9-]+)` \|", (PROJECT / "docs/reasons.md").read_text("utf-8"), re.MULTILINE)
    )
    for number, _, says, _ in ROWS:
        for rule in re.findall(r"`([a-z]+(?:-[a-z0-9]+)+)`", says):
            assert rule in known, f"case {number}: {rule}"
