"""Every rule that the program can report has a page in ``docs/rules``, and no page is left of a rule that is gone."""

import re
from pathlib import Path

from rule_ids import rule_ids

DOCS = Path(__file__).parents[2] / "docs" / "rules"
PAGES = frozenset(path.stem for path in DOCS.glob("*.md")) - {"README"}

BY_NAME_ONLY = frozenset(["duplicate-teller", "duplicate-voter"])
"""Ids that are put together where they are told."""


def test_every_rule_has_a_page() -> None:
    told = rule_ids()
    assert {name: where for name, where in told.items() if name not in PAGES} == {}


def test_every_page_is_of_a_rule() -> None:
    assert PAGES - set(rule_ids()) - BY_NAME_ONLY == set()


def test_pages_say_what_why_and_what_to_do_and_the_index_names_them_all() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^- \[`([a-z0-9-]+)`\]\(\1\.md\): ", index, re.MULTILINE)) == PAGES
    for name in sorted(PAGES):
        text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
        assert text.startswith(f"# `{name}`\n\n"), name
        assert re.search(r"^\*\*Why\.\*\* \S", text, re.MULTILINE), name
        assert re.search(r"^\*\*What to do\.\*\* \S", text, re.MULTILINE), name
