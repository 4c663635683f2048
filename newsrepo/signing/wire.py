"""The strings of the SSH wire format: four bytes of length, most significant first, then that many bytes."""


class WireError(ValueError):
    """Bytes end before the field that they announce; ``offset`` is where that field begins."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the field at byte {offset} is cut off")
        self.offset = offset


def string(data: bytes) -> bytes:
    """``data`` as a wire string."""
    return len(data).to_bytes(4, "big") + data


class Reader:
    """Takes fields off the front of some bytes. ``at`` is the offset of the next one."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes. Raises WireError when there are fewer."""
        end = self.at + count
        if end > len(self.data):
            raise WireError(self.at)
        found = self.data[self.at : end]
        self.at = end
        return found

    def number(self) -> int:
        """The next four bytes as a number."""
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        """The next wire string."""
        start = self.at
        size = self.number()
        if size > len(self.data) - self.at:
            self.at = start
            raise WireError(start)
        return self.take(size)

    @property
    def done(self) -> bool:
        return self.at == len(self.data)
