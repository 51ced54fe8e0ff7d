"""What one policy answers of an invented case."""

from typing import Any

from tests.domain.invented import AXIAL_GSV, answer
from workflow.domain.interpretation import Interpretation, PayerAnswer, PayerView

JUNCTION = {"SFJ": {"reflux_ms": 500}}
TRIAL = {"start": "2026-01-01", "end": "2026-04-01", "class_mmhg": "20-30 mmHg"}
VCSS = dict.fromkeys(
    ("pain", "varicose_veins", "oedema", "pigmentation", "inflammation", "induration",
     "ulcer_number", "ulcer_duration", "ulcer_size", "compression"),
    0,
)  # fmt: skip
PLAN = {"items": [{"leg": "R", "vein": "GSV", "modality": "RFA"}]}
FOAM = {"items": [{"leg": "R", "vein": "TRIB1", "modality": "UGFS"}]}
TRIB = {"TRIB1": {"reflux_ms": 900, "diameter_mm": 4.0}}


def view(said: Interpretation, policy: str) -> PayerView:
    """Return what one policy says."""
    (found,) = [each for each in said.payer if each.policy.id == policy]
    return found


def answers(said: Interpretation, policy: str) -> dict[str, PayerAnswer]:
    """Return a policy's answers by predicate, of a case in which one leg is asked about."""
    return {each.predicate.id: each for each in view(said, policy).answers}


def result(policy: str, predicate: str, **changes: Any) -> str:
    """Return the result of one predicate for an invented case with an axial right trunk."""
    changes.setdefault("right", AXIAL_GSV)
    return answers(answer(**changes), policy)[predicate].result


def trial(**changes: Any) -> dict[str, Any]:
    """Return an intake with a compression trial, changed."""
    return {"compression_trial": {**TRIAL, **changes}}
