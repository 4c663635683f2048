"""Which forge an account belongs to that names none."""

import pytest

from newsrepo.ids import contingent_id
from newsrepo.porcelain.authorship import author
from newsrepo.records import types as t
from newsrepo.records.scalars import Ratio

ABC = contingent_id("abc")


def charter(home: str | None) -> t.Charter:
    rule = t.Rule(
        ratio=Ratio(2, 3),
        of=t.Base.CAST,
        compare=t.Compare.AT_LEAST,
        quorum=t.Quorum(ratio=Ratio(1, 2), compare=t.Compare.MORE_THAN),
    )
    return t.Charter(name="X", home=home, licenses=("CC0-1.0",), axes={}, rule=rule)


@pytest.mark.parametrize(
    ("home", "writer", "given", "theirs"),
    [
        (None, "ann", "https://github.com/ann", True),
        (None, "ann", "https://github.com/ann/news", True),
        (None, "ann", "ann", True),
        (None, "codeberg:ann", "https://github.com/ann", False),
        (None, "github:ann", "https://github.com/ann", True),
        ("https://github.com/harbour/news", "ann", "https://github.com/ann", True),
        ("https://codeberg.org/harbour/news", "ann", "https://github.com/ann", False),
        ("https://codeberg.org/harbour/news", "ann", "ann", True),
    ],
)
def test_a_name_without_a_forge(home: str | None, writer: str, given: str, theirs: bool) -> None:
    book = {ABC: t.Contingent(name="ABC", writers=(writer,))}
    found = author(given, book, charter(home))
    assert (ABC in found.contingents) == theirs
