"""The rules of credit are explained alike: what, why, what to do, before and after; and --fix is claimed where it holds."""

import re
from pathlib import Path

import pytest

from newsrepo.porcelain.explain import explain
from newsrepo.porcelain.fix import MENDABLE

DOCS = Path(__file__).parents[2] / "docs" / "rules"

CREDIT = (
    "dangling-id",
    "dangling-version",
    "derivation-cycle",
    "dropped-author",
    "dropped-credit",
    "edited-elsewhere",
    "license-not-accepted",
    "license-not-allowed",
    "missing-credit",
    "missing-license",
    "several-parents",
    "shallow-history",
    "source-does-not-hash",
    "source-moved-on",
    "uncredited-reuse",
    "unkept-source",
    "unseen-version",
    "vanished-id",
    "wrong-link",
    "wrong-version",
)


@pytest.mark.parametrize("rule", [*CREDIT, *sorted(MENDABLE)])
def test_the_page_says_what_why_what_to_do_before_and_after(rule: str) -> None:
    page = explain(rule).page
    parts = [page.index(f"**{part}**") for part in ("Why.", "What to do.", "Before", "After")]
    assert parts == sorted(parts)
    assert page.count("```") >= 4
    assert re.match(rf"# `{rule}`\n\n[A-Z].*\.\n", page)


def test_check_fix_is_promised_exactly_where_it_mends() -> None:
    promised = {
        path.stem
        for path in DOCS.glob("*.md")
        if path.stem != "README"
        and "check --fix` does" in path.read_text(encoding="utf-8").replace("\n", " ")
    }
    assert promised == MENDABLE
