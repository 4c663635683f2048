"""A chain of four contingents on a real repository: whose credit is lost is told, however the clone was made."""

import shutil
from pathlib import Path

import pytest

from newsrepo.gitstore.snapshot import blob_id
from tests.cli.conftest import STRIKE, Run
from tests.conftest import commit_all, put, run_git

A, B, C, D = "abc/2026/dock-strike", "lmn/2026/port", "xyz/2026/hafen", "qrs/2026/docks"
CREDIT = "credits:\n  - name: Ann Lee\n    for: the first report\n"


def derived(title: str, source: str, text: str, relation: str) -> str:
    based = f"  - article: {source}\n    version: {blob_id(text.encode())}\n    relation: {relation}\n"
    head = f"title: {title}\ndate: 2026-05-04\nlang: en\nlicense: CC0-1.0\nbased_on:\n{based}{CREDIT}"
    return f"---\n{head}---\n\n{title}, told anew.\n"


TEXT_B = derived("The port", A, STRIKE, "rewrite")
TEXT_C = derived("The harbour", B, TEXT_B, "translation")
TEXT_D = derived("The docks", C, TEXT_C, "quote")


def kept(name: str, *texts: str) -> dict[str, str]:
    return {f"articles/{name}/sources/{blob_id(text.encode())}.md": text for text in texts}


@pytest.fixture
def chain(commons: Path) -> Path:
    """A rewritten by B, B translated by C, C quoted by D, who keeps all that C keeps."""
    put(
        commons,
        {
            **{f"contingents/{c}.yaml": f"name: The {c}\n" for c in ("lmn", "xyz", "qrs")},
            f"articles/{B}/index.md": TEXT_B,
            **kept(B, STRIKE),
            f"articles/{C}/index.md": TEXT_C,
            **kept(C, TEXT_B, STRIKE),
            f"articles/{D}/index.md": TEXT_D,
            **kept(D, TEXT_C, TEXT_B, STRIKE),
        },
    )
    commit_all(commons)
    return commons


def test_the_whole_chain_is_sound_and_drawn(chain: Path, run: Run) -> None:
    result = run("check", cwd=chain)
    assert (result.exit_code, result.stdout) == (0, "")
    drawn = [line.strip(" └─") for line in run("credits", D, cwd=chain).stdout.splitlines() if "└──" in line]
    assert [line.partition("@")[0] for line in drawn] == [
        f"quotes {C}",
        f"translation of {B}",
        f"rewrite of {A}",
    ]


def test_a_credit_dropped_is_named_at_the_end_of_the_chain(chain: Path, run: Run) -> None:
    (chain / f"articles/{D}/sources/{blob_id(TEXT_B.encode())}.md").unlink()
    result = run("check", cwd=chain)
    assert result.exit_code == 1
    (line,) = [line for line in result.stdout.splitlines() if not line.startswith("  ")]
    assert line == (
        f"articles/{D}/index.md:7:14: dropped-credit: {A} is not credited, though this is based on it "
        f"through {C} and {B}"
    )


def test_taking_a_credit_back_later_takes_it_from_nobody(chain: Path, run: Run) -> None:
    put(chain, {f"articles/{B}/index.md": STRIKE.replace("nine", "ten")})
    result = run("check", cwd=chain)
    assert result.exit_code == 0
    assert f"articles/{C}/index.md:7:14: dropped-credit (note): {B} credits {A} no more" in result.stdout
    assert f"rewrite of {A}@" in run("credits", D, cwd=chain).stdout


def test_when_the_others_are_gone_the_end_still_proves_it_all(chain: Path, run: Run) -> None:
    for name in (A, B, C):
        for path in sorted((chain / "articles" / name).rglob("*.md")):
            path.unlink()
    assert run("check", f"articles/{D}", cwd=chain).exit_code == 0
    text = run("credits", D, cwd=chain).stdout
    assert text.count("not in view") == 3
    assert "text not at hand" not in text
    assert "The dock strike ends · Ann Lee" in text


def test_a_shallow_clone_answers_alike(chain: Path, run: Run, tmp_path: Path) -> None:
    run_git(tmp_path, "clone", "-q", "--depth", "1", f"file://{chain}", "shallow")
    for verb in (["check"], ["credits", D], ["credits", A, "--json"]):
        here, there = run(*verb, cwd=chain), run(*verb, cwd=tmp_path / "shallow")
        assert (here.exit_code, here.stdout) == (there.exit_code, there.stdout)


def test_a_rewrite_that_drops_its_author_is_told_with_both_names(chain: Path, run: Run) -> None:
    put(chain, {f"articles/{B}/index.md": TEXT_B.replace(CREDIT, "authors:\n  - Bo Moor\n")})
    found = run("check", f"articles/{B}", cwd=chain).stdout
    assert f"articles/{B}/index.md:10:1: dropped-author (warning): {A}, of which this is a rewrite" in found
    assert "is by Ann Lee, and nothing here says so" in found


def test_what_only_kept_texts_name_is_still_found(chain: Path, run: Run) -> None:
    """The first article is gone, and who rewrote it took the credit back: the last of the chain remembers both."""
    for path in sorted((chain / f"articles/{A}").rglob("*.md")):
        path.unlink()
    shutil.rmtree(chain / f"articles/{B}/sources")
    put(chain, {f"articles/{B}/index.md": STRIKE.replace("nine", "ten")})
    version = blob_id(STRIKE.encode())
    shown = run("diff", f"{A}@{version[:8]}", B, cwd=chain)
    assert (shown.exit_code, "[-nine-]{+ten+}" in shown.stdout) == (0, True)
    run_git(chain, "checkout", "-q", "--orphan", "new")
    commit_all(chain)
    listed = run("versions", A, cwd=chain).stdout
    assert "The dock strike ends" in listed
    assert f"{version[:8]}  not in history" in listed
