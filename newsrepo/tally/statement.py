"""One statement judged: every opening found for it, the count of each, and which of them speaks."""

from msgspec import Struct

from newsrepo.records import types as t
from newsrepo.tally.chain import Chain, counted_of
from newsrepo.tally.count import Count, State
from newsrepo.tally.evidence import AsideError, SetAside, Stage, Why
from newsrepo.tally.files import Files
from newsrepo.tally.opened import Opened, text_fault
from newsrepo.tally.openings import openings_of


class Judgement(Struct, frozen=True):
    """What came of a statement.

    ``counts`` has one count for each opening that holds, ``refused`` the openings that do not. ``decided`` is
    the count that speaks: the only one, or among rivals the only certified one. ``edited`` are the faults of
    copies of the text that are not what was opened.
    """

    statement: str
    state: State
    counts: tuple[Count, ...]
    decided: Count | None
    refused: tuple[SetAside, ...]
    edited: tuple[SetAside, ...]
    split: bool

    @property
    def carried(self) -> bool:
        """Whether the text may go out in everybody's name."""
        return self.state is State.CERTIFIED and self.decided is not None and self.decided.verdict.carried

    @property
    def sentence(self) -> str:
        """The outcome in one sentence."""
        if self.state is State.UNOPENED:
            why = f": {self.refused[0].message}" if self.refused else ""
            return f"no vote on it has been opened{why}"
        if self.split:
            return "contested: the commons has split, and nothing speaks for it until you pin one epoch"
        if self.decided is not None:
            contested = self.state is State.CONTESTED
            prefix = "contested, two lists were certified in one round; " if contested else ""
            return prefix + self.decided.sentence
        finals = sum(one.state is State.CERTIFIED for one in self.counts)
        if finals:
            return f"contested: {finals} rival openings were certified"
        return f"contested: it was opened {len(self.counts)} times, and none is certified"

    @property
    def missing(self) -> str:
        """What it needs for the next state, and from whom; empty when it is final."""
        if self.state is State.UNOPENED:
            return "an opening, signed by the statement's owner"
        if self.split:
            return "a pin: `newsrepo statement pin EPOCH`"
        if self.decided is not None and self.decided.missing is not None:
            return self.decided.missing.sentence
        if self.state is State.CONTESTED:
            return "one opening certified and no other; or a new statement"
        return ""


def judge(files: Files, chain: Chain) -> Judgement:
    """What came of the statement of ``files`` under the epochs of ``chain``."""
    epochs = {epoch.id: epoch for epoch in reversed(chain.epochs)}
    held, aside = openings_of(files, epochs, chain.known)
    refused = list(aside.values())
    counts: list[Count] = []
    for opened in held.values():
        if chain.admits(opened):
            counts.append(_count(opened, files, chain))
        else:
            refused.append(_backdated(opened))
    final = [one for one in counts if one.state is State.CERTIFIED]
    decided = counts[0] if len(counts) == 1 else final[0] if len(final) == 1 else None
    split = bool(chain.split) and bool(counts)
    if not counts:
        state = State.UNOPENED
    elif decided is None or split:
        state = State.CONTESTED
    else:
        state = decided.state
    if decided is not None and len(counts) > 1:
        refused += [_rival(one.opened) for one in counts if one is not decided]
    return Judgement(
        files.statement,
        state,
        tuple(counts),
        decided,
        tuple(sorted(refused, key=lambda one: one.order)),
        _edited(files, decided.opened.record if decided is not None else None),
        split,
    )


def _count(opened: Opened, files: Files, chain: Chain) -> Count:
    for step in (*chain.steps, *chain.split):
        if step.count.opened.sha256 == opened.sha256:
            return step.count
    return counted_of(opened, files, frozenset(chain.known))


def _backdated(opened: Opened) -> SetAside:
    error = AsideError(
        Stage.SIGNED,
        Why.BACKDATED,
        "its epoch has ended, and the closing that ended it does not list this opening",
        "open the vote again under the charter and roll in force",
    )
    return error.aside(opened.sha256, (), opened.record.statement)


def _rival(opened: Opened) -> SetAside:
    error = AsideError(
        Stage.SIGNED,
        Why.RIVAL,
        "another opening of the same statement is certified, and this one changes nothing",
        "one statement has one opening: propose a new statement",
    )
    return error.aside(opened.sha256, (), opened.record.statement)


def _edited(files: Files, record: t.Opening | None) -> tuple[SetAside, ...]:
    if record is None:
        return ()
    found = (text_fault(record, text) for text in sorted(set(files.texts)))
    return tuple(fault.aside("", (), files.statement) for fault in found if fault is not None)
