"""The arithmetic of a vote: whole numbers and cross-multiplication, never a percentage, never a float."""

from msgspec import Struct

from newsrepo.records.types import Base, Compare, Rule


class Votes(Struct, frozen=True):
    """How the votes fell. ``roll`` counts everybody's; what is in none of the others was silent or void."""

    yes: int
    no: int
    abstain: int
    roll: int

    @property
    def cast(self) -> int:
        """Yes and no together; abstentions are not cast for or against."""
        return self.yes + self.no

    @property
    def present(self) -> int:
        """All who took part, abstentions included."""
        return self.cast + self.abstain


class Share(Struct, frozen=True):
    """One comparison of a share with a ratio: ``part`` of ``whole`` against ``num``/``den``."""

    part: int
    whole: int
    num: int
    den: int
    compare: Compare

    @property
    def holds(self) -> bool:
        ours, theirs = self.part * self.den, self.num * self.whole
        return ours > theirs if self.compare is Compare.MORE_THAN else ours >= theirs

    @property
    def arithmetic(self) -> str:
        """The comparison as it comes out: ``8 x 3 >= 2 x 11``."""
        return f"{self.part} x {self.den} {self._sign} {self.num} x {self.whole}"

    @property
    def _sign(self) -> str:
        if self.compare is Compare.MORE_THAN:
            return ">" if self.holds else "<="
        return ">=" if self.holds else "<"

    @property
    def asked(self) -> str:
        """What was asked for: ``at least 2/3``, ``more than half``."""
        ratio = "half" if 2 * self.num == self.den else f"{self.num}/{self.den}"
        ratio = "all" if self.num == self.den else ratio
        words = "more than" if self.compare is Compare.MORE_THAN else "at least"
        return f"{words} {ratio}"

    @property
    def needed(self) -> int:
        """The smallest part of this whole that would do."""
        least, rest = divmod(self.num * self.whole, self.den)
        if self.compare is Compare.MORE_THAN:
            return least + 1
        return least + bool(rest)


class Verdict(Struct, frozen=True):
    """What a rule makes of some votes. Facts are kept; ``carried`` and the sentence are read off them."""

    votes: Votes
    of: Base
    majority: Share
    quorum: Share

    @property
    def carried(self) -> bool:
        """Enough yes, enough taking part, more yes than no and at least one yes: nothing never passes."""
        return self.majority.holds and self.quorum.holds and self.votes.yes > self.votes.no

    @property
    def sentence(self) -> str:
        """The result with its arithmetic: ``carried: 8 of 11 cast, 8 x 3 >= 2 x 11; quorum 11 of 14, …``."""
        votes, share, quorum = self.votes, self.majority, self.quorum
        whole = "cast" if self.of is Base.CAST else "on the roll"
        parts = [f"{share.part} of {share.whole} {whole}, {share.arithmetic}"]
        if votes.yes == 0:
            parts = [f"nobody voted yes, {votes.no} no, {votes.abstain} abstained"]
        elif not share.holds:
            parts[0] += f" ({share.needed} needed)"
        elif votes.yes <= votes.no:
            parts.append(f"{votes.yes} yes are not more than {votes.no} no")
        met = "" if quorum.holds else "not "
        parts.append(f"quorum {quorum.part} of {quorum.whole}, {met}{quorum.asked}")
        return f"{'carried' if self.carried else 'not carried'}: {'; '.join(parts)}"


def decide(rule: Rule, votes: Votes) -> Verdict:
    """What ``rule`` makes of ``votes``."""
    whole = votes.cast if rule.of is Base.CAST else votes.roll
    majority = Share(votes.yes, whole, rule.ratio.num, rule.ratio.den, rule.compare)
    quorum = Share(
        votes.present, votes.roll, rule.quorum.ratio.num, rule.quorum.ratio.den, rule.quorum.compare
    )
    return Verdict(votes, rule.of, majority, quorum)


def laxer(rule: Rule, than: Rule) -> tuple[str, ...]:
    """In what ``rule`` could carry a vote that ``than`` would not; empty when it is as strict or stricter."""
    found = []
    if rule.of is Base.CAST and than.of is Base.ROLL:
        found.append("it counts the votes cast, the charter everybody on the roll")
    if _weaker(
        (rule.ratio.num, rule.ratio.den, rule.compare), (than.ratio.num, than.ratio.den, than.compare)
    ):
        found.append(
            f"it asks for {_words(rule.ratio, rule.compare)}, "
            f"the charter for {_words(than.ratio, than.compare)}"
        )
    ours, theirs = rule.quorum, than.quorum
    if _weaker(
        (ours.ratio.num, ours.ratio.den, ours.compare), (theirs.ratio.num, theirs.ratio.den, theirs.compare)
    ):
        found.append(
            f"its quorum is {_words(ours.ratio, ours.compare)}, "
            f"the charter's {_words(theirs.ratio, theirs.compare)}"
        )
    return tuple(found)


def _weaker(ours: tuple[int, int, Compare], theirs: tuple[int, int, Compare]) -> bool:
    left, right = ours[0] * theirs[1], theirs[0] * ours[1]
    return left < right or (left == right and ours[2] is Compare.AT_LEAST and theirs[2] is Compare.MORE_THAN)


def _words(ratio: object, compare: Compare) -> str:
    return f"{'more than' if compare is Compare.MORE_THAN else 'at least'} {ratio}"
