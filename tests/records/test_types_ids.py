"""Whatever a record accepts as an id, ``newsrepo.ids`` accepts as well, so that no reader of records can trip."""

import re
from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo import ids
from newsrepo.records import types as t

PAIRS = [
    (t.Contingent_, ids.contingent_id),
    (t.Rater_, ids.rater_id),
    (t.Article_, ids.article_id),
    (t.Axis_, ids.axis_id),
    (t.AxisName, ids.axis_id),
]
PARTS = st.one_of(
    st.sampled_from(
        ["con", "com1", "nul", "console", "con-1", "a" * 60, "a" * 61, "a" * 80, "a" * 81, "2026", "a-", "A"]
    ),
    st.text("ab0-./\n", max_size=6),
)


def pattern(alias: Any) -> tuple[re.Pattern[str], int]:
    meta = get_args(alias)[1]
    return re.compile(meta.pattern), meta.max_length


@pytest.mark.parametrize(("alias", "parse"), PAIRS, ids=lambda value: getattr(value, "__name__", ""))
def test_patterns_and_ids_agree(alias: Any, parse: Callable[[str], str]) -> None:
    regex, longest = pattern(alias)
    both = 0

    @settings(max_examples=400, deadline=None, derandomize=True)
    @given(st.lists(PARTS, min_size=1, max_size=3).map("/".join))
    def check(text: str) -> None:
        nonlocal both
        try:
            parse(text)
            known = True
        except ids.IdError:
            known = False
        accepted = regex.search(text) is not None and len(text) <= longest
        both += accepted
        if alias is t.AxisName:
            known = known and "/" not in text
        assert accepted == known

    check()
    assert both


@pytest.mark.parametrize(
    "text", ["abc/2026/x", "comment:abc/2026/x", "filter:abc/x", "statement:abc/x", "contingent:abc"]
)
def test_references(text: str) -> None:
    regex, _ = pattern(t.Ref_)
    assert regex.search(text)
    assert ids.owner(text) == "abc"
    for wrong in (f"{text}\n", f" {text}", f"{text}/y/z/w", f"nosuch:{text}", text.upper()):
        assert not regex.search(wrong)
