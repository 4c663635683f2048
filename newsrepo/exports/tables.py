"""The tables of an export and the meaning of every column. ``docs/export.md`` holds them as Markdown:
``python -m newsrepo.exports.tables`` prints that part.
"""

import sys

from newsrepo.exports.model import (
    BOOLEAN,
    DAY,
    DECIMAL,
    INSTANT,
    INTEGER,
    JSON,
    TEXT,
    Column,
    Table,
    dictionary,
    many,
    parts,
)

FORMAT = 1
"""Grows when a column changes its meaning or goes; new columns and tables may come without notice."""

_AUTHORS = many(parts(name=TEXT, url=TEXT))
_CREDITS = many(parts(name=TEXT, url=TEXT, license=TEXT, what=TEXT))
_MEDIA = many(
    parts(
        file=TEXT,
        url=TEXT,
        sha256=TEXT,
        alt=TEXT,
        caption=TEXT,
        creator=TEXT,
        license=TEXT,
        source=TEXT,
        poster=TEXT,
        duration=INTEGER,
    )
)
_ID = Column("id", TEXT, "the record's id")
_RECORD = (
    Column("version", TEXT, "git blob id of the file: the very text"),
    Column("contingent", TEXT, "whose it is"),
    Column("path", TEXT, "the file in the commons"),
    Column("source", TEXT, "the ref it was read from; null for the branch at hand"),
)
_STATUS = Column("status", TEXT, "`usable`, `withheld` or `withdrawn`")
_EXTRA = Column("extra", JSON, "what stands under `extra`; null for nothing")
_BODY = Column("body", TEXT, "the text after the front matter, Markdown; null unless usable")
_LANG = Column("lang", TEXT, "language code")
_LINKS = Column("links", many(TEXT), "articles that the text links to")
_MOMENT = (
    Column("date", DAY, "its day, in UTC"),
    Column("instant", INSTANT, "its moment; null where it names only a day"),
)

AXES = Table(
    "axes",
    "The scales on which works are rated.",
    ("id",),
    (
        Column("id", TEXT, "`newsworthy`, or `abc/line` for a contingent's own"),
        Column("contingent", TEXT, "whose it is; null for the commons' own"),
        Column("title", TEXT, "its name"),
        Column("min", INTEGER, "the least value"),
        Column("max", INTEGER, "the greatest value"),
        Column("neutral", INTEGER, "the value that says nothing"),
        Column("low", TEXT, "what the least value means"),
        Column("high", TEXT, "what the greatest value means"),
    ),
)

CONTINGENTS = Table(
    "contingents",
    "Who takes part. Home and keys are those in force.",
    ("id",),
    (
        _ID,
        *(column for column in _RECORD if column.name != "contingent"),
        Column("name", TEXT, "its name"),
        Column("about", TEXT, "what it says of itself"),
        Column("home", TEXT, "where its ref lives"),
        Column("branch", TEXT, "the branch there"),
        Column("url", TEXT, "its page on the web"),
        _LANG,
        Column("keys", many(TEXT), "its public keys"),
        Column("writers", many(TEXT), "who may write for it where it is hosted"),
        Column("promises", many(TEXT), "`credit`, `answers`"),
        Column("vouches", many(parts(contingent=TEXT, weight=DECIMAL)), "whom it vouches for, how much"),
        _EXTRA,
    ),
)

ARTICLES = Table(
    "articles",
    "The works as they stand now.",
    ("id",),
    (
        _ID,
        *_RECORD,
        Column("story", TEXT, "the work at the root of its tree of parents and children"),
        Column("title", TEXT, "its title"),
        *_MOMENT,
        Column("authors", _AUTHORS, "who wrote it"),
        _LANG,
        Column("summary", TEXT, "its summary"),
        Column("topics", many(TEXT), "its topics"),
        Column("places", many(TEXT), "its places"),
        Column("license", TEXT, "SPDX id"),
        Column("credits", _CREDITS, "outside sources; `what` is the front matter's `for`"),
        Column("media", _MEDIA, "pictures and other media; `duration` in seconds"),
        _STATUS,
        Column("words", INTEGER, "how many words its text has"),
        _LINKS,
        _EXTRA,
        _BODY,
    ),
)

DERIVATIONS = Table(
    "derivations",
    "Which work is based on which: the edges of the graph of credit.",
    ("article", "position"),
    (
        Column("article", TEXT, "the work that says so"),
        Column("version", TEXT, "its version"),
        Column("position", INTEGER, "from 0, in the order of its front matter"),
        Column("relation", TEXT, "`rewrite`, `quote`, … as in the front matter"),
        Column("is_parent", BOOLEAN, "whether the two belong to one story"),
        Column("source_article", TEXT, "the work it is based on"),
        Column("source_version", TEXT, "the version that it cites"),
        Column("source_is_current", BOOLEAN, "whether that is its version now; null where it is not here"),
        Column("changes", TEXT, "what was changed"),
    ),
)

COMMENTS = Table(
    "comments",
    "What was said of records.",
    ("id",),
    (
        _ID,
        *_RECORD,
        Column("target", TEXT, "the record it is about: the front matter's `on`"),
        Column("target_version", TEXT, "the version of it; null for none named"),
        *_MOMENT,
        Column("authors", _AUTHORS, "who wrote it"),
        _LANG,
        Column("kind", TEXT, "`comment`, `question` or `summary`"),
        Column("reply_to", TEXT, "the comment it replies to"),
        Column("pinned", BOOLEAN, "whether it guides the discussion"),
        Column("quote", TEXT, "the passage it is about"),
        Column("verdict", TEXT, "on an answer: `answered`, `partly` or `evaded`"),
        _STATUS,
        _LINKS,
        _EXTRA,
        _BODY,
    ),
)

CHALLENGES = Table(
    "challenges",
    "Public questions.",
    ("id",),
    (
        _ID,
        *_RECORD,
        Column("sha256", TEXT, "of the question's file: what answers bind"),
        Column("title", TEXT, "its title"),
        Column("asked", many(TEXT), "who is asked: the front matter's `to`"),
        Column("date", DAY, "when it was asked"),
        Column("due", DAY, "when the answer is due; null for no day"),
        Column("about", many(TEXT), "the records it is about"),
        _LANG,
        _STATUS,
        _EXTRA,
        _BODY,
    ),
)

ANSWERS = Table(
    "answers",
    "What was answered to public questions.",
    ("id",),
    (
        _ID,
        *_RECORD,
        Column("challenge", TEXT, "the question's id"),
        Column("question", TEXT, "SHA-256 of the question that it answers"),
        Column("date", DAY, "when it was given"),
        Column("kind", TEXT, "`answer`, `decline` or `partial`"),
        Column("reason", TEXT, "why not, or not wholly"),
        _LANG,
        _STATUS,
        _EXTRA,
        _BODY,
    ),
)

STATEMENTS = Table(
    "statements",
    "Texts proposed in the commons' name, whatever became of them.",
    ("id",),
    (
        _ID,
        *_RECORD,
        Column("title", TEXT, "its title"),
        Column("date", DAY, "its day"),
        _LANG,
        Column("authors", _AUTHORS, "who wrote it"),
        Column("enacts", TEXT, "`charter` or `roll`; null for neither"),
        _EXTRA,
        Column("body", TEXT, "the text after the front matter, Markdown"),
    ),
)

FILTERS = Table(
    "filters",
    "Whom each filter trusts, what it selects and how it orders.",
    ("id",),
    (
        Column("id", TEXT, "`abc/daily`"),
        *_RECORD,
        Column("title", TEXT, "its title"),
        Column("about", TEXT, "what it says of itself"),
        Column("trust", many(parts(who=TEXT, weight=DECIMAL)), "whose ratings count, how much"),
        Column("trust_hops", INTEGER, "how far trust follows vouching; null for not at all"),
        Column("trust_factor", DECIMAL, "how much of it each step leaves"),
        Column("prior", DECIMAL, "what the neutral value weighs; null for 0.5"),
        Column("carry", DECIMAL, "what ratings of other versions weigh; null for 0.5"),
        Column("query", TEXT, "the front page's query: `select`"),
        Column("include", many(TEXT), "picked by hand"),
        Column("exclude", many(TEXT), "left out by hand"),
        Column("lead", many(TEXT), "put first by hand"),
        Column("prefer", many(TEXT), "whose version of a story leads: `versions: prefer`"),
        Column("otherwise", TEXT, "which leads else: `versions: else`"),
        Column("order", many(parts(axis=TEXT, pull=TEXT)), "what pulls a work up; `fade` has a span"),
        Column("limit", INTEGER, "how many stories at most; null for all"),
        Column("comments_include", many(TEXT), "comments picked by hand"),
        Column("comments_exclude", many(TEXT), "comments left out by hand"),
        Column("edition", JSON, "the edition made with it"),
        _EXTRA,
    ),
)

RATINGS = Table(
    "ratings",
    "One row for each rating and axis, of all ratings that count.",
    ("contingent", "rater", "article", "version", "axis"),
    (
        Column("contingent", TEXT, "the rater's contingent"),
        Column("rater", TEXT, "who rates"),
        Column("article", TEXT, "the work that is rated"),
        Column("version", TEXT, "the version that is rated"),
        Column("is_current", BOOLEAN, "whether that is the work's version now"),
        Column("axis", TEXT, "on which axis"),
        Column("value", INTEGER, "the value, in units of the axis"),
        Column("date", DAY, "when"),
        Column("note", TEXT, "the rater's note; it stands with each axis of the rating"),
        Column("path", TEXT, "the file it was read from"),
        Column("source", TEXT, "the ref it was read from; null for the branch at hand"),
    ),
)

SCORES = Table(
    "scores",
    "What each filter makes of each work on each axis. A work that nobody trusted has rated has no row.",
    ("filter", "axis", "article"),
    (
        Column("filter", TEXT, "through which filter"),
        Column("axis", TEXT, "on which axis"),
        Column("article", TEXT, "of which work"),
        Column("version", TEXT, "its version now"),
        Column("numerator", TEXT, "of the exact score, in lowest terms: digits, which may be many"),
        Column("denominator", TEXT, "the exact score is numerator / denominator"),
        Column("score", DECIMAL, "the score, rounded half to even"),
        Column("contingents", INTEGER, "how many contingents stand behind it"),
        Column("raters", INTEGER, "how many raters"),
    ),
)

TABLES = (
    AXES, CONTINGENTS, ARTICLES, DERIVATIONS, COMMENTS, CHALLENGES, ANSWERS, STATEMENTS, FILTERS, RATINGS,
    SCORES,
)  # fmt: skip

if __name__ == "__main__":
    sys.stdout.write(dictionary(TABLES))
