"""The records that somebody could sign now: an opening, the next ballot, the closing of the right round."""

from collections.abc import Iterable

from newsrepo.errors import UsageError
from newsrepo.ids import ContingentId, Kind
from newsrepo.records import parse, split
from newsrepo.records import types as t
from newsrepo.records.scalars import Day
from newsrepo.tally.box import Box
from newsrepo.tally.epoch import Epoch, bare_key
from newsrepo.tally.evidence import AsideError
from newsrepo.tally.identity import sha256_hex
from newsrepo.tally.lists import List
from newsrepo.tally.missing import may_still_certify, next_round, signers
from newsrepo.tally.opened import Opened, check_terms, successor_files, tellers_of, terms
from newsrepo.tally.rounds import Rounds, bodies


def opening_for(
    epoch: Epoch,
    statement: str,
    data: bytes,
    *,
    opens: Day,
    closes: Day,
    rule: t.Rule | None = None,
    threshold: int | None = None,
    enacted: bytes | None = None,
) -> t.Opening:
    """The opening of a vote on the statement whose file is ``data``, under ``epoch``.

    ``rule`` may be stricter than the charter's, ``threshold`` larger than a bare majority of the tellers;
    ``enacted`` is the new charter or roll of a statement that enacts. Raises UsageError.
    """
    halves = split(data)
    record = parse(Kind.STATEMENT, data, "").record
    if halves is None or not isinstance(record, t.Statement):
        raise UsageError(f"{statement} has faults", "run `newsrepo check` and mend them first")
    if (record.enacts is None) != (enacted is None):
        what = "a file that" if record.enacts is None else f"no {record.enacts}, though"
        raise UsageError(
            f"{what} the statement enacts", "give `enacts:` and the file under enacts/, or neither"
        )
    tellers = tellers_of(epoch)
    enacts = None
    if record.enacts is not None and enacted is not None:
        enacts = t.Enactment(what=record.enacts, sha256=sha256_hex(enacted))
    opening = t.Opening(
        commons=epoch.commons,
        epoch=epoch.id,
        statement=statement,
        title=record.title,
        lang=record.lang,
        text=sha256_hex(halves.body),
        enacts=enacts,
        roll=tuple(
            t.Voter(voter=v.voter, votes=v.votes, keys=tuple(map(bare_key, v.keys)))
            for v in epoch.roll.voters
        ),
        rule=rule or epoch.charter.rule,
        tellers=tellers,
        threshold=threshold or len(tellers) // 2 + 1,
        opens=opens,
        closes=closes,
    )
    try:
        check_terms(opening, epoch)
        terms(opening, "")
        if enacts is not None and enacted is not None:
            successor_files(enacts, epoch, {enacts.sha256: enacted})
    except AsideError as error:
        raise UsageError(error.message, error.hint) from None
    return opening


def ballot_for(box: Box, voter: ContingentId, choice: t.Choice, date: Day) -> t.Ballot:
    """The next ballot of ``voter``: its number is one above the highest valid one in the box."""
    opening = box.opened.record
    last = max((held.number for held in box.held.values() if held.voter == voter), default=0)
    return t.Ballot(
        commons=opening.commons,
        statement=opening.statement,
        opening=box.opened.sha256,
        voter=voter,
        number=last + 1,
        choice=choice,
        date=date,
    )


def closing_for(
    box: Box,
    rounds: Rounds,
    signer: ContingentId,
    date: Day,
    openings: Iterable[str] = (),
    *,
    as_voter: bool = False,
    go_on: bool = False,
) -> t.Closing | str:
    """The closing that ``signer`` should sign now, in the right round, or a sentence why there is none.

    ``openings`` are, of a statement that enacts, the other openings of the epoch at hand. ``as_voter`` joins
    the voters' closing, for when the tellers have failed. ``go_on`` no longer waits for those who could still
    certify a list of the round before.
    """
    opened = box.opened
    body = bodies(opened)[1 if as_voter else 0]
    if rounds.certified is not None:
        return "the result is certified: there is nothing left to sign"
    if signer not in body.members:
        return f"'{signer}' is not among the {body.name} of this vote: {', '.join(sorted(body.members))}"
    number = next_round(body, rounds)
    late = () if go_on else may_still_certify(body, rounds, number - 1)
    if signer in late:
        number -= 1
    elif late:
        return (
            f"round {number - 1} may still be certified by {', '.join(late)}; "
            f"once they are lost for good, go on to round {number} without them"
        )
    if signer in signers(rounds, body.name, number):
        others = sorted(set(body.members) - set(signers(rounds, body.name, number)))
        return f"'{signer}' has signed in round {number}; it is the turn of {', '.join(others)}"
    if number == 1:
        return _closing(opened, signer, 1, date, (), _own(box), openings if opened.record.enacts else ())
    before = [one for one in rounds.standing[body.name].values() if one.record.round == number - 1]
    return _union(opened, signer, number, date, before)


def _own(box: Box) -> list[t.Counted]:
    """Each voter's last ballot as far as the box holds them; two where two contradict."""
    highest: dict[str, int] = {}
    for held in box.held.values():
        highest[held.voter] = max(held.number, highest.get(held.voter, 0))
    return [
        t.Counted(voter=held.voter, number=held.number, ballot=name.hex())
        for name, held in box.held.items()
        if held.number == highest[held.voter]
    ]


def _union(opened: Opened, signer: str, number: int, date: Day, before: list[List]) -> t.Closing:
    entries = {entry.ballot: entry for one in before for entry in one.record.ballots}
    openings = {name for one in before for name in one.openings}
    return _closing(
        opened, signer, number, date, sorted(one.sha256 for one in before), entries.values(), openings
    )


def _closing(
    opened: Opened,
    signer: str,
    number: int,
    date: Day,
    seen: Iterable[str],
    entries: Iterable[t.Counted],
    openings: Iterable[str],
) -> t.Closing:
    record = opened.record
    return t.Closing(
        commons=record.commons,
        statement=record.statement,
        opening=opened.sha256,
        teller=signer,
        round=number,
        date=date,
        seen=tuple(seen),
        openings=tuple(sorted(openings)),
        ballots=tuple(sorted(entries, key=lambda entry: (entry.voter, entry.number, entry.ballot))),
    )
