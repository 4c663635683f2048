"""What nobody may do quietly: an audit a file, from all that was ever seen to charges with evidence. Pure."""

from newsrepo.audits import (
    ballots,
    burst,
    charter,
    edited,
    promises,
    reuse,
    rewritten,
    silent,
    split,
    vanished,
)
from newsrepo.audits.model import (
    Agreed,
    Audit,
    Charge,
    Contradiction,
    Due,
    Home,
    Network,
    Proof,
    Rewritten,
    Side,
    Text,
    Votes,
)

__all__ = [
    "AUDITS",
    "Agreed",
    "Charge",
    "Contradiction",
    "Due",
    "Home",
    "Network",
    "Proof",
    "Rewritten",
    "Side",
    "Text",
    "Votes",
    "run",
]

AUDITS: tuple[Audit, ...] = (
    ballots.find,
    burst.find,
    charter.find,
    edited.find,
    promises.find,
    reuse.find,
    rewritten.find,
    silent.find,
    split.find,
    vanished.find,
)


def run(network: Network) -> tuple[Charge, ...]:
    """All charges, in order."""
    return tuple(sorted((charge for audit in AUDITS for charge in audit(network)), key=lambda c: c.order))
