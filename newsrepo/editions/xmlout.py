"""XML for programs: the one way in for texts that strangers wrote."""

import re
from functools import cache
from xml.etree import ElementTree as ET


@cache
def _forbidden() -> re.Pattern[str]:
    """What XML can't hold; made when first needed, as it takes longer to make than most texts to search."""
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(value: str) -> str:
    """``value`` without the code points that XML 1.0 can't hold, however they are escaped."""
    # What can be printed XML can hold: controls, surrogates and code points of no character are neither.
    return value if value.isprintable() else _forbidden().sub("", value)


def put(parent: ET.Element, tag: str, value: str = "", **attributes: str) -> ET.Element:
    """A child of ``parent``; in the names of attributes ``__`` stands for a colon."""
    element = ET.SubElement(parent, tag, {k.replace("__", ":"): xml_text(v) for k, v in attributes.items()})
    if value:
        element.text = xml_text(value)
    return element


def document(root: ET.Element) -> bytes:
    """The whole document, indented, with a final line feed."""
    ET.indent(root, " ")
    body: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'.encode()
