"""Lets the vectors use what the tests of the tally are made with."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tally"))
