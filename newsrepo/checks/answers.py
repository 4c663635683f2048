"""``unasked-answer``: an answer comes from somebody who was not asked, or to a question that changed."""

from collections.abc import Iterator
from hashlib import sha256

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.ids import Kind
from newsrepo.location import Severity
from newsrepo.records import types as t


def _find(scope: Scope) -> Iterator[Fault]:
    answers = scope.records(Kind.ANSWER)
    if not answers:
        return
    commons = scope.commons
    wanted = {file.place.path.rpartition("/answers/")[0] + "/challenge.md": file for file, _ in answers}
    paths = [path for path in sorted(wanted) if path in commons.files]
    blobs = commons.snapshot.read([commons.files[path].oid for path in paths])
    digests = {
        path: sha256(blob.data).hexdigest()
        for path, blob in zip(paths, blobs, strict=True)
        if blob.data is not None
    }
    asked = {file.place.path: record for file, record in scope.records(Kind.CHALLENGE)}
    for file, answer in answers:
        path = file.place.path
        question = path.rpartition("/answers/")[0] + "/challenge.md"
        challenge = asked.get(question)
        if isinstance(challenge, t.Challenge) and file.place.owner not in challenge.to:
            yield Fault(
                path,
                f"{file.place.owner} answers, but the question is to {', '.join(challenge.to)}",
                "comment on it instead, or ask that the question be put to you",
            )
        if isinstance(answer, t.Answer) and question in digests and answer.question != digests[question]:
            yield Fault(
                path,
                "the question has changed since this answer was given",
                f"answer it again with `question: {digests[question]}`",
                ("question",),
                rule="stale-answer",
                severity=Severity.WARNING,
            )


RULE = Rule(
    "unasked-answer",
    "An answer comes from a contingent that the question was not put to.",
    _find,
    others=("stale-answer",),
)
