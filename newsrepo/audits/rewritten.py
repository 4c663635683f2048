"""``rewritten-home``: a home dropped history that it had published."""

from newsrepo.audits.model import Charge, Network, Proof


def find(network: Network) -> list[Charge]:
    """One charge for each rewriting that this clone ever saw."""
    return [
        Charge(
            "rewritten-home",
            home.owner,
            f"the home of {home.owner} dropped published history",
            f"nothing is lost: see `newsrepo find --at {home.owner}@{change.old[:8]}`, and ask them why",
            (
                Proof("old commit", f"{home.owner}@{change.old}"),
                Proof("new commit", f"{home.owner}@{change.new}"),
                Proof("noticed", change.when),
            ),
        )
        for home in network.homes.values()
        for change in home.rewritten
    ]
