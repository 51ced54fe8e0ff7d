"""List the invented people of the demo clinic, and how far each has come."""

from dataclasses import dataclass
from datetime import date

from workflow.domain.pathway import Stage


@dataclass(frozen=True, slots=True)
class Person:
    """One invented patient: who, the story of each leg, the stage reached, and days waited."""

    name: str
    sex: str
    born: date
    phone: str
    right: str
    left: str
    reached: Stage
    days: int
    language: str = "en"
    referred_by: str = ""
    modality: str = "RFA"


_S = Stage
PEOPLE = (
    Person("Elena Marchetti", "F", date(1979, 9, 14), "212 555 0101", "gsv", "well", _S.REFERRED, 0),
    Person("Tobias Lindqvist", "M", date(1964, 2, 8), "212 555 0102", "well", "gsv", _S.REFERRED, 1, referred_by="Dr. P. Example"),
    Person("Rosa Delgado Fuentes", "F", date(1958, 11, 30), "212 555 0103", "gsv", "gsv", _S.REFERRED, 3, "es"),
    Person("Anjali Menon", "F", date(1985, 6, 21), "212 555 0104", "part", "well", _S.INTAKE_DONE, 1),
    Person("Walter Okafor", "M", date(1951, 1, 17), "212 555 0105", "well", "ssv", _S.INTAKE_DONE, 4, referred_by="Dr. P. Example"),
    Person("Nguyễn Thị Ánh", "F", date(1971, 4, 3), "212 555 0106", "gsv", "well", _S.INTAKE_DONE, 9),
    Person("Grace Holloway", "F", date(1968, 8, 25), "212 555 0107", "gsv", "well", _S.SCHEDULED, 2),
    Person("Marcus Bell", "M", date(1974, 12, 2), "212 555 0108", "well", "branch", _S.SCHEDULED, 3),
    Person("Aoife Brennan", "F", date(1990, 3, 19), "212 555 0109", "spider", "spider", _S.SCHEDULED, 1),
    Person("Carmen Ibáñez", "F", date(1962, 7, 7), "212 555 0110", "ssv", "well", _S.SCHEDULED, 5, "es"),
    Person("Henry Castellane", "M", date(1957, 10, 11), "212 555 0111", "gsv", "part", _S.ARRIVED, 0),
    Person("Ingrid Solheim", "F", date(1966, 5, 29), "212 555 0112", "well", "gsv", _S.ARRIVED, 0),
    Person("Dolores Quintana", "F", date(1949, 2, 14), "212 555 0113", "ulcer", "well", _S.SCANNING, 0, "es"),
    Person("Victor Anselm", "M", date(1970, 9, 9), "212 555 0114", "accessory", "well", _S.SCANNING, 0),
    Person("Małgorzata Żółć", "F", date(1963, 1, 23), "212 555 0115", "gsv", "well", _S.TO_READ, 1),
    Person("Leonard Fisk", "M", date(1955, 6, 16), "212 555 0116", "surface clot", "well", _S.TO_READ, 3),
    Person("Noor Haddad", "F", date(1982, 10, 5), "212 555 0117", "well", "ssv", _S.READ, 1),
    Person("Bernard Achterberg", "M", date(1960, 12, 24), "212 555 0118", "after clot", "well", _S.READ, 2),
    Person("Siobhan O'Neill", "F", date(1976, 3, 31), "212 555 0119", "gsv", "well", _S.PLAN_DRAFTED, 1),
    Person("Anders Holm", "M", date(1967, 8, 4), "212 555 0120", "well", "gsv", _S.PLAN_DRAFTED, 6),
    Person("Lucía Paredes", "F", date(1973, 5, 12), "212 555 0121", "gsv", "well", _S.PLAN_APPROVED, 1, "es"),
    Person("George Whitlock", "M", date(1953, 4, 27), "212 555 0122", "well", "gsv", _S.PLAN_APPROVED, 3),
    Person("Helen Prior", "F", date(1959, 11, 8), "212 555 0123", "part", "well", _S.PLAN_DECLINED, 4, modality="CONS"),
    Person("Denise Laurent", "F", date(1969, 2, 20), "212 555 0124", "gsv", "well", _S.CONSENTED, 5),
    Person("Pavel Novotný", "M", date(1972, 7, 15), "212 555 0125", "well", "ssv", _S.AUTHORISED, 2),
    Person("Ruth Abernathy", "F", date(1948, 9, 1), "212 555 0126", "gsv", "gsv", _S.SESSIONS, 6),
    Person("Stefan Weiss", "M", date(1961, 12, 13), "212 555 0127", "accessory", "well", _S.SESSIONS, 8),
    Person("Katerina Papadaki", "F", date(1977, 6, 2), "212 555 0128", "gsv", "well", _S.FOLLOW_UP, 20),
    Person("Thomas Ferreira", "M", date(1965, 1, 5), "212 555 0129", "well", "gsv", _S.FOLLOW_UP, 32),
    Person("Judith Kessler", "F", date(1956, 10, 28), "212 555 0130", "spider", "spider", _S.DISCHARGED, 12, modality="LIQ"),
    Person("Olivia Thorne", "F", date(1987, 8, 18), "212 555 0131", "well", "well", _S.DISCHARGED, 25, modality="CONS"),
    Person("Raymond Stubbs", "M", date(1944, 3, 6), "212 555 0132", "well", "gsv", _S.CANCELLED, 15),
)  # fmt: skip
"""Every name is invented, and the telephone numbers are of the kind kept for fiction."""

CASES = ("C01", "C03", "C06", "C08", "C10")
"""The worked cases, brought in the way a clinic would."""
