"""The gate for names, in values."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.gitstore.names import escape, fault, fold, is_dropping, sift


@pytest.mark.parametrize(
    "name", ["index.md", "IMG 0001.JPG", "a+b=c.jpg", "中文.jpg", "3f2a9c1d.md", ".hidden"]
)
def test_harmless_names_pass(name: str) -> None:
    assert fault(name) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a\nb", "U+000A"),
        ("a\tb", "U+0009"),
        ("a\x7fb", "U+007F"),
        ("a\u2028b", "U+2028"),
        ("a\u061cb", "U+061C"),
        ("a\ue000b\ufeff", "U+FEFF"),
        ("a\\b", "'\\\\'"),
        ("a:b", "':'"),
        ("--output=x", "hyphen"),
        ("x ", "space"),
        ("é" * 128, "256 bytes"),
        ("\udcff", "UTF-8"),
        (".Git ", "git's own"),
    ],
)
def test_faults_say_what_is_wrong(name: str, said: str) -> None:
    found = fault(name)
    assert found
    assert said in found[0]
    assert found[1]


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=300)
def test_escapes_are_printable_and_short(name: str) -> None:
    shown = escape(name)
    assert shown.isprintable()
    assert len(shown) <= 120 * 10 + 1
    assert not any(c in shown for c in "\u202e\u200b\x1b\n")


@given(st.text(max_size=20))
@settings(deadline=None, max_examples=300)
def test_folding_again_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    "name", [".a.swp", ".a.swo", "a~", ".#a", "#a#", "._x", ".nfs0001", ".newsrepo-12-ab.tmp"]
)
def test_droppings(name: str) -> None:
    assert is_dropping(name)


@pytest.mark.parametrize("name", ["a.md", "swp", "a.swp", "#a", ".hidden", ".gitmodules", ".git"])
def test_no_droppings(name: str) -> None:
    assert not is_dropping(name)


def test_the_flat_gate_keeps_order_and_speaks_once() -> None:
    kept, findings = sift(["a/B/x", "a/b/x", "a/b/y:z", "c/-d/e", "c/-d/f:g"], "staged")
    assert kept == ["a/b/x"]
    assert [(f.rule, f.location.path) for f in findings] == [
        ("twin-names", "a/B"),
        ("bad-file-name", "a/b/y:z"),
        ("bad-file-name", "c/-d"),
    ]
