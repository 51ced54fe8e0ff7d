"""Hold each scan protocol as data: the sites it requires, allows, and asks for where seen (§1.1).

The required sites follow the SVU documentation list; a clinic that is accredited loads the image
sets of its own standard beside them. A screening scan that times no reflux is no protocol here.
"""

from dataclasses import dataclass

from workflow.domain.anatomy import CATALOGUE, REQUIRED, REQUIRED_DEEP, Leg, Required
from workflow.domain.findings import Purpose


@dataclass(frozen=True, slots=True)
class Protocol:
    """One kind of scan. `legs` is how many legs are scanned in full; both groins are compared."""

    id: str
    name: str
    purpose: Purpose
    legs: int
    required: tuple[str, ...]
    optional: tuple[str, ...]
    if_seen: tuple[str, ...]
    timed: bool = True
    version: str = "1"
    source: str = "SVU lower-extremity insufficiency guideline, §1.1"

    def sites(self, leg: Leg, scanned: tuple[Leg, ...]) -> tuple[str, ...]:
        """Return the sites required of a leg: all of a scanned one, the groin of the other."""
        return self.required if leg in scanned else ("CFV",)


def _codes(how: Required) -> tuple[str, ...]:
    return tuple(row.code for row in CATALOGUE if row.required is how)


_OPTIONAL, _IF_SEEN = _codes(Required.OPTIONAL), _codes(Required.IF_PRESENT)
_JUNCTIONS = ("SFJ", "SPJ")

PROTOCOLS: dict[str, Protocol] = {
    each.id: each
    for each in (
        Protocol(
            "REFLUX_BILATERAL", "Wellness Ultrasound, both legs", Purpose.REFLUX, 2,
            REQUIRED, _OPTIONAL, _IF_SEEN,
        ),
        Protocol(
            "REFLUX_UNILATERAL", "Wellness Ultrasound, one leg", Purpose.REFLUX, 1,
            REQUIRED, _OPTIONAL, _IF_SEEN,
        ),
        Protocol(
            "DVT_RULE_OUT", "Scan for deep vein thrombosis", Purpose.DVT_RULE_OUT, 1,
            (*REQUIRED_DEEP, *_JUNCTIONS), tuple(c for c in _OPTIONAL if c not in {"TEL", "RET"}),
            (), timed=False, source="SRU consensus 2018, §1.6; SVU",
        ),
        Protocol(
            "POST_ABLATION", "Surveillance after ablation", Purpose.SURVEILLANCE, 1,
            ("CFV", "POPV", *_JUNCTIONS), ("GSV_PT", "GSV_MT", "SSV_PC", "SSV_MC"),
            ("AASV", "PASV", "TRIB"), timed=False, source="AVF/SVS EHIT classification 2020, §5.1",
        ),
    )
}  # fmt: skip
"""Every protocol by its id."""


def protocol_of(purpose: Purpose | None, legs: int) -> Protocol:
    """Return the protocol of a scan's purpose; a purpose nobody recorded is read as reflux."""
    asked = purpose or Purpose.REFLUX
    if asked is Purpose.REFLUX:
        return PROTOCOLS["REFLUX_BILATERAL" if legs > 1 else "REFLUX_UNILATERAL"]
    return next(each for each in PROTOCOLS.values() if each.purpose is asked)
