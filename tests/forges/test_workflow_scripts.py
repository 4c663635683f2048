"""The scripts of the shipped workflows, taken from the YAML and run by bash on a hostile pull request."""

import re
from pathlib import Path

import pytest
from forge_desk import HOME, HOSTILE, PROJECT, SHIPPED, Desk, Ran, commons, load, request, steps
from hermetic import run_git

import newsrepo
from newsrepo.porcelain.forge import Forge

STRANGER = "https://github.com/stranger/news"
LOCK = (SHIPPED / "newsrepo.lock").read_text()
VERSION = f"newsrepo=={newsrepo.__version__}\n"


def env_of(step: dict[str, object], **values: str) -> dict[str, str]:
    """The variables that a step sets, with ``values`` in place of expressions; every one must be given."""
    job = step.get("job", {})
    wanted = {**job.get("env", {}), **step.get("env", {})}
    missing = [name for name, value in wanted.items() if "${{" in value and name not in values]
    assert not missing
    return {name: values.get(name, value) for name, value in wanted.items()}


def installed_from_base(desk: Desk) -> None:
    calls = desk.calls
    assert calls.startswith("python3 -I -m venv ")
    assert calls.count("pip install") == 2
    assert "evil" not in calls
    first, second = calls.split("pip install ")[1:]
    assert "--require-hashes" in first.split("\n")[0]
    assert first.partition("\n")[2] == LOCK
    assert second.partition("\n")[2] == VERSION
    for line in (first, second):
        assert {"--no-deps", "--only-binary", ":all:"} <= set(line.partition("\n")[0].split())


def refused_strangers_edit(ran: Ran) -> None:
    assert ran.code == 1, ran.err
    assert "articles/abc/2026/first/index.md" in ran.out
    assert "Traceback" not in ran.err


def github(desk: Desk, author: str, files: dict[str, str], home: str = "") -> Ran:
    root = commons(desk.root / "work", "github", home=home)
    request(root, files)
    found = steps(SHIPPED / "github/workflows/check.yml")
    assert list(found) == ["Install newsrepo as the base branch pins it", "Check"]
    install, check = found.values()
    assert install["working-directory"] == "${{ runner.temp }}"
    ran = desk.bash(install["run"], desk.temp, env_of(install, COMMONS=str(root)))
    assert ran.code == 0, ran.err
    return desk.bash(check["run"], root, env_of(check, AUTHOR=author))


@pytest.mark.parametrize("home", ["", HOME])
def test_github_checks_a_strangers_request(desk: Desk, home: str) -> None:
    ran = github(desk, STRANGER, HOSTILE, home)
    refused_strangers_edit(ran)
    installed_from_base(desk)
    assert not desk.marker.exists()
    assert desk.argv == [["check", "--since", "HEAD^1", "--author", STRANGER, "--format", "github"]]
    assert ran.commands
    for line in ran.commands:
        assert re.match(r"::(error|warning|notice) (file=[^,:]*[,:]|title=)", line), line
        assert line.count("::") == 2 or "smuggled" not in line
        assert not line.startswith("::error::")


def test_github_lets_a_writer_change_what_is_theirs(desk: Desk) -> None:
    change = {"articles/abc/2026/first/index.md": HOSTILE["articles/abc/2026/first/index.md"]}
    ran = github(desk, "https://github.com/ann", change)
    assert ran.code == 0, (ran.out, ran.err)


@pytest.mark.parametrize("home", ["", HOME])
def test_a_fault_in_what_is_asked_to_be_merged_is_a_fault_here(desk: Desk, home: str) -> None:
    change = {"articles/abc/2026/third/index.md": "---\ntitel: x\n---\n\nText\n"}
    ran = github(desk, "https://github.com/ann", change, home)
    assert ran.code == 1
    assert "articles/abc/2026/third/index.md" in ran.out


def test_github_lets_a_newcomer_in(desk: Desk) -> None:
    new = {path: text for path, text in HOSTILE.items() if path.startswith("contingents/new")}
    ran = github(
        desk,
        STRANGER,
        new | {"articles/new/2026/hello/index.md": HOSTILE["articles/new/2026/hello/index.md"]},
    )
    assert ran.code == 0, (ran.out, ran.err)


@pytest.mark.parametrize(
    "author",
    [
        "$(touch $MARKER)",
        "`touch $MARKER`",
        '"; touch "$MARKER"; #',
        "'; touch $MARKER; '",
        "x\n::error::smuggled",
        "--host",
        "",
        "*",
    ],
)
def test_an_author_is_a_value_and_never_a_script(desk: Desk, author: str) -> None:
    ran = github(desk, author, {"README.md": "x\n"})
    assert ran.code == 2
    assert ran.out == ""
    assert ran.commands == []
    assert not desk.marker.exists()
    assert desk.argv[0][4] == author


def test_forgejo_checks_a_strangers_request(desk: Desk) -> None:
    root = commons(desk.root / "work", "forgejo")
    head, _ = request(root, HOSTILE)
    run_git(root, "update-ref", "refs/pull/7/head", head)
    run_git(desk.root, "clone", "--quiet", "--mirror", str(root), "forge/abc/news.git")
    found = steps(SHIPPED / "forgejo/workflows/check.yml")
    values = {
        "SERVER": str(desk.root / "forge"),
        "REPOSITORY": "abc/news",
        "BRANCH": "main",
        "NUMBER": "7",
        "AUTHOR": "https://codeberg.org/stranger/news",
        "TOOL": str(desk.root / "tool"),
        "COMMONS": str(desk.root / "checkout"),
    }
    for step in found.values():
        ran = desk.bash(step["run"], desk.temp, env_of(step, **values))
        if step["name"] != "Check":
            assert ran.code == 0, ran.err
    refused_strangers_edit(ran)
    installed_from_base(desk)
    assert ran.commands == []
    assert not desk.marker.exists()
    assert desk.argv == [
        ["check", "--since", "refs/request/base", "--author", values["AUTHOR"], "--format", "text"]
    ]


@pytest.mark.parametrize("own", [False, True])
def test_gitlab_checks_a_strangers_request(desk: Desk, own: bool) -> None:
    root = commons(desk.root / "work", "gitlab")
    head, _ = request(root, HOSTILE)
    run_git(desk.root, "clone", "--quiet", "--mirror", str(root), "forge/abc/news.git")
    run_git(root, "checkout", "--quiet", "--detach", head)
    whole = load(SHIPPED / "gitlab/gitlab-ci.yml")
    job = whole["check"]
    (fetch, install), (check,) = job["before_script"], job["script"]
    env = {
        **whole["variables"],
        **job["variables"],
        "TOOL": str(desk.root / "tool"),
        "CI_PROJECT_DIR": str(root),
        "CI_MERGE_REQUEST_PROJECT_URL": str(desk.root / "forge/abc/news"),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_URL": "https://gitlab.com/stranger/news",
        "CI_MERGE_REQUEST_PROJECT_ID": "1",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1" if own else "2",
        "CI_SERVER_URL": "https://gitlab.com",
        "GITLAB_USER_LOGIN": "stranger",
    }
    # The runner joins before_script and script into one.
    ran = desk.bash(f"{fetch}\n{install}\n{check}", root, env)
    refused_strangers_edit(ran)
    installed_from_base(desk)
    assert not desk.marker.exists()
    author = "https://gitlab.com/stranger" if own else "https://gitlab.com/stranger/news"
    common = ["check", "--since", "refs/request/base", "--author", author, "--format"]
    assert desk.argv == [[*common, "gitlab"], [*common, "text"]]
    assert "articles/abc/2026/first/index.md" in (root / env["REPORT"]).read_text()


def published(desk: Desk, forge: str) -> tuple[Path, Path]:
    """A runner's clone of a commons that has a home, and the bare repository that it came from."""
    home = f"https://forge.example.org/abc/{forge}"
    root = commons(desk.root / "work", forge, home=home)
    bare = desk.root / f"forge/abc/{forge}.git"
    run_git(desk.root, "clone", "--quiet", "--bare", str(root), str(bare))
    clone = desk.root / "clone"
    run_git(desk.root, "clone", "--quiet", str(bare), str(clone))
    run_git(clone, "remote", "set-url", "origin", f"https://token:x@forge.example.org/abc/{forge}.git")
    return clone, bare


def is_the_edition(site: Path) -> None:
    assert "Harbour" in (site / "index.html").read_text()
    assert "First light" in (site / "abc/daily/articles/abc/2026/first.html").read_text()


def test_github_publishes(desk: Desk) -> None:
    clone, _ = published(desk, "github")
    jobs = load(SHIPPED / "github/workflows/pages.yml")["jobs"]
    install, build = [step for step in jobs["build"]["steps"] if "run" in step]
    assert desk.bash(install["run"], desk.temp, {"PINS": f"{clone}/.github"}).code == 0
    assert desk.calls.count("--require-hashes") == 1
    ran = desk.bash(build["run"], clone, {})
    assert ran.code == 0, ran.err
    assert "warning" not in ran.err
    is_the_edition(desk.temp / "site")
    assert jobs["build"]["steps"][-1]["with"]["path"] == "${{ runner.temp }}/site"


def test_gitlab_publishes(desk: Desk) -> None:
    clone, _ = published(desk, "gitlab")
    run_git(clone, "checkout", "--quiet", "--detach")
    whole = load(SHIPPED / "gitlab/gitlab-ci.yml")
    job = whole["pages"]
    env = {
        **whole["variables"],
        **job["variables"],
        "TOOL": str(desk.root / "tool"),
        "CI_PROJECT_DIR": str(clone),
        "CI_COMMIT_BRANCH": "main",
    }
    ran = desk.bash("\n".join([*job["before_script"], *job["script"]]), clone, env)
    assert ran.code == 0, ran.err
    assert "warning" not in ran.err
    is_the_edition(clone / "public")


def test_forgejo_publishes(desk: Desk) -> None:
    _, bare = published(desk, "forgejo")
    (job,) = load(SHIPPED / "forgejo/workflows/pages.yml")["jobs"].values()
    env = {
        "SERVER": str(desk.root / "forge"),
        "REPOSITORY": "abc/forgejo",
        "BRANCH": "main",
        "TOKEN": "none",
        "TOOL": str(desk.root / "tool"),
        "COMMONS": str(desk.root / "checkout"),
        "SITE": str(desk.root / "site"),
    }
    for _ in range(2):
        for step in job["steps"]:
            wanted = {**job["env"], **step.get("env", {})}
            ran = desk.bash(step["run"], desk.temp, {name: env[name] for name in wanted})
            assert ran.code == 0, (step["name"], ran.err)
        for folder in ("tool", "checkout", "site"):
            (desk.root / folder).rename(desk.root / f"{folder}-{len(list(desk.root.iterdir()))}")
    assert run_git(bare, "rev-list", "--count", "pages") == "1"
    run_git(desk.root, "clone", "--quiet", "--branch", "pages", str(bare), "pages")
    is_the_edition(desk.root / "pages")


class Action:
    """The composite action, its steps run with the inputs that a workflow gives."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.whole = load(PROJECT / "action.yml")
        self.install, self.step = self.whole["runs"]["steps"]
        self.output = desk.root / "output"

    def run(self, where: Path, **inputs: str) -> Ran:
        given = {name: spec.get("default", "") for name, spec in self.whole["inputs"].items()} | inputs
        env = {
            name: re.sub(r"\$\{\{ inputs\.([a-z]+) \}\}", lambda m: given[m[1]], value)
            for name, value in self.step["env"].items()
        }
        python = self.desk.temp / "newsrepo-action/bin/python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.unlink(missing_ok=True)
        self.desk._script(python, f'exec {Path(self.desk.python)} "$@"\n')
        files = {"GITHUB_WORKSPACE": str(where), "GITHUB_OUTPUT": str(self.output)}
        return self.desk.bash(self.step["run"], where, env | files)

    @property
    def outputs(self) -> str:
        return self.output.read_text()


def test_the_action_installs_its_own_checkout_with_pinned_libraries(desk: Desk) -> None:
    action = Action(desk)
    ran = desk.bash(action.install["run"], desk.temp, {"TOOL": str(PROJECT)})
    assert ran.code == 0, ran.err
    assert "--require-hashes" in desk.calls
    assert desk.calls.endswith(LOCK)
    (pth,) = desk.temp.glob("newsrepo-action/lib/python3*/site-packages/newsrepo.pth")
    assert pth.read_text() == f"{PROJECT}\n"


def test_the_action_checks_a_strangers_request(desk: Desk) -> None:
    root = commons(desk.root / "work")
    request(root, HOSTILE)
    action = Action(desk)
    ran = action.run(desk.root, verb="check", commons="work", since="HEAD^1", author=STRANGER)
    refused_strangers_edit(ran)
    assert action.outputs == "code=1\nanswer=no\n"
    assert not desk.marker.exists()


def test_the_action_builds(desk: Desk) -> None:
    commons(desk.root / "work")
    action = Action(desk)
    ran = action.run(desk.root, verb="build", commons="work", output="out/all")
    assert ran.code == 0, ran.err
    assert action.outputs == "code=0\nanswer=yes\n"
    assert (desk.root / "out/all/index.html").exists()
    ran = action.run(desk.root, verb="build", commons="work", output="one", filter="abc/daily")
    assert ran.code == 0, ran.err
    assert (desk.root / "one/feed.xml").exists()


@pytest.mark.parametrize("filter_", ["--force", "$(touch $MARKER)", "abc/none\n::error::x"])
def test_the_actions_inputs_are_values(desk: Desk, filter_: str) -> None:
    commons(desk.root / "work")
    action = Action(desk)
    ran = action.run(desk.root, verb="build", commons="work", filter=filter_)
    assert ran.code in (2, 3)
    assert ran.commands == []
    assert not desk.marker.exists()
    assert action.outputs == f"code={ran.code}\nanswer=unable\n"


def test_the_action_knows_its_verbs(desk: Desk) -> None:
    commons(desk.root / "work")
    action = Action(desk)
    ran = action.run(desk.root, verb="init; touch $MARKER", commons="work")
    assert ran.code == 2
    assert action.outputs == "code=2\nanswer=unable\n"
    assert not desk.marker.exists()


def test_the_samples_requests_are_checked_as_everybodys_are() -> None:
    """The project's own workflow gives the action what the shipped one gives the command."""
    own = load(PROJECT / ".github/workflows/commons.yml")
    shipped = load(SHIPPED / "github/workflows/check.yml")
    used = own["jobs"]["check"]["steps"][-1]["with"]
    job = shipped["jobs"]["check"]
    assert used["verb"] == "check"
    assert used["since"] == job["env"]["BASE"]
    assert used["author"] == job["steps"][-1]["env"]["AUTHOR"]
    for key in ("on", "permissions"):
        assert own[key] == shipped[key]
    assert own["jobs"]["check"]["permissions"] == job["permissions"]
    pages, theirs = (load(f / "workflows/pages.yml") for f in (PROJECT / ".github", SHIPPED / "github"))
    assert pages["jobs"]["deploy"] == theirs["jobs"]["deploy"]
    for key in ("on", "permissions", "concurrency"):
        assert pages[key] == theirs[key]
    template = (PROJECT / ".github/PULL_REQUEST_TEMPLATE.md").read_bytes()
    assert template == (SHIPPED / "request.md").read_bytes()


def test_every_forge_is_run_here() -> None:
    assert {f"test_{forge}_checks_a_strangers_request" for forge in Forge} <= set(globals())
