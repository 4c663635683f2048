"""Who speaks from where: every rule by which a home is the working tree's, and every one by which it is not."""

import pytest

from newsrepo.gitstore.addresses import Address
from newsrepo.ids import ContingentId, Kind
from newsrepo.porcelain.homes import Clone, home_of, homed_here, is_here
from newsrepo.records import parse
from newsrepo.records import types as t
from tests.support import CHARTER

ABC = ContingentId("abc")
FORK = "https://example.org/abc/news"


def charter(home=""):
    text = f"home: {home}\n{CHARTER}" if home else CHARTER
    record = parse(Kind.CHARTER, text.encode(), "newsrepo.yaml").record
    assert isinstance(record, t.Charter)
    return record


def member(home=None, branch=None):
    return t.Contingent(name="ABC", home=home, branch=branch)


def test_a_home_of_its_own_comes_before_the_one_it_shares():
    shared = charter("https://example.org/commons")
    assert home_of(ABC, member(FORK, "main"), shared) == Address(FORK, "main")
    assert home_of(ABC, member(), shared) == Address("https://example.org/commons")
    assert home_of(ABC, None, shared) == Address("https://example.org/commons")
    assert home_of(ABC, member(), charter()) is None
    assert home_of(ABC, member(), None) is None


def test_a_signed_move_comes_before_the_pin():
    new = Address("https://elsewhere.example/abc")
    assert home_of(ABC, member(FORK), None, {ABC: new}) == new
    clone = Clone(origin=FORK, branch="main")
    assert homed_here({ABC: member(FORK)}, None, clone) == {ABC}
    assert homed_here({ABC: member(FORK)}, None, clone, {ABC: new}) == frozenset()


@pytest.mark.parametrize(
    ("home", "clone", "here"),
    [
        (None, Clone(), True),
        (Address(FORK), Clone(), False),
        (Address(FORK), Clone(contingent="abc", origin="https://example.org/lmn"), True),
        (Address(FORK), Clone(contingent="lmn", origin="https://example.org/lmn"), False),
        (Address(FORK, "main"), Clone(origin="git@example.org:abc/news.git", branch="main"), True),
        (Address(FORK, "main"), Clone(origin=FORK, branch="draft"), False),
        (Address(FORK), Clone(origin=FORK, branch="main", default="main"), True),
        (Address(FORK), Clone(origin=FORK, branch="draft", default="main"), False),
        (Address(FORK), Clone(origin=FORK, branch="main"), True),
        (Address(FORK, "main"), Clone(origin=FORK), False),
        (Address(FORK), Clone(origin=FORK), False),
    ],
)
def test_whose_home_is_here(home, clone, here):
    assert is_here(ABC, home, clone) is here
