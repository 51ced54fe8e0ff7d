"""Make the pages of an intake, and the answer a script gets when it saves one."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import get_template_attribute, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflow import clock, criteria, frame, progress, sessions
from workflow.domain.edits import Conflict
from workflow.domain.errors import Refused
from workflow.domain.pathway import Stage
from workflow.domain.staff import Permission, may
from workflow.extensions import session
from workflow.intake import scores, told
from workflow.intake.actions import Saved
from workflow.intake.asked import Question
from workflow.intake.facts import intake_facts, stored_of
from workflow.intake.lists import Rows
from workflow.intake.questions import QUESTIONS
from workflow.intake.saving import Stored, sent_cells
from workflow.intake.sheet import Asked, Sheet, ToldCell, sheet_of
from workflow.intake.steps import INTAKE, IntakeStatus, IntakeStep
from workflow.models.history import Edit
from workflow.models.patient import Episode, Intake
from workflow.models.tablet import ToldAnswer
from workflow.screens import Kind, Mark, Person

PARTS = ("nav", "flags", "score", "wells", "villalta", "finish")
"""The parts of the page that follow from the answers, each a macro of `intake/parts.html`."""


def today() -> date:
    """Return the clinic's day."""
    return clock.now().astimezone(ZoneInfo(frame.clinic().zone)).date()


def sheet(intake: Intake, saved: Saved | None = None, **more: Any) -> Sheet:
    """Return the intake as its page shows it."""
    patient = intake.episode.patient
    seen = saved.seen if saved else progress.last_edit(session(), "intake", intake.id)
    stored, waiting = stored_of(intake), told.waiting(told.told_of(session(), intake))
    return sheet_of(
        stored,
        sex=patient.sex,
        born=patient.born,
        on=today(),
        seen=seen,
        told={name: _told(stored, row) for name, row in waiting.items()},
        with_told=told.beside(stored, waiting.values()) if waiting else None,
        limits=criteria.in_force(session()).limits,
        **more,
    )


def _told(stored: Stored, row: ToldAnswer) -> ToldCell:
    question = QUESTIONS[row.question]
    ours = stored.cell(question)
    return ToldCell(in_words(question, row.cell), bool(ours) and ours != row.cell)


def in_both_units(question: Question, cell: str) -> str:
    """Return a height or a weight as '165.1 cm, 5 ft 5 in'; empty for anything else."""
    if question.name not in {"height_cm", "weight_kg"}:
        return ""
    try:
        value = question.kind.read(cell)
    except Refused:
        return ""
    return scores.echoes(Stored({question.name: value}))[question.name]


def in_words(question: Question, cell: str) -> str:
    """Return a cell as staff read it; a height and a weight in both units."""
    if echo := in_both_units(question, cell):
        return echo
    return {"yes": "Yes", "no": "No"}.get(cell) or question.kind.said(cell)


def person(episode: Episode) -> Person:
    """Return the patient's header, with the allergies that were named."""
    named = episode.intake.answers.get("allergies") or []
    marks = [Mark(f"Allergy: {name}"[:40], Kind.CAUTION) for name in named[:3]]
    return frame.person_of(episode.patient, *frame.critical_mark(episode), *marks)


def show(
    episode: Episode, status: int = 200, saved: Saved | None = None, problem: str = ""
) -> ResponseReturnValue:
    """Return the page of an intake: the form while it is taken, the answers once finished.

    An answer in conflict is shown as it was typed here, beside what somebody else stored.
    """
    conflicts = saved.conflicts if saved else ()
    mine = {conflict.cell: conflict.mine for conflict in conflicts}
    page = sheet(episode.intake, saved, conflicts=conflicts, mine=mine)
    name = "finished" if episode.intake.finished_at else "intake"
    return render_template(
        f"intake/{name}.html",
        episode=episode,
        person=person(episode),
        sheet=page,
        step=step(episode.intake),
        problem=problem,
        offers_scan=episode.stage is Stage.INTAKE_DONE
        and progress.newest_exam(session(), episode) is None,
    ), status


def step(intake: Intake) -> dict[str, Any]:
    """Return what the page says of its next step: why not, and whether a physician may overrule."""
    who = sessions.signed_in()
    facts = intake_facts(session(), intake, on=today())
    held_up = bool(facts.stop) and not facts.missing and not facts.not_understood
    next_step = IntakeStep.FINISH if facts.status is IntakeStatus.OPEN else IntakeStep.REOPEN
    overrules = held_up and may(who.role, Permission.TREAT) and facts.status is IntakeStatus.OPEN
    return {
        "refusal": "" if overrules else INTAKE.refusal(next_step, facts, who.role) or "",
        "overrules": overrules,
        "stop": facts.stop,
    }


def fragment(
    episode: Episode, saved: Saved, asked: Mapping[str, Any], seen: int
) -> ResponseReturnValue:
    """Return what a script needs after a save: what was refused, what others changed, the parts."""
    page = sheet(episode.intake, saved)
    macros = {name: get_template_attribute("intake/parts.html", name) for name in PARTS}
    parts = {
        "nav": macros["nav"](page),
        "flags": macros["flags"](page),
        "score-R": macros["score"](page.vcss[0]),
        "score-L": macros["score"](page.vcss[1]),
        "wells": macros["wells"](page),
        "villalta": macros["villalta"](page),
        "finish": macros["finish"](episode, page, step(episode.intake)),
        **{f"echo-{name}": each.echo for name, each in page.asked.items() if each.echo},
    }
    answer = jsonify(
        saved_at=f"{clock.now().astimezone(ZoneInfo(frame.clinic().zone)):%H:%M}",
        seen=saved.seen,
        errors=saved.errors,
        flags_html=parts["flags"],
        parts=parts,
        conflicts=[_conflict(page, each) for each in saved.conflicts],
        theirs=_theirs(episode.intake, page, set(sent_cells(asked)), seen),
    )
    return answer, 409 if saved.conflicts else 200


def _conflict(page: Sheet, conflict: Conflict) -> dict[str, str]:
    asked = page.asked[conflict.cell]
    return {
        "field": conflict.cell,
        "label": asked.question.label,
        "mine": asked.question.kind.said(conflict.mine),
        "theirs": asked.question.kind.said(conflict.theirs),
        **_redrawn(asked),
    }


def _redrawn(asked: Asked) -> dict[str, str]:
    """Return what a script puts into the page: the text of a box, or rows drawn anew."""
    rows = get_template_attribute("intake/fields.html", "rows")
    html = rows(asked) if isinstance(asked.question.kind, Rows) else ""
    return {"cell": asked.cell, "html": html}


def _theirs(intake: Intake, page: Sheet, mine: set[str], seen: int) -> dict[str, dict[str, str]]:
    """Return what others changed since the page was read: text to put in, or rows to draw anew."""
    edits = select(Edit.cell).where(
        Edit.subject == "intake", Edit.subject_id == intake.id, Edit.id > seen
    )
    changed = set(session().scalars(edits)) - mine
    return {name: _redrawn(page.asked[name]) for name in sorted(changed & page.asked.keys())}
