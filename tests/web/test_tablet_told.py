"""What the tablet asks of stockings and insurance, and a warning sign told on it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.domain.readability import fernandez_huerta, flesch_kincaid, split
from workflow.domain.case import read_intake
from workflow.domain.staff import Role
from workflow.domain.wording import history_lines
from workflow.intake import for_patient
from workflow.intake.patient_words import WORDS
from workflow.models.patient import Episode
from workflow.models.tablet import ToldAnswer

SignInAs = Callable[[Role], Browser]
TOLD = "Told by the patient, not confirmed."
TRIAL = {
    "compression_tried": "yes",
    "compression_trial__weeks": "13",
    "compression_trial__length": "thigh",
    "compression_trial__prescribed_by": "Dr. P. Example",
    "compression_trial__wear_hours_per_day": "10",
    "compression_trial__reason_stopped": "too hot",
    "insurer": "Highmark",
}


def waiting(session: Session, name: str) -> Episode:
    """Return the episode of a patient who waits for the intake."""
    return factories.known_patient(session, name).episodes[0]


@pytest.fixture
def episode(session: Session) -> Episode:
    return waiting(session, "Anna Sample")


@pytest.fixture
def desk(signed_in: SignInAs) -> Browser:
    return signed_in(Role.FRONT_DESK)


@pytest.fixture
def tablet(desk: Browser, episode: Episode) -> Browser:
    """The front desk's browser, handed to the patient."""
    assert desk.send(desk.page(f"/episodes/{episode.id}/intake").form("/tablet")).status_code == 303
    return desk


def _answer(tablet: Browser, name: str, **typed: Any) -> Any:
    form = tablet.page(f"/tablet/{name}").form("answer")
    token = {"csrf_token": form.values["csrf_token"]}
    return tablet.post(form.action, data={**token, **typed, "then": "next"})


def _take_back(tablet: Browser) -> Browser:
    form = tablet.page("/tablet/back").form("/tablet/back")
    assert tablet.send(form, password=factories.PASSWORD).status_code == 303
    return tablet


def _settle(desk: Browser, episode: Episode, **chosen: str) -> None:
    form = desk.page(f"/episodes/{episode.id}/told").form("told")
    values = {k: v for k, v in form.values.items() if not k.startswith("told-")}
    picks = {f"told-{name}": what for name, what in chosen.items()}
    assert desk.post(form.action, data={**values, **picks}).status_code == 303


# What is asked.


def test_a_trial_of_stockings_is_told_and_confirmed_whole(
    session: Session, tablet: Browser, episode: Episode
) -> None:
    for name, value in TRIAL.items():
        assert _answer(tablet, name, **{name: value}).status_code == 303, name
    _settle(_take_back(tablet), episode, **dict.fromkeys(TRIAL, "confirm"))
    session.expire_all()
    answers = episode.intake.answers
    assert answers["insurer"] == "Highmark"
    assert answers["compression_trial"] == {
        "weeks": 13,
        "length": "thigh",
        "prescribed_by": "Dr. P. Example",
        "wear_hours_per_day": 10,
        "reason_stopped": "too hot",
    }
    trial = next(line for line in history_lines(read_intake(answers)) if "Compression" in line)
    assert trial == (
        "Compression trial: 13 weeks, dates not recorded, to the thigh, prescribed by: "
        "Dr. P. Example, 10 hours a day, stopped because: too hot."
    )


def test_the_weeks_are_not_asked_once_both_dates_are_known() -> None:
    def names(**cells: str) -> set[str]:
        tried = {"compression_tried": "yes", **cells}
        asked = for_patient.patient_questions("F", date(1985, 3, 12), date(2026, 5, 4), tried)
        return {question.name for question in asked}

    start = {"compression_trial__start": "19 Jan 2026"}
    assert "compression_trial__weeks" in names(**start)
    both = {**start, "compression_trial__end": "27 Apr 2026"}
    assert "compression_trial__weeks" not in names(**both)


def test_who_never_wore_stockings_is_asked_nothing_more_of_them(tablet: Browser) -> None:
    after = _answer(tablet, "compression_tried", compression_tried="no").location
    assert after == "/tablet/other_measures"
    assert tablet.get("/tablet/compression_trial__weeks").status_code == 404


def test_hours_of_a_day_that_no_day_has_are_asked_for_again(tablet: Browser) -> None:
    _answer(tablet, "compression_tried", compression_tried="yes")
    name = "compression_trial__wear_hours_per_day"
    response = _answer(tablet, name, **{name: "25"})
    assert response.status_code == 422
    assert "0" in response.text
    assert "24" in response.text


def _sentences(language: str) -> list[str]:
    words = WORDS[language]
    said = [part for pair in words.questions.values() for part in pair if part]
    return split([line.replace(": ", " ") for line in said])


def test_a_sixth_grader_can_read_every_question_in_english() -> None:
    sentences = _sentences("en")
    assert len(sentences) > 80
    assert flesch_kincaid(sentences) <= 6.0


def test_every_question_in_spanish_is_fairly_easy_or_easier() -> None:
    sentences = _sentences("es")
    assert len(sentences) > 80
    assert fernandez_huerta(sentences) >= 70


@pytest.mark.parametrize("name", [*TRIAL, "compression_trial__start", "compression_trial__end"])
def test_what_is_asked_of_stockings_and_insurance_is_easy_to_read(name: str) -> None:
    english, spanish = (
        split([part for part in WORDS[language].questions[name] if part])
        for language in ("en", "es")
    )
    assert flesch_kincaid(english) <= 6.0
    assert fernandez_huerta(spanish) >= 70


# A warning sign.


def test_a_warning_sign_stands_on_the_card_until_staff_settle_it(
    tablet: Browser, signed_in: SignInAs, session: Session, episode: Episode
) -> None:
    waiting(session, "Bea Earlier")
    physician = signed_in(Role.PHYSICIAN)
    assert TOLD not in physician.page("/").main
    _answer(tablet, "red_flags", red_flags=["chest_pain", "numb_foot"])
    main = physician.page("/").main
    assert f"Warning sign Chest pain, numb foot. {TOLD} Anna Sample" in main
    _settle(_take_back(tablet), episode, red_flags="confirm")
    assert TOLD not in physician.page("/").main


def test_who_told_a_warning_sign_stands_after_the_critical_and_before_who_waits_longer(
    tablet: Browser, signed_in: SignInAs, session: Session
) -> None:
    session.execute(text("UPDATE episodes SET since = '2020-01-01T00:00:00.000000+00:00'"))
    waiting(session, "Cleo Critical").critical = True
    first = waiting(session, "Bea Earlier")
    session.execute(
        text("UPDATE episodes SET since = '2019-01-01T00:00:00.000000+00:00' WHERE id = :id"),
        {"id": first.id},
    )
    _answer(tablet, "red_flags", red_flags=["syncope"])
    main = signed_in(Role.PHYSICIAN).page("/").main
    names = sorted(("Anna Sample", "Bea Earlier", "Cleo Critical"), key=main.index)
    assert names == ["Cleo Critical", "Anna Sample", "Bea Earlier"]


def test_the_board_that_is_open_already_is_sent_anew(tablet: Browser, signed_in: SignInAs) -> None:
    physician = signed_in(Role.PHYSICIAN)
    boards = [each for each in physician.page("/").root.all("div") if each.get("data-mark")]
    mark = boards[0].get("data-mark")
    assert physician.get(f"/board/columns?mark={mark}").status_code == 204
    _answer(tablet, "red_flags", red_flags=["bleeding_varix"])
    answer = physician.get(f"/board/columns?mark={mark}")
    assert answer.status_code == 200
    assert TOLD in answer.text


@pytest.mark.parametrize("said", [["none"], []])
def test_no_warning_sign_leaves_the_card_as_it_is(
    tablet: Browser, signed_in: SignInAs, said: list[str]
) -> None:
    _answer(tablet, "red_flags", red_flags=said)
    assert TOLD not in signed_in(Role.PHYSICIAN).page("/").main


def test_a_sign_beside_none_is_not_understood_and_stands_on_the_card_all_the_same(
    tablet: Browser, signed_in: SignInAs
) -> None:
    assert _answer(tablet, "red_flags", red_flags=["none", "dyspnoea"]).status_code == 422
    assert f"Dyspnoea. {TOLD}" in signed_in(Role.PHYSICIAN).page("/").main


def test_a_sign_that_the_patient_takes_back_leaves_the_card(
    tablet: Browser, signed_in: SignInAs, session: Session
) -> None:
    _answer(tablet, "red_flags", red_flags=["gangrene"])
    _answer(tablet, "red_flags", red_flags=["none"])
    assert TOLD not in signed_in(Role.PHYSICIAN).page("/").main
    assert session.scalars(select(ToldAnswer.cell)).one() == "none"


def test_a_sign_that_was_told_is_not_taken_back_by_passing_the_question_over(
    tablet: Browser, signed_in: SignInAs, session: Session
) -> None:
    _answer(tablet, "red_flags", red_flags=["gangrene"])
    form = tablet.page("/tablet/red_flags").form("answer")
    token = {"csrf_token": form.values["csrf_token"]}
    assert tablet.post(form.action, data={**token, "then": "skip"}).status_code == 303
    assert f"Gangrene. {TOLD}" in signed_in(Role.PHYSICIAN).page("/").main
    assert session.scalars(select(ToldAnswer.cell)).one() == "gangrene"


def test_a_sign_that_staff_set_aside_leaves_the_card(
    tablet: Browser, signed_in: SignInAs, episode: Episode
) -> None:
    _answer(tablet, "red_flags", red_flags=["rest_pain"])
    _settle(_take_back(tablet), episode, red_flags="aside")
    assert TOLD not in signed_in(Role.PHYSICIAN).page("/").main
