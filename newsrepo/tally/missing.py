"""What a vote lacks for its next state, and from whom."""

from msgspec import Struct

from newsrepo.tally.opened import Opened
from newsrepo.tally.rounds import Body, Rounds, bodies


class Missing(Struct, frozen=True):
    """What has to happen next: enough of ``waiting`` must sign in ``round``, of whom ``more`` are needed.

    ``signed`` have done so. ``sentence`` says it in words.
    """

    round: int
    more: int
    waiting: tuple[str, ...]
    signed: tuple[str, ...]
    sentence: str


def missing(opened: Opened, rounds: Rounds) -> Missing | None:
    """What the tellers still have to do; None when a list is certified or two are."""
    if rounds.certified is not None or rounds.rivals:
        return None
    body = bodies(opened)[0]
    number = next_round(body, rounds)
    signed = signers(rounds, body.name, number)
    waiting = tuple(sorted(set(body.members) - set(signed)))
    more = max(0, opened.record.threshold - len(signed))
    if number == 1:
        what = "the list of ballots that each of them held at closing"
    else:
        what = f"the union of the lists of round {number - 1}"
    names = ", ".join(waiting)
    sentence = f"round {number}: {more} more of {names} must sign {what}"
    late = may_still_certify(body, rounds, number - 1)
    if late:
        sentence = f"{', '.join(late)} may still certify a list of round {number - 1}; or else {sentence}"
    return Missing(number, more, waiting, signed, sentence)


def next_round(body: Body, rounds: Rounds) -> int:
    """The round that a body is in: one after the last in which enough of them signed."""
    number = 1
    while body.enough(signers(rounds, body.name, number)):
        number += 1
    return number


def may_still_certify(body: Body, rounds: Rounds, number: int) -> tuple[str, ...]:
    """Those not heard from in a round after the first who, all together, could yet certify one of its lists.

    Going on without them risks that their signatures, when they come to light, certify a list of that round
    after another was certified in a later one.
    """
    rest = set(body.members) - set(signers(rounds, body.name, number))
    there = (one for one in rounds.signings if (one.body, one.round) == (body.name, number))
    if number < 2 or not any(body.enough(rest.union(one.signers)) for one in there):
        return ()
    return tuple(sorted(rest))


def signers(rounds: Rounds, body: str, number: int) -> tuple[str, ...]:
    """Those of a body who signed a list in a round, in order."""
    return tuple(
        sorted({s for one in rounds.signings if (one.body, one.round) == (body, number) for s in one.signers})
    )
