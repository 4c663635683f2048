"""The one kind of ``script`` that a page may hold: a block of JSON-LD, which is data and cannot end early."""

import json
import re

_OPEN = '<script type="application/ld+json">'
_CLOSE = "</script>"
_ANY = re.compile(r"<\s*/?\s*script", re.IGNORECASE)


def without_data_blocks(page: str) -> str:
    """``page`` without its data blocks. Fails where one is not sound, or where anything else is a script.

    A block is sound if its tag is written exactly so, what is in it is one JSON object, and no character in it
    could begin a tag, an entity or a comment: then no text in it can close it, in any parser.
    """
    head, *rest = page.split(_OPEN)
    kept = [head]
    for piece in rest:
        data, closed, after = piece.partition(_CLOSE)
        assert closed, "a data block that never ends"
        assert not set(data) & set("<>&\u2028\u2029"), data
        assert isinstance(json.loads(data), dict)
        kept.append(after)
    left = "".join(kept)
    assert len(rest) <= 1, "more than one data block"
    assert not _ANY.search(left), left[max(0, _ANY.search(left).start() - 100) :][:300]  # type: ignore[union-attr]
    return left
