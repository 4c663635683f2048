"""What the start pages (and how to leave) tell to type prints what they say; UPDATE_GOLDENS=1 writes it anew."""

import shutil
from pathlib import Path

import pytest
from playing import (
    DOCS,
    Play,
    contingents,
    contributors,
    editors,
    leaving,
    publishers,
    same,
    surroundings,
    tellers,
)


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a page is played."""
    for name, value in surroundings(tmp_path).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return tmp_path


PLAYED = {
    "start/contributors": contributors,
    "start/contingents": contingents,
    "start/editors": editors,
    "start/publishers": publishers,
    "start/tellers": tellers,
    "leaving": leaving,
}


@pytest.mark.parametrize("page", PLAYED)
def test_a_page_is_true(page: str, base: Path) -> None:
    if page == "start/tellers" and shutil.which("ssh-keygen") is None:
        pytest.skip("needs ssh-keygen")
    Play(DOCS / f"{page}.md", base, PLAYED[page](base)).run()


def test_lines_may_be_left_out_and_nothing_else() -> None:
    assert same("a\n…\nd\n", "a\nb\nc\nd\n")
    assert same("a 3f2a9c1d\n", "a 77d0c2b1\n")
    assert not same("a\n…\nd\n", "a\nb\nc\n")
    assert not same("a\nb\n", "a\nb\nc\n")


def test_every_start_page_is_played() -> None:
    assert {f"start/{path.stem}" for path in DOCS.glob("start/*.md")} == set(PLAYED) - {"leaving"}
