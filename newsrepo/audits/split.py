"""``split-commons``, ``contradicting-ballots``: two epochs after one; two ballots of one voter."""

from newsrepo.audits.model import Charge, Network, Proof


def find(network: Network) -> list[Charge]:
    """Both are proven: by certified closings, or by two signatures that hold."""
    votes = network.votes
    if votes is None:
        return []
    found = [
        Charge(
            "contradicting-ballots",
            one.who,
            f"{one.who} signed {len(one.records)} different {one.what} {one.number} on {one.statement}",
            one.hint,
            tuple(Proof(f"SHA-256 {sha256}", ", ".join(refs)) for sha256, refs in sorted(one.records)),
        )
        for one in votes.contradictions
    ]
    if votes.split:
        found.append(
            Charge(
                "split-commons",
                "",
                f"the commons has split: {len(votes.split)} certified votes began epochs after one",
                "nothing speaks for it until you follow one side: newsrepo statement pin EPOCH",
                tuple(Proof(f"epoch {side.epoch}", side.statement) for side in votes.split),
            )
        )
    return found
