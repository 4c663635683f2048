"""Which charter and roll are in force: the chain from the pinned genesis, whatever a branch's files say."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import read_plain
from newsrepo.ids import Kind
from newsrepo.porcelain.statements.gathering import CHARTER, HERE, ROLL, Gathered
from newsrepo.porcelain.workspace import EPOCHS_KEY, GENESIS_KEY, Workspace
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.tally.chain import Chain, Successor, chain
from newsrepo.tally.epoch import EpochError
from newsrepo.tally.origins import find_genesis, frozen_rolls

SHORTEST = 8
"""Digits of an epoch's name that do when it is typed."""

_HEX = re.compile(r"[0-9a-f]{64}")


def pinned_genesis(work: Workspace) -> str:
    """The identity of the commons as this clone has pinned it. Raises UnableError where it has not."""
    told = work.repository.settings.get(GENESIS_KEY, "").strip()
    if not told:
        raise UnableError(
            "this clone has pinned no genesis, so that nobody can say which votes are the commons'",
            "compare it with somebody you trust, then pin it: newsrepo init --pin, "
            f"or git config {GENESIS_KEY} HASH where charter or roll have changed since",
        )
    if not _HEX.fullmatch(told):
        raise UnableError(f"git config {GENESIS_KEY} is no genesis: {told[:80]!r}", "it has 64 digits 0-9a-f")
    return told


def pins(work: Workspace) -> tuple[str, ...]:
    """The epochs that the reader has pinned, oldest first."""
    return tuple(work.repository.settings.get(EPOCHS_KEY, "").split())


def chain_of(work: Workspace, gathered: Gathered, followed: Sequence[str] | None = None) -> Chain:
    """The chain of this clone's commons; ``followed`` instead of what is pinned.

    Raises UnableError where no genesis is pinned, or its files are nowhere at hand.
    """
    charter, roll = genesis_files(pinned_genesis(work), gathered, shallow=work.repository.shallow)
    try:
        followed = pins(work) if followed is None else followed
        return chain(charter, roll, gathered.statements.values(), followed)
    except EpochError as error:
        raise UnableError(f"the genesis cannot be read: {error}", "no vote can be counted under it") from None


def genesis_files(name: str, gathered: Gathered, *, shallow: bool = False) -> tuple[bytes, bytes]:
    """The first charter and roll, known by their hash, wherever they lie. Raises UnableError."""
    rolls = gathered.rolls | frozenset(frozen_rolls(gathered.statements.values()))
    found = find_genesis(name, gathered.charters, rolls)
    if found is None:
        found = find_genesis(name, gathered.charters | gathered.ever(CHARTER), rolls | gathered.ever(ROLL))
    if found is not None:
        return found
    here = "this clone's history is cut off: git fetch --unshallow" if shallow else "newsrepo sync"
    raise UnableError(
        f"the charter and roll of the genesis {name[:12]}… are in no ref and no history known here",
        f"get them ({here}), or give the folder that holds newsrepo.yaml and roll.yaml as they first were; "
        f"if this is another commons than the one you pinned: newsrepo init --pin",
    )


def beginnings(gathered: Gathered, charter: bytes, roll: bytes) -> tuple[str, ...]:
    """The commons, each by its genesis, whose votes put exactly this charter and roll in force; in order.

    Only those that some opening names; of a commons in which no vote was opened nothing is known here. Where
    there are several, one that an opening in the working tree names goes before those of other refs, so that
    no fork can make up a rival.
    """
    named: dict[str, bool] = {}
    for files in gathered.statements.values():
        for signed in files.openings:
            record = parse(Kind.OPENING, signed.data or b"", "").record
            if isinstance(record, t.Opening):
                named[record.commons] = named.get(record.commons, False) or HERE in signed.sources
    rolls = gathered.rolls | frozenset(frozen_rolls(gathered.statements.values()))
    found = []
    for name in sorted(named):
        first = find_genesis(name, gathered.charters, rolls)
        if first is None:
            first = find_genesis(
                name, gathered.charters | gathered.ever(CHARTER), rolls | gathered.ever(ROLL)
            )
        try:
            if first and not chain(*first, gathered.statements.values()).drift(charter, roll):
                found.append(name)
        except EpochError:
            continue  # a hostile fork may claim to have begun with anything
    own = tuple(name for name in found if named[name])
    return own or tuple(found)


def drift_of(work: Workspace, chain: Chain) -> tuple[str, ...]:
    """Which of the charter and roll in the working tree, by path, are not those in force."""
    return chain.drift(_standing(work, CHARTER), _standing(work, ROLL))


def _standing(work: Workspace, path: str) -> bytes | None:
    try:
        return read_plain(work.root / path, 8 << 20)
    except OSError:
        return None


class Pinned(Struct, frozen=True):
    """An epoch that the reader now follows, and the one followed before in its place (empty: none)."""

    epoch: str
    before: str
    number: int


def pin(work: Workspace, gathered: Gathered, given: str) -> Pinned:
    """Follow one of the epochs into which the commons has split, by its name or the beginning of it.

    Pins of later splits, which belong to the path not taken, are dropped. Raises UsageError where there is no
    such epoch to choose.
    """
    followed = pins(work)
    choices: list[str] = []
    for length in range(len(followed) + 1):
        kept = followed[:length]
        found = chain_of(work, gathered, kept)
        choices += (one.epoch.id for one in found.split)
        chosen = _named(given, found.split)
        if chosen is not None:
            before = followed[length] if length < len(followed) else ""
            if before != chosen.epoch.id:
                work.repository.set_config(EPOCHS_KEY, " ".join((*kept, chosen.epoch.id)))
            return Pinned(chosen.epoch.id, before, chosen.epoch.number)
    if not choices:
        raise UsageError("the commons has not split: there is nothing to choose", "newsrepo statement epochs")
    raise UsageError(
        f"no epoch to choose is called {given!r}",
        f"at least {SHORTEST} digits of one of: {', '.join(name[:12] for name in dict.fromkeys(choices))}",
    )


def _named(given: str, split: Iterable[Successor]) -> Successor | None:
    found = [one for one in split if len(given) >= SHORTEST and one.epoch.id.startswith(given)]
    return found[0] if len(found) == 1 else None
