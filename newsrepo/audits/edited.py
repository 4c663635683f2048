"""``edited-copy``: a home carries a text in another's folder that the other never published."""

from newsrepo.audits.model import Charge, Home, Network, Proof
from newsrepo.ids import ContingentId
from newsrepo.records.claims import claimant

MOST = 100
"""How many copies of one home are told one by one."""


def find(network: Network) -> list[Charge]:
    """One charge for each copy that is neither what its owner publishes nor ever was (then it is behind)."""
    return [charge for home in network.homes.values() for charge in _edited(network, home)]


def _edited(network: Network, home: Home) -> list[Charge]:
    found: list[Charge] = []
    left = 0
    for path, blob in sorted(home.copies.items()):
        owner = ContingentId(claimant(path))
        theirs = network.homes.get(owner)
        if theirs is None or owner == home.owner or theirs.files.get(path) == blob:
            continue
        if blob in network.past(owner, path):
            continue  # it was theirs once: the copy is merely behind
        if len(found) == MOST:
            left += 1
            continue
        found.append(
            Charge(
                "edited-copy",
                home.owner,
                f"{home.owner} carries a text in {owner}'s folder that {owner} never published",
                f"read {owner}'s own; a changed version belongs into a folder of one's own: newsrepo rewrite",
                (
                    Proof("path", path),
                    Proof("in commit", f"{home.owner}@{home.tip}"),
                    Proof("their text", blob),
                    Proof("its owner's text", theirs.files.get(path, "none")),
                ),
            )
        )
    if left:
        found.append(
            Charge("edited-copy", home.owner, f"{left} more texts in others' folders are not theirs", "", ())
        )
    return found
