"""``unasked-answer`` and what else goes wrong between a question, its answers and what is said of these.

An answer binds the bytes of its question. So it may bind another text than the one that stands: an earlier
one, which is the asker's doing and told at both files, or one that the question never was.
"""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

from newsrepo.checks.model import Fault, File, Rule, Scope
from newsrepo.ids import Kind
from newsrepo.location import Severity
from newsrepo.records import types as t

NIGHT = timedelta(days=1)
"""By how much an answer may be dated before its question: it is another day elsewhere."""


def _find(scope: Scope) -> Iterator[Fault]:
    asked = {file.place.path: record for file, record in scope.records(Kind.CHALLENGE)}
    for path, challenge in asked.items():
        if isinstance(challenge, t.Challenge):
            yield from _to_self(path, challenge)
    yield from _own_verdicts(scope)
    answers = scope.records(Kind.ANSWER)
    if not answers:
        return
    digests = _digests(scope, {_question(file) for file, _ in answers})
    for file, answer in answers:
        if not isinstance(answer, t.Answer):
            continue
        path = _question(file)
        question = asked.get(path)
        if isinstance(question, t.Challenge):
            yield from _between(file, answer, question)
            if question.status is t.PublicStatus.WITHDRAWN:
                continue  # whose text is gone, so that nobody can bind it
        if path in digests and answer.question != digests[path]:
            yield from _unbound(scope, file, answer, digests[path])


def _question(file: File) -> str:
    return f"{file.place.path.rpartition('/answers/')[0]}/challenge.md"


def _digests(scope: Scope, questions: set[str]) -> dict[str, str]:
    files = scope.commons.files
    paths = [path for path in sorted(questions) if path in files]
    blobs = scope.commons.snapshot.read([files[path].oid for path in paths])
    return {
        path: sha256(blob.data).hexdigest()
        for path, blob in zip(paths, blobs, strict=True)
        if blob.data is not None
    }


def _to_self(path: str, challenge: t.Challenge) -> Iterator[Fault]:
    owner = path.split("/")[1]
    for at, to in enumerate(challenge.to):
        if to == owner:
            yield Fault(
                path,
                f"{owner} asks itself",
                "ask somebody else; no count of questions and answers takes this one in",
                ("to", at),
                rule="self-challenge",
                severity=Severity.WARNING,
            )


def _own_verdicts(scope: Scope) -> Iterator[Fault]:
    for remark in scope.commons.remarks:
        comment = remark.comment
        if comment.verdict is None or not scope.wants(remark.path):
            continue
        if comment.on.rpartition("/")[2] == remark.path.split("/")[1]:
            yield Fault(
                remark.path,
                f"{comment.on} is your own answer: what you say of it counts for nothing",
                "leave `verdict` out; others say whether it answers",
                ("verdict",),
                rule="own-verdict",
                severity=Severity.WARNING,
            )


def _between(file: File, answer: t.Answer, challenge: t.Challenge) -> Iterator[Fault]:
    """What an answer and its question, each sound by itself, say against each other."""
    if file.place.owner not in challenge.to:
        yield Fault(
            file.place.path,
            f"{file.place.owner} answers, but the question is to {', '.join(challenge.to)}",
            "comment on it instead, or ask that the question be put to you",
        )
    if challenge.date.date - answer.date.date > NIGHT:
        yield Fault(
            file.place.path,
            f"the answer is dated {answer.date}, before the question of {challenge.date}",
            "one of the two days is wrong; the ledger goes by the day of the question",
            ("date",),
            rule="early-answer",
            severity=Severity.WARNING,
        )


def _unbound(scope: Scope, file: File, answer: t.Answer, now: str) -> Iterator[Fault]:
    """An answer that binds another text than its question has."""
    question = _question(file)
    told = scope.wordings(question) if scope.wordings is not None else None
    if told is not None and answer.question not in told:
        # Whoever rewrites the history of a home must not turn the answers of others into errors.
        away = any(home.owner == question.split("/")[1] for home in scope.commons.homes)
        yield Fault(
            file.place.path,
            f"no text that {question} ever had has this hash",
            f"look at what you answered; the question as it stands has `question: {now}`",
            ("question",),
            rule="unbound-answer",
            severity=Severity.WARNING if away else Severity.ERROR,
        )
        return
    yield Fault(
        file.place.path,
        f"the question, {question}, has changed since this answer was given",
        f"answer it again with `question: {now}`",
        ("question",),
        rule="stale-answer",
        severity=Severity.WARNING,
    )
    if scope.wants(question):
        yield Fault(
            question,
            f"this was changed after {file.place.path} answered it",
            "put back what was answered, and ask anew under another name",
            rule="edited-question",
            severity=Severity.WARNING,
        )


RULE = Rule(
    "unasked-answer",
    "An answer comes from a contingent that the question was not put to.",
    _find,
    others=(
        "early-answer",
        "edited-question",
        "own-verdict",
        "self-challenge",
        "stale-answer",
        "unbound-answer",
    ),
)
