"""Ratings and trust turned into scores: exact, pure, the same everywhere."""

from newsrepo.scores.model import Score, Share
from newsrepo.scores.scoring import Said, said_by, score_axis, shares
from newsrepo.scores.trust import CARRY, EVERYONE, PRIOR, Single, Trust, Voice, trusted, vouched

__all__ = [
    "CARRY",
    "EVERYONE",
    "PRIOR",
    "Said",
    "Score",
    "Share",
    "Single",
    "Trust",
    "Voice",
    "said_by",
    "score_axis",
    "shares",
    "trusted",
    "vouched",
]
