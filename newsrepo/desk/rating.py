"""One rating in the making: which axis is asked, what was given so far; one key a value. All values."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.cli.walking import is_short, question, value_of
from newsrepo.desk.lines import BLANK, Line, Run, Style, fold, run
from newsrepo.errors import UsageError
from newsrepo.ids import AxisId
from newsrepo.porcelain.rating_walk import Scale

LEAVE, BACK = "-", "u"


class Sheet(Struct, frozen=True):
    """A rating half given. ``at`` is the place of the axis asked for; beyond the last it is whole."""

    scales: tuple[Scale, ...]
    values: Mapping[AxisId, int] = {}
    note: str = ""
    at: int = 0
    fault: str = ""
    """What was wrong with the last key, in words; empty after a good one."""

    @property
    def scale(self) -> Scale | None:
        """The axis that is asked for; None when there is none left."""
        return self.scales[self.at] if self.at < len(self.scales) else None

    @property
    def by_key(self) -> bool:
        """Whether one key answers; else a number has to be typed."""
        return self.scale is not None and is_short(self.scale.axis)

    def press(self, text: str) -> "Sheet":
        """The sheet after a key, or after a typed number; one that means nothing leaves a fault."""
        if text == BACK:
            return self._back()
        if self.scale is None:
            return self
        if text == LEAVE:
            kept = {axis: value for axis, value in self.values.items() if axis != self.scale.id}
            return replace(self, values=kept, at=self.at + 1, fault="")
        try:
            value = value_of(self.scale, text, key=self.by_key)
        except UsageError as error:
            return replace(self, fault=error.message)
        return replace(self, values={**self.values, self.scale.id: value}, at=self.at + 1, fault="")

    def _back(self) -> "Sheet":
        if not self.at:
            return replace(self, fault="this is the first axis")
        return replace(self, at=self.at - 1, fault="")


def begun(scales: Sequence[Scale], mine: Mapping[str, int]) -> Sheet:
    """A sheet for these axes, on which the values that one gave before stand until they are given anew."""
    return Sheet(tuple(scales), {s.id: mine[s.id] for s in scales if s.id in mine})


def sheet_lines(sheet: Sheet, width: int) -> list[Line]:
    """The sheet as it is shown: each axis with its value, the one that is asked for with its keys."""
    lines: list[Line] = []
    for place, scale in enumerate(sheet.scales):
        value = sheet.values.get(scale.id)
        said = "no value" if value is None else str(value)
        here = place == sheet.at
        style = Style.TITLE if here else Style.PLAIN
        lines.append((Run("▸ " if here else "  "), run(f"{scale.axis.title} ({scale.id}): {said}", style)))
        if here:
            how = question(scale, keys=True).removeprefix(f"{scale.id}, ").removesuffix(":")
            lines += fold([run(how, Style.DIM)], width, (Run("    "),))
    lines.append(BLANK)
    if sheet.note:
        lines += fold([run(f"Note: {sheet.note}")], width)
    if sheet.fault:
        lines += fold([run(sheet.fault, Style.WARNING)], width)
    return lines
