"""Reading: a record, the versions of its story, two of them side by side, why it is printed, a question."""

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from newsrepo.desk.lines import Style, fold, line, run
from newsrepo.desk.pages import Reading, question_lines, record_lines, said_lines
from newsrepo.desk.rating import begun
from newsrepo.desk.rows import Row, Target
from newsrepo.desk.screens import ListScreen, PageScreen
from newsrepo.desk.sides import sides
from newsrepo.ids import Kind
from newsrepo.ledger import Entry
from newsrepo.porcelain.challenges import Listing
from newsrepo.porcelain.diff import Diffed
from newsrepo.porcelain.rating_walk import Scale
from newsrepo.porcelain.why import Explained


class RecordScreen(PageScreen):
    """One record; of an article also its rating, its versions, and why it is printed or not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "rate", "Rate", tooltip="Rate it, one key an axis"),
        Binding("v", "versions", "Versions", tooltip="All versions of the story"),
        Binding("w", "why", "Why", tooltip="Why a filter prints it or does not"),
        Binding("n", "go(1)", "Next", tooltip="The next one of the list"),
        Binding("p", "go(-1)", "Previous", tooltip="The one before it in the list"),
    ]

    def __init__(self, row: Row, beside: tuple[Row, ...] = ()) -> None:
        super().__init__(row.target.id)
        self._row = row
        self._beside = beside or (row,)
        self._reading: Reading | None = None

    def load(self) -> None:
        question = partial(self.desk.office.read, self._row.target)
        self.ask(self.desk.office.quick, question, self._show, "reading", self.show_error)

    def _show(self, reading: Reading) -> None:
        again = self._reading is not None and self._reading.shown.id == reading.shown.id
        self._reading = reading
        if not reading.shown.past:
            self.desk.note([self._row])
        self.show_lines(partial(record_lines, reading), top=not again)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        if action in ("rate", "versions", "why"):
            return self._row.target.kind in ("article", "version")
        return True

    def action_go(self, by: int) -> None:
        targets = [row.target for row in self._beside]
        at = targets.index(self._row.target) + by
        if not 0 <= at < len(self._beside):
            self.say("That was the last one." if by > 0 else "That was the first one.")
            return
        self.desk.switch(self._beside[at], self._beside)

    def action_versions(self) -> None:
        if self._reading is not None:
            shown = self._reading.shown
            self.desk.push_screen(VersionsRoom(Target("version", shown.id, shown.version)))

    def action_rate(self) -> None:
        reading = self._reading
        if reading is None or reading.shown.kind is not Kind.ARTICLE or reading.shown.record is None:
            return
        self.ask(self.desk.office.quick, self.desk.office.scales, self._rate, "reading the axes")

    def _rate(self, scales: tuple[Scale, ...]) -> None:
        if self._reading is not None and scales:
            title = getattr(self._reading.shown.record, "title", self._reading.shown.id)
            self.desk.rate(self._reading.shown, title, begun(scales, self._reading.mine), self.load)

    def action_why(self) -> None:
        reading = self._reading
        if reading is None:
            return
        if reading.others and not reading.told and reading.rater:
            words = "Why shows how others rated it, and you have not rated it yet."
            self.desk.choose(fold([run(words)], 70), {"w": "show it all the same"}, self._why)
        else:
            self._why("w")

    def _why(self, key: str) -> None:
        if key and self._reading is not None:
            self.desk.with_lens(partial(self._explain, self._reading.shown.id))

    def _explain(self, article: str, chosen: str) -> None:
        self.desk.push_screen(WhyScreen(article, chosen))


class WhyScreen(PageScreen):
    """Why a filter prints an article or does not, and what would turn that round."""

    def __init__(self, article: str, chosen: str) -> None:
        super().__init__(f"Why {article}")
        self._article, self._chosen = article, chosen

    def load(self) -> None:
        self.page.fill([line("Trying what would turn it round …", Style.DIM)])
        question = partial(self.desk.office.why, self._article, self._chosen)
        self.ask(
            self.desk.office.long, question, self._show, "trying what would turn it round", self.show_error
        )

    def _show(self, found: Explained) -> None:
        from newsrepo.cli.present.why import as_text

        self.show_lines(lambda width: said_lines(lambda out: as_text(out, found), width))


class VersionsRoom(ListScreen):
    """Every version of a story. One is the left side; with ``d`` any other is set beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "compare", "Side by side", tooltip="Set it beside the left side"),
        Binding("x", "left", "Left side", tooltip="Take this version for the left side"),
    ]

    def __init__(self, left: Target) -> None:
        super().__init__(f"Versions of {left.id}")
        self._left = left

    def load(self) -> None:
        question = partial(self.desk.office.versions, self._left.id)
        self.ask(self.desk.office.long, question, self._show, "reading history")

    def _show(self, rows: tuple[Row, ...]) -> None:
        self.fill(rows)
        self._tell()

    def _tell(self) -> None:
        self.say(f"d sets it beside {self._left.version[:8]}, the left side; x takes another for that.")

    def action_left(self) -> None:
        row = self.list.current
        if row is not None and row.target.version:
            self._left = row.target
            self._tell()

    def action_compare(self) -> None:
        row = self.list.current
        if row is None or not row.target.version:
            return
        if row.target == self._left:
            self.say("That is the left side itself: go to another version, or take another with x.")
            return
        self.desk.push_screen(SidesScreen(self._left, row.target))


class SidesScreen(PageScreen):
    """Two versions side by side."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "every", "All passages", tooltip="Show or hide what did not change"),
        Binding("s", "swap", "Swap sides"),
    ]

    def __init__(self, old: Target, new: Target) -> None:
        super().__init__("Side by side")
        self._pair = (old, new)
        self._every = False
        self._found: Diffed | None = None

    def load(self) -> None:
        question = partial(self.desk.office.compare, *self._pair)
        self.ask(self.desk.office.long, question, self._show, "comparing", self.show_error)

    def _show(self, found: Diffed) -> None:
        self._found = found
        self.show_lines(lambda width: sides(found, width, every=self._every))

    def action_every(self) -> None:
        self._every = not self._every
        if self._found is not None:
            self._show(self._found)

    def action_swap(self) -> None:
        self._pair = (self._pair[1], self._pair[0])
        self.load()


class QuestionScreen(PageScreen):
    """One question to one contingent, and what came of it."""

    def __init__(self, listing: Listing, entry: Entry) -> None:
        super().__init__(entry.question.id)
        self._listing, self._entry = listing, entry

    def load(self) -> None:
        self.show_lines(partial(question_lines, self._listing, self._entry))


class StatementScreen(PageScreen):
    """A statement, how its vote stands, and the way to vote on it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "vote", "Vote", tooltip="Step aside to vote: shown, asked, then signed")
    ]

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._statement = name

    def load(self) -> None:
        from newsrepo.cli.present.statements import show_as_text

        self.page.fill([line("Counting …", Style.DIM)])
        self.ask(
            self.desk.office.long,
            partial(self.desk.office.statement, self._statement),
            lambda looked: self.show_lines(
                lambda width: said_lines(lambda out: show_as_text(out, looked), width)
            ),
            "counting",
            self.show_error,
        )

    def action_vote(self) -> None:
        bare = self._statement.removeprefix("statement:")
        told = (
            "A ballot is signed with your key and is public, for ever. The desk steps aside for "
            f"“newsrepo statement vote {bare} CHOICE”, which shows what you would sign, and asks first."
        )
        self.desk.choose(fold([run(told)], 70), {"y": "yes", "n": "no", "a": "abstain"}, self._vote)

    def _vote(self, key: str) -> None:
        choice = {"y": "yes", "n": "no", "a": "abstain"}.get(key)
        if choice is not None:
            self.desk.vote(self._statement.removeprefix("statement:"), choice, self.load)
