"""The commons as one snapshot shows it, read through one index that nobody need trust."""

from newsrepo.commons.commons import Commons, open_commons
from newsrepo.commons.groups import File
from newsrepo.commons.index import Index
from newsrepo.commons.union import Home, Plan, Terms, Union

__all__ = ["Commons", "File", "Home", "Index", "Plan", "Terms", "Union", "open_commons"]
