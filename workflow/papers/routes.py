"""Answer whoever opens a patient's documents: the list, one on screen, and its bytes."""

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from reports.plan import words_in
from workflow import access, audit, clock, database, files, frame, issuing, rendering, sessions, web
from workflow.access import permits
from workflow.domain.anatomy import Leg
from workflow.domain.documents import PatientResult, ScanReport, scan_report, side_by_side
from workflow.domain.legmap import Drawing, place
from workflow.domain.papernumber import number_of
from workflow.domain.plainwords import leg_name
from workflow.domain.plandocuments import (
    Document,
    ReferrerLetter,
    TreatmentPlan,
    referrer_letter,
)
from workflow.domain.staff import Permission, may
from workflow.extensions import db, session
from workflow.models.document import IssuedDocument
from workflow.models.link import Way
from workflow.models.patient import Episode
from workflow.papers.sending import given, why_not
from workflow.plans import plan_standing, plan_standings
from workflow.sessions import signed_in
from workflow.signatures import fault
from workflow.standing import standing, standings

bp = Blueprint("papers", __name__)


@bp.get("/episodes/<id:episode_id>/papers")
@permits(Permission.READ_PAPERS)
def episode(episode_id: int) -> ResponseReturnValue:
    """List every document of an episode, each version, the newest first."""
    at = db.get_or_404(Episode, episode_id)
    access.reads(at.patient_id, "papers", at.id)
    rows = list(
        session().scalars(
            select(IssuedDocument)
            .where(IssuedDocument.episode_id == at.id)
            .order_by(IssuedDocument.id.desc())
        )
    )
    return render_template(
        "papers/list.html",
        episode=at,
        papers=rows,
        replaced={row.supersedes_id for row in rows},
        standings=standings(session(), {row.exam_id for row in rows}),
        plans=plan_standings(session(), rows),
        names=issuing.KINDS,
        readers={
            row.id: referrer_letter(row.snapshot).to for row in rows if row.kind == issuing.LETTER
        },
        given=given(session(), at.id, clock.now()),
        refusals={
            way: why_not(at, way, current_app.config["SETTINGS"]) for way in (Way.MAIL, Way.PRINTED)
        },
        may_send=may(signed_in().role, Permission.SEND_PAPERS),
        person=frame.person_of(at.patient, *frame.critical_mark(at)),
    )


@bp.get("/documents/<id:document_id>")
@permits(Permission.READ_PAPERS)
def show(document_id: int) -> ResponseReturnValue:
    """Show a document on screen: the frozen value that was signed, set as a sheet."""
    paper = db.get_or_404(IssuedDocument, document_id)
    access.reads(paper.episode.patient_id, "document", paper.id)
    value = rendering.value(paper)
    newer = session().scalars(
        select(IssuedDocument).where(IssuedDocument.supersedes_id == paper.id)
    )
    return render_template(
        f"papers/{paper.kind}.html",
        paper=paper,
        document=value,
        drawing=_drawing(value),
        words=_words(value),
        groups=side_by_side(value.rows) if isinstance(value, ScanReport) else (),
        newer=newer.first(),
        standing=standing(session(), paper.exam_id),
        plan=plan_standing(session(), paper),
        fault=fault(session(), paper),
        name=issuing.KINDS[paper.kind],
        number=number_of(paper.digest),
        person=frame.person_of(paper.episode.patient),
    )


def _drawing(value: Document) -> Drawing | None:
    """Return the legs as the document shows them; a treatment plan shows none."""
    match value:
        case PatientResult():
            return place(value.map, clinical=False, language=value.patient.language)
        case ScanReport() | ReferrerLetter():
            return place(value.map)
        case TreatmentPlan():
            return None


def _words(value: Document) -> dict[str, str]:
    """Return the words around a treatment plan in its language; no other document needs any."""
    if not isinstance(value, TreatmentPlan):
        return {}
    language = value.patient.language
    return {**words_in(language), **{leg.word: leg_name(language, leg) for leg in Leg}}


@bp.get("/documents/<id:document_id>.pdf")
@permits(Permission.READ_PAPERS)
def pdf(document_id: int) -> ResponseReturnValue:
    """Send the bytes as they were issued, after checking that they still are those bytes."""
    paper = db.get_or_404(IssuedDocument, document_id)
    access.reads(paper.episode.patient_id, "document pdf", paper.id)
    try:
        content = files.get(current_app.config["SETTINGS"].files, paper.file_sha256)
    except files.Damaged:
        _note_damage(paper.id, paper.episode.patient_id)
        abort(500)
    answer = Response(content, mimetype="application/pdf")
    name = f"{paper.kind}-{paper.id}-version-{paper.version}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@bp.get("/documents/<id:document_id>/images/<id:number>")
@permits(Permission.READ_PAPERS)
def image(document_id: int, number: int) -> ResponseReturnValue:
    """Send a picture that a document prints, by its place in the document."""
    paper = db.get_or_404(IssuedDocument, document_id)
    access.reads(paper.episode.patient_id, "document image", paper.id)
    printed = scan_report(paper.snapshot).images if paper.kind == issuing.SCAN else ()
    if number > len(printed):
        abort(404)
    shown = printed[number - 1]
    try:
        content = files.get(current_app.config["SETTINGS"].files, shown.sha256)
    except files.Damaged:
        _note_damage(paper.id, paper.episode.patient_id)
        abort(500)
    return web.sandboxed(content, f"image/{shown.kind}", f"document-{paper.id}-image-{number}")


def _note_damage(document_id: int, patient_id: int) -> None:
    """Write down, in a transaction of its own, that stored bytes are not what was issued."""
    current_app.logger.error("The stored bytes of document %d are damaged.", document_id)
    who = sessions.person()
    db.session.rollback()
    with database.transaction(db.engine) as writing:
        audit.record(
            writing,
            "document.damaged",
            "document",
            document_id,
            by=who.actor if who else None,
            at=clock.now(),
            patient_id=patient_id,
            outcome="error",
            reason="The stored bytes are missing or are not those that were issued.",
        )
