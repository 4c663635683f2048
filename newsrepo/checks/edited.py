"""``edited-elsewhere``, ``several-owners``: a change reaches into folders that are not its author's."""

from collections import Counter
from collections.abc import Iterator

from newsrepo.checks.changes import Author, Change, ChangeRule, Changeset
from newsrepo.checks.model import Fault
from newsrepo.ids import ContingentId, Kind


def _find(changeset: Changeset) -> Iterator[Fault]:
    author = changeset.author
    if author is None:
        return
    theirs = author.contingents | (changeset.hosted if author.host else frozenset())
    allowed: list[Change] = []
    for change in changeset.changes:
        owner = change.owner
        if owner is None:  # charter, roll, or junk that other rules speak of
            if change.place is not None and not author.host:
                yield _commons_own(change)
        elif owner not in theirs and owner in changeset.owners:
            yield _anothers(author, change, owner)
        else:
            allowed.append(change)
    if not author.host:
        yield from _several(allowed)


def _commons_own(change: Change) -> Fault:
    return Fault(
        change.path,
        "this belongs to the commons, not to any one contingent",
        "propose it: a statement with the new file under enacts/ ; once it is carried, the host copies it",
    )


def _anothers(author: Author, change: Change, owner: ContingentId) -> Fault:
    done = "adds" if change.was is None else "removes" if change.now is None else "changes"
    if author.host and not author.name:
        who = f"{owner} is not hosted here, and the host {done} it"
    elif author.contingents:
        who = f"{author.name!r} writes for {', '.join(sorted(author.contingents))} and {done} it"
    else:
        who = f"{author.name!r} writes for nobody in the address book and {done} it"
    return Fault(change.path, f"this is {owner}'s: {who}", _way_out(change, owner))


def _way_out(change: Change, owner: ContingentId) -> str:
    if change.now is None:
        return f"bring it back: {owner} alone takes it away"
    if change.kind is Kind.ARTICLE and change.was is not None:
        return f"write your own version (`newsrepo rewrite {change.id}`), or ask {owner} to change theirs"
    if change.kind is Kind.CONTINGENT:
        return f"only {owner} describes {owner}; for a contingent of your own choose an id that is free"
    return f"put it in a folder of your own, or have {owner} bring the change"


def _several(changes: list[Change]) -> Iterator[Fault]:
    counts = Counter(str(change.owner) for change in changes)
    if len(counts) < 2:
        return
    owners = ", ".join(f"{owner} ({number})" for owner, number in sorted(counts.items())[:20])
    more = f" and {len(counts) - 20} more" if len(counts) > 20 else ""
    first = min(counts)
    path = next(change.path for change in changes if change.owner != first)
    yield Fault(
        path,
        f"one change to files of {len(counts)} contingents: {owners}{more}",
        "bring one change for each; whoever hosts them says `--host`",
        rule="several-owners",
    )


RULE = ChangeRule(
    "edited-elsewhere",
    "A change reaches into a folder that is not its author's.",
    _find,
    others=("several-owners",),
)
