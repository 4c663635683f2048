"""On a terminal: tables, questions, the editor, colour and bars; nothing in a file can act on it."""

import io
import os
import pty
import re
import subprocess
import time
from pathlib import Path

import pytest

from newsrepo.cli.present import bar
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.wrap import cells, fold, prose
from tests.cli.conftest import STRIKE
from tests.cli.test_cli_look import newsrepo, with_title
from tests.conftest import put

ID = "abc/2026/dock-strike"
PATH = f"articles/{ID}/index.md"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(*args: str, typed: str = "", **env: str) -> tuple[int, str]:
    """Run newsrepo with a terminal for all its streams; gives exit code and what the screen was sent."""
    leader, follower = pty.openpty()
    surroundings = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "72", **env}
    process = subprocess.Popen(
        newsrepo(*args), stdin=follower, stdout=follower, stderr=follower, env=surroundings, close_fds=True
    )
    os.close(follower)
    if typed:
        os.write(leader, typed.encode())
    seen = b""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(leader)
    return process.wait(timeout=30), seen.decode().replace("\r\n", "\n")


def test_a_table_is_aligned_for_wide_characters(commons: Path) -> None:
    put(commons, {"articles/abc/2026/nihongo/index.md": with_title("港湾ストライキ終結")})
    code, seen = on_terminal("-C", str(commons), "find", NO_COLOR="1")
    assert code == 0
    assert "\x1b" not in seen
    rows = [line for line in seen.split("\n") if "2026-05-03" in line]
    assert len(rows) == 2
    assert len({row.index("2026-05-03") for row in rows}) == 1
    assert "港湾ストライキ終結" in rows[1]
    assert all(cells(row.rstrip()) <= 72 for row in rows)


def test_a_long_title_wraps_and_loses_nothing(commons: Path) -> None:
    title = " ".join(f"word{n}" for n in range(40))
    put(commons, {PATH: with_title(title)})
    _, seen = on_terminal("-C", str(commons), "find", NO_COLOR="1")
    for n in range(40):
        assert f"word{n}" in re.sub(r"\s+", "", seen)
    assert "…" not in seen


def test_markup_in_a_title_is_text(commons: Path) -> None:
    titles = ["[/foo]", "[link=https://e.example]x[/link]", "[red]x[/red] :warning:", "[bold", "\\[x]"]
    works = {f"abc/2026/title-{n}": title for n, title in enumerate(titles)}
    put(commons, {f"articles/{work}/index.md": with_title(title) for work, title in works.items()})
    shown = [(["show", work], [title]) for work, title in works.items()]
    for args, expected in [(["find"], titles), (["find", "--csv"], titles), *shown]:
        code, seen = on_terminal("-C", str(commons), *args)
        assert code == 0
        text = re.sub(r"\s*\n\s*", " ", ESCAPE.sub("", seen))
        assert all(title.replace('"', '""') in text for title in expected)
        assert "\x1b]8" not in seen


def test_raw_bytes_do_not_act_on_a_terminal(commons: Path) -> None:
    put(commons, {PATH: STRIKE + "\n\x1b[2J\x9b\u202e\n"})
    _, seen = on_terminal("-C", str(commons), "show", ID, "--raw")
    assert r"\u{1b}[2J\u{9b}\u{202e}" in seen
    assert not {"\x1b", "\x9b", "\u202e"} & set(seen)


@pytest.mark.parametrize(
    ("env", "args", "colour"),
    [
        ({}, [], True),
        ({"NO_COLOR": "1"}, [], False),
        ({"TERM": "dumb"}, [], False),
        ({}, ["--no-color"], False),
    ],
)
def test_colour(commons: Path, env: dict[str, str], args: list[str], colour: bool) -> None:
    _, seen = on_terminal("-C", str(commons), *args, "find", **env)
    assert ("\x1b[" in seen) is colour


def test_init_asks_for_what_it_was_not_told(tmp_path: Path) -> None:
    root = tmp_path / "new"
    code, seen = on_terminal("init", str(root), typed="Harbour commons\nabc\nABC of the docks\n")
    assert code == 0, seen
    assert "name: Harbour commons" in (root / "newsrepo.yaml").read_text()
    assert "name: ABC of the docks" in (root / "contingents/abc.yaml").read_text()


def test_an_id_that_is_none_is_asked_for_again(tmp_path: Path, commons: Path) -> None:
    root = tmp_path / "new"
    code, seen = on_terminal("init", str(root), typed="Harbour commons\nABC!\nabc\nABC of the docks\n")
    assert code == 0, seen
    assert "warning: contingent id 'ABC!' is not" in seen
    assert (root / "contingents/abc.yaml").exists()
    code, seen = on_terminal("-C", str(commons), "new", "contingent", "--no-edit", typed="L M N\nlmn\nLMN\n")
    assert code == 0, seen
    assert "name: LMN" in (commons / "contingents/lmn.yaml").read_text()


def test_a_new_article_opens_in_the_editor(commons: Path, tmp_path: Path) -> None:
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\nprintf "Edited by %s.\\n" "$1" >> "$2"\n')
    editor.chmod(0o755)
    env = {"EDITOR": f"'{editor}' me"}
    code, seen = on_terminal(
        "-C", str(commons), "new", "article", "--today", "2026-05-03", typed="Port reopens\n", **env
    )
    assert code == 0, seen
    path = commons / "articles/abc/2026/port-reopens/index.md"
    assert path.read_text().endswith("Edited by me.\n")
    code, seen = on_terminal(
        "-C", str(commons), "new", "article", "--title", "No", "--no-edit", EDITOR="false"
    )
    assert code == 0
    code, seen = on_terminal("-C", str(commons), "new", "article", "--title", "Broken", EDITOR="false")
    assert code == 3
    assert "ended with 1" in seen
    code, seen = on_terminal("-C", str(commons), "new", "article", "--title", "Gone", EDITOR="/nonexistent/x")
    assert code == 3
    assert "the file is written" in re.sub(r"\s+", " ", seen)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_appears_after_a_second_and_goes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    out = Out(io.StringIO(), screen, progress=True)
    with out.progress("building [/x]") as update:
        assert update is not None
        update(1, 10)
        assert screen.getvalue() == ""
        monkeypatch.setattr(bar, "DELAY", -1.0)
        update(2, 10)
    assert "building [/x]" in screen.getvalue()
    assert "2/10" in screen.getvalue()


def test_a_word_appears_while_one_waits_and_goes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    out = Out(io.StringIO(), screen, progress=True)
    with out.waiting("checking"):
        assert screen.getvalue() == ""
    assert screen.getvalue() == ""
    monkeypatch.setattr(bar, "DELAY", 0.0)
    with out.waiting("checking"):
        deadline = time.monotonic() + 5
        while not screen.getvalue():
            assert time.monotonic() < deadline
            time.sleep(0.005)
    assert screen.getvalue() == "checking …\r\x1b[K"


def test_no_bar_where_nobody_looks() -> None:
    out = Out(io.StringIO(), io.StringIO(), progress=False)
    with out.progress("building") as update:
        assert update is None


def test_quiet_keeps_data_and_warnings() -> None:
    data, words = io.StringIO(), io.StringIO()
    out = Out(data, words, quiet=True)
    out.line("answer")
    out.word("chatter")
    out.warn("careful", "look")
    assert data.getvalue() == "answer\n"
    assert words.getvalue() == "warning: careful\n  hint: look\n"


def test_an_answer_keeps_off_the_envelope() -> None:
    with pytest.raises(ValueError, match="envelope"):
        Out(io.StringIO(), io.StringIO()).json("show", {"version": "x"})


class TestWrap:
    def test_paragraphs_fold_and_code_does_not(self) -> None:
        text = (
            "one two three four\nfive six\n\n```\n" + "x" * 40 + "\n```\n- item one two three\n- item\n\n\n"
        )
        assert prose(text, 12) == [
            "one two",
            "three four",
            "five six",
            "",
            "```",
            "x" * 40,
            "```",
            "- item one",
            "two three",
            "- item",
        ]

    def test_wide_characters_fold_anywhere(self) -> None:
        lines = fold("港湾ストライキ終結", 8)
        assert lines == ["港湾スト", "ライキ終", "結"]
        assert [cells(line) for line in lines] == [8, 8, 2]

    def test_a_word_longer_than_the_line_stays_whole(self) -> None:
        assert fold("a " + "x" * 30 + " b", 10) == ["a", "x" * 30, "b"]

    def test_nothing_in_prose_acts_on_a_terminal(self) -> None:
        assert prose("a\x1b[2J\u202e\r", 80) == [r"a\u{1b}[2J\u{202e}\u{d}"]

    def test_a_long_line_of_brackets_costs_little(self) -> None:
        began = time.perf_counter()
        prose("[" * 20_000 + "\n" + "> " * 5_000 + "x\n" * 5_000, 80)
        assert time.perf_counter() - began < 2


def test_rate_asks_who_rates_where_nothing_says_it(commons: Path) -> None:
    args = ("-C", str(commons), "rate", ID, "newsworthy=4", "--today", "2026-05-10")
    code, seen = on_terminal(*args, typed="Ann!\nann\n")
    assert code == 0, seen
    assert "please answer again" in seen
    assert "git config newsrepo.rater ann" in seen
    assert (commons / "ratings/abc/ann/2026-05.yaml").is_file()
    code, seen = on_terminal(*args, NEWSREPO_RATER="bob")
    assert code == 0, seen
    assert "Who rates" not in seen
    assert (commons / "ratings/abc/bob/2026-05.yaml").is_file()
