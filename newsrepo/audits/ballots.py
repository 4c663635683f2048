"""``withheld-record``, ``conflicting-record``: signed records that a home lacks, or that differ."""

from newsrepo.audits.model import Charge, Network, Proof
from newsrepo.ids import ContingentId, Oid
from newsrepo.records.claims import claimant


def find(network: Network) -> list[Charge]:
    """Looks at openings, ballots, closings and their signatures, in every ref."""
    by_path: dict[str, dict[Oid, list[str]]] = {}
    for path, blob, ref in network.carriers:
        by_path.setdefault(path, {}).setdefault(blob, []).append(ref or "the working tree")
    found = []
    for path, blobs in sorted(by_path.items()):
        owner = ContingentId(claimant(path))
        proofs = tuple(Proof(blob, ", ".join(sorted(refs))) for blob, refs in sorted(blobs.items()))
        if len(blobs) > 1 and not path.endswith(".sig"):  # a signature made anew is another, and as good
            found.append(
                Charge(
                    "conflicting-record",
                    owner,
                    f"there are {len(blobs)} different records at {path}",
                    "if both are signed with their key, neither counts; whoever holds the key should explain",
                    proofs,
                )
            )
        home = network.homes.get(owner)
        if home is not None and path not in home.files:
            found.append(
                Charge(
                    "withheld-record",
                    owner,
                    f"{owner}'s own home lacks {path}, which others carry",
                    "it proves itself and counts all the same",
                    proofs,
                )
            )
    return found
