"""The application: which screen is on, what the rooms share, and the one loop that hears keys."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SuspendNotSupported, SystemCommand
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.screen import Screen

from newsrepo.desk.lines import Line, Style, fold, run
from newsrepo.desk.office import Begun, Office
from newsrepo.desk.rows import Row, Target
from newsrepo.desk.screens import ROOMS, Board
from newsrepo.desk.widgets import Bar

if TYPE_CHECKING:
    from concurrent.futures import Future

    from newsrepo.desk.rating import Sheet
    from newsrepo.porcelain.rate import Rated
    from newsrepo.porcelain.show import Shown

_SLOW = 0.4
"""Seconds after which one is told what is being waited for."""

_TEXTUALS = ("screen.", "app.focus", "app.command", "app.help_quit", "scroll_", "page_")
"""What actions begin with that every program made with Textual has, and nobody looks up."""

Run = Callable[[Sequence[str]], int]
"""Runs a command on the terminal, which is free for it, and answers its exit code."""


def run_command(command: Sequence[str]) -> int:
    """Run one of our own commands where the desk stood, and wait for Enter."""
    done = subprocess.run(command, check=False)  # noqa: S603 - our own program; ids are checked before
    with_code = "" if done.returncode == 0 else f" (it ended with {done.returncode})"
    sys.stdout.write(f"\nEnter goes back to the desk{with_code}. ")
    sys.stdout.flush()
    sys.stdin.readline()
    return done.returncode


class Desk(App[None]):
    """The desk. ``begun`` is what the first screen shows, asked for before anything is drawn.

    ``program`` are the words that start this program in the same clone, for what steps out of the desk.
    """

    ENABLE_COMMAND_PALETTE = True
    TITLE = "newsrepo desk"
    CSS = """
    #head, #rooms { background: $panel; }
    #rooms { color: $text-muted; }
    #word { background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"room('{name}')", title, show=False) for key, name, title in ROOMS),
        Binding("u", "undo", "Undo", tooltip="Take the latest rating of this desk back"),
        Binding("f5,ctrl+r", "anew", "Anew", show=False, tooltip="Look at the clone anew"),
        Binding("question_mark,f1", "help", "Help", key_display="?"),
        Binding("ctrl+q,ctrl+c", "leave", "Leave", show=False, priority=True, tooltip="Leave the desk"),
    ]

    def __init__(
        self,
        office: Office,
        begun: "Future[Begun]",
        *,
        program: Sequence[str] = (),
        command: Run = run_command,
        lens: str = "",
    ) -> None:
        super().__init__()
        self.office = office
        self.commons = ""
        self.rater = ""
        self.lens = lens
        self.word: Line = ()
        self.seen: set[Target] = set()
        self.rated: set[tuple[str, str]] = set()
        self.drafts: dict[tuple[str, str], Sheet] = {}
        self.error: Exception | None = None
        self._first: Future[Begun] | None = begun
        self._program = tuple(program)
        self._command = command
        self.waiting: list[tuple[str, float]] = []
        self._done = (0, 0)

    def get_default_screen(self) -> Screen[Any]:
        from newsrepo.desk.rooms import NewRoom

        return NewRoom()

    def on_mount(self) -> None:
        self.set_interval(0.2, self.show_word)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every key that means something here, for whoever prefers to look it up."""
        told = set()
        for _, binding, enabled, _tooltip in screen.active_bindings.values():
            ours = not binding.action.startswith(_TEXTUALS)
            if not enabled or not ours or not binding.description or binding.action in told:
                continue
            told.add(binding.action)
            action = binding.action
            yield SystemCommand(
                binding.description,
                f"{binding.tooltip or binding.description} (key: {self.get_key_display(binding)})",
                lambda action=action: self.run_worker(screen.run_action(action)),
            )

    # -- what screens share --------------------------------------------------------------------------

    def begun(self) -> "Future[Begun]":
        """What is new; at first what was asked before the desk was drawn."""
        first, self._first = self._first, None
        return first if first is not None else self.office.quick.ask(self.office.begin)

    @contextmanager
    def busy(self, what: str) -> Iterator[None]:
        """Something is waited for, and told if it takes its time."""
        entry = (what, monotonic())
        self.waiting.append(entry)
        self._done = (0, 0)
        try:
            yield
        finally:
            self.waiting.remove(entry)
            self.show_word()

    def progress(self, done: int, of: int) -> None:
        """How far the long work is; called from its own thread."""
        self._done = (done, of)

    def show_word(self) -> None:
        """The last word, or what is waited for."""
        try:
            bar = self.screen.query_one("#word", Bar)
        except NoMatches:  # a dialog: it has no place for words
            return
        slow = [(what, monotonic() - since) for what, since in self.waiting if monotonic() - since > _SLOW]
        if not slow:
            bar.show(self.word)
            return
        what, seconds = slow[0]
        done, of = self._done
        how_far = f" {done * 100 // of}%" if of else ""
        bar.show((run(f" … {what}{how_far}, {seconds:.0f} s", Style.DIM),))

    def fail(self, error: Exception) -> None:
        """End because of a bug of ours, or as nothing is there to sit at; who started it is told."""
        self.error = error
        self.exit()

    @property
    def board(self) -> Board:
        """The uppermost screen that is no dialog."""
        return next(screen for screen in reversed(self.screen_stack) if isinstance(screen, Board))

    def note(self, rows: Sequence[Row]) -> None:
        """These rows were seen."""
        fresh = [row for row in rows if row.target not in self.seen and row.target.kind != "version"]
        if fresh:
            self.seen.update(row.target for row in fresh)
            self.board.ask(
                self.office.quick,
                lambda work: self.office.note_seen(fresh, work),
                lambda _: None,
                "noting what was seen",
            )

    # -- going places --------------------------------------------------------------------------------

    def open(self, row: Row, beside: tuple[Row, ...]) -> None:
        """Open what a row stands for."""
        self.push_screen(self._screen(row, beside))

    def switch(self, row: Row, beside: tuple[Row, ...]) -> None:
        """Show another row in place of this screen."""
        self.switch_screen(self._screen(row, beside))

    def _screen(self, row: Row, beside: tuple[Row, ...]) -> Screen[Any]:
        from newsrepo.desk.reading import RecordScreen, StatementScreen

        if row.target.kind == "statement":
            return StatementScreen(row.target.id)
        return RecordScreen(row, beside)

    def action_room(self, name: str) -> None:
        from newsrepo.desk import rooms

        while len(self.screen_stack) > 1:
            self.pop_screen()
        made: Mapping[str, Callable[[], Board]] = {
            "fronts": rooms.FilterRoom,
            "to_rate": rooms.RateRoom,
            "asked": rooms.AskedRoom,
            "votes": rooms.VotesRoom,
            "search": rooms.SearchRoom,
        }
        self.word = ()
        if name in made:
            self.push_screen(made[name]())

    def back(self) -> None:
        """Back by one screen; from the first one, leave."""
        if len(self.screen_stack) > 1:
            self.word = ()
            self.pop_screen()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Leave, unless a rating is half given: then ask."""
        from newsrepo.desk.dialogs import Choice

        if isinstance(self.screen, Choice):
            return
        if not self.drafts:
            self.exit()
            return
        names = ", ".join(article for article, _ in self.drafts)
        told = fold([run(f"A rating is begun and not written: {names}. r goes on with it there.")], 70)
        self.choose(told, {"L": "leave without it"}, lambda key: self.exit() if key else None)

    def action_help(self) -> None:
        from newsrepo.desk.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def action_anew(self) -> None:
        """Look at the clone anew: what others' tools, an editor or sync changed meanwhile."""
        self.office.renew()
        self.board.load()

    def choose(self, lines: list[Line], keys: Mapping[str, str], then: Callable[[str], None]) -> None:
        """Ask for one key; ``then`` hears it, or an empty text."""
        from newsrepo.desk.dialogs import Choice

        self.push_screen(Choice(lines, keys), lambda key: then(key or ""))

    def with_lens(self, then: Callable[[str], None]) -> None:
        """Go on with the filter by which one looks; ask for it where none is chosen."""
        from newsrepo.desk.rooms import FilterRoom

        if self.lens:
            then(self.lens)
        else:
            self.push_screen(FilterRoom(picking=True), lambda chosen: then(chosen) if chosen else None)

    # -- rating --------------------------------------------------------------------------------------

    def rate(self, shown: "Shown", title: str, sheet: "Sheet", then: Callable[[], None]) -> None:
        """Rate what is read; a rating half given before is gone on with."""
        from newsrepo.desk.dialogs import Rate

        key = (shown.id, shown.version)
        dialog = Rate(title, self.drafts.get(key, sheet), lambda now: self.drafts.__setitem__(key, now))

        def ended(write: bool | None) -> None:
            now = self.drafts[key]
            if write:
                self._write(key, now, then)
            elif now == sheet:
                del self.drafts[key]  # nothing was given

        self.push_screen(dialog, ended)

    def _write(self, key: tuple[str, str], sheet: "Sheet", then: Callable[[], None]) -> None:
        board = self.board
        if not sheet.values:
            del self.drafts[key]
            board.say("Nothing was given, nothing is written.")
            return
        values = [f"{scale.id}={sheet.values.get(scale.id, '')}" for scale in sheet.scales]

        def written(done: "Rated") -> None:
            self.drafts.pop(key, None)
            self.rated.add(key)
            given = " ".join(f"{axis}={value}" for axis, value in done.values.items())
            board.say(f"Rated: {given} ({done.path}). u takes it back.")
            then()

        answer = self.office.quick.ask(
            lambda work: self.office.give(key[0], key[1], values, sheet.note, work)
        )
        board.wait(answer, written, "writing the rating")

    def action_undo(self) -> None:
        """Take the latest rating of this desk back."""
        board = self.board

        def back(done: "Rated") -> None:
            self.rated.discard((done.article, done.version))
            board.say(f"Taken back: the rating of {done.article}.")
            board.load()

        board.ask(self.office.quick, self.office.take_back, back, "taking it back")

    # -- voting --------------------------------------------------------------------------------------

    def vote(self, statement: str, choice: str, then: Callable[[], None]) -> None:
        """Step aside for the command that shows a ballot, asks, and signs it."""
        command = [*self._program, "statement", "vote", statement, choice]
        try:
            with self.suspend():
                code = self._command(command)
        except SuspendNotSupported:
            self.board.say(f"Run: newsrepo statement vote {statement} {choice}")
            return
        self.refresh()
        self.office.renew()
        then()
        self.board.say("Voted; commit and publish it." if code == 0 else "Nothing was signed.")


def show(
    office: Office, begun: "Future[Begun]", *, program: Sequence[str], lens: str = "", plain: bool = False
) -> Desk:
    """Sit down at the desk until one leaves; ``plain``: without colour. Answers the desk as it was left.

    Raises why it could not stand, and what a bug raised, once the terminal is as it was.
    """
    if plain:
        os.environ["NO_COLOR"] = "1"  # which Textual takes away again
    desk = Desk(office, begun, program=[*program, *(["--no-color"] if plain else [])], lens=lens)
    desk.run()
    office.quick.finish()
    if desk.error is not None:
        raise desk.error
    return desk
