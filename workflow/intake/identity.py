"""Read who a patient is and how they are reached, strictly, as typed or as another file says."""

import re
from dataclasses import dataclass
from datetime import date

from workflow.domain import entry
from workflow.domain.errors import Refused

OLDEST_WITHOUT_A_CHECK = 105
LONGEST_NAME = 100

_PHONE = re.compile(
    r"\+?[0-9 ().\-/]{5,30}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.ASCII | re.IGNORECASE
)
_EMAIL = re.compile(
    r"[^\s@,;:<>()\[\]\\\"']{1,64}@[^\s@,;:<>()\[\]\\\"'.]+(?:\.[^\s@,;:<>()\[\]\\\"'.]+)+"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a patient is, and how they are reached. Empty text = not given."""

    name: str
    born: date
    sex: str
    called: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    language: str = "en"


def name(text: str) -> str:
    """Read a full name, 1–100 characters of any script. Raises Refused."""
    read = entry.line(text, longest=LONGEST_NAME, name="The name")
    if read and not any(character.isalpha() for character in read):
        raise Refused("A name holds at least one letter.")
    return read


def phone(text: str) -> str:
    """Read a phone number of 7 to 15 digits, kept as it was typed. Raises Refused."""
    read = entry.line(text, longest=40, name="The phone number")
    digits = sum(character.isdigit() for character in read)
    if read and (not _PHONE.fullmatch(read) or not 7 <= digits <= 15 + 6):
        raise Refused("Type a phone number with its area code, such as 212 555 0147.")
    return read


def email(text: str) -> str:
    """Read one e-mail address. Raises Refused."""
    read = entry.line(text, longest=254, name="The e-mail address")
    if read and not _EMAIL.fullmatch(read):
        raise Refused("Type one e-mail address, such as ana@example.org.")
    return read


def unusual_age(born: date, today: date) -> str | None:
    """Return why a birth date wants a second look: under one year, or over 105; else None."""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age < 1:
        return "This patient would be less than a year old."
    if age > OLDEST_WITHOUT_A_CHECK:
        return f"This patient would be {age} years old."
    return None
