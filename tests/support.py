"""Small commons in memory for everybody's tests: from a dict of files, or from typed records."""

from collections.abc import Mapping

from newsrepo.commons import Commons, Index, open_commons
from newsrepo.gitstore.snapshot import MemorySnapshot
from newsrepo.records import write
from newsrepo.records.types import Record

CHARTER = """\
name: The Test Commons
licenses: [CC0-1.0]
axes:
  newsworthy: {title: Newsworthy, min: 0, max: 5, neutral: 2, low: nobody need know, high: all must know}
  accurate: {title: Accurate, min: -2, max: 2, neutral: 0, low: wrong, high: right}
rule: {ratio: 2/3, of: cast, compare: at-least, quorum: {ratio: 1/2, compare: more-than}}
"""


def article(
    title: str = "A title",
    body: str = "Some words.",
    *,
    date: str = "2026-05-03",
    more: str = "",
) -> str:
    """The text of an article; ``more`` is further front matter, whole lines."""
    return f"---\ntitle: {title}\ndate: {date}\nlang: en\n{more}---\n\n{body}\n"


def files(content: Mapping[str, str | bytes | Record], *, charter: bool = True) -> dict[str, bytes]:
    """Bytes by path; records are written canonically. Adds CHARTER unless there is one or it is unwanted."""
    made: dict[str, bytes] = {}
    if charter and "newsrepo.yaml" not in content:
        made["newsrepo.yaml"] = CHARTER.encode()
    for path, value in content.items():
        if isinstance(value, bytes):
            made[path] = value
        else:
            made[path] = value.encode() if isinstance(value, str) else write(value)
    return made


def commons(
    content: Mapping[str, str | bytes | Record], *, charter: bool = True, index: Index | None = None
) -> Commons:
    """A commons in memory that holds these files."""
    snapshot = MemorySnapshot(files(content, charter=charter))
    return open_commons(snapshot, index if index is not None else Index.memory())
