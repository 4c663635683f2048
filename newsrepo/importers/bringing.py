"""One run over a feed or an export: the plan first, then item by item what becomes of each."""

from collections.abc import Iterator

from newsrepo.ids import ContingentId
from newsrepo.importers import fields as f
from newsrepo.importers.items import Source
from newsrepo.importers.making import Making, Step
from newsrepo.importers.planning import Choice, Known, Plan
from newsrepo.importers.shelf import Shelf
from newsrepo.location import Finding, Location, Severity

__all__ = ["Import", "Step"]


class Import:
    """One run over a source: first the plan, then the steps. Writes nothing itself."""

    def __init__(
        self, source: Source, owner: ContingentId, choice: Choice, known: Known, shelf: Shelf | None = None
    ) -> None:
        """Goes through the source once, and raises what it raises."""
        self.source = source
        self.owner = owner
        self.choice = choice
        self.known = known
        self.shelf = shelf
        self.plan = Plan(owner, choice, known)
        self.plan.read(source)
        self.findings = self.plan.findings
        self.counts = self.plan.counts
        self.comment_names = set(known.comment_names)
        self.urls_shown: set[str] = set()
        if self.plan.places:
            self._about_all()

    def tell(
        self,
        rule: str,
        file: str,
        line: int,
        fact: str,
        hint: str = "",
        severity: Severity = Severity.WARNING,
    ) -> None:
        self.findings.append(Finding(rule, Location(file, max(1, line)), fact, hint, severity))

    def _about_all(self) -> None:
        if self.choice.license is None:
            hint = "state the one that the authors have given, or ask them for one: --license"
            self.tell("import-unlicensed", ".", 1, "no licence was stated, so everything is withheld", hint)
        if f.language(self.choice.lang, self.source.lang) == "und":
            fact = "the language is not known where an item does not name it: 'und' stands there"
            self.tell("import-language", ".", 1, fact, "say it with --lang")

    def steps(self) -> Iterator[Step]:
        """One step for each item of the source; those that stay out have an empty one."""
        for number, item in enumerate(self.source.items(lambda _finding: None)):
            place = self.plan.places.get(number)
            yield Making(self, item, place).run() if place is not None else Step()
        self._unused()

    def _unused(self) -> None:
        for url, spot in self.plan.spots.items():
            if url not in self.urls_shown:
                fact = (
                    f"the attachment {url[:120]!r} was left out: no article that came in shows it or owns it"
                )
                self.findings.append(Finding("import-left-out", spot, fact, "", Severity.NOTE))
                self.plan.count("left:attachment of nothing")

    @property
    def ordered(self) -> tuple[Finding, ...]:
        return tuple(sorted(self.findings, key=lambda finding: finding.order))
