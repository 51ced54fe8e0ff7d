"""Number a document by its own digest, so that paper can be looked up without naming anybody."""

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS, _HEX = 60, 15


def number_of(digest: str) -> str:
    """Return the document's number as printed: its digest's first 60 bits, as 'XXXX-XXXX-XXXX'."""
    bits = int(digest[:_HEX], 16)
    letters = "".join(_LETTERS[bits >> shift & 31] for shift in range(_BITS - 5, -1, -5))
    return "-".join(letters[at : at + 4] for at in range(0, 12, 4))


def digest_prefix(number: str) -> str | None:
    """Return the first 15 digits of the digest a printed number stands for; None if it is none.

    Letters are read in either case, O as 0, I and L as 1; hyphens and spaces do not matter.
    """
    read_as = number.upper().translate(str.maketrans("OIL", "011", "- "))
    if len(read_as) != 12 or not set(read_as) <= set(_LETTERS):
        return None
    bits = 0
    for letter in read_as:
        bits = bits << 5 | _LETTERS.index(letter)
    return f"{bits:0{_HEX}x}"
