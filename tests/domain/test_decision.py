"""What a patient is told was decided, in words they can read."""

import re
from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from workflow.domain import decision
from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import Chosen
from workflow.domain.modality import MODALITIES

VEINS = (None, "GSV", "SSV", "AASV", "PASV", "TEL", "TRIB1", "PERF_PT1", "SFJ")


def _syllables(word: str) -> int:
    bare = re.sub(r"(?<=[^laeiou])e$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def _grade(text: str) -> float:
    """Return the Flesch–Kincaid grade."""
    sentences = max(1, len(re.findall(r"[.:!?]+(?:\s|$)", text)))
    words = re.findall(r"[A-Za-z’']+", text)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def test_a_plan_is_told_leg_by_leg_and_visit_by_visit() -> None:
    said = decision.decided(
        [Chosen(Leg.RIGHT, "GSV", "RFA"), Chosen(Leg.RIGHT, "TRIB1", "PHLEB", session=2)]
    )
    assert said == (
        "Right leg: close the main vein on the inside of the leg with heat (visit 1).",
        "Right leg: take out a side branch through tiny cuts (visit 2).",
    )


@pytest.mark.parametrize(("modality", "vein"), list(product(MODALITIES, VEINS)))
def test_every_treatment_of_every_vein_has_plain_words(modality: str, vein: str | None) -> None:
    (line,) = decision.decided([Chosen(Leg.LEFT, vein, modality)])
    assert line.startswith("Left leg: ")
    assert modality not in line
    assert "{" not in line
    assert _grade(line) <= 8


@pytest.mark.parametrize(
    "said",
    [
        lambda: decision.declined(),
        lambda: decision.after_signing("", date(2026, 12, 1)),
        lambda: decision.after_declining("(555) 010-0142"),
        lambda: decision.after_approval([Chosen(Leg.RIGHT, "GSV", "RFA")], "(555) 010-0142"),
        lambda: decision.after_approval([Chosen(Leg.RIGHT, None, "CONS")], ""),
    ],
)
def test_what_comes_next_is_easy_to_read(said: Callable[[], tuple[str, ...]]) -> None:
    lines = said()
    assert _grade(" ".join(lines)) <= 6
    assert all(_grade(line) <= 8 for line in lines)


def test_the_next_visit_is_named_with_its_date() -> None:
    assert "Your next visit is on 1 Dec 2026." in decision.after_signing("", date(2026, 12, 1))


RFA, CARE = Chosen(Leg.RIGHT, "GSV", "RFA"), Chosen(Leg.RIGHT, None, "CONS")
DAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        (
            lambda: decision.after_approval([RFA, CARE], "555", DAY),
            (
                "We will call you to find a day for the first visit.",
                "Before that day, we go through the plan with you. You can ask all you want.",
                "Your next visit is on 1 Dec 2026.",
                "Do you have a question? Call us: 555.",
            ),
        ),
        (
            lambda: decision.after_approval([CARE], ""),
            (
                "You do not need a procedure now. We will tell you when to come back.",
                "Do you have a question? Call us.",
            ),
        ),
        (
            lambda: decision.after_approval([CARE], "555", DAY, "es"),
            (
                "Por ahora no hace falta tratar nada. Le vamos a decir cuándo volver.",
                "Su visita que sigue es el 1 de diciembre de 2026.",
                "¿Le queda una duda? Llame al 555.",
            ),
        ),
        (
            lambda: decision.after_declining("", None),
            (
                "Come back if your legs feel worse, or if you want to talk.",
                "Do you have a question? Call us.",
            ),
        ),
        (
            lambda: decision.after_declining("555", DAY, "es"),
            (
                "Vuelva si sus piernas van a peor, o si quiere hablar.",
                "Su visita que sigue es el 1 de diciembre de 2026.",
                "¿Le queda una duda? Llame al 555.",
            ),
        ),
        (
            lambda: decision.after_signing("555", None, "es"),
            (
                "El doctor va a hablar con usted de esta prueba y de lo que se puede hacer.",
                "¿Le queda una duda? Llame al 555.",
            ),
        ),
    ],
)
def test_what_comes_next_is_said_word_for_word(
    said: Callable[[], tuple[str, ...]], lines: tuple[str, ...]
) -> None:
    assert said() == lines


def test_a_plan_is_told_in_spanish_too() -> None:
    assert decision.decided([RFA, CARE, RFA], "es") == (
        "Pierna derecha: cerrar la vena mayor por dentro de la pierna con calor, en la cita 1.",
        "Pierna derecha: por ahora no se hace nada más. Usted la cuida con pasos cortos cada día.",
    )
    assert decision.declined("es") == (
        "Usted no quiso tratarse por ahora. Está bien.",
        "Puede pensarlo otra vez cuando quiera. Solo llame.",
    )
    assert decision.declined() == decision.DECLINED


def test_a_treatment_nobody_named_is_told_without_a_name() -> None:
    (line,) = decision.decided([Chosen(Leg.LEFT, "SFJ", "NEW")])
    assert line == "Left leg: a treatment your doctor has told you about."


def test_a_result_that_takes_the_place_of_another_says_of_which_day() -> None:
    assert decision.replaces(DAY) == (
        "We looked at your scan again. This page takes the place of the one from 1 Dec 2026."
    )
    assert decision.replaces(DAY, "es") == (
        "Miramos de nuevo su estudio. Esta hoja toma el lugar de la del 1 de diciembre de 2026."
    )


@pytest.mark.parametrize(
    ("vein", "modality", "line"),
    [
        ("PERF_PT1", "PERF_RFA", "Left leg: close a leaking link vein with heat (visit 1)."),
        ("TRIB1", "PHLEB", "Left leg: take out a side branch through tiny cuts (visit 1)."),
        (None, "PHLEB", "Left leg: take out the vein through tiny cuts (visit 1)."),
    ],
)
def test_a_numbered_vein_is_told_by_its_kind(vein: str | None, modality: str, line: str) -> None:
    assert decision.decided([Chosen(Leg.LEFT, vein, modality)]) == (line,)
