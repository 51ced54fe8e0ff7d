"""Say values the way people read them: the words, dates and numbers of every page."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from jinja2 import Environment


class Kind(StrEnum):
    """What a mark means; its colour, its sign and its class follow from it."""

    PLAIN = "plain"
    QUIET = "quiet"
    NOTE = "note"
    DONE = "done"
    CAUTION = "caution"
    STOP = "stop"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Mark:
    """A badge: a word or two, and what kind of thing it says."""

    text: str
    kind: Kind = Kind.PLAIN


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a person can go; `current` where they already are."""

    label: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """All that the top bar and the footer say. The empty one suits a page nobody signed in to.

    waits is how many patients wait for this person, or None where that means nothing. lock_after_s
    is after how many idle seconds the page covers itself; 0 for never.
    """

    clinic: str = ""
    logo: str = ""
    home: str = "/"
    places: tuple[Place, ...] = ()
    search: str = ""
    suggestions: str = ""
    waits: int | None = None
    waits_href: str = ""
    who: str = ""
    role: str = ""
    menu: tuple[Place, ...] = ()
    sign_out: str = ""
    lock_after_s: int = 0
    demo: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """A step that was just taken: its name, where to take it back, and for how many seconds."""

    label: str
    href: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Person:
    """The patient's header: whose page this is, in two identifiers, and what to be careful of."""

    name: str
    born: date
    record_number: str
    href: str = ""
    sex: str = ""
    language: str = ""
    marks: tuple[Mark, ...] = ()
    demo: bool = False


NOTHING = "–"
"""What stands where nothing was recorded. It never reads as nought."""


def day(value: date) -> str:
    """Return a date as `12 Mar 1961`. A moment must be put into the clinic's zone first."""
    return f"{value.day} {value:%b %Y}"


def long_day(value: date) -> str:
    """Return a date as `Thursday 12 March 2026`."""
    return f"{value:%A} {value.day} {value:%B %Y}"


def age(born: date, today: date) -> int:
    """Return whole years lived. Someone born on 29 Feb has had a birthday on 1 Mar."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def span(length: timedelta) -> str:
    """Return how long, in the one unit a person would use: `2 days`, `3 hours`, `just now`."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return count(minutes, "minute")
    if minutes < 24 * 60:
        return count(minutes // 60, "hour")
    days = minutes // (24 * 60)
    if days < 60:
        return count(days, "day")
    return count(days // 30, "month") if days < 730 else count(days // 365, "year")


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 day`, `2 days`, `1,200 patients`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ms(value: int | None) -> str:
    """Return milliseconds as `2,600`; the unit stands in the header."""
    return NOTHING if value is None else f"{value:,}"


def mm(value: Decimal | None) -> str:
    """Return millimetres with at least one decimal: `6.8`, `4.0`, `4.25`."""
    if value is None:
        return NOTHING
    plain = format(value.normalize(), "f")
    return plain if "." in plain else plain + ".0"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return words as a person lists them: `a, b and c`."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def spoken(word: str) -> str:
    """Return a stored word as it is said: `not_tested` → `not tested`."""
    return str(word).replace("_", " ")


def opened(text: str) -> str:
    """Return a sentence with its first letter raised, and the rest as written."""
    return text[:1].upper() + text[1:]


def slug(text: str) -> str:
    """Return text as an id may hold it: `Sign report` → `sign-report`."""
    return re.sub(r"[^a-z0-9]+", "-", str(text).lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Local:
    """Time as the clinic sees it. `zone` is asked each time, for it is a setting."""

    now: Callable[[], datetime]
    zone: Callable[[], str]

    def here(self, value: date) -> date:
        """Put a moment into the clinic's zone; a date stays as it is."""
        return value.astimezone(ZoneInfo(self.zone())) if isinstance(value, datetime) else value

    def today(self) -> date:
        """Return the day it is at the clinic, which may not be the server's."""
        return self.now().astimezone(ZoneInfo(self.zone())).date()

    def age(self, born: date) -> int:
        """Return whole years lived until today."""
        return age(born, self.today())

    def day(self, value: date) -> str:
        """Return the clinic's date of a day or moment: `12 Mar 1961`."""
        return day(self.here(value))

    def long_day(self, value: date) -> str:
        """Return the clinic's date in full: `Thursday 12 March 2026`."""
        return long_day(self.here(value))

    def clock(self, moment: datetime) -> str:
        """Return the time on the clinic's wall: `10:42`."""
        return f"{self.here(moment):%H:%M}"

    def moment(self, moment: datetime) -> str:
        """Return date and time: `12 Mar 2026, 10:42`."""
        return f"{self.day(moment)}, {self.clock(moment)}"

    def zoned(self, moment: datetime) -> str:
        """Return date, time and zone, for what may be read elsewhere: `12 Mar 2026, 10:42 EST`."""
        return f"{self.moment(moment)} {self.here(moment):%Z}"

    def machine(self, value: date) -> str:
        """Return what the datetime attribute of <time> takes."""
        return self.here(value).isoformat()

    def waited(self, since: datetime) -> str:
        """Return how long it has been, in words: `2 days`."""
        return span(self.now() - since)


def register(
    environment: Environment, *, now: Callable[[], datetime], zone: Callable[[], str]
) -> None:
    """Give the templates their filters, and what every page's frame needs.

    now: an aware moment. zone: the clinic's IANA zone name.
    """
    local = Local(now, zone)
    for say in (
        *(local.age, local.clock, local.day, local.long_day, local.machine, local.moment),
        *(local.waited, local.zoned, count, listed, mm, ms, opened, slug, span, spoken),
    ):
        environment.filters[say.__name__] = say
    environment.globals.update(empty_bar=Bar(), today=local.today)
