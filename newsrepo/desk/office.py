"""What the desk asks of the commons. Every method runs in a lane, none where keys are heard."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from newsrepo.desk.lanes import Lane
from newsrepo.desk.news import News, items, news
from newsrepo.desk.rows import Row, Target
from newsrepo.desk.seen import Seen
from newsrepo.errors import UsageError
from newsrepo.ids import ArticleId
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:  # what is not needed for the first screen is loaded by whoever needs it
    from newsrepo.desk.pages import Reading
    from newsrepo.porcelain.challenges import Listing
    from newsrepo.porcelain.diff import Diffed
    from newsrepo.porcelain.rate import Rated
    from newsrepo.porcelain.rating_walk import Scale
    from newsrepo.porcelain.statements.looking import Looked
    from newsrepo.porcelain.statements.looking import Row as Poll
    from newsrepo.porcelain.why import Explained

MOST = 1000
"""How many rows a search shows at most."""


class Begun(Struct, frozen=True):
    """What the first screen needs: the commons' name, who sits here, and what is new to them."""

    commons: str
    rater: str
    news: News


class Office:
    """The questions of one desk, put to one clone on one day."""

    def __init__(self, make: Callable[[], Workspace], today: date, *, rater: str = "") -> None:
        self.today = today
        self.quick = Lane(make)
        self.long = Lane(make)
        self._rater = rater
        self._rated: list[Rated] = []

    @property
    def given(self) -> int:
        """How many ratings were written and not taken back."""
        return len(self._rated)

    def begin(self, work: Workspace) -> Begun:
        """What is new; raises UnableError where there is no commons to read."""
        view = work.here
        name = view.charter.name
        return Begun(name, self.who(work), news(items(view), self._seen(work).load(), self.today))

    def _seen(self, work: Workspace) -> Seen:
        return Seen(work.repository.state_dir / "desk-seen.msgpack")

    def note_seen(self, rows: Sequence[Row], work: Workspace) -> None:
        """Remember that these rows were seen."""
        gone = [row.target.id for row in rows if row.target.kind == "gone"]
        known = [(row.target.id, row.target.version) for row in rows if row.target.kind != "gone"]
        self._seen(work).note(known, gone)

    def who(self, work: Workspace) -> str:
        """Who rates; empty where nobody says so."""
        try:
            return work.rater(self._rater)
        except UsageError:
            return ""

    # -- reading -------------------------------------------------------------------------------------

    def read(self, target: Target, work: Workspace) -> "Reading":
        """One record, with what may be shown of its ratings."""
        from newsrepo.desk.pages import Reading
        from newsrepo.porcelain.show import show_in

        what = f"{target.id}@{target.version}" if target.version else target.id
        shown = show_in(work, work.here, what)
        rater = self.who(work)
        mine: dict[str, int] = {
            g.axis: g.value for g in shown.ratings if g.rater == rater and g.version == shown.version
        }
        for done in self._rated:
            if (done.article, done.version) == (shown.id, shown.version):
                mine = dict(done.values)
        others = sorted(
            (g for g in shown.ratings if g.rater != rater), key=lambda g: (g.rater, g.day, g.version, g.axis)
        )
        return Reading(shown, mine, others, bool(mine), rater)

    def versions(self, article: str, work: Workspace) -> tuple[Row, ...]:
        """Every version of the story, work by work, the latest of each first; no ratings."""
        from newsrepo.cli.present.versions import row_cells
        from newsrepo.porcelain.versions import versions

        story = versions(work, article)
        rows = []
        for one in story.works:
            for revised in reversed(one.revisions):
                told = [cell.strip() for cell in row_cells(revised)]
                mark = "now" if revised.current else revised.version[:8] or "removed"
                words = " ".join(part for part in ("· " * one.depth + one.title, told[3]) if part)
                target = Target("version", one.id, revised.version)
                rows.append(
                    Row(
                        target,
                        words,
                        told[2] or one.id.partition("/")[0],
                        told[1] if revised.commit else "",
                        mark,
                    )
                )
        return tuple(rows)

    def compare(self, old: Target, new: Target, work: Workspace) -> "Diffed":
        from newsrepo.porcelain.diff import diff

        return diff(work, f"{old.id}@{old.version}", f"{new.id}@{new.version}")

    def why(self, article: str, chosen: str, work: Workspace) -> "Explained":
        from newsrepo.porcelain.why import why

        return why(work, article, filter=chosen, today=self.today)

    # -- lists ---------------------------------------------------------------------------------------

    def filters(self, work: Workspace) -> tuple[Row, ...]:
        return tuple(
            Row(
                Target("filter", name), content.edition.title or content.title, name.partition("/")[0], "", ""
            )
            for name, content in work.here.filters.items()
        )

    def front(self, chosen: str, work: Workspace) -> tuple[Row, ...]:
        """The front page of a filter on the desk's day, in its order, with the sections as marks."""
        from newsrepo.filters import select
        from newsrepo.porcelain.find import named_filter

        view = work.here
        name = named_filter(chosen, view)
        found = select(view, name, self.today)
        return tuple(
            self._row(work, item.work, str(place), more=len(item.others))
            for place, item in enumerate(found.items, 1)
        )

    def _row(self, work: Workspace, article: ArticleId, mark: str, more: int = 0) -> Row:
        found = work.here.works[article]
        versions = f" (+{more})" if more else ""
        target = Target("article", found.id, found.version)
        return Row(target, found.title + versions, found.owner, str(found.date.day), mark)

    def to_rate(self, chosen: str, work: Workspace) -> tuple[Row, ...]:
        """What this rater has not rated: all, or what a filter selects, in its order."""
        from newsrepo.porcelain.rating_walk import Walk

        walk = Walk(work, rater=self._rater, filter=chosen, today=self.today)
        done = {(rated.article, rated.version) for rated in self._rated}
        return tuple(self._row(work, one.id, "") for one in walk.works if (one.id, one.version) not in done)

    def search(self, query: str, chosen: str, work: Workspace) -> tuple[tuple[Row, ...], int]:
        """What a query finds, at most ``MOST`` rows, and how many there are. Raises UsageError."""
        from newsrepo.porcelain.find import find

        found = find(work, query, filter=chosen, today=self.today, limit=MOST)
        rows = [
            Row(Target("article", one.id, one.version), one.title, one.owner, str(one.date.day))
            for one in found.works
        ]
        return tuple(rows), found.total

    def asked(self, work: Workspace) -> "Listing":
        from newsrepo.porcelain.challenges import challenges

        return challenges(work, self.today)

    def polls(self, progress: Callable[[int, int], None], work: Workspace) -> "tuple[Poll, ...]":
        from newsrepo.porcelain.statements.looking import listing
        from newsrepo.porcelain.statements.polls import Polls

        return listing(Polls.of(work, progress=progress))

    def statement(self, name: str, work: Workspace) -> "Looked":
        from newsrepo.porcelain.statements.looking import look
        from newsrepo.porcelain.statements.polls import Polls

        return look(work, Polls.of(work), name)

    # -- rating --------------------------------------------------------------------------------------

    def scales(self, work: Workspace) -> "tuple[Scale, ...]":
        """What one is asked for. Raises UsageError where nobody says who rates."""
        from newsrepo.porcelain.rating_walk import scales

        return scales(work.here, work.rater(self._rater), ())

    def give(self, article: str, version: str, values: Iterable[str], note: str, work: Workspace) -> "Rated":
        """Write a rating. Raises as ``porcelain.rate`` does; then nothing was written."""
        from newsrepo.porcelain.rate import rate

        done = rate(
            work,
            article=f"{article}@{version}",
            values=list(values),
            rater=self._rater,
            note=note,
            today=self.today,
        )
        self._rated.append(done)
        return done

    def take_back(self, work: Workspace) -> "Rated":
        """Undo the latest rating of this desk. Raises UsageError where there is none, or it was changed."""
        from newsrepo.porcelain.rate import take_back

        if not self._rated:
            raise UsageError("nothing to undo: no rating was given at this desk")
        take_back(work, self._rated[-1])
        return self._rated.pop()

    def renew(self) -> None:
        """Look at the clone anew for whatever is asked from now on."""
        self.quick.renew()
        self.long.renew()
