"""Uncredited reuse on a real blog with sown copies, where it is at hand: every verbatim run is found."""

import msgspec
import pytest
from sowing import ARCHIVE, NEEDS, Field, bodies, harvest, sow

from newsrepo.checks import reuse
from newsrepo.checks.scope import Whole
from newsrepo.commons import Index, open_commons
from newsrepo.credit.reuse import Found

pytestmark = pytest.mark.skipif(not ARCHIVE.is_file(), reason=NEEDS)


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Field:
    return sow(bodies(tmp_path_factory.mktemp("corpus"), 160), 5)


@pytest.fixture(scope="module")
def found(field: Field) -> Found:
    commons = open_commons(field.snapshot, Index.memory())
    return reuse.search(Whole(commons, None, None))


def test_every_verbatim_run_of_the_stated_length_is_found(field: Field, found: Found) -> None:
    pairs = harvest(found)
    assert sum(sown.verbatim > 0 for sown in field.sown) >= 33  # of 35
    for sown in field.sown:
        pair = pairs.get((sown.source, sown.copy))
        assert (pair.other.shared if pair else 0) == sown.verbatim, sown


def test_little_is_told_that_nobody_sowed_and_all_of_it_stands_in_both(field: Field, found: Found) -> None:
    sown = {(s.source, s.copy) for s in field.sown}
    assert found.left == ()
    assert len(harvest(found).keys() - sown) <= 10


def test_the_answer_is_the_same_each_time(field: Field, found: Found) -> None:
    again = reuse.search(Whole(open_commons(field.snapshot, Index.memory()), None, None))
    assert msgspec.msgpack.encode(again) == msgspec.msgpack.encode(found)
