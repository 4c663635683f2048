"""What the verbs ask, show and refuse; keys in files and in an agent; hostile texts; JSON."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hermetic import put
from polling import CHARTER, FOLDER, ID, MEMBERS, TEXT, Desk, found, newsrepo, public
from test_statement_epochs import enact

from newsrepo.cli import statement
from newsrepo.cli.session import Session
from newsrepo.signing import BALLOT, parse_key, verify


def test_nothing_is_signed_unasked(opened: Desk) -> None:
    said = opened.say("vote", ID, "yes", "--as", "lmn", "--key", str(opened.keys / "lmn"), code=2)
    assert "nobody is here to be asked" in said.stderr
    assert not (opened.root / FOLDER / "ballots").exists()


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "interactive", property(lambda _: True))


@pytest.mark.usefixtures("at_a_terminal")
def test_a_person_is_asked(opened: Desk) -> None:
    words = ("vote", ID, "yes", "--as", "lmn", "--key", str(opened.keys / "lmn"))
    said = opened.say(*words, typed="n\n", code=1)
    assert "Sign this ballot?" in said.stderr
    assert "nothing was written" in said.stderr
    assert not (opened.root / FOLDER / "ballots").exists()
    opened.say(*words, typed="y\n")
    assert opened.tally()["counts"][0]["voters"][1]["choice"] == "yes"


@pytest.mark.usefixtures("at_a_terminal")
def test_a_text_from_an_editor_a_file_and_standard_input(
    opened: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "Written in an editor." > "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    (tmp_path / "words.md").write_text("From a file.\n")
    for slug, more, typed, text in (
        ("one", (), None, "Written in an editor."),
        ("two", ("--body", str(tmp_path / "words.md")), None, "From a file."),
        ("three", ("--body", "-"), "From a pipe.\n", "From a pipe."),
    ):
        opened.say("new", "--title", "Words", "--slug", slug, *more, typed=typed)
        assert opened.json("show", f"abc/{slug}")["text"].endswith(f"\n{text}\n")


def test_what_is_signed_is_shown_first(opened: Desk) -> None:
    said = opened.sign("lmn", "vote", ID, "yes").stdout
    path = opened.root / FOLDER / "ballots/lmn/1.yaml"
    assert "lmn votes YES, ballot 1 of 2026-06-03" in said
    assert f"  | {TEXT}" in said
    assert "A ballot is public, with your name on it, and for ever." in said
    for line in path.read_text().splitlines():
        assert f"  {line}\n" in said
    key = verify(path.read_bytes(), path.with_name("1.yaml.sig").read_bytes(), BALLOT)
    assert key == parse_key(public(opened.keys, "lmn"))
    assert "You voted before: yes, ballot 1." in opened.sign("lmn", "vote", ID, "no").stdout


def test_an_opened_text_stays_opened(opened: Desk) -> None:
    """Changing the text and removing the opening does not undo it: another ref still carries it."""
    base = opened.root / FOLDER
    text = (base / "statement.md").read_text()
    put(opened.root, {f"{FOLDER}/statement.md": text.replace(TEXT, "We ask nobody.")})
    assert [one["reason"] for one in opened.tally()["refused"]] == ["edited-text"]
    (base / "opening.yaml").unlink()
    (base / "opening.yaml.sig").unlink()
    assert "is opened already" in opened.sign("abc", "open", ID, code=2).stderr


def test_what_changed_in_the_text_since_one_voted(drafted: Desk, tmp_path: Path) -> None:
    """A vote that its epoch's end cut off is opened anew on another text, which is shown to who voted before."""
    other = drafted.copy(tmp_path / "other")
    enact(other, "lmn/growth", {"abc": 1, "lmn": 1, "xyz": 2})
    other.vote(dict.fromkeys(MEMBERS, "yes"), "lmn/growth")
    other.close("lmn/growth")
    drafted.open()
    drafted.vote({"lmn": "no"})
    drafted.commit()
    shutil.copytree(other.root / "statements/lmn", drafted.root / "statements/lmn")
    assert [one["reason"] for one in drafted.tally()["refused"]] == ["backdated"]
    base = drafted.root / FOLDER
    text = (base / "statement.md").read_text()
    put(drafted.root, {f"{FOLDER}/statement.md": text.replace(TEXT, "We ask nobody.")})
    assert "remove it and its signature first" in drafted.sign("abc", "open", ID, code=2).stderr
    (base / "opening.yaml").unlink()
    (base / "opening.yaml.sig").unlink()
    drafted.open()
    said = drafted.sign("lmn", "vote", ID, "yes").stdout
    assert "You voted no on 2026-06-03, when the vote was opened on other terms." in said
    assert f"  -{TEXT}\n  +We ask nobody.\n" in said
    assert "lmn votes YES, ballot 2 of 2026-06-03" in said
    (count,) = drafted.tally()["counts"]
    assert count["voters"][1]["choice"] == "yes"
    assert [one["reason"] for one in count["set_aside"]] == ["wrong-opening"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("vote", ID, "maybe"), 2, "one of: yes, no, abstain"),
        (("vote", "abc/none", "yes"), 2, "no such statement"),
        (("vote", "../x", "yes"), 2, "not the id of a statement"),
        (("tally", ID, "--what-if", "ratio: 67%"), 2, "write 2/3"),
        (("tally", ID, "--what-if", "ratio: 0.5"), 2, "write 1/2"),
        (("close", ID, "--yes"), 2, "people may vote until 2026-06-10"),
        (("open", ID, "--yes"), 2, "is opened already"),
        (("new", "--title", "X", "--text", "Y", "--enacts", "law"), 2, "only the charter or the roll"),
        (("new", "--title", "X", "--text", "Y", "--slug", "A b"), 2, "not a slug"),
        (("new", "--title", "Peace", "--slug", "peace", "--text", "Again."), 2, "already there"),
        (("new", "--title", "Peace", "--slug", "silence"), 2, "--text or --body"),
        (("vote", ID, "yes", "--as", "qrs"), 2, "'qrs' is not on the roll"),
        (("vote", ID, "yes", "--key", "/none"), 2, "cannot read"),
        (("vote", ID, "yes", "--key", "ssh-rsa AAAA"), 2, "ssh-keygen -t ed25519"),
    ],
)
def test_what_is_refused(opened: Desk, words: tuple[str, ...], code: int, said: str) -> None:
    assert said in opened.say(*words, code=code).stderr


def test_an_opening_is_never_laxer(drafted: Desk) -> None:
    args = ("--closes", "2026-06-10")
    assert "laxer" in drafted.sign("abc", "open", ID, "--rule", "ratio: 1/2", code=2).stderr
    assert "only 'abc' can open" in drafted.sign("lmn", "open", ID, code=2).stderr
    assert "before it opens" in drafted.sign("abc", "open", ID, "--closes", "2026-06-02", code=2).stderr
    drafted.sign("abc", "open", ID, "--rule", "of: roll, ratio: 3/4", "--threshold", "3", *args)
    terms = drafted.tally()["counts"][0]["opening"]
    assert terms["rule"].startswith("at least 3/4 of the roll")
    assert terms["threshold"] == 3


def test_voters_close_when_tellers_fail(keys: Path, tmp_path: Path) -> None:
    """xyz, a teller, signs nothing; voters with more than two thirds of the roll certify without."""
    charter = f"{CHARTER}tellers: [lmn, xyz]\n"
    desk = found(tmp_path / "repo", keys, {"abc": 5, "lmn": 2, "xyz": 1}, charter)
    desk.open()
    desk.vote({"abc": "yes", "lmn": "yes"})
    for _ in (1, 2):
        desk.sign("lmn", "close", ID, "--as-voters", day="2026-06-11")
        said = desk.sign("abc", "close", ID, day="2026-06-11").stdout
        assert "abc closes it with the voters" in said, "whoever is no teller signs as a voter"
    tally = desk.tally()
    assert tally["state"] == "certified"
    assert [one["body"] for one in tally["counts"][0]["signings"] if one["enough"]] == ["voters", "voters"]


def test_early_closing_is_asked_for(opened: Desk) -> None:
    opened.sign("abc", "close", ID, "--early")
    assert opened.tally()["state"] == "provisional"
    assert "it is the turn of lmn, xyz" in opened.sign("abc", "close", ID, "--early", code=1).stderr


def test_hostile_titles_act_on_nothing(opened: Desk) -> None:
    title = "::error::x [red]\u202eoops"
    opened.say("new", "--title", title, "--slug", "odd", "--text", "a\x1b[2Jb", code=2)
    put(
        opened.root,
        {
            "statements/abc/odd/statement.md": "---\ntitle: '::error::x [red]'\ndate: 2026-06-01\nlang: en\n---\n\n"
            "::error::y\n\x1b[2J\n"
        },
    )
    for verb in (("list",), ("show", "abc/odd"), ("tally", "abc/odd")):
        result = newsrepo(opened.root, "statement", *verb)
        assert not any(line.lstrip().startswith("\x1b") for line in result.stdout.splitlines())
        assert "\x1b" not in result.output


def test_json_everywhere(opened: Desk) -> None:
    done = json.loads(opened.sign("lmn", "vote", ID, "yes", "--json").stdout)
    assert done["written"] == [f"{FOLDER}/ballots/lmn/1.yaml", f"{FOLDER}/ballots/lmn/1.yaml.sig"]
    assert done["signer"] == "lmn"
    assert done["key"].startswith("SHA256:")
    assert opened.json("list")["statements"][0]["state"] == "open"
    assert opened.json("show", ID)["text"].endswith(f"{TEXT}\n")
    assert len(opened.json("signers", ID)["allowed_signers"]) == 3
    made = json.loads(opened.say("new", "--title", "More", "--text", "Words.", "--json").stdout)
    assert made == {
        "version": 1, "verb": "statement new", "id": "statement:abc/more",
        "written": ["statements/abc/more/statement.md"],
    }  # fmt: skip


def test_the_minority_is_shown_too(opened: Desk) -> None:
    text = "---\ndate: 2026-06-04\nlang: en\n---\n\nWe were not asked.\n"
    put(opened.root, {f"{FOLDER}/dissents/xyz.md": text})
    assert "xyz dissents:\n  | We were not asked.\n" in opened.say("show", ID).stdout
    assert opened.json("show", ID)["dissents"] == [{"by": "xyz", "text": text}]
    assert [one["id"] for one in opened.json("list")["statements"]] == ["statement:abc/peace"]


def test_every_verb_has_one_example() -> None:
    for command in statement.app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        assert str(command.epilog).startswith(f"Example: newsrepo statement {name}"), name


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An ssh agent without keys; its socket has a short path, as sockets must."""
    if shutil.which("ssh-agent") is None:
        pytest.skip("needs ssh-agent")
    said = subprocess.run(["ssh-agent", "-s"], capture_output=True, text=True, check=True).stdout
    found = dict(re.findall(r"(SSH_\w+)=([^;]+);", said))
    monkeypatch.setenv("SSH_AUTH_SOCK", found["SSH_AUTH_SOCK"])
    yield
    os.kill(int(found["SSH_AGENT_PID"]), 15)


@pytest.mark.usefixtures("agent")
def test_keys_in_an_agent(opened: Desk, tmp_path: Path) -> None:
    missing = opened.say("vote", ID, "yes", "--as", "lmn", "--yes", code=3).stderr
    assert "is its private part in your agent" in missing
    subprocess.run(["ssh-add", "-q", str(opened.keys / "lmn")], check=True, capture_output=True)
    opened.say("vote", ID, "yes", "--as", "lmn", "--yes")
    alone = tmp_path / "only.pub"
    alone.write_text((opened.keys / "lmn.pub").read_text())
    opened.say("vote", ID, "no", "--as", "lmn", "--yes", "--key", str(alone))
    opened.say("vote", ID, "abstain", "--as", "lmn", "--yes", "--key", public(opened.keys, "lmn"))
    assert opened.tally()["counts"][0]["voters"][1]["number"] == 3


def test_a_passphrase_is_asked_for_at_the_terminal(opened: Desk, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    shutil.copy(opened.keys / "lmn", locked)
    locked.chmod(0o600)
    words = ["ssh-keygen", "-q", "-p", "-P", "", "-N", "open sesame", "-f", str(locked)]
    subprocess.run(words, check=True, capture_output=True)
    child, terminal = pty.fork()
    if child == 0:
        more = ["--as", "lmn", "--key", str(locked)]
        program = [
            sys.executable,
            "-m",
            "newsrepo",
            "-C",
            str(opened.root),
            "statement",
            "vote",
            ID,
            "yes",
            *more,
        ]
        os.execv(sys.executable, program)
    answers = [(b"Sign this ballot?", b"y\n"), (b"Enter passphrase", b"open sesame\n")]
    seen = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
        if answers and answers[0][0] in seen:
            time.sleep(0.2)  # until it has turned the echo off and listens
            os.write(terminal, answers.pop(0)[1])
    os.close(terminal)
    assert os.waitpid(child, 0)[1] == 0, seen.decode(errors="replace")
    assert b"open sesame" not in seen
    assert opened.tally()["counts"][0]["voters"][1]["choice"] == "yes"


def test_a_key_from_git_config(opened: Desk) -> None:
    newsrepo(opened.root, "check")
    subprocess.run(["git", "config", "newsrepo.key", str(opened.keys / "lmn")], cwd=opened.root, check=True)
    opened.say("vote", ID, "yes", "--as", "lmn", "--yes")
    assert "is none of 'xyz'" in opened.say("vote", ID, "yes", "--as", "xyz", "--yes", code=2).stderr


def test_ssh_keygen_sees_a_private_copy_and_little_else(
    opened: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which("ssh-keygen")
    fake = tmp_path / "bin" / "ssh-keygen"
    fake.parent.mkdir()
    seen = tmp_path / "seen"
    fake.write_text(
        f'#!/bin/sh\nenv > {seen}.env\necho "$@" > {seen}.args\nls -ld . > {seen}.mode\nexec {real} "$@"\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("LD_PRELOAD_TOKEN", "secret")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/none")
    opened.sign("lmn", "vote", ID, "yes")
    names = {line.partition("=")[0] for line in Path(f"{seen}.env").read_text().splitlines()}
    assert {"PATH", "HOME", "SSH_AUTH_SOCK"} <= names
    assert names.isdisjoint({"LD_PRELOAD_TOKEN", "GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"})
    said = Path(f"{seen}.args").read_text()
    assert str(opened.root) not in said, "no file of the commons is handed over"
    assert Path(f"{seen}.mode").read_text().startswith("drwx------")


def test_programs_of_a_hostile_folder_are_not_run(
    opened: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "ran"
    fake = opened.root / "ssh-keygen"
    fake.write_text(f"#!/bin/sh\ntouch {marker}\n")
    fake.chmod(0o755)
    monkeypatch.chdir(opened.root)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}")
    opened.sign("lmn", "vote", ID, "yes")
    assert not marker.exists()
