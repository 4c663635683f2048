"""What votes come to for ``audit``: charters without a vote behind them, splits, signed contradictions."""

from collections.abc import Iterator

from newsrepo.audits import Agreed, Contradiction, Side, Votes
from newsrepo.errors import UnableError
from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import Oid
from newsrepo.porcelain.statements.epochs import chain_of
from newsrepo.porcelain.statements.gathering import gather
from newsrepo.porcelain.statements.polls import Polls
from newsrepo.porcelain.workspace import Workspace

_BALLOTS = "neither counts; while the vote is open, one more ballot with a higher number mends it"
_LISTS = "both count, and whoever closes with them should ask which was meant"


def votes(work: Workspace) -> Votes | None:
    """All of it, read from every ref; None where no genesis is pinned or its files are nowhere at hand."""
    gathered = gather(work)
    try:
        polls = Polls(gathered, chain_of(work, gathered))
    except UnableError:
        return None
    chain, algorithm = polls.chain, work.repository.algorithm
    epochs = [*chain.epochs, *(side.epoch for side in chain.split)]
    return Votes(
        frozenset(blob_id(data, algorithm) for one in epochs for data in (one.charter_data, one.roll_data)),
        tuple(
            Agreed(one.path, Oid(one.blob), one.ref, one.ref.partition("@")[0] if "@" in one.ref else "")
            for one in gathered.agreed
        ),
        tuple(Side(side.epoch.id, side.count.opened.record.statement) for side in chain.split),
        tuple(_contradictions(polls)),
    )


def _contradictions(polls: Polls) -> Iterator[Contradiction]:
    for name in polls.names:
        for count in polls.judge(name).counts:
            signed: dict[tuple[str, int], list[tuple[str, tuple[str, ...]]]] = {}
            for digest, held in polls.box(count, name).held.items():
                signed.setdefault((held.voter, held.number), []).append((digest.hex(), held.sources))
            for (who, number), records in sorted(signed.items()):
                if len(records) > 1:
                    yield Contradiction(who, name, "ballots", number, tuple(sorted(records)), _BALLOTS)
            lists: dict[tuple[str, int], dict[str, tuple[str, ...]]] = {}
            for standing in count.rounds.standing.values():
                for one in standing.values():
                    lists.setdefault((one.record.teller, one.record.round), {})[one.sha256] = one.sources
            for (who, number), found in sorted(lists.items()):
                if len(found) > 1:
                    yield Contradiction(who, name, "lists", number, tuple(sorted(found.items())), _LISTS)
