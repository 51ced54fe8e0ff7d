"""Hold one patient's pathway as data, and read it strictly from a case file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from workflow.domain import shape
from workflow.domain.anatomy import Leg
from workflow.domain.clinical import ClinicalLeg, Ulcer, Vcss, read_clinical, write_clinical
from workflow.domain.errors import CaseRefused
from workflow.domain.findings import Reading
from workflow.domain.intake import (
    CompressionTrial,
    Intake,
    PriorProcedure,
    PriorVte,
    read_intake,
    write_intake,
)
from workflow.domain.jsontext import loads
from workflow.domain.questionnaire import Cramps, Villalta, Wells
from workflow.domain.recorded import ExamPart, read_exam, read_reading, write_reading
from workflow.domain.shape import NOTHING, Reader, Sides

__all__ = [
    "AGENTS",
    "FORMAT",
    "Case",
    "CasePatient",
    "ClinicalLeg",
    "CompressionTrial",
    "Cramps",
    "ExamPart",
    "Intake",
    "PlanItem",
    "PlanPart",
    "PlannedDose",
    "PriorProcedure",
    "PriorVte",
    "Sides",
    "Ulcer",
    "Vcss",
    "Villalta",
    "Wells",
    "loads",
    "read",
    "read_clinical",
    "read_dose",
    "read_exam",
    "read_intake",
    "read_reading",
    "write",
    "write_clinical",
    "write_intake",
    "write_reading",
]

FORMAT = "case/1"
AGENTS = (
    "polidocanol liquid",
    "polidocanol foam",
    "varithena",
    "STS liquid",
    "STS foam",
    "cyanoacrylate",
)


@dataclass(frozen=True, slots=True)
class CasePatient:
    """Who the case is about."""

    name: str
    sex: str
    born: date
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """A sclerosant or glue dose: volume in mL (of foam, where it is foam), strength in percent.

    `gas_ratio` is liquid to gas ('1:4'); a bare number counts the parts of gas to one of liquid.
    """

    agent: str | None = None
    percent: Decimal | None = None
    ml: Decimal | None = None
    leg: Leg | None = None
    gas_ratio: str | Decimal | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One treatment a plan names."""

    leg: Leg | None = None
    vein: str | None = None
    modality: str | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class PlanPart:
    """What a plan says, as far as the rules read it."""

    compression_mmhg: str | Decimal | None = None
    items: tuple[PlanItem, ...] | None = None
    text: str | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Case:
    """One patient's pathway: asked, measured, seen. None = not asked."""

    id: str
    as_of: date
    patient: CasePatient
    title: str | None = None
    format: str = FORMAT
    intake: Intake = field(default_factory=Intake)
    clinical: Sides[ClinicalLeg] = field(default_factory=Sides)
    exam: ExamPart = field(default_factory=ExamPart)
    planned_dose: tuple[PlannedDose, ...] | PlannedDose | None = None
    plan: PlanPart | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    @property
    def doses(self) -> tuple[PlannedDose, ...]:
        """Return the planned doses, whether the file held one or a list."""
        if isinstance(self.planned_dose, PlannedDose):
            return (self.planned_dose,)
        return self.planned_dose or ()

    def leg(self, leg: Leg) -> ClinicalLeg:
        """Return what the clinician saw of a leg; all None where nothing was recorded."""
        return self.clinical.of(leg) or ClinicalLeg()

    def readings(self, leg: Leg) -> tuple[Reading, ...]:
        """Return the readings of one leg, in the order given."""
        return tuple([reading for reading in self.exam.segments if reading.leg is leg])


_PATIENT: Mapping[str, Reader[Any]] = {
    "name": shape.named,
    "sex": shape.one_of("F", "M", "X"),
    "born": shape.day,
}
_DOSE: Mapping[str, Reader[Any]] = {
    "agent": shape.one_of(*AGENTS),
    "percent": shape.number("0", "10"),
    "ml": shape.number("0", "200"),
    "leg": shape.member(Leg),
    "gas_ratio": shape.either(shape.text, shape.number("0", "20"), when=str),
}
_ITEM: Mapping[str, Reader[Any]] = {
    "leg": shape.member(Leg),
    "vein": shape.text,
    "modality": shape.text,
}


def _long_text(value: Any, path: str) -> str:
    return shape.text(value, path, limit=4000, lines=True)


_PLAN: Mapping[str, Reader[Any]] = {
    "compression_mmhg": shape.either(shape.text, shape.number("0", "100"), when=str),
    "items": shape.several(lambda v, p: shape.build(PlanItem, _ITEM, v, p)),
    "text": _long_text,
}


def read_dose(value: object, path: str = "planned_dose") -> PlannedDose:
    """Return the planned dose a mapping holds; raise CaseRefused at the first wrong key."""
    return shape.build(PlannedDose, _DOSE, value, path)


_CASE: Mapping[str, Reader[Any]] = {
    "format": shape.one_of(FORMAT),
    "id": shape.named,
    "title": shape.text,
    "as_of": shape.day,
    "patient": lambda v, p: shape.build(CasePatient, _PATIENT, v, p, needs=tuple(_PATIENT)),
    "intake": read_intake,
    "clinical": shape.sides(read_clinical),
    "exam": read_exam,
    "planned_dose": shape.either(shape.several(read_dose), read_dose, when=list),
    "plan": lambda v, p: shape.build(PlanPart, _PLAN, v, p),
}


def read(data: object) -> Case:
    """Return the case a JSON value holds; raise CaseRefused(path, reason) at the first wrong key.

    Unknown keys are kept; `expect`, which only worked cases hold, is left out.
    """
    needs = ("format", "id", "as_of", "patient")
    case = shape.build(Case, _CASE, data, "", needs=needs, ignore=("expect",))
    if case.patient.born > case.as_of:
        raise CaseRefused("patient.born", "is after the date of the case.")
    return case


def write(case: Case) -> dict[str, Any]:
    """Return a case as the JSON value it was read from, without `expect`."""
    written: dict[str, Any] = shape.plain(case)
    for key, empty in (("intake", Intake()), ("clinical", Sides()), ("exam", ExamPart())):
        if getattr(case, key) == empty:  # never given: absent, or null where it was null
            written.pop(key)
            if key in case.extra:
                written[key] = case.extra[key]
    return written
