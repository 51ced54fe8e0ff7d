"""Hold the billing codes the rules can suggest, each with the dates between which it stands.

The short labels are the clinic's own: CPT is the AMA's copyright, and its descriptors are never
stored or shown. A coder confirms every suggestion.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code, or one family of codes by its stem: our label, its first day, what stood before.

    `before` is the code that was used for the same thing until `since`; empty where none was.
    """

    code: str
    label: str
    since: date
    before: str = ""

    def in_force(self, on: date) -> bool:
        """Say whether the code stands on a day."""
        return on >= self.since


_ICD = date(2015, 10, 1)  # ICD-10-CM took effect in the United States [K]
_ICD_2020 = date(2019, 10, 1)

ICD10CM: tuple[CodeRow, ...] = (
    CodeRow("I78.1", "spider veins", _ICD),
    CodeRow("I80.0", "superficial phlebitis", _ICD),
    CodeRow("I82.40", "acute deep vein thrombosis, vein not named", _ICD),
    CodeRow("I82.41", "acute thrombosis, femoral", _ICD),
    CodeRow("I82.42", "acute thrombosis, iliac", _ICD),
    CodeRow("I82.43", "acute thrombosis, popliteal", _ICD),
    CodeRow("I82.44", "acute thrombosis, tibial", _ICD),
    CodeRow("I82.45", "acute thrombosis, peroneal", _ICD_2020, before="I82.40"),
    CodeRow("I82.46", "acute thrombosis, calf muscle", _ICD_2020, before="I82.40"),
    CodeRow("I82.81", "superficial thrombosis", _ICD),
    CodeRow("I83.0", "varices with ulcer", _ICD),
    CodeRow("I83.2", "varices with ulcer and inflammation", _ICD),
    CodeRow("I83.81", "varices with pain", _ICD),
    CodeRow("I83.89", "varices with other complications", _ICD),
    CodeRow("I83.9", "varices without symptoms", _ICD),
    CodeRow("I87.0", "post-thrombotic syndrome", _ICD),
    CodeRow("L97", "ulcer of the lower leg, severity", _ICD),
    CodeRow("O22.0", "varices in pregnancy", _ICD),
    CodeRow("O22.2", "superficial thrombosis in pregnancy", _ICD),
    CodeRow("T81.72", "vein complication after a procedure", _ICD),
    CodeRow("G47.62", "leg cramps in sleep", _ICD),
    CodeRow("R25.2", "cramp and spasm", _ICD),
    CodeRow("Z86.718", "earlier venous thrombosis", _ICD),
    CodeRow("Z79.01", "long-term anticoagulant", _ICD),
)
"""ICD-10-CM as the rules use it (§6.1, §6.3; the release of April 2026 [S68], first days [K])."""

_OLD, _2005, _2017, _2018 = date(2004, 1, 1), date(2005, 1, 1), date(2017, 1, 1), date(2018, 1, 1)

CPT: tuple[CodeRow, ...] = (
    CodeRow("93970", "venous duplex, both legs, complete", _OLD),
    CodeRow("93971", "venous duplex, one leg or limited", _OLD),
    CodeRow("36465", "manufactured foam, one trunk", _2018),
    CodeRow("36466", "manufactured foam, several trunks of a leg", _2018),
    CodeRow("36468", "spider vein injections", _OLD),
    CodeRow("36470", "sclerosant, one vein", _OLD),
    CodeRow("36471", "sclerosant, several veins of a leg", _OLD),
    CodeRow("36473", "mechanochemical ablation, first vein", _2017),
    CodeRow("+36474", "mechanochemical ablation, later veins", _2017),
    CodeRow("36475", "radiofrequency ablation, first vein", _2005),
    CodeRow("+36476", "radiofrequency ablation, later veins", _2005),
    CodeRow("36478", "laser ablation, first vein", _2005),
    CodeRow("+36479", "laser ablation, later veins", _2005),
    CodeRow("36482", "glue closure, first vein", _2018),
    CodeRow("+36483", "glue closure, later veins", _2018),
    CodeRow("37765", "phlebectomy, 10 to 20 incisions of a leg", _OLD),
    CodeRow("37766", "phlebectomy, more than 20 incisions of a leg", _OLD),
    CodeRow("37799", "phlebectomy, fewer than 10 incisions (unlisted)", _OLD),
)
"""CPT numbers with the clinic's own labels (§6 [S65][S66], the rest and the first days [K])."""


@lru_cache(maxsize=512)
def icd10_in_force(code: str, on: date) -> str | None:
    """Return a code as it stands on a day: itself, the one it replaced, or None."""
    row = max(
        (row for row in ICD10CM if code.startswith(row.code)),
        key=lambda row: len(row.code),
        default=None,
    )
    if row is None:
        return None
    if row.in_force(on):
        return code
    return icd10_in_force(row.before + code[len(row.code) :], on) if row.before else None


def cpt_in_force(code: str, on: date) -> CodeRow | None:
    """Return the row of a CPT number where it stands on a day, or None."""
    return next((row for row in CPT if row.code == code and row.in_force(on)), None)
