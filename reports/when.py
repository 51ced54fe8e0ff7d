"""Write dates and times as a person in the clinic reads them."""

from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

_MONTHS = MappingProxyType({
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
})  # fmt: skip


def day(on: date, language: str = "en") -> str:
    """Return a date as '12 Mar 1961'."""
    months = _MONTHS.get(language[:2], _MONTHS["en"])
    return f"{on.day} {months[on.month - 1]} {on.year}"


def moment(at: datetime, zone: str, language: str = "en") -> str:
    """Return an aware time as the clinic's clock shows it: '4 May 2026, 14:32 CDT'."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), language)}, {local:%H:%M %Z}"
