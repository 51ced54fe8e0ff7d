"""Print the worksheet on which a scan is written while the computer is down."""

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from reports import worksheet as worksheet_pdf
from workflow import issuing, progress, rendering
from workflow.access import permits
from workflow.domain.staff import Permission
from workflow.domain.worksheet import Worksheet
from workflow.extensions import session
from workflow.ultrasound.blueprint import bp, found


@bp.get("/worksheet.pdf")
@permits(Permission.BOOK_SCANS)
def blank_worksheet() -> ResponseReturnValue:
    """Print a worksheet for nobody yet, to keep a pile of."""
    return _pdf(Worksheet(issuing.letterhead(session())), "worksheet")


@bp.get("/exams/<id:exam_id>/worksheet.pdf")
@permits(Permission.BOOK_SCANS)
def worksheet(exam_id: int) -> ResponseReturnValue:
    """Print the worksheet of one scan, with its patient's banner."""
    exam = found(exam_id)
    document = Worksheet(
        letterhead=issuing.letterhead(session()),
        patient=issuing.identity(exam.episode.patient),
        starts_at=exam.starts_at,
        room=exam.room,
        indication=exam.indication,
        legs=progress.scanned_legs(exam),
    )
    return _pdf(document, f"worksheet-{exam.id}")


def _pdf(document: Worksheet, name: str) -> Response:
    logo = rendering.logo_of(document.letterhead, current_app.config["SETTINGS"].files)
    answer = Response(worksheet_pdf.build(document, logo), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
