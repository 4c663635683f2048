"""The records of a commons as frozen values: every file kind, every field, nothing else.

Field names are the format's own; ``docs/format.md`` and ``schemas/`` are made from these classes. Texts
have passed the text gate (NFC, no controls, no bidirectional controls). Defaults mean *absent*.
"""

from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

from newsrepo.ids import (
    MAX_NAME,
    MAX_SLUG,
    NAME,
)
from newsrepo.records.scalars import Day, Decimal, Moment, Pull, Ratio, Weight

# A `$` in Python also matches before a final line break; the look-ahead closes that gap, here as in ECMA-262.
_END = r"$(?!\n)"
_DEVICE = r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[/.]|$))"


def _part(limit: int) -> str:
    """The pattern of one id part: whatever matches it, ``newsrepo.ids`` accepts."""
    return rf"{_DEVICE}(?=[^/]{{1,{limit}}}(?:/|$)){NAME}"


_NAME = _part(MAX_NAME)
_SLUG = _part(MAX_SLUG)

# Descriptions are what a fault says was expected; they also stand in the schemas and in docs/format.md.
Name = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=rf"^\S([^\n\t]*\S)?{_END}",
        description="a name in one line, at most 200 characters",
    ),
]
Line = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=300,
        pattern=rf"^\S([^\n\t]*\S)?{_END}",
        description="one line of text, at most 300 characters",
    ),
]
Note = Annotated[str, Meta(min_length=1, max_length=2000, description="a text of at most 2000 characters")]
Url = Annotated[
    str,
    Meta(
        min_length=8,
        max_length=2000,
        pattern=rf'^https?://[^\s/?#\\<>"]+[^\s\\<>"]*{_END}',
        description="a web address, such as https://example.org/page",
    ),
]
Slug = Annotated[
    str,
    Meta(
        max_length=MAX_SLUG,
        pattern=f"^{_SLUG}{_END}",
        description="lower-case letters and digits joined by single hyphens, such as port-history",
    ),
]
Lang = Annotated[
    str,
    Meta(
        max_length=35,
        pattern=f"^[a-z]{{2,3}}(-[A-Za-z0-9]{{2,8}})*{_END}",
        description="a language code, such as en or pt-BR",
    ),
]
Licence = Annotated[
    str,
    Meta(
        max_length=60,
        pattern=rf"^[A-Za-z0-9][A-Za-z0-9.+-]*{_END}",
        description="an SPDX licence id, such as CC0-1.0",
    ),
]
Sha256 = Annotated[
    str, Meta(pattern=f"^[0-9a-f]{{64}}{_END}", description="a SHA-256: 64 digits and letters a to f")
]
OidText = Annotated[
    str,
    Meta(
        pattern=f"^[0-9a-f]{{40}}([0-9a-f]{{24}})?{_END}",
        description="a full git object id: 40 digits and letters a to f",
    ),
]
Contingent_ = Annotated[
    str,
    Meta(max_length=MAX_NAME, pattern=f"^{_NAME}{_END}", description="a contingent's id, such as abc"),
]
Rater_ = Annotated[
    str,
    Meta(max_length=121, pattern=f"^{_NAME}/{_NAME}{_END}", description="a rater's id, such as abc/ann"),
]
TrustKey = Annotated[
    str,
    Meta(
        max_length=121,
        pattern=f"^{_NAME}(/{_NAME})?{_END}",
        description="a contingent or a rater, such as abc or abc/ann",
    ),
]
Axis_ = Annotated[
    str,
    Meta(
        max_length=121,
        pattern=f"^{_NAME}(/{_NAME})?{_END}",
        description="an axis, such as newsworthy or abc/line",
    ),
]
AxisName = Annotated[
    str,
    Meta(max_length=MAX_NAME, pattern=f"^{_NAME}{_END}", description="an axis name, such as newsworthy"),
]
Article_ = Annotated[
    str,
    Meta(
        max_length=147,
        pattern=f"^{_NAME}/[0-9]{{4}}/{_SLUG}{_END}",
        description="an article's id, such as abc/2026/dock-strike",
    ),
]
Ref_ = Annotated[
    str,
    Meta(
        max_length=210,
        pattern=(
            f"^({_NAME}/[0-9]{{4}}/{_SLUG}|comment:{_NAME}/[0-9]{{4}}/{_SLUG}|filter:{_NAME}/{_NAME}"
            f"|(challenge|statement):{_NAME}/{_SLUG}|answer:{_NAME}/{_SLUG}/{_NAME}|contingent:{_NAME}){_END}"
        ),
        description="a record, such as abc/2026/dock-strike or comment:abc/2026/reply",
    ),
]
CommentRef = Annotated[
    str,
    Meta(
        max_length=160,
        pattern=f"^comment:{_NAME}/[0-9]{{4}}/{_SLUG}{_END}",
        description="a comment, such as comment:abc/2026/reply",
    ),
]
StatementRef = Annotated[
    str,
    Meta(
        max_length=160,
        pattern=f"^statement:{_NAME}/{_SLUG}{_END}",
        description="a statement, such as statement:abc/peace-in-port",
    ),
]
FileName = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=rf"^{_DEVICE}[a-z0-9]+([._-][a-z0-9]+)*\.(png|jpg|jpeg|webp|gif|mp4|webm|ogg|mp3|vtt){_END}",
        description="a media file beside the text, lower-case, such as quay.jpg",
    ),
]
PublicKey = Annotated[
    str,
    Meta(
        max_length=400,
        pattern=rf"^(ssh-ed25519|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]+={{0,2}}( [^\s]+)?{_END}",
        description="an SSH public key: ssh-ed25519 AAAA… or sk-ssh-ed25519@openssh.com AAAA…",
    ),
]
Count = Annotated[int, Meta(ge=1, le=1_000_000)]
Hops = Annotated[int, Meta(ge=1, le=5)]
Mark = Annotated[int, Meta(ge=-1000, le=1000)]


Colour = Annotated[
    str, Meta(pattern=f"^#[0-9a-f]{{6}}{_END}", description="a colour as #rrggbb, such as #a01020")
]


class Record(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A value that came from one file, or a part of one."""


class Base(StrEnum):
    CAST = "cast"
    ROLL = "roll"


class Compare(StrEnum):
    AT_LEAST = "at-least"
    MORE_THAN = "more-than"


class Quorum(Record, frozen=True, kw_only=True):
    """How many of the roll must take part, abstentions included."""

    ratio: Ratio
    compare: Compare


class Rule(Record, frozen=True, kw_only=True):
    """When a vote is carried; compared by integer cross-multiplication, never by percentage."""

    ratio: Ratio
    of: Base
    compare: Compare
    quorum: Quorum


class Axis(Record, frozen=True, kw_only=True):
    """A scale on which works are rated; ``low`` and ``high`` say what the ends mean."""

    title: Name
    min: Mark
    max: Mark
    neutral: Mark
    low: Line
    high: Line


class Charter(Record, frozen=True, kw_only=True):
    """``newsrepo.yaml``: what the commons has agreed on."""

    name: Name
    home: Url | None = None
    about: Note | None = None
    lang: Lang = "en"
    licenses: tuple[Licence, ...]
    axes: dict[AxisName, Axis]
    rule: Rule
    tellers: tuple[Contingent_, ...] = ()
    hosted: tuple[Contingent_, ...] = ()
    media_limit: Annotated[int, Meta(ge=1, le=100_000_000)] = 1_000_000


class Voter(Record, frozen=True, kw_only=True):
    """One line of the roll."""

    voter: Contingent_
    votes: Count
    keys: tuple[PublicKey, ...]


class Roll(Record, frozen=True, kw_only=True):
    """``statements/roll.yaml``: who votes, with which keys."""

    voters: tuple[Voter, ...]


class Promise(StrEnum):
    CREDIT = "credit"
    ANSWERS = "answers"


class Contingent(Record, frozen=True, kw_only=True):
    """``contingents/C.yaml``: a contingent, described by itself."""

    name: Name
    about: Note | None = None
    home: Line | None = None
    branch: Line | None = None
    url: Url | None = None
    lang: Lang | None = None
    keys: tuple[PublicKey, ...] = ()
    writers: tuple[Line, ...] = ()
    promises: tuple[Promise, ...] = ()
    vouches: dict[Contingent_, Weight] = {}
    axes: dict[AxisName, Axis] = {}
    extra: dict[str, Any] = {}


class Author(Record, frozen=True, kw_only=True):
    """Who wrote a text; a bare text stands for the name alone."""

    name: Name
    url: Url | None = None


class Relation(StrEnum):
    REWRITE = "rewrite"
    CORRECTION = "correction"
    TRANSLATION = "translation"
    SUMMARY = "summary"
    ABRIDGEMENT = "abridgement"
    QUOTE = "quote"
    COMPILATION = "compilation"

    @property
    def is_parent(self) -> bool:
        """Whether the source is the work's parent, so that both belong to one story."""
        return self not in (Relation.QUOTE, Relation.COMPILATION)


class Derivation(Record, frozen=True, kw_only=True):
    """One work of the commons that this one is based on, at one exact version."""

    article: Article_
    version: OidText
    relation: Relation
    changes: Note | None = None


class Credit(Record, frozen=True, kw_only=True, rename={"what": "for"}):
    """An outside source and what it was used for."""

    name: Name
    url: Url | None = None
    license: Licence | None = None
    what: Line | None = None


class Media(Record, frozen=True, kw_only=True):
    """A picture, sound or video: a file beside the text, pinned by its hash, or an address."""

    file: FileName | None = None
    url: Url | None = None
    sha256: Sha256 | None = None
    alt: Note | None = None
    caption: Note | None = None
    creator: Name | None = None
    license: Licence | None = None
    source: Url | None = None
    poster: FileName | None = None
    duration: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None


class Status(StrEnum):
    USABLE = "usable"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


class Article(Record, frozen=True, kw_only=True):
    """``articles/C/YYYY/SLUG/index.md``: an article, or a work derived from others."""

    title: Line
    date: Moment
    authors: tuple[Author, ...] = ()
    lang: Lang
    summary: Note | None = None
    topics: tuple[Slug, ...] = ()
    places: tuple[Name, ...] = ()
    license: Licence | None = None
    based_on: tuple[Derivation, ...] = ()
    credits: tuple[Credit, ...] = ()
    media: tuple[Media, ...] = ()
    status: Status = Status.USABLE
    extra: dict[str, Any] = {}
    body: str = ""


class CommentKind(StrEnum):
    COMMENT = "comment"
    QUESTION = "question"
    SUMMARY = "summary"


class Verdict(StrEnum):
    """What a comment says of an answer: whether it answers the question."""

    ANSWERED = "answered"
    PARTLY = "partly"
    EVADED = "evaded"


class Comment(Record, frozen=True, kw_only=True):
    """``comments/C/YYYY/SLUG.md``: a word on any record."""

    on: Ref_
    version: OidText | None = None
    date: Moment
    authors: tuple[Author, ...] = ()
    lang: Lang
    kind: CommentKind = CommentKind.COMMENT
    reply_to: CommentRef | None = None
    pinned: bool = False
    quote: Note | None = None
    verdict: Verdict | None = None
    status: Status = Status.USABLE
    extra: dict[str, Any] = {}
    body: str = ""


class Rating(Record, frozen=True, kw_only=True):
    """What one rater gave one version on one day."""

    article: Article_
    version: OidText
    date: Day
    values: dict[Axis_, Mark]
    note: Note | None = None


class Ratings(Record, frozen=True, kw_only=True):
    """``ratings/C/RATER/YYYY-MM.yaml``: the ratings one rater gave in one month."""

    ratings: tuple[Rating, ...] = ()


class Through(Record, frozen=True, kw_only=True):
    """How far trust follows vouching."""

    hops: Hops
    factor: Weight


class Lead(StrEnum):
    BEST = "best"
    NEWEST = "newest"
    ORIGINAL = "original"


class Versions(Record, frozen=True, kw_only=True, rename={"otherwise": "else"}):
    """Which of a story's selected works leads."""

    prefer: tuple[Contingent_, ...] = ()
    otherwise: Lead = Lead.BEST


class Section(Record, frozen=True, kw_only=True):
    """A part of the front page: the works that ``select`` matches, first match wins."""

    title: Name
    select: Line


class Format(StrEnum):
    WEB = "web"
    FEEDS = "feeds"
    SEARCH = "search"
    PRINT = "print"


class Face(StrEnum):
    SERIF = "serif"
    SANS = "sans"
    SLAB = "slab"
    MONO = "mono"


class Masthead(StrEnum):
    CENTRED = "centred"
    START = "start"
    BAND = "band"


class Pair(Record, frozen=True, kw_only=True):
    """A ground and the ink that stands on it."""

    ground: Colour
    ink: Colour


class Logo(Record, frozen=True, kw_only=True):
    """A picture of one of the contingent's own articles, which says who made it and on what terms."""

    article: Article_
    file: FileName
    sha256: Sha256


class Theme(Record, frozen=True, kw_only=True):
    """The typed settings by which an edition is restyled."""

    accent: Colour | None = None
    light: Pair | None = None
    dark: Pair | None = None
    face: Face = Face.SERIF
    headings: Face | None = None
    masthead: Masthead = Masthead.CENTRED
    motto: Name | None = None
    logo: Logo | None = None


class Edition(Record, frozen=True, kw_only=True):
    """What is printed with a filter."""

    title: Name | None = None
    about: Note | None = None
    url: Url | None = None
    lang: Lang | None = None
    theme: Theme = Theme()
    sections: tuple[Section, ...] = ()
    formats: tuple[Format, ...] = (Format.WEB, Format.FEEDS)


class Moderation(Record, frozen=True, kw_only=True):
    """Comments picked by hand: printed beneath a text, or not, whoever wrote them."""

    include: tuple[CommentRef, ...] = ()
    exclude: tuple[CommentRef, ...] = ()


class Filter(Record, frozen=True, kw_only=True):
    """``filters/C/NAME.yaml``: whom to trust, what to select, how to order, what to print."""

    title: Name
    about: Note | None = None
    trust: dict[TrustKey, Weight] = {}
    trust_through: Through | None = None
    prior: Decimal | None = None
    carry: Weight | None = None
    select: Annotated[str, Meta(max_length=4000)] = ""
    include: tuple[Article_, ...] = ()
    exclude: tuple[Article_, ...] = ()
    lead: tuple[Article_, ...] = ()
    versions: Versions = Versions()
    order: dict[Axis_, Pull] = {}
    limit: Count | None = None
    comments: Moderation = Moderation()
    edition: Edition = Edition()
    extra: dict[str, Any] = {}


class PublicStatus(StrEnum):
    """What was asked or answered in public can be withdrawn, and never withheld."""

    USABLE = "usable"
    WITHDRAWN = "withdrawn"


class Challenge(Record, frozen=True, kw_only=True):
    """``challenges/C/SLUG/challenge.md``: a public question."""

    title: Line
    to: tuple[Contingent_, ...]
    date: Day
    due: Day | None = None
    about: tuple[Ref_, ...] = ()
    lang: Lang
    status: PublicStatus = PublicStatus.USABLE
    extra: dict[str, Any] = {}
    body: str = ""


class AnswerKind(StrEnum):
    ANSWER = "answer"
    DECLINE = "decline"
    PARTIAL = "partial"


class Answer(Record, frozen=True, kw_only=True):
    """``challenges/C/SLUG/answers/D.md``: D's answer; ``question`` is the SHA-256 of the question's file."""

    date: Day
    question: Sha256
    kind: AnswerKind = AnswerKind.ANSWER
    reason: Note | None = None
    lang: Lang
    status: PublicStatus = PublicStatus.USABLE
    extra: dict[str, Any] = {}
    body: str = ""


class Enacts(StrEnum):
    CHARTER = "charter"
    ROLL = "roll"


class Statement(Record, frozen=True, kw_only=True):
    """``statements/C/SLUG/statement.md``: a text proposed in the commons' name."""

    title: Line
    date: Day
    lang: Lang
    authors: tuple[Author, ...] = ()
    enacts: Enacts | None = None
    extra: dict[str, Any] = {}
    body: str = ""


class Teller(Record, frozen=True, kw_only=True):
    """Who closes a vote, with the keys that count."""

    teller: Contingent_
    keys: tuple[PublicKey, ...]


class Enactment(Record, frozen=True, kw_only=True):
    """The new charter or roll that a statement brings in: the SHA-256 of the file under ``enacts/``."""

    what: Enacts
    sha256: Sha256


class Opening(Record, frozen=True, kw_only=True):
    """``opening.yaml``: a vote opened; everything that decides, frozen."""

    commons: Sha256
    epoch: Sha256
    statement: StatementRef
    title: Line
    lang: Lang
    text: Sha256
    enacts: Enactment | None = None
    roll: tuple[Voter, ...]
    rule: Rule
    tellers: tuple[Teller, ...]
    threshold: Count
    opens: Day
    closes: Day


class Choice(StrEnum):
    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class Ballot(Record, frozen=True, kw_only=True):
    """``ballots/D/N.yaml``: D's Nth ballot."""

    commons: Sha256
    statement: StatementRef
    opening: Sha256
    voter: Contingent_
    number: Count
    choice: Choice
    date: Day


class Counted(Record, frozen=True, kw_only=True):
    """One ballot on a teller's list."""

    voter: Contingent_
    number: Count
    ballot: Sha256


class Closing(Record, frozen=True, kw_only=True):
    """``closings/D/N.yaml``: D's list in round N; ``seen`` are the closings of the round before.

    ``openings`` are, when the statement enacts, the other votes of the ending epoch: they finish under it.
    """

    commons: Sha256
    statement: StatementRef
    opening: Sha256
    teller: Contingent_
    round: Count
    date: Day
    seen: tuple[Sha256, ...] = ()
    openings: tuple[Sha256, ...] = ()
    ballots: tuple[Counted, ...] = ()


class Dissent(Record, frozen=True, kw_only=True):
    """``dissents/D.md``: the minority's word, from D."""

    title: Line | None = None
    date: Day
    lang: Lang
    authors: tuple[Author, ...] = ()
    body: str = ""
