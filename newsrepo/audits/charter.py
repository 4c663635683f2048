"""``unfounded-charter``: a charter or roll that no vote ever put in force."""

from newsrepo.audits.model import Charge, Network, Proof


def find(network: Network) -> list[Charge]:
    """Looks at charter and roll in every ref; one that was in force once is merely behind."""
    votes = network.votes
    if votes is None:
        return []
    by_text: dict[tuple[str, str, str], list[str]] = {}
    for one in votes.agreed:
        if one.blob not in votes.founded:
            by_text.setdefault((one.who, one.path, one.blob), []).append(one.ref)
    return [
        Charge(
            "unfounded-charter",
            who,
            f"no vote put {path} in force as it stands in {', '.join(sorted(refs))}",
            "nothing is counted by it; what is in force: newsrepo statement epochs",
            (Proof("text", blob), *(Proof("ref", ref) for ref in sorted(refs))),
        )
        for (who, path, blob), refs in sorted(by_text.items())
    ]
