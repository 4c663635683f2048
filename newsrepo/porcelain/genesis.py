"""The genesis: what makes a commons itself, the SHA-256 over its first charter and roll."""

from newsrepo.tally.identity import DOMAIN, genesis

__all__ = ["DOMAIN", "genesis"]
