"""Answer the scan room: the grid, the sites added to it, the block fill, and the handing over."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workflow import clock, progress, sessions
from workflow.access import permits
from workflow.domain.anatomy import Leg
from workflow.domain.errors import Refused
from workflow.domain.exam import EXAM, RECORDABLE, ExamStep
from workflow.domain.staff import Permission, may
from workflow.extensions import db, session
from workflow.models.exam import Exam
from workflow.models.image import images_of
from workflow.ultrasound import actions, cell, conflict, images, recording, room, sites
from workflow.ultrasound.blueprint import bp, found, page, reasons
from workflow.ultrasound.forms import FinishForm
from workflow.ultrasound.meaning import SEVERITY_KIND, meaning
from workflow.ultrasound.sheet import sheet


@bp.get("/exams/<id:exam_id>/scan")
@permits(Permission.READ_FINDINGS)
def scan(exam_id: int) -> ResponseReturnValue:
    """Show the grid, the map, and what has been entered so far means."""
    return _grid(found(exam_id))


@bp.post("/exams/<id:exam_id>/scan")
@permits(Permission.RECORD_EXAMS)
def record(exam_id: int) -> ResponseReturnValue:
    """Save what was typed; good cells are stored even where others are not understood."""
    exam, typed = found(exam_id), _typed()
    outcome = recording.save_grid(
        session(),
        exam,
        typed,
        seen=_seen(),
        by=sessions.signed_in(),
        at=clock.now(),
        held=request.form.get("held", "").split(),
    )
    db.session.commit()
    if outcome.conflicts:
        return _conflicts(exam, outcome), 409
    if outcome.refused:
        kept = {name: typed[name] for name in outcome.refused if name in typed}
        return _grid(exam, typed=kept, refused=outcome.refused), 422
    return redirect(_next(exam), 303)


def _typed() -> dict[str, str]:
    """Return the cells the page sent; the ticked answers of one cell are joined."""
    return {
        name: ",".join(text for text in request.form.getlist(name) if text)
        if name == "exam.manoeuvres"
        else request.form[name]
        for name in request.form
        if cell.exam_field(name) or cell.parse(name)
    }


def _seen() -> int:
    text = request.form.get("seen", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        abort(400, "The form does not say which version of the grid it shows.")
    return int(text)


def _next(exam: Exam) -> str:
    """Do what the pressed button asks besides saving, and return where to go."""
    then, _, what = request.form.get("then", "").partition(":")
    if then == "finish":
        return url_for("ultrasound.finish", exam_id=exam.id)
    if then == "fill" and what in set(Leg):
        return url_for("ultrasound.fill", exam_id=exam.id, leg=what)
    if then == "add":
        return _added(exam)
    if then == "remove":
        sites.remove_site(session(), exam, what, by=sessions.signed_in(), at=clock.now())
        db.session.commit()
        flash("The row is taken out of the grid. Its history is kept.", "done")
    return url_for("ultrasound.scan", exam_id=exam.id)


def _added(exam: Exam) -> str:
    leg = request.form.get("add_leg", "")
    if leg not in set(Leg):
        raise Refused("Choose the leg of the site to add.")
    finding = sites.add_site(
        session(),
        exam,
        Leg(leg),
        request.form.get("add_site", ""),
        by=sessions.signed_in(),
        at=clock.now(),
    )
    db.session.commit()
    return url_for("ultrasound.scan", exam_id=exam.id, _anchor=f"{finding.site_key}.reflux_ms")


def _grid(
    exam: Exam,
    *,
    typed: Mapping[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
) -> str:
    means = meaning(session(), exam)
    facts = actions.facts(session(), exam)
    return page(
        "scan",
        exam.episode,
        exam=exam,
        sheet=sheet(
            exam,
            means.interpretation.segments,
            {name for name, _ in means.missing},
            typed=typed,
            refused=refused,
        ),
        means=means,
        why=reasons(facts, sessions.signed_in().role),
        seen=progress.last_edit(session(), recording.SUBJECT, exam.id),
        saved_at=recording.last_saved(session(), exam),
        **_fixed(exam),
    )


def _fixed(exam: Exam) -> dict[str, Any]:
    role = sessions.signed_in().role
    return {
        "writes": exam.status in RECORDABLE and may(role, Permission.RECORD_EXAMS),
        "words": EXAM.words,
        "addable": sites.ADDABLE,
        "legs": tuple(Leg),
        "scanned": tuple(leg for leg in Leg if exam.legs in {"both", leg.value}),
        "kinds": SEVERITY_KIND,
        "critical_sentence": room.CRITICAL,
        "username": sessions.signed_in().username,
        "images": images_of(session(), exam),
        "adds": exam.status in images.OPEN and may(role, Permission.RECORD_EXAMS),
    }


def _conflicts(exam: Exam, outcome: recording.Outcome) -> str:
    return page(
        "conflict",
        exam.episode,
        exam=exam,
        saved=len(outcome.saved),
        choices=conflict.choices(session(), exam, outcome.conflicts),
        refused=outcome.refused,
        seen=progress.last_edit(session(), recording.SUBJECT, exam.id),
    )


@bp.route("/exams/<id:exam_id>/fill/<any(R, L):leg>", methods=["GET", "POST"])
@permits(Permission.RECORD_EXAMS)
def fill(exam_id: int, leg: str) -> ResponseReturnValue:
    """Say what a block fill states of each site; fill a leg once that is confirmed."""
    exam, which = found(exam_id), Leg(leg)
    recording.must_be_open(exam)
    if request.method == "POST":
        done = sites.block_fill(
            session(), exam, which, seen=_seen(), by=sessions.signed_in(), at=clock.now()
        )
        db.session.commit()
        flash(
            f"{len(done.cells)} empty cells of the {which.word} leg are filled as normal.", "done"
        )
        return redirect(url_for(".scan", exam_id=exam.id), 303)
    seen = progress.last_edit(session(), recording.SUBJECT, exam.id)
    return page("fill", exam.episode, exam=exam, fill=sites.plan_fill(exam, which), seen=seen)


@bp.route("/exams/<id:exam_id>/finish", methods=["GET", "POST"])
@permits(Permission.RECORD_EXAMS)
def finish(exam_id: int) -> ResponseReturnValue:
    """Hand the scan over to be read: complete, or with the reason why it is not."""
    exam = found(exam_id)
    form = FinishForm(data={"revision": str(exam.revision)})
    if form.validate_on_submit():
        try:
            _finish(exam, form)
        except Refused as refusal:
            db.session.rollback()
            form.form_errors.append(str(refusal))
        else:
            db.session.commit()
            flash("The scan is handed over. It waits for the physician to read it.", "done")
            return redirect(url_for("board.show"), 303)
    means = meaning(session(), exam)
    status = (409 if form.form_errors else 422) if form.is_submitted() else 200
    why = EXAM.refusal(ExamStep.FINISH, actions.facts(session(), exam), sessions.signed_in().role)
    values = {"means": means, "critical_sentence": room.CRITICAL, "why": why or ""}
    return page("finish", exam.episode, exam=exam, form=form, **values), status


def _finish(exam: Exam, form: FinishForm) -> None:
    actions.take_step(
        session(),
        ExamStep.FINISH,
        exam,
        by=sessions.signed_in(),
        at=clock.now(),
        seen=form.seen,
        note=form.reason.value or "",
    )
