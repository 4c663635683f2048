"""docs/reasons.md has every code for which something is set aside, and no other."""

import re
from pathlib import Path

from newsrepo.signing import Reason
from newsrepo.tally.evidence import Why

PAGE = (Path(__file__).parents[2] / "docs" / "reasons.md").read_text(encoding="utf-8")


def test_every_code_is_explained_once() -> None:
    told = re.findall(r"^\| `([a-z0-9-]+)` \| \S", PAGE, re.MULTILINE)
    assert sorted(told) == sorted([*Reason, *Why])
