"""A Polis conversation as it is exported: statements become short articles, votes become ratings.

An export is a folder of tables: ``comments.csv`` (the statements), ``participants-votes.csv`` (a row a
person, a column a statement: 1 agrees, -1 disagrees, 0 passes, empty was not asked), ``votes.csv`` (each
vote with its moment, changes of mind included) and ``summary.csv``. What was not asked stays missing.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from msgspec import Struct

from newsrepo.errors import UsageError
from newsrepo.ids import ContingentId, Kind
from newsrepo.importers import fields as f
from newsrepo.importers.model import Imported
from newsrepo.importers.reading import Folder
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import blob_id, path_of, write
from newsrepo.records import types as t
from newsrepo.records.scalars import Day, Moment

AXIS = t.Axis(title="Agrees", min=-1, max=1, neutral=0, low="Disagrees", high="Agrees")
"""What a vote is given on."""

_LIMIT = 256 << 20
_NUMBER = re.compile(r"[0-9]{1,15}")
_URL = re.compile(r"https?://[^\s/?#]+\S*")
_MARKS = re.compile(r"([\\`*_\[\]<>&|~]|^[#+=:-]|(?<=^[0-9])[.)]|(?<=^[0-9][0-9])[.)])")
_GATHERED = t.Credit(
    name="The Computational Democracy Project",
    url="https://compdemocracy.org/polis",
    what="the Polis software, with which the statements and votes were gathered",
)


class Options(Struct, frozen=True, kw_only=True):
    """What only the user can say: the licence of the articles (without one they are withheld), the licence
    that the export itself is under, its language, and the axis that votes become ratings on."""

    license: str | None = None
    source_license: str | None = None
    lang: str = "und"
    axis: str = "agree"
    digits: int = 40
    """How long the repository's object ids are."""


class _Statement(Struct, frozen=True):
    number: str
    line: int
    text: str
    author: str
    moment: datetime


def import_conversation(folder: Folder, owner: ContingentId, options: Options) -> Imported:
    """The files of a conversation for ``owner``. The same tables and options make the same bytes.

    Statements that were moderated out and their votes are left out, as Polis leaves them out of its groups.
    Raises UsageError for a folder that holds no export, UnableError for tables that cannot be read.
    """
    findings: list[Finding] = []
    about = _summary(folder)
    counts = {"moderated out": 0}
    statements = list(_statements(folder, findings, counts))
    days = _days(folder)
    files: dict[str, bytes] = {}
    base = f.slug(about.get("topic", ""))[:50].strip("-") or "polis"
    articles: dict[str, tuple[str, str, date]] = {}
    for statement in statements:
        name = f"{owner}/{statement.moment:%Y}/{base}-{statement.number}"
        data = write(_article(statement, about, options, findings))
        files[path_of(Kind.ARTICLE, name)] = data
        articles[statement.number] = (name, blob_id(data, options.digits), statement.moment.date())
    raters = votes = 0
    for person, given in _people(folder, findings):
        months: dict[str, list[t.Rating]] = {}
        for number, value in given:
            if number not in articles:
                continue
            name, version, written = articles[number]
            day = days.get((person, number), written)
            rating = t.Rating(
                article=name,
                version=version,
                date=Day(day),
                values={f"{owner}/{options.axis}": value},
            )
            months.setdefault(f"{day:%Y-%m}", []).append(rating)
            votes += 1
        raters += bool(months)
        for month, ratings in months.items():
            files[f"ratings/{owner}/p{person}/{month}.yaml"] = write(t.Ratings(ratings=tuple(ratings)))
    counts.update(articles=len(articles), raters=raters, ratings=votes)
    ordered = tuple(sorted(findings, key=lambda finding: finding.order))
    return Imported({path: files[path] for path in sorted(files)}, ordered, dict(sorted(counts.items())))


def _article(
    statement: _Statement, about: Mapping[str, str], options: Options, findings: list[Finding]
) -> t.Article:
    if len(statement.text) > 300:
        findings.append(
            Finding(
                "import-shortened",
                Location("comments.csv", statement.line),
                "the title was cut to 300 characters; the text is whole",
                "",
                Severity.NOTE,
            )
        )
    topic, url = about.get("topic", ""), about.get("url", "")
    source = t.Credit(
        name=f.shorten(f"Polis conversation: {topic}" if topic else "A Polis conversation", 200),
        url=url if _URL.fullmatch(url) and len(url) <= 2000 else None,
        license=options.source_license,
        what="the statement and the votes on it",
    )
    return t.Article(
        title=f.shorten(statement.text, 300),
        date=Moment.parse(statement.moment.strftime("%Y-%m-%dT%H:%M:%SZ")),
        authors=(t.Author(name=f"Participant {statement.author}"),) if statement.author else (),
        lang=options.lang,
        license=options.license,
        credits=(source, _GATHERED),
        status=t.Status.USABLE if options.license else t.Status.WITHHELD,
        body=_MARKS.sub(r"\\\1", statement.text) + "\n",
    )


def _statements(folder: Folder, findings: list[Finding], counts: dict[str, int]) -> Iterator[_Statement]:
    """The statements in order of number, those moderated out left out."""
    path = _find(folder, "comments.csv")
    found: dict[str, _Statement] = {}
    for line, row in _rows(folder, path, ("timestamp", "comment-id", "comment-body")):
        number, moment = row["comment-id"], _moment(row["timestamp"])
        text = " ".join(f.clean(row["comment-body"]).split())
        if _NUMBER.fullmatch(number) is None or moment is None or not text or number in found:
            findings.append(
                _refused(path, line, "a statement without a number, a moment or a text of its own")
            )
        elif row.get("moderated", "").strip() == "-1":
            counts["moderated out"] += 1
        else:
            author = row.get("author-id", "")
            known = author if _NUMBER.fullmatch(author) else ""
            found[number] = _Statement(number, line, text, known, moment)
    for number in sorted(found, key=int):
        yield found[number]


def _people(folder: Folder, findings: list[Finding]) -> Iterator[tuple[str, Sequence[tuple[str, int]]]]:
    """Each participant's votes by statement, in order of number."""
    path = _find(folder, "participants-votes.csv", "participant-votes.csv")
    seen: set[str] = set()
    for line, row in _rows(folder, path, ("participant",)):
        person = row["participant"]
        if _NUMBER.fullmatch(person) is None or person in seen:
            findings.append(_refused(path, line, "a participant without a number of its own"))
            continue
        seen.add(person)
        given = []
        for number, cell in row.items():
            if not number.isascii() or not number.isdigit() or cell == "":
                continue
            if cell in ("1", "0", "-1"):
                given.append((number, int(cell)))
            else:
                findings.append(_refused(path, line, f"{cell[:20]!r} is no vote: it is 1, 0 or -1"))
        yield person, given


def _days(folder: Folder) -> dict[tuple[str, str], date]:
    """The day of each participant's last vote on each statement, in UTC."""
    path = _find(folder, "votes.csv")
    last: dict[tuple[str, str], datetime] = {}
    for _, row in _rows(folder, path, ("timestamp", "comment-id", "voter-id")):
        moment = _moment(row["timestamp"])
        if moment is not None:
            key = (row["voter-id"], row["comment-id"])
            last[key] = max(last.get(key, moment), moment)
    return {key: moment.date() for key, moment in last.items()}


def _summary(folder: Folder) -> dict[str, str]:
    """What ``summary.csv`` says, a key and a value a line; empty without one."""
    path = next((path for path in folder.paths if path.rpartition("/")[2] == "summary.csv"), None)
    if path is None:
        return {}
    rows = csv.reader(io.StringIO(_text(folder, path), newline=""))
    try:
        return {row[0]: f.name(row[1]) for row in rows if len(row) == 2}
    except csv.Error as error:
        raise _unreadable(path, str(error)) from None


def _find(folder: Folder, *names: str) -> str:
    """The path of a table at the top of the folder, under one of its names."""
    for name in names:
        if name in folder.sizes:
            return name
    raise UsageError(
        f"there is no {names[0]} in {str(folder.root)!r}",
        "name the folder of a Polis export: comments.csv, votes.csv, participants-votes.csv",
    )


def _rows(folder: Folder, path: str, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of a table by column, with its line."""
    reader = csv.DictReader(io.StringIO(_text(folder, path), newline=""), restkey="", restval="")
    try:
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise _unreadable(path, f"there is no column {missing[0]!r}")
        for row in reader:
            row.pop("", None)
            yield reader.line_num, row
    except csv.Error as error:
        raise _unreadable(path, f"line {reader.line_num}: {error}") from None


def _text(folder: Folder, path: str) -> str:
    try:
        return folder.read(path, _LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(path, "it is not UTF-8") from None


def _unreadable(path: str, why: str) -> UsageError:
    return UsageError(f"{path!r} cannot be read as a table: {why}", "name the folder of a Polis export")


def _moment(text: str) -> datetime | None:
    """A moment in milliseconds since 1970, as Polis writes it."""
    if _NUMBER.fullmatch(text) is None or not 0 < int(text) < 4_102_444_800_000:
        return None
    return datetime.fromtimestamp(int(text) // 1000, UTC)


def _refused(path: str, line: int, fact: str) -> Finding:
    return Finding(
        "import-refused", Location(path, line), f"{fact}: left out", "mend the table", Severity.ERROR
    )
