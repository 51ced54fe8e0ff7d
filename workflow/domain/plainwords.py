"""Say a phrase to a patient in the language of their papers."""

from datetime import date

from workflow.domain import plainenglish, plainspanish
from workflow.domain.anatomy import Leg

LANGUAGES = {"en": plainenglish.PHRASES, "es": plainspanish.PHRASES}
"""The phrases of each language the rules can speak, by key."""

_SPANISH_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


def say(language: str, key: str, **places: object) -> str:
    """Return a phrase with its places filled, its first letter a capital.

    A language the rules cannot speak is spoken to in English; an unknown key is a KeyError.
    """
    phrases = LANGUAGES.get(language[:2], plainenglish.PHRASES)
    said = phrases[key].format(**places)
    return said[:1].upper() + said[1:]


def part(language: str, key: str, **places: object) -> str:
    """Return a phrase that stands within another, as it is written in the table."""
    return LANGUAGES.get(language[:2], plainenglish.PHRASES)[key].format(**places)


def the_leg(language: str, legs: list[Leg]) -> str:
    """Return 'your right leg', 'your left leg' or 'both legs'."""
    return part(language, f"leg.{legs[0].word if len(legs) == 1 else 'both'}")


def leg_name(language: str, leg: Leg) -> str:
    """Return the heading of a leg: 'Right leg'."""
    return part(language, f"Leg.{leg.word}")


def day(language: str, value: date) -> str:
    """Return a date as a patient reads it: '4 May 2026', '4 de mayo de 2026'."""
    if language[:2] == "es":
        return f"{value.day} de {_SPANISH_MONTHS[value.month - 1]} de {value.year}"
    return f"{value.day} {value:%b %Y}"
