"""``vanished-work``: something published is gone from its owner's home, and no tombstone tells of it."""

from newsrepo.audits.model import Charge, Home, Network, Proof, Text
from newsrepo.ids import Kind
from newsrepo.location import Finding
from newsrepo.records import place

_WORKS = frozenset(
    [
        Kind.ARTICLE,
        Kind.COMMENT,
        Kind.CHALLENGE,
        Kind.ANSWER,
        Kind.STATEMENT,
        Kind.OPENING,
        Kind.BALLOT,
        Kind.CLOSING,
    ]
)


def find(network: Network) -> list[Charge]:
    """One charge for each record that stood at any tip ever seen, or that its own history removed."""
    return [
        charge
        for home in network.homes.values()
        for path, last, by in _gone(home)
        if (charge := _charge(home, path, last, by)) is not None
    ]


def _gone(home: Home) -> list[tuple[str, Text, str]]:
    found = {path: (text, "") for path, text in home.ever.items() if path not in home.files}
    for path, text in home.removed.items():
        if path not in home.files:
            found[path] = (found[path][0] if path in found else text, text.commit)
    return [(path, text, by) for path, (text, by) in sorted(found.items())]


def _charge(home: Home, path: str, last: Text, by: str) -> Charge | None:
    where = place(path)
    if isinstance(where, Finding) or where.kind not in _WORKS:
        return None
    proofs = [Proof("last version", last.blob)]
    if by:
        proofs.append(Proof("removed by commit", by))
    if by != last.commit:
        proofs.append(Proof("last seen in commit", f"{home.owner}@{last.commit}"))
    proofs.append(Proof("path", path))
    return Charge(
        "vanished-work",
        home.owner,
        f"{where.id} was published and is gone",
        "a work is taken back by `status: withdrawn`, which leaves a readable tombstone",
        tuple(proofs),
    )
