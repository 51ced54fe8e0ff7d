"""Where a patient stands, how long they wait, and what the pages of states say."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from workflow.domain.diagrams import states_page
from workflow.domain.exam import ExamStatus
from workflow.domain.pathway import (
    OPEN_STAGES,
    STAGE_WORDS,
    Ageing,
    Care,
    EpisodeFacts,
    Stage,
    ageing,
    stage,
    working_days,
)
from workflow.domain.plan import PlanStatus

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("facts", "stands"),
    [
        (EpisodeFacts(), Stage.REFERRED),
        (EpisodeFacts(intake_finished=True), Stage.INTAKE_DONE),
        (EpisodeFacts(exam=ExamStatus.ORDERED), Stage.REFERRED),
        (EpisodeFacts(intake_finished=True, exam=ExamStatus.ORDERED), Stage.INTAKE_DONE),
        (EpisodeFacts(intake_finished=True, exam=ExamStatus.NO_SHOW), Stage.INTAKE_DONE),
        (EpisodeFacts(exam=ExamStatus.SCHEDULED), Stage.SCHEDULED),
        (EpisodeFacts(exam=ExamStatus.ARRIVED), Stage.ARRIVED),
        (EpisodeFacts(exam=ExamStatus.SCANNING), Stage.SCANNING),
        (EpisodeFacts(exam=ExamStatus.PRELIMINARY), Stage.TO_READ),
        (EpisodeFacts(exam=ExamStatus.IN_REVIEW), Stage.TO_READ),
        (EpisodeFacts(exam=ExamStatus.FINAL), Stage.READ),
        (EpisodeFacts(exam=ExamStatus.FINAL, plan=PlanStatus.RETURNED), Stage.PLAN_DRAFTED),
        (EpisodeFacts(exam=ExamStatus.FINAL, plan=PlanStatus.APPROVED), Stage.PLAN_APPROVED),
        (
            EpisodeFacts(exam=ExamStatus.FINAL, plan=PlanStatus.PATIENT_DECLINED),
            Stage.PLAN_DECLINED,
        ),
        (EpisodeFacts(exam=ExamStatus.SCANNING, plan=PlanStatus.APPROVED), Stage.SCANNING),
        (EpisodeFacts(Care.SESSIONS, exam=ExamStatus.FINAL), Stage.SESSIONS),
        (EpisodeFacts(Care.CANCELLED, exam=ExamStatus.SCANNING), Stage.CANCELLED),
    ],
)
def test_the_stage_follows_from_the_facts(facts: EpisodeFacts, stands: Stage) -> None:
    assert stage(facts) is stands


def test_every_state_of_care_is_a_stage() -> None:
    assert {Stage(care.value) for care in Care if care is not Care.NONE} <= set(STAGE_WORDS)


def test_the_board_shows_no_closed_stage() -> None:
    assert not {Stage.DISCHARGED, Stage.CANCELLED, Stage.TRANSFERRED} & set(OPEN_STAGES)


@pytest.mark.parametrize(
    ("since", "now", "days"),
    [
        ("2026-11-20T22:00:00", "2026-11-23T14:00:00", 1),  # Friday evening to Monday morning
        ("2026-11-16T15:00:00", "2026-11-16T23:00:00", 0),
        ("2026-11-16T15:00:00", "2026-11-20T15:00:00", 4),
        ("2026-11-17T04:30:00", "2026-11-17T05:30:00", 1),  # midnight in New York lies between
    ],
)
def test_waits_are_counted_in_the_clinics_working_days(since: str, now: str, days: int) -> None:
    begin, end = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (since, now))
    assert working_days(begin, end, NEW_YORK) == days


@pytest.mark.parametrize(
    ("at", "days", "looks"),
    [
        (Stage.TO_READ, 1, Ageing.FRESH),
        (Stage.TO_READ, 2, Ageing.AMBER),
        (Stage.TO_READ, 3, Ageing.AMBER),
        (Stage.TO_READ, 4, Ageing.RED),
        (Stage.REFERRED, 7, Ageing.FRESH),
        (Stage.REFERRED, 8, Ageing.AMBER),
        (Stage.REFERRED, 16, Ageing.RED),
        (Stage.SESSIONS, 90, Ageing.FRESH),
    ],
)
def test_a_wait_ages_by_the_clinics_limits(at: Stage, days: int, looks: Ageing) -> None:
    assert ageing(at, days, interpret_days=2, final_days=4) is looks


def test_the_page_of_states_is_the_code() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "states.md"
    assert page.read_text(encoding="utf-8") == states_page(), "Run: make states"
