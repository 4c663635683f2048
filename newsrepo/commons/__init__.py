"""The commons as one snapshot shows it, read through one index that nobody need trust."""

from newsrepo.commons.commons import Commons, open_commons
from newsrepo.commons.index import File, Index

__all__ = ["Commons", "File", "Index", "open_commons"]
