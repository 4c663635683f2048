"""The pages that lead through an edition: named at the foot of every page, the chief ones in the masthead.

A kind of page that readers should find gets one line in ``_rooms``. What is listed there is part of the key
of every page, so that a room that opens or closes renders all pages anew: a condition must be one that an
edition seldom changes, such as whether anything was ever put to the vote, and cheap to answer.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from newsrepo.editions.holdings import Holdings


ABOUT = "about.html"
PAPER = "print/newspaper.pdf"


class Room(NamedTuple):
    """A page to be found: what it is called, where it is from the top of the edition, and whether the
    masthead names it too."""

    title: str
    href: str
    first: bool = False


def _rooms(of: "Holdings") -> tuple[tuple[bool, Room], ...]:
    """Every room in the order in which readers meet it, each with whether this edition has it."""
    return (
        (of.has_search, Room("Search", "search/index.html", first=True)),
        (True, Room("Archive", "archive/index.html", first=True)),
        (True, Room("Topics", "topics/index.html")),
        (True, Room("Places", "places/index.html")),
        (True, Room("Authors", "authors/index.html")),
        (True, Room("Contingents", "contingents/index.html")),
        (of.has_challenges, Room("Challenges", "challenges/index.html", first=True)),
        (of.has_statements, Room("Statements", "statements/index.html", first=True)),
        (of.opinion is not None, Room("Opinion map", "opinion/index.html", first=True)),
        (True, Room("Discussion", "discussion/index.html")),
        (True, Room("Moderation log", "moderation/index.html")),
        (True, Room("Corrections", "corrections/index.html")),
        (of.has_paper, Room("Newspaper (PDF)", PAPER)),
        (of.feeds, Room("Feeds", "feeds/index.html")),
        (of.feeds, Room("Atom feed", "feed.xml")),
        (of.feeds, Room("JSON feed", "feed.json")),
        (True, Room("About this edition", ABOUT, first=True)),
        (True, Room("What this was made from", "manifest.json")),
    )


def rooms(of: "Holdings") -> tuple[Room, ...]:
    """The rooms that this edition has. Each one's page must be in its plan."""
    return tuple(room for there, room in _rooms(of) if there)
