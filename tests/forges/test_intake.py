"""Issue forms: what anybody sends in becomes one checked file, or a reply; and never anything else."""

import json
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from forge_desk import SHIPPED, TOOL, Desk, commons, load, steps
from hermetic import commit_all, put, run_git
from test_workflow_scripts import env_of

from newsrepo.errors import UnableError, UsageError
from newsrepo.porcelain.check import check
from newsrepo.porcelain.intake import FORMS, intake, reply
from newsrepo.porcelain.workspace import Workspace

DAY = date(2026, 5, 4)
STORY = {
    "Title": "Ships & cranes",
    "Summary": "_No response_",
    "Language": "en",
    "Your name": "Ann",
    "Licence": "- [X] I wrote this myself",
    "Text": "They came.\n\n### Title\n\nNot a title.",
}
EVIL = "$(touch MARK)`touch MARK`;touch MARK\n::error::x\n${{ secrets.X }}"


def event(form: str, said: Mapping[str, str], number: Any = 7) -> bytes:
    body = "\r\n\r\n".join(f"### {label}\r\n\r\n{value}" for label, value in said.items())
    issue = {"number": number, "title": f"[{form}] x", "body": body, "user": {"login": EVIL}}
    return json.dumps({"action": "opened", "issue": issue, "repository": {"name": EVIL}}).encode()


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    root = commons(tmp_path / "commons")
    put(root, {"contingents/lmn.yaml": "name: LMN\n"})
    commit_all(root)
    return Workspace.discover(root)


@pytest.fixture
def send(work: Workspace, tmp_path: Path) -> Callable[..., Any]:
    def take(form: str, said: Mapping[str, str]) -> Any:
        (tmp_path / "event.json").write_bytes(event(form, said))
        return intake(Workspace.discover(work.root), tmp_path / "event.json", today=DAY)

    return take


def test_the_forms_ask_what_is_read() -> None:
    for form, labels in FORMS.items():
        whole = load(SHIPPED / f"issues/{form}.yml")
        assert whole["title"] == f"[{form}] "
        asked = [part["attributes"]["label"] for part in whole["body"] if part["type"] != "markdown"]
        assert tuple(asked) == labels
    kinds = next(p for p in load(SHIPPED / "issues/answer.yml")["body"] if p.get("id") == "kind")
    assert kinds["attributes"]["options"] == ["answer", "partial", "decline"]


def test_a_story_a_question_and_an_answer_become_files(work: Workspace, send: Callable[..., Any]) -> None:
    story = send("story", STORY)
    assert (story.path, story.faults) == ("articles/abc/2026/ships-cranes/index.md", ())
    text = (work.root / story.path).read_text()
    assert "\nauthors:\n  - Ann\n" in text
    assert text.endswith("\n\nThey came.\n\n### Title\n\nNot a title.\n")
    assert "summary" not in text
    asked = {
        "Title": "Who paid?",
        "To": "lmn",
        "About": "abc/2026/first",
        "Language": "en",
        "Question": "Who?",
    }
    assert send("question", asked).path == "challenges/abc/who-paid/challenge.md"
    put(
        work.root,
        {
            "challenges/lmn/why/challenge.md": "---\ntitle: Why?\nto:\n  - abc\ndate: 2026-05-01\nlang: en\n---\n\nWhy?\n"
        },
    )
    said = {"Question": "lmn/why", "Kind": "decline", "Reason": "Not ours.", "Language": "en", "Answer": ""}
    assert send("answer", said).path == "challenges/lmn/why/answers/abc.md"
    assert check(Workspace.discover(work.root), start=work.root).sound
    assert send("story", {**STORY, "Title": "Забастовка"}).path == "articles/abc/2026/issue-7/index.md"


@pytest.mark.parametrize(
    ("form", "said", "fault"),
    [
        ("story", {**STORY, "Licence": "- [ ] I wrote this"}, "not given to everybody"),
        ("story", {**STORY, "Title": ""}, "title"),
        ("story", {**STORY, "Language": "../../x"}, "lang"),
        ("story", {**STORY, "Text": "![x](https://tracker.example/p.gif)"}, "picture"),
        ("story", {**STORY, "Title": "First light\u202e"}, "U+202E"),
        ("story", {**STORY, "Title": "x" * 400}, "title"),
        ("answer", {"Question": "../../x", "Kind": "answer", "Reason": "", "Language": "en", "Answer": "x"}, "no such question"),
        ("question", {"Title": "Q", "To": "../lmn", "About": "", "Language": "en", "Question": "x"}, "no such contingent"),
    ],
)  # fmt: skip
def test_faults_are_told_and_nothing_is_left(
    work: Workspace, send: Callable[..., Any], form: str, said: dict[str, str], fault: str
) -> None:
    done = send(form, said)
    assert done.path == ""
    assert fault in " ".join(done.faults)
    assert run_git(work.root, "status", "--porcelain", "--untracked-files=all") == ""


def test_nothing_is_written_over(send: Callable[..., Any]) -> None:
    send("story", STORY)
    assert "already there" in send("story", STORY).faults[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"issue": 7}',
        b'{"pull_request": {}}',
        event("story", STORY, "7"),
        b"[" * 99_999,
    ],
)
def test_what_is_no_event_of_an_issue_is_refused(work: Workspace, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "event.json").write_bytes(data)
    with pytest.raises(UnableError, match="no event"):
        intake(work, tmp_path / "event.json", today=DAY)


def test_an_issue_that_is_no_form_is_no_form(send: Callable[..., Any]) -> None:
    for form, said in (("bug", STORY), ("story", {"Title": "x"}), ("question", STORY), ("", {})):
        with pytest.raises(UsageError, match="none of our forms"):
            send(form, said)


def test_a_reply_calls_nobody_and_stays_in_its_block(send: Callable[..., Any]) -> None:
    hostile = "```\n@everyone [x](https://e.example) <b>"
    said = {"Title": "Q", "To": hostile, "About": "", "Language": "en", "Question": "x"}
    body = json.loads(reply(send("question", said)))["body"]
    told = [line for line in body.split("\n") if "everyone" in line]
    assert told
    assert all(line.startswith("    ") and "@" not in line for line in told)


@pytest.mark.parametrize("forge", ["github", "forgejo"])
def test_a_hostile_form_runs_nothing_and_asks_for_one_file(desk: Desk, forge: str) -> None:
    root = commons(desk.root / "work", forge)
    run_git(root, "config", "--unset", "newsrepo.contingent")
    origin = desk.root / "origin.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(root), str(origin)], check=True)
    found = steps(SHIPPED.parent.parent / root / f".{forge}/workflows/intake.yml")
    write, ask = list(found.values())[-2:]
    assert write["job"]["env"]["CONTINGENT"] == "abc"
    for name in ("gh", "curl"):
        desk._script(desk.bin / name, f'for w; do printf "%s\\n" "$w" >>{desk.log}; done\n')
    for place in (desk.temp / "newsrepo/bin", desk.temp / "venv/bin"):
        place.mkdir(parents=True)
        (place / "newsrepo").symlink_to(TOOL / "newsrepo")
    (desk.root / "event.json").write_bytes(
        event("story", {**STORY, "Title": f"Ships {EVIL}".replace("\n", " "), "Text": EVIL})
    )
    values = {
        "GH_TOKEN": "t", "TOKEN": "t", "SERVER": f"file://{desk.root}", "REPOSITORY": "origin",
        "NUMBER": "7", "BASE": "main",
    }  # fmt: skip
    for step in (write, ask):
        env = {**env_of(step, **values), "GITHUB_EVENT_PATH": str(desk.root / "event.json")}
        if forge == "forgejo":
            env |= {"TOOL": str(desk.temp), "COMMONS": str(root)}
        ran = desk.bash(step["run"], root, env)
        assert ran.code == 0, (ran.out, ran.err)
        assert ran.commands == []
    assert not list(desk.root.rglob("MARK"))
    pushed = run_git(origin, "log", "-1", "--format=%s", "--name-only", "intake/7").split("\n")
    assert pushed[0] == "Take in issue #7"
    assert [p for p in pushed[1:] if p] == [
        "articles/abc/2026/ships-touch-mark-touch-mark-touch-mark-error-x-secrets-x/index.md"
    ]
    assert "Ships" not in desk.calls
    assert (
        "intake/7" in desk.calls + (desk.temp / "request.json").read_text()
        if forge == "forgejo"
        else desk.calls
    )
