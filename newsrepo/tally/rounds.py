"""Closings in rounds: who signed which list, and the list that enough signed in a round after the first.

In round 1 each signs the list of ballots it held. In each later round the list is the union of the lists of
the round before, and nothing else. Tellers certify by their threshold; if they fail, voters holding more than
two thirds of the frozen roll certify in the same way. The order in which closings came does not matter.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from newsrepo.tally.box import Held
from newsrepo.tally.evidence import AsideError, SetAside, Signed, Stage, Why, further
from newsrepo.tally.lists import List, read_closing
from newsrepo.tally.opened import Opened


class Body(Struct, frozen=True):
    """Those who may certify together, with their weights; ``enough`` of them must sign one list."""

    name: str
    members: dict[str, int]
    num: int
    den: int
    strictly: bool

    def weight(self, names: Iterable[str]) -> int:
        return sum(self.members.get(name, 0) for name in set(names))

    def enough(self, names: Iterable[str]) -> bool:
        """Whether these members reach the share that this body asks for."""
        ours, whole = self.weight(names) * self.den, sum(self.members.values()) * self.num
        return ours > whole if self.strictly else ours >= whole


TELLERS = "tellers"
VOTERS = "voters"


def bodies(opened: Opened) -> tuple[Body, Body]:
    """The tellers with their threshold, and the voters with their two thirds."""
    record = opened.record
    tellers = {teller.teller: 1 for teller in record.tellers}
    voters = {voter.voter: voter.votes for voter in record.roll}
    return (
        Body(TELLERS, tellers, record.threshold, len(tellers), False),
        Body(VOTERS, voters, 2, 3, True),
    )


class Signing(Struct, frozen=True):
    """One list in one round, and those of one body who signed it."""

    body: str
    round: int
    list: str
    ballots: int
    signers: tuple[str, ...]
    enough: bool


class Rounds(Struct, frozen=True):
    """What all closings come to.

    ``standing`` are the closings that hold, by SHA-256, for each body; ``signings`` the table of who signed
    what; ``certified`` the list that is final and ``by`` who made it so. ``rivals`` are the signings of two
    lists that were certified in one round; then nothing is final.
    """

    standing: dict[str, dict[str, List]]
    signings: tuple[Signing, ...]
    certified: List | None
    by: Signing | None
    rivals: tuple[Signing, ...]
    aside: tuple[SetAside, ...]


def rounds(
    opened: Opened,
    closings: Iterable[Signed],
    held: Mapping[bytes, Held],
    openings: frozenset[str],
) -> Rounds:
    """What ``closings`` come to. ``held`` are the valid ballots at hand by SHA-256.

    ``openings`` are the other votes of the epoch that are known to have been opened rightly.
    """
    read: dict[str, List] = {}
    aside: dict[str, SetAside] = {}
    for closing in closings:
        found = read_closing(opened, closing)
        if isinstance(found, SetAside):
            if found.sha256 in read:
                read[found.sha256] = read[found.sha256].also(found.sources)
                continue
            before = aside.get(found.sha256)
            aside[found.sha256] = found if before is None else further(before, found)
            continue
        carried = aside.pop(found.sha256, None)
        known = read.get(found.sha256)
        found = found.also(carried.sources if carried else ())
        read[found.sha256] = found if known is None else known.also(found.sources)
    enacts = opened.record.enacts is not None
    ordered = sorted(read.values(), key=lambda lst: (lst.record.round, lst.record.teller, lst.sha256))
    standing: dict[str, dict[str, List]] = {TELLERS: {}, VOTERS: {}}
    for one in ordered:
        faults = []
        for body in bodies(opened):
            if one.record.teller not in body.members:
                continue
            try:
                _check(one, body, read, standing[body.name], held, openings, enacts=enacts)
            except AsideError as error:
                faults.append(error)
            else:
                standing[body.name][one.sha256] = one
        if not any(one.sha256 in lists for lists in standing.values()):
            aside[one.sha256] = faults[0].aside(one.sha256, one.sources, one.record.teller, one.record.round)
    signings = _signings(opened, standing)
    certified, by, rivals = _certified(signings, standing)
    return Rounds(
        standing, signings, certified, by, rivals, tuple(sorted(aside.values(), key=lambda a: a.order))
    )


def _check(
    one: List,
    body: Body,
    read: Mapping[str, List],
    standing: Mapping[str, List],
    held: Mapping[bytes, Held],
    openings: frozenset[str],
    *,
    enacts: bool,
) -> None:
    """That a list holds for a body. Raises AsideError. Rounds before this one have been judged."""
    record = one.record
    for entry in record.ballots:
        ballot = held.get(bytes.fromhex(entry.ballot))
        if ballot is None or (ballot.voter, ballot.number) != (entry.voter, entry.number):
            raise AsideError(
                Stage.ON_ROLL,
                Why.UNSEEN_BALLOT,
                f"it lists ballot {entry.number} of '{entry.voter}' ({entry.ballot[:12]}…), "
                "of which no valid copy is at hand",
                f"'{record.teller}' must publish the ballots it lists; until then it counts for nothing",
            )
    if record.openings and not enacts:
        raise AsideError(
            Stage.ON_ROLL,
            Why.UNWANTED_OPENINGS,
            "it lists openings, but the statement begins no epoch",
            "leave `openings` out",
        )
    unknown = sorted(set(record.openings) - openings)
    if unknown:
        raise AsideError(
            Stage.ON_ROLL,
            Why.UNSEEN_OPENING,
            f"it lists the opening {unknown[0][:12]}…, of which no valid copy is at hand",
            f"'{record.teller}' must publish the openings it lists",
        )
    if record.round > 1:
        _check_union(one, body, read, standing)


def _check_union(one: List, body: Body, read: Mapping[str, List], standing: Mapping[str, List]) -> None:
    record = one.record
    for name in record.seen:
        before = read.get(name)
        if name not in standing or before is None or before.record.round != record.round - 1:
            raise AsideError(
                Stage.ON_ROLL,
                Why.UNSEEN_CLOSING,
                f"it builds on the closing {name[:12]}…, which is no list of the {body.name} in round "
                f"{record.round - 1} that is at hand and holds",
                "publish the closings it builds on, or sign one that builds on others",
            )
    lists = [standing[name] for name in record.seen]
    if not body.enough(lst.record.teller for lst in lists):
        raise AsideError(
            Stage.ON_ROLL,
            Why.TOO_FEW_SEEN,
            f"it builds on the lists of {len({lst.record.teller for lst in lists})} of the {body.name} only",
            f"wait for the others: a round builds on as many {body.name} as can certify",
        )
    union = frozenset().union(*(lst.entries for lst in lists))
    others = frozenset().union(*(lst.openings for lst in lists))
    if one.entries != union or one.openings != others:
        more = len(one.entries - union) + len(one.openings - others)
        less = len(union - one.entries) + len(others - one.openings)
        raise AsideError(
            Stage.ON_ROLL,
            Why.NOT_THE_UNION,
            f"it is not the union of the lists it builds on: {more} too many, {less} missing",
            "after round 1 a list is the union of those of the round before, and nothing else",
        )


def _signings(opened: Opened, standing: Mapping[str, Mapping[str, List]]) -> tuple[Signing, ...]:
    found: dict[tuple[int, str, str], set[str]] = {}
    sizes: dict[str, int] = {}
    for name, lists in standing.items():
        for one in lists.values():
            found.setdefault((one.record.round, name, one.name), set()).add(one.record.teller)
            sizes[one.name] = len(one.entries)
    by_name = {body.name: body for body in bodies(opened)}
    return tuple(
        Signing(body, number, name, sizes[name], tuple(sorted(signers)), by_name[body].enough(signers))
        for (number, body, name), signers in sorted(found.items())
    )


def _certified(
    signings: tuple[Signing, ...], standing: Mapping[str, Mapping[str, List]]
) -> tuple[List | None, Signing | None, tuple[Signing, ...]]:
    """The list of the first round, after round 1, in which enough of a body signed one and the same."""
    enough = [signing for signing in signings if signing.enough and signing.round > 1]
    if not enough:
        return None, None, ()
    first = min(signing.round for signing in enough)
    there = [signing for signing in enough if signing.round == first]
    if len({signing.list for signing in there}) > 1:
        return None, None, tuple(there)
    by = there[0]
    chosen = next(one for one in standing[by.body].values() if one.name == by.list)
    return chosen, by, ()
