"""Invented cases for the rules' tests: a normal scan of both legs, changed where a test says so."""

from collections.abc import Mapping
from typing import Any

from workflow.domain.anatomy import REQUIRED, segment
from workflow.domain.case import Case, read
from workflow.domain.interpret import interpret
from workflow.domain.interpretation import Alert, Interpretation, Option, VeinResult

Sites = Mapping[str, Mapping[str, Any] | None]

VCSS_ZERO = dict.fromkeys(
    (
        "pain",
        "varicose_veins",
        "oedema",
        "pigmentation",
        "inflammation",
        "induration",
        "ulcer_number",
        "ulcer_duration",
        "ulcer_size",
        "compression",
    ),
    0,
)
AXIAL_GSV = {
    code: {"reflux_ms": 2000, "diameter_mm": 6.0}
    for code in ("GSV_PT", "GSV_MT", "GSV_DT", "GSV_K", "GSV_PC")
}
AXIAL_SSV = {
    code: {"reflux_ms": 1500, "diameter_mm": 5.0} for code in ("SSV_PC", "SSV_MC", "SSV_DC")
}
ACUTE = {"reflux_ms": None, "compressibility": "none", "thrombus": "acute"}
OLD = {"reflux_ms": 300, "compressibility": "partial", "thrombus": "chronic_postthrombotic"}
CLOSED = {
    "reflux_ms": None,
    "diameter_mm": None,
    "compressibility": "none",
    "closure": "closed_after_ablation",
}


def leg(side: str, sites: Sites) -> list[dict[str, Any]]:
    """Return a fully scanned normal leg; `sites` changes, adds, or with None takes out a site.

    A key such as 'AASV@10' is the site AASV at 10 cm from the junction.
    """
    rows: dict[str, dict[str, Any]] = {}
    for code in REQUIRED:
        row = segment(code)
        assert row is not None
        rows[code] = {
            "leg": side,
            "segment": code,
            "reflux_ms": 200,
            "diameter_mm": None if row.deep else 3.0,
            "compressibility": "full",
            "thrombus": "none",
        }
    for key, changes in sites.items():
        if changes is None:
            rows.pop(key, None)
            continue
        code, _, cm = key.partition("@")
        blank = {"leg": side, "segment": code, "compressibility": "full", "thrombus": "none"}
        rows[key] = {**rows.get(key, blank), **changes}
        if cm:
            rows[key]["cm_from_sfj"] = float(cm)
    return list(rows.values())


def clinic(c: str | None = "C0", *, symptomatic: bool | None = None, **more: Any) -> dict[str, Any]:
    """Return what the clinician saw of a leg: a class, symptoms, an rVCSS of nought."""
    known = c is not None and c != "C0"
    return {
        "c": None if c is None else c.split(","),
        "symptomatic": known if symptomatic is None else symptomatic,
        "vcss": VCSS_ZERO,
        **more,
    }


def data(
    *,
    right: Sites | None = None,
    left: Sites | None = None,
    c: str | None = "C2",
    seen: Mapping[str, Any] | None = None,
    intake: Mapping[str, Any] | None = None,
    exam: Mapping[str, Any] | None = None,
    patient: Mapping[str, Any] | None = None,
    only: str = "RL",
    **more: Any,
) -> dict[str, Any]:
    """Return an invented case as JSON: `c` is the right leg's class, the left leg is C0."""
    rows = [row for side, sites in (("R", right), ("L", left)) for row in leg(side, sites or {})]
    return {
        "format": "case/1",
        "id": "T1",
        "as_of": "2026-05-04",
        "patient": {"name": "TEST Ada", "sex": "F", "born": "1974-03-27", **(patient or {})},
        "intake": {
            "weight_kg": 70,
            "pregnant": False,
            "allergies": [],
            "medications": [],
            "prior_vte": [],
            "prior_vein_procedures": [],
            **(intake or {}),
        },
        "clinical": {"R": clinic(c), "L": clinic("C0"), **(seen or {})},
        "exam": {
            "purpose": "reflux",
            "position": "standing",
            "manoeuvres": ["manual_compression"],
            "segments": [row for row in rows if row["leg"] in only],
            **(exam or {}),
        },
        **more,
    }


def case(**changes: Any) -> Case:
    """Return an invented case, read strictly."""
    return read(data(**changes))


def answer(**changes: Any) -> Interpretation:
    """Return what the rules say of an invented case."""
    return interpret(case(**changes))


def vein(said: Interpretation, side: str, name: str) -> VeinResult:
    """Return the roll-up of one vein."""
    return next(v for v in said.veins if v.leg.value == side and v.vein == name)


def fired(said: Interpretation) -> set[str]:
    """Return the ids of the alerts that fired."""
    return {alert.id for alert in said.alerts}


def alert(said: Interpretation, name: str) -> Alert:
    """Return the one alert of a name; an error where it fired twice or not at all."""
    (found,) = [each for each in said.alerts if each.id == name]
    return found


def offered(said: Interpretation, side: str = "R") -> dict[tuple[str, str | None], int]:
    """Return the rank of each option of a leg, by modality and vein."""
    return {(o.modality, o.vein): o.rank for o in said.options if o.leg.value == side}


def option(said: Interpretation, modality: str, vein_id: str | None, side: str = "R") -> Option:
    """Return one option."""
    (found,) = [
        o for o in said.options if (o.modality, o.vein, o.leg.value) == (modality, vein_id, side)
    ]
    return found


def ruled_out(said: Interpretation, side: str = "R") -> dict[str, str]:
    """Return the reason of each exclusion of a leg, by modality."""
    return {e.modality: e.reason for e in said.excluded if e.leg and e.leg.value == side}
