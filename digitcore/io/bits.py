"""Numbers in the bits of a bitstream."""


class BitReader:
    """Reads one number after another from bytes, the most significant bit first."""

    def __init__(self, content: bytes) -> None:
        """Start at the first bit.

        Args:
            content: a few bytes.
        """
        self._value, self._remaining = int.from_bytes(content), 8 * len(content)

    def number(self, bits: int) -> int:
        """Read a number of so many bits.

        Raises:
            ValueError: there are not so many bits left.
        """
        if bits > self._remaining:
            raise ValueError("a header is too short")
        self._remaining -= bits
        return self._value >> self._remaining & (1 << bits) - 1

    def exponential_golomb(self) -> int:
        """Read a number in exponential Golomb code: as many zeros as the number, plus one, has bits after its first.

        Raises:
            ValueError: there are not so many bits left.

        Examples:
            >>> reader = BitReader(bytes([0b1_010_0110, 0b0_0000000]))
            >>> [reader.exponential_golomb() for _ in range(3)]
            [0, 1, 5]
        """
        zeros = 0
        while not self.number(1):
            zeros += 1
        return (1 << zeros) - 1 + self.number(zeros)
