"""The desk by its keys, from sitting down to leaving; nothing in it reaches for a network (see conftest)."""

from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from newsrepo.desk.app import Desk
from newsrepo.desk.dialogs import Choice, Rate
from newsrepo.desk.reading import RecordScreen, StatementScreen
from newsrepo.desk.rooms import SearchRoom
from newsrepo.desk.widgets import Bar, Rows
from newsrepo.errors import UnableError
from tests.conftest import put
from tests.desk.conftest import MONTH, QUAY, STRIKE, Sitting, sit
from tests.support import article

if TYPE_CHECKING:
    from collections.abc import Sequence


def test_what_was_opened_is_new_no_more_and_what_changed_is_told(commons: Path) -> None:
    async def first(here: Sitting) -> None:
        assert here.text.startswith("new The quay lmn 2026-05-20")
        assert "First time here: all 5 records are new" in here.word
        assert "new on abc/2026/strike lmn 2026-05-04" in here.text
        assert "new question: What did it cost? abc 2026-05-01" in here.text
        await here.press("enter", "escape")
        assert here.text.startswith("· The quay")
        await here.press("M", "q")

    async def second(here: Sitting) -> None:
        assert here.text.split("\n") == [
            "gone comment:lmn/2026/word is no longer there lmn ",
            "changed The quay, again lmn 2026-05-21",
            "new A crane abc 2026-05-02",
        ]
        await here.press("o")
        assert [row.who for row in here.desk.screen.query_one(Rows).rows] == ["abc", "lmn", "lmn"]

    sit(commons, first)
    put(
        commons,
        {
            f"articles/{QUAY}/index.md": article("The quay, again", date="2026-05-21"),
            "articles/abc/2026/crane/index.md": article("A crane", date="2026-05-02"),
        },
    )
    (commons / "comments/lmn/2026/word.md").unlink()
    sit(commons, second)


async def to_strike(here: Sitting) -> None:
    """Open the strike from the list of what is new."""
    rows = here.desk.screen.query_one(Rows)
    rows.go(next(at for at, row in enumerate(rows.rows) if row.target.id == STRIKE))
    await here.press("enter")


def test_a_rating_by_key_is_written_shows_what_others_gave_and_can_be_taken_back(commons: Path) -> None:
    async def script(here: Sitting) -> None:
        await to_strike(here)
        assert "1 other has rated it: hidden until you have, too (r rates)." in here.text
        assert "lmn/bob" not in here.text
        await here.press("r", "9")
        assert "from 1 to 5" in here.text
        await here.press("5", "u", "4", "n")
        await here.type("good")
        await here.press("enter", "3")
        assert "accurate: 1, newsworthy: 3" in (commons / MONTH).read_text()
        assert "note: good" in (commons / MONTH).read_text()
        assert "You rated: accurate=1 newsworthy=3" in here.text
        assert "lmn/bob newsworthy=4" in here.text
        await here.press("r", "-", "2")
        assert "values: {newsworthy: 2}" in (commons / MONTH).read_text()
        await here.press("u")
        assert "accurate: 1, newsworthy: 3" in (commons / MONTH).read_text()
        await here.press("u")
        assert not (commons / MONTH).exists()
        assert "lmn/bob" not in here.text
        await here.press("u")
        assert "nothing to undo" in here.word

    sit(commons, script)


def test_a_rating_half_given_is_kept_and_nobody_leaves_without_being_asked(commons: Path) -> None:
    async def script(here: Sitting) -> None:
        await to_strike(here)
        await here.press("r", "4", "escape", "escape", "q")
        assert isinstance(here.desk.screen, Choice)
        assert STRIKE in here.text
        await here.press("escape")
        await to_strike(here)
        await here.press("r")
        assert "(accurate): 1" in here.text
        await here.press("enter")
        assert "values: {accurate: 1}" in (commons / MONTH).read_text()
        await here.press("r", "escape", "escape", "q")

    desk = sit(commons, script)
    assert not desk.drafts
    assert not desk.is_running


def test_who_rates_must_be_known(commons: Path) -> None:
    async def script(here: Sitting) -> None:
        await to_strike(here)
        assert "to rate, set git config newsrepo.rater" in " ".join(here.text.split())
        await here.press("r")
        assert "cannot tell who rates" in here.word
        assert not isinstance(here.desk.screen, Rate)

    sit(commons, script, rater="")


def test_versions_side_by_side(commons: Path) -> None:
    async def script(here: Sitting) -> None:
        await to_strike(here)
        await here.press("v")
        assert "The strike ends" in here.text
        assert "· The strike in brief +0 -1 words" in here.text
        await here.press("d")
        assert "That is the left side itself" in here.word
        await here.press("down", "d")
        assert "1 changed" in here.text.split("\n")[0]
        assert "(1 unchanged)" in here.text
        assert "[-again-]" in here.text
        await here.press("a", "s")
        assert "{+again+}" in here.text
        assert here.text.count("They had stood for nine days.") == 2

    sit(commons, script)


def test_fronts_why_and_the_next_one(commons: Path) -> None:
    async def script(here: Sitting) -> None:
        await to_strike(here)
        await here.press("w")
        assert isinstance(here.desk.screen, Choice)  # why shows ratings, and none was given yet
        await here.press("w", "enter")  # and by which filter is asked
        assert here.text.startswith(f"{STRIKE}: The strike ends")
        assert "lmn/bob" in here.text
        await here.press("2", "enter")
        assert "1 The strike ends (+1) abc" not in here.text
        assert here.text == "1 The strike ends abc 2026-05-03"
        await here.press("3")
        assert here.desk.lens == "abc/daily"
        assert here.text.count("\n") == 0
        await here.press("1", "enter", "n")
        assert isinstance(here.desk.screen, RecordScreen)
        assert "The strike in brief" in here.text
        await here.press("p", "p", "p", "p")
        assert "first one" in here.word

    sit(commons, script)


def test_search_tells_the_place_of_a_fault(commons: Path) -> None:
    async def script(here: Sitting) -> None:
        await here.press("slash")
        await here.type("crane (")
        fault = here.desk.screen.query_one("#fault", Bar)
        assert "".join(run.text for run in fault.line) == " " * 7 + "^ this parenthesis is never closed"
        await here.press("enter")
        assert "column 7" in here.word
        here.desk.screen.query_one(Input).value = "topik:x"
        await here.press("enter")
        assert "column 1" in here.word
        here.desk.screen.query_one(Input).value = "cranes"
        await here.press("enter")
        assert here.text.count("The strike") == 2
        assert "2 found" in here.word
        await here.press("enter")
        assert isinstance(here.desk.screen, RecordScreen)
        await here.press("escape", "slash", "down")
        assert isinstance(here.desk.screen, SearchRoom)
        assert here.desk.focused is here.desk.screen.query_one(Rows)

    sit(commons, script)


def test_open_questions_say_whom_they_ask(commons: Path) -> None:
    async def script(here: Sitting) -> None:
        await here.press("4")
        assert here.text == "overdue abc asks: What did it cost? lmn 2026-05-10"
        await here.press("enter")
        assert "ABC (abc) asks LMN (lmn)" in here.text
        assert "newsrepo new answer abc/cost --as lmn" in here.text

    sit(commons, script)


def test_to_vote_the_desk_steps_aside(commons: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Sequence[str]] = []

    @contextmanager
    def aside(_: Desk):  # type: ignore[no-untyped-def]  # as in Textual
        yield

    async def script(here: Sitting) -> None:
        await here.press("5")
        here.desk.push_screen(StatementScreen("statement:abc/peace"))
        await here.settle()
        await here.press("v")
        assert "newsrepo statement vote abc/peace" in here.text
        await here.press("x", "n")
        assert "Nothing was signed" in here.word
        monkeypatch.undo()  # where a terminal cannot be left, the command is told
        await here.press("v", "y")
        assert "Run: newsrepo statement vote abc/peace yes" in here.word

    monkeypatch.setattr(Desk, "suspend", aside)
    sit(commons, script, command=lambda words: bool(ran.append(words)) or 3)
    assert ran == [["newsrepo", "statement", "vote", "abc/peace", "no"]]


def test_keys_are_heard_while_something_long_goes_on(commons: Path) -> None:
    go = Event()

    async def script(here: Sitting) -> None:
        here.desk.office.asked = lambda work: go.wait(20) and None  # type: ignore[assignment,method-assign]
        await here.pilot.press("4")
        await here.pilot.pause(0.6)
        assert "reading the ledger" in here.word
        await here.pilot.press("1")
        await here.settle()
        await here.press("enter")
        assert "The quay" in here.text
        go.set()

    sit(commons, script)


def test_a_bug_ends_the_desk_and_is_kept(commons: Path) -> None:
    async def script(here: Sitting) -> None:
        def broken(work: object) -> None:
            raise RuntimeError("boo")

        here.desk.office.filters = broken  # type: ignore[assignment,method-assign]
        await here.press("2")

    desk = sit(commons, script)
    assert str(desk.error) == "boo"


def test_nobody_sits_down_where_there_is_no_commons(commons: Path) -> None:
    async def script(here: Sitting) -> None:
        await here.pilot.pause()

    (commons / "newsrepo.yaml").unlink()
    desk = sit(commons, script)
    assert isinstance(desk.error, UnableError)
    assert "no charter" in desk.error.message


def test_every_room_stands_on_a_tiny_screen_without_colour(
    commons: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    size = (36, 10)

    async def script(here: Sitting) -> None:
        assert here.desk.no_color
        for key in ("2", "3", "4", "5", "question_mark"):
            await here.press(key)
            drawn = [strip.text for strip in here.desk.screen._compositor.render_strips()]
            assert len(drawn) == size[1]
            assert all(len(text) <= size[0] for text in drawn)
        assert "  u\n    Take the latest rating of this" in here.text
        await here.press("escape", "f5")
        told = [command.title for command in here.desk.get_system_commands(here.desk.screen)]
        assert "Undo" in told
        assert "Search" in told

    sit(commons, script, size=size)
