"""Who built on whom: stories as trees of parents and children, and every use of a work by another."""

from newsrepo.credit.stories import Stories, Use, stories

__all__ = ["Stories", "Use", "stories"]
