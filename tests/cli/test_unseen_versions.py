"""A version that never was, one that is only out of view, and one of which a shallow clone cannot tell."""

import json
from pathlib import Path

import pytest

from newsrepo.gitstore.snapshot import blob_id
from tests.cli.conftest import STRIKE, Run
from tests.conftest import commit_all, put, run_git

A = "abc/2026/dock-strike"
OLD = blob_id(STRIKE.encode())
NEVER = "1" * 40
RULES = ("dangling-version", "unseen-version", "shallow-history")


def derived(version: str) -> str:
    based = f"based_on:\n  - article: {A}\n    version: {version}\n    relation: rewrite\n"
    return STRIKE.replace("license:", f"{based}license:").replace("nine", "ten")


@pytest.fixture
def revised(commons: Path) -> Path:
    """The article was revised since; one work cites its earlier text, another one that never was."""
    put(
        commons,
        {
            f"articles/{A}/index.md": STRIKE.replace("nine", "eleven"),
            "contingents/lmn.yaml": "name: Lmn\n",
            "articles/lmn/2026/old/index.md": derived(OLD),
            "articles/lmn/2026/never/index.md": derived(NEVER),
            "comments/lmn/2026/mine.md": (
                f"---\non: {A}\nversion: {'2' * 40}\ndate: 2026-05-04\nlang: en\nauthors: [Bo]\n---\nIndeed.\n"
            ),
        },
    )
    commit_all(commons, GIT_COMMITTER_DATE="2026-05-11T12:00:00Z")
    return commons


def told(run: Run, root: Path) -> list[tuple[str, str, str]]:
    findings = json.loads(run("check", "--json", cwd=root).stdout)["findings"]
    return [(f["rule"], f["severity"], f["path"]) for f in findings if f["rule"] in RULES]


def test_a_version_that_never_was_is_an_error(revised: Path, run: Run) -> None:
    assert told(run, revised) == [
        ("dangling-version", "error", "articles/lmn/2026/never/index.md"),
        ("dangling-version", "error", "comments/lmn/2026/mine.md"),
    ]
    said = run("check", cwd=revised).stdout
    assert f"no version {NEVER[:12]}… of {A} ever stood in abc's history, as it is seen here" in said


def test_a_version_that_is_only_out_of_view_is_told_as_such(revised: Path, run: Run, tmp_path: Path) -> None:
    """A partial clone has all of history and, of earlier texts, only the names."""
    run_git(revised, "config", "uploadpack.allowFilter", "true")
    run_git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{revised}", "partial")
    partial = tmp_path / "partial"
    assert ("unseen-version", "warning", "articles/lmn/2026/old/index.md") in told(run, partial)
    assert len(told(run, partial)) == 3
    said = run("check", "articles/lmn/2026/old", cwd=partial).stdout
    assert f"version {OLD[:12]}… of {A} stood in abc's history, but its text is not in view" in said
    asked = run("diff", f"{A}@{OLD}", A, cwd=partial)
    assert asked.exit_code == 3
    assert "stood in abc's history (commit " in asked.stderr


def test_of_what_is_missing_a_shallow_clone_says_that_it_cannot_tell(
    revised: Path, run: Run, tmp_path: Path
) -> None:
    run_git(tmp_path, "clone", "-q", "--depth", "1", f"file://{revised}", "shallow")
    shallow = tmp_path / "shallow"
    assert told(run, shallow) == [("shallow-history", "note", "newsrepo.yaml")]
    said = run("check", cwd=shallow).stdout
    assert "3 versions that are named are not here, and may exist elsewhere" in said
    for version in (OLD, NEVER):
        asked = run("diff", f"{A}@{version}", A, cwd=shallow)
        assert (asked.exit_code, "git fetch --unshallow" in asked.stderr) == (3, True)


def test_a_kept_text_is_believed_whatever_history_says(revised: Path, run: Run) -> None:
    other = STRIKE.replace("nine", "twelve")
    version = blob_id(other.encode())
    folder = "articles/lmn/2026/never"
    put(revised, {f"{folder}/index.md": derived(version), f"{folder}/sources/{version}.md": other})
    assert [path for _, _, path in told(run, revised)] == ["comments/lmn/2026/mine.md"]
