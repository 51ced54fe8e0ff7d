"""List what is asked of the past: illnesses, medicines, allergies, earlier treatment (§3.6)."""

from workflow.intake import wording
from workflow.intake.asked import Question, Section
from workflow.intake.kinds import Line, Number, Pick, When, YesNo
from workflow.intake.lists import Column, Rows, Several

HISTORY = Section(
    "history",
    "Medical history",
    "",
    (
        Question(
            "pregnant",
            "Pregnant, or may be",
            YesNo(),
            needed="Ask whether they are pregnant.",
            childbearing=True,
        ),
        Question(
            "gestation_weeks",
            "Weeks pregnant",
            Number("0", "45", places=1, unit="weeks"),
            childbearing=True,
            after="pregnant",
        ),
        Question("breastfeeding", "Breastfeeding", YesNo(), childbearing=True),
        Question(
            "prior_vte",
            "Earlier clots in a vein or lung",
            Rows(
                (
                    Column("leg", "Leg", Pick(wording.LEG_LETTERS)),
                    Column("date", "When", When()),
                    Column("level", "Where and how treated", Line(200)),
                ),
                none="Never had one",
                noun="clot",
            ),
            hint="When: 2019, Mar 2019 or 5 Mar 2019.",
        ),
        Question("thrombophilia", "A known clotting disorder", YesNo()),
        Question("active_cancer", "Cancer, active or treated in the last six months", YesNo()),
        Question(
            "recent_immobility",
            "An operation, a cast, bed rest or a long journey in the last four weeks",
            YesNo(),
        ),
        Question("hormone_therapy", "Takes hormones, the pill included", YesNo()),
        Question("superficial_phlebitis", "Has had an inflamed vein under the skin", YesNo()),
        Question("anticoagulated", "Takes a blood thinner", YesNo()),
        Question(
            "anticoagulant",
            "Its name and dose",
            Line(200),
            hint="For example, apixaban 5 mg twice a day.",
            after="anticoagulated",
        ),
        Question("migraine_aura", "Migraine with flashes or zigzags before the pain", YesNo()),
        Question("pfo", "A hole between the chambers of the heart", Pick(wording.PFO)),
        Question("stroke_tia", "Has had a stroke or a mini-stroke", YesNo()),
        Question(
            "neuro_event_after_sclerotherapy",
            "Trouble with sight, speech or strength after an injection of veins",
            YesNo(),
        ),
        Question("diabetes", "Diabetes", YesNo()),
        Question("arterial_disease", "Disease of the leg arteries", YesNo()),
        Question("heart_or_kidney_failure", "Heart or kidney failure", YesNo()),
        Question("pacemaker", "A pacemaker or defibrillator", YesNo()),
        Question("family_history_vv", "Varicose veins in the family", YesNo()),
        Question("family_history_vte", "Clots in the family", YesNo()),
    ),
)

MEDICINES = Section(
    "medicines",
    "Medicines",
    "",
    (
        Question(
            "medications",
            "Every medicine they take, with or without prescription",
            Several(
                wording.MEDICINES,
                none="Takes no medicines",
                own="Others, one a line, with the dose",
            ),
            hint="Those listed are linked with cramps or muscle pain.",
        ),
    ),
)

ALLERGIES = Section(
    "allergies",
    "Allergies",
    "These matter for the treatments offered here.",
    (
        Question(
            "allergies",
            "Allergies",
            Several(wording.ALLERGIES, none="No known allergies", own="Others, one a line"),
            needed="Ask for allergies.",
        ),
    ),
)

PROCEDURES = Section(
    "procedures",
    "Earlier vein treatment",
    "",
    (
        Question(
            "prior_vein_procedures",
            "Earlier treatments of leg veins",
            Rows(
                (
                    Column("leg", "Leg", Pick(wording.LEG_LETTERS)),
                    Column("vein", "Vein", Line(60, suggested=wording.VEINS)),
                    Column("technique", "Treatment", Line(80, suggested=wording.TECHNIQUES)),
                    Column("date", "When", When(), year="year"),
                    Column("result", "Result", Line(120, suggested=wording.RESULTS)),
                    Column("length_cm", "Length, cm", Number("0", "150", places=1), more=True),
                    Column("energy_j", "Energy, J", Number("0", "100000"), more=True),
                    Column(
                        "tip_to_sfj_cm", "Tip to junction, cm", Number("0", "100", 1), more=True
                    ),
                    Column("tumescent_ml", "Tumescence, mL", Number("0", "5000"), more=True),
                    Column("lidocaine_percent", "Lidocaine, %", Number("0", "10", 2), more=True),
                ),
                none="Never had one",
                noun="treatment",
            ),
            hint="When: 2021, Mar 2021 or 5 Mar 2021.",
        ),
    ),
)

COMPRESSION = Section(
    "compression",
    "Compression stockings",
    "Insurers ask for a trial with its dates.",
    (
        Question("compression_tried", "Has worn compression stockings", YesNo()),
        Question(
            "compression_trial__start",
            "From",
            When(exact=True),
            hint="Such as 19 Jan 2026.",
            after="compression_tried",
        ),
        Question(
            "compression_trial__end",
            "Until",
            When(exact=True),
            hint="Such as 27 Apr 2026.",
            after="compression_tried",
        ),
        Question(
            "compression_trial__weeks",
            "Weeks in all",
            Number("0", "2000", places=1, unit="weeks"),
            hint="Where the dates are not known.",
            optional=True,
            after="compression_tried",
        ),
        Question(
            "compression_trial__class_mmhg",
            "Pressure, mmHg",
            Pick(wording.PRESSURES),
            after="compression_tried",
        ),
        Question(
            "compression_trial__length",
            "How far up",
            Pick(wording.STOCKINGS),
            after="compression_tried",
        ),
        Question(
            "compression_trial__prescribed_by",
            "Prescribed by",
            Line(120),
            hint="A name, or nobody.",
            after="compression_tried",
        ),
        Question(
            "compression_trial__wear_hours_per_day",
            "Hours a day",
            Number("0", "24", places=1, unit="h"),
            after="compression_tried",
        ),
        Question(
            "compression_trial__adherence",
            "Worn",
            Line(80, wording.ADHERENCE),
            after="compression_tried",
        ),
        Question(
            "compression_trial__effect",
            "What it did",
            Line(200, wording.EFFECTS),
            after="compression_tried",
        ),
        Question(
            "compression_trial__reason_stopped",
            "Why they stopped",
            Line(200, wording.STOPPED),
            after="compression_tried",
        ),
        Question(
            "other_measures",
            "What else they tried",
            Line(300),
            hint="Raising the legs, exercise, weight, pain relief by name.",
            optional=True,
        ),
    ),
)

INSURANCE = Section(
    "insurance",
    "Insurance",
    "What the insurer asks for is set beside the plan.",
    (
        Question(
            "insurer",
            "Health insurer",
            Line(120, wording.INSURERS),
            hint="As on the card, or none.",
        ),
    ),
)
