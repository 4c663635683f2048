"""Rating at speed: the walk by keys and by lines, tables of ratings, and who gave what."""

import json
import os
import pty
import select
import signal
import subprocess
import termios
import time
from datetime import date
from pathlib import Path

import pytest

from newsrepo import records
from newsrepo.errors import UsageError
from newsrepo.ids import Kind
from newsrepo.porcelain.rating_walk import Walk
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from tests.cli.conftest import STRIKE, Run
from tests.cli.test_cli_look import newsrepo
from tests.conftest import commit_all, put

IDS = ["abc/2026/crane", "abc/2026/dock-strike", "lmn/2026/quay"]
DAY = "2026-06-01"
MONTH = "ratings/abc/ann/2026-06.yaml"
INTERRUPT = "\x03"
ONLY_COMMON = ["--axis", "newsworthy", "--axis", "accurate"]


def text(title: str, day: str) -> str:
    return STRIKE.replace("The dock strike ends", title).replace("2026-05-03", day)


@pytest.fixture
def three(commons: Path) -> Path:
    """Three works, the newest first as listed here, one of another contingent; one rated by another rater."""
    put(
        commons,
        {
            "articles/abc/2026/crane/index.md": text("A crane falls", "2026-05-04"),
            "articles/lmn/2026/quay/index.md": text("The quay", "2026-05-02"),
            "contingents/lmn.yaml": "name: LMN\n",
            "contingents/abc.yaml": "name: ABC\naxes:\n  line:\n    title: Line\n    min: -2\n    max: 2\n"
            "    neutral: 0\n    low: theirs\n    high: ours\n",
        },
    )
    commit_all(commons)
    return commons


def given(root: Path, path: str = MONTH) -> dict[str, dict[str, int]]:
    """The values in a month's file by article; empty when there is none."""
    file = root / path
    if not file.exists():
        return {}
    record = records.parse(Kind.RATINGS, file.read_bytes(), path).record
    assert isinstance(record, t.Ratings)
    return {r.article: dict(r.values) for r in record.ratings}


def walk(run: Run, root: Path, typed: str, *args: str) -> str:
    result = run("rate", "--next", "--rater", "ann", "--today", DAY, *args, cwd=root, typed=typed)
    assert result.exit_code == 0, result.output
    return result.output


# -- line by line ----------------------------------------------------------------------------------------


def test_answers_by_lines_are_written_work_by_work(three: Path, run: Run) -> None:
    seen = walk(run, three, "4\n3\n-2\n-\n1\n\ns\n")
    assert given(three) == {
        IDS[0]: {"accurate": 4, "newsworthy": 3, "abc/line": -2},
        IDS[1]: {"newsworthy": 1},
    }
    assert "Work 1 of 3: A crane falls" in seen
    assert "Nothing is left to rate." in seen


def test_it_goes_on_where_it_ended(three: Path, run: Run) -> None:
    walk(run, three, "4\n3\n2\n5\nq\n")
    assert set(given(three)) == {IDS[0]}  # of a work that was not finished nothing is written
    seen = walk(run, three, "1\n\n\n")
    assert "2 works to rate" in seen
    assert IDS[0] not in seen
    assert set(given(three)) == {IDS[0], IDS[1]}


def test_undo_goes_back_by_an_axis_and_takes_back_a_rating(three: Path, run: Run) -> None:
    walk(run, three, "4\nu\n1\n2\n" + "q\n", *ONLY_COMMON)
    assert given(three) == {IDS[0]: {"newsworthy": 1, "accurate": 2}}
    (three / MONTH).unlink()
    seen = walk(run, three, "4\n4\nu\nq\n", *ONLY_COMMON)
    assert "Taken back: abc/2026/crane accurate=4 newsworthy=4" in seen
    assert not (three / MONTH).exists()
    seen = walk(run, three, "4\n4\n5\n5\nu\ns\nq\n", *ONLY_COMMON)
    assert given(three) == {IDS[0]: {"newsworthy": 4, "accurate": 4}}
    assert "nothing to undo" in walk(run, three, "u\nq\n")


def test_undo_leaves_alone_what_somebody_changed_meanwhile(three: Path) -> None:
    steps = Walk(Workspace.discover(three), rater="abc/ann", today=date.fromisoformat(DAY))
    steps.give({steps.scales[0].id: 1})
    file = three / MONTH
    file.write_text(file.read_text().replace("accurate: 1", "accurate: 5"))
    with pytest.raises(UsageError, match="changed meanwhile"):
        steps.undo()
    assert given(three) == {IDS[0]: {"accurate": 5}}


def test_what_others_gave_is_shown_only_after_ones_own(three: Path, run: Run) -> None:
    for rater, value in (("lmn/lou", "1"), ("abc/bob", "5")):
        done = run("rate", IDS[0], f"newsworthy={value}", "--rater", rater, "--today", DAY, cwd=three)
        assert done.exit_code == 0, done.output
    asked = walk(run, three, "q\n")
    assert "lmn/lou" not in asked
    assert "Others" not in asked
    seen = walk(run, three, "3\nq\n", "--axis", "newsworthy")
    before, after = seen.split("Rated: ", 1)
    assert "lou" not in before
    assert "Others: abc/bob (own work) newsworthy=5\nOthers: lmn/lou newsworthy=1\n" in after


def test_odd_answers_change_nothing_and_a_note_is_kept(three: Path, run: Run) -> None:
    seen = walk(run, three, f"6\nx\n?\nn\n{'y' * 2001}\nn\nAs seen: on site.\n5\nq\n", "--axis", "newsworthy")
    assert seen.count("not a whole number from 0 to 5") == 2
    assert "this one was not taken" in seen
    assert "note: 'As seen: on site.'" in (three / MONTH).read_text()
    assert run("check", MONTH, cwd=three).exit_code == 0


def test_a_filter_says_what_is_walked_and_in_what_order(three: Path, run: Run) -> None:
    put(three, {"filters/abc/quays.yaml": "title: Quays\ntrust:\n  abc: 1\nselect: quay by:lmn\n"})
    seen = walk(run, three, "5\n", "--filter", "abc/quays", "--axis", "newsworthy")
    assert "1 work to rate" in seen
    assert given(three) == {IDS[2]: {"newsworthy": 5}}
    assert run("rate", "--next", "--filter", "abc/nope", "--rater", "ann", cwd=three).exit_code == 2


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["--next", IDS[0]],
        ["--next", "--json"],
        ["--dry-run", "--next"],
        [IDS[0], "newsworthy=3", "--filter", "abc/x"],
        ["--next", "--axis", "nope"],
    ],
)
def test_what_goes_not_together_is_refused(three: Path, run: Run, args: list[str]) -> None:
    assert run("rate", *args, "--rater", "ann", cwd=three).exit_code == 2


# -- by keys, on a terminal ------------------------------------------------------------------------------


def by_keys(root: Path, answers: list[tuple[str, str]]) -> tuple[int, str]:
    """Run the walk on a terminal of its own, and type each answer once its prompt has come.

    ``INTERRUPT`` is what the terminal makes of Ctrl-C. The terminal must be left as it was found.
    """
    leader, follower = pty.openpty()
    before = termios.tcgetattr(follower)
    command = newsrepo("-C", str(root), "rate", "--next", "--rater", "ann", "--today", DAY)
    process = subprocess.Popen(
        command,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm-256color"},
        close_fds=True,
    )
    seen = ""
    from_here = 0
    deadline = time.monotonic() + 60
    try:
        while time.monotonic() < deadline:
            while answers and answers[0][0] in seen[from_here:]:
                prompt, typed = answers.pop(0)
                from_here = seen.index(prompt, from_here) + len(prompt)
                if typed == INTERRUPT:
                    process.send_signal(signal.SIGINT)
                else:
                    os.write(leader, typed.encode())
            if select.select([leader], [], [], 0.1)[0]:
                seen += os.read(leader, 65536).decode()
            elif process.poll() is not None:
                break
        code = process.wait(timeout=30)
        assert termios.tcgetattr(follower) == before
    finally:
        os.close(follower)
        os.close(leader)
    return code, seen.replace("\r\n", "\n")


def test_one_key_an_axis_on_a_terminal(three: Path) -> None:
    code, seen = by_keys(
        three,
        [
            ("accurate, key 0 to 5", "4"),
            ("newsworthy, key 0 to 5", "3"),
            ("abc/line, key=value 1=-2 2=-1 3=0 4=1 5=2", "1"),
            ("accurate, key", "\x1b[A"),  # an arrow is no key of ours
            ("no key", "n"),
            ("Note, in one line:", "Seen.\n"),
            ("accurate, key", "u"),
            ("accurate, key", "5"),
            ("newsworthy, key", "-"),
            ("abc/line", "5"),
            ("Work 2", ""),
            ("accurate, key", "q"),
        ],
    )
    assert code == 0, seen
    assert "\x1b" not in seen
    assert given(three) == {IDS[0]: {"accurate": 5, "abc/line": 2}}
    assert "1 rated. 2 works left" in seen


@pytest.mark.parametrize(("end", "code"), [("\x04", 0), (INTERRUPT, 130)], ids=["end of input", "Ctrl-C"])
def test_an_end_at_any_time_keeps_what_was_rated(three: Path, end: str, code: int) -> None:
    found, seen = by_keys(
        three,
        [
            ("accurate, key", "4"),
            ("newsworthy", "4"),
            ("abc/line", "4"),
            ("Work 2", ""),
            ("accurate, key", end),
        ],
    )
    assert found == code, seen
    assert set(given(three)) == {IDS[0]}


# -- from a table ----------------------------------------------------------------------------------------


def table(run: Run, root: Path, content: str | bytes, *args: str) -> tuple[int, str]:
    file = root.parent / "mine.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run("rate", "--from", str(file), "--rater", "ann", "--today", DAY, *args, cwd=root)
    return result.exit_code, result.output


def test_a_table_is_written_whole(three: Path, run: Run) -> None:
    good = f'\ufeffarticle,newsworthy,abc/line,note\n{IDS[0]},4,-2,"Well, seen."\n\n{IDS[2]},1,,\n'
    code, seen = table(run, three, good, "--dry-run")
    assert (code, given(three)) == (0, {})
    assert "would hold 2 ratings" in seen
    assert table(run, three, good)[0] == 0
    assert given(three) == {IDS[0]: {"abc/line": -2, "newsworthy": 4}, IDS[2]: {"newsworthy": 1}}
    assert run("check", MONTH, cwd=three).exit_code == 0
    code, seen = table(run, three, f"article,accurate\n{IDS[0]},5\n")
    assert "anew" in seen
    assert given(three)[IDS[0]] == {"abc/line": -2, "accurate": 5, "newsworthy": 4}


def test_every_bad_line_is_named_and_none_is_written(three: Path, run: Run) -> None:
    bad = (
        "article,newsworthy,accurate,version,note\n"
        f"{IDS[0]},6,x,,\n"  # two faults
        "abc/2026/nope,3,,,\n"
        f"{IDS[1]},,,,\n"
        f"{IDS[1]},3,,12345678,\n"
        f"{IDS[2]},3,,,\n"
        f"{IDS[2]},4,,,\n"
    )
    code, _ = table(run, three, bad)
    assert (code, given(three)) == (1, {})
    _, seen = table(run, three, bad, "--json")
    told = json.loads(seen[: seen.rindex("}") + 1])
    assert [(f["line"], f["column"]) for f in told["faults"]] == [
        (2, "newsworthy"),
        (2, "accurate"),
        (3, "article"),
        (4, "newsworthy"),
        (5, "version"),
        (7, "article"),
    ]
    assert all(f["message"] and f["hint"] for f in told["faults"])
    assert told["written"] is False


@pytest.mark.parametrize(
    "content",
    [
        "",
        "article\nabc/2026/crane\n",
        "newsworthy\n3\n",
        "article,nope\nabc/2026/crane,3\n",
        "article,newsworthy,newsworthy\nabc/2026/crane,3,3\n",
        "article,newsworthy\nabc/2026/crane,3,4,5\n",
        'article,newsworthy\n"abc/2026/crane,3\n',
        b"article,newsworthy\n\xff,3\n",
    ],
)
def test_what_is_no_such_table_is_refused_with_its_place(three: Path, run: Run, content: str | bytes) -> None:
    code, seen = table(run, three, content)
    assert code == 2, seen
    assert "mine.csv:" in seen
    assert given(three) == {}


# -- who gave what ---------------------------------------------------------------------------------------


def test_ratings_are_shown_by_contingent_with_notes_and_marks(three: Path, run: Run) -> None:
    assert run("ratings", IDS[0], cwd=three).exit_code == 1
    day = ["--today", DAY]
    run("rate", IDS[0], "newsworthy=1", "--rater", "lmn/lou", "--note", "Seen.", *day, cwd=three)
    old = records.parse(
        Kind.RATINGS, (three / "ratings/lmn/lou/2026-06.yaml").read_bytes(), "ratings/lmn/lou/2026-06.yaml"
    )
    assert isinstance(old.record, t.Ratings)
    version = old.record.ratings[0].version
    put(three, {"articles/abc/2026/crane/index.md": text("A crane has fallen", "2026-05-04")})
    run("rate", IDS[0], "newsworthy=4", "--rater", "abc/ann", *day, cwd=three)
    run("rate", IDS[0], "newsworthy=3", "--rater", "abc/bob", *day, cwd=three)
    shown = run("ratings", IDS[0], cwd=three)
    assert shown.exit_code == 0
    assert "abc, rating its own work\n  newsworthy 3.5 by 2 raters\n" in shown.output
    assert "lmn\n  newsworthy 1 by 1 rater, carried from another version" in shown.output
    assert f"lmn/lou 2026-06-01: newsworthy=1, of version {version[:8]}\n    Seen.\n" in shown.output
    answer = json.loads(run("ratings", IDS[0], "--json", "--quiet", cwd=three).stdout)
    assert [(c["contingent"], c["own"]) for c in answer["contingents"]] == [("abc", True), ("lmn", False)]
    assert answer["contingents"][1]["says"]["newsworthy"] == {"mean": 1_000_000, "raters": 1, "carried": True}
    assert answer["contingents"][1]["ratings"][0]["current"] is False
    assert run("ratings", "abc/2026/nope", cwd=three).exit_code == 2


def test_a_version_that_never_was_is_not_rated(three: Path, run: Run) -> None:
    never = f"abc/2026/crane@{'1' * 40}"
    told = run("rate", never, "newsworthy=3", "--rater", "ann", cwd=three)
    assert told.exit_code == 2
    assert "no version 111111111111" in told.stderr
    (three / "mine.csv").write_text(f"article,newsworthy\n{never},3\n")
    told = run("rate", "--from", "mine.csv", "--rater", "ann", cwd=three)
    assert told.exit_code == 1
    assert "mine.csv:2: article: no version" in told.stdout + told.stderr
    assert given(three) == {}
