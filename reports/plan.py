"""Set the treatment plan: for each vein what was found, what is to be done about it, and why."""

from collections.abc import Iterator

from reportlab.platypus import Flowable, KeepTogether

from reports.clinical import clinical_sheet
from reports.facts import Fact, Facts, SignatureBlock, signed_by
from reports.foot import numbered
from reports.logo import NO_PICTURES, Pictures
from reports.page import sheet
from reports.table import Column, Grid, Line
from reports.type import BODY, BULLET, SECTION, STRONG, TITLE, WARNING, bullets, paragraphs, text
from reports.when import day, moment
from workflow.domain.plandocuments import PlanLine, TreatmentPlan

NAME = "Treatment plan"
PRELIMINARY = "PRELIMINARY. No physician has approved this plan."

_COLUMNS = (
    Column("Vein", 20),
    Column("Finding it rests on", 28),
    Column("Treatment", 22),
    Column("Session", 9, number=True),
    Column("Reason", 32),
)
_RULED_OUT = (Column("Treatment", 26), Column("Where", 22), Column("Why it was ruled out", 63))


def build(document: TreatmentPlan, pictures: Pictures = NO_PICTURES) -> bytes:
    """Return the plan as a PDF: the same document gives the same bytes.

    `pictures` holds the logo's bytes by their SHA-256. Raises Unprintable where a text holds a
    character that paper cannot show.
    """
    page = clinical_sheet(
        document, NAME, numbered(document), pictures=pictures, preliminary=PRELIMINARY
    )
    return sheet(page, list(_story(document)))


def _story(document: TreatmentPlan) -> Iterator[Flowable]:
    patient = document.patient
    yield text(NAME, TITLE)
    yield Facts(
        (
            Fact("Patient", patient.name),
            Fact("Born", day(patient.born)),
            Fact("Record number", patient.record_number),
            Fact("Planned", day(document.planned_on)),
        ),
        (1.5, 0.9, 0.9, 0.9),
    )
    if document.amends:
        yield from paragraphs(document.amends, STRONG)
    if document.rests_on:
        yield from paragraphs(document.rests_on, BODY)
    if document.lines:
        title = text("What is planned", SECTION)
        yield Grid(_COLUMNS, tuple(map(_planned, document.lines)), title=title)
    else:
        yield text("What is planned", SECTION)
        yield text("No treatment is planned.", BODY)
    if document.note:
        yield from paragraphs(document.note, BODY)
    if document.ruled_out:
        yield Grid(
            _RULED_OUT,
            tuple(
                Line((out.treatment, out.where or "Both legs", out.reason))
                for out in document.ruled_out
            ),
            title=text("What was ruled out", SECTION),
        )
    for name, lines in (("Risks", document.risks), ("Alternatives", document.alternatives)):
        if lines:
            yield text(name, SECTION)
            yield from bullets(lines, BULLET)
    yield KeepTogether(list(_approval(document)))


def _planned(line: PlanLine) -> Line:
    side = f"{line.leg.word.capitalize()} leg"
    return Line(
        (
            f"{line.leg.word.capitalize()} {line.vein}" if line.vein else side,
            line.finding,
            line.treatment,
            str(line.session) if line.session else "not set",
            line.reason,
        ),
        loud=frozenset({0}) if line.vein else frozenset(),
        faint=frozenset() if line.session else frozenset({3}),
    )


def _approval(document: TreatmentPlan) -> Iterator[Flowable]:
    yield text("Approval", SECTION)
    signature = document.signature
    if signature is None:
        yield text(PRELIMINARY, WARNING)
        return
    yield SignatureBlock((
        signed_by(signature),
        signature.role,
        f"Approved {moment(signature.at, document.letterhead.zone)}",
        signature.meaning,
    ))  # fmt: skip
