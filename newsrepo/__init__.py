"""newsrepo: a git-backed, public-domain news commons and its tools."""

__version__ = "0.1.0.dev0"
