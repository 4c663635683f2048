"""What is said in a commons as one edition shows it: what stands beneath a text, and where all of it is.

Answers from the index alone: planning reads no text.
"""

from functools import cached_property

from msgspec import Struct

from newsrepo.editions import names
from newsrepo.editions.context import Context
from newsrepo.editions.parts import Named
from newsrepo.ids import ArticleId, Kind, Oid
from newsrepo.ledger.choice import Choice, Clause, Judged, judged, printed
from newsrepo.ledger.threads import COMMENT, Entry, Thread, discussions, visible
from newsrepo.records import path_of
from newsrepo.scores import trusted

SHEET = 100
"""How many comments one page of a discussion holds."""


class Talk(Struct, frozen=True, dict=True):
    """The whole discussion of one record, in order, with what this edition prints of it beneath the text."""

    record: str
    said: tuple[Judged, ...]
    beneath: tuple[Entry, ...]

    @cached_property
    def at(self) -> dict[str, int]:
        """The place of each comment in the discussion, from 0."""
        return {one.entry.remark.id: n for n, one in enumerate(self.said)}

    @property
    def left(self) -> int:
        """How many comments are not printed beneath the text."""
        return len(self.said) - len(self.beneath)

    @property
    def latest(self) -> str:
        """The day of the last word."""
        return max(one.entry.remark.comment.date.day for one in self.said).isoformat()

    @property
    def sheets(self) -> int:
        """How many pages the whole of it takes."""
        return -(-len(self.said) // SHEET)


class Talks:
    """Every discussion of one edition's commons, each worked out once."""

    def __init__(self, ctx: Context) -> None:
        self._commons = ctx.commons
        self._remarks = tuple(visible(ctx.commons.remarks, ctx.today))
        self.choice = _choice(ctx)
        self._talks: dict[str, Talk] = {}

    @cached_property
    def _threads(self) -> dict[str, tuple[Thread, ...]]:
        return discussions(self._remarks, self.choice.prints)

    @cached_property
    def records(self) -> tuple[str, ...]:
        """Every record that is there and was commented on, in order of id."""
        return tuple(record for record in self._threads if self.text_of(record) is not None)

    @cached_property
    def adrift(self) -> int:
        """How many comments are on records that are not there, and so on no page."""
        return sum(
            len(thread.entries)
            for record, threads in self._threads.items()
            if self.text_of(record) is None
            for thread in threads
        )

    def of(self, record: str) -> Talk | None:
        """What was said of a record; None if nothing was."""
        found = self._talks.get(record)
        if found is None and record in self._threads:
            said = judged(self._threads[record], record, self.choice)
            found = self._talks[record] = Talk(record, said, printed(said))
        return found

    def text_of(self, record: str) -> Oid | None:
        """The file that a record is, by its id as references write it; None where it is not there."""
        work = self._commons.works.get(ArticleId(record))
        if work is not None:
            return work.version
        kind, colon, name = record.partition(":")
        if not colon or kind not in set(Kind):
            return None
        try:
            path = path_of(Kind(kind), name)
        except ValueError:
            return None
        file = self._commons.files.get(path)
        return None if file is None else file[1]

    def page(self, record: str, sheet: int = 1) -> str:
        """Where a sheet of a record's discussion is."""
        path = discussion_page(record)
        return path if sheet == 1 else names.numbered(path, sheet)

    def link(self, record: str) -> Named | None:
        """The discussion of a record as a link that counts its comments; None where it has no page."""
        talk = self.of(record)
        if talk is None or self.text_of(record) is None:
            return None
        many = len(talk.said)
        return Named("1 comment" if many == 1 else f"{many} comments", self.page(record))

    def address(self, talk: Talk, remark: str) -> str:
        """Where one comment of a discussion is."""
        return f"{self.page(talk.record, talk.at[remark] // SHEET + 1)}#{anchor(remark)}"


def discussion_page(record: str) -> str:
    """Where the discussion of a record begins. No id holds two hyphens, so that no two share it."""
    return f"discussion/{record.replace(':', '--')}.html"


def anchor(remark: str) -> str:
    """The name of a comment within a page."""
    return f"comment-{remark.removeprefix(COMMENT).replace('/', '--')}"


def _choice(ctx: Context) -> Choice:
    """Whom the filter lets speak beneath texts."""
    trust = trusted(ctx.filter, ctx.commons.contingents)
    heard = {voice.contingent for voice in (*trust.direct, *trust.inherited)}
    heard |= {single.contingent for single in trust.singles if single.weight > 0}
    silenced = {who for who, weight in ctx.filter.trust.items() if "/" not in who and not weight.fraction}
    return Choice(
        ctx.owner,
        frozenset(heard),
        frozenset(silenced),
        frozenset(ctx.filter.comments.include),
        frozenset(ctx.filter.comments.exclude),
    )


WORDS = {
    Clause.EXCLUDE: "left out by hand: it stands under comments: exclude",
    Clause.DISTRUST: "the filter trusts nobody of {who}",
    Clause.ROOM: "beyond the first {room} that are printed beneath one text",
    Clause.INCLUDE: "picked by hand: it stands under comments: include",
    Clause.OWN: "the edition is {who}\u2019s own",
    Clause.TRUST: "the filter trusts {who}",
    Clause.AUTHOR: "the text is {who}\u2019s own",
}
"""Why a comment is printed beneath a text, or not."""
