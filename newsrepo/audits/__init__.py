"""What nobody may do quietly: an audit a file, from all that was ever seen to charges with evidence. Pure."""

from newsrepo.audits import ballots, edited, promises, reuse, rewritten, silent, vanished
from newsrepo.audits.model import Audit, Charge, Due, Home, Network, Proof, Rewritten, Text

__all__ = ["AUDITS", "Charge", "Due", "Home", "Network", "Proof", "Rewritten", "Text", "run"]

AUDITS: tuple[Audit, ...] = (
    ballots.find,
    edited.find,
    promises.find,
    reuse.find,
    rewritten.find,
    silent.find,
    vanished.find,
)


def run(network: Network) -> tuple[Charge, ...]:
    """All charges, in order."""
    return tuple(sorted((charge for audit in AUDITS for charge in audit(network)), key=lambda c: c.order))
