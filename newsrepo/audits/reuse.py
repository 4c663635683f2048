"""``uncredited-reuse``: passages of one contingent's text stand in another's, without credit."""

from newsrepo.audits.model import Charge, Network, Proof
from newsrepo.records.claims import claimant


def find(network: Network) -> list[Charge]:
    """One charge for each pair that ``check`` tells."""
    return [
        Charge(
            "uncredited-reuse",
            claimant(finding.location.path),
            finding.message,
            finding.hint,
            (Proof("place", str(finding.location)),),
        )
        for finding in network.findings
        if finding.rule == "uncredited-reuse"
    ]
