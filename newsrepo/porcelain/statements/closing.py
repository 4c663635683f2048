"""``statement close``: the list that a teller, or a voter where the tellers fail, should sign now."""

from datetime import date

from msgspec import Struct

from newsrepo.errors import UsageError
from newsrepo.ids import Kind
from newsrepo.porcelain.statements.polls import Polls
from newsrepo.porcelain.statements.signatures import Prepared, prepare
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.records.paths import path_of
from newsrepo.records.scalars import Day
from newsrepo.signing import CLOSING
from newsrepo.tally.count import Count
from newsrepo.tally.drafts import closing_for


class Draft(Struct, frozen=True):
    """A closing ready to be signed; ``as_voter`` says for which body it is meant."""

    prepared: Prepared
    closing: t.Closing
    count: Count
    as_voter: bool


def draft_closing(
    work: Workspace,
    polls: Polls,
    given: str,
    *,
    today: date,
    opening: str = "",
    as_voters: bool = False,
    early: bool = False,
) -> Draft | str:
    """The closing that the clone's contingent should sign now, or a sentence why there is none.

    ``opening`` says of which of several openings. Whoever is no teller signs as a voter. Raises UsageError
    where it may not close, or not yet.
    """
    name = polls.find(given)
    count = polls.current(name, opening)
    opened = count.opened
    judged = polls.judge(name)
    if judged.split:
        raise UsageError(judged.sentence, judged.missing)
    signer = work.contingent()
    if signer not in opened.teller_keys and signer not in opened.voter_keys:
        raise UsageError(
            f"'{signer}' is neither a teller of this vote nor on its roll",
            f"its tellers: {', '.join(sorted(opened.teller_keys))}; to speak for one of them: --as",
        )
    as_voter = as_voters or signer not in opened.teller_keys
    last = opened.record.closes
    if today <= last.date and not early:
        raise UsageError(
            f"people may vote until {last}", "wait for the day after; or --early, if everybody has voted"
        )
    epoch = opened.record.epoch
    others = [
        one.sha256
        for one in polls.chain.known.values()
        if one.record.epoch == epoch and one.sha256 != opened.sha256
    ]
    made = closing_for(polls.box(count, name), count.rounds, signer, Day(today), others, as_voter=as_voter)
    if isinstance(made, str):
        return made
    path = path_of(Kind.CLOSING, f"closing:{name.removeprefix('statement:')}/{signer}/{made.round}")
    keys = opened.teller_keys.get(signer, frozenset()) | opened.voter_keys.get(signer, frozenset())
    return Draft(prepare(work, made, path, CLOSING, signer, keys), made, count, as_voter)
