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

_ID = f"^{NAME}$"
_OID = "^[0-9a-f]{40}([0-9a-f]{24})?$"

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Line = Annotated[str, Meta(min_length=1, max_length=300)]
Note = Annotated[str, Meta(min_length=1, max_length=2000)]
Url = Annotated[str, Meta(min_length=8, max_length=2000, pattern=r"^https?://[^\s/?#]+")]
Slug = Annotated[str, Meta(max_length=MAX_SLUG, pattern=_ID)]
Lang = Annotated[str, Meta(max_length=35, pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Licence = Annotated[str, Meta(max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9.+-]*$")]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
OidText = Annotated[str, Meta(pattern=_OID)]
Contingent_ = Annotated[str, Meta(max_length=MAX_NAME, pattern=_ID)]
Rater_ = Annotated[str, Meta(max_length=121, pattern=f"^{NAME}/{NAME}$")]
TrustKey = Annotated[str, Meta(max_length=121, pattern=f"^{NAME}(/{NAME})?$")]
Axis_ = Annotated[str, Meta(max_length=121, pattern=f"^{NAME}(/{NAME})?$")]
Article_ = Annotated[str, Meta(max_length=147, pattern=f"^{NAME}/[0-9]{{4}}/{NAME}$")]
Ref_ = Annotated[
    str,
    Meta(
        max_length=160,
        pattern=f"^((comment|filter|challenge|statement|contingent):)?{NAME}(/[0-9]{{4}})?(/{NAME})?$",
    ),
]
FileName = Annotated[str, Meta(max_length=100, pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$")]
PublicKey = Annotated[
    str,
    Meta(
        max_length=400,
        pattern=r"^(ssh-ed25519|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]+={0,2}( [^\s]+)?$",
    ),
]
Count = Annotated[int, Meta(ge=1, le=1_000_000)]
Hops = Annotated[int, Meta(ge=1, le=5)]
Mark = Annotated[int, Meta(ge=-1000, le=1000)]


class Record(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A value that came from one file, or a part of one."""


class Base(StrEnum):
    CAST = "cast"
    ROLL = "roll"


class Compare(StrEnum):
    AT_LEAST = "at-least"
    MORE_THAN = "more-than"


class Quorum(Record, kw_only=True):
    """How many of the roll must take part, abstentions included."""

    ratio: Ratio
    compare: Compare = Compare.MORE_THAN


class Rule(Record, kw_only=True):
    """When a vote is carried; compared by integer cross-multiplication, never by percentage."""

    ratio: Ratio
    of: Base
    compare: Compare = Compare.AT_LEAST
    quorum: Quorum


class Axis(Record, kw_only=True):
    """A scale on which works are rated; ``low`` and ``high`` say what the ends mean."""

    title: Name
    min: Mark
    max: Mark
    neutral: Mark
    low: Line
    high: Line


class Charter(Record, kw_only=True):
    """``newsrepo.yaml``: what the commons has agreed on."""

    name: Name
    home: Url | None = None
    about: Note | None = None
    lang: Lang = "en"
    licenses: tuple[Licence, ...] = ("CC0-1.0",)
    axes: dict[Axis_, Axis]
    rule: Rule
    tellers: tuple[Contingent_, ...] = ()
    hosted: tuple[Contingent_, ...] = ()
    media_limit: Annotated[int, Meta(ge=1, le=100_000_000)] = 1_000_000


class Voter(Record, kw_only=True):
    """One line of the roll."""

    voter: Contingent_
    votes: Count = 1
    keys: tuple[PublicKey, ...]


class Roll(Record, kw_only=True):
    """``statements/roll.yaml``: who votes, with which keys."""

    voters: tuple[Voter, ...] = ()


class Contingent(Record, kw_only=True):
    """``contingents/C.yaml``: a contingent, described by itself."""

    name: Name
    about: Note | None = None
    home: Line | None = None
    branch: Line | None = None
    url: Url | None = None
    lang: Lang | None = None
    keys: tuple[PublicKey, ...] = ()
    writers: tuple[Line, ...] = ()
    promises: tuple[Annotated[str, Meta(pattern="^(credit|answers)$")], ...] = ()
    vouches: dict[Contingent_, Weight] = {}
    axes: dict[Slug, Axis] = {}
    extra: dict[str, Any] = {}


class Author(Record, kw_only=True):
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


class Derivation(Record, kw_only=True):
    """One work of the commons that this one is based on, at one exact version."""

    article: Article_
    version: OidText
    relation: Relation
    changes: Note | None = None


class Credit(Record, kw_only=True, rename={"what": "for"}):
    """An outside source and what it was used for."""

    name: Name
    url: Url | None = None
    license: Licence | None = None
    what: Line | None = None


class Media(Record, kw_only=True):
    """A picture, sound or video: a file beside the text, or an address with a hash."""

    file: FileName | None = None
    url: Url | None = None
    sha256: Sha256
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


class Article(Record, kw_only=True):
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


class Comment(Record, kw_only=True):
    """``comments/C/YYYY/SLUG.md``: a word on any record."""

    on: Ref_
    version: OidText | None = None
    date: Moment
    authors: tuple[Author, ...] = ()
    lang: Lang
    kind: CommentKind = CommentKind.COMMENT
    reply_to: Ref_ | None = None
    pinned: bool = False
    quote: Note | None = None
    status: Status = Status.USABLE
    extra: dict[str, Any] = {}
    body: str = ""


class Rating(Record, kw_only=True):
    """What one rater gave one version on one day."""

    article: Article_
    version: OidText
    date: Day
    values: dict[Axis_, Mark]
    note: Note | None = None


class Ratings(Record, kw_only=True):
    """``ratings/C/RATER/YYYY-MM.yaml``: the ratings one rater gave in one month."""

    ratings: tuple[Rating, ...] = ()


class Through(Record, kw_only=True):
    """How far trust follows vouching."""

    hops: Hops
    factor: Weight


class Lead(StrEnum):
    BEST = "best"
    NEWEST = "newest"
    ORIGINAL = "original"


class Versions(Record, kw_only=True, rename={"otherwise": "else"}):
    """Which of a story's selected works leads."""

    prefer: tuple[Contingent_, ...] = ()
    otherwise: Lead = Lead.BEST


class Section(Record, kw_only=True):
    """A part of the front page: the works that ``select`` matches, first match wins."""

    title: Name
    select: Line


class Format(StrEnum):
    WEB = "web"
    FEEDS = "feeds"
    PRINT = "print"


class Face(StrEnum):
    SERIF = "serif"
    SANS = "sans"


class Theme(Record, kw_only=True):
    """The typed settings by which an edition is restyled."""

    accent: Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")] | None = None
    face: Face = Face.SERIF


class Edition(Record, kw_only=True):
    """What is printed with a filter."""

    title: Name | None = None
    about: Note | None = None
    url: Url | None = None
    lang: Lang | None = None
    theme: Theme = Theme()
    sections: tuple[Section, ...] = ()
    formats: tuple[Format, ...] = (Format.WEB, Format.FEEDS)


class Filter(Record, kw_only=True):
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
    edition: Edition = Edition()
    extra: dict[str, Any] = {}


class Challenge(Record, kw_only=True):
    """``challenges/C/SLUG/challenge.md``: a public question."""

    title: Line
    to: tuple[Contingent_, ...]
    date: Day
    due: Day | None = None
    about: tuple[Ref_, ...] = ()
    lang: Lang
    extra: dict[str, Any] = {}
    body: str = ""


class AnswerKind(StrEnum):
    ANSWER = "answer"
    DECLINE = "decline"
    PARTIAL = "partial"


class Answer(Record, kw_only=True):
    """``challenges/C/SLUG/answers/D.md``: D's answer; ``question`` is the SHA-256 of the question's file."""

    date: Day
    question: Sha256
    kind: AnswerKind = AnswerKind.ANSWER
    reason: Note | None = None
    lang: Lang
    extra: dict[str, Any] = {}
    body: str = ""


class Statement(Record, kw_only=True):
    """``statements/C/SLUG/statement.md``: a text proposed in the commons' name."""

    title: Line
    date: Day
    lang: Lang
    authors: tuple[Author, ...] = ()
    enacts: Annotated[str, Meta(pattern="^(charter|roll)$")] | None = None
    extra: dict[str, Any] = {}
    body: str = ""


class Teller(Record, kw_only=True):
    """Who closes a vote, with the keys that count."""

    teller: Contingent_
    keys: tuple[PublicKey, ...]


class Opening(Record, kw_only=True):
    """``opening.yaml``: a vote opened; everything that decides, frozen."""

    commons: Sha256
    epoch: Sha256
    statement: Ref_
    title: Line
    lang: Lang
    text: Sha256
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


class Ballot(Record, kw_only=True):
    """``ballots/D/N.yaml``: D's Nth ballot."""

    commons: Sha256
    statement: Ref_
    opening: Sha256
    voter: Contingent_
    number: Count
    choice: Choice
    date: Day


class Counted(Record, kw_only=True):
    """One ballot on a teller's list."""

    voter: Contingent_
    number: Count
    ballot: Sha256


class Closing(Record, kw_only=True):
    """``closings/D/N.yaml``: D's list as teller, round N; ``seen`` are the closings of the round before."""

    commons: Sha256
    statement: Ref_
    opening: Sha256
    teller: Contingent_
    round: Count
    date: Day
    seen: tuple[Sha256, ...] = ()
    ballots: tuple[Counted, ...] = ()


class Dissent(Record, kw_only=True):
    """``dissents/D.md``: the minority's word, from D."""

    title: Line | None = None
    date: Day
    lang: Lang
    authors: tuple[Author, ...] = ()
    body: str = ""


