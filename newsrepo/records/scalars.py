"""The scalar values of the format: each parses one text strictly and writes it back canonically.

Every class has ``parse(text)``, which raises ScalarError with the fact and the way out, and ``str()``,
which gives the canonical text. ``schema`` is the JSON Schema of the text form.
"""

import re
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import total_ordering
from typing import Any, ClassVar, Self

MILLION = 1_000_000


class ScalarError(ValueError):
    """A text is not the scalar it was meant to be."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Scalar:
    """What all scalars share: value semantics over the canonical text."""

    __slots__ = ()
    schema: ClassVar[dict[str, Any]] = {"type": "string"}

    @classmethod
    def parse(cls, text: str) -> Self:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and str(other) == str(self)

    def __hash__(self) -> int:
        return hash(str(self))


_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.([0-9]{1,9}))?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _day(text: str) -> date:
    if _DAY.fullmatch(text) is None:
        raise ScalarError(f"{text!r} is not a date", "write the date as YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ScalarError(f"there is no day {text!r}", "write the date as YYYY-MM-DD") from None


@total_ordering
class Day(Scalar):
    """A calendar day, ``2026-05-03``."""

    __slots__ = ("date",)
    schema: ClassVar[dict[str, Any]] = {"type": "string", "format": "date"}

    def __init__(self, day: date) -> None:
        self.date = day

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(_day(text))

    def __str__(self) -> str:
        return self.date.isoformat()

    def __lt__(self, other: "Day") -> bool:
        return self.date < other.date


@total_ordering
class Moment(Scalar):
    """A day, or an instant in RFC 3339 form with its offset; canonical instants are in UTC, whole seconds.

    ``day`` is the calendar day (of an instant: in UTC). A bare day sorts as its first second.
    """

    __slots__ = ("day", "instant")
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "anyOf": [{"format": "date"}, {"format": "date-time"}],
    }

    def __init__(self, day: date, instant: datetime | None = None) -> None:
        self.day = day
        self.instant = instant

    @classmethod
    def parse(cls, text: str) -> Self:
        match = _TIME.fullmatch(text)
        if match is None:
            return cls(_day(text))
        offset = "+00:00" if match[4] in "Zz" else match[4]
        try:
            local = datetime.fromisoformat(f"{match[1]}T{match[2]}{offset}")
            instant = local.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ScalarError(
                f"there is no moment {text!r}", "write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ"
            ) from None
        return cls(instant.date(), instant)

    @property
    def at(self) -> datetime:
        """The instant, or the first second of the day in UTC."""
        return self.instant or datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)

    def __str__(self) -> str:
        if self.instant is None:
            return self.day.isoformat()
        return self.instant.strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)

    def __lt__(self, other: "Moment") -> bool:
        return (self.at, str(self)) < (other.at, str(other))


_RATIO = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) ?%")
_SHARE = re.compile(r"0?\.[0-9]{1,6}|1\.0{1,6}|1")
_THIRDS = (Fraction(1, 3), Fraction(2, 3))
_NEAR = Fraction(1, 100)
"""What is as near to a third as this was most likely meant to be one."""


def _fraction(text: str) -> str:
    """The fraction that somebody who wrote a percentage or a decimal most likely meant."""
    percent = _PERCENT.fullmatch(text)
    if percent is None and not _SHARE.fullmatch(text):
        return "2/3"
    exact = Fraction(percent[1]) / 100 if percent is not None else Fraction(text)
    meant = next((third for third in _THIRDS if abs(exact - third) < _NEAR), exact)
    return f"{meant.numerator}/{meant.denominator}" if 0 < meant <= 1 else "2/3"


class Ratio(Scalar):
    """A fraction between 0 (excluded) and 1 (included) kept as it was written: ``2/3``."""

    __slots__ = ("den", "num")
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "pattern": "^[1-9][0-9]{0,8}/[1-9][0-9]{0,8}$",
    }

    def __init__(self, num: int, den: int) -> None:
        self.num = num
        self.den = den

    @classmethod
    def parse(cls, text: str) -> Self:
        match = _RATIO.fullmatch(text)
        if match is None:
            raise ScalarError(
                f"{text!r} is not a fraction of two whole numbers",
                f"majorities are compared exactly: write {_fraction(text)}",
            )
        num, den = int(match[1]), int(match[2])
        if num > den:
            raise ScalarError(f"{text!r} is more than the whole", "write a fraction of at most 1/1")
        return cls(num, den)

    def __str__(self) -> str:
        return f"{self.num}/{self.den}"


_DECIMAL = re.compile(r"(-?)([0-9]{1,6})(?:\.([0-9]{1,6}))?")


@total_ordering
class Decimal(Scalar):
    """An exact decimal of at most six digits on either side of the point, kept in millionths."""

    __slots__ = ("millionths",)
    schema: ClassVar[dict[str, Any]] = {
        "anyOf": [{"type": "number"}, {"type": "string", "pattern": "^-?[0-9]{1,6}(\\.[0-9]{1,6})?$"}]
    }

    def __init__(self, millionths: int) -> None:
        self.millionths = millionths

    @classmethod
    def parse(cls, text: str) -> Self:
        match = _DECIMAL.fullmatch(text)
        if match is None:
            raise ScalarError(
                f"{text!r} is not a number", "write digits with at most six after a point, such as 0.5"
            )
        size = int(match[2]) * MILLION + int((match[3] or "").ljust(6, "0"))
        return cls(-size if match[1] else size)

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.millionths, MILLION)

    def __str__(self) -> str:
        whole, part = divmod(abs(self.millionths), MILLION)
        sign = "-" if self.millionths < 0 else ""
        return f"{sign}{whole}.{part:06d}".rstrip("0").rstrip(".")

    def __lt__(self, other: "Decimal") -> bool:
        return self.millionths < other.millionths


class Weight(Decimal):
    """A decimal from 0 to 1: how much somebody is trusted, or a factor."""

    __slots__ = ()
    schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "string", "pattern": "^(0(\\.[0-9]{1,6})?|1(\\.0{1,6})?)$"},
        ]
    }

    @classmethod
    def parse(cls, text: str) -> Self:
        weight = super().parse(text)
        if not 0 <= weight.millionths <= MILLION:
            raise ScalarError(f"{text!r} is not between 0 and 1", "write a weight from 0 to 1")
        return weight


_SPAN = re.compile(r"([1-9][0-9]{0,5})([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


class Span(Scalar):
    """A length of time in days: ``30d``, ``2w``, ``6m`` (30 days each), ``1y`` (365 days)."""

    __slots__ = ("count", "unit")
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": "^[1-9][0-9]{0,5}[dwmy]$"}

    def __init__(self, count: int, unit: str = "d") -> None:
        self.count = count
        self.unit = unit

    @classmethod
    def parse(cls, text: str) -> Self:
        match = _SPAN.fullmatch(text)
        if match is None:
            raise ScalarError(
                f"{text!r} is not a length of time", "write days, weeks, months or years: 30d, 2w, 6m, 1y"
            )
        return cls(int(match[1]), match[2])

    @property
    def days(self) -> int:
        return self.count * _DAYS[self.unit]

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


class Pull(Scalar):
    """What pulls a work up or down the front page: a decimal for an axis, a span for ``fade``."""

    __slots__ = ("value",)
    schema: ClassVar[dict[str, Any]] = {"anyOf": [*Decimal.schema["anyOf"], Span.schema]}

    def __init__(self, value: Decimal | Span) -> None:
        self.value = value

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(Span.parse(text) if _SPAN.fullmatch(text) else Decimal.parse(text))

    def __str__(self) -> str:
        return str(self.value)
