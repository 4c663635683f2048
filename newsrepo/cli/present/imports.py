"""What an import brought and what it left out: a short page for a person, everything for a script."""

from collections.abc import Iterator, Mapping, Sequence

from newsrepo.cli.present import findings
from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.imports import Brought

NAMED = 3
"""How many files of a kind are named before the rest is only counted."""

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def as_json(out: Out, done: Brought) -> None:
    out.json(
        "import",
        {
            "dry_run": done.dry_run,
            "written": list(done.written),
            "same": list(done.same),
            "kept": list(done.kept),
            "counts": dict(done.counts),
            "passed_over": list(done.passed),
            "findings": [findings.plain(f) for f in done.report],
        },
    )


def as_text(out: Out, done: Brought, *, details: bool) -> None:
    """The report as the answer; before it, with ``details``, every path written and every finding."""
    if details:
        for path in done.written:
            out.line(terminal(path))
        for line in findings.lines(done.report):
            out.line(line)
    counts = done.counts
    parts = [("articles", "article"), ("pictures", "picture")]
    if "ratings" in counts:
        parts = [("articles", "article"), ("raters", "rater"), ("ratings", "rating")]
    if counts.get("comments"):
        parts.append(("comments", "comment"))
    out.line(", ".join(counted(counts.get(key, 0), name) for key, name in parts))
    if out_of_view := counts.get("moderated out", 0):
        out.line(f"left out, since moderated out: {counted(out_of_view, 'statement')}")
    if left := _numbered(counts, "left:"):
        out.line(f"left out: {left}")
    for line in _rules(done.report, by_name=not details):
        out.line(line)
    if done.passed:
        out.line(f"no article, since without front matter: {_some(done.passed)}")
    if keys := _keys(done):
        out.line(f"keys of front matter that mean nothing here: {keys}")
    for prefix, what in (("meta:", "post metadata left out"), ("taxonomy:", "taxonomies left out")):
        if named := _numbered(counts, prefix):
            out.line(f"{what}: {named}")
    if done.report and not details:
        out.word("every place: --details, or --json; what a rule means: newsrepo explain RULE")


def closing(out: Out, done: Brought, *, details: bool) -> None:
    """What was written, in one line, and in one warning what was not because it stands there otherwise."""
    if done.kept:
        files = done.kept if details else done.kept[:1]
        such = "" if len(files) == len(done.kept) else "such as "
        there = "file is there already, differs" if len(done.kept) == 1 else "files are there already, differ"
        left = "is left as it is" if len(done.kept) == 1 else "are left as they are"
        names = "\n".join(f"{such}{path}" for path in files)
        out.warn(
            f"{len(done.kept)} {there} from what would be imported, and {left}:\n{names}",
            "to import one anew, delete it first" + ("" if details else "; --details names each"),
        )
    if not done.written and not done.kept and done.same:
        out.word(f"nothing to do: all {counted(len(done.same), 'file')} are there already")
        return
    verb = "would write" if done.dry_run else "wrote"
    out.word(
        f"{verb} {counted(len(done.written), 'file')}; {len(done.same)} were there already, "
        f"{len(done.kept)} differ"
    )


def _rules(report: Sequence[Finding], *, by_name: bool) -> Iterator[str]:
    """Each rule that was met, errors first, then the most frequent, with an example."""
    groups: dict[str, list[Finding]] = {}
    for finding in report:
        groups.setdefault(finding.rule, []).append(finding)
    if not groups:
        return
    yield "left out or changed on the way:"
    worst = {rule: min(_RANK[f.severity] for f in some) for rule, some in groups.items()}
    for rule in sorted(groups, key=lambda rule: (worst[rule], -len(groups[rule]), rule)):
        some = groups[rule]
        example = min(some, key=lambda f: (_RANK[f.severity], f.order))
        place = example.location
        where = "" if place.path == "." else f", such as {terminal(place.path)}:{place.line}"
        mark = " (error)" if example.severity is Severity.ERROR else ""
        yield f"  {terminal(rule)}{mark}: {len(some)}{where if by_name else ''}"
        if by_name:
            yield f"    {terminal(example.message)}"
            if not where and example.hint:
                yield f"    hint: {terminal(example.hint)}"


def _some(paths: Sequence[str]) -> str:
    more = len(paths) - NAMED
    named = ", ".join(terminal(path) for path in paths[:NAMED])
    return f"{named} and {more} more" if more > 0 else named


def _numbered(counts: Mapping[str, int], prefix: str) -> str:
    """The counts that begin so, the most frequent first; no more than a line or two of them."""
    found = {key.removeprefix(prefix): n for key, n in counts.items() if key.startswith(prefix)}
    names = sorted(found, key=lambda key: (-found[key], key))
    parts = [f"{terminal(name[:40])} {found[name]}" for name in names[:8]]
    rest = sum(found[name] for name in names[8:])
    return ", ".join([*parts, *([f"others {rest}"] if rest else [])])


def _keys(done: Brought) -> str:
    keys = {key.removeprefix("key:"): n for key, n in done.counts.items() if key.startswith("key:")}
    parts = [f"{terminal(key)} {keys[key]}" for key in sorted(keys, key=lambda key: (-keys[key], key))]
    others = done.counts.get("other keys", 0)
    return ", ".join([*parts, *([f"others {others}"] if others else [])])
