"""Say what stands around every page: the bar at its top and the patient's header."""

from dataclasses import replace
from datetime import date, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

import flask
from flask import Flask, current_app, g, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from workflow import clock, screens, sessions, signins, undoing
from workflow.domain.clinic import Clinic
from workflow.domain.pathway import WAITS
from workflow.domain.staff import Permission, Role, may
from workflow.domain.undo import WITHIN
from workflow.extensions import session
from workflow.models.clinic import clinic_in_force
from workflow.models.installation import Installation, Kind
from workflow.models.patient import Episode, Patient
from workflow.screens import Bar, Mark, Person, Place, Undo
from workflow.screens import Kind as MarkKind

UNDO = "undo"
JUST_NOW = timedelta(seconds=5)
LANGUAGES = {"en": "English", "es": "Spanish"}
SEXES = {"F": "Female", "M": "Male", "X": "Other"}
_PLACES = (
    ("Board", "board.show", Permission.SEE_BOARD),
    ("Day", "ultrasound.day", Permission.BOOK_SCANS),
    ("Patients", "intake.find", Permission.REGISTER_PATIENTS),
    ("Merges", "merging.merges", Permission.MERGE_RECORDS),
    ("Staff", "people.staff_list", Permission.MANAGE_STAFF),
    ("Settings", "clinic.settings", Permission.MANAGE_SETTINGS),
    ("Settings", "criteria.show", Permission.SET_CRITERIA),
    ("Audit log", "log.show", Permission.READ_AUDIT),
)
_KIND = select(Installation.kind)
_WAITING = {
    role: select(func.count(Episode.id)).where(Episode.stage.in_(stages))
    for role in Role
    if (stages := [at for at, waits in WAITS.items() if waits.role is role])
}
# These stand around every page: asked for by plain statements, made once.


def clinic() -> Clinic:
    """Return the clinic's settings, read once a request."""
    held: Clinic | None = g.get("clinic")
    if held is None:
        held = g.clinic = clinic_in_force(session())
    return held


def today() -> date:
    """Return the day it is at the clinic, which may not be the server's."""
    return clock.now().astimezone(ZoneInfo(clinic().zone)).date()


def is_demo() -> bool:
    """Say whether every patient here is invented, read once a request."""
    if "is_demo" not in g:
        g.is_demo = session().connection().execute(_KIND).scalar() is Kind.DEMO
    return bool(g.is_demo)


def person_of(patient: Patient, *marks: Mark) -> Person:
    """Return the header of a page over this patient: two identifiers, and what to mind."""
    return Person(
        name=patient.name,
        born=patient.born,
        record_number=patient.record_number,
        href=url_for("intake.patient", patient_id=patient.id),
        sex=SEXES[patient.sex],
        language=LANGUAGES[patient.language] if patient.language != "en" else "",
        marks=marks,
        demo=is_demo(),
    )


def critical_mark(episode: Episode) -> tuple[Mark, ...]:
    """Return the mark of an episode with a critical finding, if it has one."""
    return (Mark("Critical finding", MarkKind.STOP),) if episode.critical else ()


def waiting_for(role: Role) -> int | None:
    """Return how many patients wait for someone of this role; None where nobody can."""
    count = _WAITING.get(role)
    return None if count is None else session().connection().execute(count).scalar()


def bar() -> Bar:
    """Return what the top bar says on this page to this person."""
    who = sessions.person()
    if who is None:
        logo = url_for("clinic.picture") if clinic().logo else ""
        door = url_for("accounts.sign_in")
        return Bar(clinic=clinic().name, logo=logo, home=door, demo=is_demo())
    bars: dict[object, Bar] = current_app.extensions.setdefault("bars", {})
    key = (request.script_root, request.endpoint, who.role)
    if key not in bars:
        bars[key] = _bar_of(who.role)
    return replace(
        bars[key],
        clinic=clinic().name,
        waits=waiting_for(who.role),
        who=who.name,
        demo=is_demo(),
    )


def _bar_of(role: Role) -> Bar:
    """Return what stays the same of a role's bar for as long as the app runs: where it leads."""
    open_to: dict[str, str] = {}
    for label, endpoint, needs in _PLACES:
        if may(role, needs) and endpoint in current_app.view_functions:
            open_to.setdefault(label, endpoint)
    finds = may(role, Permission.REGISTER_PATIENTS)
    return Bar(
        home=url_for("board.show"),
        places=tuple(
            Place(label, url_for(endpoint), current=request.endpoint == endpoint)
            for label, endpoint in open_to.items()
        ),
        search=url_for("intake.find") if finds else "",
        suggestions=url_for("intake.suggestions") if finds else "",
        waits_href=url_for("board.show", view="mine"),
        role=role.value,
        menu=(Place("Your account", url_for("me.sign_ins")),),
        sign_out=url_for("accounts.sign_out"),
        lock_after_s=int((signins.IDLE - signins.NOTED_EVERY).total_seconds()),
        version=current_app.config.get("VERSION", ""),
    )


def context() -> dict[str, object]:
    """Give templates the bar, and the step just taken for as long as it may be undone."""
    return {"bar": bar(), "undo": undo()}


def undo() -> Undo | None:
    """Return what the signed-in person has just done and may take back, or None."""
    who, number = sessions.person(), flask.session.get(UNDO)
    if who is None or not isinstance(number, int):
        return None
    now = clock.now()
    step = undoing.offer(session(), number, by_id=who.id, now=now)
    if step is None:
        return None
    left = int((step.at + WITHIN - now).total_seconds())
    return Undo(step.label, url_for("board.undo", step_id=step.id), left)


def remember_step(response: Response) -> Response:
    """Keep the number of a step this request took, so that the next page can offer to undo it."""
    if request.method != "POST" or response.status_code != HTTPStatus.SEE_OTHER:
        return response
    if (who := sessions.person()) is not None:
        step = undoing.last_of(session(), who.id, since=clock.now() - JUST_NOW)
        flask.session.pop(UNDO, None)
        if step is not None:
            flask.session[UNDO] = step.id
    return response


def install(app: Flask) -> None:
    """Give every page its frame, and every template the words it says values with."""
    screens.register(app.jinja_env, now=clock.now, zone=lambda: clinic().zone)
    app.context_processor(context)
    app.after_request(remember_step)
