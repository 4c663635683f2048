"""A pull request from a stranger, by the exact command of the checking workflow, on a real repository."""

import os
import re
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git
from pull_desk import HOME, QUAY, Said, base, check, text

STRANGER = "https://github.com/zoe/commons"
SMUGGLED = "::error file=README.md,line=1::smuggled"
HOSTILE = [
    f"comments/abc/2026/x\n{SMUGGLED}.md",
    "comments/abc/2026/\x1b[2J##[error]esc.md",
    "comments/abc/2026/a%0A::warning::p,q:r.md",
    "articles/zoe/2026/pier/100%,::error::.png",
    "##[error]read\nme.txt",
    f"{SMUGGLED}.txt".replace("/", "-"),
]


@pytest.fixture
def request_(tmp_path: Path) -> Path:
    """ABC's article edited, a newcomer added, hostile names and titles; checked out as a merge with the base."""
    root = base(tmp_path / "repo")
    put(
        root,
        {
            QUAY: text("The quay", "Nine days, they say."),
            "contingents/zoe.yaml": f"name: '{SMUGGLED}'\nwriters: ['github:zoe']\n",
            "articles/zoe/2026/pier/index.md": text(
                f"'{SMUGGLED}'", f"{SMUGGLED}\n\n##[error]body\n\n[x](article:abc/2026/nowhere)"
            ),
            "articles/zoe/2026/##[error]odd/index.md": "x",
            **dict.fromkeys(HOSTILE, "x"),
        },
    )
    commit_all(root, "A change")
    run_git(root, "checkout", "--quiet", "--detach", "main")
    run_git(root, "merge", "--quiet", "--no-ff", "-m", "Merge", "work")
    return root


@pytest.fixture
def said(request_: Path, tmp_path: Path) -> Said:
    return check(
        request_,
        "--since",
        "HEAD^1",
        "--author",
        STRANGER,
        "--format",
        "github",
        summary=tmp_path / "summary",
    )


def test_it_fails(said: Said) -> None:
    assert said.code == 1
    assert "Traceback" not in said.err


def test_the_article_of_another_is_named_first(said: Said) -> None:
    first, *_ = said.commands
    assert (first.name, first.properties["file"], first.properties["title"]) == (
        "error",
        QUAY,
        "edited-elsewhere",
    )
    assert "abc's" in first.data
    assert "hint: write your own version (`newsrepo rewrite abc/2026/quay`)" in first.data


def test_nothing_else_is_obeyed(said: Said) -> None:
    commands = said.commands
    assert [c.properties["file"] for c in commands if c.name != "error"] == ["contingents/zoe.yaml"]
    assert all(set(c.properties) == {"file", "line", "col", "title"} for c in commands)
    titles = [c.properties["title"] for c in commands]
    assert titles[0] == "edited-elsewhere"
    assert set(titles) == {"edited-elsewhere", "new-pins", "bad-file-name", "bad-path", "dangling-link"}
    assert not any(c.properties["file"] == "README.md" for c in commands)


def test_the_newcomer_may_come_in(said: Said) -> None:
    elsewhere = [c for c in said.commands if c.properties["title"] == "edited-elsewhere"]
    assert [c.properties["file"] for c in elsewhere] == [QUAY]
    (link,) = [c for c in said.commands if c.properties["title"] == "dangling-link"]
    assert link.properties["file"] == "articles/zoe/2026/pier/index.md"


def test_hostile_names_are_visible_and_whole(said: Said) -> None:
    files = {c.properties["file"] for c in said.commands}
    assert any("\\u{1b}[2J" in name or "\\x1b[2J" in name for name in files)
    assert not any("\x1b" in stream or "\r" in stream for stream in (said.out, said.err, said.summary))
    assert "files that are no records" not in said.err
    assert "also changed, and no records:" in said.err


def test_the_summary_is_words_alone(said: Said) -> None:
    rows = [line for line in said.summary.split("\n") if line.startswith("- **")]
    assert len(rows) == len(said.commands)
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", said.summary)
    assert not re.search(r"[<>\[\]`#|&]|::|https?:", bare.replace("### newsrepo check", "", 1))


def test_the_same_each_time(request_: Path) -> None:
    command = ("--since", "HEAD^1", "--author", STRANGER, "--format", "github")
    one, other = check(request_, *command), check(request_, *command)
    assert (one.out, one.err) == (other.out, other.err)


def test_a_reader_of_the_text_format_is_safe_too(request_: Path) -> None:
    for form in ("text", "json", "gitlab", "junit", "sarif"):
        said = check(request_, "--since", "HEAD^1", "--author", STRANGER, "--format", form)
        assert said.code == 1
        assert said.commands == []


def test_the_newcomer_alone_is_welcome(tmp_path: Path) -> None:
    root = base(tmp_path / "repo")
    put(
        root,
        {
            "contingents/zoe.yaml": "name: Zoe\nwriters: ['github:zoe']\n",
            "articles/zoe/2026/pier/index.md": text("The pier"),
        },
    )
    commit_all(root)
    said = check(root, "--since", "main", "--author", STRANGER, "--format", "github")
    assert said.code == 0
    (note,) = said.commands
    assert (note.name, note.properties["title"]) == ("notice", "new-pins")
    assert note.data.startswith("merging this admits zoe: writers 'github:zoe'")


def test_more_than_a_forge_shows_is_in_the_log(tmp_path: Path) -> None:
    root = base(tmp_path / "repo")
    pieces = {f"articles/zoe/2026/p{n}/index.md": text(f"P{n}", more=f"'{SMUGGLED}': 1\n") for n in range(20)}
    put(root, {"contingents/zoe.yaml": "name: Zoe\n", **pieces})
    commit_all(root)
    said = check(root, "--since", "main", "--author", "github:zoe", "--format", "github")
    assert said.code == 1
    assert [c.name for c in said.commands] == ["notice"] + ["error"] * 10
    stop = re.search(r"^::stop-commands::([0-9a-f]{32})$", said.out, re.MULTILINE)
    assert stop is not None
    assert said.out.endswith(f"\n::{stop[1]}::\n")
    assert "10 more findings" in said.out
    again = check(root, "--since", "main", "--author", "github:zoe", "--format", "github")
    assert stop[1] not in again.out


def test_a_token_is_not_taken_from_the_surroundings(request_: Path) -> None:
    """An author that is empty, or none, is refused: it must never mean that anybody may write anything."""
    for author in ("", " ", "\n", "a b", "--host", "x" * 500, f"{HOME}\n::error::x"):
        said = check(request_, "--since", "HEAD^1", "--author", author, "--format", "github")
        assert said.code == 2, author
        assert said.commands == []
        assert said.out == ""


def test_no_record_changes(tmp_path: Path) -> None:
    root = base(tmp_path / "repo")
    put(root, {"README.md": "Another word.\n", ".github/workflows/x.yml": "on: push\n"})
    commit_all(root)
    said = check(root, "--since", "main", "--author", "github:zoe", "--format", "github")
    assert (said.code, said.out) == (0, "")
    assert "no record is changed" in said.err
    assert "also changed, and no records: .github/workflows/x.yml, README.md" in said.err


def test_a_link_into_anothers_folder(tmp_path: Path) -> None:
    root = base(tmp_path / "repo")
    (root / QUAY).unlink()
    os.symlink("/etc/passwd", root / QUAY)
    commit_all(root)
    said = check(root, "--since", "main", "--author", STRANGER, "--format", "github")
    assert said.code == 1
    assert {"edited-elsewhere", "vanished-id", "symlink"} <= {c.properties["title"] for c in said.commands}


ROLL = "statements/roll.yaml"
BALLOT = "statements/abc/peace/ballots/lmn/1.yaml"


def _titles(said: Said) -> set[tuple[str, str]]:
    return {(c.properties["title"], c.properties["file"]) for c in said.commands}


def test_a_ballot_and_the_roll(tmp_path: Path) -> None:
    """Case 97: what is voted by a roll does not come with another roll."""
    root = base(tmp_path / "repo", {ROLL: "voters: []\n"})
    put(root, {ROLL: "voters: [] # of late\n", BALLOT: "x\n"})
    commit_all(root)
    said = check(root, "--since", "main", "--author", "https://github.com/lmn/news", "--format", "github")
    assert said.code == 1
    assert {("mixed-change", ROLL), ("unenacted-change", ROLL), ("edited-elsewhere", ROLL)} <= _titles(said)


def test_anothers_ballot(tmp_path: Path) -> None:
    """Case 98: a ballot is its voter's, and stays as it was cast."""
    root = base(tmp_path / "repo", {BALLOT: "x\n"})
    put(root, {BALLOT: "y\n", BALLOT.replace("/1", "/2"): "z\n"})
    commit_all(root)
    said = check(root, "--since", "main", "--author", "github:ann", "--format", "github")
    assert said.code == 1
    assert {
        ("edited-elsewhere", BALLOT),
        ("rewritten-vote", BALLOT),
        ("edited-elsewhere", BALLOT.replace("/1", "/2")),
    } <= _titles(said)
