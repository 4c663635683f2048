"""The chain of epochs: which charter and roll are in force, whatever the files in a branch say.

The genesis begins it. A certified, carried statement that enacts a charter or roll begins the next epoch; its
closing lists the votes of the ending one that finish under it, and every other opening of that one is
backdated. Two certified successors of one epoch are a split, which only the reader can decide for himself.
"""

from collections.abc import Collection, Iterable

from msgspec import Struct

from newsrepo.records import types as t
from newsrepo.tally.box import Box
from newsrepo.tally.count import Count, count
from newsrepo.tally.epoch import Epoch, first_epoch, read_charter, read_roll
from newsrepo.tally.files import Files
from newsrepo.tally.identity import epoch_id
from newsrepo.tally.opened import Opened, successor_files
from newsrepo.tally.openings import openings_of


class Successor(Struct, frozen=True):
    """An epoch that a certified, carried vote began, with that vote."""

    epoch: Epoch
    count: Count


class Chain(Struct, frozen=True):
    """The epochs in order, the first being the genesis.

    ``split`` holds the certified successors of the last one when there are several and none is pinned: then
    nothing speaks for the commons. ``steps`` are the votes that began the epochs after the first; ``known``
    are all openings that hold under their epoch, by SHA-256.
    """

    epochs: tuple[Epoch, ...]
    split: tuple[Successor, ...] = ()
    steps: tuple[Successor, ...] = ()
    known: dict[str, Opened] = {}

    @property
    def commons(self) -> str:
        """The identity of the commons: its genesis."""
        return self.epochs[0].id

    @property
    def in_force(self) -> Epoch:
        """The last epoch, under which votes are opened now."""
        return self.epochs[-1]

    @property
    def by_id(self) -> dict[str, Epoch]:
        return {epoch.id: epoch for epoch in self.epochs}

    def admits(self, opened: Opened) -> bool:
        """Whether an opening that holds under its epoch was made before that epoch ended.

        So it is while the epoch is in force, of the vote that ended it, and of those that this one's closing
        lists. Anything else is backdated, or cannot be told from it.
        """
        for epoch, after in zip(self.epochs, self.epochs[1:], strict=False):
            if epoch.id == opened.record.epoch:
                return opened.sha256 == after.opening or opened.sha256 in after.openings
        return True

    def drift(self, charter: bytes | None, roll: bytes | None) -> tuple[str, ...]:
        """Which of the two files in a branch, by path, are not those in force."""
        force = self.in_force
        pairs = (
            ("newsrepo.yaml", charter, force.charter_data),
            ("statements/roll.yaml", roll, force.roll_data),
        )
        return tuple(path for path, found, wanted in pairs if found != wanted)


def chain(charter: bytes, roll: bytes, statements: Iterable[Files], pins: Collection[str] = ()) -> Chain:
    """The chain that begins with this charter and roll.

    ``statements`` are all that are known, since the closing of one that enacts lists openings of the others.
    ``pins`` are epochs that the reader follows in a split. Raises EpochError when the genesis cannot be read.
    """
    epochs = [first_epoch(charter, roll)]
    steps: list[Successor] = []
    known: dict[str, Opened] = {}
    found = sorted(statements, key=lambda files: files.statement)
    while True:
        after, there = _successors(epochs[-1], found)
        known |= there
        pinned = [successor for successor in after if successor.epoch.id in pins]
        if len(after) > 1 and len(pinned) != 1:
            return Chain(tuple(epochs), tuple(after), tuple(steps), known)
        if not after:
            return Chain(tuple(epochs), (), tuple(steps), known)
        chosen = pinned[0] if pinned else after[0]
        epochs.append(chosen.epoch)
        steps.append(chosen)


def _successors(epoch: Epoch, statements: Iterable[Files]) -> tuple[list[Successor], dict[str, Opened]]:
    """Every epoch that a certified, carried vote under this one began, in order of name; and its openings."""
    there = [(files, openings_of(files.under(epoch.id), {epoch.id: epoch})[0]) for files in statements]
    known = {name: opened for _, held in there for name, opened in held.items()}
    found = []
    for files, held in there:
        for opened in held.values():
            if opened.record.enacts is None:
                continue
            counted = counted_of(opened, files, frozenset(known))
            if counted.carried:
                found.append(Successor(_next(epoch, opened, counted, files), counted))
    return sorted(found, key=lambda successor: successor.epoch.id), known


def counted_of(opened: Opened, files: Files, known: frozenset[str]) -> Count:
    """The count of one opening of a statement; ``known`` are all openings of its epoch that hold."""
    box = Box(opened)
    box.add_all(files.ballots())
    return count(box, files.closings, known - {opened.sha256})


def _next(epoch: Epoch, opened: Opened, counted: Count, files: Files) -> Epoch:
    enacts = opened.record.enacts
    certified = counted.rounds.certified
    if enacts is None or certified is None:
        raise AssertionError("only certified enactments begin epochs")
    charter, roll = successor_files(enacts, epoch, files.enacted)
    return Epoch(
        epoch.commons,
        epoch_id(epoch.id, opened.sha256, charter, roll),
        epoch.number + 1,
        read_charter(charter) if enacts.what is t.Enacts.CHARTER else epoch.charter,
        read_roll(roll) if enacts.what is t.Enacts.ROLL else epoch.roll,
        charter,
        roll,
        epoch.id,
        opened.sha256,
        certified.openings,
    )
