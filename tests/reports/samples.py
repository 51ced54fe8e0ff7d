"""Documents about invented patients, as a clinic would freeze them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from workflow.domain.anatomy import CATALOGUE, REQUIRED, Leg, segment, segment_name
from workflow.domain.case import Case, read
from workflow.domain.documents import (
    Anchor,
    GlossaryEntry,
    Identity,
    LegSummary,
    Letterhead,
    MapState,
    PatientResult,
    Row,
    ScanReport,
    Signature,
)

LETTERHEAD = Letterhead(
    clinic="Wellness & Surgery",
    physician="Dr. Jonathan Arad",
    address="120 Harbour Street, Suite 4, Springfield",
    phone="(555) 010-0142",
    zone="America/Chicago",
    paper="letter",
    demo=True,
)
PATIENT = Identity(
    name="TEST Anna Case-One",
    called="Anna",
    born=date(1974, 3, 27),
    sex="F",
    record_number="W-10023",
    language="en",
)
SIGNATURE = Signature(
    name="Dr. Jonathan Arad",
    credentials="MD, RPVI",
    role="Interpreting physician",
    at=datetime(2026, 5, 4, 19, 32, tzinfo=UTC),
    meaning="I have read the images and values and approve this report.",
)
ANCHOR = Anchor(seq=4812, hash="9f8e7d6c5b4a39281706f5e4d3c2b1a0" * 2)

# Values of worked case C01: segment → (ms, mm) of the right leg, then of the left.
_RIGHT = {
    "CFV": (600, None), "FV_P": (250, None), "FV_M": (240, None), "FV_D": (220, None),
    "POPV": (300, None), "PTV": (150, None), "PERO": (140, None), "SFJ": (1800, "8.1"),
    "GSV_PT": (2400, "7.2"), "GSV_MT": (2600, "6.8"), "GSV_DT": (2100, "6.1"),
    "GSV_K": (1900, "5.8"), "GSV_PC": (1400, "4.6"), "GSV_MC": (300, "3.2"),
    "SPJ": (150, "3.2"), "SSV_PC": (140, "2.5"), "SSV_MC": (130, "2.3"), "SSV_DC": (120, "2.0"),
    "TRIB1": (1200, "5.0"),
}  # fmt: skip
_LEFT = {
    "CFV": (350, None), "FV_P": (250, None), "FV_M": (240, None), "FV_D": (220, None),
    "POPV": (300, None), "PTV": (150, None), "PERO": (140, None), "SFJ": (220, "5.0"),
    "GSV_PT": (200, "3.8"), "GSV_MT": (180, "3.4"), "GSV_DT": (170, "3.2"),
    "GSV_K": (160, "3.0"), "GSV_PC": (150, "2.8"), "GSV_MC": (140, "2.6"),
    "SPJ": (150, "3.2"), "SSV_PC": (140, "2.5"), "SSV_MC": (130, "2.3"), "SSV_DC": (120, "2.0"),
}  # fmt: skip


def a_row(leg: Leg, code: str, ms: int | None, mm: str | None) -> Row:
    """Return a row as the report prints it."""
    site = segment(code)
    assert site is not None
    cut_off = 1000 if code in {"CFV", "FV_P", "FV_M", "FV_D", "POPV"} else 500
    beyond = ms is not None and ms > cut_off
    return Row(
        leg=leg,
        segment=code,
        site=segment_name(code),
        group=site.group.value,
        reflux_ms=ms,
        diameter_mm=Decimal(mm) if mm else None,
        compressibility="full",
        thrombus="none",
        state="reflux" if beyond else "none" if ms is None else "normal",
        mark=f"Reflux: longer than {cut_off:,} ms" if beyond else "",
        note="Medial calf" if code == "TRIB1" else "",
    )


def a_state(row: Row) -> MapState:
    """Return how a row stands on the map."""
    parts = [f"{row.reflux_ms:,} ms"] if row.reflux_ms is not None else []
    parts += [f"{row.diameter_mm} mm"] if row.diameter_mm is not None else []
    location = row.note.lower()
    return MapState(row.leg, row.segment, row.state, " · ".join(parts), location=location)


ROWS = tuple(
    a_row(leg, code, ms, mm)
    for leg, values in ((Leg.RIGHT, _RIGHT), (Leg.LEFT, _LEFT))
    for code, (ms, mm) in values.items()
)
MAP = tuple(a_state(row) for row in ROWS)

SCAN = ScanReport(
    letterhead=LETTERHEAD,
    patient=PATIENT,
    version=1,
    scanned_at=datetime(2026, 5, 4, 15, 5, tzinfo=UTC),
    ordered_by="Dr. Jonathan Arad",
    referred_by="Dr. Maria Lindqvist, Family Medicine",
    indication="Night cramps, heaviness and ache of the right leg with visible varicose veins.",
    history=(
        "No earlier vein procedure. No earlier clot.",
        "Compression 20–30 mmHg from 19 Jan 2026 to 27 Apr 2026, most days, with partial relief.",
        "A parent had varicose veins.",
    ),
    technique=(
        "B-mode, spectral and colour Doppler of both legs.",
        "Standing. Reflux provoked by manual compression and release.",
    ),
    limitations=(),
    comparison="No earlier study is available.",
    rows=ROWS,
    map=MAP,
    legs=(
        LegSummary(
            Leg.RIGHT,
            (
                (
                    "Reflux of the great saphenous vein from the saphenofemoral junction to the "
                    "proximal calf, up to 2,600 ms; largest diameter 7.2 mm below the junction."
                ),
                "A refluxing tributary of the medial calf, 1,200 ms, 5.0 mm.",
                (
                    "Small saphenous vein and deep veins without reflux. Common femoral vein "
                    "600 ms, below its cut-off of 1,000 ms."
                ),
            ),
            "C2s Ep As Pr",
            "C2s Ep As(GSVa, GSVb, NSV) Pr",
            "6 (4 without compression)",
        ),
        LegSummary(
            Leg.LEFT,
            ("No reflux in the deep or superficial veins.",),
            "C0a En An Pn",
            "C0a En An Pn",
            "0 (0 without compression)",
        ),
    ),
    thrombus_statement="No thrombus was seen in the veins examined of either leg.",
    alerts=("The deep veins of the right leg hold values below their cut-off.",),
    critical_log=(),
    profile_line=(
        "Cut-offs: SVS/AVF/AVLS 2022, version 1: more than 1,000 ms in the common femoral, femoral "
        "and popliteal veins; more than 500 ms in other veins; 500 ms or more in perforators."
    ),
    sonographer="Priya Raman, RVT",
    signature=SIGNATURE,
    anchor=ANCHOR,
)
UNSIGNED = replace(SCAN, signature=None)

RESULT = PatientResult(
    letterhead=LETTERHEAD,
    patient=PATIENT,
    version=1,
    scanned_on=date(2026, 5, 4),
    main_message=(
        "The main vein on the inside of your right leg leaks.",
        "Your left leg is normal.",
    ),
    found=(
        ("In your right leg, blood leaks backward through weak valves in the main vein on the "
        "inside of the leg. The leak runs from the groin to the top of the calf."),
        "This vein is about 7 mm wide. That is about the width of a pencil.",
        "A side branch on the inside of your calf leaks too.",
        "We saw no blood clot.",
    ),
    means=(
        ("The leak lets blood pool in your leg when you stand. This can make your leg feel heavy "
        "and can cause cramps at night."),
        "It is common and it is not dangerous for you now.",
    ),
    choices=(
        "Do nothing for now. The leak may stay the same or grow slowly. You can choose later.",
        "Wear stockings. They help the legs feel better but do not mend the vein.",
        ("Close the vein with heat through a thin tube. You go home the same day. Bruises are "
        "common. A blood clot is rare."),
        "Close the vein with glue or with medicine. More than one visit may be needed.",
    ),
    decided=("You and Dr. Arad will choose together at your next visit.",),
    next_steps=(
        "Your visit is on 18 May 2026 at 10:30.",
        "Wear your stockings in the daytime until then.",
        "If you have questions, call (555) 010-0142.",
    ),
    call_now=(
        "Call 911 if you have chest pain or find it hard to breathe.",
        "Call us today if one leg swells or turns red and sore.",
    ),
    glossary=(
        GlossaryEntry("Valve", "A small flap in a vein. It keeps blood moving up to the heart."),
        GlossaryEntry("Closing the vein", "A treatment that seals a vein for good."),
        GlossaryEntry("Ultrasound", "A picture of the veins made with sound."),
    ),
    map=MAP,
    signature=SIGNATURE,
    anchor=ANCHOR,
)  # fmt: skip

# A harder study: clot, closure, borderline values, perforators, a leg not fully seen.
_HARD = (
    MapState(Leg.RIGHT, "CFV", "normal", ""),
    MapState(Leg.RIGHT, "FV_P", "chronic", "1,400 ms"),
    MapState(Leg.RIGHT, "FV_M", "chronic", "1,250 ms"),
    MapState(Leg.RIGHT, "FV_D", "chronic", "1,100 ms"),
    MapState(Leg.RIGHT, "POPV", "reflux", "1,600 ms"),
    MapState(Leg.RIGHT, "PTV", "normal", ""),
    MapState(Leg.RIGHT, "SFJ", "normal", "120 ms, 5.2 mm"),
    MapState(Leg.RIGHT, "GSV_PT", "closed", "closed"),
    MapState(Leg.RIGHT, "GSV_MT", "closed", "closed"),
    MapState(Leg.RIGHT, "GSV_DT", "closed", "closed"),
    MapState(Leg.RIGHT, "GSV_K", "borderline", "520 ms, 4.1 mm"),
    MapState(Leg.RIGHT, "GSV_PC", "reflux", "900 ms, 4.0 mm"),
    MapState(Leg.RIGHT, "GSV_MC", "reflux", "850 ms, 3.8 mm"),
    MapState(Leg.RIGHT, "AASV", "reflux", "2,100 ms, 5.9 mm"),
    MapState(Leg.RIGHT, "PERF_PT1", "reflux", "700 ms, 4.2 mm", Decimal("13.5")),
    MapState(Leg.RIGHT, "PERF_PT2", "reflux", "620 ms, 3.8 mm", Decimal("18.5")),
    MapState(Leg.RIGHT, "SPJ", "normal", "150 ms, 3.2 mm"),
    MapState(Leg.LEFT, "CFV", "normal", ""),
    MapState(Leg.LEFT, "FV_P", "normal", ""),
    MapState(Leg.LEFT, "FV_M", "normal", ""),
    MapState(Leg.LEFT, "FV_D", "normal", ""),
    MapState(Leg.LEFT, "POPV", "acute", "acute thrombus"),
    MapState(Leg.LEFT, "PTV", "acute", "acute thrombus"),
    MapState(Leg.LEFT, "PERO", "normal", ""),
    MapState(Leg.LEFT, "SSV_PC", "reflux", "1,900 ms, 6.2 mm"),
    MapState(Leg.LEFT, "SSV_MC", "reflux", "1,500 ms, 5.4 mm"),
    MapState(Leg.LEFT, "SPJ", "reflux", "2,300 ms, 6.9 mm"),
    MapState(Leg.LEFT, "TRIB1", "reflux", "1,000 ms, 4.4 mm", location="posterior calf"),
    MapState(Leg.LEFT, "GIAC", "normal", "200 ms, 2.1 mm"),
    MapState(Leg.LEFT, "PERF_LAT1", "borderline", "480 ms, 3.1 mm", Decimal(22)),
)
HARD = replace(SCAN, map=_HARD, letterhead=replace(LETTERHEAD, paper="a4", demo=False))
HARD_RESULT = replace(
    RESULT,
    map=_HARD,
    patient=replace(PATIENT, language="es", name="TEST Łukasz Nguyễn Thị Ánh Ωmega Жанна"),
    signature=None,
)


def sixty_sites() -> Case:
    """Return case C01 with sixty sites, most of them beyond their cut-off."""
    data = json.loads((Path(__file__).parents[1] / "domain" / "cases" / "C01.json").read_text())
    sites = data["exam"]["segments"]
    held = {(site["leg"], site["segment"]) for site in sites}
    more = [*(f"TRIB{n}" for n in range(1, 9)), *(f"PERF_PT{n}" for n in range(1, 4)), "AASV"]
    sites += [
        {"leg": leg, "segment": code, "reflux_ms": 900 + at, "diameter_mm": 4.2,
         "compressibility": "full", "thrombus": "none"}
        for leg in "RL" for at, code in enumerate(more) if (leg, code) not in held
    ]  # fmt: skip
    for site in sites:
        if site["segment"].startswith(("SFJ", "GSV", "SPJ", "SSV")):
            site["reflux_ms"] = max(site["reflux_ms"], 1200)
    return read(data)


__all__ = [
    "CATALOGUE",
    "HARD",
    "HARD_RESULT",
    "MAP",
    "REQUIRED",
    "RESULT",
    "SCAN",
    "UNSIGNED",
    "a_row",
    "a_state",
    "sixty_sites",
]
