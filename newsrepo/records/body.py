"""The text of a file already known to hold a record, without parsing the rest of it again."""

from newsrepo.records.parse import split
from newsrepo.records.write import normal_body


def body_text(data: bytes) -> str | None:
    """The body of a Markdown file that holds a record, as that record has it, without reading the rest.

    None when the file has no well-formed front matter or its body is not UTF-8, so holds no record at all.
    """
    halves = split(data)
    try:
        return None if halves is None else normal_body(halves.body.decode())
    except UnicodeDecodeError:
        return None
