"""``silent-home``: a home does not answer any more, or has published nothing for long."""

from newsrepo.audits.model import Charge, Network, Proof

DAYS = 180
"""After how many days without a new commit a home counts as silent."""


def find(network: Network) -> list[Charge]:
    """One charge for each home that did not answer when it was last asked, or is silent for long."""
    found = []
    for home in network.homes.values():
        if home.asked > home.answered:
            since = home.answered or "ever"
            found.append(
                Charge(
                    "silent-home",
                    home.owner,
                    f"the home of {home.owner} has not answered since {since}",
                    f"what it last showed stays in view; ask again: newsrepo sync {home.owner}",
                    (Proof("last tip", f"{home.owner}@{home.tip}"), Proof("asked", home.asked)),
                )
            )
        days = (network.today - home.committed.date()).days
        if days > DAYS:
            found.append(
                Charge(
                    "silent-home",
                    home.owner,
                    f"{home.owner} has published nothing for {days} days, since {home.committed.date()}",
                    "its ratings and vouches still count where they are trusted",
                    (Proof("last tip", f"{home.owner}@{home.tip}"),),
                )
            )
    return found
