"""``python -m newsrepo``: the command line, for where its script is not on the path."""

from newsrepo.cli.main import run

run()
