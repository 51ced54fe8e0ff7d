"""Decide what a person who searches means, and by which keys a patient is found.

A key is one letter for its kind and the text itself, so that one sorted table answers every way of
asking: a part of a name, the first or last digits of a phone, a record number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.domain import entry
from workflow.domain.entry import folded
from workflow.domain.errors import Refused
from workflow.domain.slips import SHORTEST

NAME, PHONE, TAIL, RECORD = "n", "p", "t", "r"
"""The kinds of key: a word of the name, a phone from its start, from its end, a record number."""

LONGEST_QUERY = 100
MOST_WORDS = 6
SHORTEST_NUMBER = 3
"""Fewer digits than this are looked for in record numbers and names only."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing a patient must fit: any of these beginnings of keys, or any of these birth dates.

    word is the folded word itself where it may hold a slip of the keyboard.
    """

    beginnings: tuple[str, ...] = ()
    days: frozenset[date] = frozenset()
    between: tuple[date, date] | None = None
    word: str = ""

    @property
    def weight(self) -> int:
        """Return how much it narrows the search: a date most, then the longest word."""
        return 1000 if self.days else max((len(key) for key in self.beginnings), default=0)


def phone_key(phone: str) -> str:
    """Return a phone's digits, without the country code of the United States."""
    digits = re.sub(r"[^0-9]", "", phone)
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def name_words(name: str, called: str = "") -> tuple[str, ...]:
    """Return the folded words a person may be looked for by, each once."""
    return tuple(dict.fromkeys(f"{folded(name)} {folded(called)}".split()))


def keys_of(*, name: str, called: str, phone: str, record_number: str) -> frozenset[str]:
    """Return every key a patient is found by."""
    digits, record = phone_key(phone), record_number.lower()
    keys = {NAME + word for word in name_words(name, called)}
    keys |= {RECORD + record, RECORD + record.lstrip("abcdefghijklmnopqrstuvwxyz")}
    if digits:
        keys |= {PHONE + digits, TAIL + digits[::-1]}
    return frozenset(keys)


def wanted(query: str) -> tuple[Wanted, ...]:
    """Return all that a patient must fit to answer a query, each part of it once."""
    rest, dates = _without_dates(query[:LONGEST_QUERY])
    parts = [*dates]
    digits = re.sub(r"[^0-9]", "", rest)
    if digits and re.fullmatch(r"[0-9+()./ -]+", rest.strip(), re.ASCII):
        parts.append(_number(digits, whole=True))
    else:
        parts += [_word(word) for word in folded(rest).split()[:MOST_WORDS]]
    return tuple(dict.fromkeys(parts))


def _word(word: str) -> Wanted:
    if word.isascii() and word.isdigit():
        return _number(word, whole=False)
    keys = [NAME + word]
    if re.fullmatch(r"[a-z][0-9]+", word, re.ASCII):
        keys.append(RECORD + word)
    return Wanted(tuple(keys), word=word if len(word) >= SHORTEST else "")


def _number(digits: str, *, whole: bool) -> Wanted:
    keys = [RECORD + digits] if whole else [RECORD + digits, NAME + digits]
    if len(digits) >= SHORTEST_NUMBER:
        phone = phone_key(digits)
        keys += [PHONE + phone, TAIL + phone[::-1]]
    year = re.fullmatch(r"(19|20)[0-9]{2}", digits)
    between = (date(int(digits), 1, 1), date(int(digits), 12, 31)) if year else None
    return Wanted(tuple(keys), _compact_days(digits), between)


_SEPARATED = r"\s*[-/. ]\s*"
_NAME = r"([a-z]{3,9})\.?"
_DATES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"(?<![a-z0-9]){shape}(?![a-z0-9])", re.I | re.ASCII), orders)
    for shape, orders in (
        (rf"(\d{{4}}){_SEPARATED}(\d{{1,2}}){_SEPARATED}(\d{{1,2}})", ("ymd",)),
        (rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]*{_NAME},?[-/. ]*'?(\d{{4}}|\d{{2}})", ("dmy",)),
        (rf"{_NAME}[-/. ]*(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]+'?(\d{{4}}|\d{{2}})", ("mdy",)),
        (r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})", ("dmy", "mdy")),
        (r"(\d{1,2}) (\d{1,2}) (\d{4})", ("dmy", "mdy")),
    )
)  # fmt: skip
_MONTH = re.compile(rf"(?<![a-z0-9]){_NAME}[-/., ]*(\d{{4}})(?![a-z0-9])", re.I | re.ASCII)


def _without_dates(query: str) -> tuple[str, list[Wanted]]:
    """Return the query without the date in it, and what that date can mean.

    A date that can be read with the day or the month first is looked for both ways; a year of two
    digits in both centuries.
    """
    for pattern, orders in _DATES:
        for match in pattern.finditer(query):
            if days := frozenset(_days(match.groups(), orders)):
                return _cut(query, match), [Wanted(days=days)]
    for match in _MONTH.finditer(query):
        if first := _day("1", match[1], match[2]):
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            return _cut(query, match), [Wanted(between=(first, last))]
    return query, []


def _cut(query: str, match: re.Match[str]) -> str:
    return f"{query[: match.start()]} {query[match.end() :]}"


def _days(parts: tuple[str, ...], orders: tuple[str, ...]) -> Iterator[date]:
    for order in orders:
        found = dict(zip(order, parts, strict=True))
        years = [found["y"]] if len(found["y"]) == 4 else ["19" + found["y"], "20" + found["y"]]
        for year in years:
            if day := _day(found["d"], found["m"], year):
                yield day


def _compact_days(digits: str) -> frozenset[date]:
    """Return the days eight digits in a row can mean: 12031961, 03121961, 19610312."""
    if len(digits) != 8:
        return frozenset()
    two, rest = digits[:2], digits[2:4]
    return frozenset(
        [
            *_days((two, rest, digits[4:]), ("dmy", "mdy")),
            *_days((digits[:4], digits[4:6], digits[6:]), ("ymd",)),
        ]
    )


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return entry.day(day, month, year)
    except Refused:
        return None
