"""The least that a map is drawn of, and what is lacking, in words; without numpy.

Two poles of two contingents each are the fewest that can be told from one contingent that stands alone; a
column that fewer than three rated tells next to nothing.
"""

from newsrepo.scores.opinion.model import Weight
from newsrepo.scores.opinion.say import LEAST as CONTINGENTS

RATERS = 8
COLUMNS = 6
PER_COLUMN = 3

__all__ = ["COLUMNS", "CONTINGENTS", "PER_COLUMN", "RATERS", "lacking"]


def lacking(weight: Weight, raters: int, contingents: int, columns: int) -> tuple[str, ...]:
    """What these figures lack for a map."""
    found = []
    if raters < RATERS:
        found.append(f"{RATERS} raters with ratings enough (there are {raters})")
    if weight is Weight.CONTINGENT and contingents < CONTINGENTS:
        found.append(f"{CONTINGENTS} contingents that rate (there are {contingents})")
    if columns < COLUMNS:
        two = " of two contingents" if weight is Weight.CONTINGENT else ""
        found.append(f"{COLUMNS} works rated by {PER_COLUMN} raters{two} or more (there are {columns})")
    return tuple(found)
