"""Read how somebody is reached: a phone number or an e-mail address, strictly."""

import re

from workflow.domain import entry
from workflow.domain.errors import Refused

_PHONE = re.compile(
    r"(\+?[0-9 ().\-/]{5,30})(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.ASCII | re.IGNORECASE
)
_EMAIL = re.compile(
    r"[^\s@,;:<>()\[\]\\\"']{1,64}@[^\s@,;:<>()\[\]\\\"'.]+(?:\.[^\s@,;:<>()\[\]\\\"'.]+)+"
)


def phone(text: str) -> str:
    """Read a phone number of 7 to 15 digits, and an extension, kept as typed. Raises Refused."""
    read = entry.line(text, longest=40, name="The phone number")
    match = _PHONE.fullmatch(read)
    digits = sum(character.isdigit() for character in match[1]) if match else 0
    if read and not 7 <= digits <= 15:
        raise Refused("Type a phone number with its area code, such as 212 555 0147.")
    return read


def email(text: str) -> str:
    """Read one e-mail address. Raises Refused."""
    read = entry.line(text, longest=254, name="The e-mail address")
    if read and not _EMAIL.fullmatch(read):
        raise Refused("Type one e-mail address, such as ana@example.org.")
    return read
