"""``broken-promise``: a contingent promised credit or answers, and did not keep it."""

from newsrepo.audits.model import Charge, Network, Proof
from newsrepo.ids import ContingentId
from newsrepo.records.claims import claimant

CREDIT = frozenset(
    ["dropped-author", "dropped-credit", "license-not-allowed", "uncredited-reuse", "wrong-link"]
)
"""What says that credit is owed."""


def find(network: Network) -> list[Charge]:
    """One charge for each question that is overdue, and one for all credit that somebody owes."""
    return [*_answers(network), *_credit(network)]


def _answers(network: Network) -> list[Charge]:
    return [
        Charge(
            "broken-promise",
            due.to,
            f"{due.to} promised answers, and {due.challenge} is unanswered since {due.due}",
            f"answer it, or decline with a reason, in {due.path.replace('challenge.md', 'answers/')}",
            (Proof("question", due.path), Proof("due", str(due.due))),
        )
        for due in network.unanswered
        if "answers" in network.promised.get(due.to, frozenset()) and due.due < network.today
    ]


def _credit(network: Network) -> list[Charge]:
    owed: dict[ContingentId, list[Proof]] = {}
    for finding in network.findings:
        owner = ContingentId(claimant(finding.location.path))
        if finding.rule in CREDIT and "credit" in network.promised.get(owner, frozenset()):
            owed.setdefault(owner, []).append(Proof(finding.rule, str(finding.location)))
    return [
        Charge(
            "broken-promise",
            owner,
            f"{owner} promised credit, and owes it in {len(proofs)} place{'s' if len(proofs) > 1 else ''}",
            f"`newsrepo check --only {owner}` says what is missing and how to mend it",
            tuple(proofs),
        )
        for owner, proofs in sorted(owed.items())
    ]
