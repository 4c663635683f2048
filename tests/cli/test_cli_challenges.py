"""A public question from asking to answer, and what the ledger says of it on the way."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.cli.conftest import Run
from tests.conftest import commit_all, put

ASKED = "challenges/abc/who-paid/challenge.md"
ANSWER = "challenges/abc/who-paid/answers/lmn.md"


@pytest.fixture
def asked(commons: Path, run: Run) -> Path:
    """A commons in which abc asked lmn and xyz on 1 May 2026; only lmn promised to answer."""
    lmn = "name: LMN of the docks\npromises:\n  - answers\n"
    put(commons, {"contingents/lmn.yaml": lmn, "contingents/xyz.yaml": "name: XYZ\n"})
    result = run(
        "--today", "2026-05-01", "new", "challenge", "--to", "lmn", "--to", "xyz", "--title", "Who paid?",
        "--about", "abc/2026/dock-strike", "--due", "2026-05-15", "--text", "Who paid for the ship?", cwd=commons,
    )  # fmt: skip
    assert result.stdout == f"{ASKED}\n", result.output
    commit_all(commons)
    return commons


def ledger(run: Run, root: Path, today: str, *args: str) -> list[dict[str, Any]]:
    result = run("--today", today, "challenges", "--json", *args, cwd=root)
    assert result.exit_code == 0, result.output
    entries: list[dict[str, Any]] = json.loads(result.stdout)["entries"]
    return entries


def states(run: Run, root: Path, today: str, *args: str) -> dict[str, str]:
    return {entry["to"]: entry["state"] for entry in ledger(run, root, today, *args)}


def test_a_question_is_asked_answered_changed_and_judged(asked: Path, run: Run) -> None:
    assert states(run, asked, "2026-05-15") == {"lmn": "open", "xyz": "open"}
    result = run(
        "--as", "lmn", "--today", "2026-05-14", "new", "answer", "abc/who-paid", "--text", "We.", cwd=asked
    )
    assert result.stdout == f"{ANSWER}\n", result.output
    commit_all(asked)
    assert states(run, asked, "2026-05-16") == {"xyz": "overdue", "lmn": "answered"}
    assert run("check", cwd=asked).exit_code == 0

    said = ("new", "comment", "answer:abc/who-paid/lmn", "--verdict", "evaded", "--text", "Who is that?")
    own = run("--as", "lmn", *said, cwd=asked)
    assert (own.exit_code, "is your own answer" in own.stderr) == (2, True), own.output
    lost = run("new", "comment", "answer:abc/who-paid/lmm", "--text", "Who?", cwd=asked)
    assert (lost.exit_code, "did you mean 'answer:abc/who-paid/lmn'?" in lost.stderr) == (2, True), (
        lost.output
    )
    assert run("--today", "2026-05-20", *said, cwd=asked).exit_code == 0
    (entry,) = ledger(run, asked, "2026-05-20", "--to", "lmn")
    assert entry["answer"]["asker"]["verdict"] == "evaded"
    assert (entry["state"], entry["days"], entry["promised"]) == ("answered", 1, "yes")
    shown = run("--today", "2026-05-20", "challenges", "--from", "abc", cwd=asked)
    assert "evaded, says the asker" in " ".join(shown.stdout.split())
    assert "xyz never promised to answer" in " ".join(shown.stdout.split())

    question = (asked / ASKED).read_text()
    put(asked, {ASKED: question.replace("the ship", "both ships"), "contingents/lmn.yaml": "name: LMN\n"})
    commit_all(asked)
    (entry,) = ledger(run, asked, "2026-05-20", "--state", "question-changed")
    assert (entry["answer"]["binds"], entry["promised"]) == ("earlier", "once")
    put(asked, {ANSWER: (asked / ANSWER).read_text().replace(entry["answer"]["question"], "f" * 64)})
    (entry,) = ledger(run, asked, "2026-05-20", "--to", "lmn")
    assert entry["answer"]["binds"] == "unknown"


def test_declining_takes_a_reason(asked: Path, run: Run) -> None:
    decline = ("--as", "xyz", "--today", "2026-05-03", "new", "answer", "abc/who-paid", "--kind", "decline")
    refused = run(*decline, cwd=asked)
    assert (refused.exit_code, "--reason" in refused.stderr) == (2, True)
    assert run(*decline, "--reason", "The court forbids it.", cwd=asked).exit_code == 0
    assert states(run, asked, "2026-05-03", "--to", "xyz") == {"xyz": "declined"}
    again = run(*decline, "--reason", "Once more.", cwd=asked)
    assert again.exit_code == 2  # nothing is written over


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("challenge", "--to", "nobody", "--title", "x", "--text", "x"), "'nobody': no such contingent"),
        (("challenge", "--to", "abc", "--title", "x", "--text", "x"), "that is you"),
        (
            ("challenge", "--to", "lmn", "--title", "x", "--text", "x", "--about", "a/2026/b"),
            "no such record",
        ),
        (("challenge", "--to", "lmn", "--title", "x", "--text", "x", "--due", "soon"), "--due: "),
        (
            ("challenge", "--to", "lmn", "--title", "x", "--text", "x", "--due", "2026-04-01"),
            "before the question",
        ),
        (("challenge", "--to", "lmn", "--title", "x", "--text", "x", "--slug", "../x"), "--slug"),
        (("answer", "abc/who-pays", "--text", "x"), "did you mean 'challenge:abc/who-paid'?"),
        (("answer", "abc/who-paid", "--text", "x"), "and not to abc"),
        (("comment", "abc/2026/dock-strike", "--verdict", "evaded", "--text", "x"), "is no answer"),
    ],
)
def test_what_makes_no_sense_is_refused(asked: Path, run: Run, args: tuple[str, ...], says: str) -> None:
    result = run("--today", "2026-05-01", "new", *args, cwd=asked)
    assert result.exit_code == 2
    assert says in result.stderr


def test_reminders(asked: Path, run: Run) -> None:
    put(
        asked,
        {ASKED: (asked / ASKED).read_text().replace("Who paid?", "Who paid for " + "x" * 90)},
    )
    mail = run("--today", "2026-05-20", "challenges", "--mail", "--overdue", cwd=asked).stdout
    assert mail.count("=" * 72) == 1
    assert "You promised to answer" in mail
    assert "You never promised to answer" in mail
    assert "newsrepo new answer abc/who-paid" in mail
    long = [line for line in mail.splitlines() if len(line) > 72]
    assert all(re.fullmatch(r"\s*\S+", line) for line in long)  # only a word that cannot be folded

    file = asked / "reminders.xml"
    assert run("--today", "2026-05-20", "challenges", "--feed", str(file), cwd=asked).exit_code == 0
    atom = "{http://www.w3.org/2005/Atom}"
    entries = ET.fromstring(file.read_bytes()).findall(f"{atom}entry")
    assert len(entries) == 2
    assert {entry.findtext(f"{atom}updated") for entry in entries} == {"2026-05-16T00:00:00Z"}
    first = file.read_bytes()
    run("--today", "2026-05-20", "challenges", "--feed", str(file), cwd=asked)
    assert file.read_bytes() == first
    assert run("challenges", "--feed", "x", "--mail", cwd=asked).exit_code == 2


def test_a_title_that_speaks_for_all_is_not_passed_on(asked: Path, run: Run) -> None:
    put(asked, {ASKED: (asked / ASKED).read_text().replace("Who paid?", "Harbour commons")})
    for how in ("--mail", "--json"):
        told = run("--today", "2026-05-20", "challenges", how, cwd=asked).stdout
        assert "challenge:abc/who-paid" in told
        assert '"title": "Harbour commons"' not in told
        assert "\nHarbour commons\n" not in told


def test_nobody_has_asked(commons: Path, run: Run) -> None:
    result = run("challenges", cwd=commons)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nobody has asked anything yet" in result.stderr
