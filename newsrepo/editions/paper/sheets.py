"""The kinds of paper and their sizes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    LEAFLET = "leaflet"
    NEWSPAPER = "newspaper"


class Size(NamedTuple):
    """A sheet: width, height and margin in millimetres, columns, and the size of its letters in points."""

    width: float
    height: float
    margin: float
    columns: int
    letters: float


class Stock(StrEnum):
    A4 = "a4"
    LETTER = "letter"


SIZES: Mapping[tuple[Stock, bool], Size] = {
    (Stock.A4, False): Size(210, 297, 12, 3, 9),
    (Stock.LETTER, False): Size(215.9, 279.4, 12.7, 3, 9),
    (Stock.A4, True): Size(148, 210, 10, 2, 8.6),
    (Stock.LETTER, True): Size(139.7, 215.9, 10, 2, 8.6),
}
"""Sheets by stock, and whether they are printed in pairs on one and folded."""
