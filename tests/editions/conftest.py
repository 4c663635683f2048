"""Votes are made for pages as they are made for the count itself."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tally"))
