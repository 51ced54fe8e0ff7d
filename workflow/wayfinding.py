"""Decide which page a person opens next for a patient at a stage."""

from dataclasses import dataclass

from flask import url_for

from workflow.domain.pathway import Stage


@dataclass(frozen=True, slots=True)
class Way:
    """The next thing to do: what the link says, and where it leads."""

    label: str
    href: str


def way(stage: Stage, episode_id: int, exam_id: int | None) -> Way:
    """Return the next thing to do for an episode at this stage."""
    match stage:
        case Stage.REFERRED:
            return Way("Take the intake", url_for("intake.intake", episode_id=episode_id))
        case Stage.INTAKE_DONE if exam_id is None:
            return Way("Order the scan", url_for("ultrasound.order", episode_id=episode_id))
        case Stage.INTAKE_DONE:
            return Way("Give the scan a time", url_for("ultrasound.schedule", exam_id=exam_id))
        case Stage.SCHEDULED | Stage.ARRIVED | Stage.SCANNING if exam_id is not None:
            label = {
                Stage.SCHEDULED: "Open the appointment",
                Stage.ARRIVED: "Start the scan",
                Stage.SCANNING: "Record the scan",
            }[stage]
            page = "ultrasound.scan" if stage is Stage.SCANNING else "ultrasound.show"
            return Way(label, url_for(page, exam_id=exam_id))
        case Stage.TO_READ if exam_id is not None:
            return Way("Read and sign", url_for("review.read", exam_id=exam_id))
        case Stage.READ | Stage.PLAN_DRAFTED | Stage.PLAN_DECLINED:
            return Way("Open the plan", url_for("planning.plan", episode_id=episode_id))
        case (
            Stage.PLAN_APPROVED
            | Stage.CONSENTED
            | Stage.AUTHORISED
            | Stage.SESSIONS
            | Stage.FOLLOW_UP
        ):
            return Way("Move care on", url_for("planning.care", episode_id=episode_id))
        case _:
            return Way("Open the record", url_for("chart.episode", episode_id=episode_id))
