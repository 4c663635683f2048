"""Commenting on a passage, reading threads at the terminal, and the word for a new contributor."""

import json
from pathlib import Path

from newsrepo.porcelain.firstword import WORD
from tests.cli.conftest import STRIKE as TEXT
from tests.cli.conftest import Run
from tests.conftest import put

STRIKE = "abc/2026/dock-strike"
DAY = ("--today", "2026-05-12")
FIRST = "comment:abc/2026/on-dock-strike"


def test_a_comment_quotes_what_stands_in_the_version_at_hand(commons: Path, run: Run) -> None:
    args = ("new", "comment", STRIKE, "--text", "Which?", "--quote")
    refused = run(*DAY, *args, "The cranes moved on Monday.", cwd=commons)
    assert refused.exit_code == 2
    assert f"does not stand in {STRIKE}@" in refused.stderr
    made = run(*DAY, *args, "the cranes   moved AGAIN", cwd=commons)
    assert made.exit_code == 0, made.stderr
    written = (commons / made.stdout.strip()).read_text()
    assert "quote: the cranes moved AGAIN\n" in written
    assert "version: " in written
    assert run("check", cwd=commons).exit_code == 0


def test_a_reply_is_on_what_it_answers_and_a_pin_is_for_questions(commons: Path, run: Run) -> None:
    assert run(*DAY, "new", "comment", STRIKE, "--text", "A.", cwd=commons).exit_code == 0
    made = run(*DAY, "new", "comment", "--reply-to", FIRST, "--text", "B.", cwd=commons)
    assert f"on: {STRIKE}\n" in (commons / made.stdout.strip()).read_text()
    other = run(*DAY, "new", "comment", "filter:abc/daily", "--reply-to", FIRST, "--text", "C.", cwd=commons)
    assert f"{FIRST} is on {STRIKE}, not on filter:abc/daily" in other.stderr
    pin = run(*DAY, "new", "comment", STRIKE, "--pinned", "--text", "D.", cwd=commons)
    assert "--pinned is for a question" in pin.stderr
    nothing = run(
        *DAY, "new", "comment", "filter:abc/daily", "--kind", "summary", "--text", "E.", cwd=commons
    )
    assert nothing.exit_code == 2
    assert "nobody has commented on filter:abc/daily" in nothing.stderr


def test_threads_are_shown_with_what_became_of_the_passages_they_quote(commons: Path, run: Run) -> None:
    say = (*DAY, "new", "comment", STRIKE, "--text")
    assert run(*say, "Sure?", "--quote", "They had stood still for nine days.", cwd=commons).exit_code == 0
    assert run(*say, "Yes.", "--reply-to", FIRST, cwd=commons).exit_code == 0
    assert run(*say, "Who?", "--kind", "question", "--pinned", cwd=commons).exit_code == 0
    put(commons, {f"articles/{STRIKE}/index.md": TEXT.replace("They had stood still for nine days.\n", "")})
    shown = run(*DAY, "show", STRIKE, "--comments", cwd=commons)
    assert shown.stdout.splitlines()[0] == f"3 comments on {STRIKE}"
    assert shown.stdout.index("Who?") < shown.stdout.index("Sure?") < shown.stdout.index("\n  Yes.")
    assert (
        "> They had stood still for nine days.\n(this passage does not stand in the text any more)"
        in shown.stdout
    )
    thread = json.loads(run(*DAY, "show", f"{FIRST}-2", "--comments", "--json", cwd=commons).stdout)
    assert thread["on"] == STRIKE
    assert [(c["id"], c["depth"], c["answers"]) for c in thread["comments"]] == [
        (FIRST, 0, None), (f"{FIRST}-2", 1, FIRST)
    ]  # fmt: skip
    assert thread["comments"][0]["quote"] == {
        "text": "They had stood still for nine days.", "state": "gone", "start": None, "end": None, "now": None
    }  # fmt: skip
    assert thread["comments"][0]["earlier"] is True
    assert run("show", STRIKE, "--comments", "--raw", cwd=commons).exit_code == 2


def test_what_comments_say_is_no_markup_of_the_terminal(commons: Path, run: Run) -> None:
    text = f"---\non: {STRIKE}\ndate: 2026-05-11\nauthors:\n  - '[red]Ann'\nlang: en\n---\n\n[/b]\n"
    put(commons, {"comments/abc/2026/a.md": text})
    shown = run(*DAY, "show", STRIKE, "--comments", cwd=commons)
    assert "[red]Ann" in shown.stdout
    assert shown.stdout.endswith("[/b]\n")


def test_a_new_contributor_is_told_once_that_git_does_not_forget(commons: Path, run: Run) -> None:
    write = ("new", "article", "--no-edit", "--title")
    assert WORD not in run("-q", *write, "One", cwd=commons).stderr
    rated = run("rate", STRIKE, "newsworthy=3", "--rater", "ann", "--json", *DAY, cwd=commons)
    assert rated.exit_code == 0, rated.stderr
    assert WORD not in rated.stderr
    assert WORD in run(*write, "Two", cwd=commons).stderr
    assert WORD not in run(*write, "Three", cwd=commons).stderr
    assert run("new", "contingent", "lmn", "--name", "LMN", cwd=commons).exit_code == 0
    assert WORD in run("--as", "lmn", "rewrite", STRIKE, "--changes", "All.", cwd=commons).stderr
