"""Who built on whom: stories as trees of parents and children, and every use of a work by another."""

from newsrepo.credit.cited import Cited, Texts
from newsrepo.credit.stories import Stories, Use, stories
from newsrepo.credit.trail import End, Step, ahead, behind

__all__ = ["Cited", "End", "Step", "Stories", "Texts", "Use", "ahead", "behind", "stories"]
