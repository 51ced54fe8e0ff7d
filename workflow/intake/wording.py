"""Say each listed answer of an intake in plain words; the stored word stands before it."""

LEGS = (("R", "right"), ("L", "left"))
LEG_LETTERS = (("R", "Right"), ("L", "Left"))
SIDES = (("R", "Right"), ("L", "Left"), ("both", "Both"))
ZERO_TO_THREE = tuple((str(n), str(n)) for n in range(4))
ZERO_TO_TEN = tuple((str(n), str(n)) for n in range(11))
SEVERITY = (("0", "0 none"), ("1", "1 mild"), ("2", "2 moderate"), ("3", "3 severe"))

MOBILITY = (
    ("independent", "Walks alone"),
    ("aided", "Walks with an aid or a person"),
    ("bedridden", "Does not leave the bed"),
)
PFO = (
    ("unknown", "Never looked for"),
    ("none", "Looked for, none"),
    ("asymptomatic", "Yes, without symptoms"),
    ("symptomatic", "Yes, with symptoms"),
)

CRAMP_SITES = (("calf", "Calf"), ("foot", "Foot"), ("thigh", "Thigh"), ("toe", "Toes"))
CRAMP_FREQUENCIES = (
    ("none", "None lately"),
    ("<1/mo", "Less than once a month"),
    ("1-3/mo", "1 to 3 a month"),
    ("1-2/wk", "1 or 2 a week"),
    ("3-6/wk", "3 to 6 a week"),
    ("daily", "Every day"),
)
CRAMP_TIMINGS = (
    ("night", "At night"),
    ("evening", "In the evening"),
    ("exercise", "On exercise"),
    ("rest", "At rest by day"),
    ("any", "At any time"),
)
CRAMP_DURATIONS = (
    ("<1 min", "Under 1 minute"),
    ("1-9 min", "1 to 9 minutes"),
    (">=10 min", "10 minutes or more"),
)
CRAMP_SORENESS = (
    ("none", "Not at all"),
    ("<1 h", "Under an hour"),
    ("hours", "For hours"),
    ("next_day", "Into the next day"),
)
CRAMP_RELIEFS = (
    ("stretch_walk", "Stretching or walking"),
    ("rest_from_walking", "Standing still after walking"),
    ("cold", "Cold"),
    ("elevation", "Legs up"),
    ("nothing", "Nothing"),
)
CRAMP_CONDITIONS = (
    ("dialysis", "Dialysis"),
    ("cirrhosis", "Cirrhosis"),
    ("thyroid", "Thyroid disease"),
    ("parkinson", "Parkinson’s disease"),
    ("lumbar_stenosis", "Narrow spinal canal"),
    ("neuropathy", "Nerve damage in the feet"),
)

SYMPTOMS = (
    ("ache", "Ache"),
    ("heaviness", "Heaviness"),
    ("swelling", "Swelling"),
    ("itch", "Itch"),
    ("burning", "Burning"),
    ("throbbing", "Throbbing"),
    ("restless_legs", "Restless legs"),
    ("cramps", "Cramps"),
    ("pain", "Pain"),
)
RED_FLAGS = (
    ("chest_pain", "Chest pain"),
    ("dyspnoea", "New shortness of breath"),
    ("syncope", "Fainting"),
    ("bleeding_varix", "A vein that bled"),
    ("leg_weakness", "New weakness of a leg"),
    ("numb_foot", "A numb foot"),
    ("rest_pain", "Foot pain at rest, worse lying down"),
    ("gangrene", "Black or dead skin on the foot"),
    ("dark_urine", "Dark urine with muscle pain"),
)
# Those linked with cramps (§3.5) and the statins (§3.10, INFO_STATIN): named, they raise an alert.
MEDICINES = (
    ("furosemide", "Furosemide"),
    ("hydrochlorothiazide", "Hydrochlorothiazide"),
    ("salmeterol", "Salmeterol"),
    ("estradiol", "Estradiol"),
    ("raloxifene", "Raloxifene"),
    ("naproxen", "Naproxen"),
    ("iron sucrose", "Iron sucrose, into a vein"),
    ("teriparatide", "Teriparatide"),
    ("nifedipine", "Nifedipine"),
    ("atorvastatin", "Atorvastatin"),
    ("rosuvastatin", "Rosuvastatin"),
    ("simvastatin", "Simvastatin"),
)
ALLERGIES = (
    ("polidocanol", "Polidocanol"),
    ("sodium tetradecyl sulfate (STS)", "Sodium tetradecyl sulfate (STS)"),
    ("acrylate (glue)", "Acrylate or glue: nails, lashes, skin tape"),
    ("lidocaine", "Lidocaine"),
    ("latex", "Latex"),
    ("adhesive", "Adhesive plasters"),
    ("chlorhexidine", "Chlorhexidine"),
)

VEINS = ("GSV", "SSV", "AASV", "PASV", "tributaries", "perforator")
TECHNIQUES = (
    "RFA",
    "EVLA",
    "cyanoacrylate",
    "MOCA",
    "foam sclerotherapy",
    "liquid sclerotherapy",
    "phlebectomy",
    "stripping",
)
RESULTS = ("closed", "partly open", "open again", "not known")
PRESSURES = (
    ("15-20", "15–20"),
    ("20-30", "20–30"),
    ("30-40", "30–40"),
    ("40-50", "40–50"),
)
ADHERENCE = ("every day", "most days", "intermittent", "hardly ever")
STOCKINGS = (("knee", "To the knee"), ("thigh", "To the thigh"), ("tights", "Tights"))
STOPPED = ("still wears them", "no relief", "could not tolerate them", "too hot", "hard to put on")
INSURERS = ("Aetna", "ConnectiCare", "HCSC", "Highmark", "Medicare", "UnitedHealthcare", "none")
EFFECTS = ("relief", "partial relief", "little", "none", "could not tolerate them")

WELLS = (
    ("active_cancer", "Cancer, treated within six months or palliative"),
    ("paralysis_cast", "Paralysis, weakness or a recent cast of the leg"),
    ("bedridden_or_major_surgery", "Over 3 days in bed, or major surgery within 12 weeks"),
    ("deep_vein_tenderness", "Tender along the deep veins"),
    ("entire_leg_swollen", "The whole leg is swollen"),
    ("calf_swelling_gt3cm", "Calf more than 3 cm thicker than the other"),
    ("pitting_oedema", "Pitting oedema, more in this leg"),
    ("collateral_veins", "Visible side veins that are not varicose"),
    ("previous_dvt", "An earlier deep vein thrombosis"),
    ("alternative_dx_minus2", "Another diagnosis is at least as likely"),
)
VILLALTA = (
    ("pain", "Pain"),
    ("cramps", "Cramps"),
    ("heaviness", "Heaviness"),
    ("paraesthesia", "Pins and needles"),
    ("pruritus", "Itch"),
    ("oedema", "Swelling over the shin"),
    ("induration", "Hardened skin"),
    ("hyperpigmentation", "Brown skin"),
    ("redness", "Redness"),
    ("ectasia", "Widened small veins"),
    ("calf_compression_pain", "Pain on pressing the calf"),
)

C_CLASSES = (
    ("C0", "C0 · nothing to see or feel"),
    ("C1", "C1 · spider or net veins"),
    ("C2", "C2 · varicose veins, 3 mm or more"),
    ("C2r", "C2r · varicose veins that came back"),
    ("C3", "C3 · swelling from the veins"),
    ("C4a", "C4a · brown skin or eczema"),
    ("C4b", "C4b · hardened or white skin"),
    ("C4c", "C4c · fan of small veins at the ankle"),
    ("C5", "C5 · a healed ulcer"),
    ("C6", "C6 · an open ulcer"),
    ("C6r", "C6r · an open ulcer that came back"),
)
VCSS = (
    (
        "pain",
        "Pain, ache, heaviness",
        ("None", "Now and then, nothing given up", "Daily, in the way", "Daily, stops most things"),
    ),
    (
        "varicose_veins",
        "Varicose veins, 3 mm or more",
        ("None", "Few, or a flare at the ankle", "Calf or thigh", "Calf and thigh"),
    ),
    (
        "oedema",
        "Swelling from the veins",
        ("None", "Foot and ankle", "Above the ankle, below the knee", "To the knee or higher"),
    ),
    (
        "pigmentation",
        "Brown skin, not over varices",
        ("None, or a spot", "Around the ankle", "Lower third of the calf", "Higher"),
    ),
    (
        "inflammation",
        "Redness, eczema, cellulitis",
        ("None", "Around the ankle", "Lower third of the calf", "Higher"),
    ),
    (
        "induration",
        "Hardened or white skin",
        ("None", "Around the ankle", "Lower third of the calf", "Higher"),
    ),
    ("ulcer_number", "Open ulcers", ("None", "One", "Two", "Three or more")),
    (
        "ulcer_duration",
        "The oldest has been open",
        ("No ulcer", "Under 3 months", "3 to 12 months", "Over a year"),
    ),
    ("ulcer_size", "The largest measures", ("No ulcer", "Under 2 cm", "2 to 6 cm", "Over 6 cm")),
    (
        "compression",
        "Compression stockings",
        ("Not worn", "Now and then", "Most days", "Every day"),
    ),
)
