"""Read who a patient is and how they are reached, strictly, as typed or as another file says."""

from dataclasses import dataclass
from datetime import date

from workflow.domain import entry
from workflow.domain.errors import Refused

OLDEST_WITHOUT_A_CHECK = 105
LONGEST_NAME = 100


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
    paper_name: str = ""


def name(text: str) -> str:
    """Read a full name, 1–100 characters of any script. Raises Refused."""
    read = entry.line(text, longest=LONGEST_NAME, name="The name")
    if read and not any(character.isalpha() for character in read):
        raise Refused("A name holds at least one letter.")
    return read


def unusual_age(born: date, today: date) -> str | None:
    """Return why a birth date wants a second look: under one year, or over 105; else None."""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age < 1:
        return "This patient would be less than a year old."
    if age > OLDEST_WITHOUT_A_CHECK:
        return f"This patient would be {age} years old."
    return None
