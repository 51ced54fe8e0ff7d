"""Answer the pages on which a scan is ordered, given a time, and moved on."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflow import clock, frame, rooms, sessions
from workflow.access import permits
from workflow.domain import entry
from workflow.domain.errors import Refused
from workflow.domain.exam import EXAM, ExamStatus, ExamStep
from workflow.domain.findings import Purpose
from workflow.domain.intake import read_intake
from workflow.domain.pathway import STAGE_WORDS
from workflow.domain.staff import Permission, only
from workflow.extensions import db, session
from workflow.models.exam import Exam
from workflow.models.history import StepTaken
from workflow.models.patient import Episode
from workflow.ultrasound import actions, indication
from workflow.ultrasound.blueprint import bp, found, found_episode, page, reasons
from workflow.ultrasound.daysheet import day_sheet, free_slots
from workflow.ultrasound.forms import ASKED_AGAIN, OrderForm, SlotForm, StepForm
from workflow.ultrasound.slots import moment

STEPS = (ExamStep.CHECK_IN, ExamStep.START, ExamStep.NO_SHOW, ExamStep.CANCEL, ExamStep.REOPEN)
DONE = {
    ExamStep.CHECK_IN: "Checked in. The sonographer can start the scan.",
    ExamStep.START: "The scan has started.",
    ExamStep.NO_SHOW: "Recorded that the patient did not come. Give the scan a new time.",
    ExamStep.CANCEL: "The scan is cancelled.",
    ExamStep.REOPEN: "The scan is open again.",
}


@bp.route("/episodes/<id:episode_id>/exams/new", methods=["GET", "POST"])
@permits(Permission.BOOK_SCANS)
def order(episode_id: int) -> ResponseReturnValue:
    """Order a scan, and give it a time at once where one is known."""
    episode = found_episode(episode_id)
    form = OrderForm(data=_suggested(episode))
    form.offer(frame.clinic().rooms)
    if form.validate_on_submit():
        try:
            exam, said = _order(episode, form)
        except Refused as refusal:
            db.session.rollback()
            form.form_errors.append(str(refusal))
        else:
            db.session.commit()
            flash(said, "done")
            return redirect(_after_booking(exam), 303)
    return page("order", episode, form=form), 422 if form.is_submitted() else 200


def _suggested(episode: Episode) -> dict[str, object]:
    told = indication.suggested(read_intake(episode.intake.answers, "intake"))
    return {
        "purpose": Purpose.REFLUX.value,
        "legs": "both",
        "indication": told or episode.title,
        "minutes": str(frame.clinic().slot_minutes),
    }


def _order(episode: Episode, form: OrderForm) -> tuple[Exam, str]:
    if form.has_a_slot:
        rooms.one_booking_at_a_time(session())
    by, at = sessions.signed_in(), clock.now()
    exam = actions.order(
        session(),
        episode,
        purpose=Purpose(form.purpose.value or ""),
        legs=form.legs.value or "",
        indication=form.indication.value,
        by=by,
        at=at,
    )
    return exam, _book(exam, form, exam.revision) if form.has_a_slot else "The scan is ordered."


def _book(exam: Exam, form: SlotForm, seen: int) -> str:
    """Give the scan the form's time; return what was done, in a sentence."""
    day, wall = form.on.value, form.at.value
    if day is None or wall is None:
        raise Refused("Give the scan a day and a time.")
    start = moment(day, wall, _zone())
    actions.schedule(
        session(),
        exam,
        starts=start.at,
        minutes=int(form.minutes.value),
        room=form.room.value or "",
        by=sessions.signed_in(),
        at=clock.now(),
        seen=seen,
    )
    twice = " The clocks show that time twice; this is the first." if start.doubled else ""
    return f"Booked: {day.day} {day:%b %Y}, {wall:%H:%M}, {form.room.value}.{twice}"


def _after_booking(exam: Exam) -> str:
    if exam.starts_at is None:
        return url_for("ultrasound.schedule", exam_id=exam.id)
    return url_for("ultrasound.day", on=_local_day(exam.starts_at).isoformat())


@bp.route("/exams/<id:exam_id>/schedule", methods=["GET", "POST"])
@permits(Permission.BOOK_SCANS)
def schedule(exam_id: int) -> ResponseReturnValue:
    """Give a scan its day, time and room, or another one."""
    exam = found(exam_id)
    form = SlotForm(data=_slot_of(exam))
    form.offer(frame.clinic().rooms)
    if form.validate_on_submit():
        try:
            said = _book(exam, form, form.seen)
        except Refused as refusal:
            db.session.rollback()
            form.form_errors.append(str(refusal))
        else:
            db.session.commit()
            flash(said, "done")
            return redirect(_after_booking(exam), 303)
    return _schedule_page(exam, form), 422 if form.is_submitted() else 200


def _schedule_page(exam: Exam, form: SlotForm) -> str:
    day = form.on.value if isinstance(form.on.value, date) else form.on.object_data or _today()
    why = EXAM.refusal(ExamStep.SCHEDULE, actions.facts(session(), exam), sessions.signed_in().role)
    slots = free_slots(session(), frame.clinic(), day, now=clock.now())
    return page("schedule", exam.episode, exam=exam, form=form, day=day, slots=slots, why=why or "")


def _slot_of(exam: Exam) -> dict[str, object]:
    """Return what the form starts with: the place that was picked, else the one the scan has."""
    asked = request.args
    local = exam.starts_at.astimezone(_zone()) if exam.starts_at else None
    on = _asked_day(local.date() if local and exam.status is ExamStatus.SCHEDULED else _today())
    return {
        "on": on,
        "at": asked.get("at") or (f"{local:%H:%M}" if local else ""),
        "room": asked.get("room") or exam.room,
        "minutes": str(exam.minutes if local else frame.clinic().slot_minutes),
        "revision": str(exam.revision),
    }


@bp.get("/day")
@permits(Permission.BOOK_SCANS)
def day() -> ResponseReturnValue:
    """Show one day of the scan rooms, and who is due otherwise."""
    on = _asked_day(_today())
    booking = request.args.get("for", type=int)
    exam = db.session.get(Exam, booking) if booking else None
    sheet = day_sheet(session(), frame.clinic(), on, now=clock.now())
    return render_template(
        "ultrasound/day.html",
        sheet=sheet,
        closed_for=frame.clinic().closed_for(on),
        booking=exam,
        today=_today(),
        **_neighbours(on),
        place=frame.clinic().zone.rpartition("/")[2].replace("_", " "),
        records=_may(Permission.RECORD_EXAMS),
        words=EXAM.words,
        stage_words=STAGE_WORDS,
    )


def _neighbours(on: date) -> dict[str, str]:
    steps = {"before": -1, "after": 1, "week_before": -7, "week_after": 7}
    return {name: (on + timedelta(days=step)).isoformat() for name, step in steps.items()}


def _may(permission: Permission) -> bool:
    who = sessions.person()
    return who is not None and who.may(permission)


@bp.get("/exams/<id:exam_id>")
@permits(Permission.BOOK_SCANS, Permission.READ_FINDINGS)
def show(exam_id: int) -> ResponseReturnValue:
    """Show where a scan stands, what can be done to it, and what was."""
    exam = found(exam_id)
    history = session().scalars(
        select(StepTaken)
        .where(StepTaken.subject == "exam", StepTaken.subject_id == exam.id)
        .order_by(StepTaken.id.desc())
    )
    why = reasons(actions.facts(session(), exam), sessions.signed_in().role)
    values = {"why": why, "words": EXAM.words, "reads_findings": _may(Permission.READ_FINDINGS)}
    return page("show", exam.episode, exam=exam, history=history.all(), **values)


@bp.route("/exams/<id:exam_id>/steps/<word>", methods=["GET", "POST"])
@permits(Permission.BOOK_SCANS, Permission.RECORD_EXAMS)
def step(exam_id: int, word: str) -> ResponseReturnValue:
    """Take one step of a scan; ask what has to be asked first."""
    taking = _step(word)
    exam = found(exam_id)
    rule = EXAM.rules[taking]
    form = StepForm(
        note_required=f"Say why, in a sentence: {rule.label.lower()}."
        if rule.note_required
        else "",
        asks_again=taking is ExamStep.CHECK_IN,
    )
    if form.validate_on_submit():
        note = ASKED_AGAIN + "." if form.asks_again else form.note.value or ""
        try:
            _take(taking, exam, form, note)
        except Refused as refusal:
            db.session.rollback()
            form.form_errors.append(str(refusal))
        else:
            db.session.commit()
            flash(DONE[taking], "done")
            return redirect(_after(taking, exam), 303)
    why = EXAM.refusal(taking, actions.facts(session(), exam), sessions.signed_in().role) or ""
    status = (409 if form.form_errors else 422) if form.is_submitted() else 200
    return page("step", exam.episode, exam=exam, form=form, rule=rule, step=taking, why=why), status


def _step(word: str) -> ExamStep:
    """Return the step of this name, if this page takes it and the person may; else 404 or 403."""
    taking = next((each for each in STEPS if each.value == word), None)
    if taking is None:
        abort(404)
    who = sessions.person()
    if who is None or not who.may(EXAM.rules[taking].needs):
        abort(403, only(EXAM.rules[taking].needs))
    return taking


def _take(taking: ExamStep, exam: Exam, form: StepForm, note: str) -> None:
    actions.take_step(
        session(),
        taking,
        exam,
        by=sessions.signed_in(),
        at=clock.now(),
        seen=form.seen,
        note=note,
    )


def _after(taking: ExamStep, exam: Exam) -> str:
    match taking:
        case ExamStep.START | ExamStep.REOPEN:
            return url_for("ultrasound.scan", exam_id=exam.id)
        case ExamStep.NO_SHOW:
            return url_for("ultrasound.schedule", exam_id=exam.id)
        case ExamStep.CHECK_IN if exam.starts_at is not None:
            return url_for("ultrasound.day", on=_local_day(exam.starts_at).isoformat())
        case _:
            return url_for("ultrasound.show", exam_id=exam.id)


def _zone() -> ZoneInfo:
    return ZoneInfo(frame.clinic().zone)


def _local_day(at: datetime) -> date:
    return at.astimezone(_zone()).date()


def _today() -> date:
    return _local_day(clock.now())


def _asked_day(otherwise: date) -> date:
    asked = request.args.get("on")
    if asked is None:
        return otherwise
    try:
        return entry.iso_day(asked)
    except Refused as refusal:
        abort(400, str(refusal))
