"""All votes of the commons as this clone knows them: what everybody asks who wants to know a result."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

from newsrepo.errors import UsageError
from newsrepo.ids import IdError, Kind
from newsrepo.porcelain.statements.epochs import SHORTEST, chain_of
from newsrepo.porcelain.statements.gathering import Copy, Gathered, Progress, gather
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import parse, split
from newsrepo.records import types as t
from newsrepo.records.paths import path_of
from newsrepo.tally.box import Box
from newsrepo.tally.chain import Chain
from newsrepo.tally.count import Count
from newsrepo.tally.files import Files
from newsrepo.tally.identity import sha256_hex
from newsrepo.tally.statement import Judgement, judge


class Polls:
    """What was gathered, with the chain of epochs that decides what of it counts."""

    def __init__(self, gathered: Gathered, chain: Chain) -> None:
        self.gathered = gathered
        self.chain = chain
        self._judged: dict[str, Judgement] = {}

    @classmethod
    def of(cls, work: Workspace, given: Sequence[Path] = (), progress: Progress | None = None) -> Self:
        """Gather from everywhere. Raises as ``gather`` and ``chain_of`` do."""
        gathered = gather(work, given, progress)
        return cls(gathered, chain_of(work, gathered))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every statement known, drafts included, in order."""
        return tuple(sorted(self.gathered.statements))

    def find(self, given: str) -> str:
        """The id of the statement that is meant; the prefix may be left out. Raises UsageError."""
        name = given if given.startswith("statement:") else f"statement:{given}"
        try:
            path_of(Kind.STATEMENT, name)
        except (ValueError, IdError):
            raise UsageError(f"not the id of a statement: {given!r}", "write it as in abc/peace") from None
        if name not in self.gathered.statements:
            known = [one.removeprefix("statement:") for one in self.names]
            raise UsageError(f"no such statement: {given!r}", near(given, known, "statement list"))
        return name

    def files(self, name: str) -> Files:
        return self.gathered.statements.get(name, Files(name))

    def judge(self, name: str) -> Judgement:
        """What came of a statement; counted once."""
        found = self._judged.get(name)
        if found is None:
            found = self._judged[name] = judge(self.files(name), self.chain)
        return found

    def box(self, count: Count, name: str) -> Box:
        """The ballots of one opening of a statement, valid or not."""
        box = Box(count.opened)
        box.add_all(self.files(name).ballots())
        return box

    def current(self, name: str, opening: str = "") -> Count:
        """The vote on a statement that one can take part in; among rivals the one whose hash begins so.

        Raises UsageError where there is none, or no telling which.
        """
        judged = self.judge(name)
        if not judged.counts:
            raise UsageError(f"{name}: {judged.sentence}", judged.missing)
        if judged.decided is not None and not opening:
            return judged.decided
        named = [count for count in judged.counts if count.opened.sha256.startswith(opening)]
        if len(named) == 1 and len(opening) >= SHORTEST:
            return named[0]
        hashes = ", ".join(count.opened.sha256[:12] for count in judged.counts)
        if opening:
            raise UsageError(f"no opening of {name} is called {opening!r}", f"at least 8 digits of: {hashes}")
        raise UsageError(
            f"{name} was opened {len(judged.counts)} times, and only one may be certified",
            f"say which is meant: --opening with one of {hashes}; or propose a new statement",
        )

    def wording(self, name: str, record: t.Opening) -> Copy | None:
        """A copy of exactly the text and title that an opening froze; None where none is at hand."""
        for text in self.gathered.texts.get(name, ()):
            parsed = parse(Kind.STATEMENT, text.data, "").record
            halves = split(text.data)
            if (
                halves is not None
                and isinstance(parsed, t.Statement)
                and sha256_hex(halves.body) == record.text
                and (parsed.title, parsed.lang) == (record.title, record.lang)
            ):
                return text
        return None
