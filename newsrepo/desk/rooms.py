"""The rooms: what is new, filters and their front pages, what to rate, open questions, votes, search."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Input

from newsrepo.desk.office import MOST, Begun
from newsrepo.desk.rows import Row, Target, by_contingent
from newsrepo.desk.screens import ListScreen
from newsrepo.desk.widgets import Bar, Rows
from newsrepo.errors import NewsrepoError

if TYPE_CHECKING:
    from newsrepo.desk.news import News
    from newsrepo.porcelain.challenges import Listing
    from newsrepo.porcelain.statements.looking import Row as Poll


class NewRoom(ListScreen):
    """What is new since one last looked, across all contingents."""

    ROOM = "new"
    EMPTY = "Nothing is new since you last looked."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "seen", "Seen", tooltip="Mark it as seen"),
        Binding("M", "all_seen", "All seen", tooltip="Mark all as seen"),
        Binding("o", "group", "By contingent", tooltip="Contingent by contingent, or by day"),
    ]

    def __init__(self) -> None:
        super().__init__("New")
        self._news: News | None = None
        self._grouped = False

    def load(self) -> None:
        self.list.fill((), "Reading …")
        failed = self.say_error if self._news is not None else self.desk.fail
        self.wait(self.desk.begun(), self._show, "reading the commons", failed)

    def _show(self, begun: Begun) -> None:
        self.desk.commons, self.desk.rater = begun.commons, begun.rater
        self._news = begun.news
        self.show_head()
        self._fill()
        many = len(begun.news.rows)
        told = f"{many} new or changed of {begun.news.total}"
        if begun.news.first:
            told = f"First time here: all {many} records are new, M marks them as seen"
        self.say(f"{told}. ? helps.")

    def _fill(self) -> None:
        if self._news is None:
            return
        seen = self.desk.seen
        rows = tuple(row._replace(mark="·") if row.target in seen else row for row in self._news.rows)
        self.fill(by_contingent(rows) if self._grouped else rows)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._fill()

    def open(self, row: Row) -> None:
        self.desk.note([row])
        super().open(row)

    def action_seen(self) -> None:
        if self.list.current is not None:
            self.desk.note([self.list.current])
            self._fill()
            self.list.action_move(1)

    def action_all_seen(self) -> None:
        rows = self.list.rows
        self.desk.note(rows)
        self._fill()
        self.say(f"{len(rows)} marked as seen: next time only what is newer shows.")

    def action_group(self) -> None:
        self._grouped = not self._grouped
        self._fill()


class FilterRoom(ListScreen):
    """Every filter: open one to see its front page, and to look by it from then on."""

    ROOM = "fronts"
    EMPTY = "No filter yet: newsrepo new filter makes one."

    def __init__(self, *, picking: bool = False) -> None:
        super().__init__("Whose front page?" if picking else "Front pages")
        self._picking = picking

    def load(self) -> None:
        self.ask(self.desk.office.quick, self.desk.office.filters, self.fill, "reading filters")

    def open(self, row: Row) -> None:
        self.desk.lens = row.target.id
        if self._picking:
            self.dismiss(row.target.id)
        else:
            self.desk.push_screen(FrontRoom(row.target.id))


class FrontRoom(ListScreen):
    """The front page of a filter, in its order."""

    ROOM = "fronts"
    EMPTY = "This filter prints nothing today."

    def __init__(self, chosen: str) -> None:
        super().__init__(f"Front page of {chosen}")
        self._chosen = chosen

    def load(self) -> None:
        question = partial(self.desk.office.front, self._chosen)
        self.ask(self.desk.office.quick, question, self.fill, "selecting")


class RateRoom(ListScreen):
    """What one has not rated yet: of everything, or of what the filter selects, in its order."""

    ROOM = "to_rate"
    EMPTY = "Nothing is left to rate."

    def __init__(self) -> None:
        super().__init__("To rate")

    def load(self) -> None:
        question = partial(self.desk.office.to_rate, self.desk.lens)
        self.ask(self.desk.office.quick, question, self._show, "looking for what is unrated", self._failed)

    def _show(self, rows: tuple[Row, ...]) -> None:
        done = self.desk.rated
        self.fill([row for row in rows if (row.target.id, row.target.version) not in done])

    def _failed(self, error: NewsrepoError) -> None:
        self.list.fill((), " — ".join(filter(None, (error.message, error.hint))))
        self.say_error(error)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._show(self.list.rows)


_MARKS = {"question-changed": "changed", "partial": "in part"}
"""What a row calls states whose names are too long for its column."""


class AskedRoom(ListScreen):
    """Public questions: who was asked, and what became of it; what waits longest first."""

    ROOM = "asked"
    EMPTY = "Nobody has asked anything yet: newsrepo new challenge asks."

    def __init__(self) -> None:
        super().__init__("Questions")
        self._listing: Listing | None = None

    def load(self) -> None:
        self.ask(self.desk.office.long, self.desk.office.asked, self._show, "reading the ledger")

    def _show(self, listing: "Listing") -> None:
        self._listing = listing
        self.fill(
            [
                Row(
                    Target("entry", str(at)),
                    f"{entry.question.by} asks: {listing.titles.get(entry.question.id, '')}",
                    entry.to,
                    str(entry.due),
                    _MARKS.get(entry.state.value, entry.state.value),
                )
                for at, entry in enumerate(listing.entries)
            ]
        )
        self.say(
            f"{len(listing.owed)} of {len(listing.entries)} wait for an answer; the day is when it is due."
        )

    def open(self, row: Row) -> None:
        from newsrepo.desk.reading import QuestionScreen

        if self._listing is not None:
            self.desk.push_screen(QuestionScreen(self._listing, self._listing.entries[int(row.target.id)]))


class VotesRoom(ListScreen):
    """Statements: what is voted on, what came of it."""

    ROOM = "votes"
    EMPTY = "No statement yet: newsrepo statement new proposes one."

    def __init__(self) -> None:
        super().__init__("Votes")

    def load(self) -> None:
        question = partial(self.desk.office.polls, self.desk.progress)
        self.list.fill((), "Gathering ballots …")
        self.ask(self.desk.office.long, question, self._show, "gathering ballots", self._failed)

    def _failed(self, error: NewsrepoError) -> None:
        self.list.fill((), " — ".join(filter(None, (error.message, error.hint))))
        self.say_error(error)

    def _show(self, polls: "tuple[Poll, ...]") -> None:
        rows = [
            Row(
                Target("statement", poll.id),
                poll.title or poll.id,
                poll.id.removeprefix("statement:").partition("/")[0],
                poll.closes,
                poll.judged.state.value,
            )
            for poll in polls
        ]
        self.fill(sorted(rows, key=lambda row: row.mark != "open"))


class SearchRoom(ListScreen):
    """The query language over everything, or over what the filter selects."""

    ROOM = "search"
    EMPTY = "Write a query and press Enter, such as: topic:labour newsworthy>=3 -is:withdrawn"
    CSS = "SearchRoom Input { border: none; height: 1; padding: 0 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "query", "Query", tooltip="Write another query"),
        Binding("down", "list", "Found", show=False, tooltip="From the query to what was found"),
    ]

    def __init__(self) -> None:
        super().__init__("Search")

    def compose(self) -> ComposeResult:
        yield Bar("head")
        yield Bar("rooms")
        yield Input(placeholder="query", max_length=1000)
        yield Bar("fault")
        yield Rows()
        yield Bar("word")
        yield Footer(compact=True)

    def load(self) -> None:
        self.list.fill((), self.EMPTY)
        self.query_one(Input).focus()

    def action_query(self) -> None:
        self.query_one(Input).focus()

    def action_list(self) -> None:
        self.list.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once where a query goes wrong, with a mark under the place."""
        from newsrepo.desk.searching import fault_line

        self.query_one("#fault", Bar).show(fault_line(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        question = partial(self.desk.office.search, event.value, self.desk.lens)
        self.ask(self.desk.office.long, question, self._show, "searching", self._failed)

    def _show(self, answer: tuple[tuple[Row, ...], int]) -> None:
        rows, total = answer
        self.list.fill(rows, "Nothing matches.")
        more = f", the first {MOST} shown" if total > MOST else ""
        within = f" in {self.desk.lens}" if self.desk.lens else ""
        self.say(f"{total} found{within}{more}.")
        if rows:
            self.list.focus()

    def _failed(self, error: NewsrepoError) -> None:
        from newsrepo.desk.searching import mark_line

        self.list.fill((), "")
        self.query_one("#fault", Bar).show(mark_line(error))
        self.say_error(error)
