"""Where something stands and what was found there: the values every report is made of."""

from enum import StrEnum

import msgspec


class Location(msgspec.Struct, frozen=True, order=True):
    """A place in a file of the commons. Lines and columns count from 1, columns in characters.

    ``source`` says which ref the file was read from (``abc@3f2a9c1d``); empty for the working tree.
    Paths are relative to the repository's root and may hold hostile characters: every sink encodes them.
    """

    path: str
    line: int = 1
    col: int = 1
    source: str = ""

    def __str__(self) -> str:
        prefix = f"{self.source}:" if self.source else ""
        return f"{prefix}{self.path}:{self.line}:{self.col}"


class Severity(StrEnum):
    """How much a finding matters: an error makes ``check`` say no, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(msgspec.Struct, frozen=True):
    """News about content: the rule that was broken, where, the fact, and the way out."""

    rule: str
    location: Location
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    @property
    def order(self) -> tuple[str, str, int, int, str, str]:
        """The one order in which findings are shown."""
        place = self.location
        return (place.source, place.path, place.line, place.col, self.rule, self.message)
