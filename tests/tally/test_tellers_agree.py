"""Tellers who sign once a round and wait: whoever hears what and when, a certified result never changes."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from polls import DAY, Poll, equal, signed

from newsrepo.ids import ContingentId
from newsrepo.records import types as t
from newsrepo.signing import CLOSING
from newsrepo.tally.box import Box
from newsrepo.tally.count import count
from newsrepo.tally.drafts import closing_for
from newsrepo.tally.evidence import Signed

NAMES = ("abc", "lmn", "xyz", "uvw")
POLLS = tuple(Poll(equal(*NAMES), NAMES[:tellers]) for tellers in (1, 2, 3, 4))


@dataclass
class Teller:
    """One teller with what it has heard of so far; boxes are kept, so that ballots are verified once."""

    name: str
    box: Box
    heard: list[Signed] = field(default_factory=list)

    def act(self) -> Signed | None:
        """Sign what is to be signed now, if anything is."""
        rounds = count(self.box, self.heard).rounds
        made = closing_for(self.box, rounds, ContingentId(self.name), DAY)
        if not isinstance(made, t.Closing):
            return None
        closing = signed(made, CLOSING, source=self.name)
        self.heard.append(closing)
        return closing


steps = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()), min_size=12, max_size=30)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3), st.lists(st.sets(st.integers(0, 3)), min_size=4, max_size=4), steps)
def test_what_is_certified_stays(
    tellers: int, held: list[set[int]], steps: list[tuple[int, int, bool]]
) -> None:
    """Each step one teller hears all that another has, and perhaps signs. The first lists differ.

    In the end everybody hears everything, and there is a result.
    """
    poll = POLLS[tellers]
    ballots = poll.votes("yyyn")
    crowd = [
        Teller(name, poll.box([ballots[i] for i in sorted(held[at])]))
        for at, name in enumerate(NAMES[: tellers + 1])
    ]
    everything = poll.box(ballots)
    made: list[Signed] = []
    final: set[str] = set()
    for who, whom, acts in steps:
        teller, other = crowd[who % len(crowd)], crowd[whom % len(crowd)]
        for closing in other.heard:
            if closing not in teller.heard:
                teller.heard.append(closing)
        if teller.heard:
            teller.box.add_all(ballots)  # whoever hears lists fetches what they list
        closing = teller.act() if acts else None
        if closing is not None:
            made.append(closing)
        for view in (made, teller.heard):
            found = count(everything, view).rounds
            assert not found.rivals
            if found.certified is not None:
                final.add(found.certified.name)
        assert len(final) <= 1
    for _ in range(8):  # in the end all hear everything, and come to a result, the one that was certified
        for teller in crowd:
            teller.heard[:] = made
            teller.box.add_all(ballots)
            made += [closing for closing in [teller.act()] if closing is not None]
    found = count(everything, made).rounds
    assert found.certified is not None
    assert final <= {found.certified.name}


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(4)))
def test_in_good_weather_two_rounds_are_enough(order: list[int]) -> None:
    poll = POLLS[3]
    ballots = poll.votes("yyyn")
    crowd = [Teller(name, poll.box([ballots[at]])) for at, name in enumerate(NAMES)]
    made = [closing for at in order if (closing := crowd[at].act()) is not None]
    for teller in crowd:
        teller.box.add_all(ballots)
        teller.heard[:] = made
    made += [closing for at in order if (closing := crowd[at].act()) is not None]
    found = count(poll.box(ballots), made).rounds
    assert found.by is not None
    assert found.by.round == 2
    assert found.by.ballots == 4
