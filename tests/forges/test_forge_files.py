"""What ``init --forge`` writes: sound by the forges' own schemas and by zizmor, and nothing overwritten."""

import fnmatch
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from forge_desk import PROJECT, SHIPPED, TOOL, commons, load
from hermetic import run_git

import newsrepo
from newsrepo.cli import init as verb
from newsrepo.errors import UnableError, UsageError
from newsrepo.ids import contingent_id
from newsrepo.porcelain.forge import Forge, accounts, code_owners, equip, folders, forge_files, within
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.records.paths import Place, place

SCHEMAS = {
    ".github/workflows": "vendor.github-workflows",
    ".forgejo/workflows": "vendor.github-workflows",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
    ".github/ISSUE_TEMPLATE": "vendor.github-issue-forms",
    ".forgejo/ISSUE_TEMPLATE": "vendor.github-issue-forms",
}
BOOK = {
    contingent_id("abc"): t.Contingent(name="ABC", writers=("@bo", "Ann")),
    contingent_id("lmn"): t.Contingent(name="LMN", writers=("cy", "x y", "#", "dock/desk")),
    contingent_id("xyz"): t.Contingent(name="XYZ", home="https://example.org/xyz/news"),
}
WORKFLOWS = [
    *sorted((PROJECT / ".github/workflows").glob("*.yml")),
    *sorted(SHIPPED.glob("*/workflows/*.yml")),
]


def run(*command: str | Path, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, check=False)


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("forge", Forge)
def test_a_new_commons_passes_both_linters(forge: Forge, tmp_path: Path) -> None:
    root = commons(tmp_path / "new", forge)
    written = run_git(root, "ls-files", "-z").split("\0")
    linted: dict[str, list[str]] = {}
    for path in written:
        schema = next((s for start, s in SCHEMAS.items() if path.startswith(start)), None)
        if schema is not None:
            linted.setdefault(schema, []).append(path)
    for schema, paths in linted.items():
        done = run(TOOL / "check-jsonschema", "--builtin-schema", schema, *paths, cwd=root)
        assert done.returncode == 0, done.stdout
    assert linted
    workflows = linted.get("vendor.github-workflows", [])
    assert bool(workflows) == (forge is not Forge.GITLAB)  # zizmor reads no GitLab files
    if workflows:
        done = run(TOOL / "zizmor", "--offline", "--no-progress", "--no-ignores", *workflows, cwd=root)
        assert done.returncode == 0, done.stdout
    assert not [
        path
        for path in written
        if path.startswith((".github", ".gitlab", ".forgejo")) and f".{forge}" not in path
    ]


def test_the_projects_own_pass_both_linters() -> None:
    done = run(
        TOOL / "check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml", cwd=PROJECT
    )
    assert done.returncode == 0, done.stdout
    done = run(TOOL / "zizmor", "--offline", "--no-progress", ".github", "action.yml", cwd=PROJECT)
    assert done.returncode == 0, done.stdout


def scripts(value: Any) -> Iterator[str]:
    """Every script anywhere in a workflow."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "run" and isinstance(inner, str):
                yield inner
            else:
                yield from scripts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scripts(inner)


@pytest.mark.parametrize("path", [*WORKFLOWS, PROJECT / "action.yml"], ids=name_of)
def test_values_reach_scripts_in_variables_only(path: Path) -> None:
    found = list(scripts(load(path)))
    assert found or path.parent == PROJECT / ".github/workflows"
    assert not [script for script in found if "${{" in script]


@pytest.mark.parametrize("path", WORKFLOWS, ids=name_of)
def test_workflows_ask_for_little(path: Path) -> None:
    text, whole = path.read_text(), load(path)
    assert whole["permissions"] == {}
    known = {"push", "pull_request", "schedule", "workflow_dispatch"}
    assert set(whole["on"]) <= known or (path.name, set(whole["on"])) == ("intake.yml", {"issues"})
    assert "pull_request" not in whole["on"] or "schedule" not in whole["on"]
    assert "secrets" not in text
    assert ("cache" in re.sub("#.*", "", text)) == (path.name == "pages.yml" and ".forgejo" not in text)
    for job in whole["jobs"].values():
        assert "timeout-minutes" in job
        if "pull_request" in whole["on"]:
            assert job["permissions"] == {"contents": "read"}
        for step in job["steps"]:
            uses = step.get("uses", "./")
            assert uses.startswith("./") or re.fullmatch(r"actions/[a-z-]+(/[a-z]+)?@[0-9a-f]{40}", uses)
            if uses.startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] == "false"


@pytest.mark.parametrize("path", WORKFLOWS, ids=name_of)
def test_only_pushes_to_the_published_branch_use_the_cache(path: Path) -> None:
    """What a request or another branch wrote is out of reach, and the daily run takes nothing over."""
    whole = load(path)
    cached = [
        step
        for job in whole["jobs"].values()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/cache")
    ]
    for step in cached:
        assert set(whole["on"]) == {"push", "schedule", "workflow_dispatch"}
        assert set(whole["on"]["push"]) == {"branches"}
        assert step["if"].startswith("github.event_name == 'push'")
        assert step["with"]["path"] == ".git/newsrepo/index.sqlite3"
        assert step["with"]["key"].startswith("newsrepo-index-${{ hashFiles(")
        assert step["with"]["key"].endswith(") }}-${{ github.sha }}")
    kinds = [re.sub("@.*", "", step["uses"]) for step in cached]
    assert kinds in ([], ["actions/cache/restore", "actions/cache/save"])


def test_the_matrix_in_the_docs_is_sound_and_names_the_pins_of_the_others(tmp_path: Path) -> None:
    page = (PROJECT / "docs/publishing.md").read_text()
    (text,) = re.findall(r"```yaml\n(name: pages\n.*?)```", page, re.DOTALL)
    workflow = tmp_path / ".github/workflows/pages.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(text)
    done = run(
        TOOL / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout
    done = run(TOOL / "zizmor", "--offline", "--no-progress", "--no-ignores", workflow, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert not [script for script in scripts(load(workflow)) if "${{" in script]
    others = dict(re.findall(r"uses: (\S+)@(\S+) # v", "".join(path.read_text() for path in WORKFLOWS)))
    own = dict(re.findall(r"uses: (\S+)@([0-9a-f]{40}) # v", text))
    assert len(own) == text.count("uses: actions/") - 2  # two are used twice
    assert {name: others.get(name, commit) for name, commit in own.items()} == own


def test_one_commit_stands_for_one_release_of_an_action_everywhere() -> None:
    seen: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for name, commit, release in re.findall(r"uses: (\S+)@(\S+) # (v\S+)", path.read_text()):
            seen.setdefault(name, set()).add(f"{commit} {release}")
    assert set(seen) >= {"actions/checkout", "actions/deploy-pages", "actions/upload-pages-artifact"}
    assert {name: len(pins) for name, pins in seen.items()} == dict.fromkeys(seen, 1)


def test_nothing_shipped_names_a_machine_or_a_registry() -> None:
    here = {PROJECT.parent, PROJECT, Path.home()}
    # Not the root of all: every path begins there.
    places = [str(place) for place in here if len(place.parts) > 1]
    for path in sorted(p for p in SHIPPED.rglob("*") if p.is_file()):
        text = path.read_text()
        assert not re.search(r"https?://|index-url|find-links|/home/|~/", text), path
        assert not any(re.search(rf"{re.escape(place)}\b", text) for place in places), path


def test_the_lock_covers_what_the_package_needs_and_agrees_with_the_projects() -> None:
    def pins(path: Path) -> dict[str, str]:
        text = path.read_text().replace("\\\n", " ")
        return {
            " ".join(line.split("--hash")[0].split()): " ".join(line.split()) for line in text.splitlines()
        }

    shipped, own = pins(SHIPPED / "newsrepo.lock"), pins(PROJECT / "requirements.lock")
    assert all("--hash=sha256:" in line for line in shipped.values())
    assert shipped.items() <= own.items()
    import tomllib

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[<>=!~\[ ]", need)[0].lower() for need in project["dependencies"]}
    assert wanted <= {pin.split("==")[0] for pin in shipped}


@pytest.fixture
def work(make_repo: Callable[..., Path]) -> Workspace:
    return Workspace.discover(commons(make_repo().parent / "commons"))


def test_nothing_is_overwritten(work: Workspace) -> None:
    (work.root / ".github/workflows").mkdir(parents=True)
    (work.root / ".github/workflows/pages.yml").write_text("mine")
    (work.root / ".github/PULL_REQUEST_TEMPLATE.md").write_bytes((SHIPPED / "request.md").read_bytes())
    (work.root / ".github/newsrepo.lock").symlink_to("/nonexistent")
    (work.root / ".github/newsrepo.txt").mkdir()
    done = equip(work, [Forge.GITHUB], hosts=["ann"])
    assert done.written == (
        ".github/CODEOWNERS",
        ".github/ISSUE_TEMPLATE/answer.yml",
        ".github/ISSUE_TEMPLATE/question.yml",
        ".github/ISSUE_TEMPLATE/story.yml",
        ".github/workflows/check.yml",
        ".github/workflows/intake.yml",
    )
    assert done.same == (".github/PULL_REQUEST_TEMPLATE.md",)
    assert done.different == (".github/newsrepo.lock", ".github/newsrepo.txt", ".github/workflows/pages.yml")
    assert (work.root / ".github/workflows/pages.yml").read_text() == "mine"
    again = equip(work, [Forge.GITHUB], hosts=["ann"])
    assert again.written == ()
    assert set(again.same) == {*done.written, *done.same}


def test_nothing_is_written_through_a_link(work: Workspace, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (work.root / ".github").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="symbolic link"):
        equip(work, [Forge.GITHUB])
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_forges_need_a_commons(make_repo: Callable[..., Path]) -> None:
    with pytest.raises(UnableError, match=r"newsrepo\.yaml is missing"):
        equip(Workspace.discover(make_repo()), [Forge.GITHUB])


def test_the_branch_that_is_checked_out_is_published(work: Workspace) -> None:
    run_git(work.root, "checkout", "--quiet", "-b", "on")
    equip(work, [Forge.FORGEJO])
    pages = work.root / ".forgejo/workflows/pages.yml"
    assert load(pages)["on"]["push"]["branches"] == ["on"]
    assert '["on"]' in pages.read_text()  # a word, not a yes


@pytest.mark.parametrize("branch", ["a b", "", "x]", '"', "a\nb", "-x", "ä", "$(x)", "${{ x }}"])
def test_odd_branches_are_refused(branch: str) -> None:
    with pytest.raises(UsageError, match="--branch"):
        forge_files([Forge.GITHUB], {}, [], branch)


@pytest.mark.parametrize("host", ["a b", "", "@", "ann#", "ann\n* @eve", "../x", "a/b/c"])
def test_odd_hosts_are_refused(host: str) -> None:
    with pytest.raises(UsageError, match="--host"):
        forge_files([Forge.GITHUB], {}, [host], "main")


def test_the_pinned_tool_is_the_one_that_wrote_it() -> None:
    files = forge_files([Forge.GITLAB], {}, [], "main")
    assert files[".gitlab/newsrepo.txt"] == f"newsrepo=={newsrepo.__version__}\n".encode()
    assert ".gitlab/CODEOWNERS" not in files  # there is nobody to name


def test_writers_that_no_forge_knows_are_left_out() -> None:
    assert accounts(("@bo", "Ann", "x y", "#", "a/b", "dock/desk")) == ("Ann", "a/b", "bo", "dock/desk")


OWNED = [
    "contingents/{}.yaml",
    "articles/{}/2026/dock/index.md",
    "articles/{}/2026/dock/crane.png",
    "comments/{}/2026/dock.md",
    "ratings/{}/ann/2026-05.yaml",
    "filters/{}/daily.yaml",
    "challenges/{}/who/challenge.md",
    "challenges/xyz/who/answers/{}.md",
    "challenges/abc/who/answers/{}.md",
    "challenges/lmn/who/answers/{}.md",
    "statements/{}/peace/statement.md",
    "statements/{}/peace/opening.yaml",
    "statements/abc/peace/ballots/{}/1.yaml",
    "statements/lmn/peace/ballots/{}/1.yaml",
    "statements/abc/peace/closings/{}/1.yaml",
    "statements/lmn/peace/dissents/{}.md",
]


def asked(forge: Forge, text: str, path: str) -> set[str]:
    """Whom a forge asks: the last line that fits, at Forgejo every line that does."""
    found: set[str] = set()
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        pattern, *people = line.split()
        if forge is Forge.FORGEJO:
            if re.fullmatch(pattern, path):
                found |= set(people)
            continue
        pattern = pattern.removeprefix("/")
        parts = pattern.rstrip("/").split("/")
        own = path.split("/")
        fits = len(own) >= len(parts) and all(map(fnmatch.fnmatchcase, own, parts))
        if pattern == "*" or (fits and (pattern.endswith("/") or len(own) == len(parts))):
            found = set(people)
    return found


@pytest.mark.parametrize("forge", Forge)
@pytest.mark.parametrize("path", OWNED)
def test_owners_of_code_are_the_owners_of_paths(forge: Forge, path: str) -> None:
    text = code_owners(forge, BOOK, ["host"]).decode()
    for owner, people in (("abc", {"@Ann", "@bo"}), ("lmn", {"@cy", "@dock/desk"})):
        there = path.format(owner)
        found = place(there)
        assert isinstance(found, Place)
        assert found.owner == owner
        who = asked(forge, text, there)
        if forge is Forge.FORGEJO and re.search(r"/(answers|ballots|closings|dissents)/", there):
            assert who >= people | {"@host"}  # the challenger, or whoever drafted, is asked as well
        else:
            assert who == people | {"@host"}


@pytest.mark.parametrize("forge", Forge)
@pytest.mark.parametrize(
    "path", ["newsrepo.yaml", "statements/roll.yaml", "README.md", "articles/xyz/2026/a/index.md"]
)
def test_hosts_own_the_rest(forge: Forge, path: str) -> None:
    text = code_owners(forge, BOOK, ["host", "two"]).decode()
    assert asked(forge, text, path) == {"@host", "@two"}


def test_every_kind_of_path_is_covered() -> None:
    patterns = {
        p.replace("abc", "{}") for p in (*folders(contingent_id("abc")), *within(contingent_id("abc")))
    }
    assert patterns == {
        *(
            f"{root}/{{}}/"
            for root in ("articles", "challenges", "comments", "filters", "ratings", "statements")
        ),
        "contingents/{}.yaml",
        "contingents/{}.yaml.sig",
        "challenges/*/*/answers/{}.md",
        "statements/*/*/ballots/{}/",
        "statements/*/*/closings/{}/",
        "statements/*/*/dissents/{}.md",
    }


# By the command line


def tool(*args: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return run(TOOL / "newsrepo", *args, cwd=cwd)


def test_the_verb_adds_a_forge_to_a_commons(work: Workspace) -> None:
    done = tool("init", "--forge", "gitlab", cwd=work.root)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        ".gitlab-ci.yml",
        ".gitlab/merge_request_templates/Default.md",
        ".gitlab/newsrepo.lock",
        ".gitlab/newsrepo.txt",
    ]
    assert "--host ACCOUNT" in done.stderr
    (work.root / ".gitlab-ci.yml").write_text("mine: {}\n")
    done = tool(
        "init", ".", "--forge", "gitlab", "--forge", "github", "--host", "ann", "--json", cwd=work.root
    )
    answer = json.loads(done.stdout)
    assert answer["kept"] == [".gitlab-ci.yml"]
    assert ".gitlab/CODEOWNERS" in answer["written"]
    assert ".gitlab/newsrepo.lock" in answer["same"]
    done = tool("init", "--forge", "gitlab", "--host", "ann", cwd=work.root)
    assert "nothing to do" in done.stderr
    assert "warning: .gitlab-ci.yml was there" in done.stderr
    assert tool("check", cwd=work.root).returncode == 0


@pytest.mark.parametrize(
    "args",
    [
        ("init", "--forge", "bitbucket"),
        ("init", "--host", "ann"),
        ("init", "--branch", "x"),
        ("init", "--forge", "github", "--host", "a b"),
        ("init", "--forge", "github", "--branch", "a b"),
        ("init", "--forge", "github", "--name", "Again"),
        ("init", "--forge", "github", "--pin"),
    ],
    ids=" ".join,
)
def test_the_verb_refuses(args: tuple[str, ...], work: Workspace) -> None:
    before = run_git(work.root, "status", "--porcelain")
    done = tool(*args, cwd=work.root)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert run_git(work.root, "status", "--porcelain") == before


def test_the_verb_knows_the_forges_of_the_porcelain() -> None:
    assert list(verb.Forge) == list(Forge)


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    done = run(sys.executable, "-I", "-m", "newsrepo", "--version", cwd=tmp_path)
    assert done.stdout == f"newsrepo {newsrepo.__version__}\n"


def test_the_hooks_name_commands_that_are_there() -> None:
    hooks = load(PROJECT / ".pre-commit-hooks.yaml")
    assert [hook["id"] for hook in hooks] == ["newsrepo-check", "newsrepo-check-all"]
    help_ = tool("check", "--help", cwd=PROJECT).stdout
    for hook in hooks:
        program, name, *options = hook["entry"].split()
        assert (program, name) == ("newsrepo", "check")
        assert all(option in help_ for option in options)
    files = hooks[0]["files"]
    for path in [*(p.format("abc") for p in OWNED), "newsrepo.yaml", "statements/roll.yaml"]:
        assert re.search(files, path)
    assert not re.search(files, "README.md")
