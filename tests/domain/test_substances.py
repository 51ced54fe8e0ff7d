"""A medicine or an allergy is known by any of its names, and by no other word."""

import pytest

from tests.domain.invented import answer, fired
from workflow.domain.substances import (
    ACRYLATE,
    LIDOCAINE,
    TRIGGER_DRUGS,
    allergic_agents,
    anticoagulant,
    names,
    takes_statin,
    trigger_drugs,
)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Hydrochlorothiazide 25 mg", "DIURETIC"), ("HCTZ", "DIURETIC"), ("furosemide", "DIURETIC"),
        ("FUROSEMID 40", "DIURETIC"), ("bendroflumethiazide", "DIURETIC"),
        ("chlorthalidone 12.5", "DIURETIC"), ("indapamide", "DIURETIC"),
        ("spironolactone", "DIURETIC"), ("torasemide", "DIURETIC"), ("bumetanide", "DIURETIC"),
        ("salmeterol/fluticasone", "LABA"), ("Formoterol", "LABA"), ("arformoterol", "LABA"),
        ("umeclidinium/vilanterol", "LABA"), ("indacaterol", "LABA"), ("olodaterol", "LABA"),
        ("conjugated oestrogens", "OESTROGEN"), ("conjugated estrogens", "OESTROGEN"),
        ("estradiol patch", "OESTROGEN"), ("ethinyloestradiol", "OESTROGEN"),
        ("oestriol cream", "OESTROGEN"), ("raloxifene 60 mg", "RALOXIFENE"),
        ("naproxen 500", "NAPROXEN"), ("iron sucrose", "IV_IRON"),
        ("ferric carboxymaltose", "IV_IRON"), ("iron, IV, monthly", "IV_IRON"),
        ("intravenous iron", "IV_IRON"), ("iron infusion", "IV_IRON"),
        ("teriparatide", "TERIPARATIDE"), ("nifedipine ER", "NIFEDIPINE"),
    ],
)  # fmt: skip
def test_each_trigger_drug_is_known_by_its_generic_name(text: str, group: str) -> None:
    assert trigger_drugs([text]) == (group,)


@pytest.mark.parametrize(
    "text",
    [
        "ferrous sulfate tablets", "iron tablets", "amlodipine", "ibuprofen", "salbutamol",
        "no diuretics", "none", "Not on naproxen", "metformin", "levothyroxine", "",
    ],
)  # fmt: skip
def test_other_medicines_trigger_nothing(text: str) -> None:
    assert trigger_drugs([text]) == ()
    assert trigger_drugs(None) == ()


def test_several_classes_are_each_told_once_in_a_fixed_order() -> None:
    taken = ["nifedipine", "HCTZ", "furosemide", "iron sucrose", "iron IV"]
    assert trigger_drugs(taken) == ("DIURETIC", "IV_IRON", "NIFEDIPINE")
    assert set(trigger_drugs(TRIGGER_DRUGS)) <= set(TRIGGER_DRUGS)


@pytest.mark.parametrize("name", ["atorvastatin", "Rosuvastatin 10", "pitavastatin", "a statin"])
def test_a_statin_is_known(name: str) -> None:
    assert takes_statin([name])


@pytest.mark.parametrize("name", ["nystatin", "imipenem/cilastatin", "no statin", "somatostatin"])
def test_what_only_sounds_like_a_statin_is_none(name: str) -> None:
    assert not takes_statin([name])
    assert not takes_statin(None)


@pytest.mark.parametrize(
    ("stated", "taken", "told"),
    [
        ("apixaban 5 mg", None, "apixaban 5 mg"),
        ("some new agent", [], "some new agent"),
        (None, ["Warfarin 3 mg"], "Warfarin 3 mg"),
        (None, ["aspirin", "Eliquis"], "Eliquis"),
        (None, ["enoxaparin 40 mg"], "enoxaparin 40 mg"),
        ("none", ["rivaroxaban"], "rivaroxaban"),
        ("no", None, None),
        ("No anticoagulant", None, None),
        ("-", None, None),
        ("unknown", None, None),
        ("", ["aspirin", "clopidogrel"], None),
        ("warfarin, stopped 2024", None, None),
        (None, ["apixaban (discontinued)"], None),
        (None, ["heparinoid cream"], None),
        (None, ["not on warfarin"], None),
    ],
)
def test_an_anticoagulant_is_the_one_that_is_taken_now(
    stated: str | None, taken: list[str] | None, told: str | None
) -> None:
    assert anticoagulant(stated, taken) == told


@pytest.mark.parametrize(
    ("text", "barred"),
    [
        ("polidocanol", {"polidocanol"}), ("Aethoxysklerol", {"polidocanol"}),
        ("aetoxisclerol", {"polidocanol"}), ("ASCLERA", {"polidocanol"}),
        ("Varithena foam", {"polidocanol"}), ("lauromacrogol 400", {"polidocanol"}),
        ("STS", {"STS"}), ("sotradecol", {"STS"}), ("Fibrovein 3 %", {"STS"}),
        ("fibro-vein", {"STS"}), ("sodium tetradecyl sulfate", {"STS"}),
        ("Sodium Tetradecyl Sulphate", {"STS"}), ("allergic to sts!", {"STS"}),
        ("a sclerosant, name not known", {"polidocanol", "STS"}),
        ("hives after sclerotherapy", {"polidocanol", "STS"}),
        ("sclerosant (polidocanol)", {"polidocanol"}), ("positive skin tests", set()),
        ("no known allergies", set()), ("penicillin", set()), ("NKDA", set()),
        ("none except Asclera", {"polidocanol"}), ("no allergy to polidocanol", set()),
    ],
)  # fmt: skip
def test_a_sclerosant_allergy_bars_the_agent_it_names(text: str, barred: set[str]) -> None:
    assert allergic_agents([text]) == barred


def test_two_allergies_bar_two_agents_and_none_bars_none() -> None:
    assert allergic_agents(["STS", "asclera"]) == {"polidocanol", "STS"}
    assert allergic_agents([]) == allergic_agents(None) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "cyanoacrylate", "acrylic nails", "acrylate (nail glue dermatitis)", "Superglue",
        "super glue", "eyelash glue", "Dermabond", "VenaSeal", "tissue adhesive", "gel nails",
        "no known allergies except glue", "methacrylate",
    ],
)  # fmt: skip
def test_an_acrylate_allergy_is_known_by_its_everyday_names(text: str) -> None:
    assert names([text], ACRYLATE)


@pytest.mark.parametrize(
    "text", ["gluten", "glucosamine", "adhesive tape", "latex", "not allergic to glue", "without"]
)
def test_what_is_no_acrylate_is_none(text: str) -> None:
    assert not names([text], ACRYLATE)


@pytest.mark.parametrize("text", ["Lidocaine", "lignocaine", "xylocaine spray", "lidocain"])
def test_lidocaine_is_known_by_its_names(text: str) -> None:
    assert names([text], LIDOCAINE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("iron IV", True),
        ("iron, intravenous", True),
        ("iron infusion monthly", True),
        ("parenteral iron", True),
        ("iron tablets", False),
        ("vitamin infusion", False),
    ],
)
def test_iron_counts_only_by_the_vein(text: str, *, told: bool) -> None:
    said = answer(intake={"medications": [text]})
    assert ("WARN_TRIGGER_DRUG_IV_IRON" in fired(said)) is told
