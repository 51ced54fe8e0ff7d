"""Name every page there is: what it is opened with, by whom, and which addresses are no pages.

The list is made from the app's own routes, so that a new one is opened here or says why not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.trust.authorisation import table
from workflow.domain.exam import ExamStatus
from workflow.domain.pathway import Stage
from workflow.domain.plan import PlanStatus
from workflow.domain.staff import Role
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.link import PatientLink
from workflow.models.merge import Merge
from workflow.models.patient import Episode
from workflow.models.plan import Plan
from workflow.models.referrer import Referrer
from workflow.models.report import Amendment, Void
from workflow.models.staff import Staff

FILE, PART = "It sends a file.", "It sends a part of a page that is opened whole."
NO_PAGES = {
    "/board/columns": PART,
    "/documents/<id:document_id>.pdf": FILE,
    "/documents/<id:document_id>/images/<id:number>": FILE,
    "/exams/<id:exam_id>/images/<id:image_id>": FILE,
    "/exams/<id:exam_id>/live": "It answers the scan room's script, in JSON.",
    "/exams/<id:exam_id>/preview-<any(scan, patient):kind>.pdf": FILE,
    "/exams/<id:exam_id>/rows/<key>": PART,
    "/exams/<id:exam_id>/worksheet.pdf": FILE,
    "/logo": FILE,
    "/patients/duplicates": PART,
    "/patients/suggestions": PART,
    "/plans/<id:plan_id>/preview-<any(patient, plan, letter):kind>.pdf": FILE,
    "/result/<id:document_id>.pdf": FILE,
    "/worksheet.pdf": FILE,
}
"""The addresses that a browser shows no page of ours for, and why."""

NEW_CLINIC = frozenset(
    {
        "/setup",
        "/sign-in/enrol",
        "/sign-in/code",
        "/me/factor",
        "/me/factor/codes",
        "/me/factor/prove",
        "/me/factor/remove",
    }
)
"""The pages that only a clinic outside the demo shows."""

OUTSIDE = frozenset(
    {
        "/sign-in",
        "/password/<token>",
        "/result",
        "/result/<token>",
        "/verify",
        "/verify/<number>",
    }
)
"""The pages for people who are not signed in."""

ORDER = (Role.PHYSICIAN, Role.FRONT_DESK, Role.SONOGRAPHER, Role.ADMINISTRATOR)
"""Who opens a page, where several may."""

WRITES = {
    "/exams/<id:exam_id>/scan": Role.SONOGRAPHER,
    "/exams/<id:exam_id>/images": Role.SONOGRAPHER,
    "/episodes/<id:episode_id>/intake": Role.FRONT_DESK,
    "/patients/new": Role.FRONT_DESK,
    "/merges": Role.ADMINISTRATOR,
}
"""The pages that show more to another role than to the first that may open them."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page in one state: its rule, its address, and who opens it."""

    rule: str
    address: str
    role: Role


class Unlisted(LookupError):
    """A page that nothing is known to open it with."""


def pages(app: Flask) -> Iterator[str]:
    """Return the rule of every address that a browser gets with a link."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and "GET" in (rule.methods or ()):
            yield rule.rule


def on_the_tablet() -> frozenset[str]:
    """Return the pages that a patient's tablet shows."""
    gets = ((rule, roles) for (method, rule), roles in table().items() if method == "GET")
    return frozenset(rule for rule, roles in gets if roles == frozenset())


def visits(app: Flask, session: Session) -> list[Visit]:
    """Return every page for people who are signed in, with what the demo clinic holds."""
    who_may, states = table(), _states(session)
    elsewhere = NEW_CLINIC | OUTSIDE | on_the_tablet() | NO_PAGES.keys()
    found = []
    for rule in sorted(set(pages(app)) - elsewhere):
        if rule not in states and "<" in rule:
            raise Unlisted(f"Say in every_page.py what {rule} is opened with, or why it is no page")
        roles = who_may["GET", rule] or frozenset()
        first = next(role for role in ORDER if role in roles)
        asked = states.get(rule, [{}])
        for values in asked:
            role = values.get("as") or WRITES.get(rule, first)
            given = {name: value for name, value in values.items() if name != "as"}
            found.append(Visit(rule, _address(app, rule, given), role))
    return found


def _address(app: Flask, rule: str, values: dict[str, Any]) -> str:
    endpoint = next(
        each.endpoint
        for each in app.url_map.iter_rules()
        if each.rule == rule and "GET" in (each.methods or ())
    )
    return app.url_map.bind("localhost").build(endpoint, values)


def _each(name: str, *values: object, **more: object) -> list[dict[str, Any]]:
    return [{name: value, **more} for value in values]


def _firsts(session: Session, model: Any, column: Any) -> Callable[[object], int]:
    """Return a function that names the first row in a state."""

    def first(state: object) -> int:
        row = session.scalars(select(model.id).where(column == state).order_by(model.id)).first()
        assert row is not None, f"The demo clinic has no {model.__name__} that is {state}"
        return int(row)

    return first


def _states(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Return what each page is opened with: one entry for each state it is looked at in."""
    exam = _firsts(session, Exam, Exam.status)
    at = _firsts(session, Episode, Episode.stage)
    plan = _firsts(session, Plan, Plan.status)
    paper = _firsts(session, IssuedDocument, IssuedDocument.kind)
    kinds = sorted(set(session.scalars(select(IssuedDocument.kind))))
    critical = session.scalars(select(Exam).join(Episode).where(Episode.critical.is_(True))).first()
    assert critical is not None
    merge = session.scalars(select(Merge)).one()
    link = session.scalars(select(PatientLink)).one()
    person = session.scalars(select(Staff).where(Staff.username == "sonographer")).one()
    away = session.scalars(select(Staff).where(Staff.username == "away")).one()
    referrer = session.scalars(select(Referrer.id)).first()
    referred, booked, drafted, approved = map(
        at, (Stage.REFERRED, Stage.SCHEDULED, Stage.PLAN_DRAFTED, Stage.PLAN_APPROVED)
    )
    running, signed = exam(ExamStatus.SCANNING), exam(ExamStatus.FINAL)
    older, newer = _versions(session)
    submitted, declined = (
        session.get_one(Plan, plan(status)).episode_id
        for status in (PlanStatus.SUBMITTED, PlanStatus.PATIENT_DECLINED)
    )
    patients = {name: session.get_one(Episode, name).patient_id for name in (referred, approved)}
    known = patients[approved]
    return {
        "/": _each("as", *Role),
        "/day": _each("as", Role.FRONT_DESK, Role.SONOGRAPHER),
        "/documents/<id:document_id>": _each("document_id", *map(paper, kinds)),
        "/episodes/<id:episode_id>": [
            *_each("episode_id", referred, booked, critical.episode_id, approved),
            *_each("episode_id", approved, **{"as": Role.FRONT_DESK}),
        ],
        "/episodes/<id:episode_id>/care": _each(
            "episode_id", approved, at(Stage.SESSIONS), at(Stage.FOLLOW_UP)
        ),
        "/episodes/<id:episode_id>/exams/new": _each("episode_id", at(Stage.INTAKE_DONE)),
        "/episodes/<id:episode_id>/intake": _each("episode_id", referred, approved),
        "/episodes/<id:episode_id>/papers": _each(
            "episode_id", referred, approved, link.episode_id
        ),
        "/episodes/<id:episode_id>/plan": _each(
            "episode_id", referred, at(Stage.READ), drafted, submitted, approved, declined
        ),
        "/episodes/<id:episode_id>/told": _each("episode_id", referred, approved),
        "/exams/<id:exam_id>": _each("exam_id", exam(ExamStatus.SCHEDULED), running, signed),
        "/exams/<id:exam_id>/correct": _each("exam_id", _amending(session)),
        "/exams/<id:exam_id>/critical": [
            *_each("exam_id", running, critical.id),
            *_each("exam_id", critical.id, **{"as": Role.SONOGRAPHER}),
        ],
        "/exams/<id:exam_id>/fill/<any(R, L):leg>": _each("leg", "R", "L", exam_id=running),
        "/exams/<id:exam_id>/finish": _each("exam_id", running),
        "/exams/<id:exam_id>/history/<site>": _each("site", "R.SFJ", "L.POPV", exam_id=running),
        "/exams/<id:exam_id>/images": _each("exam_id", running, signed),
        "/exams/<id:exam_id>/move": _each("exam_id", running),
        "/exams/<id:exam_id>/move/<id:episode_id>": _each("episode_id", drafted, exam_id=running),
        "/exams/<id:exam_id>/read": [
            *_each(
                "exam_id",
                exam(ExamStatus.PRELIMINARY),
                critical.id,
                exam(ExamStatus.IN_REVIEW),
                signed,
                _amending(session),
                session.scalars(select(Void.exam_id)).one(),
            ),
            *_each("exam_id", signed, **{"as": Role.SONOGRAPHER}),
        ],
        "/exams/<id:exam_id>/scan": _each("exam_id", exam(ExamStatus.PRELIMINARY), signed),
        "/exams/<id:exam_id>/schedule": _each("exam_id", exam(ExamStatus.SCHEDULED)),
        "/exams/<id:exam_id>/steps/<word>": _each(
            "word", "cancel", "no_show", exam_id=exam(ExamStatus.SCHEDULED)
        ),
        "/exams/<id:exam_id>/swap": _each("exam_id", running),
        "/links/<id:link_id>": _each("link_id", link.id),
        "/merges/<id:merge_id>": _each(
            "as", Role.FRONT_DESK, Role.ADMINISTRATOR, merge_id=merge.id
        ),
        "/patients/<id:patient_id>": _each("patient_id", *patients.values(), merge.kept_id),
        "/patients/<id:patient_id>/chart": _each("patient_id", *patients.values()),
        "/patients/<id:patient_id>/edit": _each("patient_id", known),
        "/patients/<id:patient_id>/export": _each("patient_id", known),
        "/patients/<id:patient_id>/merge": _each("patient_id", known, merge.merged_id),
        "/patients/<id:patient_id>/merge/<id:other_id>": _each(
            "other_id", merge.merged_id, patient_id=known
        ),
        "/plans/<id:plan_id>": _each("plan_id", older, newer),
        "/plans/<id:plan_id>/beside/<id:other_id>": _each("other_id", older, plan_id=newer),
        "/settings/criteria/<id:version>": _each("version", 1),
        "/settings/referrers/<id:referrer_id>": _each("referrer_id", referrer),
        "/staff/<id:staff_id>": _each("staff_id", person.id, away.id),
        "/staff/<id:staff_id>/factor/reset": _each("staff_id", person.id),
        "/staff/<id:staff_id>/password-link": _each("staff_id", person.id),
        "/staff/<id:staff_id>/reinstate": _each("staff_id", away.id),
        "/staff/<id:staff_id>/suspend": _each("staff_id", person.id),
    }


def _versions(session: Session) -> tuple[int, int]:
    """Return an older and a newer plan of one episode."""
    newer = session.scalars(select(Plan).where(Plan.version > 1)).one()
    older = select(Plan.id).where(Plan.episode_id == newer.episode_id, Plan.version == 1)
    return session.scalars(older).one(), newer.id


def _amending(session: Session) -> int:
    """Return the corrected copy of a signed scan, which is not signed yet."""
    return session.scalars(select(Amendment.exam_id)).one()


REFUSED = {
    "/exams/<id:exam_id>/critical": ("/critical", "/clear"),
    "/exams/<id:exam_id>/read": ("/addendum", "/return"),
    "/exams/<id:exam_id>/images": ("/images",),
    "/exams/<id:exam_id>/schedule": ("/schedule",),
    "/exams/<id:exam_id>/steps/<word>": ("/cancel",),
    "/episodes/<id:episode_id>/exams/new": ("/new",),
    "/episodes/<id:episode_id>/plan": ("/decline",),
    "/me/password": ("/password",),
    "/patients/<id:patient_id>/edit": ("/edit",),
    "/patients/<id:patient_id>/export": ("/export",),
    "/patients/new": ("/new",),
    "/settings": ("/settings",),
    "/settings/criteria": ("/criteria",),
    "/settings/referrers/new": ("/new",),
    "/staff/<id:staff_id>/suspend": ("/suspend",),
    "/staff/new": ("/new",),
}
"""The forms that are sent empty to be refused, by their page: how their addresses end."""
